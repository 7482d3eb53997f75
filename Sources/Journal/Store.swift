// The journal's file: one connection that appends, reads and verifies entries, on one thread.

public import EventLoop
import StationCore

/// An open journal.
///
/// Everything here blocks on the medium, so it runs on the journal's thread, or inline in a
/// simulation. A commit is durable when it returns (write-ahead log, `synchronous=FULL`).
public struct Store: ~Copyable {
    public static let fileName = fileStem + fileSuffix
    static let fileStem = "journal"
    static let fileSuffix = ".sqlite"
    /// Rows that one slice reads or verifies at most.
    public static let sliceRows = 64
    /// How long one slice may take before it hands back: a pending commit waits no longer.
    public static let sliceTime = Interval.milliseconds(2)

    /// The newest entry's place and digest; sequence 0 in an empty store.
    public struct Head: Equatable, Sendable {
        public var sequence: UInt64
        public var digest: ChainDigest
    }

    /// An id that entries from `first` on are known by.
    struct Epoch {
        var number: Int64
        var id: StoreID
        var first: UInt64
    }

    let settings: StoreSettings
    let database: Database
    let statements: Statements
    var seal = EntrySeal()
    var salts: SaltPool
    var tickets = TicketMap()
    let names: NameTable
    /// Oldest first, never empty.
    let epochs: [Epoch]
    /// The newest of them: new entries are written under it.
    let epoch: Epoch
    /// What totals are kept of, as long as this station file runs.
    let subjects: [UsageKey]
    var usage: UsageCounter
    /// What a transaction counts; empty between transactions.
    var counted = UsageChange()
    var chores = UsageChoreList()
    /// How the file was found.
    public let opening: Opening
    public internal(set) var head: Head
    /// The oldest entry's sequence; 0 in an empty store.
    public internal(set) var oldest: UInt64

    init(
        settings: StoreSettings, database: consuming Database, statements: consuming Statements,
        epochs: [Epoch], opening: Opening, head: Head, oldest: UInt64, usage: UsageCounter,
        chores: UsageChoreList
    ) {
        self.settings = settings
        self.database = database
        self.statements = statements
        names = NameTable(settings.names)
        self.epochs = epochs
        epoch = epochs[epochs.count - 1]
        self.opening = opening
        self.head = head
        self.oldest = oldest
        subjects = UsageKey.all(settings.names)
        self.usage = usage
        self.chores = chores
        salts = SaltPool(settings.random)
    }

    /// The id that new entries are written under.
    public var id: StoreID { epoch.id }

    /// Everything there is has been read.
    public var end: Cursor { Cursor(store: id, sequence: head.sequence) }

    // MARK: Looking after the file

    /// Frames in the write-ahead log: what a checkpoint has to copy, in pages of 4 KiB.
    public var logFrames: Int { database.logFrames }

    /// Copies the log into the file, and returns how many pages that wrote.
    public mutating func checkpoint() throws(JournalError) -> Int {
        try database.checkpoint(.passive)
    }

    /// Copies the log into the file and cuts it: the last thing before the store is closed.
    public mutating func finish() throws(JournalError) {
        _ = try database.checkpoint(.truncate)
    }

    /// Pages of 4 KiB that commits wrote since the last call.
    mutating func takePagesWritten() -> Int { database.takePagesWritten() }
}

/// The statements that a store keeps prepared.
struct Statements: ~Copyable {
    let begin: Statement
    let commit: Statement
    let rollback: Statement
    let insert: Statement
    let slice: Statement
    let digest: Statement
    let usage: UsageTables

    /// Throws `.corrupt` when the file's tables are not ours.
    init(_ database: borrowing Database) throws(JournalError) {
        // Locals first: a value without copies cannot be abandoned half made.
        let begin = try database.prepare("BEGIN IMMEDIATE")
        let commit = try database.prepare("COMMIT")
        let rollback = try database.prepare("ROLLBACK")
        let insert = try database.prepare(
            "INSERT INTO entry(\(Schema.entryColumns)) "
                + "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)")
        let slice = try database.prepare(
            "SELECT \(Schema.entryColumns) FROM entry "
                + "WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence LIMIT ?3")
        let digest = try database.prepare("SELECT digest FROM entry WHERE sequence = ?1")
        let usage = try UsageTables(database)
        self.begin = begin
        self.commit = commit
        self.rollback = rollback
        self.insert = insert
        self.slice = slice
        self.digest = digest
        self.usage = usage
    }
}

/// Random salts, fetched from their source many at a time.
struct SaltPool: ~Copyable {
    private static let room = 64

    private let source: any RandomSource
    private let memory = UnsafeMutableRawBufferPointer.allocate(
        byteCount: room * EntrySeal.saltLength, alignment: 16)
    private var used = 0
    private var filled = 0

    init(_ source: any RandomSource) { self.source = source }

    deinit { memory.deallocate() }

    /// The next salt, valid until the next call. `expected` more will follow soon.
    mutating func next(expected: Int) -> UnsafeRawBufferPointer {
        if used == filled {
            filled = min(max(expected, 1), Self.room)
            used = 0
            source.fill(.init(rebasing: memory[..<(filled * EntrySeal.saltLength)]))
        }
        let start = used * EntrySeal.saltLength
        used += 1
        return UnsafeRawBufferPointer(rebasing: memory[start..<start + EntrySeal.saltLength])
    }
}
