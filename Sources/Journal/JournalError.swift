// What can go wrong with the journal and the state files, said so that somebody can mend it.

/// An error of the store, of a state file or of the directory they live in.
public struct JournalError: Error, Equatable, Sendable {
    /// The coarse kind: what a caller decides by.
    public enum Kind: Sendable, CaseIterable {
        /// No room: the disk, the quota or the store's own page limit is used up.
        case full
        /// The medium did not read or write.
        case inputOutput
        /// The file's content cannot be a journal: damaged pages, not a database, wrong schema.
        case corrupt
        /// Another process holds the file.
        case busy
        /// The file or directory cannot be opened: missing, or not ours to write.
        case denied
        /// Asked before the store was open, or after it was closed.
        case closed
        /// A durability setting did not take: committing would be a promise that is not kept.
        case notDurable
        /// Anything else SQLite says; a bug or a lack of memory.
        case unexpected
    }

    public var kind: Kind
    /// SQLite's extended result code, or the errno of a file call; 0 when neither failed.
    public var code: Int32
    /// What failed and where, for the person on call.
    public var what: String

    public init(_ kind: Kind, code: Int32 = 0, _ what: String) {
        self.kind = kind
        self.code = code
        self.what = what
    }

    /// What to do about it, in both languages.
    public var remedy: (chinese: String, english: String) {
        switch kind {
        case .full:
            ("存储空间已满：请清理磁盘或更换更大的存储卡。", "No room left: free disk space or fit a larger card.")
        case .inputOutput:
            ("存储卡读写出错：请检查并更换存储卡。", "The medium fails: check it and replace it.")
        case .corrupt:
            (
                "记录文件已损坏，已另存并新建；若再次发生请更换存储卡。",
                "The file is damaged and was set aside; if it happens again replace the medium."
            )
        case .busy:
            ("另一个程序占用了记录文件：请关闭它。", "Another program holds the file: end it.")
        case .denied:
            (
                "无法打开状态目录：请检查目录是否存在及其权限。",
                "The state directory cannot be opened: check that it exists and who owns it."
            )
        case .closed:
            ("记录尚未打开，请稍后再试。", "The journal is not open yet: try again shortly.")
        case .notDurable:
            (
                "存储设置未生效，不能保证断电不丢：请检查文件系统。",
                "A durability setting did not take: check the file system."
            )
        case .unexpected:
            ("内部错误：请把诊断包交给维护人员。", "An internal error: send a diagnostics bundle.")
        }
    }
}

extension JournalError: CustomStringConvertible {
    public var description: String {
        "\(what)\(code == 0 ? "" : " (code \(code))"); \(remedy.chinese) \(remedy.english)"
    }
}
