// Which cards lie at a reader that is asked again and again: a card is told when it comes, not when
// it stays.

public import EventLoop

/// Remembers the cards of the last polls. Inline; never allocates.
///
/// A card has left when it was not found for `absences` polls *and* for `absence`: contactless
/// cards at the edge of the field come and go.
public struct CardPresence: Sendable {
    /// Cards that may lie together, as in a wallet; a fifth takes the place of the one seen longest
    /// ago.
    public static let together = 4
    /// So many polls in a row without it.
    public static let absences = 3
    /// Longer than the rules take a repeat for the same tap, so that a new one is never swallowed.
    public static let absence = Interval.milliseconds(800)

    private struct Seen: Sendable {
        var credential: Credential
        var at: Instant
        var missed: Int
    }

    private var seen = InlineArray<4, Seen?>(repeating: nil)

    public init() {}

    /// A poll found this card. Whether it has just come.
    ///
    /// A card that makes up a new UID whenever its power returns is taken for the one that lay
    /// there: it answers each poll with another number.
    public mutating func hasCome(_ credential: Credential, at now: Instant) -> Bool {
        var place = 0
        for index in 0..<Self.together {
            guard let known = seen[index] else {
                place = index
                continue
            }
            let isSame =
                known.credential == credential
                || (known.credential.isRandomUID && credential.isRandomUID)
            if isSame {
                seen[index] = Seen(credential: credential, at: now, missed: -1)
                return false
            }
            if let other = seen[place], known.at < other.at { place = index }
        }
        seen[place] = Seen(credential: credential, at: now, missed: -1)
        return true
    }

    /// Every kind of card was asked for once: whoever did not answer was missed.
    public mutating func pollEnded(at now: Instant) {
        for index in 0..<Self.together {
            guard var known = seen[index] else { continue }
            known.missed += 1
            let hasLeft = known.missed >= Self.absences && now - known.at >= Self.absence
            seen[index] = hasLeft ? nil : known
        }
    }

    /// Nobody knows what lies there.
    public mutating func reset() { seen = InlineArray(repeating: nil) }
}
