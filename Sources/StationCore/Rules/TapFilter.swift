// One tap is one event; guessing is slowed; a flood of strangers is counted, not written.

public import EventLoop

/// Tells a tap from a card that is still lying on the reader.
///
/// Many readers repeat a card while it is held. A repeat within `rearm` of the last one is the same
/// tap; the card has left when it was silent for longer. Two cards in one wallet, read in turn, are
/// two taps and not a tap for every turn.
public struct TapFilter: Sendable {
    /// Longer than any reader's repeat interval seen (200 ms to 400 ms), shorter than a person.
    public static let rearm = Interval.milliseconds(700)

    /// How long a card's bits are kept: as long as they can matter, and as long again for a loop that
    /// is late with its edges. Then they are overwritten.
    public static let retention = rearm + rearm

    /// Cards that may lie on a reader together, as in a wallet.
    public static let together = 4

    private struct Seen: Sendable {
        var credential: Credential
        var at: Instant

        /// No card: written over one that is forgotten, where `nil` would leave its bits in place.
        static let none = Seen(
            credential: Credential(technology: .wiegand, bitCount: 0, bits: 0),
            at: Instant(nanoseconds: .min / 2))

        var isCard: Bool { credential.bitCount > 0 }
    }

    private var seen = InlineArray<4, Seen>(repeating: .none)

    public init() {}

    /// Whether this read begins a tap.
    public mutating func isNewTap(_ credential: Credential, at now: Instant) -> Bool {
        var oldest = 0
        for place in 0..<Self.together {
            let known = seen[place]
            if known.credential == credential {
                seen[place].at = now
                return known.at + Self.rearm < now
            }
            if known.at < seen[oldest].at { oldest = place }
        }
        seen[oldest] = Seen(credential: credential, at: now)
        return true
    }

    /// Overwrites what was not seen for `retention`.
    public mutating func forget(at now: Instant) {
        for place in 0..<Self.together where seen[place].at + Self.retention <= now {
            seen[place] = .none
        }
    }

    /// When `forget` has something to do.
    public var nextDeadline: Instant? {
        var first: Instant?
        for place in 0..<Self.together where seen[place].isCard {
            first = first.map { min($0, seen[place].at) } ?? seen[place].at
        }
        return first.map { $0 + Self.retention }
    }
}

/// Slows guessing: counts unknown credentials only and never delays a known one.
///
/// The first `allowance` unknown taps of a minute are written one by one; the rest are answered
/// with `rateLimited` and written as one count when the minute is over.
public struct UnknownLimiter: Sendable {
    /// Unknown credentials written singly per reader and minute.
    public static let allowance = 10
    public static let window = Interval.seconds(60)

    public enum Answer: Equatable, Sendable {
        /// Write it as its own denial.
        case write
        /// Deny with `rateLimited`; it is part of the count.
        case count
    }

    private var windowEnd: Instant?
    private var seen = 0
    private var counted: UInt32 = 0

    public init() {}

    public mutating func unknownTapped(at now: Instant) -> Answer {
        if windowEnd == nil { windowEnd = now + Self.window }
        seen += 1
        guard seen > Self.allowance else { return .write }
        counted += 1
        return .count
    }

    /// The count to write, when the minute is over and there is one.
    public mutating func expire(at now: Instant) -> UInt32? {
        guard let end = windowEnd, end <= now else { return nil }
        defer { (windowEnd, seen, counted) = (nil, 0, 0) }
        return counted > 0 ? counted : nil
    }

    public var nextDeadline: Instant? { windowEnd }
}
