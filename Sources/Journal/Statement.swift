// A prepared statement: bind, step, read columns, reset.

import CSQLite

/// A prepared statement, finalized when the value ends.
///
/// Bound memory is not copied: it must stay as it is until `reset`.
struct Statement: ~Copyable {
    private let handle: OpaquePointer

    init(handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    // MARK: Binding; columns count from 1. A bad index is a bug, and `step` reports it.

    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ index: Int32, text: UnsafeRawBufferPointer) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(handle, index, start, Int32(text.count), nil)
    }

    /// Text, or NULL when there is none.
    func bind(_ index: Int32, textOrNull text: UnsafeRawBufferPointer) {
        if text.isEmpty {
            sqlite3_bind_null(handle, index)
        } else {
            bind(index, text: text)
        }
    }

    func bind(_ index: Int32, blob: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), nil)
    }

    /// Text that SQLite copies: for statements that run once in a while.
    func bind(_ index: Int32, copying text: String) {
        let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(handle, index, text, -1, copy)
    }

    /// Bytes that SQLite copies.
    func bind(_ index: Int32, copyingBlob blob: UnsafeRawBufferPointer) {
        let copy = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_blob(handle, index, blob.baseAddress, Int32(blob.count), copy)
    }

    // MARK: Running

    /// Runs to the next row.
    ///
    /// - Returns: whether there is one.
    func step() throws(JournalError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = Database.error(
                code, of: sqlite3_db_handle(handle), String(cString: sqlite3_sql(handle)))
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that yields nothing and makes it ready for the next time.
    func run() throws(JournalError) {
        _ = try step()
        reset()
    }

    /// Ready to be bound and run again. What failed before was said by `step`.
    func reset() { sqlite3_reset(handle) }

    // MARK: Columns; they count from 0, and their memory is SQLite's until the next step.

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The bytes of a text or blob, empty for NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(
            start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    /// Text; malformed UTF-8 is mended.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func textOrNil(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }
}
