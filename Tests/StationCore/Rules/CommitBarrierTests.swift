// Durable before visible, bounded: who waits, how long, and when waiting ends.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The commit barrier` {
    private let start = Instant(nanoseconds: 0)

    private func grant(_ ticket: UInt64?, deadline: Interval) -> HeldGrant {
        HeldGrant(
            ticket: ticket.map { Ticket(number: $0) }, door: DoorID(0), reader: DeviceID(0),
            of: .key(MatchForm(high: 1, low: ticket ?? 0)), tappedAt: start,
            deadline: start + deadline)
    }

    private func strict() -> CommitBarrier {
        CommitBarrier(JournalSettings(commitWait: .strict))
    }

    @Test func `holds a grant until its entry is durable`() {
        var barrier = CommitBarrier(JournalSettings())
        let grant = grant(5, deadline: .milliseconds(150))
        #expect(barrier.admit(grant) == .held)
        #expect(barrier.next(at: start) == nil)
        barrier.committed(upTo: Ticket(number: 4), at: start)
        #expect(barrier.next(at: start) == nil)
        barrier.committed(upTo: Ticket(number: 5), at: start)
        #expect(barrier.next(at: start) == .release(grant))
        #expect(barrier.next(at: start) == nil)
        #expect(barrier.isWaiting == true)
    }

    @Test func `releases anyway when the journal misses its deadline, and stops waiting`() {
        var barrier = CommitBarrier(JournalSettings())
        let late = grant(1, deadline: .milliseconds(150))
        _ = barrier.admit(late)
        #expect(barrier.nextDeadline == start + .milliseconds(150))
        #expect(barrier.next(at: start + .milliseconds(150)) == .release(late))
        #expect(barrier.isWaiting == false)
        #expect(barrier.admit(grant(2, deadline: .milliseconds(400))) == .releaseNow)
    }

    @Test func `never takes a grant for durable that has no entry`() {
        var barrier = CommitBarrier(JournalSettings())
        let lost = grant(nil, deadline: .milliseconds(150))
        let kept = grant(7, deadline: .milliseconds(160))
        _ = barrier.admit(lost)
        _ = barrier.admit(kept)
        barrier.committed(upTo: Ticket(number: 9), at: start)
        #expect(barrier.isDurable(kept.ticket) == true)
        #expect(barrier.isDurable(lost.ticket) == false)
        #expect(barrier.next(at: start) == nil)
        #expect(barrier.next(at: start + .milliseconds(150)) == .release(lost))
        #expect(barrier.isWaiting == false)
        #expect(barrier.next(at: start + .milliseconds(150)) == .release(kept))
    }

    @Test func `waits again after three commits in a row were on time`() {
        var barrier = CommitBarrier(JournalSettings())
        _ = barrier.admit(grant(1, deadline: .milliseconds(150)))
        _ = barrier.next(at: start + .milliseconds(150))
        for ticket: UInt64 in 2...4 {
            #expect(barrier.isWaiting == false)
            #expect(barrier.admit(grant(ticket, deadline: .seconds(1))) == .releaseNow)
            barrier.committed(upTo: Ticket(number: ticket), at: start + .milliseconds(200))
            _ = barrier.next(at: start + .milliseconds(200))
        }
        #expect(barrier.isWaiting == true)
    }

    @Test func `starts counting anew when one of the three was late`() {
        var barrier = CommitBarrier(JournalSettings())
        barrier.failed()
        for (ticket, isLate) in [(UInt64(1), false), (2, true), (3, false), (4, false)] {
            _ = barrier.admit(grant(ticket, deadline: .seconds(1)))
            let answer = isLate ? start + .seconds(2) : start
            barrier.committed(upTo: Ticket(number: ticket), at: answer)
            while barrier.next(at: answer) != nil {}
        }
        #expect(barrier.isWaiting == false)
    }

    @Test func `never waits while the journal fails`() {
        var barrier = CommitBarrier(JournalSettings())
        barrier.failed()
        #expect(barrier.admit(grant(1, deadline: .milliseconds(150))) == .releaseNow)
    }

    @Test func `of a strict station lapses a grant that cannot be written, and goes on waiting`() {
        var barrier = strict()
        barrier.failed()
        let grant = grant(1, deadline: .seconds(3))
        #expect(barrier.admit(grant) == .held)
        #expect(barrier.next(at: start + .milliseconds(2_999)) == nil)
        #expect(barrier.next(at: start + .seconds(3)) == .lapse(grant))
        #expect(barrier.isWaiting == true)
    }

    @Test func `of a strict station denies when it is full, a bounded one releases`() {
        var bounded = CommitBarrier(JournalSettings())
        var strict = strict()
        for ticket in 0..<UInt64(CommitBarrier.capacity) {
            _ = bounded.admit(grant(ticket + 1, deadline: .seconds(9)))
            _ = strict.admit(grant(ticket + 1, deadline: .seconds(9)))
        }
        #expect(bounded.canAdmit == true)
        #expect(bounded.admit(grant(9_999, deadline: .seconds(9))) == .releaseNow)
        #expect(strict.canAdmit == false)
    }
}
