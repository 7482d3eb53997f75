// The meter's own side: what it hears and how it answers. For simulated meters and for decoding.

/// What a meter makes of bytes on its line.
public enum DLT645Hearing: Equatable, Sendable {
    case incomplete
    /// It is asked for an item, given as on the wire reversed: `00010000`.
    case item(identifier: String, length: Int)
    /// It is asked for its address.
    case address(length: Int)
    /// It is told something that a simulated meter does not do.
    case other(control: UInt8, length: Int)
    case foreign(length: Int)
    case noise(length: Int)
}

extension DLT645 {
    /// What the bytes ask the meter with that number.
    public static func hear(_ bytes: Span<UInt8>, at address: Int) -> DLT645Hearing {
        guard !bytes.isEmpty else { return .incomplete }
        let found: Found
        switch find(bytes) {
        case .none, .damaged: return .noise(length: 1)
        case .wanting: return .incomplete
        case .frame(let frame): found = frame
        }
        let length = found.length
        let meter = bytes.extracting(found.start + 1..<found.start + 7)
        let isForAnybody = meter.begins(with: anybody)
        guard found.control & DLT645Function.reply == 0,
            isForAnybody || Self.address(in: bytes, found) == address
        else { return .foreign(length: length) }
        switch DLT645Function(rawValue: found.control) {
        case .readAddress where found.dataCount == 0: return .address(length: length)
        case .read where found.dataCount >= 4:
            let identifier = (0..<4).reversed().map { bytes[found.data($0)] &- offset }
            return .item(identifier: Hex.upper(identifier), length: length)
        default: return .other(control: found.control, length: length)
        }
    }

    /// The meter's answer to a question for an item: its number in as many BCD bytes as the item
    /// has, or a refusal. `nil` for what no meter could say.
    public static func bytes(
        of answer: BusAnswer, to item: MeterItem, at address: Int
    ) -> [UInt8]? {
        guard let meter = bytes(of: address), let identifier = bytes(of: item) else { return nil }
        let reply = DLT645Function.read.rawValue | DLT645Function.reply
        switch answer {
        case .refused(let code):
            return frame(
                reply | DLT645Function.refused, meter, [UInt8(truncatingIfNeeded: code)])
        case .number(let number):
            guard number != .min, number >= 0 || item.isSigned,
                var digits = FieldForm(bytes: item.bytes, isLittleEndian: true, isBCD: true)
                    .encoded(Int64(number.magnitude))
            else { return nil }
            if number < 0 {
                guard digits[digits.count - 1] & 0x80 == 0 else { return nil }
                digits[digits.count - 1] |= 0x80
            }
            return frame(reply, meter, identifier + digits)
        case .registers, .bits, .done, .frame, .raw:
            return nil
        }
    }

    /// The meter's answer to the question for its address.
    public static func addressReply(at address: Int) -> [UInt8]? {
        guard let meter = bytes(of: address) else { return nil }
        return frame(DLT645Function.readAddress.rawValue | DLT645Function.reply, meter, meter)
    }
}
