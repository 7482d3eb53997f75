// JBD (嘉佰达) battery boards: their frames and fields. Source: JBD's "Software Board General
// Protocol V13", and the E1 frames that esphome-jbd-bms and others use with older boards.
//
//   asked      DD A5 | 03 | 00 | FF FD | 77               read, register, length, check, end
//   answered   DD | 03 | 00 | 1B | ... 27 bytes | FB FF | 77      register, status, length, data
//   told       DD 5A | E1 | 02 | 00 01 | FF 1C | 77       write, register, length, data
//
// The check is 0x10000 minus the sum of everything between the first two bytes and the check.
// Numbers are high byte first. A board has no address: one alone on its line. Asleep, it loses the
// first frame.
//
// | frame | asked with | answered with |
// |---|---|---|
// | `basic` | - | `voltage` (10 mV), `current` (10 mA, negative: discharging), `remaining` and |
// |  |  | `capacity` (10 mAh), `cycles`, `year`, `month`, `day`, `balancing.1` to `.32` (cells), |
// |  |  | `protection.1` to `.16` (bits), `version`, `charge` (%), `charging` and `discharging` |
// |  |  | (1: that MOS lets current through), `cells`, `temperature.1` ... (0.1 K) |
// | `cells` | - | `cell.1` ... (mV), `highest`, `lowest` (mV) |
// | `name` | - | `character.1` ... |
// | `counts` | - | `count.1` to `.12`: how often each protection has tripped |
// | `mos` | `charging`, `discharging`: 1 lets through, 0 cuts | done |
// | `mosV13` | `which`, `what` as V13 calls its two bytes | done |

/// Registers and frames of the protocol.
public enum JBD: BusCodec {
    static let start: UInt8 = 0xdd
    static let reading: UInt8 = 0xa5
    static let writing: UInt8 = 0x5a
    static let end: UInt8 = 0x77
    /// Everything but the data, in either direction.
    static let overhead = 7
    /// No board's answer is longer; noise that says so is no frame.
    static let mostData = 128
    static let mostSensors = 16
    static var longestReply: Int { overhead + mostData }
    /// Cells of a balance word, and bits of a protection word.
    static let wordBits = 16

    enum Register: UInt8, CaseIterable {
        case basic = 0x03
        case cells = 0x04
        case name = 0x05
        case counts = 0xaa
        case mos = 0xe1
        case mosV13 = 0xfb

        /// The name of its frame.
        var frame: String {
            switch self {
            case .basic: "basic"
            case .cells: "cells"
            case .name: "name"
            case .counts: "counts"
            case .mos: "mos"
            case .mosV13: "mosV13"
            }
        }

        var isWritten: Bool {
            switch self {
            case .basic, .cells, .name, .counts: false
            case .mos, .mosV13: true
            }
        }

        init?(frame: String) {
            guard let register = Self.allCases.first(where: { $0.frame == frame }) else {
                return nil
            }
            self = register
        }
    }

    /// The check of the bytes between the first two and the check.
    static func check(_ bytes: Span<UInt8>) -> UInt16 { 0 &- ByteCheck.sum(bytes) }

    static var frames: [String] { Register.allCases.map(\.frame) }

    static func name(of frame: Span<UInt8>) -> String {
        let register = Register(rawValue: frame[1]) ?? Register(rawValue: frame[2])
        return register?.frame ?? ""
    }

    static func check(of frame: Span<UInt8>) -> [UInt8] {
        check(frame.extracting(2..<frame.count - 3)).bigEndianBytes
    }

    static func frame(_ first: [UInt8], _ middle: [UInt8]) -> [UInt8] {
        first + middle + check(middle.span).bigEndianBytes + [end]
    }

    public static func packet(
        _ name: String, _ fields: [BusField], to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let register = Register(frame: name) else { throw .frame(name) }
        guard register.isWritten else {
            return frame([start, reading], [register.rawValue, 0])
        }
        let data = try written(register, fields)
        return frame([start, writing], [register.rawValue, UInt8(data.count)] + data)
    }

    private static func written(
        _ register: Register, _ fields: [BusField]
    ) throws(BusQuestionFlaw) -> [UInt8] {
        func bit(_ name: String) throws(BusQuestionFlaw) -> UInt8 {
            guard let value = fields.value(name) else { throw .missing(name) }
            guard 0...1 ~= value else { throw .value(name, DecimalNumber(value)) }
            return UInt8(value)
        }
        guard register == .mos else {
            return try CodecPayload("mosV13", [.number("which"), .number("what")]).bytes(fields)
        }
        // A bit that is set cuts.
        return [0, try (1 - bit("charging")) | (1 - bit("discharging")) << 1]
    }

    static func acknowledgement(_ name: String, _ fields: [BusField]) -> [UInt8]? { nil }
}
