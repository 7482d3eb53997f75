// A drawn frame as bytes: ours to a box, and a simulated box's to us.

extension FrameLanguageSettings {
    /// The bytes of a request.
    public func packet(
        for question: BusQuestion, to address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard case .frame(let name, let fields) = question else { throw .language }
        guard let frame = frame(name), frame.role == .request else { throw .frame(name) }
        return try bytes(of: frame, fields, address)
    }

    /// The bytes of any frame of the language, replies and pushes too, as a simulated box sends
    /// them.
    /// - Throws: `frame`, `missing` or `value`.
    public func bytes(
        _ name: String, _ fields: [BusField], at address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let frame = frame(name) else { throw .frame(name) }
        return try bytes(of: frame, fields, address)
    }

    /// What acknowledges a push.
    func acknowledgement(of push: BusAnswer, at address: Int) -> [UInt8]? {
        guard case .frame(let name, let fields) = push, let frame = frame(name),
            frame.role == .push, let reply = frame.reply
        else { return nil }
        return try? packet(for: .frame(name: reply, fields: fields), to: address)
    }

    func bytes(
        of frame: FrameSettings, _ fields: [BusField], _ address: Int
    ) throws(BusQuestionFlaw) -> [UInt8] {
        var bytes: [UInt8] = []
        for token in frame.tokens {
            switch token {
            case .bytes(let these):
                bytes += these
            case .field(let name, let form):
                let number = try Self.number(name, nil, fields, address)
                bytes += try Self.encoded(number, name, form)
            case .list(let name, let form, let count):
                for index in 0..<FrameToken.bounded(count) {
                    let number = Self.value(name, index + 1, fields) ?? 0
                    bytes += try Self.encoded(number, name, form)
                }
            case .bits(let name, let count, let isHighFirst):
                bytes += Self.bits(name, count, isHighFirst, fields)
            case .nibbles(let high, let low):
                let upper = try Self.nibble(high, fields, address)
                bytes.append(try upper << 4 | Self.nibble(low, fields, address))
            case .length(let form, let plus):
                bytes += try Self.encoded(Int64(length(of: frame) &+ plus), "length", form)
            case .skipped(let count):
                bytes += [UInt8](repeating: 0, count: FrameToken.bounded(count))
            case .check:
                if let check { bytes += check.bytes(of: bytes.span, at: bytes.count) }
            }
        }
        return bytes
    }

    static func value(_ name: String, _ index: Int?, _ fields: [BusField]) -> Int64? {
        fields.first { $0.name == name && $0.index == index }?.value
    }

    private static func number(
        _ name: String, _ index: Int?, _ fields: [BusField], _ address: Int
    ) throws(BusQuestionFlaw) -> Int64 {
        if name == addressName { return Int64(address) }
        guard let number = value(name, index, fields) else { throw .missing(name) }
        return number
    }

    private static func nibble(
        _ name: String, _ fields: [BusField], _ address: Int
    ) throws(BusQuestionFlaw) -> UInt8 {
        guard !name.isEmpty else { return 0 }
        let number = try number(name, nil, fields, address)
        guard 0...15 ~= number else { throw .value(name, DecimalNumber(number)) }
        return UInt8(number)
    }

    private static func encoded(
        _ number: Int64, _ name: String, _ form: FieldForm
    ) throws(BusQuestionFlaw) -> [UInt8] {
        guard let bytes = form.encoded(number) else {
            throw .value(name, DecimalNumber(number))
        }
        return bytes
    }

    private static func bits(
        _ name: String, _ count: Int, _ isHighFirst: Bool, _ fields: [BusField]
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (FrameToken.bounded(count) + 7) / 8)
        for index in 0..<FrameToken.bounded(count) where (value(name, index + 1, fields) ?? 0) != 0
        {
            bytes[index / 8] |= bit(index, isHighFirst)
        }
        return bytes
    }

    static func bit(_ index: Int, _ isHighFirst: Bool) -> UInt8 {
        isHighFirst ? 0x80 >> (index % 8) : 1 << (index % 8)
    }
}
