// 电川 (Dianchuan) charging-socket boards of ten ports: their frames and fields. Source:
// jsqinyunzhen/stm32_demo_rtxos, uart_dc/dianchuan.c and .h, whose comments hold captured frames.
//
//   asked      EE | 0D | 02 | 00 00 00 00 00 00 | 01 00 00 00 01 | 0F
//   answered   66 | 0A | 02 | 00 00 00 00 00 00 | 01 01          | 08
//              who  length command  session       data             exclusive or
//
// The length counts from the command to the check; the check is over everything from the length to
// the last data byte; numbers are high byte first. EE begins what somebody asks or reports, 66 what
// answers: a board that reports an end begins with EE too, as a capture there shows, although an
// older reader in the same file wants 66. Both are understood, and answered with the other. A
// session is repeated by the answer. A board has no address.
//
// That file reads the powers of frame 24 one byte apart; they stand two bytes apart.
//
// | frame | command | asked with | answered with |
// |---|---|---|---|
// | `states` | 01 | - | `count`, `state.1` ...: 1 idle, 2 charging, others out of order |
// | `start` | 02 | `port`, `amount`; `money` 0 unless said | `port`, `result` 1; or refused: 2 |
// | `port` | 06 | `port` | `port`, `left`, `power` |
// | `limits` | 08 | `most` (W) | done; or refused |
// | `stop` | 0B | `port` | `port`, `left` |
// | `automatic` | 13 | `full` (1: stops when full), `refund` | done; or refused |
// | `all` | 24 | - | `current` (0.1 A), `temperature` (°C, 255: no sensor), `charging.1` to |
// | | | | `.10`, `power.1` to `.10`, `left.1` to `.10` |
// | `version` | 25 | - | `version` |
// | `float` | 28 | `power` (0 to 999), `seconds` (120 to 999) | done; or refused |
// | `floats` | 2A | - | `time.1` to `.3`, `free`, `volume`, `power`, `seconds` |
//
// Power is 0.1 W; amounts and what is left are minutes, or 0.01 kWh on boards that sell energy.
// Every frame may be asked with `session`, 0 unless said. By itself a board says, and wants to hear
// that it was heard (fields besides: `session`, and `head`, the frame's first byte):
//
// | push | command | fields |
// |---|---|---|
// | `end` | 05 | `port`, `left`, `reason`: 0 used up, 1 by hand or unplugged, 2 full, 3 fault, |
// | | | 4 too much power, 5 refund, 6 no charger; `left` of 65,535: it never charged |
// | `fault` | 0D | `port` (255: the whole board), `code`: 1 a port's output, 2 too much power in |
// | | | all, 3 mains |
// | `coin` | 03 | `port`, `money`; not acknowledged |

/// Commands and frames of the protocol.
public enum Dianchuan: BusCodec {
    static let asking: UInt8 = 0xee
    static let answering: UInt8 = 0x66
    /// Who and length.
    static let headerCount = 2
    /// Command, session and check.
    static let shortest = 8
    /// The longest frame has five bytes and twenty numbers.
    static let longest = 100
    static let sessionCount = 6
    static var longestReply: Int { headerCount + longest }
    public static let ports = 10

    enum Command: UInt8, BusCodecCommand {
        case states = 0x01
        case start = 0x02
        case coin = 0x03
        case end = 0x05
        case port = 0x06
        case limits = 0x08
        case stop = 0x0b
        case fault = 0x0d
        case automatic = 0x13
        case all = 0x24
        case version = 0x25
        case float = 0x28
        case floats = 0x2a

        /// Whether we ask it; the others the board says by itself.
        var isAsked: Bool {
            switch self {
            case .coin, .end, .fault: false
            case .states, .start, .port, .limits, .stop, .automatic, .all, .version, .float,
                .floats:
                true
            }
        }

        /// Whether its answer is nothing but a result.
        var isTold: Bool {
            switch self {
            case .limits, .automatic, .float: true
            case .states, .start, .coin, .end, .port, .stop, .fault, .all, .version, .floats: false
            }
        }
    }

    static var frames: [String] { Command.allCases.map(\.frame) }

    static func name(of frame: Span<UInt8>) -> String {
        Command(rawValue: frame[headerCount])?.frame ?? ""
    }

    static func check(of frame: Span<UInt8>) -> [UInt8] {
        [ByteCheck.xor(frame.extracting(1..<frame.count - 1))]
    }

    static func frame(
        _ head: UInt8, _ command: Command, _ session: Int64, _ data: [UInt8]
    ) -> [UInt8] {
        let length = UInt8(truncatingIfNeeded: shortest + data.count)
        let session = (0..<sessionCount).reversed().map {
            UInt8(truncatingIfNeeded: session >> Int64(8 * $0))
        }
        let middle = [length, command.rawValue] + session + data
        return [head] + middle + [ByteCheck.xor(middle.span)]
    }

    public static func packet(
        _ name: String, _ fields: [BusField], to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let command = Command(frame: name), command.isAsked else { throw .frame(name) }
        let session = fields.value("session") ?? 0
        guard 0..<1 << 48 ~= session else { throw .value("session", DecimalNumber(session)) }
        let sent = fields.filled(["money": 0, "nothing": 0, "refund": 0])
        return frame(asking, command, session, try asked(command).bytes(sent))
    }

    /// What a question carries.
    static func asked(_ command: Command) -> CodecPayload {
        let tokens: [FrameToken] =
            switch command {
            case .start: [.number("port"), .number("money", 2), .number("amount", 2)]
            case .port, .stop: [.number("port")]
            // Coins and cards count nothing here.
            case .limits: [.number("most", 2), .bytes(these: [0, 0, 0xff, 0, 0xff, 0, 0xff])]
            case .automatic: [.number("full"), .number("refund")]
            case .float: [.number("power", 2), .number("seconds", 2)]
            case .states, .all, .version, .floats, .coin, .end, .fault: [.number("nothing")]
            }
        return CodecPayload(command.frame, tokens)
    }

    /// What the board says, drawn; `count` is how many bytes there are.
    static func said(_ command: Command, _ count: Int) -> CodecPayload {
        let tokens: [FrameToken] =
            switch command {
            case .states: [.number("count"), .numbers("state", 1, max(0, count - 1))]
            case .start: [.number("port"), .number("result")]
            case .port: [.number("port"), .number("left", 2), .number("power", 2)]
            case .stop: [.number("port"), .number("left", 2)]
            case .limits, .automatic, .float: [.number("result")]
            case .all:
                [
                    .number("current", 2), .number("temperature"), .number("relays", 2),
                    .numbers("power", 2, ports), .numbers("left", 2, ports),
                ]
            case .version: [.number("version", 2)]
            case .floats:
                [
                    .numbers("time", 2, 3), .number("free"), .number("volume"),
                    .number("power", 2), .number("seconds", 2),
                ]
            // Behind an end a card's number may stand: it is not read.
            case .end:
                [
                    .number("port"), .number("left", 2), .number("reason"),
                    .skipped(count: max(0, count - 4)),
                ]
            case .fault: [.number("port"), .number("code")]
            case .coin: [.number("port"), .number("money")]
            }
        return CodecPayload(command.frame, tokens)
    }

    static func acknowledgement(_ name: String, _ fields: [BusField]) -> [UInt8]? {
        guard let command = Command(frame: name), command == .end || command == .fault else {
            return nil
        }
        let head = fields.value("head") == Int64(answering) ? asking : answering
        return frame(head, command, fields.value("session") ?? 0, [1])
    }
}
