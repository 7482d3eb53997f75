// An entry as readers of the journal see it, and a handful of them.

public import StationCore

/// One row of the journal.
public struct StoredEntry: Equatable, Sendable {
    public var store: StoreID
    public var sequence: UInt64
    public var boot: BootID
    /// CLOCK_BOOTTIME when it happened, in nanoseconds.
    public var bootTime: Int64
    /// The wall clock as read then; `quality` says how far to believe it.
    public var wall: WallTime
    public var quality: ClockQuality
    public var entryClass: EntryClass
    /// The event's name, such as `access.granted`.
    public var kind: String
    public var device: String?
    /// The key concerned; `nil` when there was none, or when it was erased.
    public var key: String?
    public var holder: String?
    /// A JSON object; its members depend on `kind`.
    public var payload: String
    public var digest: ChainDigest
    /// Whether identity and salt were erased: retention had ended.
    public var isErased: Bool
}

extension StoredEntry {
    /// The row that `row` stands on, its columns in the order of `Schema.entryColumns`.
    init(_ row: borrowing Statement, store: StoreID) {
        self.store = store
        sequence = UInt64(clamping: row.integer(0))
        boot = BootID(bits: row.wide(2) ?? 0)
        bootTime = row.integer(3)
        wall = WallTime(milliseconds: row.integer(4))
        quality = ClockQuality(rawValue: UInt8(clamping: row.integer(5))) ?? .none
        entryClass = EntryClass(rawValue: UInt8(clamping: row.integer(6))) ?? .p0
        kind = row.text(7)
        device = row.textOrNil(8)
        key = row.textOrNil(9)
        holder = row.textOrNil(10)
        payload = row.text(11)
        isErased = row.isNull(12)
        digest = ChainDigest(row.bytes(14)) ?? .zero
    }
}

extension Statement {
    /// A blob of 16 bytes as one number, or `nil` when it has another length.
    func wide(_ column: Int32) -> UInt128? {
        let bytes = bytes(column)
        guard bytes.count == 16 else { return nil }
        return UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))
    }
}

/// Entries in the order of their sequence, and where to go on.
public struct Slice: Equatable, Sendable {
    public var entries: [StoredEntry]
    /// Ask from here for what follows.
    public var next: Cursor
    /// The newest sequence when this was read.
    public var lastSequence: UInt64
    /// Whether the cursor that was asked for named a store of this file; if not, reading started
    /// at its beginning.
    public var isContinued: Bool

    /// Whether there is more to read right now.
    public var hasMore: Bool { next.sequence < lastSequence }
}
