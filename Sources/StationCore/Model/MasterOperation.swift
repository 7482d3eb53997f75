// What a station file may leave to two masters together, and how far they have got.

/// An operation that two masters may have to agree to. Raw values are stored in journals: never
/// renumber.
public enum MasterOperation: UInt8, Sendable, CaseIterable {
    /// A card becomes a master's or a deputy's.
    case enrolMaster = 1
    /// A key that was told lost or blocked at the station is what the roster says again.
    case liftBlock = 2
    /// Hours for today; severe weather never waits.
    case hoursToday = 3
    /// A door stands open.
    case unlockDoor = 4
    /// A box is nobody's any more, whoever had it.
    case clearBox = 5

    /// The word in station files and journals.
    public var name: String {
        switch self {
        case .enrolMaster: "enrol_master"
        case .liftBlock: "lift_block"
        case .hoursToday: "hours_today"
        case .unlockDoor: "unlock_door"
        case .clearBox: "clear_box"
        }
    }

    /// Words that somebody may want there and that never wait: they are needed for safety, or for a
    /// rider's own things.
    public static let never = [
        "lock", "block", "lockdown", "release_lockdown", "reset_fire", "let_in", "open_box",
        "stop", "reset_guard", "card_lost", "card_block", "weather",
    ]
}

/// How far an approval has got. Raw values are stored in journals: never renumber.
public enum ApprovalStep: UInt8, Sendable, CaseIterable {
    /// Somebody asked; the entry's key and holder are theirs.
    case requested = 1
    /// One of the two has agreed; the entry's key and holder are the master's.
    case agreed = 2
    /// Both have, and it is carried out: what comes of it follows.
    case approved = 3
    /// Not both within a minute.
    case lapsed = 4
    /// The station stopped.
    case cancelled = 5

    /// The name in journals and on the wire.
    public var name: String {
        switch self {
        case .requested: "requested"
        case .agreed: "agreed"
        case .approved: "approved"
        case .lapsed: "lapsed"
        case .cancelled: "cancelled"
        }
    }

    /// Whether nothing follows.
    public var isLast: Bool {
        switch self {
        case .approved, .lapsed, .cancelled: true
        case .requested, .agreed: false
        }
    }
}

/// Why nobody is asked to agree.
public enum ApprovalRefusal: Error, Equatable, Sendable {
    /// Another one waits for masters.
    case pending
    /// A card is being enrolled, which a master agrees to as well.
    case enrolling
    /// The masters' reader does not answer.
    case offline
    /// Nobody is known who could agree.
    case noRoster
}

/// What a station leaves to two masters.
public struct ResolvedTwoMasters: Codable, Sendable, Equatable {
    /// The device at which they tap.
    public var reader: Int
    /// `MasterOperation.name` of each.
    public var operations: [String]

    public init(reader: Int, operations: [String]) {
        (self.reader, self.operations) = (reader, operations)
    }
}
