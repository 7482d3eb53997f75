// Files and links that are either the old ones or the new ones, whenever the power goes.

import Glibc

enum DurableFile {
    /// Writes beside `path`, synchronises, renames over it and synchronises the folder. Everybody
    /// may read it: who writes is root with any umask, and who reads is the station's user.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileFailure) {
        let beside = path + ".new"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw FileFailure(path: beside, code: errno) }
        do throws(FileFailure) {
            guard fchmod(file, 0o644) == 0 else { throw FileFailure(path: beside, code: errno) }
            try writeAll(bytes, to: file, beside)
            guard fsync(file) == 0 else { throw FileFailure(path: beside, code: errno) }
        } catch {
            close(file)
            unlink(beside)
            throw error
        }
        close(file)
        try rename(beside, over: path)
    }

    private static func writeAll(
        _ bytes: [UInt8], to file: Int32, _ path: String
    ) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(file, $0.baseAddress! + written, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(path: path, code: count < 0 ? errno : EIO) }
            written += count
        }
    }

    /// Makes a folder whose parent is there, for everybody to read; one that exists is left as it
    /// is.
    static func makeFolder(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o755) == 0 ? chmod(path, 0o755) == 0 : errno == EEXIST else {
            throw FileFailure(path: path, code: errno)
        }
        try synchronizeFolder(of: path)
    }

    /// Points the symbolic link `path` at `target`, replacing whatever was there.
    static func link(_ path: String, to target: String) throws(FileFailure) {
        let beside = path + ".new"
        // A link that a power cut left behind.
        unlink(beside)
        guard symlink(target, beside) == 0 else { throw FileFailure(path: beside, code: errno) }
        try rename(beside, over: path)
    }

    private static func rename(_ from: String, over path: String) throws(FileFailure) {
        guard Glibc.rename(from, path) == 0 else {
            let code = errno
            unlink(from)
            throw FileFailure(path: path, code: code)
        }
        try synchronizeFolder(of: path)
    }

    static func remove(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw FileFailure(path: path, code: errno)
        }
        try synchronizeFolder(of: path)
    }

    /// Makes names durable: a rename is not, until its folder is.
    private static func synchronizeFolder(of path: String) throws(FileFailure) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(path: folder, code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFailure(path: folder, code: errno) }
    }

    /// Where a symbolic link points, or `nil` when `path` is none.
    static func target(of path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count > 0, count < buffer.count else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Seconds since 1970 of the last change, 0 when unknown.
    static func modified(_ path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
    }
}
