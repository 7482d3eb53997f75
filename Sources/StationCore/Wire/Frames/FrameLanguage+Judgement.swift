// What a stream of bytes says in a drawn language: to us, or to a simulated box.
//
// The bytes are compared with every frame that could come now: the answer that is wanted, what the
// box says by itself, and the request's own echo. The shortest that fits wins; what fits nothing
// is taken off up to the next place where something could begin.

extension FrameLanguageSettings {
    /// What the bytes begin with, for whoever asked that question.
    public func judge(
        _ bytes: Span<UInt8>, after question: BusQuestion?, at address: Int
    ) -> BusJudgement {
        var candidates: [Candidate] = []
        var echo: [UInt8] = []
        if case .frame(let name, let asked) = question, let request = frame(name) {
            if let reply = request.reply.flatMap(frame) {
                candidates.append(
                    Candidate(frame: reply, asked: asked, refusal: request.refusal))
            }
            echo = (try? self.bytes(name, asked, at: address)) ?? []
        }
        for frame in frames where frame.role == .push {
            candidates.append(Candidate(frame: frame, asked: []))
        }
        return judge(bytes, candidates, echo: echo, address)
    }

    /// The same for a simulated box: `answer` is a request to it.
    public func judgeRequest(_ bytes: Span<UInt8>, at address: Int) -> BusJudgement {
        let requests = frames.filter { $0.role == .request }
        return judge(bytes, requests.map { Candidate(frame: $0, asked: []) }, echo: [], address)
    }

    /// Whether a question is answered.
    func reply(to question: BusQuestion) -> BusReply {
        guard case .frame(let name, _) = question, let request = frame(name),
            request.reply.flatMap(frame) != nil
        else { return .none }
        return request.isOptional
            ? .optional(withinMilliseconds: request.withinMilliseconds)
            : .wanted(withinMilliseconds: request.withinMilliseconds)
    }

    func longestReply(to question: BusQuestion) -> Int {
        guard case .frame(let name, _) = question,
            let reply = frame(name)?.reply.flatMap(frame)
        else { return 0 }
        return length(of: reply)
    }

    struct Candidate {
        let frame: FrameSettings
        let asked: [BusField]
        var refusal: FrameRefusal?
    }

    func judge(
        _ bytes: Span<UInt8>, _ candidates: [Candidate], echo: [UInt8], _ address: Int
    ) -> BusJudgement {
        guard !bytes.isEmpty else { return .incomplete(wanting: 1) }
        var wanting: Int?
        var best: (length: Int, judgement: BusJudgement)?
        var broken: (length: Int, damage: BusDamage)?
        for candidate in candidates {
            let length = length(of: candidate.frame)
            switch fit(bytes, candidate.frame, at: address, asked: candidate.asked) {
            case .none: break
            case .wanting(let count): wanting = min(wanting ?? count, count)
            case .whole where length < best?.length ?? .max || best?.judgement.isForeign == true:
                guard length <= best?.length ?? .max else { break }
                let fields = fields(bytes, candidate.frame)
                if let refusal = candidate.refusal,
                    let code = fields.first(where: { $0.name == refusal.field })?.value,
                    refusal.values.contains(code)
                {
                    let no = BusAnswer.refused(code: Int(truncatingIfNeeded: code))
                    best = (length, .answer(no, length: length))
                    break
                }
                let answer = BusAnswer.frame(name: candidate.frame.name, fields: fields)
                best = (
                    length,
                    candidate.frame.role == .push
                        ? .push(answer, length: length) : .answer(answer, length: length)
                )
            case .foreign where length < best?.length ?? .max:
                best = (length, .foreign(length: length))
            case .damaged(let damage) where length < broken?.length ?? .max:
                broken = (length, damage)
            case .whole, .foreign, .damaged: break
            }
        }
        if let best { return best.judgement }
        if let wanting { return .incomplete(wanting: wanting) }
        if !echo.isEmpty, bytes.begins(with: echo) {
            return bytes.count >= echo.count
                ? .foreign(length: echo.count) : .incomplete(wanting: echo.count - bytes.count)
        }
        let end = broken.map(\.length) ?? bytes.count
        let start = next(in: bytes.extracting(..<end), candidates, echo, address)
        return broken.map { .damaged($0.damage, length: start) } ?? .noise(length: start)
    }

    /// The next place where something could begin, or the end.
    private func next(
        in bytes: Span<UInt8>, _ candidates: [Candidate], _ echo: [UInt8], _ address: Int
    ) -> Int {
        var start = 1
        while start < bytes.count {
            let rest = bytes.extracting(start...)
            let isPossible = candidates.contains {
                fit(rest, $0.frame, at: address, asked: $0.asked) != .none
            }
            if isPossible || !echo.isEmpty && rest.begins(with: echo) { break }
            start += 1
        }
        return start
    }
}

extension BusJudgement {
    fileprivate var isForeign: Bool {
        if case .foreign = self { true } else { false }
    }
}
