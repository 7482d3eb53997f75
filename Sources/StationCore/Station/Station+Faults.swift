// Faults of the station itself, each told when it begins and when it ends. The journal's are:
//
//   commit fails ──────────► journalFailed ──next commit──► cleared
//   let go undurable, ─────► journalSlow ───taps wait for commits again──► cleared
//   lapsed, or no answer                    (strict: three commits without a lapse)
//   for ten seconds

public import EventLoop

extension Station {
    /// A grant was let go, or lapsed, before it was durable. While the journal fails, that fault
    /// says it already.
    mutating func journalWasLate(at now: Instant) {
        commitsOwed = CommitBarrier.commitsToTrust
        if journalState != .failed { raise(.journalSlow, at: now) }
    }

    /// The journal committed, and the barrier knows.
    mutating func journalCommitted(at now: Instant) {
        guard !ownFaults.isEmpty else { return }
        clear(.journalFailed, at: now)
        guard ownFaults.has(.journalSlow) else { return }
        commitsOwed = max(0, commitsOwed - 1)
        if barrier.isStrict ? commitsOwed == 0 : barrier.isWaiting { clear(.journalSlow, at: now) }
    }

    /// The world handed over the oldest `count` entries, which are still in the outbox.
    mutating func watchJournal(taken count: Int) {
        let count = min(count, outbox.count)
        guard count > 0 else { return }
        // Most stations have no samples in it when somebody taps.
        guard !hasSamples else { return watchJournal(amongSamples: count) }
        watchJournal(from: 0, to: count &- 1)
    }

    @inline(__always)
    private mutating func watchJournal(from first: Int, to last: Int) {
        let (oldest, newest) = (outbox.stamp(of: first), outbox.stamp(of: last))
        let isFirst = journalWatch.handedOver(
            oldest.ticket, at: oldest.at, newest: newest.ticket)
        // A deadline that was set stays: whether it is still meant shows when it comes.
        guard isFirst, deadlines[journalOwner] == nil else { return }
        deadlines.set(journalOwner, to: journalWatch.deadline)
    }

    /// From the first to the last of the oldest `count` entries that the journal answers for soon:
    /// samples may lie for a minute.
    @inline(never)
    private mutating func watchJournal(amongSamples count: Int) {
        hasSamples = count < outbox.count
        let places = 0..<count
        guard let first = places.first(where: { !outbox.isSample($0) }),
            let last = places.last(where: { !outbox.isSample($0) })
        else { return }
        watchJournal(from: first, to: last)
    }

    /// Nobody may have tapped since the journal went silent.
    mutating func lookAtJournal(at now: Instant) {
        if journalWatch.isOverdue(at: now) {
            // While commits fail, that fault says it already.
            if journalState != .failed { raise(.journalSlow, at: now) }
            journalWatch.told(at: now)
        }
        deadlines.set(journalOwner, to: journalWatch.deadline)
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
