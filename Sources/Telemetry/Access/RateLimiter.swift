// How often each client may ask: a bucket of requests that refills steadily.

import NIOCore

/// Token buckets by client. A value without a clock: the caller says when it is.
struct RateLimiter: Sendable {
    private struct Bucket {
        /// Requests that may still come at once.
        var left: Double
        var at: NIODeadline
    }

    private let rate: Double
    private let burst: Double
    private let capacity: Int
    private var buckets: [String: Bucket] = [:]

    /// - Parameters:
    ///   - rate: requests a second, sustained.
    ///   - burst: requests at once after a pause.
    ///   - capacity: clients that are remembered.
    init(
        rate: Double = GatewayLimits.requestsPerSecond,
        burst: Double = GatewayLimits.requestBurst, capacity: Int = GatewayLimits.clients
    ) {
        self.rate = rate
        self.burst = burst
        self.capacity = capacity
    }

    var clients: Int { buckets.count }

    /// Counts a request.
    ///
    /// - Returns: `nil` when it may pass, else how long its client should wait.
    mutating func admit(_ client: String, at now: NIODeadline) -> TimeAmount? {
        if buckets[client] == nil { makeRoom(at: now) }
        var bucket = buckets[client] ?? Bucket(left: burst, at: now)
        bucket.left = level(bucket, at: now)
        bucket.at = now
        defer { buckets[client] = bucket }
        guard bucket.left >= 1 else {
            return .nanoseconds(Int64((1 - bucket.left) / rate * 1e9))
        }
        bucket.left -= 1
        return nil
    }

    private func level(_ bucket: Bucket, at now: NIODeadline) -> Double {
        let seconds = max(0, Double((now - bucket.at).nanoseconds) / 1e9)
        return min(burst, bucket.left + seconds * rate)
    }

    /// Forgets who has a full bucket, for they lose nothing by it, else who was here longest ago.
    private mutating func makeRoom(at now: NIODeadline) {
        guard buckets.count >= capacity else { return }
        let rested = buckets.filter { level($0.value, at: now) >= burst }.map(\.key)
        for client in rested { buckets[client] = nil }
        guard buckets.count >= capacity else { return }
        if let oldest = buckets.min(by: { $0.value.at < $1.value.at }) {
            buckets[oldest.key] = nil
        }
    }
}
