// Reads the journal's entries from before this start, slice by slice, on the journal's thread.

import EventLoop
import Journal

/// Lives until everything was read: the state is the snapshot and the entries after it.
///
/// | it posts | meaning |
/// |---|---|
/// | `.recalled` with a recollection | everything up to the end was read |
/// | `.recalled(nil)` | the journal cannot be read now; it is asked again after a while |
final class JournalRecall: JournalReader, @unchecked Sendable {
    private let thread: JournalThread
    private let cursor: Cursor?
    /// What the snapshot includes, when more than what comes after it is read.
    private let known: Cursor?
    private var isChecking = false
    private let end: UInt64
    private let directory: any StateDirectory
    private let posts: Mailbox<Post>
    // After `start` the journal's thread alone touches it.
    private var memory: Recollection

    /// - Parameters:
    ///   - cursor: the newest entry that is known already; nil: none is, and all are read.
    ///   - known: what the snapshot includes: whether the journal is the one that it knows is asked
    ///     even when everything is read.
    ///   - end: the last sequence of the run before; what follows is known first-hand.
    init(
        thread: JournalThread, names: EntryNames, after cursor: Cursor?, known: Cursor?,
        end: UInt64, in directory: any StateDirectory, posts: Mailbox<Post>
    ) {
        self.thread = thread
        self.cursor = cursor
        self.known = known
        self.end = end
        self.directory = directory
        self.posts = posts
        memory = Recollection(names, counted: known)
    }

    func start() {
        isChecking = cursor == nil && known != nil
        ask(after: isChecking ? known : cursor)
    }

    private func ask(after cursor: Cursor?) {
        let isTaken = thread.requestSlice(
            after: cursor, limit: Store.sliceRows, request: 0, reply: self)
        if !isTaken { finish(nil) }
    }

    private func finish(_ memory: Recollection?) {
        // A word that finds no room is asked for again.
        _ = posts.post(.recalled(memory))
    }

    func journal(_ reply: ReaderAnswer, to request: UInt64) {
        switch reply {
        case .slice(let slice) where isChecking:
            isChecking = false
            if !slice.isContinued { memory.takeGap() }
            ask(after: cursor)
        case .slice(let slice):
            // The snapshot's store is not this one: it says more than entries that it may know.
            if cursor != nil, !slice.isContinued {
                memory.takeGap()
                return finish(memory)
            }
            if end == 0, !directory.hasJournalSetAside { memory.takeNothing() }
            for entry in slice.entries where entry.sequence <= end { memory.take(entry) }
            if slice.entries.isEmpty || slice.next.sequence >= end { return finish(memory) }
            ask(after: slice.next)
        case .refused: finish(nil)
        case .verification, .metrics, .usage, .saved, .grew: break
        }
    }
}
