// A telephone is held before a scanner for seconds, and the scanner says its code again and again.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A showing of a day pass` {
    private let start = Instant(nanoseconds: 1_000_000_000)
    private let release = Interval.seconds(1)

    private func pass(_ nonce: UInt64) -> DayPassID {
        DayPassID(issuer: DayPassIssuer.ID(bits: 7), nonce: nonce)
    }

    @Test(arguments: [Int64(300), 1_000, 3_000, 5_000])
    func `lasts as long as the scanner goes on saying it`(delay: Int64) {
        var filter = PassFilter()
        var now = start
        #expect(filter.isNewShowing(pass(1), at: now) == true)
        filter.letIn(pass(1), for: release, at: now)
        for _ in 0..<20 {
            now = now + .milliseconds(delay)
            #expect(filter.isNewShowing(pass(1), at: now) == false)
        }
        #expect(filter.isNewShowing(pass(1), at: now + .milliseconds(5_001)) == true)
    }

    @Test func `lasts until the door is shut again`() {
        var filter = PassFilter()
        _ = filter.isNewShowing(pass(1), at: start)
        filter.letIn(pass(1), for: .seconds(20), at: start)
        #expect(filter.isNewShowing(pass(1), at: start + .seconds(19)) == false)
        #expect(filter.isNewShowing(pass(1), at: start + .seconds(25)) == true)
    }

    @Test func `that was turned away may be tried again at once`() {
        var filter = PassFilter()
        _ = filter.isNewShowing(pass(1), at: start)
        #expect(filter.isNewShowing(pass(1), at: start + .milliseconds(600)) == false)
        #expect(filter.isNewShowing(pass(1), at: start + .milliseconds(1_400)) == true)
        filter.letIn(pass(1), for: release, at: start + .milliseconds(1_400))
        filter.turnedAway(pass(1), at: start + .milliseconds(1_500))
        #expect(filter.isNewShowing(pass(1), at: start + .milliseconds(2_300)) == true)
    }

    @Test func `is one pass's, and as many as there may be stand beside each other`() {
        var filter = PassFilter()
        for nonce in 0..<UInt64(PassFilter.together) {
            #expect(filter.isNewShowing(pass(nonce), at: start) == true)
            filter.letIn(pass(nonce), for: release, at: start)
        }
        for nonce in 0..<UInt64(PassFilter.together) {
            #expect(filter.isNewShowing(pass(nonce), at: start + .seconds(2)) == false)
        }
        // The pass of zeros is one as well, and nobody's before it comes.
        var fresh = PassFilter()
        let zeros = DayPassID(issuer: DayPassIssuer.ID(bits: 0), nonce: 0)
        #expect(fresh.isNewShowing(zeros, at: Instant(nanoseconds: 0)) == true)
    }
}
