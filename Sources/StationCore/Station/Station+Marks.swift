// The station's own word about keys: lost or blocked, over whatever a roster says.

public import EventLoop

/// The tables in which keys are what the station says of them, and what it says.
public struct MarkedTables: Sendable {
    public var marks: KeyMarks
    /// The roster in force; `nil`: there is none.
    public var roster: Roster?
    public var cards: Roster?

    public init(marks: KeyMarks, roster: Roster?, cards: Roster?) {
        (self.marks, self.roster, self.cards) = (marks, roster, cards)
    }

    /// Nobody is known.
    public static let none = MarkedTables(marks: KeyMarks(), roster: nil, cards: nil)
}

extension Station {
    /// So many keys that a roster confirms are told singly, the others by their number.
    static let singleConfirmations = 16

    /// Who is known, and what the station says of them.
    public var keyTables: MarkedTables { MarkedTables(marks: marks, roster: roster, cards: cards) }

    /// What the run before knew. The tables that come say so already.
    public mutating func recalled(_ marks: KeyMarks) { self.marks = marks }

    /// A word about a key is on the medium, and these tables say so: they are in force from now on.
    public mutating func told(
        _ word: KeyWord, of key: ShortText, _ tables: MarkedTables, user: UInt32?,
        by authority: Authority, at now: Instant
    ) {
        let holder = knownKey(key)?.holder ?? .empty
        marks = tables.marks
        if let roster = tables.roster { self.roster = roster }
        if let cards = tables.cards { keep(cards: cards, at: now) }
        suffers(.marksUnusable, false, at: now)
        write(
            .keyTold(word: word, count: 1, user: user, by: authority), key: key, holder: holder,
            at: now)
    }

    /// A roster that is in force has settled what becomes of cards that were enrolled here.
    ///
    /// - Parameters:
    ///   - confirmed: keys that are the roster's now, by the ids that they had here.
    ///   - refused: keys that it does not let in: their cards are none any more.
    public mutating func settled(
        _ cards: Roster, confirmed: [ShortText], refused: [ShortText], by authority: Authority,
        at now: Instant
    ) {
        keep(cards: cards, at: now)
        for key in refused.prefix(Self.singleConfirmations) {
            write(.cardsWithdrawn(user: nil, by: authority), key: key, at: now)
        }
        for key in confirmed.prefix(Self.singleConfirmations) {
            write(.cardsConfirmed(count: 1, by: authority), key: key, at: now)
        }
        let others = confirmed.count - Self.singleConfirmations
        guard others > 0 else { return }
        write(.cardsConfirmed(count: UInt32(others), by: authority), at: now)
    }

    /// The roster that came into force says itself what the station said of these keys.
    public mutating func confirmed(
        _ keys: [ShortText], leaving marks: KeyMarks, by authority: Authority, at now: Instant
    ) {
        self.marks = marks
        for key in keys.prefix(Self.singleConfirmations) {
            write(
                .keyTold(word: .confirmed, count: 1, user: nil, by: authority), key: key,
                holder: knownKey(key)?.holder ?? .empty, at: now)
        }
        let others = keys.count - Self.singleConfirmations
        guard others > 0 else { return }
        write(
            .keyTold(word: .confirmed, count: UInt32(others), user: nil, by: authority), at: now)
    }
}
