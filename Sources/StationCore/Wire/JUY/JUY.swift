// JUY charging-socket boards (Q800M, B2 and others): their frames and fields. Source: the maker's
// "TCP 通信协议" V1.2 of 2024-10-10. It is about TCP and MQTT: that the same frames are spoken on the
// line between the board and its modem is how such boards are wired, and is not in it.
//
//   5A A5 | 08 00 | 84 | 00 | 02 01 00 00 00 | 8F
//   start   length  cmd  result  data          sum
//
// The length counts from the command to the sum; the sum is the low byte of the sum from the length
// to the last data byte; numbers are low byte first. A board has no address. Boards that a server
// told so (result F0 at login) put 15 digits of their own number before the data; they are read,
// and a board that logs in here is told to leave them out.
//
// The document's own examples are not all right: the heartbeat without a result says 17 where 15
// follow, a start has three bytes of money where four belong, a login's answer two bytes too many,
// a heartbeat the sum F6 for F5, an end D4 for DB.
//
// | frame | asked with | answered with |
// |---|---|---|
// | `start` | `port`, `order`, `mode`, `amount`, `money`; `source` 3 unless said | `port`, |
// | | | `order`, `source`, `result` 0; or refused: 1 charging already, 2 the port is faulty |
// | `stop` | `port`, `order` | `port`, `order`, `result` 0, or 1: idle already; or refused: 2 |
// | `ports` | - | `count`, `voltage`, `temperature`, `charging.1` to `.20`, and of each port that |
// | | | charges `tier.N`, `price.N`, `power.N`, `seconds.N`, `money.N`, `energy.N`, `heat.N` |
// | `parameters` | - | `floatPower`, `floatMinutes`, `hottest`, `smoke` (1: on), `keepsFull` (1: |
// | | | does not stop when full), `plugWait`, `unplugWait`, `unplugPower`, `tier.1` to `.8`, |
// | | | `price.1` to `.8`, `volume` and more |
// | `meter` | - | `result`, `reading` |
//
// A mode is 1 until full, 2 money, 3 time, 4 energy, 5 other. Volts are tenths, watts, seconds and
// degrees Celsius whole, money is 0.01 yuan. Energy is 0.01 kWh by the document's tables, and
// 0.001 kWh by its own list of changes (V1.1): a profile's parameter says which. A board that bills
// by time of day sends 8F instead of 88, which nobody here reads: its `ports` is never answered.
//
// By itself a board says, and wants to hear at once that it was heard:
//
// | push | fields |
// |---|---|
// | `login` | `imei`, `ports`, `signal`, `reason` (0 power, 1 restart) |
// | `heartbeat` | `signal`, `temperature`, `ports`, `state.1` ...: 0 idle, 1 charging, 2 fuse |
// | | blown, 3 relay stuck, 4 disabled |
// | `end` | `port`, `order`, `seconds`, `energy`, `money`, `reason`, `power` |
// | `local` | `port`, `order`, `source` (1 card, 2 coin, 3 button), `money`, `balance` |
// | `card` | `port`, `command`: a card was held to the board; it is not answered |
// | `identity` | `signal` |
// | `ports` | as when asked; not to be acknowledged |
//
// An `end` that nobody acknowledges comes again after 10 s, three times. Its reasons: 0 full, 1
// time, 2 money, 3 by hand, 4 energy, 5 too much power, 6 no charger, 7 too hot, 8 smoke, 9 by the
// board's own judgement. Cards' numbers are never read out of a frame.

/// Commands and frames of the protocol.
public enum JUY: BusCodec {
    static let start: [UInt8] = [0x5a, 0xa5]
    /// Start and length.
    static let headerCount = 4
    /// Command, result and sum.
    static let shortest = 3
    /// The longest frame is of twenty ports that charge.
    static let longest = 600
    static var longestReply: Int { headerCount + longest }
    /// Digits of a board's own number, as text.
    static let numberCount = 15
    public static let mostPorts = 20
    /// How often a board is asked to say what it does, in seconds: 10 to 250.
    static let heartbeat: Int64 = 10

    enum Command: UInt8, BusCodecCommand {
        case login = 0x81
        case heartbeat = 0x82
        case start = 0x83
        case stop = 0x84
        case end = 0x85
        case local = 0x86
        case card = 0x87
        case ports = 0x88
        case parameters = 0x89
        case meter = 0x8b
        case identity = 0xc0

        /// Whether we ask it; the others the board says by itself.
        var isAsked: Bool {
            switch self {
            case .start, .stop, .ports, .parameters, .meter: true
            case .login, .heartbeat, .end, .local, .card, .identity: false
            }
        }
    }

    static var frames: [String] { Command.allCases.map(\.frame) }

    static func name(of frame: Span<UInt8>) -> String {
        Command(rawValue: frame[headerCount])?.frame ?? ""
    }

    static func check(of frame: Span<UInt8>) -> [UInt8] {
        [UInt8(truncatingIfNeeded: ByteCheck.sum(frame.extracting(2..<frame.count - 1)))]
    }

    static func frame(_ command: Command, _ data: [UInt8], result: UInt8 = 0) -> [UInt8] {
        let length = UInt16(truncatingIfNeeded: shortest + data.count)
        let middle =
            [UInt8(truncatingIfNeeded: length), UInt8(length >> 8), command.rawValue, result]
            + data
        return start + middle + [UInt8(truncatingIfNeeded: ByteCheck.sum(middle.span))]
    }

    public static func packet(
        _ name: String, _ fields: [BusField], to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let command = Command(frame: name), command.isAsked else { throw .frame(name) }
        let sent = fields.filled(["source": 3, "card": 0, "reserved": 0, "order": 0])
        return frame(command, try asked(command).bytes(sent))
    }

    /// What a question carries.
    static func asked(_ command: Command) -> CodecPayload {
        switch command {
        case .start:
            CodecPayload(
                "start",
                [
                    .number("port"), .little("order", 4), .number("source"), .little("card", 4),
                    .number("mode"), .little("amount", 4), .little("money", 4),
                ])
        case .stop: CodecPayload("stop", [.number("port"), .little("order", 4)])
        case .ports, .parameters, .meter, .login, .heartbeat, .end, .local, .card, .identity:
            CodecPayload(command.frame, [.number("reserved")])
        }
    }

    static func acknowledgement(_ name: String, _ fields: [BusField]) -> [UInt8]? {
        guard let command = Command(frame: name) else { return nil }
        switch command {
        case .login:
            // Time is not ours to give; 0: welcome, and no number before the data.
            return frame(command, [UInt8](repeating: 0, count: 7) + [UInt8(heartbeat), 0])
        case .heartbeat, .identity:
            return frame(command, [0])
        case .end, .local:
            let order = CodecPayload(name, [.number("port"), .little("order", 4)])
            return (try? order.bytes(fields)).map { frame(command, $0) }
        case .card, .start, .stop, .ports, .parameters, .meter:
            return nil
        }
    }
}
