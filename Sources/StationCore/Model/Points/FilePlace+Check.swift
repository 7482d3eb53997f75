// The check of the files that somebody else wants read.

extension FilePlace {
    /// The folders in which the kernel offers values.
    static let roots = ["/sys/", "/proc/", "/run/"]

    /// Whether it is one that may be read.
    package var isLegal: Bool {
        typealias Limit = ResolvedStation.Limit
        let isFile = kind != .clock
        guard isFile ? (1...Limit.pathsPerPoint).contains(paths.count) : paths.isEmpty,
            paths.allSatisfy(Self.isLegal), folderNames.count <= Limit.pathsPerPoint,
            folderNames.allSatisfy({ Self.isText($0, bytes: 1...Limit.lineNameBytes) }),
            label.map({ Self.isText($0, bytes: 1...Limit.lineNameBytes) }) ?? true,
            column.map(Limit.fileColumns.contains) ?? true, words.count <= Limit.meanings,
            words.allSatisfy({ Self.isText($0, bytes: 1...Limit.nameBytes) })
        else { return false }
        return kind != .word || !words.isEmpty
    }

    private static func isText(_ text: String, bytes: ClosedRange<Int>) -> Bool {
        ResolvedStation.isText(text, bytes: bytes)
    }

    /// One `*` at most, and no way out of the folders of the kernel.
    private static func isLegal(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        // The disk of a partition is one folder up.
        let ups = parts.filter { $0 == ".." }.count
        let isUp = path.contains("/{state}/../")
        return isText(path, bytes: 1...ResolvedStation.Limit.pathBytes)
            && roots.contains { path.hasPrefix($0) }
            && parts.allSatisfy { !$0.isEmpty && $0 != "." } && ups == (isUp ? 1 : 0)
            && path.utf8.count { $0 == UInt8(ascii: "*") } <= 1
    }
}
