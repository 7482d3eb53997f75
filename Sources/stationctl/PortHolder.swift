// Who has a port: the kernel's list of locks says it to everybody.

import Glibc

/// A process that has locked a file.
struct PortHolder: Equatable {
    var process: Int32
    /// As the kernel calls it, at most fifteen characters; empty where it does not say.
    var name: String

    /// The list is short; a machine with more locks than fit is not searched further.
    private static let listLimit = 1 << 20

    /// `nil`: nobody has locked it, or the list does not say who.
    static func find(_ path: String) -> PortHolder? {
        var status = stat()
        guard stat(path, &status) == 0, let list = text(of: "/proc/locks") else { return nil }
        // The device's two numbers in hexadecimal as glibc packs them, the inode in decimal.
        let device = UInt64(status.st_dev)
        let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
        let minor = device & 0xFF | device >> 12 & ~0xFF
        let place = hex(major) + ":" + hex(minor) + ":\(status.st_ino)"
        guard let process = process(locking: place, in: list) else { return nil }
        let name = text(of: "/proc/\(process)/comm").map { String($0.prefix { $0 != "\n" }) }
        return PortHolder(process: process, name: name ?? "")
    }

    /// `1: FLOCK  ADVISORY  WRITE 812 00:18:5 0 EOF`
    static func process(locking place: String, in list: String) -> Int32? {
        for line in list.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", words[5] == place,
                let process = Int32(words[4]), process > 0
            else { continue }
            return process
        }
        return nil
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return digits.count < 2 ? "0" + digits : digits
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < listLimit {
            let count = read(descriptor, &portion, portion.count)
            guard count > 0 else { break }
            bytes += portion[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
