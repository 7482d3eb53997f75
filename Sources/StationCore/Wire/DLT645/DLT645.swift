// DL/T 645-2007, the Chinese electricity meters: its frames and their codes.
//
//   FE FE | 68 | 01 00 00 00 00 00 | 68 | 11 | 04 | 33 33 34 33 | B3 | 16
//   wakes   start, address             control  ^    data, each   sum  end
//           lowest digits first                 |    byte + 33
//                                               how many data
//
// The sum is over everything from the first 68 to the last data byte. Source: DL/T 645-2007 §5 as
// go645's tests and IVY's gateway have it.
//
// | asked | answered | what it is |
// |---|---|---|
// | an item: `00010000` ... | its number | what the meter counts or measures, in BCD |
// | frame `address` | frame `address` with the field `address` | the number of the only meter |
// | frames of `DLT645Order` | done | writing an item, switching the relay |

/// Codes and frames of the protocol.
public enum DLT645 {
    public static let start: UInt8 = 0x68
    public static let end: UInt8 = 0x16
    /// Sent before a frame, and by many meters before their answers.
    public static let wake: UInt8 = 0xfe
    /// Added to each data byte.
    static let offset: UInt8 = 0x33
    /// More wake bytes than this are noise.
    static let mostWakes = 16
    /// Data bytes of one frame.
    public static let mostData = 200
    /// Everything but the data: 68, address, 68, control, length, sum, 16.
    static let overhead = 12
    /// Twelve digits.
    public static let addresses = 0...999_999_999_999
    /// The address that the only meter on a line answers to, whatever its own.
    static let anybody = [UInt8](repeating: 0xaa, count: 6)
    /// The name of the frame that asks for a meter's address.
    public static let addressFrame = "address"

    static func isAddressFrame(_ question: BusQuestion) -> Bool {
        if case .frame(addressFrame, _) = question { true } else { false }
    }

    /// The bytes of an address on the wire.
    static func bytes(of address: Int) -> [UInt8]? {
        guard addresses ~= address else { return nil }
        return FieldForm(bytes: 6, isLittleEndian: true, isBCD: true).encoded(Int64(address))
    }

    /// A whole frame.
    static func frame(_ control: UInt8, _ address: [UInt8], _ data: [UInt8]) -> [UInt8] {
        var frame = [start] + address + [start, control, UInt8(truncatingIfNeeded: data.count)]
        frame += data.map { $0 &+ offset }
        return frame + [UInt8(truncatingIfNeeded: ByteCheck.sum(frame.span)), end]
    }

    /// An item's four bytes in the order of the wire; `nil` unless it is eight hex digits.
    static func bytes(of item: MeterItem) -> [UInt8]? {
        guard let bytes = Hex.bytes(item.identifier.utf8), bytes.count == 4 else { return nil }
        return bytes.reversed()
    }
}

/// What a meter is told, by the control byte's lowest five bits.
public enum DLT645Function: UInt8, Sendable, CaseIterable {
    case broadcastTime = 0x08
    case read = 0x11
    case readNext = 0x12
    case readAddress = 0x13
    case write = 0x14
    case writeAddress = 0x15
    case freeze = 0x16
    case changeSpeed = 0x17
    case changePassword = 0x18
    case clearDemand = 0x19
    case clearMeter = 0x1a
    case clearEvents = 0x1b
    /// Trip, close, alarm.
    case switchRelay = 0x1c

    static let mask: UInt8 = 0x1f
    /// The meter speaks.
    static let reply: UInt8 = 0x80
    /// It says no, with one byte why.
    static let refused: UInt8 = 0x40
    /// More data can be asked for.
    static let more: UInt8 = 0x20

    public func text(_ language: Wording.Language) -> String {
        switch (self, language) {
        case (.broadcastTime, .chinese): "广播校时"
        case (.broadcastTime, .english): "time for all"
        case (.read, .chinese): "读数据"
        case (.read, .english): "read"
        case (.readNext, .chinese): "读后续数据"
        case (.readNext, .english): "read on"
        case (.readAddress, .chinese): "读通信地址"
        case (.readAddress, .english): "read the address"
        case (.write, .chinese): "写数据"
        case (.write, .english): "write"
        case (.writeAddress, .chinese): "写通信地址"
        case (.writeAddress, .english): "write the address"
        case (.freeze, .chinese): "冻结"
        case (.freeze, .english): "freeze"
        case (.changeSpeed, .chinese): "更改速率"
        case (.changeSpeed, .english): "change the speed"
        case (.changePassword, .chinese): "修改密码"
        case (.changePassword, .english): "change the password"
        case (.clearDemand, .chinese): "最大需量清零"
        case (.clearDemand, .english): "clear the highest demand"
        case (.clearMeter, .chinese): "电表清零"
        case (.clearMeter, .english): "clear the meter"
        case (.clearEvents, .chinese): "事件清零"
        case (.clearEvents, .english): "clear the events"
        case (.switchRelay, .chinese): "跳合闸、报警"
        case (.switchRelay, .english): "trip, close or alarm"
        }
    }
}

/// Why a meter says no: bits of one byte.
public struct DLT645Refusal: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let other = DLT645Refusal(rawValue: 0x01)
    public static let noSuchData = DLT645Refusal(rawValue: 0x02)
    public static let password = DLT645Refusal(rawValue: 0x04)
    public static let speed = DLT645Refusal(rawValue: 0x08)

    public func text(_ language: Wording.Language) -> String {
        let words: [(DLT645Refusal, String, String)] = [
            (.noSuchData, "没有所要的数据", "it has no such data"),
            (.password, "密码不对或未授权", "wrong password, or not allowed"),
            (.speed, "速率不能更改", "its speed cannot be changed"),
            (.other, "其他错误", "another error"),
        ]
        let said = words.filter { contains($0.0) }
        guard !said.isEmpty else {
            return language == .chinese ? "电表拒绝" : "the meter refuses"
        }
        return said.map { language == .chinese ? $0.1 : $0.2 }
            .joined(separator: language == .chinese ? "，" : ", ")
    }
}
