// Tells a contact that changes without end from one that is used.

import EventLoop

/// Counts raw edges in windows, less those that turned out to be what the contact is for.
struct Chatter: Sendable {
    /// More raw edges than this within `window` and the contact cannot be believed.
    static let edges = 100
    static let window = Interval.seconds(10)

    private var start = Instant(nanoseconds: 0)
    private var count = 0
    private(set) var isFlaky = false

    /// One more. Returns whether it is too many from now on.
    mutating func edge(at now: Instant) -> Bool {
        if start + Self.window < now { (start, count) = (now, 0) }
        count += 1
        guard count >= Self.edges, !isFlaky else { return false }
        isFlaky = true
        return true
    }

    /// So many of the last edges were none that should not have been.
    mutating func forgive(_ edges: Int) { count -= edges }

    /// Returns whether it is over: it is after one whole window with fewer edges.
    mutating func calm(at now: Instant) -> Bool {
        guard isFlaky, start + Self.window <= now else { return false }
        defer { (start, count) = (now, 0) }
        guard count < Self.edges else { return false }
        isFlaky = false
        return true
    }

    var nextDeadline: Instant? { isFlaky ? start + Self.window : nil }
}
