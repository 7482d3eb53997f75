// One card, one grant: which presentations were answered with one already.

import EventLoop
import StationCore

/// Presentations that a grant was written for.
struct UsedTaps {
    private struct Tap: Equatable {
        var key: ShortText
        var reader: DeviceID
        var start: Instant
    }

    /// As many as the witness remembers, and more.
    static let capacity = 512

    private var used: [Tap] = []

    /// Takes a presentation for a grant. False: there were cards, and each has had its grant.
    mutating func use(
        _ key: ShortText, at reader: DeviceID, _ witness: borrowing Witness
    ) -> Bool {
        var isKnown = false
        for card in witness.presentations where card.key == key && card.reader == reader {
            isKnown = true
            let tap = Tap(key: key, reader: reader, start: card.start)
            guard !used.contains(tap) else { continue }
            if used.count == Self.capacity { used.removeFirst(Self.capacity / 2) }
            used.append(tap)
            return true
        }
        // A grant without any card is another rule's affair.
        return !isKnown
    }
}
