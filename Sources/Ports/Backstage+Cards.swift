// Crew members at the control socket who wait for a card, and the cards that they are shown.

import Control
import EventLoop
import StationCore

/// Somebody who waits for the next card.
struct CardWatcher {
    let id: RequestID
    /// `nil`: at any reader.
    let reader: DeviceID?
    let deadline: Instant
}

extension Backstage {
    /// How often the core is looked at while somebody watches: no person sees the difference.
    static let cardLook = Interval.milliseconds(50)
    /// More crew members do not stand at one station.
    static let watcherLimit = 8

    func watch(
        _ id: RequestID, _ reader: DeviceID?, until deadline: Instant, station: inout Station
    ) {
        guard watchers.count < Self.watcherLimit else {
            server?.answer(id, CoreAnswer.refused(.busy(what: "loop")))
            return
        }
        if watchers.isEmpty { station.watchCards(true) }
        watchers.append(CardWatcher(id: id, reader: reader, deadline: deadline))
        nextLook = Instant(nanoseconds: 0)
    }

    /// Shows what came, and lets those go who have waited long enough.
    func showCards(_ station: inout Station, at now: Instant) {
        while let card = station.takeWatchedCard() {
            watchers.removeAll { watcher in
                guard watcher.reader ?? card.reader == card.reader else { return false }
                server?.answer(watcher.id, CoreAnswer.card(card))
                return true
            }
        }
        watchers.removeAll { watcher in
            guard watcher.deadline <= now else { return false }
            server?.answer(watcher.id, CoreAnswer.card(nil))
            return true
        }
        nextLook = watchers.isEmpty ? .distantFuture : now + Self.cardLook
        if watchers.isEmpty { station.watchCards(false) }
    }
}
