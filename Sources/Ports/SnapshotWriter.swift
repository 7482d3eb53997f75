// Writes one state snapshot on the journal's thread.

import EventLoop
import Journal

/// Lives for one snapshot. The place that it claims in the journal is the one that the loop knew
/// when it copied the state: what was committed since then is for the next start to read.
final class SnapshotWriter: JournalReader {
    private let thread: JournalThread
    private let snapshot: StateSnapshot
    private let posts: Mailbox<Post>

    init(thread: JournalThread, snapshot: StateSnapshot, posts: Mailbox<Post>) {
        self.thread = thread
        self.snapshot = snapshot
        self.posts = posts
    }

    /// Starts the writing. How it went is posted as `.snapshotWritten`.
    func start() {
        let isTaken = thread.save(
            snapshot.encoded(), to: StateSnapshot.file, request: 0, reply: self)
        if !isTaken { tell(false) }
    }

    func journal(_ reply: ReaderAnswer, to request: UInt64) {
        switch reply {
        case .saved: tell(true)
        case .refused: tell(false)
        case .slice, .verification, .metrics, .usage, .grew: break
        }
    }

    private func tell(_ isKept: Bool) { _ = posts.post(.snapshotWritten(isKept)) }
}
