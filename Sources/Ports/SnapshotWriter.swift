// Writes one state snapshot on the journal's thread, with the place that the journal has reached.

import Journal
import StationCore

/// Lives for one snapshot: asks where the journal ends, then has the file replaced.
final class SnapshotWriter: JournalReader {
    private let thread: JournalThread
    private let wallAnchor: WallTime
    private let doors: [StateSnapshot.Door]

    init(thread: JournalThread, wallAnchor: WallTime, doors: [StateSnapshot.Door]) {
        self.thread = thread
        self.wallAnchor = wallAnchor
        self.doors = doors
    }

    /// Starts the writing. A full mailbox is no loss: the next change or hour writes again.
    func start() { _ = thread.requestMetrics(request: 0, reply: self) }

    func journal(_ reply: ReaderAnswer, to request: UInt64) {
        guard case .metrics(_, _, let end) = reply else { return }
        // Without an open journal the modes are kept all the same; no store has the id of zeros.
        let last = end ?? Cursor(store: StoreID(bits: 0), sequence: 0)
        let snapshot = StateSnapshot(last: last, wallAnchor: wallAnchor, doors: doors)
        _ = thread.save(snapshot.encoded(), to: StateSnapshot.file, request: 0, reply: self)
    }
}
