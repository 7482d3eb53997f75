// What a charging board's bytes say.

extension JUY {
    /// A frame at the beginning of the bytes.
    enum Finding {
        case none
        case wanting(Int)
        case damaged(BusDamage, length: Int)
        /// Its command's byte and its length.
        case frame(command: UInt8, length: Int)
    }

    static func find(_ bytes: Span<UInt8>) -> Finding {
        guard bytes[0] == start[0], bytes.count < 2 || bytes[1] == start[1] else { return .none }
        guard bytes.count >= headerCount else {
            return .wanting(headerCount + shortest - bytes.count)
        }
        let following = Int(bytes[2]) | Int(bytes[3]) << 8
        guard shortest...longest ~= following else { return .none }
        let length = headerCount + following
        guard bytes.count >= length else { return .wanting(length - bytes.count) }
        let sum = ByteCheck.sum(bytes.extracting(2..<length - 1))
        guard bytes[length - 1] == UInt8(truncatingIfNeeded: sum) else {
            return .damaged(.checksum, length: length)
        }
        return .frame(command: bytes[headerCount], length: length)
    }

    static func match(
        _ bytes: Span<UInt8>, asked: (name: String, fields: [BusField])?, at address: Int
    ) -> CodecMatch {
        let (code, length): (UInt8, Int)
        switch find(bytes) {
        case .none: return .none
        case .wanting(let count): return .wanting(count)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .frame(let command, let count): (code, length) = (command, count)
        }
        guard let command = Command(rawValue: code) else {
            return .judged(.foreign(length: length))
        }
        let data = bytes.extracting(6..<length - 1)
        let isAnswer = command.isAsked && asked?.name == command.frame
        guard isAnswer || !command.isAsked || command == .ports else {
            return .judged(.foreign(length: length))
        }
        guard let fields = fields(command, data) else {
            return .judged(.damaged(.length, length: length))
        }
        if !isAnswer {
            return .judged(
                .push(.frame(name: command.frame, fields: fields), length: length))
        }
        return .judged(answer(command, fields, asked?.fields ?? [], length))
    }

    /// An answer repeats the port, and the order unless it was left out.
    private static func answer(
        _ command: Command, _ fields: [BusField], _ asked: [BusField], _ length: Int
    ) -> BusJudgement {
        let whole = BusJudgement.answer(.frame(name: command.frame, fields: fields), length: length)
        guard command == .start || command == .stop else { return whole }
        for name in ["port", "order"] {
            if let wanted = asked.value(name), fields.value(name) != wanted {
                return .damaged(.content, length: length)
            }
        }
        let result = fields.value("result") ?? 0
        let isDone = result == 0 || command == .stop && result == 1
        return isDone ? whole : .answer(.refused(code: Int(result)), length: length)
    }

    /// The fields of a frame of the board's; `nil` when it has not as many bytes as it should.
    static func fields(_ command: Command, _ data: Span<UInt8>) -> [BusField]? {
        // The board's own number before the data: fifteen digits, which no port's data begin with.
        if command != .login, beginsWithNumber(data) {
            return plainFields(command, data.extracting(numberCount...))
        }
        return plainFields(command, data)
    }

    private static func beginsWithNumber(_ data: Span<UInt8>) -> Bool {
        guard data.count >= numberCount else { return false }
        for place in 0..<numberCount where !(0x30...0x39 ~= data[place]) { return false }
        return true
    }

    private static func plainFields(_ command: Command, _ data: Span<UInt8>) -> [BusField]? {
        switch command {
        case .ports: return ports(data)
        case .login: return login(data)
        case .heartbeat:
            guard data.count >= 3, Int(data[2]) == data.count - 3, data[2] <= mostPorts else {
                return nil
            }
        case .end:
            // The tiers of its price behind it, and eight bytes in reserve.
            guard data.count >= 25, data.count >= 25 + 4 * Int(data[24]) else { return nil }
        case .start, .stop, .local, .card, .parameters, .meter, .identity: break
        }
        let fields = said(command, data.count).fields(in: data)
        return fields.map { $0.filter { !unread.contains($0.name) } }
    }

    /// Names of bytes that are a rider's business, or nobody's.
    static let unread = ["card", "reserved", "rest"]

    /// What the board says, drawn; `count` is how many bytes there are.
    static func said(_ command: Command, _ count: Int) -> CodecPayload {
        let tokens: [FrameToken] =
            switch command {
            case .heartbeat:
                [
                    .number("signal"), .number("temperature"), .number("ports"),
                    .numbers("state", 1, max(0, count - 3)),
                ]
            case .start:
                [.number("port"), .little("order", 4), .number("source"), .number("result")]
            case .stop: [.number("port"), .little("order", 4), .number("result")]
            case .end:
                [
                    .number("port"), .little("order", 4), .little("seconds", 4),
                    .little("energy", 4), .little("money", 4), .number("reason"),
                    .little("power", 2), .little("card", 4), .number("tiers"),
                    .skipped(count: max(0, count - 25)),
                ]
            case .local:
                [
                    .number("port"), .little("order", 4), .number("source"), .little("money", 4),
                    .little("balance", 4), .little("card", 4),
                ]
            case .card: [.number("port"), .little("card", 4), .number("command")]
            case .meter: [.number("result"), .little("reading", 4)]
            case .identity:
                [.number("signal"), .skipped(count: numberCount), .skipped(count: 10)]
            case .parameters: parameters
            case .login: [.skipped(count: numberCount)] + login
            case .ports: []
            }
        return CodecPayload(command.frame, tokens)
    }

    private static let login: [FrameToken] = [
        .number("ports"), .skipped(count: 16), .skipped(count: 16), .skipped(count: 20),
        .number("signal"), .number("reason"),
    ]

    private static func login(_ data: Span<UInt8>) -> [BusField]? {
        var number: Int64 = 0
        guard data.count > numberCount else { return nil }
        for place in 0..<numberCount {
            guard 0x30...0x39 ~= data[place] else { return nil }
            number = number * 10 + Int64(data[place] - 0x30)
        }
        let rest = said(.login, data.count).fields(in: data)
        return rest.map { [BusField("imei", number)] + $0 }
    }

    private static let parameters: [FrameToken] = [
        .number("billing"), .little("coinMinutes", 2), .little("cardMinutes", 2),
        .little("cardPrice", 2),
        .list(name: "tier", form: FieldForm(bytes: 2, isLittleEndian: true), count: 8),
        .list(name: "price", form: FieldForm(bytes: 2, isLittleEndian: true), count: 8),
        .number("floatPower"), .little("floatMinutes", 2), .number("free"), .number("hottest"),
        .number("smoke"), .number("volume"), .little("energy", 4), .number("keepsFull"),
        .little("plugWait", 2), .little("unplugWait", 2), .number("cardKind"),
        .number("unplugPower"), .skipped(count: 11),
    ]
}
