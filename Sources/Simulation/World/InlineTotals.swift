// The real file of totals without its thread: it writes on the disk in memory, in virtual time.

import EventLoop
import Journal
import StationCore

/// Writes as `TotalsKeeper`'s thread would: one thing at a time, each as long as the disk says.
final class InlineTotals {
    private let disk: MemoryFileSystem
    private var file: TotalsFile
    private var waiting: (totals: [KeptTotal], mark: TotalsFile.Mark)?
    private var busyUntil = Instant(nanoseconds: 0)
    /// The file has them, so that the snapshot need not.
    private(set) var isApart: Bool
    /// The last writing came to nothing.
    private(set) var isFailing = false

    /// What a start finds; `nil`: nobody knows how far totals had got.
    let found: [KeptTotal]?

    init(_ disk: MemoryFileSystem, snapshot: StateSnapshot?, of station: ResolvedStation) {
        self.disk = disk
        let (file, found) = TotalsFile.open(in: MemoryDirectory(disk))
        self.file = file
        let totals = file.totals(found, and: snapshot, of: station)
        self.found = totals
        isApart = if case .kept(let kept) = found { kept == totals } else { false }
    }

    /// Has totals written as soon as those before are; newer ones take the place of what waits.
    func save(_ totals: [KeptTotal], as mark: TotalsFile.Mark, at now: Instant) {
        guard !totals.isEmpty || isApart else { return }
        waiting = (totals, mark)
        advance(to: now)
    }

    func advance(to now: Instant) {
        guard busyUntil <= now, let newest = waiting.take() else { return }
        do throws(JournalError) {
            try file.write(newest.totals, as: newest.mark)
            (isFailing, isApart) = (false, true)
        } catch {
            isFailing = true
        }
        busyUntil = now + disk.takeTime()
    }

    var nextDeadline: Instant? { waiting == nil ? nil : busyUntil }
}
