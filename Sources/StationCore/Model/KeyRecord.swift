// A key as the roster answers for it: who holds it and what it opens.

/// Whether a key may be used at all. Raw values are stored in roster files: never renumber.
public enum KeyState: UInt8, Sendable, CaseIterable {
    case active = 0
    /// Blocked by a master, a crew or the hub.
    case blocked = 1
    /// Reported lost.
    case lost = 2

    /// The name in CSV files and on the wire.
    public var name: String {
        switch self {
        case .active: "active"
        case .blocked: "blocked"
        case .lost: "lost"
        }
    }
}

/// What its holder is to the station. Raw values are stored in roster files: never renumber.
public enum KeyRole: UInt8, Sendable, CaseIterable {
    case rider = 0
    case crew = 1
    case master = 2
    /// A master's deputy, from a date to a date.
    case deputy = 3

    /// The name in CSV files and on the wire.
    public var name: String {
        switch self {
        case .rider: "rider"
        case .crew: "crew"
        case .master: "master"
        case .deputy: "deputy"
        }
    }
}

/// How sure a reader is that a card is itself. Raw values are stored in roster files.
public enum Assurance: UInt8, Comparable, Sendable, CaseIterable {
    /// Its number was read: a user name, not a password.
    case uid = 0
    /// It proved itself with a secret.
    case authenticated = 1

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// One key of the roster, by value.
public struct KeyRecord: Hashable, Sendable {
    public var id: ShortText
    public var holder: ShortText
    public var state: KeyState
    public var role: KeyRole
    /// The first moment at which it is valid; `nil`: always was.
    public var validFrom: WallTime?
    /// The first moment at which it is valid no longer; `nil`: never ends. A key "to 31 May" ends
    /// at the station's midnight that begins 1 June.
    public var validTo: WallTime?
    /// The doors of this station that it opens.
    public var doors: DoorSet
    /// What the card must have proved for these rights.
    public var assurance: Assurance

    public init(
        id: ShortText, holder: ShortText, state: KeyState = .active, role: KeyRole = .rider,
        validFrom: WallTime? = nil, validTo: WallTime? = nil, doors: DoorSet,
        assurance: Assurance = .uid
    ) {
        self.id = id
        self.holder = holder
        self.state = state
        self.role = role
        self.validFrom = validFrom
        self.validTo = validTo
        self.doors = doors
        self.assurance = assurance
    }
}
