// From a roster's file to a roster: everything in it is looked at once, so that lookups need not.

/// Why bytes are no roster.
public enum RosterFileError: Error, Equatable, Sendable {
    /// Not a roster's file at all.
    case notARoster
    /// Written by a program with another idea of the format.
    case format(expected: Int, found: Int)
    /// More bytes or more of something than `RosterLimits` allow.
    case tooLarge(section: Section, limit: Int, found: Int)
    /// The file is shorter or longer than its header says.
    case size(expected: Int, found: Int)
    /// The content is not what was written: a damaged medium, or a hand in it.
    case checksum
    /// Written so, and wrong: the place in the section counts from 0.
    case broken(section: Section, at: Int)
    /// More doors than a station may have were given to open it for.
    case doors(limit: Int, found: Int)

    public enum Section: String, Sendable {
        case file
        case header
        case entries
        case keys
        case text
        case rights
        case names
    }

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .notARoster: "这不是名册文件；请重新导入名册"
        case .format(let expected, let found):
            "名册格式应为\(expected)，实为\(found)；请用同一版本的程序重新导入"
        case .tooLarge(let section, let limit, let found):
            "名册过大（\(section.rawValue)）：上限\(limit)，实为\(found)"
        case .size(let expected, let found):
            "名册文件应有\(expected)字节，实为\(found)；文件不完整，请重新导入"
        case .checksum: "名册文件校验不符，已损坏；请重新导入，并检查存储卡"
        case .broken(let section, let place):
            "名册文件内容有误（\(section.rawValue)第\(place)项）；请重新导入"
        case .doors(let limit, let found): "一个驿站最多\(limit)扇门，实为\(found)"
        }
    }

    private var english: String {
        switch self {
        case .notARoster: "not a roster's file; import the roster again"
        case .format(let expected, let found):
            "roster format \(found), expected \(expected); import it again with this version"
        case .tooLarge(let section, let limit, let found):
            "roster too large (\(section.rawValue)): at most \(limit), found \(found)"
        case .size(let expected, let found):
            "roster file of \(found) bytes, expected \(expected): incomplete; import it again"
        case .checksum:
            "the roster file's checksum is wrong: damaged; import it again and check the medium"
        case .broken(let section, let place):
            "the roster file is wrong in \(section.rawValue), item \(place); import it again"
        case .doors(let limit, let found):
            "a station has at most \(limit) doors, found \(found)"
        }
    }
}

/// A roster's file. Reading and replacing it is the daemon's work; here are only its bytes.
public enum RosterFile {
    /// Checks a whole file and makes it a roster of this station. The array becomes the roster's
    /// storage, without a copy.
    ///
    /// - Parameter doors: the names of the station's doors, in the order of `DoorID`.
    /// - Complexity: O(bytes): the checksum is most of it.
    public static func decode(
        _ file: [UInt8], doors: [String]
    ) throws(RosterFileError) -> Roster {
        try decode(file, for: RosterPlaces(doors: doors))
    }

    /// The same of a station with services and hours.
    ///
    /// - Parameter station: what it has, by name.
    public static func decode(
        _ file: [UInt8], for station: RosterPlaces
    ) throws(RosterFileError) -> Roster {
        guard station.doors.count <= DoorSet.capacity else {
            throw .doors(limit: DoorSet.capacity, found: station.doors.count)
        }
        precondition(
            station.services.count <= ResolvedStation.Limit.services,
            "more services than a station can have")
        let parts = RosterCheck.run(file, station)
        switch parts {
        case .failure(let error): throw error
        case .success(let parts):
            return Roster(
                checked: file, layout: parts.layout, digest: parts.digest, rights: parts.rights,
                index: parts.index)
        }
    }
}
