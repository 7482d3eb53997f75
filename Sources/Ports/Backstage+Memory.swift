// What outlives the run: the snapshot that is kept, and what the journal adds to it at the start.

import EventLoop
import Journal
import StationCore

extension Backstage {
    /// What a start does not know yet, and what the next one is to know.
    struct Recall {
        /// Doors that are locked down because nobody knows how they stood.
        var doubts: DoorSet
        /// Doors of which the snapshot knows more than the journal's entries from before.
        let settled: DoorSet
        /// Guards are taken to stand since nobody knows which of them did.
        let isGuardsDoubtful: Bool
        /// Nobody knows whose any box is.
        let isBoxesDoubtful: Bool
        /// The last roster's version.
        var rosterVersion: UInt64
        /// Read from here on; nil: from the first entry.
        let cursor: Cursor?
        /// How far the snapshot that this start found goes: the next one goes no further, until the
        /// journal has said what came after it.
        let known: Cursor?
        /// The last entry of the run before, once the journal was open.
        var end: UInt64?
        /// When the journal is asked again, if nothing has come of the last time.
        var nextAsk = Instant.distantFuture
        /// An answer may be long in coming, or was lost: each time it is given twice as long.
        var patience = Interval.seconds(60)
        var isDone = false

        /// After a journal that could not be read.
        static let retry = Interval.seconds(10)

        init(_ memory: Memory) {
            doubts = memory.doubts
            settled = memory.settled
            isGuardsDoubtful = memory.guards.isLost
            isBoxesDoubtful = memory.boxes.isLost
            rosterVersion = memory.rosterVersion
            known = memory.known
            cursor = memory.doubts.isEmpty ? memory.known : nil
            // Nothing to look for.
            isDone = memory.isFirstStart
        }
    }

    /// The journal is open: what it knows beyond the snapshot is read, once.
    func journalOpened(at end: UInt64, _ now: Instant) {
        guard !recall.isDone else {
            // A snapshot from before this moment includes no entry.
            nextSnapshot = Instant(nanoseconds: 0)
            return
        }
        recall.end = recall.end ?? end
        askJournal(at: now)
    }

    /// Asks what came after the snapshot.
    func askJournal(at now: Instant) {
        recall.nextAsk = .distantFuture
        guard !recall.isDone, let end = recall.end else { return }
        recall.nextAsk = now + recall.patience
        recall.patience = recall.patience + recall.patience
        JournalRecall(
            thread: journal, names: names, after: recall.cursor, known: recall.known, end: end,
            in: directory, posts: desk.posts
        ).start()
    }

    /// The journal's entries from before the start were read.
    func recalled(_ memory: Recollection?, into station: inout Station, at now: Instant) {
        guard !recall.isDone else { return }
        guard let memory else {
            recall.nextAsk = now + Recall.retry
            return
        }
        recall.isDone = true
        recall.nextAsk = .distantFuture
        for place in memory.modes.indices where !recall.settled.contains(DoorSet(DoorID(place))) {
            let door = DoorID(place)
            let isDoubtful = recall.doubts.contains(DoorSet(door))
            if let known = memory.modes[place] {
                station.recalled(known.mode, of: door, by: known.authority, at: now)
            } else if isDoubtful, memory.isWhole {
                station.recalled(.locked, of: door, by: .lockdown, at: now)
            } else {
                continue
            }
            recall.doubts.remove(DoorSet(door))
        }
        for use in memory.passUses { station.recalled(use) }
        memory.teachGuards(&station, isDoubtful: recall.isGuardsDoubtful, at: now)
        memory.teachBoxes(&station, isDoubtful: recall.isBoxesDoubtful, at: now)
        memory.teachUses(&station, at: now)
        memory.teachPassages(&station, at: now)
        memory.teachQuotas(&station, isSum: recall.known != nil, at: now)
        memory.teachCommands(&station, at: now)
        memory.teachNotice(&station, at: now)
        station.recalledServices(at: now)
        if memory.rosterVersion > recall.rosterVersion {
            recall.rosterVersion = memory.rosterVersion
            _ = desk.clerk.take(.counted(memory.rosterVersion))
        }
        tellDoubts(&station, at: now)
        nextSnapshot = Instant(nanoseconds: 0)
    }

    /// What the next start has to know is kept with the next tick, or a second after the last time:
    /// a bank that many use at once is no reason to write all day.
    private func keepSoon() {
        nextSnapshot = min(nextSnapshot, lastSnapshot + Self.snapshotRest)
    }

    /// What the next start has to know of an entry, and what ends a doubt.
    func note(_ event: Event) {
        switch event.keeping {
        case .now: nextSnapshot = Instant(nanoseconds: 0)
        case .soon: keepSoon()
        case .later: break
        }
        switch event {
        // Of all orders only this one says how a door in doubt stands; the others change its mode,
        // or come to nothing.
        case .commanded(let door, .lockDown, _):
            recall.doubts.remove(DoorSet(door))
            // In a fire it changes no mode, and is what comes after it.
            nextSnapshot = Instant(nanoseconds: 0)
        case .commanded(_, .releaseLockDown, _): nextSnapshot = Instant(nanoseconds: 0)
        case .modeChanged(let door, _, _):
            recall.doubts.remove(DoorSet(door))
        default: break
        }
    }

    func tellDoubts(_ station: inout Station, at now: Instant) {
        station.suffers(.modesUnknown, !recall.doubts.isEmpty, at: now)
    }

    // MARK: Snapshot

    func snapshot(_ station: borrowing Station, last: Cursor?, at now: Instant) -> StateSnapshot {
        StateSnapshot(
            of: station, last: last, rosterVersion: recall.rosterVersion, doubts: recall.doubts,
            settled: recall.isDone ? [] : recall.settled.union(station.commandedDoors),
            hasTotals: !totals.isApart, at: now)
    }

    /// How far the state of this moment includes the journal: as far as the loop was answered.
    /// Until the journal has said what came before this start, no further than the last snapshot.
    var included: Cursor? { recall.isDone ? applied ?? recall.known : recall.known }

    func saveSnapshot(of station: inout Station, at now: Instant) {
        SnapshotWriter(
            thread: journal, snapshot: snapshot(station, last: included, at: now),
            posts: desk.posts
        ).start()
        // Totals of which nothing but a reset is told are kept as often as everything else.
        if totals.isApart { totals.keep(by: now) }
    }

    /// The snapshot is on the medium, or is not: then it is tried again soon.
    func snapshotWritten(_ isKept: Bool, _ station: inout Station, at now: Instant) {
        if !isKept { nextSnapshot = min(nextSnapshot, now + StateSnapshot.retry) }
        isSnapshotFailing = !isKept
        tellKeeping(&station, at: now)
    }

    // MARK: Totals

    public func keepTotals(by due: Instant) { totals.keep(by: due) }

    func saveTotals(of station: inout Station, at now: Instant) {
        station.tookTotals()
        totals.save(
            station.keptTotals, as: mark(of: station, last: included, at: now),
            posts: desk.posts, at: now)
        tellKeeping(&station, at: now)
    }

    /// When totals are kept, for a start that finds them in two places.
    func mark(
        of station: borrowing Station, last: Cursor?, at now: Instant
    ) -> TotalsFile.Mark {
        TotalsFile.Mark(
            last: last, wallAnchor: StateSnapshot.wallAnchor(of: station, at: now))
    }

    func totalsKept(_ isKept: Bool, _ station: inout Station, at now: Instant) {
        // The snapshot says from now on that it does not have them.
        if totals.ended(isKept, at: now) { nextSnapshot = Instant(nanoseconds: 0) }
        tellKeeping(&station, at: now)
    }

    /// A restart would not know what changed.
    private func tellKeeping(_ station: inout Station, at now: Instant) {
        station.suffers(.snapshotFailed, isSnapshotFailing || totals.isFailing, at: now)
    }
}
