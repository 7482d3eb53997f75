// SQLite's calls on the disk in memory: sqlite3_vfs and sqlite3_io_methods, in Swift.
//
// Only what a single exclusive connection in WAL mode needs: no locks between processes and no
// shared memory (https://www.sqlite.org/wal.html#noshm).

import CSQLite
import Glibc

/// What SQLite allocates for each open file; it begins as SQLite wants it to.
private struct OpenFile {
    var head: sqlite3_file
    var file: Unmanaged<MemoryFileSystem.File>?
    var disk: Unmanaged<MemoryFileSystem>?
}

private typealias Handle = UnsafeMutablePointer<sqlite3_file>

private func opened(_ handle: Handle?) -> (file: MemoryFileSystem.File, disk: MemoryFileSystem)? {
    guard let handle else { return nil }
    return UnsafeMutableRawPointer(handle).withMemoryRebound(to: OpenFile.self, capacity: 1) {
        guard let file = $0.pointee.file, let disk = $0.pointee.disk else { return nil }
        return (file.takeUnretainedValue(), disk.takeUnretainedValue())
    }
}

private func disk(of system: UnsafeMutablePointer<sqlite3_vfs>?) -> MemoryFileSystem? {
    guard let context = system?.pointee.pAppData else { return nil }
    return Unmanaged<MemoryFileSystem>.fromOpaque(context).takeUnretainedValue()
}

extension MemoryFileSystem {
    static func systemMethods() -> sqlite3_vfs {
        var system = sqlite3_vfs()
        system.iVersion = 1
        system.szOsFile = Int32(MemoryLayout<OpenFile>.size)
        system.mxPathname = 256
        system.xOpen = { system, path, handle, flags, outFlags in
            guard let disk = disk(of: system), let handle else { return SQLITE_CANTOPEN }
            return disk.open(path.map { String(cString: $0) }, handle, flags, outFlags)
        }
        system.xDelete = { system, path, _ in
            guard let disk = disk(of: system), let path else { return SQLITE_IOERR }
            disk.remove(String(cString: path))
            return SQLITE_OK
        }
        system.xAccess = { system, path, _, answer in
            guard let disk = disk(of: system), let path else { return SQLITE_IOERR }
            answer?.pointee = disk.file(String(cString: path)) == nil ? 0 : 1
            return SQLITE_OK
        }
        system.xFullPathname = { _, path, room, target in
            guard let path, let target, strlen(path) < Int(room) else { return SQLITE_CANTOPEN }
            strcpy(target, path)
            return SQLITE_OK
        }
        system.xRandomness = { system, count, target in
            guard let disk = disk(of: system), let target else { return 0 }
            for index in 0..<Int(count) {
                target[index] = CChar(truncatingIfNeeded: disk.chance.below(256))
            }
            return count
        }
        system.xSleep = { _, microseconds in microseconds }
        system.xCurrentTime = { _, day in
            day?.pointee = 2_461_000.5
            return SQLITE_OK
        }
        system.xGetLastError = { _, _, _ in 0 }
        return system
    }

    static func fileMethods() -> sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 1
        methods.xClose = { handle in
            guard let handle else { return SQLITE_OK }
            UnsafeMutableRawPointer(handle).withMemoryRebound(to: OpenFile.self, capacity: 1) {
                $0.pointee.file?.release()
                $0.pointee.file = nil
                $0.pointee.disk?.release()
                $0.pointee.disk = nil
            }
            return SQLITE_OK
        }
        methods.xRead = { handle, target, count, offset in
            guard let (file, _) = opened(handle), let target else { return SQLITE_IOERR }
            let start = min(Int(offset), file.bytes.count)
            let found = min(Int(count), file.bytes.count - start)
            file.bytes.withUnsafeBytes { source in
                guard found > 0, let base = source.baseAddress else { return }
                target.copyMemory(from: base + start, byteCount: found)
            }
            guard found < Int(count) else { return SQLITE_OK }
            memset(target + found, 0, Int(count) - found)
            return SQLITE_IOERR | 2 << 8  // SQLITE_IOERR_SHORT_READ
        }
        methods.xWrite = { handle, source, count, offset in
            guard let (file, disk) = opened(handle), let source else { return SQLITE_IOERR }
            let bytes = UnsafeRawBufferPointer(start: source, count: Int(count))
            let grows = Int(offset) + Int(count) > file.bytes.count
            let code = disk.admit(.write, grows: grows)
            if code == SQLITE_OK { file.write(bytes, at: Int(offset)) }
            return code
        }
        methods.xTruncate = { handle, size in
            guard let (file, disk) = opened(handle) else { return SQLITE_IOERR }
            let code = disk.admit(.truncate, grows: false)
            if code == SQLITE_OK { file.cut(to: Int(size)) }
            return code
        }
        methods.xSync = { handle, _ in
            guard let (file, disk) = opened(handle) else { return SQLITE_IOERR }
            let code = disk.admit(.sync, grows: false)
            if code == SQLITE_OK { file.sync() }
            return code
        }
        methods.xFileSize = { handle, size in
            guard let (file, _) = opened(handle) else { return SQLITE_IOERR }
            size?.pointee = Int64(file.bytes.count)
            return SQLITE_OK
        }
        methods.xLock = { _, _ in SQLITE_OK }
        methods.xUnlock = { _, _ in SQLITE_OK }
        methods.xCheckReservedLock = { _, answer in
            answer?.pointee = 0
            return SQLITE_OK
        }
        methods.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
        methods.xSectorSize = { _ in 4_096 }
        methods.xDeviceCharacteristics = { _ in 0 }
        return methods
    }

    private func open(
        _ path: String?, _ handle: UnsafeMutablePointer<sqlite3_file>, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        handle.pointee.pMethods = nil
        // A file without a name is a temporary one: it lives as long as its handle.
        let found: File
        if let path {
            if let known = file(path) {
                found = known
            } else {
                guard flags & SQLITE_OPEN_CREATE != 0 else { return SQLITE_CANTOPEN }
                found = make(path)
            }
        } else {
            found = File(name: "")
        }
        UnsafeMutableRawPointer(handle).withMemoryRebound(to: OpenFile.self, capacity: 1) {
            $0.pointee.file = .passRetained(found)
            // Each open file keeps its disk: SQLite may close after everybody else let go.
            $0.pointee.disk = .passRetained(self)
        }
        handle.pointee.pMethods = UnsafePointer(methods)
        outFlags?.pointee = flags
        return SQLITE_OK
    }
}
