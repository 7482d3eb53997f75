// Bytes of a PN532's serial line and what they mean, by the same codec that the station uses.

import Control
import StationCore

/// A stretch of a line as frames, in order.
struct PN532Decoding: Codable, Equatable {
    struct Frame: Codable, Equatable {
        /// `ack`, `nack`, `error`, `command`, `reply` or `damaged`.
        var kind: String
        /// A command's name, of a reply the one that it answers.
        var command: String?
        /// Behind the code.
        var bytes: String?
        var cards: [CardReport]?
        /// Of GetFirmwareVersion: chip, version and revision.
        var firmware: String?
        /// Why bytes are no frame.
        var damage: String?
    }

    var frames: [Frame]
    /// Bytes of a frame that has no end.
    var isCutShort: Bool

    /// Whether every byte belongs to a frame that makes sense.
    var isUnderstood: Bool {
        !isCutShort && !frames.isEmpty && frames.allSatisfy { $0.damage == nil }
    }

    init(_ bytes: [UInt8]) {
        var deframer = PN532Deframer()
        frames = []
        for byte in bytes {
            deframer.append(byte)
            while let frame = deframer.next() { frames.append(Self.frame(frame, deframer.data)) }
        }
        isCutShort = deframer.isInFrame
    }

    private static func frame(_ frame: PN532Frame, _ content: [UInt8]) -> Frame {
        switch frame {
        case .ack: return Frame(kind: "ack")
        case .nack: return Frame(kind: "nack")
        case .error: return Frame(kind: "error")
        case .damaged(let damage): return Frame(kind: "damaged", damage: damage.name)
        case .information(let identifier, _):
            guard let code = content.first else {
                return Frame(kind: "damaged", damage: PN532Damage.length.name)
            }
            let rest = HexInput.text(content.dropFirst())
            switch identifier {
            case .host:
                return Frame(kind: "command", command: name(code), bytes: rest)
            case .chip:
                var frame = Frame(kind: "reply", command: name(code &- 1), bytes: rest)
                explain(&frame, code, content)
                return frame
            }
        }
    }

    private static func explain(_ frame: inout Frame, _ code: UInt8, _ content: [UInt8]) {
        switch code {
        case 0x03 where content.count == 5:
            let version = "\(content[2]).\(content[3])"
            frame.firmware =
                content[1] == PN532Firmware.pn532
                ? "PN532 \(version)" : HexInput.text([content[1]]) + " " + version
        case 0x4b:
            for modulation in PN532Modulation.allCases {
                let targets = PN532Targets(
                    modulation, start: 1, length: content.count, byte: { content[$0] })
                guard let targets else { continue }
                frame.cards = [targets.first, targets.second].compactMap { target in
                    target.map { CardReport($0.credential) }
                }
                return
            }
            frame.damage = PN532Damage.length.name
        default:
            break
        }
    }

    private static func name(_ code: UInt8) -> String { names[code] ?? HexInput.text([code]) }

    /// UM0701-02 §7.
    private static let names: [UInt8: String] = [
        0x00: "Diagnose", 0x02: "GetFirmwareVersion", 0x04: "GetGeneralStatus",
        0x06: "ReadRegister", 0x08: "WriteRegister", 0x0c: "ReadGPIO", 0x0e: "WriteGPIO",
        0x10: "SetSerialBaudRate", 0x12: "SetParameters", 0x14: "SAMConfiguration",
        0x16: "PowerDown", 0x32: "RFConfiguration", 0x40: "InDataExchange",
        0x42: "InCommunicateThru", 0x44: "InDeselect", 0x4a: "InListPassiveTarget",
        0x4e: "InPSL", 0x50: "InATR", 0x52: "InRelease", 0x54: "InSelect", 0x56: "InJumpForDEP",
        0x58: "RFRegulationTest", 0x60: "InAutoPoll",
    ]

    func lines(_ catalogue: Catalogue) -> [String] {
        frames.flatMap { frame -> [String] in
            var words = [catalogue.frameKind(frame.kind), frame.command ?? "", frame.bytes ?? ""]
            if let firmware = frame.firmware { words.append(firmware) }
            if let damage = frame.damage { words.append(catalogue.damage(damage)) }
            let line = words.filter { !$0.isEmpty }.joined(separator: "  ")
            return [line] + (frame.cards ?? []).flatMap { $0.lines(catalogue) }
        } + (isCutShort ? [catalogue.text(Self.cutShort)] : [])
    }

    /// Why the bytes are not understood.
    var reason: TextRecord {
        let damage = frames.compactMap(\.damage).first.flatMap { name in
            PN532Damage.allCases.first { $0.name == name }
        }
        guard let damage else { return isCutShort ? Self.cutShort : Self.nothing }
        return TextRecord(zh: damage.text(.chinese), en: damage.text(.english))
    }

    private static let cutShort = TextRecord(
        zh: "末尾的帧没有收全", en: "the last frame has no end")
    private static let nothing = TextRecord(zh: "没有PN532的帧", en: "no frame of a PN532")
}

extension Catalogue {
    func frameKind(_ kind: String) -> String {
        Self.frameKinds[kind].map { say($0.0, $0.1) } ?? kind
    }

    func damage(_ name: String) -> String {
        PN532Damage.allCases.first { $0.name == name }?.text(language) ?? name
    }

    static let frameKinds = [
        "ack": ("应答ACK", "ACK"), "nack": ("重发NACK", "NACK"), "error": ("错误帧", "error"),
        "command": ("命令", "command"), "reply": ("回复", "reply"), "damaged": ("坏帧", "damaged"),
    ]
}
