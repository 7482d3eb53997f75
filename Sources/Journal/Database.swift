// One connection to one SQLite file: opening, pragmas, checkpoints. As thin as is safe.

import CSQLite

/// An open connection. Closed, without a checkpoint, when the value ends.
///
/// A close never checkpoints by itself: the file of a damaged store must stay as it was found, and
/// a sound store is checkpointed by its owner, when that costs nobody a wait.
struct Database: ~Copyable {
    let handle: OpaquePointer
    /// How many frames the write-ahead log held after the last commit; SQLite's hook writes it.
    private let frames: UnsafeMutablePointer<Int32>

    /// - Parameter vfs: the name of a registered SQLite file system, or `nil` for the usual one.
    init(path: String, vfs: String?) throws(JournalError) {
        var opened: OpaquePointer?
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &opened, flags, vfs)
        guard code == SQLITE_OK, let opened else {
            let error = Self.error(code, of: opened, "cannot open \(path)")
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        frames = .allocate(capacity: 1)
        frames.initialize(to: 0)
        station_sqlite_switch(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        station_sqlite_switch(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.valueLimit)
        // A hook of our own also means that no commit ever stops to checkpoint.
        sqlite3_wal_hook(
            handle,
            { context, _, _, count in
                context?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            }, frames)
    }

    deinit {
        // Statements may outlive this line; SQLite closes when the last one is finalized.
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_close_v2(handle)
        frames.deallocate()
    }

    /// No value of ours comes near this, so a longer one in a file is a damaged file.
    static let valueLimit: Int32 = 1 << 20

    /// Frames in the write-ahead log after the last commit.
    var logFrames: Int { Int(frames.pointee) }

    /// Runs statements that yield nothing.
    func execute(_ sql: String) throws(JournalError) {
        try check(sqlite3_exec(handle, sql, nil, nil, nil), sql)
    }

    /// A statement to be kept and used again.
    ///
    /// Throws `.corrupt` when the file lacks a table or column that ours have: the SQL is fixed, so
    /// nothing else can be wrong with it.
    func prepare(_ sql: String) throws(JournalError) -> Statement {
        var prepared: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sqlite3_prepare_v3(handle, sql, -1, flags, &prepared, nil)
        if code == SQLITE_ERROR {
            throw JournalError(.corrupt, code: code, Self.error(code, of: handle, sql).what)
        }
        try check(code, sql)
        guard let prepared else { throw JournalError(.unexpected, "no statement in: \(sql)") }
        return Statement(handle: prepared)
    }

    /// The first column of the first row, or `nil` when there is no row.
    func integer(_ sql: String) throws(JournalError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// The first column of the first row as text, or `nil` when there is no row.
    func text(_ sql: String) throws(JournalError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }

    enum Checkpoint {
        /// As far as it goes; the log file keeps its size and is written from its start again.
        case passive
        /// Whole, and the log file is cut to nothing.
        case truncate
    }

    /// Copies the log into the file.
    ///
    /// - Returns: how many pages were copied.
    func checkpoint(_ mode: Checkpoint) throws(JournalError) -> Int {
        var copied: Int32 = 0
        var logged: Int32 = 0
        let how = mode == .passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE
        let before = frames.pointee
        try check(
            sqlite3_wal_checkpoint_v2(handle, nil, how, &logged, &copied), "checkpoint")
        frames.pointee = 0
        return Int(max(before, copied))
    }

    /// Pages written to the log since the last call.
    func takePagesWritten() -> Int {
        var pages: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 1)
        return Int(pages)
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    private func check(_ code: Int32, _ what: String) throws(JournalError) {
        if code != SQLITE_OK { throw Self.error(code, of: handle, what) }
    }

    /// SQLite's result as ours.
    static func error(
        _ code: Int32, of handle: OpaquePointer?, _ what: String
    ) -> JournalError {
        let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
        let kind: JournalError.Kind =
            switch code & 0xFF {
            case SQLITE_FULL: .full
            case SQLITE_IOERR: .inputOutput
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_TOOBIG, SQLITE_MISMATCH,
                SQLITE_CONSTRAINT:
                .corrupt
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: .denied
            default: .unexpected
            }
        return JournalError(kind, code: code, "\(what): \(message)")
    }
}
