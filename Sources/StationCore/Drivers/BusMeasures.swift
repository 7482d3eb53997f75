// What a bus measures of itself: how long boxes take to answer, and how much of its line is used.

public import EventLoop

/// How long answers took, in powers of two of a quarter of a millisecond.
public struct BusLatency: Sendable {
    /// The last one is for everything above the bound of the one before it.
    public static let bucketCount = 16

    private var buckets = InlineArray<16, UInt32>(repeating: 0)
    public private(set) var count: UInt64 = 0
    public private(set) var sum = Interval.zero

    public init() {}

    mutating func observe(_ interval: Interval) {
        let quarters = UInt64(max(0, interval.microseconds)) / 250
        buckets[min(Self.bucketCount - 1, UInt64.bitWidth - quarters.leadingZeroBitCount)] &+= 1
        count &+= 1
        sum = sum + max(.zero, interval)
    }

    /// How many answers took less than a bucket's bound, and that bound; the last one has none.
    public func upTo(_ bucket: Int) -> (count: UInt64, bound: Interval?) {
        let count = (0...bucket).reduce(0) { $0 + UInt64(buckets[$1]) }
        return (count, bucket + 1 < Self.bucketCount ? Self.bound(of: bucket) : nil)
    }

    private static func bound(of bucket: Int) -> Interval { .microseconds(250 << Int64(bucket)) }

    /// What so many of a thousand answers took.
    enum Share: Equatable {
        case below(Interval)
        /// Longer than any bound.
        case above
    }

    /// `nil` without any: nobody knows.
    func share(perMille: UInt64) -> Share? {
        guard count > 0 else { return nil }
        let wanted = (count * perMille + 999) / 1_000
        var sum: UInt64 = 0
        for bucket in 0..<Self.bucketCount - 1 {
            sum += UInt64(buckets[bucket])
            if sum >= wanted { return .below(Self.bound(of: bucket)) }
        }
        return .above
    }
}

/// How much a line is used, over windows of ten seconds.
struct BusLoad: Sendable {
    static let window = Interval.seconds(10)

    private var since: Instant
    private var used = Interval.zero

    init(at now: Instant = Instant(nanoseconds: 0)) { since = now }

    mutating func used(_ spent: Interval) { used = used + max(.zero, spent) }

    /// When the window is over.
    var due: Instant { since + Self.window }

    /// Returns the share of a window that is over, in thousandths, and begins the next.
    mutating func roll(at now: Instant) -> Int64? {
        guard due <= now else { return nil }
        defer { (since, used) = (now, .zero) }
        return perMille(at: now)
    }

    func perMille(at now: Instant) -> Int64 {
        let span = max(1, (now - since).nanoseconds)
        return min(1_000, used.nanoseconds / max(1, span / 1_000))
    }
}
