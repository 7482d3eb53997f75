// What the journal counts and knows about itself.

public import EventLoop

/// Counters since the start, which only ever grow, and the state of the moment.
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

    // MARK: The moment

    /// The same of the last few hundred commits; `nil` before the first.
    public internal(set) var recent: RecentTimes.Summary?
    /// The oldest sequence there is, 0 in an empty store.
    public internal(set) var oldest: UInt64 = 0
    /// The chain's head; `nil` while the store is not open.
    public internal(set) var head: ChainDigest?
    /// The size of the file and its log, in bytes.
    public internal(set) var fileBytes: UInt64 = 0
    /// Whether the last thing that was tried failed.
    public internal(set) var isFailing = false
}

/// The last so many durations, for quantiles that follow the present.
public struct RecentTimes: Sendable {
    public static let capacity = 256

    public struct Summary: Equatable, Sendable {
        public var median: Interval
        public var p99: Interval
        public var max: Interval
    }

    private var times: [Interval] = []
    private var next = 0

    public init() { times.reserveCapacity(Self.capacity) }

    public mutating func record(_ time: Interval) {
        if times.count < Self.capacity {
            times.append(time)
        } else {
            times[next] = time
            next = (next + 1) % Self.capacity
        }
    }

    /// Sorts a copy: for somebody who asks, not for every commit.
    public var summary: Summary? {
        guard !times.isEmpty else { return nil }
        let sorted = times.sorted()
        return Summary(
            median: sorted[(sorted.count - 1) / 2], p99: sorted[(sorted.count - 1) * 99 / 100],
            max: sorted[sorted.count - 1])
    }
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
