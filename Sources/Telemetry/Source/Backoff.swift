// How long to pause before the next attempt: not for ever, and not all at the same moment.

import NIOCore

/// Decorrelated jitter: each pause is random between the first one and three times the one before.
///
/// Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
struct Backoff {
    private let first: TimeAmount
    private let last: TimeAmount
    private var before: TimeAmount

    init(first: TimeAmount, last: TimeAmount) {
        self.first = first
        self.last = last
        before = first
    }

    /// The next pause, between the first and the last one.
    ///
    /// - Parameter random: makes a number in a range.
    mutating func next(random: (ClosedRange<Int64>) -> Int64) -> TimeAmount {
        let highest = min(last.nanoseconds, before.nanoseconds * 3)
        before = .nanoseconds(random(first.nanoseconds...max(first.nanoseconds, highest)))
        return before
    }

    /// It went well: begin anew.
    mutating func reset() { before = first }
}
