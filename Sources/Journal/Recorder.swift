// Takes entries, commits them in groups, goes on when the medium does not: the journal's policy.

public import EventLoop
public import StationCore

/// The journal without a thread: a queue, a store, and what to do when.
///
/// Its owner calls `advance` whenever `nextDeadline` has come: a thread with the monotonic clock,
/// or a simulation with its own. Opening, commits and checkpoints block on the medium inside it.
public struct Recorder: ~Copyable {
    /// Entries in one transaction: enough to be cheap, few enough that nobody waits long.
    public static let batchLimit = 256
    /// The log is copied into the file once it has grown to this and nothing is going on ...
    public static let idleFrames = 512
    /// ... for this long,
    public static let idleTime = Interval.seconds(1)
    /// or, however busy, at this size (8 MiB).
    public static let forcedFrames = 2_048
    /// The first pause after a failure; it doubles up to `longestPause`.
    public static let firstPause = Interval.milliseconds(100)
    public static let longestPause = Interval.seconds(10)
    /// So many failures in a row, and the file is closed and opened again.
    public static let reopenAfter = 3

    private let settings: StoreSettings
    private var store: Store?
    private var queue: CommitQueue
    /// Nothing is tried before this.
    private var restUntil: Instant?
    private var failuresInARow = 0
    private var lastCommit = Instant(nanoseconds: 0)
    /// What the store has to say about itself with its next commit.
    private var notes: [Event] = []
    private var isDamaged = false
    /// A loss or damage that the core was not told of yet.
    private var owesFailure = false
    /// Commits that failed since the last one that did not.
    private var doubtful = DoubtfulCommits()
    /// The last opening that people should hear of, until it is taken.
    private var news: Opening?
    private var counted = JournalMetrics()
    private var recent = RecentTimes()

    public init(settings: StoreSettings, windows: CommitWindows = CommitWindows()) {
        self.settings = settings
        queue = CommitQueue(windows: windows)
    }

    // MARK: Writing

    /// Queues an entry for its commit.
    ///
    /// A full queue drops health entries and says afterwards how many. What is more precious is
    /// never dropped here, so that whatever was taken and is no health entry is committed in turn.
    ///
    /// | returns | the caller's duty |
    /// |---|---|
    /// | true | none |
    /// | false | the queue is full: keep the entry, and offer it again after the next commit |
    public mutating func take(_ entry: Entry, at now: Instant) -> Bool {
        switch queue.append(entry, at: now, sparing: doubtful.entries) {
        case .queued: return true
        case .refused: return false
        case .lostOne:
            counted.lost += 1
            owesFailure = true
            return true
        }
    }

    /// Entries that wait for their commit.
    public var waiting: Int { queue.count }
    /// Whether the next entry finds room only if a health entry leaves.
    public var isFull: Bool { queue.isFull }
    /// Entries that were lost and that no entry tells of yet.
    public var untold: Int { Int(queue.lost) }

    /// When `advance` has something to do.
    public var nextDeadline: Instant? {
        if owesFailure { return Instant(nanoseconds: .min) }
        if let restUntil { return restUntil }
        guard store != nil else { return Instant(nanoseconds: .min) }
        return [queue.due, checkpointDue, choreDue].compactMap { $0 }.min()
    }

    private var choreDue: Instant? {
        switch store {
        case .none: nil
        case .some(let store): store.choreDue
        }
    }

    private var checkpointDue: Instant? {
        let frames: Int
        switch store {
        case .none: return nil
        case .some(let store): frames = store.logFrames
        }
        if frames >= Self.forcedFrames { return lastCommit }
        return frames >= Self.idleFrames ? lastCommit + Self.idleTime : nil
    }

    /// Does one thing that is due: opens the file, commits a batch, or copies the log.
    ///
    /// - Returns: whether something was due; call again until it was not.
    public mutating func advance(
        to now: Instant, _ answer: (JournalAnswer) -> Void
    ) -> Bool {
        if owesFailure {
            owesFailure = false
            answer(.failed)
            return true
        }
        if let restUntil, now < restUntil { return false }
        do throws(JournalError) {
            restUntil = nil
            if isDamaged { try setAside() }
            guard store != nil else {
                try open(answer)
                return true
            }
            if let due = queue.due, due <= now {
                try commit(answer)
            } else if let due = checkpointDue, due <= now {
                try checkpoint()
            } else if let due = choreDue, due <= now {
                try store?.doChore(at: now)
                countPages()
            } else {
                return false
            }
            failuresInARow = 0
        } catch {
            fail(error, at: now)
            answer(.failed)
        }
        return true
    }

    private mutating func open(_ answer: (JournalAnswer) -> Void) throws(JournalError) {
        var opened = try Store.open(settings)
        // What was written before may never have been synced: whoever wrote it failed or died. A
        // checkpoint syncs the log first, and nothing is believed or shown until it has.
        if opened.opening != .created { _ = try opened.checkpoint() }
        let (opening, end) = (opened.opening, opened.end)
        store = consume opened
        switch opening {
        case .created, .opened: break
        case .replaced:
            counted.replaced += 1
            tell(.corrupt, opening)
        case .rewound: tell(.rewound, opening)
        case .renamed: tell(.renamed, opening)
        }
        answer(.opened(lastSequence: end.sequence))
        settleDoubts(end, answer)
    }

    /// A commit that failed may be in the file all the same: its log was written and only the sync
    /// was not confirmed. Writing it again would put its entries there twice.
    private mutating func settleDoubts(_ end: Cursor, _ answer: (JournalAnswer) -> Void) {
        guard let done = doubtful.durable(upTo: end) else { return doubtful.removeAll() }
        doubtful.removeAll()
        let upTo = queue.first(done.entries).last?.ticket
        queue.removeFirst(done.entries)
        notes.removeFirst(min(notes.count, done.notes))
        queue.toldLosses(done.lost)
        counted.commits += 1
        counted.entries += UInt64(done.total)
        if let upTo { answer(.committed(upTo: upTo, lastSequence: end.sequence)) }
    }

    private mutating func tell(_ change: StoreChange, _ opening: Opening) {
        notes.append(.storeReplaced(cause: change))
        news = opening
    }

    private mutating func commit(_ answer: (JournalAnswer) -> Void) throws(JournalError) {
        let batch = queue.first(Self.batchLimit)
        let lost = queue.lost
        let start = settings.now()
        guard let before = end else { return }
        doubtful.append(
            .init(notes: notes.count, entries: batch.count, lost: lost), after: before)
        var notes = notes
        if lost > 0 { notes.append(.entriesLost(count: lost)) }
        guard let done = try store?.commit(batch.span, notes: notes) else { return }
        doubtful.removeAll()
        lastCommit = settings.now()
        counted.commitTime.record(lastCommit - start)
        recent.record(lastCommit - start)
        counted.commits += 1
        counted.entries += UInt64(batch.count + notes.count)
        countPages()
        self.notes.removeAll(keepingCapacity: true)
        queue.toldLosses(lost)
        queue.removeFirst(batch.count)
        if let upTo = done.upTo {
            answer(.committed(upTo: upTo, lastSequence: done.lastSequence))
        }
    }

    private mutating func countPages() {
        counted.bytesWritten += UInt64(store?.takePagesWritten() ?? 0) * UInt64(Schema.pageSize)
    }

    private mutating func checkpoint() throws(JournalError) {
        let pages = try store?.checkpoint() ?? 0
        counted.checkpoints += 1
        counted.bytesWritten += UInt64(pages) * UInt64(Schema.pageSize)
    }

    // MARK: Failing

    private mutating func fail(_ error: JournalError, at now: Instant) {
        counted.failures += 1
        failuresInARow += 1
        lastError = error
        if error.kind == .corrupt {
            isDamaged = store != nil
            if isDamaged, failuresInARow == 1 { return }
        } else if failuresInARow >= Self.reopenAfter {
            store = nil
        }
        var pause = Self.firstPause
        for _ in 1..<min(max(failuresInARow, 1), 16) { pause = min(pause * 2, Self.longestPause) }
        restUntil = now + pause
    }

    /// What failed last, for the log and for people.
    public private(set) var lastError: JournalError?

    /// Closes a damaged file and renames it; the next step opens a new one.
    private mutating func setAside() throws(JournalError) {
        store = nil
        let name = try Store.setAside(settings.directory)
        isDamaged = false
        counted.replaced += 1
        let reason = lastError ?? JournalError(.corrupt, "damaged")
        tell(.corrupt, .replaced(setAside: name, reason: reason))
    }

    /// How the file was last found, if people should know and were not told.
    public mutating func takeNews() -> Opening? {
        defer { news = nil }
        return news
    }

    // MARK: Reading

    /// Counters and the state of the moment; looks at the file's size.
    public var metrics: JournalMetrics {
        var metrics = counted
        metrics.recent = recent.summary
        metrics.isFailing = failuresInARow > 0
        for name in [Store.fileName, Store.fileName + "-wal"] {
            metrics.fileBytes += UInt64(settings.directory.size(of: name) ?? 0)
        }
        switch store {
        case .none: break
        case .some(let store):
            metrics.head = store.head.digest
            metrics.oldest = store.oldest
        }
        return metrics
    }

    /// Commits and openings that failed, since the start.
    public var failures: UInt64 { counted.failures }

    /// Where the journal ends now, or `nil` while it is not open.
    public var end: Cursor? {
        switch store {
        case .none: nil
        case .some(let store): store.end
        }
    }

    /// A slice of entries; see `Store.read`.
    public mutating func read(after cursor: Cursor?, limit: Int) throws(JournalError) -> Slice {
        try reading { store throws(JournalError) in try store.read(after: cursor, limit: limit) }
    }

    public mutating func beginVerification(
        from first: UInt64, to last: UInt64
    ) throws(JournalError) -> Verification {
        try reading { store throws(JournalError) in
            try store.beginVerification(from: first, to: last)
        }
    }

    public mutating func advance(_ verification: inout Verification) throws(JournalError) {
        try reading { store throws(JournalError) in try store.advance(&verification) }
    }

    public mutating func beginReading(
        _ question: UsageQuestion
    ) throws(JournalError) -> UsageReading {
        try reading { store throws(JournalError) in store.beginReading(question) }
    }

    public mutating func advance(_ usage: inout UsageReading) throws(JournalError) {
        try reading { store throws(JournalError) in try store.advance(&usage) }
    }

    /// Damage that a reader meets is damage: the file is set aside at the next step.
    private mutating func reading<Result>(
        _ body: (inout Store) throws(JournalError) -> Result
    ) throws(JournalError) -> Result {
        guard store != nil else {
            let failure = failuresInARow > 0 ? lastError : nil
            throw failure ?? JournalError(.closed, "the journal is not open")
        }
        do throws(JournalError) {
            return try body(&store!)
        } catch {
            if error.kind == .corrupt {
                lastError = error
                isDamaged = true
                owesFailure = true
            }
            throw error
        }
    }

    // MARK: Ending

    /// Commits everything that waits, however soon after a failure: the end is near.
    ///
    /// - Returns: whether all of it was written.
    public mutating func commitAll(_ answer: (JournalAnswer) -> Void) -> Bool {
        do throws(JournalError) {
            if store == nil, !queue.isEmpty { try open(answer) }
            while store != nil, !queue.isEmpty { try commit(answer) }
            return true
        } catch {
            lastError = error
            counted.failures += 1
            return false
        }
    }

    /// Commits what waits, copies the log, and closes the file.
    ///
    /// - Returns: how many entries could not be written.
    public mutating func close(_ answer: (JournalAnswer) -> Void) -> Int {
        if commitAll(answer) {
            do throws(JournalError) {
                try store?.finish()
            } catch {
                lastError = error
                counted.failures += 1
            }
        }
        store = nil
        return queue.count + untold
    }
}
