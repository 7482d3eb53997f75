// One station to a state directory: a lock that the kernel lets go when its holder dies.

import CLinux
import Glibc
public import Journal
import StationCore

/// Taken before the journal is opened and before any line is requested; held until the end.
///
/// | `init` throws | the caller's duty |
/// |---|---|
/// | `held` | do not touch the directory: end, and say who has it |
/// | `unavailable` | go on without: the medium may be read-only, and doors have to open |
///
/// `stationd --make-safe` takes no lock: it touches nothing in the directory, and the lines of a
/// station that runs are the kernel's to guard.
public final class StateLock: Sendable {
    /// The lock's file in the state directory; its content is the holder's process id.
    public static let fileName = "stationd.lock"

    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// Another process has it; `nil` when it has not said which.
        case held(directory: String, process: Int32?)
        case unavailable(path: String, errno: Int32)

        public var description: String {
            switch self {
            case .held(let directory, let process):
                """
                状态目录正被另一个 stationd 使用 the state directory is in use by another \
                stationd\(process.map { "（进程 process \($0)）" } ?? ""): \(directory). \
                先停掉它，或用 --state 另指目录 stop that one first, or name another with --state
                """
            case .unavailable(let path, let errno):
                """
                状态目录没有锁住 the state directory is not locked: \(path): \(SystemError(errno)). \
                请检查权限和介质 check its permissions and the medium
                """
            }
        }
    }

    private let file: Int32

    public init(_ directory: DiskDirectory) throws(Failure) {
        let path = directory.path(of: Self.fileName)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .unavailable(path: path, errno: errno) }
        let result = station_lock_file(file)
        guard result == 0 else {
            defer { _ = close(file) }
            guard result == -EWOULDBLOCK else {
                throw .unavailable(path: path, errno: -result)
            }
            throw .held(directory: directory.path, process: Self.holder(file))
        }
        // What it says is for people only; the lock is the kernel's.
        ftruncate(file, 0)
        let text = "\(getpid())\n"
        _ = text.utf8CString.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count - 1, 0) }
        self.file = file
    }

    deinit { _ = close(file) }

    /// The process that the file names, if there is such a process.
    private static func holder(_ file: Int32) -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &text, text.count, 0)
        let digits = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        guard let process = Int32(String(decoding: digits, as: UTF8.self)), process > 0,
            kill(process, 0) == 0 || errno != ESRCH
        else { return nil }
        return process
    }
}
