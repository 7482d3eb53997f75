// Commits of which nobody knows whether they are on the medium: tried, and answered with an error.

/// What was tried since the last commit that worked, all of it on top of the same entry.
///
/// Each attempt wrote its log over the one before, so at most one of them can be in the file. How
/// many entries the file has won when it is opened again says which.
struct DoubtfulCommits {
    struct Attempt: Equatable {
        var notes: Int
        var entries: Int
        /// The last note said how many entries were lost.
        var toldLoss: Bool

        var total: Int { notes + entries }
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

    mutating func removeAll() { attempts.removeAll(keepingCapacity: true) }

    /// The attempt that is in a file which now ends at `end`, or `nil` when none is.
    func durable(upTo end: Cursor) -> Attempt? {
        guard let base, end.store == base.store, end.sequence > base.sequence else { return nil }
        return attempts.last { UInt64($0.total) == end.sequence - base.sequence }
    }
}
