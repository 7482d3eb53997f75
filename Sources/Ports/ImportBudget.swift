// Whether the memory that this process may use is enough for an import.

import Glibc

/// What an import needs at its peak, and what is free before it.
///
/// The process that opens doors is bounded by its unit (MemoryMax); beyond that the kernel ends it.
struct ImportBudget {
    /// Left for everything else: taps, the journal, the control socket.
    static let reserve = 24 << 20
    /// Per row: the row as it is collected (70 bytes and 24 for its form), its place by id and its
    /// verdict (6 and 32), and the roster's file and index (20 + 20 + up to 46 + 1), rounded up.
    static let perRow = 240

    /// How many bytes may be added.
    let free: Int

    /// - Parameters:
    ///   - rooms: what each limit that holds for the process leaves, in bytes.
    ///   - available: what the machine can give.
    init(rooms: [Int], available: Int) {
        free = max(0, min(rooms.min() ?? .max, available) - Self.reserve)
    }

    static func megabytes(_ bytes: Int) -> String { "\((bytes + 0xF_FFFF) >> 20) MB" }

    /// As the kernel tells it now. What it does not tell is no limit.
    static func now() -> ImportBudget {
        let kilobytes = number(in: text("/proc/meminfo"), after: "MemAvailable:")
        return ImportBudget(
            rooms: groupRooms(text("/proc/self/cgroup")),
            available: kilobytes.map { $0 << 10 } ?? .max)
    }

    /// What the control group that `/proc/self/cgroup` names, of version 2, leaves, and every group
    /// that it is in: a slice may be smaller than the unit.
    static func groupRooms(_ groups: String, in root: String = "/sys/fs/cgroup") -> [Int] {
        guard let line = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
        else { return [] }
        var names = line.dropFirst(4).split(separator: "/")
        var rooms: [Int] = []
        while true {
            let folder = ([root[...]] + names).joined(separator: "/")
            if let room = room(of: folder) { rooms.append(room) }
            guard names.popLast() != nil else { return rooms }
        }
    }

    /// What one group's limit leaves; nil: it has none. Files that the kernel may drop are free.
    private static func room(of folder: String) -> Int? {
        guard let limit = number(in: text(folder + "/memory.max"), after: "") else { return nil }
        let used = number(in: text(folder + "/memory.current"), after: "") ?? 0
        let kinds = text(folder + "/memory.stat")
        let files = ["\ninactive_file", "\nactive_file"]
            .reduce(0) { $0 + (number(in: kinds, after: $1) ?? 0) }
        return max(0, limit - max(0, used - files))
    }

    /// The first number after a word; nil when there is none at that place.
    static func number(in text: String, after word: String) -> Int? {
        var rest = text[...]
        if !word.isEmpty {
            let bytes = Array(text.utf8)
            let pattern = Array(word.utf8)
            guard bytes.count >= pattern.count,
                let start = (0...bytes.count - pattern.count).first(where: {
                    bytes[$0..<$0 + pattern.count].elementsEqual(pattern)
                })
            else { return nil }
            rest = Substring(decoding: bytes[(start + pattern.count)...], as: UTF8.self)
        }
        return Int(rest.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber })
    }

    /// A small file of the kernel's, or nothing.
    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
