// The real journal without its thread: it writes on the disk in memory, and time is virtual.

public import EventLoop
public import Journal
public import StationCore

/// Runs the production `Recorder` as its thread would: one thing at a time, each taking as long as
/// the disk says; the answer comes when the time is over.
public final class InlineJournal {
    /// As many entries as may wait in it.
    public static let capacity = CommitQueue.capacity

    public let disk: MemoryFileSystem
    private var recorder: Recorder
    private var pending: [(at: Instant, answer: JournalAnswer, end: Cursor?)] = []
    /// Where the journal ended when it gave the last answer that was taken.
    public private(set) var answered: Cursor?
    /// The thread is inside SQLite until then.
    private var busyUntil: Instant
    /// Entries taken since the start.
    public private(set) var taken: UInt64 = 0
    /// Entries that the store held when it was first opened.
    public private(set) var found: UInt64?
    /// The snapshot that waits to be written; a newer one takes its place.
    private var snapshot: StateSnapshot?
    private let names: EntryNames
    /// Hears whether a snapshot is on the disk now.
    public var onSnapshot: ((StateSnapshot, _ isKept: Bool) -> Void)?

    public init(
        station: ResolvedStation, disk: MemoryFileSystem, clock: VirtualClock, seed: SplitMix64,
        boot: BootID, known: Cursor? = nil
    ) {
        self.disk = disk
        names = EntryNames(station)
        busyUntil = clock.now
        recorder = Recorder(
            settings: StoreSettings(
                directory: MemoryDirectory(disk), fileSystem: disk.name,
                random: SeededBytes(seed.fork("salts")), now: { clock.now },
                wall: { clock.wall }, station: station.station.id, boot: boot,
                names: names, known: known,
                utcOffset: station.station.utcOffsetMinutes * 60))
    }

    /// Takes entries while there is room. Returns how many it took.
    public func take(_ entries: borrowing [Entry], at now: Instant) -> Int {
        var count = 0
        while count < entries.count, recorder.take(entries[count], at: now) { count += 1 }
        taken += UInt64(count)
        advance(to: now)
        return count
    }

    /// Has the snapshot written as soon as the thread has time for it. What it includes is said in
    /// it: the store's id is this one's.
    public func save(_ snapshot: StateSnapshot, at now: Instant) {
        self.snapshot = snapshot
        advance(to: now)
    }

    private func saveSnapshot(at now: Instant) {
        guard let snapshot = snapshot.take() else { return }
        var isKept = true
        do throws(JournalError) {
            try snapshot.write(in: MemoryDirectory(disk))
        } catch {
            isKept = false
        }
        busyUntil = now + disk.takeTime()
        onSnapshot?(snapshot, isKept)
    }

    /// Lets the journal work until `now`.
    public func advance(to now: Instant) {
        defer { if busyUntil <= now { saveSnapshot(at: now) } }
        while busyUntil <= now, let due = recorder.nextDeadline, due <= now {
            var answers: [JournalAnswer] = []
            let didSomething = recorder.advance(to: now) { answers.append($0) }
            let end = recorder.end
            // SQLite itself takes a little time, the disk the rest.
            busyUntil = now + .microseconds(150) + disk.takeTime()
            for answer in answers {
                pending.append((busyUntil, answer, end))
                if case .opened(let last) = answer, found == nil { found = last }
            }
            guard didSomething else { return }
        }
    }

    /// The next answer that has come by `now`.
    public func takeAnswer(at now: Instant) -> JournalAnswer? {
        guard let first = pending.first, first.at <= now else { return nil }
        pending.removeFirst()
        if let end = first.end { answered = end }
        return first.answer
    }

    /// What the entries after `cursor` say of things that outlive a run, as a start asks it.
    ///
    /// - Parameter end: the last sequence of the run before.
    public func recollect(
        after cursor: Cursor?, upTo end: UInt64, at now: Instant
    ) throws(JournalError) -> Recollection {
        defer { busyUntil = max(busyUntil, now) + disk.takeTime() }
        var memory = Recollection(names)
        if end == 0 { memory.takeNothing() }
        var place = cursor
        while true {
            let slice = try recorder.read(after: place, limit: Store.sliceRows)
            // The snapshot's store is not this one.
            if place != nil, !slice.isContinued {
                memory.takeGap()
                return memory
            }
            for entry in slice.entries where entry.sequence <= end { memory.take(entry) }
            if slice.entries.isEmpty || slice.next.sequence >= end { return memory }
            place = slice.next
        }
    }

    /// When there is an answer to take or work to do.
    public var nextDeadline: Instant? {
        var work = recorder.nextDeadline.map { max($0, busyUntil) }
        if snapshot != nil { work = busyUntil }
        guard let answer = pending.first?.at else { return work }
        return work.map { min($0, answer) } ?? answer
    }

    public var waiting: Int { recorder.waiting }
    public var metrics: JournalMetrics { recorder.metrics }
    public var end: Cursor? { recorder.end }

    /// Reads everything from the store, in slices as a hub would.
    public func readAll() throws(JournalError) -> [StoredEntry] {
        var entries: [StoredEntry] = []
        var cursor: Cursor?
        while true {
            let slice = try recorder.read(after: cursor, limit: Store.sliceRows)
            entries += slice.entries
            guard slice.hasMore, !slice.entries.isEmpty else { return entries }
            cursor = slice.next
        }
    }

    /// Totals, in no order.
    public func usage(_ question: UsageQuestion) throws(JournalError) -> [UsageGroup] {
        var reading = try recorder.beginReading(question)
        while !reading.isFinished { try recorder.advance(&reading) }
        return reading.groups
    }

    /// Verifies the whole chain.
    public func verify() throws(JournalError) -> Verification {
        var verification = try recorder.beginVerification(from: 1, to: .max)
        while !verification.isFinished { try recorder.advance(&verification) }
        return verification
    }

    /// Commits what waits and closes the file. Returns how many entries could not be written.
    public func close() -> Int { recorder.close { _ in } }
}
