// What leaves the core: line values to set, and entries to write.

import EventLoop

/// Something the world shall do now.
public struct LineSetting: Sendable, Equatable {
    public var line: LineID
    public var isActive: Bool

    public init(line: LineID, isActive: Bool) {
        self.line = line
        self.isActive = isActive
    }
}

/// Entries on their way to the journal, bounded; what did not fit is counted, not forgotten.
///
/// | `append` returns | meaning |
/// |---|---|
/// | `taken` | it will be handed over, in order |
/// | `tookAPlace` | so will it; the newest entry of class P2 or P3 is lost for it, and counted |
/// | `full` | the journal has been stuck for 4,096 entries; this one is lost, and counted |
///
/// This is the only place where an entry of class P0 or P1 is ever lost: the journal refuses what
/// it has no room for.
public struct Outbox: ~Copyable, Sendable {
    /// How many entries may queue while the journal opens or is stuck.
    public static let capacity = 4_096

    public enum Admission: Equatable, Sendable {
        case taken
        case tookAPlace
        case full
    }

    @usableFromInline var entries = FixedQueue<Entry>(capacity: Self.capacity)
    /// Entries dropped since the last `takeLost`.
    public private(set) var lost: UInt32 = 0
    /// No entry from this place on can be shed: they were all looked at.
    private var searched = Self.capacity

    public init() {}

    @inlinable public var count: Int { entries.count }
    @inlinable public var isEmpty: Bool { entries.isEmpty }
    /// The entry at a place, 0 for the oldest.
    /// - Precondition: `index` is below `count`.
    @inlinable public subscript(index: Int) -> Entry { entries[index] }

    /// Ticket and time of that entry, without a copy of the rest.
    func stamp(of index: Int) -> (ticket: Ticket, at: Instant) {
        entries.look(at: index) { ($0.ticket, $0.at) }
    }

    func isSample(_ index: Int) -> Bool {
        entries.look(at: index) { $0.event.entryClass == .p3 }
    }

    /// Whether the next entry will be taken, whatever it is.
    public var hasRoom: Bool { !entries.isFull }

    /// Whether the next entry of class P0 or P1 will be taken.
    public mutating func hasRoomForPrecious() -> Bool { hasRoom || lastCheap() != nil }

    public mutating func append(_ entry: Entry) -> Admission {
        if entries.append(entry) { return .taken }
        if lost < .max { lost += 1 }
        guard entry.event.entryClass < .p2, let place = lastCheap() else { return .full }
        entries.remove(at: place)
        _ = entries.append(entry)
        return .tookAPlace
    }

    /// The newest entry that may be shed. What comes while the outbox is full never may, so no
    /// entry is looked at twice before some of them have left.
    private mutating func lastCheap() -> Int? {
        let place = entries.lastIndex(before: searched) { $0.event.entryClass >= .p2 }
        searched = place.map { $0 + 1 } ?? 0
        return place
    }

    /// Removes what the journal took.
    public mutating func removeFirst(_ count: Int) {
        entries.removeFirst(count)
        searched = Self.capacity
    }

    /// The losses to write down, when there is room again.
    public mutating func takeLost() -> UInt32 {
        guard lost > 0, hasRoom else { return 0 }
        defer { lost = 0 }
        return lost
    }
}
