// Opening a journal: pragmas and their read-back, the schema, and what becomes of a damaged file.

import CSQLite
import EventLoop
import StationCore

extension Store {
    /// A file of more pages is not examined page by page at the start: it would take too long.
    /// 8,192 pages are 32 MiB, about a second on a slow card.
    static let examinedPages: Int64 = 8_192
    /// How long that examination may take.
    static let examinationTime = Interval.seconds(2)

    /// Opens the journal, or creates it, or sets a damaged one aside and begins another.
    ///
    /// Throws what mending the surroundings can cure (disk full, no permission, held by another
    /// process); try again later.
    public static func open(_ settings: StoreSettings) throws(JournalError) -> Store {
        do throws(JournalError) {
            return try openFile(settings, replacing: nil)
        } catch {
            guard error.kind == .corrupt else { throw error }
            let name = try setAside(settings.directory)
            return try openFile(settings, replacing: .replaced(setAside: name, reason: error))
        }
    }

    /// Renames a damaged journal, its log first, and returns the file's new name.
    ///
    /// No connection to it may be open.
    static func setAside(_ directory: any StateDirectory) throws(JournalError) -> String {
        let aside = directory.asideName(stem: Store.fileStem, suffix: Store.fileSuffix)
        if let size = directory.size(of: fileName + "-wal"), size > 0 {
            try directory.rename(fileName + "-wal", to: aside + "-wal")
        }
        // It is gone already when an earlier attempt stopped half-way.
        if directory.size(of: fileName) != nil { try directory.rename(fileName, to: aside) }
        try directory.sync()
        return aside
    }

    private static func openFile(
        _ settings: StoreSettings, replacing: Opening?
    ) throws(JournalError) -> Store {
        let isNew = (settings.directory.size(of: fileName) ?? 0) == 0
        let database = try Database(
            path: settings.directory.path(of: fileName), vfs: settings.fileSystem)
        try configure(database, settings)
        var opening = replacing ?? .opened
        if try isEmpty(database) {
            try create(database, settings)
            try settings.directory.sync()
            if replacing == nil { opening = .created }
        } else {
            if !isNew { try examine(database, settings) }
            try migrate(database, settings)
        }
        let statements = try Statements(database)
        var epochs = try readEpochs(database)
        let head = try readHead(database)
        let oldest = try database.integer("SELECT min(sequence) FROM entry") ?? 0
        if let change = try change(database, settings, epochs[epochs.count - 1].id, head) {
            opening = change.opening
            epochs.append(try begin(change.cause, after: epochs, head, database, settings))
        }
        let (usage, chores) = try recall(database, head, settings)
        return Store(
            settings: settings, database: database, statements: statements, epochs: epochs,
            opening: opening, head: head, oldest: UInt64(clamping: oldest), usage: usage,
            chores: chores)
    }

    // MARK: Configuration

    /// Sets every pragma that durability and safety rest on, and reads the vital ones back.
    private static func configure(
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) {
        // Exclusive before the first read: then the log's index is private memory, and no second
        // connection can exist (SQLite 3.7.0 to 3.51.2 may corrupt a log that two share).
        try database.execute("PRAGMA locking_mode=EXCLUSIVE")
        try database.execute("PRAGMA page_size=\(Schema.pageSize)")
        try database.execute("PRAGMA trusted_schema=OFF")
        try database.execute("PRAGMA cell_size_check=ON")
        try database.execute("PRAGMA secure_delete=ON")
        try database.execute("PRAGMA temp_store=MEMORY")
        try database.execute("PRAGMA mmap_size=0")
        try database.execute("PRAGMA cache_size=-1024")
        guard try database.text("PRAGMA journal_mode=WAL") == "wal" else {
            throw JournalError(.notDurable, "journal_mode is not WAL")
        }
        try database.execute("PRAGMA synchronous=FULL")
        guard try database.integer("PRAGMA synchronous") == 2 else {
            throw JournalError(.notDurable, "synchronous is not FULL")
        }
        _ = try database.integer("PRAGMA max_page_count=\(settings.pageLimit)")
    }

    private static func isEmpty(_ database: borrowing Database) throws(JournalError) -> Bool {
        guard try database.integer("SELECT count(*) FROM sqlite_schema") == 0 else { return false }
        return try database.integer("PRAGMA application_id") == 0
    }

    private static func create(
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) {
        let id = settings.random.makeStoreID()
        let created = settings.wall().milliseconds
        try database.execute("BEGIN IMMEDIATE")
        try database.execute(Schema.create)
        try insertMeta("schema", "\(Schema.version)", database)
        try insertMeta("station", settings.station, database)
        try insertMeta("created", "\(created)", database)
        try insertEpoch(
            Epoch(number: 1, id: id, first: 1), created: created, cause: "created", database)
        try database.execute("PRAGMA application_id=\(Schema.applicationID)")
        try database.execute("PRAGMA user_version=\(Schema.version)")
        try database.execute("COMMIT")
    }

    static func insertMeta(
        _ name: String, _ value: String, _ database: borrowing Database
    ) throws(JournalError) {
        let statement = try database.prepare("REPLACE INTO meta(name, value) VALUES(?1, ?2)")
        statement.bind(1, copying: name)
        statement.bind(2, copying: value)
        try statement.run()
    }

    private static func insertEpoch(
        _ epoch: Epoch, created: Int64, cause: String, _ database: borrowing Database
    ) throws(JournalError) {
        let statement = try database.prepare(
            "INSERT INTO store(epoch, id, first, created, cause) VALUES(?1, ?2, ?3, ?4, ?5)")
        statement.bind(1, epoch.number)
        statement.bind(2, copying: epoch.id.description)
        statement.bind(3, Int64(epoch.first))
        statement.bind(4, created)
        statement.bind(5, copying: cause)
        try statement.run()
    }

    // MARK: Examination

    /// Throws `.corrupt` unless this is a sound file of our schema.
    private static func examine(
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) {
        let application = try database.integer("PRAGMA application_id") ?? 0
        let version = try database.integer("PRAGMA user_version") ?? 0
        guard application == Schema.applicationID, (1...Schema.version).contains(version) else {
            throw JournalError(
                .corrupt,
                "a file of application \(application), schema \(version); expected "
                    + "\(Schema.applicationID), \(Schema.version)")
        }
        guard try database.integer("PRAGMA page_count") ?? 0 <= examinedPages else { return }
        let verdict = try within(examinationTime, settings.now, database) {
            handle throws(JournalError) in try handle.text("PRAGMA quick_check(1)")
        }
        if let verdict, verdict != "ok" { throw JournalError(.corrupt, verdict) }
    }

    /// Runs `body` until it ends or the time is up.
    ///
    /// - Returns: `nil` when the time was up first.
    private static func within(
        _ time: Interval, _ now: @escaping @Sendable () -> Instant,
        _ database: borrowing Database,
        _ body: (borrowing Database) throws(JournalError) -> String?
    ) throws(JournalError) -> String? {
        var limit = TimeLimit(now: now, end: now() + time)
        return try withUnsafeMutablePointer(to: &limit) { pointer throws(JournalError) in
            sqlite3_progress_handler(
                database.handle, 10_000,
                { context in
                    guard let limit = context?.assumingMemoryBound(to: TimeLimit.self) else {
                        return 0
                    }
                    return limit.pointee.now() < limit.pointee.end ? 0 : 1
                }, pointer)
            defer { sqlite3_progress_handler(database.handle, 0, nil, nil) }
            do throws(JournalError) {
                return try body(database)
            } catch {
                if error.code & 0xFF == SQLITE_INTERRUPT { return nil }
                throw error
            }
        }
    }

    private struct TimeLimit {
        let now: @Sendable () -> Instant
        let end: Instant
    }

    private static func readEpochs(
        _ database: borrowing Database
    ) throws(JournalError) -> [Epoch] {
        var epochs: [Epoch] = []
        let rows = try database.prepare("SELECT epoch, id, first FROM store ORDER BY epoch")
        while try rows.step() {
            guard let id = StoreID(rows.text(1)), rows.integer(2) > 0 else {
                throw JournalError(.corrupt, "store epoch \(rows.integer(0)) is damaged")
            }
            epochs.append(
                Epoch(number: rows.integer(0), id: id, first: UInt64(rows.integer(2))))
        }
        if epochs.isEmpty { throw JournalError(.corrupt, "the store has no id") }
        return epochs
    }

    private static func readHead(_ database: borrowing Database) throws(JournalError) -> Head {
        let row = try database.prepare(
            "SELECT sequence, digest FROM entry ORDER BY sequence DESC LIMIT 1")
        guard try row.step() else { return Head(sequence: 0, digest: .zero) }
        guard row.integer(0) > 0, row.integer(0) < .max, let digest = ChainDigest(row.bytes(1))
        else { throw JournalError(.corrupt, "the newest entry is damaged") }
        return Head(sequence: UInt64(row.integer(0)), digest: digest)
    }

    // MARK: Epochs

    /// Why the file has to go on under a new id, or `nil`.
    private static func change(
        _ database: borrowing Database, _ settings: StoreSettings, _ id: StoreID, _ head: Head
    ) throws(JournalError) -> (opening: Opening, cause: StoreChange)? {
        if let known = settings.known, known.store == id, known.sequence > head.sequence {
            return (.rewound(missing: known.sequence - head.sequence), .rewound)
        }
        let former = try database.text("SELECT value FROM meta WHERE name = 'station'") ?? ""
        return former == settings.station ? nil : (.renamed(former: former), .renamed)
    }

    private static func begin(
        _ cause: StoreChange, after epochs: [Epoch], _ head: Head,
        _ database: borrowing Database, _ settings: StoreSettings
    ) throws(JournalError) -> Epoch {
        let epoch = Epoch(
            number: epochs[epochs.count - 1].number + 1, id: settings.random.makeStoreID(),
            first: head.sequence + 1)
        try database.execute("BEGIN IMMEDIATE")
        try insertEpoch(
            epoch, created: settings.wall().milliseconds, cause: cause.name, database)
        try insertMeta("station", settings.station, database)
        // What the former station counted is not this one's.
        if cause == .renamed { try forgetTotals(database) }
        try database.execute("COMMIT")
        return epoch
    }
}
