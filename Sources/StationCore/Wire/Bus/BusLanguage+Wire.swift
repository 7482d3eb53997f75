// Questions into bytes and bytes into answers, whatever a box speaks. Each language has a folder
// of its own beside this one.

extension BusLanguage {
    /// The bytes that ask a box. What wakes it (`BusTiming.wake`) is not among them.
    public func packet(
        for question: BusQuestion, to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        switch self {
        case .modbus: return try ModbusRTU.packet(ModbusRequest(question), to: address)
        case .frames(let language): return try language.packet(for: question, to: address)
        case .dlt645: return try DLT645.packet(for: question, to: address)
        case .codec(let name):
            guard case .frame(let frame, let fields) = question else { throw .language }
            return try name.codec.packet(frame, fields, to: address)
        case .board: throw .language
        }
    }

    /// What the bytes begin with, seen by whoever asked that question.
    ///
    /// The judgement depends on the bytes alone: more of them behind those that it takes off
    /// change nothing but how long noise is, so a stream may come in any pieces.
    /// - Parameter question: `nil` while nothing is asked: then only pushes are understood.
    public func judge(
        _ bytes: Span<UInt8>, after question: BusQuestion?, at address: Int
    ) -> BusJudgement {
        guard !bytes.isEmpty else { return .incomplete(wanting: 1) }
        switch self {
        case .modbus:
            guard let question, let request = try? ModbusRequest(question) else {
                return .noise(length: bytes.count)
            }
            return ModbusRTU.judge(bytes, after: request, from: address)
        case .frames(let language):
            return language.judge(bytes, after: question, at: address)
        case .dlt645:
            return DLT645.judge(bytes, after: question, at: address)
        case .codec(let name):
            var asked: (name: String, fields: [BusField])?
            if case .frame(let frame, let fields) = question { asked = (frame, fields) }
            let codec = name.codec
            return CodecMatch.judge(bytes) { codec.match($0, asked: asked, at: address) }
        case .board: return .noise(length: bytes.count)
        }
    }

    /// Whether the box answers that question.
    public func reply(to question: BusQuestion, at address: Int) -> BusReply {
        switch self {
        case .modbus:
            guard let request = try? ModbusRequest(question), address != ModbusRTU.broadcast,
                request.replyCount > 0
            else { return .none }
            return .wanted(withinMilliseconds: 0)
        case .frames(let language): return language.reply(to: question)
        case .dlt645, .codec: return .wanted(withinMilliseconds: 0)
        case .board: return .none
        }
    }

    /// How many bytes its longest answer has; 0 where none comes. For the time that a turn takes.
    public func longestReply(to question: BusQuestion) -> Int {
        switch self {
        case .modbus:
            guard let request = try? ModbusRequest(question), request.replyCount > 0 else {
                return 0
            }
            return request.replyCount + 3
        case .frames(let language): return language.longestReply(to: question)
        case .dlt645:
            var bytes = 8
            if case .item(let item) = question { bytes = 4 + item.bytes }
            return DLT645.mostWakes + DLT645.overhead + bytes
        case .codec(let name): return name.codec.longestReply
        case .board: return 0
        }
    }

    /// What a box that said something by itself wants to hear at once; `nil`: nothing.
    public func acknowledgement(of push: BusAnswer, at address: Int) -> [UInt8]? {
        switch self {
        case .modbus, .dlt645, .board: return nil
        case .frames(let language): return language.acknowledgement(of: push, at: address)
        case .codec(let name):
            guard case .frame(let frame, let fields) = push else { return nil }
            return name.codec.acknowledgement(frame, fields)
        }
    }
}

extension BusLanguage {
    /// Whether a box that speaks it says anything unasked.
    public var hasPushes: Bool {
        switch self {
        case .modbus, .dlt645, .board: false
        case .frames(let settings): settings.frames.contains { $0.role == .push }
        case .codec(let name):
            switch name {
            case .jbd: false
            case .juy, .dianchuan: true
            }
        }
    }
}
