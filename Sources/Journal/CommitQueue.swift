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
/// | `queued` | none |
/// | `lostOne` | an entry of class P2 or P3, perhaps this one, is lost and counted: say so later |
/// | `refused` | nothing changed: keep the entry and offer it again when some have left |
public struct CommitQueue: Sendable {
    /// Entries that may wait: with the medium gone, minutes of a busy station.
    public static let capacity = 4_096

    public enum Admission: Equatable, Sendable {
        case queued
        case lostOne
        case refused
    }

    public let windows: CommitWindows
    /// Entries that were lost and that no entry tells of yet.
    public private(set) var lost: UInt32 = 0
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
    public var isFull: Bool { count == Self.capacity }
    /// Entries for which memory is held.
    var room: Int { entries.capacity }

    /// When the next batch is to be committed, or `nil` when nothing waits.
    public var due: Instant? { isEmpty ? nil : earliest }

    /// The oldest entries, at most `limit`.
    public func first(_ limit: Int) -> ArraySlice<Entry> {
        entries[done..<min(entries.count, done + limit)]
    }

    /// Queues an entry. Full, the newest entry of class P2 or P3 makes room for a P0 or P1.
    ///
    /// - Parameter settled: so many of the oldest may be on the medium already: they stay.
    public mutating func append(
        _ entry: Entry, at now: Instant, sparing settled: Int = 0
    ) -> Admission {
        let isCheap = entry.event.entryClass >= .p2
        var admission = Admission.queued
        if isFull {
            if isCheap {
                loseOne()
                return .lostOne
            }
            guard makeRoom(sparing: settled) else { return .refused }
            admission = .lostOne
        }
        entries.append(entry)
        if isCheap { cheap += 1 }
        earliest = min(earliest, now + windows[entry.event.entryClass])
        return admission
    }

    private mutating func makeRoom(sparing settled: Int) -> Bool {
        let open = entries[min(done + settled, entries.count)...]
        guard cheap > 0, let victim = open.lastIndex(where: { $0.event.entryClass >= .p2 })
        else { return false }
        entries.remove(at: victim)
        cheap -= 1
        loseOne()
        return true
    }

    private mutating func loseOne() {
        if lost < .max { lost += 1 }
    }

    /// An entry that tells of so many losses is on the medium.
    public mutating func toldLosses(_ number: UInt32) { lost -= min(lost, number) }

    /// Forgets the oldest entries: they are on the medium.
    public mutating func removeFirst(_ number: Int) {
        for entry in entries[done..<(done + number)] where entry.event.entryClass >= .p2 {
            cheap -= 1
        }
        done += number
        // With more dead than alive in front, each entry moves at most once on the average.
        if done >= count {
            entries.removeFirst(done)
            done = 0
        }
        if isEmpty { earliest = .distantFuture }
    }
}
