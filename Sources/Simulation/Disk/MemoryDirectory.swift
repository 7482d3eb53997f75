// The state directory on the disk in memory.

import CSQLite
public import Journal

/// A state directory whose files live on a `MemoryFileSystem`, beside SQLite's.
public struct MemoryDirectory: StateDirectory {
    public let disk: MemoryFileSystem

    public init(_ disk: MemoryFileSystem) { self.disk = disk }

    public func path(of name: String) -> String { "/state/" + name }

    public func size(of name: String) -> Int? { disk.file(path(of: name))?.bytes.count }

    public func rename(_ name: String, to newName: String) throws(JournalError) {
        guard let file = disk.file(path(of: name)) else {
            throw JournalError(.denied, "no file \(name)")
        }
        disk.remove(path(of: newName))
        let moved = disk.make(path(of: newName))
        (moved.bytes, moved.undo) = (file.bytes, file.undo)
        disk.remove(path(of: name))
    }

    public func sync() throws(JournalError) {}

    public func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]? {
        guard let file = disk.file(path(of: name)) else { return nil }
        guard file.bytes.count <= limit else {
            throw JournalError(.full, "\(name) has \(file.bytes.count) bytes")
        }
        return file.bytes
    }

    public func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError) {
        guard disk.admit(.write, grows: true) == SQLITE_OK,
            disk.admit(.sync, grows: false) == SQLITE_OK
        else { throw JournalError(.inputOutput, "cannot write \(name)") }
        disk.make(path(of: name)).bytes = Array(parts.joined())
    }

    /// A medium's sector: a power cut tears a write between two of them.
    private static let sector = 512

    public func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError) {
        guard let file = disk.file(path(of: name)), offset + bytes.count <= file.bytes.count else {
            throw JournalError(.denied, "no place in \(name)")
        }
        guard disk.admit(.write, grows: false) == SQLITE_OK else {
            throw JournalError(.inputOutput, "cannot write \(name)")
        }
        for start in stride(from: 0, to: bytes.count, by: Self.sector) {
            Array(bytes.dropFirst(start).prefix(Self.sector)).withUnsafeBytes {
                file.write($0, at: offset + start)
            }
        }
        guard disk.admit(.sync, grows: false) == SQLITE_OK else {
            throw JournalError(.inputOutput, "cannot sync \(name)")
        }
        file.sync()
    }
}
