// Whoever holds something to an OSDP reader or a code scanner is answered by its light and sound,
// whatever was decided: who still waits.

import EventLoop
import StationCore

/// Cards and codes, known or not, that have to lead to a sound.
struct ExpectedAnswers {
    /// A grant may wait for its commit, and an order for a busy line.
    static let patience = Interval.seconds(4)

    /// By device: whether it is one of those readers.
    private let answers: [Bool]
    private var waiting: [Witness.Presentation] = []
    /// By device: when something was held to it last.
    private var latest: [Instant?]
    private var seen = 0
    private var heard = 0

    init(_ station: ResolvedStation) {
        answers = station.devices.indices.map { place in
            switch station.devices[place].driver {
            case .osdpReader: true
            // A scanner without a beeper has its door for an answer.
            case .keyboard(let settings):
                settings.formats.isEmpty && station.lines.contains { $0.device == place }
            case .wiegand, .lock, .contact, .button, .pn532, .em4100, .ccid, .osdpBus, .fieldBus,
                .busDevice, .boardDevice:
                false
            }
        }
        latest = Array(repeating: nil, count: answers.count)
    }

    mutating func forget() { waiting.removeAll() }

    /// Takes note of what was held to readers and of what they played, and returns what nobody
    /// answered in time.
    mutating func overdue(
        _ witness: borrowing Witness, patience: Interval, at now: Instant
    ) -> [Witness.Presentation] {
        let (new, played) = (witness.presented - seen, witness.played - heard)
        (seen, heard) = (witness.presented, witness.played)
        if new > 0 {
            for card in witness.presentations.suffix(new) { expect(card) }
        }
        if played > 0 {
            for sound in witness.sounds.suffix(played) {
                // A sound is for whoever came last; who came before has had theirs or never will.
                let last = latest[Int(sound.reader.index)]
                waiting.removeAll { $0.reader == sound.reader && $0.start == last }
            }
        }
        let limit = Self.patience + patience
        guard let first = waiting.first, first.start + limit < now else { return [] }
        let late = waiting.filter { $0.start + limit < now }
        waiting.removeAll { $0.start + limit < now }
        return late.filter { card in
            !witness.isExplained(card.reader, since: card.start)
                && witness.lastChipChange.map { $0 < card.start } ?? true
        }
    }

    private mutating func expect(_ card: Witness.Presentation) {
        let place = Int(card.reader.index)
        guard answers[place] else { return }
        let before = latest[place]
        latest[place] = card.start
        // Too close, both are one affair.
        waiting.removeAll { $0.reader == card.reader && card.start < $0.start + card.distance }
        let isApart = before.map { $0 + card.distance <= card.start } ?? true
        guard card.damage == nil, card.isReadable, isApart else { return }
        waiting.append(card)
    }
}
