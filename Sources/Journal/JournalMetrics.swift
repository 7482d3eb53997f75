// What the journal counts about itself.

public import EventLoop

/// Counters since the start. All of them only ever grow.
public struct JournalMetrics: Equatable, Sendable {
    /// Transactions that were made durable.
    public internal(set) var commits: UInt64 = 0
    /// Entries that were made durable, the store's own notes included.
    public internal(set) var entries: UInt64 = 0
    /// Bytes given to the medium by commits and checkpoints.
    public internal(set) var bytesWritten: UInt64 = 0
    public internal(set) var checkpoints: UInt64 = 0
    /// Commits and openings that failed.
    public internal(set) var failures: UInt64 = 0
    /// Entries that found no room while the medium failed.
    public internal(set) var lost: UInt64 = 0
    /// Files that were set aside.
    public internal(set) var replaced: UInt64 = 0
    /// From the start of a transaction to its being durable.
    public internal(set) var commitTime = LatencyHistogram()
}

/// How often something took how long, in fixed buckets that double.
public struct LatencyHistogram: Equatable, Sendable {
    /// The first bucket's upper bound, in microseconds; each next one is twice as wide.
    public static let firstBound: Int64 = 64
    /// The last bucket takes everything above 1 s.
    public static let bucketCount = 16

    public private(set) var counts = [UInt64](repeating: 0, count: bucketCount)
    public private(set) var total: UInt64 = 0
    /// The sum of all that was recorded.
    public private(set) var sum = Interval.zero

    /// A bucket's upper bound, or `nil` for the last one, which has none.
    public static func bound(of bucket: Int) -> Interval? {
        bucket < bucketCount - 1 ? .microseconds(firstBound << Int64(bucket)) : nil
    }

    public mutating func record(_ interval: Interval) {
        let bucket = (0..<Self.bucketCount - 1).first { bucket in
            interval.microseconds < Self.firstBound << Int64(bucket)
        }
        counts[bucket ?? Self.bucketCount - 1] += 1
        total += 1
        sum = sum + interval
    }

    /// The upper bound of the bucket in which the share `fraction` (0 to 1) of all lies, or `nil`
    /// when nothing was recorded or it lies in the last bucket.
    public func quantile(_ fraction: Double) -> Interval? {
        guard total > 0 else { return nil }
        var below: UInt64 = 0
        for bucket in counts.indices {
            below += counts[bucket]
            if Double(below) >= fraction * Double(total) { return Self.bound(of: bucket) }
        }
        return nil
    }
}
