// Commits of which nobody knows whether they are on the medium: tried, and answered with an error.

/// What was tried since the last commit that worked, all of it on top of the same entry.
///
/// Each attempt wrote its log over the one before, so at most one of them can be in the file. How
/// many entries the file has won when it is opened again says which.
struct DoubtfulCommits {
    struct Attempt: Equatable {
        /// The store's own, without the one that tells of losses.
        var notes: Int
        /// So many of the oldest that waited.
        var entries: Int
        /// Losses that a note told of; none, and there was no such note.
        var lost: UInt32

        var total: Int { notes + entries + (lost > 0 ? 1 : 0) }
    }

    /// Attempts of different sizes that are remembered; a queue that fills gives a few.
    private static let limit = 64

    private var base: Cursor?
    /// Oldest first; one of each size.
    private var attempts: [Attempt] = []

    mutating func append(_ attempt: Attempt, after base: Cursor) {
        if self.base != base { attempts.removeAll(keepingCapacity: true) }
        self.base = base
        attempts.removeAll { $0.total == attempt.total }
        if attempts.count == Self.limit { attempts.removeFirst() }
        attempts.append(attempt)
    }

    /// So many of the oldest entries that wait may be in the file: what stands for them is their
    /// number, so none of them may leave the queue before the file was looked at.
    var entries: Int { attempts.lazy.map(\.entries).max() ?? 0 }

    mutating func removeAll() { attempts.removeAll(keepingCapacity: true) }

    /// The attempt that is in a file which now ends at `end`, or `nil` when none is.
    func durable(upTo end: Cursor) -> Attempt? {
        guard let base, end.store == base.store, end.sequence > base.sequence else { return nil }
        return attempts.last { UInt64($0.total) == end.sequence - base.sequence }
    }
}
