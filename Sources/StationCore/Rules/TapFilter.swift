// One tap is one event, however often the reader repeats its card.

public import EventLoop

/// Tells a tap from a card that is still lying on the reader.
///
/// Many readers repeat a card while it is held. A repeat within `rearm` of the last one is the same
/// tap; the card has left when it was silent for longer. Two cards in one wallet, read in turn, are
/// two taps and not a tap for every turn.
public struct TapFilter: Sendable {
    /// Longer than any reader's repeat interval seen (200 ms to 400 ms), shorter than a person.
    public static let rearm = Interval.milliseconds(700)

    /// How long a card's bits are kept: as long as they can matter, and as long again for a loop
    /// that is late with its edges. Then they are overwritten.
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
        var first = Instant.distantFuture
        for place in 0..<Self.together where seen[place].isCard && seen[place].at < first {
            first = seen[place].at
        }
        return first == .distantFuture ? nil : first + Self.retention
    }
}
