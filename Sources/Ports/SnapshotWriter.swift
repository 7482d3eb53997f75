// Writes one state snapshot on the journal's thread, with the place that the journal has reached.

import EventLoop
import Journal

/// Lives for one snapshot: asks where the journal ends, then has the file replaced.
final class SnapshotWriter: JournalReader {
    private enum Request {
        static let end: UInt64 = 0
        static let save: UInt64 = 1
    }

    private let thread: JournalThread
    private let snapshot: StateSnapshot
    private let isStamped: Bool
    private let posts: Mailbox<Post>

    /// - Parameter isStamped: whether the state includes everything up to the journal's end.
    init(
        thread: JournalThread, snapshot: StateSnapshot, isStamped: Bool = true,
        posts: Mailbox<Post>
    ) {
        self.thread = thread
        self.snapshot = snapshot
        self.isStamped = isStamped
        self.posts = posts
    }

    /// Starts the writing. How it went is posted as `.snapshotWritten`.
    func start() {
        if !thread.requestMetrics(request: Request.end, reply: self) { tell(false) }
    }

    func journal(_ reply: ReaderAnswer, to request: UInt64) {
        switch reply {
        case .metrics(_, _, let end):
            var snapshot = snapshot
            if isStamped, let end { snapshot.last = end }
            let isTaken = thread.save(
                snapshot.encoded(), to: StateSnapshot.file, request: Request.save, reply: self)
            if !isTaken { tell(false) }
        case .saved: tell(true)
        case .refused: tell(false)
        case .slice, .verification, .grew: break
        }
    }

    private func tell(_ isKept: Bool) { _ = posts.post(.snapshotWritten(isKept)) }
}
