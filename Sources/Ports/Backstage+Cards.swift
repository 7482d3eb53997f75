// Crew members at the control socket who wait for a card, and the cards that they are shown.

import Control
import EventLoop
import StationCore

/// Somebody who waits for the next card.
struct CardWatcher {
    let id: RequestID
    let wish: CardWish
    /// The number of the last card that they saw, or that came before them.
    let after: UInt64
    let deadline: Instant
}

extension Backstage {
    /// How often the core is looked at while somebody watches: no person sees the difference.
    static let cardLook = Interval.milliseconds(50)
    /// More crew members do not stand at one station.
    static let watcherLimit = 8
    /// Cards are kept so long for whoever asks on: time to read one, and to present the next.
    static let cardMemory = Interval.seconds(10)

    func watch(_ id: RequestID, _ wish: CardWish, station: inout Station, at now: Instant) {
        guard watchers.count < Self.watcherLimit else {
            server?.answer(id, CoreAnswer.refused(.busy(what: "loop")))
            return
        }
        station.watchCards(true)
        // A number of an earlier run, or of nobody, begins here and now.
        let newest = station.newestCard
        let after = wish.after.map { $0 <= newest ? $0 : newest } ?? newest
        watchers.append(
            CardWatcher(id: id, wish: wish, after: after, deadline: now + wish.patience))
        nextLook = Instant(nanoseconds: 0)
    }

    /// Whoever asked has left, and makes room at once.
    func leaveWatch(_ id: RequestID, at now: Instant) {
        watchers.removeAll { watcher in
            guard watcher.id == id else { return false }
            server?.answer(id, CoreAnswer.card(nil, next: watcher.after))
            return true
        }
        nextLook = min(nextLook, now)
    }

    /// Shows what came, and lets those go who have waited long enough. Cards go on being kept for a
    /// while, so that whoever asks on misses none.
    func showCards(_ station: inout Station, at now: Instant) {
        if !watchers.isEmpty { watchedUntil = now + Self.cardMemory }
        var waiting: [CardWatcher] = []
        for watcher in watchers {
            if let (number, card) = station.watchedCard(
                after: watcher.after, at: watcher.wish.reader)
            {
                station.showed(card, to: watcher.wish.person, at: now)
                server?.answer(watcher.id, CoreAnswer.card(card, next: number))
            } else if watcher.deadline <= now {
                server?.answer(watcher.id, CoreAnswer.card(nil, next: watcher.after))
            } else {
                waiting.append(watcher)
            }
        }
        watchers = waiting
        if watchers.isEmpty, watchedUntil <= now {
            station.watchCards(false)
            nextLook = .distantFuture
        } else {
            station.forgetCards(after: Self.cardMemory, at: now)
            nextLook = watchers.isEmpty ? watchedUntil : now + Self.cardLook
        }
    }
}
