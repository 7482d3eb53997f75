// What the core counts: plain numbers, read by metrics, never by rules.

public import EventLoop

/// Counts since the start of this run.
public struct Counters: Sendable {
    public var edges: UInt64 = 0
    public var edgesLost: UInt64 = 0
    /// Bytes that came from channels.
    public var bytesReceived: UInt64 = 0
    /// Orders that no channel took: it was closed, or could not keep up.
    public var ordersLost: UInt64 = 0
    public var taps: UInt64 = 0
    public var grants: UInt64 = 0
    /// By `Denial.rawValue`.
    public var denials = InlineArray<32, UInt64>(repeating: 0)
    /// By `ReadDiagnosis.rawValue`.
    public var diagnoses = InlineArray<17, UInt64>(repeating: 0)
    public var releases: UInt64 = 0
    /// Releases that no longer waited for their commit.
    public var undurableReleases: UInt64 = 0
    /// Orders to devices that ended, by `ActionOutcome.rawValue`.
    public var actions = InlineArray<5, UInt64>(repeating: 0)
    public var entries: UInt64 = 0
    public var entriesLost: UInt64 = 0
    /// From a credential's last edge to its release.
    public var releaseLatency = Histogram()

    public init() {}
}

/// Counts of intervals in powers of two of a microsecond: bucket `n` holds those below 2^n us.
public struct Histogram: Sendable {
    public static let bucketCount = 24

    public private(set) var buckets = InlineArray<24, UInt64>(repeating: 0)
    public private(set) var count: UInt64 = 0
    /// The sum of everything observed, in microseconds.
    public private(set) var sumMicroseconds: UInt64 = 0

    public init() {}

    public mutating func observe(_ interval: Interval) {
        let microseconds = UInt64(max(0, interval.microseconds))
        let bucket = min(Self.bucketCount - 1, UInt64.bitWidth - microseconds.leadingZeroBitCount)
        buckets[bucket] += 1
        count += 1
        sumMicroseconds &+= microseconds
    }
}
