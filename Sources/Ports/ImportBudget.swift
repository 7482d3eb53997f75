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
    ///   - limit: the most that the process may have; nil: no limit.
    ///   - resident: what it has.
    ///   - available: what the machine can give.
    init(limit: Int?, resident: Int, available: Int) {
        let allowed = limit.map { $0 - resident } ?? available
        free = max(0, min(allowed, available) - Self.reserve)
    }

    /// What an import of these bytes needs besides them.
    static func need(of bytes: [UInt8]) -> Int {
        let rows = bytes.count { $0 == UInt8(ascii: "\n") }
        return rows * perRow
    }

    static func megabytes(_ bytes: Int) -> String { "\((bytes + 0xF_FFFF) >> 20) MB" }

    /// As the kernel tells it now. What it does not tell is no limit.
    static func now() -> ImportBudget {
        let pages = number(in: text("/proc/self/statm"), after: " ") ?? 0
        let kilobytes = number(in: text("/proc/meminfo"), after: "MemAvailable:")
        return ImportBudget(
            limit: groupLimit(text("/proc/self/cgroup")), resident: pages * Int(getpagesize()),
            available: kilobytes.map { $0 << 10 } ?? .max)
    }

    /// The limit of the control group that `/proc/self/cgroup` names, of version 2.
    static func groupLimit(
        _ groups: String, in folder: String = "/sys/fs/cgroup"
    ) -> Int? {
        guard let line = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })
        else { return nil }
        return number(in: text(folder + line.dropFirst(3) + "/memory.max"), after: "")
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
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
