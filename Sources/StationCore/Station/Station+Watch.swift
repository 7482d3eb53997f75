// A card as a crew member on site sees it: what it says, whom it belongs to, what the door decides.

import EventLoop

/// A card that was presented while somebody watched. It lives in memory until it was handed over;
/// its number is in no entry, log or metric.
public struct WatchedCard: Sendable {
    public let reader: DeviceID
    /// The door that the reader stands at.
    public let door: DoorID?
    public let credential: Credential
    /// The Wiegand format that the reader recognised.
    public let format: WiegandFormat?
    /// The view by which the roster found it.
    public let view: View?
    /// Empty when the roster does not know it.
    public let key: ShortText
    public let holder: ShortText
    public let verdict: Verdict

    public init(
        reader: DeviceID, door: DoorID?, credential: Credential, format: WiegandFormat?,
        view: View?, key: ShortText, holder: ShortText, verdict: Verdict
    ) {
        self.reader = reader
        self.door = door
        self.credential = credential
        self.format = format
        self.view = view
        self.key = key
        self.holder = holder
        self.verdict = verdict
    }
}

extension Station {
    /// Cards that are kept for a watcher; more do not come between two looks.
    static let watchedCapacity = 8

    /// Somebody begins to watch, or the last one has left: then what was kept is forgotten.
    public mutating func watchCards(_ isWatched: Bool) {
        self.isWatched = isWatched
        watchedCards.removeAll()
    }

    /// The oldest card that nobody was shown yet.
    public mutating func takeWatchedCard() -> WatchedCard? {
        watchedCards.isEmpty ? nil : watchedCards.removeFirst()
    }

    /// Keeps a card with what the door decides of it. A strict station may still deny what is
    /// granted here, when the journal has no room for the grant.
    @inline(never)
    mutating func watch(_ presentation: Presentation, reader: Int, at now: Instant) {
        let door = wiring.door(of: reader)
        let found = key.flatMap { match(presentation, reader: reader, key: $0) }
        let verdict: Verdict =
            if key == nil {
                .denied(.noKey)
            } else if let door {
                decide(found?.record, at: door, now: now)
            } else {
                found == nil ? .denied(.unknown) : .granted(.none)
            }
        if watchedCards.count == Self.watchedCapacity { watchedCards.removeFirst() }
        watchedCards.append(
            WatchedCard(
                reader: DeviceID(reader), door: door, credential: presentation.credential,
                format: presentation.format, view: found?.view, key: found?.record.id ?? .empty,
                holder: found?.record.holder ?? .empty, verdict: verdict))
    }
}
