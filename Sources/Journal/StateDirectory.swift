// The directory that journal and state files live in, as far as SQLite does not see to it.

/// File calls on one directory; a simulation answers them from memory.
///
/// | call | when it returns |
/// |---|---|
/// | `replace` | the new content survives a power cut; before it, the old one does |
/// | `rename` | the name is changed; it survives a power cut after `sync` |
/// | `overwrite` | the part survives a power cut; before it, nobody knows what the part holds |
public protocol StateDirectory: Sendable {
    /// The full path of a file, as SQLite's file system is to open it.
    func path(of name: String) -> String
    /// The file's size in bytes, or `nil` when there is no such file.
    func size(of name: String) -> Int?
    func rename(_ name: String, to newName: String) throws(JournalError)
    /// Makes creations and renames durable.
    func sync() throws(JournalError)
    /// The whole content, or `nil` when there is no such file.
    ///
    /// Throws `.full` when the file is larger than `limit` bytes.
    func read(_ name: String, limit: Int) throws(JournalError) -> [UInt8]?
    /// Puts parts, one after the other, in the place of whatever the file held, all or nothing.
    func replace(_ name: String, with parts: [ArraySlice<UInt8>]) throws(JournalError)
    /// Writes over a part of a file that is there; its size and the rest of it stay.
    func overwrite(
        _ name: String, at offset: Int, with bytes: ArraySlice<UInt8>
    ) throws(JournalError)
}

extension StateDirectory {
    /// How many damaged files of one name are kept; then the last one makes room.
    public static var setAsideLimit: Int { 16 }

    /// The first name `stem.corrupt-<n><suffix>` that is free, n from 1.
    ///
    /// - Parameter word: stands for "corrupt" in it.
    public func asideName(
        stem: String, suffix: String, word: String = StateFile.damagedWord
    ) -> String {
        let names = asideNames(stem: stem, suffix: suffix, word: word)
        return names.first { size(of: $0) == nil } ?? names[names.count - 1]
    }

    /// Whether a file lies here under one of those names, whichever of them people have removed.
    public func hasAside(stem: String, suffix: String) -> Bool {
        asideNames(stem: stem, suffix: suffix, word: StateFile.damagedWord)
            .contains { size(of: $0) != nil }
    }

    private func asideNames(stem: String, suffix: String, word: String) -> [String] {
        (1...Self.setAsideLimit).map { "\(stem).\(word)-\($0)\(suffix)" }
    }
}
