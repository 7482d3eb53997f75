// The journal's answers, and the grants that wait for them.

public import EventLoop

extension Station {
    /// The journal answered.
    public mutating func answered(_ answer: JournalAnswer, at now: Instant) {
        isJournalFull = false
        switch answer {
        case .opened:
            // After a failure only a commit shows that it is over.
            if journalState == .opening { journalState = .open }
        case .committed(let ticket, _):
            journalState = .open
            journalWatch.committed(upTo: ticket, at: now)
            barrier.committed(upTo: ticket, at: now)
            journalCommitted(at: now)
            if enrolmentReader >= 0 { enrolmentWritten(upTo: ticket) }
            if !bookings.isEmpty { booked(upTo: ticket, at: now) }
            if actionsWaiting > 0 { actionsWritten(upTo: ticket, at: now) }
        case .failed:
            journalState = .failed
            barrier.failed()
            raise(.journalFailed, at: now)
        }
        tellWaiting(at: now)
        if holdsGrants { letGo(at: now) }
    }

    /// Hands over what is due and lets go grants that were committed or are late.
    public mutating func letGo(at now: Instant) {
        guard barrier.count > 0 else { return }
        while let outcome = barrier.next(at: now) {
            switch outcome {
            case .release(let grant): release(grant, at: now)
            case .lapse(let grant): lapse(grant, at: now)
            }
        }
        // A deadline of a grant that has left finds nothing to do when it comes; to take it back
        // would cost every tap more than that.
        if let next = barrier.nextDeadline { deadlines.bringForward(barrierOwner, to: next) }
        tellWaiting(at: now)
    }

    /// Writes down that taps stopped waiting for the journal, or wait again.
    @inline(__always)
    private mutating func tellWaiting(at now: Instant) {
        if barrier.isWaiting != isToldWaiting { waitingChanged(at: now) }
    }

    @inline(never)
    private mutating func waitingChanged(at now: Instant) {
        isToldWaiting = barrier.isWaiting
        write(.journalWaiting(barrier.isWaiting), at: now)
    }
}

/// How the journal is, as far as the core knows.
public enum JournalState: String, Sendable {
    case opening
    case open
    case failed
}
