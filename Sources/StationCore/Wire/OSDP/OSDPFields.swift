// Numbers out of a payload, and into one. Mixed byte orders are OSDP's own: counts are little
// endian, secrets are strings of bytes.

/// What is wrong with the data behind a code.
public enum OSDPPayloadError: Error, Equatable, Sendable {
    case length(expected: Int, found: Int)
    /// A byte, counted from 0, that says something which does not exist.
    case value(at: Int)
    /// A code that we know by name only.
    case unsupported

    /// One sentence: what is wrong.
    public func text(_ language: Wording.Language) -> String {
        let (chinese, english) =
            switch self {
            case .length(let expected, let found):
                (
                    "内容应为\(expected)个字节，实为\(found)个",
                    "the data should be \(expected) bytes, there are \(found)"
                )
            case .value(let place):
                ("内容的第\(place + 1)个字节没有这种取值", "byte \(place + 1) of the data has no such value")
            case .unsupported: ("本站不解读这种内容", "this kind of data is not read here")
            }
        return language == .chinese ? chinese : english
    }
}

/// A payload is read after its length was checked.
extension Span<UInt8> {
    func expect(_ expected: Int) throws(OSDPPayloadError) {
        guard count == expected else { throw .length(expected: expected, found: count) }
    }

    func expect(atLeast expected: Int) throws(OSDPPayloadError) {
        guard count >= expected else { throw .length(expected: expected, found: count) }
    }

    /// Two bytes, low byte first.
    func short(at place: Int) -> UInt16 { UInt16(self[place]) | UInt16(self[place + 1]) << 8 }

    /// Four bytes, low byte first.
    func word(at place: Int) -> UInt32 {
        UInt32(short(at: place)) | UInt32(short(at: place + 2)) << 16
    }

    /// Eight bytes as they stand.
    func long(at place: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in place..<place + 8 { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// Sixteen bytes as they stand.
    func wide(at place: Int) -> UInt128 {
        UInt128(long(at: place)) << 64 | UInt128(long(at: place + 8))
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func append(littleEndian value: UInt32) {
        append(littleEndian: UInt16(truncatingIfNeeded: value))
        append(littleEndian: UInt16(truncatingIfNeeded: value >> 16))
    }

    mutating func append(bigEndian value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    mutating func append(bigEndian value: UInt128) {
        append(bigEndian: UInt64(truncatingIfNeeded: value >> 64))
        append(bigEndian: UInt64(truncatingIfNeeded: value))
    }
}
