// 128-bit identifiers and 256-bit digests by value, with their hexadecimal forms.

import StationCore

/// A store's random id: with the sequence it names an entry in the whole city, for ever.
public struct StoreID: Hashable, Sendable {
    public var bits: UInt128

    public init(bits: UInt128) { self.bits = bits }

    /// - Returns: `nil` unless the text is 32 hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard let bits = UInt128(hexadecimal: text) else { return nil }
        self.bits = bits
    }
}

/// The kernel's id of one boot: boot-time clocks are comparable inside it only.
public struct BootID: Hashable, Sendable {
    public var bits: UInt128

    public init(bits: UInt128) { self.bits = bits }

    /// - Parameter text: 32 hexadecimal digits; hyphens are passed over, as the kernel writes them.
    public init?(_ text: some StringProtocol) {
        guard let bits = UInt128(hexadecimal: String(text.filter { $0 != "-" })) else { return nil }
        self.bits = bits
    }
}

/// A SHA-256 digest, big-endian.
public struct ChainDigest: Hashable, Sendable {
    public var high: UInt128
    public var low: UInt128

    public init(high: UInt128, low: UInt128) {
        self.high = high
        self.low = low
    }

    /// What stands before the first entry of a store.
    public static let zero = ChainDigest(high: 0, low: 0)

    /// - Returns: `nil` unless there are exactly 32 bytes.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        high = UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))
        low = UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt128.self))
    }

    static let byteCount = 32
}

extension StoreID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String { bits.hexadecimal }
}

extension BootID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits, without hyphens.
    public var description: String { bits.hexadecimal }
}

extension ChainDigest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public var description: String { high.hexadecimal + low.hexadecimal }
}

/// A place in a journal: everything up to `sequence` has been read.
public struct Cursor: Hashable, Sendable {
    public var store: StoreID
    public var sequence: UInt64

    public init(store: StoreID, sequence: UInt64) {
        self.store = store
        self.sequence = sequence
    }
}

extension Ticket {
    /// The ticket of entries that the store writes about itself; the core never gives it out.
    static let ofStore = Ticket(number: .max)
}

extension UInt128 {
    fileprivate init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 32, let bytes = Hex.bytes(text.utf8) else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    fileprivate var hexadecimal: String { Hex.lower(self, digits: 32) }
}
