// What a look at one of the kernel's files found, and the files as whoever looks sees them.

/// What became of one look.
///
/// | found | what it means |
/// |---|---|
/// | `number` | the value, before the point's scale |
/// | `absent` | there is no such file: the hardware is not there, or was pulled out |
/// | `unreadable` | the file is there, and the kernel gives an error instead of its content |
/// | `damaged` | the content is none: a checksum that is wrong, a value from before the first |
/// | `quiet` | the file says that nothing happened that could be measured: the value stays |
public enum FileFinding: Equatable, Sendable {
    case number(DecimalNumber)
    case absent
    case unreadable
    case damaged
    case quiet
}

/// Why a file gave nothing.
public enum FileTrouble: Error, Equatable, Sendable {
    case absent
    case unreadable
}

/// Files that may block: only workers look at them.
public protocol FileTree {
    /// The first `FileProbe.contentLimit` bytes of a file.
    func content(of path: String) throws(FileTrouble) -> [UInt8]
    /// The names in a folder; none without it.
    func names(in folder: String) -> [String]
    /// Major and minor number of the disk with the station's state: `179:2`.
    var stateDevice: String { get }
    /// Whether the kernel says that a time source disciplines its clock.
    var isClockSynchronized: Bool { get }
}
