// So many a minute are written, the rest is one count, and a flood ends a minute after its last.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A limiter of floods` {
    private let start = Instant(nanoseconds: 0)

    @Test func `writes its allowance a minute and counts the rest`() {
        var limiter = FloodLimiter(allowance: 10)
        let answers = (0..<25).map { _ in limiter.sees(at: start) }
        #expect(
            answers == Array(repeating: .write, count: 10) + Array(repeating: .count, count: 15))
        #expect(limiter.expire(at: start + .seconds(59)) == .init(count: nil, isOver: false))
        #expect(limiter.expire(at: start + .seconds(60)).count == 15)
        #expect(limiter.sees(at: start + .seconds(61)) == .write)
    }

    @Test func `has nothing to say after a calm minute`() {
        var limiter = FloodLimiter(allowance: 10)
        _ = limiter.sees(at: start)
        #expect(limiter.expire(at: start + .seconds(60)) == .init(count: nil, isOver: false))
        #expect(limiter.nextDeadline == nil)
    }

    @Test func `says that a flood is over a minute after the last that it counted`() {
        var limiter = FloodLimiter(allowance: 1)
        _ = limiter.sees(at: start)
        _ = limiter.sees(at: start + .seconds(50))
        #expect(limiter.nextDeadline == start + .seconds(60))
        #expect(limiter.expire(at: start + .seconds(60)) == .init(count: 1, isOver: false))
        #expect(limiter.nextDeadline == start + .seconds(110))
        #expect(limiter.expire(at: start + .seconds(110)) == .init(count: nil, isOver: true))
        #expect(limiter.nextDeadline == nil)
    }

    @Test func `sums amounts and stops at the largest number`() {
        var limiter = FloodLimiter(allowance: 1)
        for _ in 0..<3 { _ = limiter.sees(7, at: start) }
        #expect(limiter.flush() == 14)
        #expect(limiter.flush() == nil)
        for _ in 0..<3 { _ = limiter.sees(.max, at: start) }
        #expect(limiter.flush() == .max)
    }
}
