// A card at a reader, as bits or as characters.

/// RAW: a card as bits.
public struct OSDPCard: Hashable, Sendable {
    /// What the PD says of the bits; the raw value is the byte on the wire.
    public enum Format: UInt8, Sendable, CaseIterable {
        case unspecified = 0
        /// Parity, data, parity: a Wiegand frame.
        case wiegand = 1

        /// A stable name for JSON.
        public var name: String {
            switch self {
            case .unspecified: "unspecified"
            case .wiegand: "wiegand"
            }
        }
    }

    public let reader: UInt8
    public let format: Format
    /// As stated; up to 1,024 by the standard.
    public let bitCount: UInt16
    /// The bits right-aligned, first received most significant, as in a `Credential`; 0 when there
    /// are more than it can hold.
    public let bits: UInt128

    /// Whether there are more bits than a credential can hold.
    public var overflows: Bool { Int(bitCount) > Credential.bitCapacity }

    /// - Precondition: `bits` has no bit above the count.
    public init(reader: UInt8 = 0, format: Format, bitCount: UInt16, bits: UInt128) {
        precondition(bitCount >= 128 || bits >> UInt128(bitCount) == 0, "bits beyond the count")
        self.reader = reader
        self.format = format
        self.bitCount = bitCount
        self.bits = Int(bitCount) > Credential.bitCapacity ? 0 : bits
    }

    /// On the wire the bits are left-aligned: 26 of them fill the last of four bytes by two.
    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(atLeast: 4)
        // Some readers use codes of their own for plain bits.
        let format = Format(rawValue: fields[1]) ?? .unspecified
        let count = fields.short(at: 2)
        let byteCount = (Int(count) + 7) / 8
        try fields.expect(4 + byteCount)
        var bits: UInt128 = 0
        if Int(count) <= Credential.bitCapacity {
            for place in 4..<fields.count { bits = bits << 8 | UInt128(fields[place]) }
            bits >>= UInt128(byteCount * 8 - Int(count))
        }
        self.init(reader: fields[0], format: format, bitCount: count, bits: bits)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append(format.rawValue)
        bytes.append(littleEndian: bitCount)
        let byteCount = (Int(bitCount) + 7) / 8
        let padding = byteCount * 8 - Int(bitCount)
        for place in (0..<byteCount).reversed() {
            let shift = place * 8 - padding
            let byte = shift >= 0 ? bits >> UInt128(shift) : bits << UInt128(-shift)
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
    }
}

/// FMT: a card as characters, which the standard has given up and some readers have not.
public struct OSDPFormattedCard: Hashable, Sendable {
    public let reader: UInt8
    /// A magnetic card that was drawn through backwards.
    public let isBackwards: Bool
    public let text: OSDPCharacters

    public init(reader: UInt8 = 0, isBackwards: Bool = false, text: OSDPCharacters) {
        self.reader = reader
        self.isBackwards = isBackwards
        self.text = text
    }

    init(_ fields: Span<UInt8>) throws(OSDPPayloadError) {
        try fields.expect(atLeast: 3)
        try fields.expect(3 + Int(fields[2]))
        guard fields[1] <= 1 else { throw .value(at: 1) }
        guard fields[2] <= OSDPCharacters.capacity else { throw .value(at: 2) }
        var text = OSDPCharacters()
        for place in 3..<fields.count {
            guard text.append(fields[place]) else { throw .value(at: place) }
        }
        self.init(reader: fields[0], isBackwards: fields[1] == 1, text: text)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(reader)
        bytes.append(isBackwards ? 1 : 0)
        bytes.append(UInt8(text.count))
        for index in 0..<text.count { bytes.append(text[index]) }
    }
}
