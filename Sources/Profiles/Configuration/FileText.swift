// Reading small files and folders, with every failure as a finding.

import Glibc
public import StationCore

enum FileText {
    /// Folders with more entries are not ours.
    static let namesLimit = 10_000

    /// The bytes of the checker's file, at most one more than `TreeReader.sizeLimit`.
    static func read(_ checker: Checker) -> [UInt8]? {
        do {
            return try bytes(of: checker.file, limit: TreeReader.sizeLimit + 1)
        } catch {
            checker.report(.start, .unreadable(reason: error.reason))
            return nil
        }
    }

    /// Up to `limit` bytes of a regular file.
    static func bytes(of path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        // O_NONBLOCK: a fifo in place of the file must not hang us.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileFailure(path: path, code: errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileFailure(path: path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileFailure(
                path: path, code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(65_536, limit - bytes.count)
            var got = 0
            let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                got = Glibc.read(file, buffer.baseAddress, wanted)
                count = max(0, got)
            }
            guard got >= 0 else { throw FileFailure(path: path, code: errno) }
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        return bytes
    }

    /// The names in a folder, unsorted; empty when it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < namesLimit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }
}

/// A failed system call on a file.
public struct FileFailure: Error, Equatable, Sendable {
    public let path: String
    /// The errno.
    public let code: Int32

    /// The system's words for it.
    public var reason: SystemError { SystemError(code) }
}

extension FileFailure {
    var isMissing: Bool { code == ENOENT }
}
