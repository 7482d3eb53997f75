// The control socket's listening end: tried until it opens, and looked after while it is open.

import CLinux
import EventLoop
import Glibc

/// A path that leads here, or will. Only its owner's thread touches it.
///
/// | `tend` returns | meaning |
/// |---|---|
/// | `nil` | nothing new |
/// | `.failed` | it cannot be opened, for another reason than was told before; it is tried again |
/// | `.opened` | it is open again after a failure |
struct ControlListener: ~Copyable {
    /// The pause after a failed attempt; it doubles up to `longestPause`.
    static let firstPause = Interval.milliseconds(200)
    static let longestPause = Interval.seconds(30)
    /// How often it is made sure that the path still leads here: files in /run can be swept away.
    static let look = Interval.seconds(10)

    enum Change: Equatable {
        case failed(ControlServer.CannotListen)
        case opened
    }

    let path: String
    /// -1 while it is not open.
    private(set) var descriptor: Int32 = -1
    /// When `tend` has something to do.
    private(set) var nextDeadline: Instant
    private var pause = ControlListener.firstPause
    /// The failure that was told last and still stands.
    private var told: Int32?
    /// Which file was bound.
    private var bound = (device: dev_t(0), inode: ino_t(0))

    init(path: String, at now: Instant) {
        self.path = path
        nextDeadline = now
    }

    deinit {
        guard descriptor >= 0 else { return }
        _ = close(descriptor)
        // Another station may have taken the path meanwhile: that file is not ours to remove.
        if Self.leads(path, to: bound) { unlink(path) }
    }

    /// Opens what is not open, at most once in a pause.
    mutating func tend(at now: Instant) -> Change? {
        guard nextDeadline <= now else { return nil }
        if descriptor >= 0 {
            nextDeadline = now + Self.look
            if Self.leads(path, to: bound) { return nil }
            _ = close(descriptor)
            descriptor = -1
        }
        let failure = open()
        guard let failure else {
            (pause, nextDeadline) = (Self.firstPause, now + Self.look)
            defer { told = nil }
            return told == nil ? nil : .opened
        }
        nextDeadline = now + pause
        pause = min(pause * 2, Self.longestPause)
        defer { told = failure }
        return told == failure ? nil : .failed(.init(path: path, errno: failure))
    }

    /// Returns the error's number, or `nil` when it is open now.
    private mutating func open() -> Int32? {
        // A socket that nobody answers at was left by a station that died.
        guard station_unix_is_answered(path) != 1 else { return EADDRINUSE }
        let opened = station_listen_unix(path, ControlServer.mode)
        guard opened >= 0 else { return -opened }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let number = errno
            _ = close(opened)
            return number
        }
        bound = (status.st_dev, status.st_ino)
        descriptor = opened
        return nil
    }

    private static func leads(_ path: String, to file: (device: dev_t, inode: ino_t)) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && (status.st_dev, status.st_ino) == file
    }
}
