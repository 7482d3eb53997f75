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

    /// Cards that may lie on a reader together, as in a wallet.
    public static let together = 4

    private struct Seen: Sendable {
        var credential: Credential
        var at: Instant
    }

    private var seen = InlineArray<4, Seen?>(repeating: nil)

    public init() {}

    /// Whether this read begins a tap.
    public mutating func isNewTap(_ credential: Credential, at now: Instant) -> Bool {
        var oldest = 0
        for place in 0..<Self.together {
            guard let known = seen[place] else {
                oldest = place
                continue
            }
            if known.credential == credential {
                seen[place] = Seen(credential: credential, at: now)
                return known.at + Self.rearm < now
            }
            if let other = seen[oldest], known.at < other.at { oldest = place }
        }
        seen[oldest] = Seen(credential: credential, at: now)
        return true
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
