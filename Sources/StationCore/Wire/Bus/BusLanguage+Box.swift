// The other end of a line: what a box hears in its language and how it answers. For simulated boxes
// and for decoding; `ModbusUnit` is the same for Modbus.

/// What a box makes of the bytes on its line.
///
/// | heard | the box |
/// |---|---|
/// | `incomplete` | waits for more; a silence ends it |
/// | `question` | takes so many bytes off, does it and answers |
/// | `foreign` | takes so many bytes off and keeps silent |
/// | `noise` | takes so many bytes off and keeps silent: nothing, or a frame whose check is wrong |
public enum BusHeard: Equatable, Sendable {
    case incomplete
    case question(BusQuestion, length: Int)
    case foreign(length: Int)
    case noise(length: Int)
}

extension BusLanguage {
    /// What the bytes ask the box with that address. A meter's item comes without its size: 0
    /// bytes. Acknowledgements of what the box said come as frames too. Of Modbus nothing is heard:
    /// ask a `ModbusUnit`.
    public func hear(_ bytes: Span<UInt8>, at address: Int) -> BusHeard {
        guard !bytes.isEmpty else { return .incomplete }
        switch self {
        case .modbus, .board: return .noise(length: bytes.count)
        case .frames(let language):
            return Self.heard(language.judgeRequest(bytes, at: address))
        case .dlt645: return Self.heard(DLT645.hear(bytes, at: address))
        case .codec(let name):
            let codec = name.codec
            return Self.heard(CodecMatch.judge(bytes) { codec.hear($0, at: address) })
        }
    }

    /// What the box answers to a question: a frame's reply with its fields, an item's number, that
    /// it did or refused. `nil` for what the language has no words for.
    public func bytes(
        of answer: BusAnswer, to question: BusQuestion, at address: Int
    ) -> [UInt8]? {
        switch self {
        case .modbus:
            guard let unit = UInt8(exactly: address), let request = try? ModbusRequest(question)
            else { return nil }
            return ModbusUnit(address: unit).frame(answer, to: request)
        case .frames(let language):
            guard case .frame(let asked, _) = question, case .frame(_, let fields) = answer,
                let reply = language.frame(asked)?.reply
            else { return nil }
            return try? language.bytes(reply, fields, at: address)
        case .dlt645:
            if DLT645.isAddressFrame(question) { return DLT645.addressReply(at: address) }
            guard case .item(let item) = question else { return nil }
            return DLT645.bytes(of: answer, to: item, at: address)
        case .codec(let name):
            guard case .frame(let asked, let told) = question else { return nil }
            if case .frame(_, let fields) = answer {
                return try? name.codec.bytes(asked, fields, at: address)
            }
            return name.codec.bytes(of: answer, to: asked, told, at: address)
        case .board: return nil
        }
    }

    /// What the box says by itself.
    public func bytes(ofPush push: BusAnswer, at address: Int) -> [UInt8]? {
        guard case .frame(let name, let fields) = push else { return nil }
        switch self {
        case .modbus, .dlt645, .board: return nil
        case .frames(let language): return try? language.bytes(name, fields, at: address)
        case .codec(let codec): return try? codec.codec.bytes(name, fields, at: address)
        }
    }

    private static func heard(_ judgement: BusJudgement) -> BusHeard {
        switch judgement {
        case .incomplete: .incomplete
        case .answer(.frame(let name, let fields), let length):
            .question(.frame(name: name, fields: fields), length: length)
        case .answer(_, let length), .push(_, let length), .foreign(let length):
            .foreign(length: length)
        case .damaged(_, let length), .noise(let length): .noise(length: length)
        }
    }

    private static func heard(_ hearing: DLT645Hearing) -> BusHeard {
        switch hearing {
        case .incomplete: .incomplete
        case .item(let identifier, let length):
            .question(.item(MeterItem(identifier: identifier, bytes: 0)), length: length)
        case .address(let length):
            .question(.frame(name: DLT645.addressFrame, fields: []), length: length)
        case .other(_, let length), .foreign(let length): .foreign(length: length)
        case .noise(let length): .noise(length: length)
        }
    }
}
