// The board's own side: what it hears and how it answers. For simulated boards and for decoding.

extension JUY {
    static func hear(_ bytes: Span<UInt8>, at address: Int) -> CodecMatch {
        switch find(bytes) {
        case .none: return .none
        case .wanting(let count): return .wanting(count)
        case .damaged(let damage, let length): return .damaged(damage, length: length)
        case .frame(let code, let length):
            guard let command = Command(rawValue: code) else {
                return .judged(.foreign(length: length))
            }
            let data = bytes.extracting(6..<length - 1)
            let payload =
                command.isAsked ? asked(command) : heard(command, data.count)
            guard let fields = payload.fields(in: data) else {
                return .judged(.damaged(.length, length: length))
            }
            let told = fields.filter { !unread.contains($0.name) }
            return .judged(
                .answer(.frame(name: command.frame, fields: told), length: length))
        }
    }

    /// What acknowledges a push.
    private static func heard(_ command: Command, _ count: Int) -> CodecPayload {
        switch command {
        case .login:
            CodecPayload(
                "login", [.skipped(count: 7), .number("heartbeat"), .number("result")])
        case .end, .local: CodecPayload(command.frame, [.number("port"), .little("order", 4)])
        case .start, .stop, .ports, .parameters, .meter, .heartbeat, .card, .identity:
            CodecPayload(command.frame, [.number("reserved")])
        }
    }

    static func bytes(
        _ name: String, _ fields: [BusField], at address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let command = Command(frame: name) else { throw .frame(name) }
        switch command {
        case .ports:
            return frame(command, try portBytes(fields))
        case .login:
            var digits = String(fields.value("imei") ?? 0)
            digits = String(repeating: "0", count: max(0, numberCount - digits.count)) + digits
            let rest = try said(.login, 0).bytes(fields.filled(["signal": 20, "reason": 0]))
            return frame(
                command, Array(digits.utf8.prefix(numberCount)) + rest.dropFirst(numberCount))
        case .heartbeat:
            let states = fields.count { $0.name == "state" }
            let sent = fields + [BusField("ports", Int64(states))]
            return frame(command, try said(command, 3 + states).bytes(sent))
        case .end:
            // No tiers, and eight bytes in reserve.
            let sent = fields.filled(["card": 0, "tiers": 0, "money": 0, "power": 0])
            return frame(command, try said(command, 25 + 8).bytes(sent))
        case .start, .stop, .local, .card, .parameters, .meter, .identity:
            let sent = fields.filled(["card": 0, "source": 3, "result": 0, "money": 0])
            return frame(command, try said(command, 0).bytes(sent))
        }
    }

    static func bytes(
        of outcome: BusAnswer, to name: String, _ fields: [BusField], at address: Int
    ) -> [UInt8]? {
        let result: Int64
        switch outcome {
        case .done: result = 0
        case .refused(let code): result = Int64(code)
        case .registers, .bits, .frame, .number, .raw: return nil
        }
        let sent = fields.filter { $0.name != "result" } + [BusField("result", result)]
        return try? bytes(name, sent, at: address)
    }
}
