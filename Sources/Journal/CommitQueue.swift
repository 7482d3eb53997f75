// Entries between the core and the store: in order, bounded, and due when their class says so.

public import EventLoop
public import StationCore

/// How long an entry of each class may wait for its commit.
public struct CommitWindows: Equatable, Sendable {
    public var p0: Interval
    public var p1: Interval
    public var p2: Interval
    public var p3: Interval

    /// P0 at once: while one commit runs, the next batch gathers by itself.
    public init(
        p0: Interval = .zero, p1: Interval = .seconds(1), p2: Interval = .seconds(1),
        p3: Interval = .seconds(60)
    ) {
        self.p0 = p0
        self.p1 = p1
        self.p2 = p2
        self.p3 = p3
    }

    public subscript(entryClass: EntryClass) -> Interval {
        switch entryClass {
        case .p0: p0
        case .p1: p1
        case .p2: p2
        case .p3: p3
        }
    }
}

/// A queue that everything leaves in its order: a precious entry takes along what waits before it.
///
/// | `append` returns | the caller's duty |
/// |---|---|
/// | true | none |
/// | false | an entry was lost and counted in `lost`: say so when writing works again |
public struct CommitQueue: Sendable {
    /// Entries that may wait: with the medium gone, minutes of a busy station.
    public static let capacity = 4_096

    public let windows: CommitWindows
    /// Entries that found no room since this was last set to zero.
    public var lost: UInt32 = 0
    private var entries: [Entry] = []
    /// What was committed already, at the front of `entries`.
    private var done = 0
    /// How many of the waiting ones are of class P2 or P3.
    private var cheap = 0
    /// When the earliest window ends.
    private var earliest = Instant.distantFuture

    public init(windows: CommitWindows = CommitWindows()) {
        self.windows = windows
        entries.reserveCapacity(256)
    }

    public var count: Int { entries.count - done }
    public var isEmpty: Bool { count == 0 }

    /// When the next batch is to be committed, or `nil` when nothing waits.
    public var due: Instant? { isEmpty ? nil : earliest }

    /// The oldest entries, at most `limit`.
    public func first(_ limit: Int) -> ArraySlice<Entry> {
        entries[done..<min(entries.count, done + limit)]
    }

    /// Queues an entry. Full, the newest entry of class P2 or P3 makes room for a P0 or P1.
    public mutating func append(_ entry: Entry, at now: Instant) -> Bool {
        let isCheap = entry.event.entryClass >= .p2
        var kept = true
        if count == Self.capacity {
            lost &+= 1
            kept = false
            guard cheap > 0, !isCheap,
                let victim = entries[done...].lastIndex(where: { $0.event.entryClass >= .p2 })
            else { return false }
            entries.remove(at: victim)
            cheap -= 1
        }
        entries.append(entry)
        if isCheap { cheap += 1 }
        earliest = min(earliest, now + windows[entry.event.entryClass])
        return kept
    }

    /// Forgets the oldest entries: they are on the medium.
    public mutating func removeFirst(_ number: Int) {
        for entry in entries[done..<(done + number)] where entry.event.entryClass >= .p2 {
            cheap -= 1
        }
        done += number
        guard isEmpty else { return }
        entries.removeAll(keepingCapacity: true)
        done = 0
        earliest = .distantFuture
    }
}
