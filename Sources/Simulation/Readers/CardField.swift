// The cards that lie in a reader's field, each for a while.

import EventLoop
import StationCore

/// Who is there when.
struct CardField {
    private struct Held {
        var card: Credential
        var from: Instant
        var until: Instant
    }

    private var held: [Held] = []

    mutating func add(_ card: Credential, from: Instant, until: Instant) {
        held.removeAll { $0.until <= from }
        held.append(Held(card: card, from: from, until: until))
    }

    /// The cards there, the first to come first.
    func cards(at now: Instant) -> [Credential] {
        held.filter { $0.from <= now && now < $0.until }.map(\.card)
    }

    func contains(_ card: Credential, at now: Instant) -> Bool {
        held.contains { $0.card == card && $0.from <= now && now < $0.until }
    }

    /// When the first of those that are there leaves.
    func nextLeaving(after now: Instant) -> Instant? {
        held.filter { now < $0.until }.map(\.until).min()
    }
}

extension Credential {
    /// A UID's or an id's bytes, first to last.
    var cardBytes: [UInt8] {
        (0..<Int(bitCount) / 8).reversed().map {
            UInt8(truncatingIfNeeded: bits >> UInt128(8 * $0))
        }
    }
}
