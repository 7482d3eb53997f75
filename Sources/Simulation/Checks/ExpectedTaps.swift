// Whole cards of known keys must be answered: which ones still wait.

import EventLoop
import StationCore

/// Taps that have to lead to a grant or a denial.
struct ExpectedTaps {
    /// A decision takes microseconds; a late loop and a late hand-over are allowed for.
    static let patience = Interval.seconds(2)
    /// Two cards that come closer than this on one reader may be taken for one, or for none.
    static let distance = Interval.milliseconds(60)
    /// The same card again within this is the same tap.
    static let sameTap = Interval.seconds(2)

    private var waiting: [Witness.Presentation] = []
    private var seen = 0

    mutating func answered(_ key: ShortText, at reader: DeviceID) {
        waiting.removeAll { $0.key == key && $0.reader == reader }
    }

    mutating func forget() { waiting.removeAll() }

    /// Takes note of new cards, and returns those that nobody answered in time.
    mutating func overdue(
        _ witness: borrowing Witness, at now: Instant
    ) -> [Witness.Presentation] {
        let new = witness.presented - seen
        seen = witness.presented
        if new > 0 {
            for card in witness.presentations.suffix(new) { expect(card, witness) }
        }
        guard let first = waiting.first, first.end + Self.patience < now else { return [] }
        let late = waiting.filter { $0.end + Self.patience < now }
        waiting.removeAll { $0.end + Self.patience < now }
        return late.filter { card in
            // A chip that leaves in the middle takes the card along, and so does a reader.
            !witness.isExplained(card.reader, since: card.start)
                && witness.lastChipChange.map { $0 < card.start } ?? true
        }
    }

    private mutating func expect(_ card: Witness.Presentation, _ witness: borrowing Witness) {
        let others = witness.presentations.filter {
            $0.reader == card.reader && !($0.start == card.start && $0.key == card.key)
        }
        let isDisturbed = others.contains { other in
            (other.start < card.end + card.distance && card.start < other.end + card.distance)
                || (other.key == card.key && card.start < other.end + Self.sameTap)
        }
        // A card that comes too close spoils the one before it as well.
        waiting.removeAll {
            $0.reader == card.reader && card.start < $0.end + card.distance
        }
        guard card.damage == nil, card.isReadable, !card.key.isEmpty, !isDisturbed else { return }
        waiting.append(card)
    }
}
