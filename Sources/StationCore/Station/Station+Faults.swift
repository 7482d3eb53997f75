// Faults of the station itself, each told when it begins and when it ends. The journal's are:
//
//   commit fails ──────────► journalFailed ──next commit──► cleared
//   released undurable, ───► journalSlow ───taps wait for commits again──► cleared
//   or lapsed                               (strict: three commits without a lapse)

public import EventLoop

extension Station {
    /// A grant was let go, or lapsed, before it was durable. While the journal fails, that fault
    /// says it already.
    mutating func journalWasLate(at now: Instant) {
        commitsSinceLapse = 0
        if journalState != .failed { raise(.journalSlow, at: now) }
    }

    /// The journal committed, and the barrier knows.
    mutating func journalCommitted(at now: Instant) {
        clear(.journalFailed, at: now)
        guard ownFaults.has(.journalSlow) else { return }
        commitsSinceLapse += 1
        let isTrusted =
            barrier.isStrict
            ? commitsSinceLapse >= CommitBarrier.commitsToTrust : barrier.isWaiting
        if isTrusted { clear(.journalSlow, at: now) }
    }

    mutating func raise(_ fault: Fault, at now: Instant) {
        if ownFaults.raise(fault, at: now) { write(.stationFaultRaised(fault), at: now) }
    }

    mutating func clear(_ fault: Fault, at now: Instant) {
        if ownFaults.clear(fault) { write(.stationFaultCleared(fault), at: now) }
    }

    /// The world found a fault of the station itself, or found it over.
    public mutating func suffers(_ fault: Fault, _ stands: Bool, at now: Instant) {
        if stands { raise(fault, at: now) } else { clear(fault, at: now) }
    }

    /// Standing faults of the station itself, with the time each was raised.
    public var faults: [(fault: Fault, since: Instant)] { ownFaults.list }
}
