// The seam to the journal: reads and verifications, asked for and answered as values.

public import EventLoop
public import StationCore

/// What the control socket may ask of the journal.
///
/// | query | answered by |
/// |---|---|
/// | `status` | `.status` |
/// | `read` | `.page`; empty when there is nothing after the cursor |
/// | `verify` | `.verified`; between commits, in slices |
/// | `usage` | `.usage`, in no order; between commits, in slices |
///
/// Any of them may be answered by `.refused`.
public enum JournalQuery: Sendable {
    case status
    case read(after: EntryCursor?, limit: Int)
    case verify(from: Int64?, to: Int64?)
    case usage(UsageQuestion)
}

/// What the journal replies.
public enum JournalReply: Sendable {
    case status(JournalStatus)
    case page(JournalPage)
    case verified(VerificationRecord)
    case usage([UsageGroup])
    case refused(ControlError)
}

/// Takes questions for the journal. Called on the control thread, never blocks.
/// The same table as `CoreDesk` holds.
public protocol JournalDesk: AnyObject, Sendable {
    func ask(_ query: JournalQuery, id: RequestID) -> Bool
}

/// The journal's state at one moment.
public struct JournalStatus: Sendable {
    public enum State: String, CaseIterable, Sendable { case opening, running, slow, failed }

    public var state: State
    public var store: String?
    /// The oldest sequence there is, 0 in an empty store.
    public var oldest: Int64
    /// The last committed sequence, 0 in an empty store.
    public var newest: Int64
    /// The chain's head, hexadecimal.
    public var head: String?
    public var volatile: Bool
    /// Commits since the start.
    public var commits: Int64
    /// The file's size.
    public var bytes: Int64
    /// Of recent commits; `nil` before the first one.
    public var latency: (median: Interval, p99: Interval, max: Interval)?

    public init(
        state: State, store: String?, oldest: Int64, newest: Int64, head: String?,
        volatile: Bool, commits: Int64, bytes: Int64,
        latency: (median: Interval, p99: Interval, max: Interval)?
    ) {
        self.state = state
        self.store = store
        self.oldest = oldest
        self.newest = newest
        self.head = head
        self.volatile = volatile
        self.commits = commits
        self.bytes = bytes
        self.latency = latency
    }
}

/// Entries after a cursor, oldest first.
public struct JournalPage: Sendable {
    public var store: String
    public var oldest: Int64
    public var newest: Int64
    public var entries: [JournaledEntry]
    public var tombstones: [TombstoneRecord]
    /// Where to go on: the last entry or tombstone passed over, else the cursor that was asked.
    public var next: EntryCursor

    public init(
        store: String, oldest: Int64, newest: Int64, entries: [JournaledEntry],
        tombstones: [TombstoneRecord], next: EntryCursor
    ) {
        self.store = store
        self.oldest = oldest
        self.newest = newest
        self.entries = entries
        self.tombstones = tombstones
        self.next = next
    }
}

/// One entry as it is stored.
public struct JournaledEntry: Sendable {
    public var store: String
    public var sequence: Int64
    public var boot: String
    /// CLOCK_BOOTTIME in nanoseconds.
    public var bootTime: Int64
    public var wall: WallTime
    public var quality: ClockQuality
    public var entryClass: EntryClass
    /// `Event.name`.
    public var kind: String
    /// Empty when no device is concerned.
    public var device: String
    /// Empty when nobody is concerned or the identity was erased.
    public var key: String
    public var holder: String
    public var erased: Bool
    /// The payload as stored: a JSON object.
    public var payload: [UInt8]
    /// The chain's digest up to here, hexadecimal.
    public var digest: String

    public init(
        store: String, sequence: Int64, boot: String, bootTime: Int64, wall: WallTime,
        quality: ClockQuality, entryClass: EntryClass, kind: String, device: String,
        key: String, holder: String, erased: Bool, payload: [UInt8], digest: String
    ) {
        self.store = store
        self.sequence = sequence
        self.boot = boot
        self.bootTime = bootTime
        self.wall = wall
        self.quality = quality
        self.entryClass = entryClass
        self.kind = kind
        self.device = device
        self.key = key
        self.holder = holder
        self.erased = erased
        self.payload = payload
        self.digest = digest
    }
}
