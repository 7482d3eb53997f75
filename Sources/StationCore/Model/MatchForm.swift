// What the roster holds instead of a card's number.

/// The first 128 bits of HMAC-SHA256(station key, layout ‖ width ‖ value) of a `Number`.
///
/// Tells two numbers apart and tells nothing else to whoever has no station key. Ordered as its
/// bytes are, first to last.
public struct MatchForm: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable public static func < (a: Self, b: Self) -> Bool {
        a.high != b.high ? a.high < b.high : a.low < b.low
    }
}

extension MatchForm: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String {
        Hex.lower(
            [high, low].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
            })
    }
}
