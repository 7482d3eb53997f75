// What was presented at a reader, as it came over the wire or the air.

/// Where a credential's bits come from. Raw values are stored in journals: never renumber.
public enum Technology: UInt8, Sendable, CaseIterable {
    /// Bits over D0/D1, parity bits included.
    case wiegand = 1
    /// A 125 kHz EM4100 id, 40 bits.
    case em4100 = 2
    /// An ISO 14443 type A UID of 4, 7 or 10 bytes.
    case iso14443 = 3
    /// An ISO 15693 UID, 8 bytes, E0 first.
    case iso15693 = 4
    /// Digits typed on a keypad.
    case keypad = 5
    /// An ISO 14443 type B PUPI, 4 bytes. Some cards make it up anew at each tap.
    case iso14443b = 6
}

extension Technology {
    /// The name in profiles and on the command line.
    public var name: String {
        switch self {
        case .wiegand: "wiegand"
        case .em4100: "em4100"
        case .iso14443: "iso14443"
        case .iso14443b: "iso14443b"
        case .iso15693: "iso15693"
        case .keypad: "keypad"
        }
    }

    public init?(name: some StringProtocol) {
        guard let technology = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = technology
    }
}

/// Technology, bit count and the bits themselves, the first received first (MSB).
///
/// At most 128 bits. Exists in RAM for the length of a decision and is never written down:
/// what the journal sees is a view's name and a match form.
public struct Credential: Hashable, Sendable {
    public static let bitCapacity = 128

    public let technology: Technology
    public let bitCount: UInt8
    /// The bits as one number, right-aligned: bit 0 of the wire is the most significant one.
    public let bits: UInt128

    /// - Precondition: `bitCount` is at most 128 and `bits` has no bit above it.
    public init(technology: Technology, bitCount: Int, bits: UInt128) {
        precondition(bitCount <= Self.bitCapacity, "a credential has at most 128 bits")
        precondition(bitCount == 128 || bits >> UInt128(bitCount) == 0, "bits beyond the count")
        self.technology = technology
        self.bitCount = UInt8(bitCount)
        self.bits = bits
    }
}
