// What a contactless UID may look like, and what it only pretends to be.

/// Why bytes are no UID of a card.
public enum UIDError: Error, Equatable, Sendable {
    /// ISO 14443 UIDs have 4, 7 or 10 bytes, ISO 15693 ones 8.
    case length(expected: [Int], found: Int)
    /// Five bytes whose last one is not the exclusive or of the four before it.
    case checkByte
    /// Begins with 88, the cascade tag: four bytes of a UID of seven.
    case incomplete
    /// An ISO 15693 UID begins with E0, and these bytes do not.
    case notE0
    /// Begins with 08: made up anew at each tap (ISO 14443-3), so it names no card.
    case random
}

/// UIDs as bytes, made canonical.
public enum UID {
    /// The bytes in front of an incomplete UID (ISO 14443-3, cascade tag).
    static let cascadeTag: UInt8 = 0x88
    /// The first byte of a four-byte UID that is random (ISO 14443-3).
    static let randomMark: UInt8 = 0x08

    /// An ISO 14443 UID in the order of the air. A fifth byte that is the check byte (BCC) of the
    /// four before it is taken off, because many readers' libraries leave it on. Allocates nothing
    /// unless it throws.
    public static func iso14443(_ bytes: some Collection<UInt8>) throws(UIDError) -> Credential {
        var bits = packed(bytes.prefix(11))
        var count = bytes.count
        if count == 5 {
            let check = UInt8(truncatingIfNeeded: bits)
            bits >>= 8
            var sum: UInt8 = 0
            for shift in 0..<4 { sum ^= UInt8(truncatingIfNeeded: bits >> UInt128(8 * shift)) }
            guard check == sum else { throw .checkByte }
            count = 4
        }
        guard count == 4 || count == 7 || count == 10 else {
            throw .length(expected: [4, 7, 10], found: bytes.count)
        }
        if count == 4, UInt8(truncatingIfNeeded: bits >> 24) == cascadeTag { throw .incomplete }
        return Credential(technology: .iso14443, bitCount: 8 * count, bits: bits)
    }

    /// An ISO 15693 UID as it is printed, E0 first. (The air sends it the other way round.)
    public static func iso15693(_ bytes: some Collection<UInt8>) throws(UIDError) -> Credential {
        guard bytes.count == 8 else { throw .length(expected: [8], found: bytes.count) }
        guard bytes.first == 0xe0 else { throw .notE0 }
        return Credential(technology: .iso15693, bitCount: 64, bits: packed(bytes))
    }

    static func credential(_ technology: Technology, _ bytes: [UInt8]) -> Credential {
        Credential(technology: technology, bitCount: 8 * bytes.count, bits: packed(bytes))
    }

    /// At most 16 bytes, the first one the most significant.
    private static func packed(_ bytes: some Sequence<UInt8>) -> UInt128 {
        bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }
}

extension Credential {
    /// Whether this is a UID that its card makes up anew at each tap; never fit for enrolment.
    public var isRandomUID: Bool {
        technology == .iso14443 && bitCount == 32
            && UInt8(truncatingIfNeeded: bits >> 24) == UID.randomMark
    }
}
