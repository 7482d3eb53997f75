// SQLite's usual file system with a switch that makes writing fail.

import CSQLite
import Glibc
import Testing

/// Registered once under its name; every file of it shares the switch, so its tests run in turn.
enum FaultyFileSystem {
    static let name = "faulty-for-tests"

    /// What the next writes and syncs answer; `SQLITE_OK` lets them through. Read and set by one
    /// test at a time.
    nonisolated(unsafe) static var answer = SQLITE_OK
    /// What syncs alone answer.
    nonisolated(unsafe) static var syncAnswer = SQLITE_OK

    nonisolated(unsafe) private static var usual = sqlite3_vfs_find(nil)!
    /// A database's methods lock, a log's do not; writing and syncing is the same in both.
    nonisolated(unsafe) private static var usualMethods: UnsafePointer<sqlite3_io_methods>?
    nonisolated(unsafe) private static let databaseMethods =
        UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    nonisolated(unsafe) private static let logMethods =
        UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)

    static let register: Void = {
        let faulty = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        faulty.initialize(to: usual.pointee)
        faulty.pointee.zName = UnsafePointer(strdup(name))
        faulty.pointee.pNext = nil
        faulty.pointee.xOpen = { _, path, file, flags, got in
            let code = usual.pointee.xOpen(usual, path, file, flags, got)
            guard code == SQLITE_OK, let file, let opened = file.pointee.pMethods else {
                return code
            }
            usualMethods = opened
            let methods = flags & SQLITE_OPEN_MAIN_DB != 0 ? databaseMethods : logMethods
            methods.initialize(to: opened.pointee)
            methods.pointee.xWrite = { file, bytes, count, offset in
                answer == SQLITE_OK
                    ? usualMethods!.pointee.xWrite(file, bytes, count, offset) : answer
            }
            methods.pointee.xSync = { file, flags in
                guard syncAnswer == SQLITE_OK, answer == SQLITE_OK else {
                    return SQLITE_IOERR | (4 << 8)
                }
                return usualMethods!.pointee.xSync(file, flags)
            }
            file.pointee.pMethods = UnsafePointer(methods)
            return code
        }
        sqlite3_vfs_register(faulty, 0)
    }()

    static func reset() {
        _ = register
        answer = SQLITE_OK
        syncAnswer = SQLITE_OK
    }
}
