// What a ten-way board's bytes say, and the board's own side for simulated boards and decoding.

extension Dianchuan {
    enum Finding {
        case none
        case wanting(Int)
        case damaged(BusDamage, length: Int)
        case frame(Frame)
    }

    struct Frame {
        let head: UInt8
        let command: UInt8
        let session: Int64
        let length: Int

        /// Where its data stand.
        var data: Range<Int> { headerCount + 1 + sessionCount..<length - 1 }
    }

    static func find(_ bytes: Span<UInt8>) -> Finding {
        guard bytes[0] == asking || bytes[0] == answering else { return .none }
        guard bytes.count >= headerCount else { return .wanting(shortest + 1) }
        let following = Int(bytes[1])
        guard shortest...longest ~= following else { return .none }
        let length = headerCount + following
        guard bytes.count >= length else { return .wanting(length - bytes.count) }
        guard ByteCheck.xor(bytes.extracting(1..<length)) == 0 else {
            return .damaged(.checksum, length: length)
        }
        var session: Int64 = 0
        for place in 3..<3 + sessionCount { session = session << 8 | Int64(bytes[place]) }
        return .frame(
            Frame(head: bytes[0], command: bytes[2], session: session, length: length))
    }

    static func match(
        _ bytes: Span<UInt8>, asked: (name: String, fields: [BusField])?, at address: Int
    ) -> CodecMatch {
        let frame: Frame
        switch find(bytes) {
        case .none: return .none
        case .wanting(let count): return .wanting(count)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .frame(let found): frame = found
        }
        let length = frame.length
        guard let command = Command(rawValue: frame.command) else {
            return .judged(.foreign(length: length))
        }
        let isAnswer =
            command.isAsked && frame.head == answering && asked?.name == command.frame
        guard isAnswer || !command.isAsked else { return .judged(.foreign(length: length)) }
        guard let fields = fields(command, bytes.extracting(frame.data)) else {
            return .judged(.damaged(.length, length: length))
        }
        guard isAnswer else {
            let more = [
                BusField("session", frame.session), BusField("head", Int64(frame.head)),
            ]
            return .judged(
                .push(.frame(name: command.frame, fields: fields + more), length: length))
        }
        return .judged(answer(command, fields, asked?.fields ?? [], frame))
    }

    private static func answer(
        _ command: Command, _ fields: [BusField], _ asked: [BusField], _ frame: Frame
    ) -> BusJudgement {
        let length = frame.length
        guard frame.session == asked.value("session") ?? 0 else {
            return .damaged(.content, length: length)
        }
        if let port = asked.value("port"), let said = fields.value("port"), said != port {
            return .damaged(.content, length: length)
        }
        let result = fields.value("result") ?? 1
        if result != 1 { return .answer(.refused(code: Int(result)), length: length) }
        return command.isTold
            ? .answer(.done, length: length)
            : .answer(.frame(name: command.frame, fields: fields), length: length)
    }

    private static func fields(_ command: Command, _ data: Span<UInt8>) -> [BusField]? {
        guard data.count >= 1, command != .states || Int(data[0]) == data.count - 1,
            command != .end || data.count >= 4,
            var fields = said(command, data.count).fields(in: data)
        else { return nil }
        if let relays = fields.value("relays") {
            fields.removeAll { $0.name == "relays" }
            for port in 0..<ports {
                fields.append(
                    BusField("charging", relays >> Int64(port) & 1, index: port + 1))
            }
        }
        return fields
    }

    // MARK: The board's own side

    static func hear(_ bytes: Span<UInt8>, at address: Int) -> CodecMatch {
        switch find(bytes) {
        case .none: return .none
        case .wanting(let count): return .wanting(count)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .frame(let frame):
            let length = frame.length
            guard let command = Command(rawValue: frame.command) else {
                return .judged(.foreign(length: length))
            }
            let payload =
                command.isAsked
                ? asked(command) : CodecPayload(command.frame, [.number("result")])
            guard let fields = payload.fields(in: bytes.extracting(frame.data)) else {
                return .judged(.damaged(.length, length: length))
            }
            let all = fields + [BusField("session", frame.session)]
            return .judged(.answer(.frame(name: command.frame, fields: all), length: length))
        }
    }

    static func bytes(
        _ name: String, _ fields: [BusField], at address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let command = Command(frame: name) else { throw .frame(name) }
        var sent = fields.filled(["result": 1, "current": 0, "temperature": 0xff])
        var count = 0
        switch command {
        case .states:
            let states = fields.count { $0.name == "state" }
            sent.append(BusField("count", Int64(states)))
            count = 1 + states
        case .all:
            var relays: Int64 = 0
            for port in 0..<ports where fields.value("charging", port + 1) == 1 {
                relays |= 1 << Int64(port)
            }
            sent.append(BusField("relays", relays))
        case .start, .coin, .end, .port, .limits, .stop, .fault, .automatic, .version, .float,
            .floats:
            break
        }
        let data = try said(command, count).bytes(sent)
        let session = fields.value("session") ?? 0
        return frame(command.isAsked ? answering : asking, command, session, data)
    }

    static func bytes(
        of outcome: BusAnswer, to name: String, _ fields: [BusField], at address: Int
    ) -> [UInt8]? {
        let result: Int64
        switch outcome {
        case .done: result = 1
        case .refused(let code): result = Int64(code)
        case .registers, .bits, .frame, .number, .raw: return nil
        }
        let sent = fields.filter { $0.name != "result" } + [BusField("result", result)]
        return try? bytes(name, sent, at: address)
    }
}
