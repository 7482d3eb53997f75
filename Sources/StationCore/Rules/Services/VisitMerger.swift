// Visits 到站人次 of people with a key: one person who taps here and there came once.

public import EventLoop

/// Merges what one holder does into visits, and joins them with a counter's.
///
/// A person with a key passes the counter as well, and must not count twice. So each visit with a
/// key takes its passages off the counter's: every tap at a counted entrance is one, and a holder
/// who is first seen inside, where the door stood open, passed it once too.
public struct VisitMerger: Sendable {
    public enum Limit {
        /// The same holder within so long is still the same visit, counted from the last time that
        /// the holder was seen.
        public static let merge = Interval.seconds(1_800)
        /// Holders who are remembered at once: more than come to a station in half an hour. Beyond
        /// it the one who was seen longest ago is forgotten, and may count anew.
        public static let holders = 1_024
    }

    /// One holder of the last half an hour.
    public struct Seen: Sendable, Equatable {
        public var holder: ShortText
        /// In the clock of the run that recalls it.
        public var at: Instant

        public init(_ holder: ShortText, at: Instant) {
            self.holder = holder
            self.at = at
        }
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        /// Oldest first.
        public var seen: [Seen]
        /// Visits with a key; only grows.
        public var visits: Int64
        /// How often those people passed the counter; only grows.
        public var passages: Int64

        public init(seen: [Seen] = [], visits: Int64 = 0, passages: Int64 = 0) {
            self.seen = seen
            self.visits = visits
            self.passages = passages
        }
    }

    public private(set) var kept: Kept

    /// - Parameter kept: what the run before kept; more than `Limit.holders` are cut.
    public init(_ kept: Kept = Kept()) {
        self.kept = kept
        self.kept.seen = Array(kept.seen.suffix(Limit.holders))
    }

    /// A holder is seen: at a door, or using something.
    ///
    /// - Parameter atEntrance: it is a way in that the counter counts.
    /// - Returns: whether a visit begins. Complexity: O(holders who are remembered).
    public mutating func see(
        _ holder: ShortText, atEntrance: Bool, at now: Instant
    ) -> Bool {
        guard !holder.isEmpty else { return false }
        kept.seen.removeAll { $0.at + Limit.merge <= now }
        let known = kept.seen.firstIndex { $0.holder == holder }
        if let known {
            kept.seen.remove(at: known)
        } else if kept.seen.count == Limit.holders {
            kept.seen.removeFirst()
        }
        kept.seen.append(Seen(holder, at: now))
        if known == nil { kept.visits = kept.visits.addingSaturating(1) }
        if known == nil || atEntrance { kept.passages = kept.passages.addingSaturating(1) }
        return known == nil
    }
}

/// Visits of a span of time, with and without a key.
public struct VisitCount: Sendable, Equatable {
    public var withKey: Int64
    /// `nil`: there is no counter, or it said nothing: 无数据, and not 0.
    public var withoutKey: Int64?

    public init(withKey: Int64, withoutKey: Int64?) {
        self.withKey = withKey
        self.withoutKey = withoutKey
    }

    /// - Parameters:
    ///   - withKey: visits with a key (`VisitMerger.Kept.visits`) of that span.
    ///   - passages: their passages (`VisitMerger.Kept.passages`) of that span.
    ///   - counted: what the counter counted in it, (in + out) / 2; `nil`: it said nothing.
    public init(withKey: Int64, passages: Int64, counted: Int64?) {
        self.withKey = withKey
        withoutKey = counted.map { max(0, $0.subtractingSaturating(passages)) }
    }

    /// All visits; without a counter only those with a key are known, so there is no sum.
    public var all: Int64? { withoutKey.map { withKey.addingSaturating($0) } }
}
