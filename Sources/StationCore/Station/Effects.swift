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
/// | `true` | it will be handed over, in order |
/// | `false` | the journal has been stuck for 4,096 entries; the loss is counted in `lost` |
public struct Outbox: ~Copyable, Sendable {
    /// How many entries may queue while the journal opens or is stuck.
    public static let capacity = 4_096

    @usableFromInline var entries = FixedQueue<Entry>(capacity: Self.capacity)
    /// Entries dropped since the last `takeLost`.
    public private(set) var lost: UInt32 = 0

    public init() {}

    @inlinable public var count: Int { entries.count }
    @inlinable public var isEmpty: Bool { entries.isEmpty }
    /// The entry at a place, 0 for the oldest.
    /// - Precondition: `index` is below `count`.
    @inlinable public subscript(index: Int) -> Entry { entries[index] }

    /// Whether the next entry will be taken.
    public var hasRoom: Bool { !entries.isFull }

    public mutating func append(_ entry: Entry) -> Bool {
        if entries.append(entry) { return true }
        lost += 1
        return false
    }

    /// Removes what the journal took.
    public mutating func removeFirst(_ count: Int) { entries.removeFirst(count) }

    /// The losses to write down, when there is room again.
    public mutating func takeLost() -> UInt32 {
        guard lost > 0, hasRoom else { return 0 }
        defer { lost = 0 }
        return lost
    }
}
