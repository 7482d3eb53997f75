// A file that a peer passed beside its call: owned here, closed with its last owner.

import CLinux
import Glibc

/// A descriptor received with SCM_RIGHTS. Whoever lets go of it last closes it.
public final class PassedFile: Sendable {
    /// Open for the life of this value; never close it.
    public let descriptor: Int32

    /// - Parameter descriptor: becomes this value's own.
    public init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Whether it is a file with an end, and no pipe or device that may wait for ever. A file of a
    /// file system in user space is one too, and may.
    public var isRegularFile: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The whole file, from its beginning. Blocks for the disk: not for the loop's thread.
    ///
    /// - Throws: `noDescriptor` when it is no regular file, cannot be read, or is longer than
    ///   `limit` bytes.
    public func contents(
        limit: Int = ControlLimits.passedFile
    ) throws(ControlError) -> [UInt8] {
        guard isRegularFile else {
            throw .noDescriptor(ControlReason(.notRegular))
        }
        var bytes: [UInt8] = []
        var status = stat()
        if fstat(descriptor, &status) == 0 {
            // Growing by halves would hold a large file twice; its stated size is only a hint.
            bytes.reserveCapacity(min(limit, max(0, Int(status.st_size))))
        }
        var portion = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &portion, portion.count, off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .noDescriptor(ControlReason(.unreadable, errno))
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw .noDescriptor(ControlReason(.tooLong, limit))
            }
            bytes.append(contentsOf: portion[..<count])
        }
    }
}
