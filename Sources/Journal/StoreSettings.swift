// What a store knows of its surroundings: place, identity, where time and chance come from.

public import EventLoop
public import StationCore

/// How a store is opened.
public struct StoreSettings: Sendable {
    /// Where `journal.sqlite` lives.
    public var directory: any StateDirectory
    /// The name of a registered SQLite file system; `nil` for the operating system's.
    public var fileSystem: String?
    public var random: any RandomSource
    /// The monotonic clock: slices and checks end by it.
    public var now: @Sendable () -> Instant
    /// The wall clock, right or wrong: says when a store was created.
    public var wall: @Sendable () -> WallTime
    /// The station's id.
    public var station: String
    public var boot: BootID
    public var names: EntryNames
    /// What is known to have been committed, from the state snapshot: a file that knows less has
    /// lost something.
    public var known: Cursor?
    /// The station's fixed offset from UTC, in seconds: totals are kept by its hours.
    public var utcOffset: Int
    /// The file's greatest size in pages of 4 KiB. 262,144 is 1 GiB: over a year of a busy station.
    public var pageLimit: Int

    public init(
        directory: any StateDirectory, fileSystem: String? = nil, random: any RandomSource,
        now: @escaping @Sendable () -> Instant, wall: @escaping @Sendable () -> WallTime,
        station: String, boot: BootID, names: EntryNames, known: Cursor? = nil,
        utcOffset: Int = 28_800, pageLimit: Int = 262_144
    ) {
        self.directory = directory
        self.fileSystem = fileSystem
        self.random = random
        self.now = now
        self.wall = wall
        self.station = station
        self.boot = boot
        self.names = names
        self.known = known
        self.utcOffset = utcOffset
        self.pageLimit = pageLimit
    }
}

/// How opening a store went. Everything but `opened` and `created` is told to people.
public enum Opening: Equatable, Sendable {
    /// There was no file, and now there is.
    case created
    /// The file was there and sound.
    case opened
    /// The file could not be a journal: it was renamed to `setAside`, and a new store begun.
    case replaced(setAside: String, reason: JournalError)
    /// Entries known to have been committed are gone; the store goes on under a new id.
    case rewound(missing: UInt64)
    /// The file was made for the station `former`; it goes on under a new id.
    case renamed(former: String)
}

extension Opening: CustomStringConvertible {
    /// For the log, in both languages.
    public var description: String {
        switch self {
        case .created: "新建 made"
        case .opened: "已打开 opened"
        case .replaced(let name, let reason): "另存为 set aside as \(name): \(reason)"
        case .rewound(let missing):
            """
            少了已写入的条目 written entries are gone: \(missing); 存储卡被换成旧副本了吗 \
            was the card replaced by an older copy?
            """
        case .renamed(let former): "原属驿站 was made for the station \(former)"
        }
    }
}
