// Whether the journal still answers: it may go silent when nobody taps.

public import EventLoop

/// Watches the oldest entry that the journal took and did not answer for yet.
///
/// Only two tickets are kept. When a commit covers the watched entry and not all that came after
/// it, the newest is watched from then on: a silent journal is found after one patience, or two.
struct JournalWatch: Sendable {
    private var watched: Ticket?
    private var since = Instant(nanoseconds: 0)
    private var newest = Ticket(number: 0)

    /// When the watched entry is overdue; `nil` when nothing is watched.
    var deadline: Instant? { watched == nil ? nil : since + Station.journalPatience }

    func isOverdue(at now: Instant) -> Bool { deadline.map { $0 <= now } ?? false }

    /// The journal took entries, from `oldest` to `newest`. Returns whether the oldest is watched
    /// from now on.
    mutating func handedOver(_ oldest: Ticket, at: Instant, newest: Ticket) -> Bool {
        self.newest = newest
        guard watched == nil else { return false }
        (watched, since) = (oldest, at)
        return true
    }

    mutating func committed(upTo ticket: Ticket, at now: Instant) {
        guard let own = watched, own <= ticket else { return }
        watched = ticket < newest ? newest : nil
        since = now
    }

    /// It was told that the watched entry is overdue; it is told again only after as long.
    mutating func told(at now: Instant) { since = now }
}

extension Station {
    /// So long the journal may be silent about an entry, opening the file and the window of the
    /// entry's class included. The window of class P3 is longer: its entries are not watched.
    public static let journalPatience = Interval.seconds(10)
}
