// The last cards that were presented while somebody watches, until they have been seen or are old.

import EventLoop

/// A few cards, each with its number; the newest takes the oldest one's place. What leaves is
/// overwritten, since card numbers live no longer than they are needed.
struct CardTray: Sendable {
    /// More cards do not come between two looks.
    static let capacity = 8

    private var cards = [WatchedCard](repeating: .none, count: capacity)
    /// The number of the last card; they begin at 1.
    private(set) var newest: UInt64 = 0

    /// Puts a card down whose verdict may still change.
    mutating func put(_ card: WatchedCard) {
        newest += 1
        cards[place(of: newest)] = card
    }

    /// What came of the card that was presented there and then.
    mutating func settle(
        _ reader: DeviceID, presentedAt: Instant, as verdict: Verdict?, forEnrolment: Bool
    ) {
        for place in cards.indices
        where cards[place].reader == reader && cards[place].presentedAt == presentedAt {
            if let verdict { cards[place].verdict = verdict }
            cards[place].isForEnrolment = forEnrolment
            cards[place].isSettled = true
        }
    }

    /// The oldest card after a number, at one reader or at any, once it is known what came of it.
    func card(after number: UInt64, at reader: DeviceID?) -> (number: UInt64, card: WatchedCard)? {
        let first = max(number, newest - min(newest, UInt64(Self.capacity))) + 1
        guard first <= newest else { return nil }
        for number in first...newest {
            let place = place(of: number)
            guard cards[place].isThere, reader ?? cards[place].reader == cards[place].reader else {
                continue
            }
            return cards[place].isSettled ? (number, cards[place]) : nil
        }
        return nil
    }

    /// Overwrites what was presented so long ago.
    mutating func forget(after age: Interval, at now: Instant) {
        for place in cards.indices
        where cards[place].isThere && cards[place].presentedAt + age <= now {
            cards[place] = .none
        }
    }

    /// Overwrites everything.
    mutating func wipe() {
        for place in cards.indices { cards[place] = .none }
    }

    private func place(of number: UInt64) -> Int { Int(number % UInt64(Self.capacity)) }
}
