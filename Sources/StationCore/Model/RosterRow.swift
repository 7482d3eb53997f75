// One line of a roster as a builder takes it: a key with one of its match forms.

/// A key and one match form. Several rows with one key id give it several forms.
public struct RosterRow: Hashable, Sendable {
    /// Where it comes from, for telling people; 0 when it has no line.
    public var line: Int
    public var id: ShortText
    public var holder: ShortText
    public var form: MatchForm
    public var doors: RosterNames
    /// The first moment at which the key is valid, in seconds since 1970; 0: always was.
    public var validFrom: UInt32
    /// The first moment at which it is valid no longer; `.max`: never ends.
    public var validTo: UInt32
    public var state: KeyState
    public var role: KeyRole
    public var assurance: Assurance
    /// What kind of number the form is of; empty: not known.
    public var shapes: NumberShapes
    /// Whether the holder needs more time at a door, for which a door may have more.
    public var isSlow: Bool
    /// Which services, when, and how much of them.
    public var terms: RosterTerms

    public init(
        line: Int = 0, id: ShortText, holder: ShortText, form: MatchForm, doors: RosterNames,
        validFrom: UInt32 = 0, validTo: UInt32 = .max, state: KeyState = .active,
        role: KeyRole = .rider, assurance: Assurance = .uid, shapes: NumberShapes = [],
        isSlow: Bool = false, terms: RosterTerms = .plain
    ) {
        self.line = line
        self.id = id
        self.holder = holder
        self.form = form
        self.doors = doors
        self.validFrom = validFrom
        self.validTo = validTo
        self.state = state
        self.role = role
        self.assurance = assurance
        self.shapes = shapes
        self.isSlow = isSlow
        self.terms = terms
    }
}

/// Doors or services by name, because a roster may serve several stations.
public enum RosterNames: Hashable, Sendable {
    /// Every one that a station has or will have.
    case every
    case named([String])

    /// The names; none for every one.
    public var names: [String] {
        switch self {
        case .every: []
        case .named(let names): names
        }
    }
}

public typealias RosterDoors = RosterNames

/// What a key may do where: one of the roster's sets of rights.
public struct RosterRights: Hashable, Sendable {
    public var doors: RosterNames
    public var isSlow: Bool
    public var terms: RosterTerms = .plain
}

/// Keys of different holders that one card would open: nobody can tell whose it is.
public struct RosterCollision: Equatable, Sendable {
    /// The rows concerned, by line, lowest first.
    public let lines: [Int]
    /// The keys concerned, by id.
    public let keys: [ShortText]
}

/// Why a builder did not take a row.
public enum RosterRowRefusal: Error, Equatable, Sendable {
    /// The key was given before, with another holder, validity, state, role or rights.
    case contradictsLine(Int)
    case emptyID
    case fromAfterTo
    /// Empty, or longer than `RosterLimits.doorNameBytes`.
    case doorName
    case tooManyKeys(limit: Int)
    case tooManyForms(limit: Int)
    /// More different sets of doors, or different names, than the table has places.
    case tooManyRights(limit: Int)
    /// A service's or hours' name is empty, or longer than `RosterLimits.doorNameBytes`.
    case termName
    /// A quota of nothing, or two of one kind.
    case quota
    case tooManyQuotas(limit: Int)
}
