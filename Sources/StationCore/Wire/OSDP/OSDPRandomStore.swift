// Random bytes that were handed in and wait for their use.

/// A small stock of random bytes. What was taken is gone from it.
struct OSDPRandomStore: Sendable {
    /// Enough for two handshakes, a key, and a day of back-offs between two deliveries.
    static let capacity = 64
    /// Below this the caller is asked for more: a key and a handshake.
    static let low = 32

    private var bytes: InlineArray<64, UInt8> = InlineArray(repeating: 0)
    private(set) var count = 0

    var isLow: Bool { count < Self.low }

    /// Takes as many as there is room for.
    mutating func add(_ random: RawSpan) {
        for offset in 0..<min(random.byteCount, Self.capacity - count) {
            bytes[count] = random.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            count += 1
        }
    }

    mutating func takeByte() -> UInt8? {
        guard count > 0 else { return nil }
        count -= 1
        defer { bytes[count] = 0 }
        return bytes[count]
    }

    /// Eight bytes, or `nil` when there are fewer.
    mutating func takeLong() -> UInt64? {
        guard count >= 8 else { return nil }
        return (0..<8).reduce(0) { value, _ in value << 8 | UInt64(takeByte() ?? 0) }
    }

    /// Sixteen bytes, or `nil` when there are fewer.
    mutating func takeWide() -> UInt128? {
        guard count >= 16, let high = takeLong(), let low = takeLong() else { return nil }
        return UInt128(high) << 64 | UInt128(low)
    }
}

extension OSDPRandomStore: CustomStringConvertible, CustomReflectable {
    var description: String { "OSDPRandomStore(\(count))" }
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
