// One journal entry, as the core makes it: trivial to copy, without a reference.

public import EventLoop

/// How precious an entry is; the failure ladder drops the last class first.
public enum EntryClass: UInt8, Comparable, Sendable, CaseIterable {
    /// Access, usage, commands, tamper: committed at once, kept longest.
    case p0 = 0
    /// Alarms and state edges.
    case p1 = 1
    /// Health.
    case p2 = 2
    /// Samples: may wait a minute.
    case p3 = 3

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// An event with its time, its ticket and the identity it concerns.
///
/// The store adds what only it knows: store id, sequence, boot id, salt, commitment and chain.
public struct Entry: Sendable {
    public var ticket: Ticket
    public var at: Instant
    /// The calendar's view at `at`: the wall clock as read and its quality.
    public var wall: WallTime
    public var quality: ClockQuality
    /// CLOCK_BOOTTIME at `at`, in nanoseconds.
    public var bootTime: Int64
    public var event: Event
    /// The key concerned, or empty. Erased with its salt when retention ends.
    public var key: ShortText
    /// The key's holder, or empty. Erased with the key.
    public var holder: ShortText

    public init(
        ticket: Ticket, at: Instant, calendar: Calendar, event: Event,
        key: ShortText = .empty, holder: ShortText = .empty
    ) {
        self.ticket = ticket
        self.at = at
        wall = calendar.wallTime(at: at)
        quality = calendar.quality
        bootTime = calendar.bootTime(at: at)
        self.event = event
        self.key = key
        self.holder = holder
    }
}
