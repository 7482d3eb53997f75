// When totals are written, and how it goes: one writing at a time, however slow the medium is.

import EventLoop
import Journal
import StationCore

/// What the loop knows of its totals' file. Lives on the loop's thread.
final class TotalsBook {
    /// A writing that takes longer hangs.
    static let longestWriting = Interval.seconds(10)

    let keeper: TotalsKeeper
    /// When totals have to be on their way to the medium; nil: nothing is counted that it lacks.
    private(set) var due: Instant?
    /// Since when some are on their way.
    private(set) var writingSince: Instant?
    /// The file has them, so that the snapshot need not.
    private(set) var isApart: Bool
    /// The last writing came to nothing, or hangs.
    private(set) var isFailing = false

    init(_ memory: Memory) {
        keeper = TotalsKeeper(memory.totalsFile)
        isApart = memory.areTotalsApart
    }

    /// When to look after them next: while some are on their way, no others follow.
    var next: Instant? {
        guard let writingSince else { return due }
        let patience = writingSince + Self.longestWriting
        return isFailing ? due.map { max($0, patience) } : patience
    }

    func keep(by time: Instant) { due = Instant.earlier(due, time) }

    /// Has totals written, or finds that those before hang.
    func save(
        _ totals: [KeptTotal], as mark: TotalsFile.Mark, posts: Mailbox<Post>, at now: Instant
    ) {
        if writingSince != nil { isFailing = true }
        due = nil
        // A station without any has no file of them.
        guard !totals.isEmpty || isApart else { return }
        writingSince = now
        if !keeper.keep(totals, as: mark, posts: posts) {
            isFailing = true
            // It is tried again behind the one that hangs.
            due = now + Self.longestWriting
        }
    }

    /// The end has come: the file has them, or the snapshot has to.
    func ended(keptLast isKept: Bool) { isApart = isKept }

    /// - Returns: whether the file has them for the first time.
    func ended(_ isKept: Bool, at now: Instant) -> Bool {
        writingSince = nil
        isFailing = !isKept
        guard isKept else {
            keep(by: now + StateSnapshot.retry)
            return false
        }
        defer { isApart = true }
        return !isApart
    }
}
