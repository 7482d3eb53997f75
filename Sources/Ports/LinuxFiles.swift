// The kernel's files as they are on this machine. Every call may block.

import CLinux
import EventLoop
import Glibc
import StationCore

/// The file systems of the running kernel.
struct LinuxFiles: FileTree {
    /// Names of one folder that are looked at.
    static let namesLimit = 1_024

    /// Major and minor number of the disk with the station's state.
    let stateDevice: String

    init(state: String) {
        var status = stat()
        guard stat(state, &status) == 0 else {
            stateDevice = "0:0"
            return
        }
        // As glibc's gnu_dev_major and gnu_dev_minor have it.
        let device = UInt64(status.st_dev)
        let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
        let minor = device & 0xFF | device >> 12 & ~0xFF
        stateDevice = "\(major):\(minor & 0xFFFF_FFFF)"
    }

    var isClockSynchronized: Bool { station_clock_is_synchronized() == 1 }

    func content(of path: String) throws(FileTrouble) -> [UInt8] {
        // A pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw Self.trouble(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable
        }
        var bytes = [UInt8](repeating: 0, count: FileProbe.contentLimit)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.trouble(errno) }
            if got == 0 { break }
            count += got
        }
        return Array(bytes[..<count])
    }

    /// A device that left while it was looked at is as absent as one that was never there.
    private static func trouble(_ code: Int32) -> FileTrouble {
        switch code {
        case ENOENT, ENOTDIR, ENODEV, ENXIO: .absent
        default: .unreadable
        }
    }

    func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while names.count < Self.namesLimit, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func now() -> Instant { Instant(nanoseconds: station_clock_monotonic()) }

    /// Of a worker that has nothing to hear: only time ends it.
    static func rest(until time: Instant) {
        var left = (time - now()).milliseconds
        while left >= 0 {
            poll(nil, 0, Int32(clamping: left + 1))
            left = (time - now()).milliseconds - 1
        }
    }
}
