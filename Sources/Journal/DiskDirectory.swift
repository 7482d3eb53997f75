// The state directory on a real file system.

import Glibc

/// A directory on disk: every replacement is written, synced, renamed, and its directory synced.
public struct DiskDirectory: StateDirectory {
    public let path: String

    /// - Parameter path: an existing directory that this process may write.
    public init(path: String) { self.path = path }

    public func path(of name: String) -> String { path + "/" + name }

    public func size(of name: String) -> Int? {
        var status = stat()
        return stat(path(of: name), &status) == 0 ? Int(status.st_size) : nil
    }

    public func rename(_ name: String, to newName: String) throws(JournalError) {
        guard Glibc.rename(path(of: name), path(of: newName)) == 0 else {
            throw Self.error("cannot rename \(path(of: name)) to \(newName)")
        }
    }

    public func sync() throws(JournalError) {
        let file = File(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        guard file.isOpen, fsync(file.descriptor) == 0 else {
            throw Self.error("cannot sync the directory \(path)")
        }
    }

    public func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]? {
        let file = File(open(path(of: name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW))
        guard file.isOpen else {
            if errno == ENOENT { return nil }
            throw Self.error("cannot open \(path(of: name))")
        }
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else {
            throw Self.error("cannot examine \(path(of: name))")
        }
        guard status.st_size <= limit else {
            throw JournalError(
                .full, "\(path(of: name)) has \(status.st_size) bytes, at most \(limit) are read")
        }
        return try bytes(of: file, count: Int(status.st_size), name)
    }

    private func bytes(
        of file: borrowing File, count: Int, _ name: String
    ) throws(JournalError) -> [UInt8] {
        let descriptor = file.descriptor
        var failed = false
        let content = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)
                if got < 0, errno == EINTR { continue }
                failed = got < 0
                if got <= 0 { break }
                filled += got
            }
        }
        if failed { throw Self.error("cannot read \(path(of: name))") }
        return content
    }

    public func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError) {
        let draft = name + ".new"
        do throws(JournalError) {
            try write(draft, parts)
            try rename(draft, to: name)
        } catch {
            unlink(path(of: draft))
            throw error
        }
        try sync()
    }

    public func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError) {
        let file = File(open(path(of: name), O_WRONLY | O_CLOEXEC | O_NOFOLLOW))
        guard file.isOpen else { throw Self.error("cannot open \(path(of: name))") }
        guard lseek(file.descriptor, off_t(offset), SEEK_SET) == off_t(offset), file.write(bytes)
        else { throw Self.error("cannot write \(path(of: name))") }
        // Neither size nor blocks change: there is nothing but the content to bring to the medium.
        guard fdatasync(file.descriptor) == 0 else {
            throw Self.error("cannot sync \(path(of: name))")
        }
    }

    private func write(_ name: String, _ parts: [ArraySlice<UInt8>]) throws(JournalError) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let file = File(open(path(of: name), flags, 0o600))
        guard file.isOpen else { throw Self.error("cannot create \(path(of: name))") }
        for part in parts {
            guard file.write(part) else {
                throw Self.error("cannot write \(path(of: name))")
            }
        }
        guard fsync(file.descriptor) == 0 else {
            throw Self.error("cannot sync \(path(of: name))")
        }
    }

    /// The calling thread's errno as an error.
    private static func error(_ what: String) -> JournalError {
        let number = errno
        let kind: JournalError.Kind =
            switch number {
            case ENOSPC, EDQUOT, EFBIG: .full
            case EACCES, EPERM, EROFS, ENOENT, ENOTDIR, ELOOP: .denied
            case EIO: .inputOutput
            default: .unexpected
            }
        return JournalError(kind, code: number, "\(what): \(String(cString: strerror(number)))")
    }
}

/// An open file, closed when the value ends.
private struct File: ~Copyable {
    let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var isOpen: Bool { descriptor >= 0 }

    /// - Returns: whether everything was written; if not, errno says why.
    func write(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(
                    descriptor, buffer.baseAddress! + written, buffer.count - written)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                written += count
            }
            return true
        }
    }
}
