// One showing of a day pass is one use, however often the scanner says the code.

import EventLoop

/// Tells a new showing from a telephone that is still held before the scanner.
///
/// A scanner says a code that it goes on seeing again after a delay of its own, mostly one to
/// three seconds. Whoever was let in is not asked again while that lasts. Whoever was not may try
/// again at once: what was in the way may be gone.
///
/// Only passes whose signature was good belong here: nobody else's text may stand in for one.
public struct PassFilter: Sendable {
    /// Longer than any scanner's delay between two sayings of one code.
    public static let rearm = Interval.seconds(5)
    /// Telephones that may be shown in turn within that time.
    public static let together = 4

    private struct Seen: Sendable {
        var id: DayPassID
        /// Until then it is the same showing.
        var until: Instant
        var isLetIn: Bool

        static let none = Seen(
            id: DayPassID(issuer: DayPassIssuer.ID(bits: 0), nonce: 0),
            until: Instant(nanoseconds: .min / 2), isLetIn: false)
    }

    private var seen = InlineArray<4, Seen>(repeating: .none)

    public init() {}

    /// Whether this read begins a showing.
    public mutating func isNewShowing(_ id: DayPassID, at now: Instant) -> Bool {
        var oldest = 0
        for place in 0..<Self.together {
            if seen[place].id == id, now <= seen[place].until {
                let rearm = seen[place].isLetIn ? Self.rearm : TapFilter.rearm
                seen[place].until = max(seen[place].until, now + rearm)
                return false
            }
            if seen[place].id == id { seen[place] = .none }
            if seen[place].until < seen[oldest].until { oldest = place }
        }
        seen[oldest] = Seen(id: id, until: now + TapFilter.rearm, isLetIn: false)
        return true
    }

    /// The pass opens the door for so long.
    public mutating func letIn(_ id: DayPassID, for release: Interval, at now: Instant) {
        for place in 0..<Self.together where seen[place].id == id {
            seen[place].isLetIn = true
            seen[place].until = now + max(release, Self.rearm)
        }
    }

    /// It let nobody in after all.
    public mutating func turnedAway(_ id: DayPassID, at now: Instant) {
        for place in 0..<Self.together where seen[place].id == id {
            seen[place].isLetIn = false
            seen[place].until = now + TapFilter.rearm
        }
    }
}
