// What a bus says of its own times: bounds that hold, and nothing where there is none.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `How long answers took` {
    private func latency(_ milliseconds: [Int64]) -> BusLatency {
        var latency = BusLatency()
        for time in milliseconds { latency.observe(.milliseconds(time)) }
        return latency
    }

    @Test func `is told by a bound that is above it`() {
        #expect(latency([]).share(perMille: 500) == nil)
        #expect(latency([3]).share(perMille: 500) == .below(.milliseconds(4)))
        let mixed = latency(Array(repeating: 3, count: 98) + [900, 900])
        #expect(mixed.share(perMille: 500) == .below(.milliseconds(4)))
        #expect(mixed.share(perMille: 980) == .below(.milliseconds(4)))
        #expect(mixed.share(perMille: 990) == .below(.milliseconds(1_024)))
        #expect(latency([4_000]).share(perMille: 990) == .below(.milliseconds(4_096)))
    }

    @Test func `has no bound where it is longer than all of them`() {
        let slow = latency(Array(repeating: 3, count: 9) + [60_000])
        #expect(slow.share(perMille: 500) == .below(.milliseconds(4)))
        #expect(slow.share(perMille: 990) == .above)
        #expect(slow.upTo(BusLatency.bucketCount - 1).bound == nil)
    }
}
