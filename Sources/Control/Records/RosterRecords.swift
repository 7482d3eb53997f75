// The roster's rows as the socket shows them: verdicts of an import, and keys.

/// What became of one row of an import. Never repeats a card number.
public struct VerdictRecord: Codable, Equatable, Sendable {
    /// The row's line in the file, from 1.
    public var line: Int
    public var key: String?
    public var accepted: Bool
    /// A stable word.
    public var reason: String?
    public var column: String?
    public var text: TextRecord?

    public init(
        line: Int, key: String?, accepted: Bool, reason: String? = nil, column: String? = nil,
        text: TextRecord? = nil
    ) {
        self.line = line
        self.key = key
        self.accepted = accepted
        self.reason = reason
        self.column = column
        self.text = text
    }
}

/// One key on the roster, without its match forms.
public struct KeyRecord: Codable, Equatable, Sendable {
    public var key: String
    public var holder: String
    /// `active`, `lost` or `blocked`.
    public var state: String
    /// `lost` or `blocked` when the station itself says so, whatever the roster says.
    public var told: String?
    public var doors: [String]
    /// Milliseconds since 1970.
    public var validFrom: Int64?
    /// Milliseconds since 1970.
    public var validTo: Int64?
    /// Whether it has cards that were enrolled at the door.
    public var enrolled: Bool
    /// Of a key that no roster has yet: the template whose rights it has; `nil`: its own.
    public var rights: String?
    /// `crew`, `master` or `deputy`; `nil`: `rider`.
    public var role: String?
    /// Readers that cannot tell its number from any card: their views yield none of that kind.
    public var cannotMatchAt: [String]
    /// Services that it may begin; `nil`: every one.
    public var services: [String]?
    /// The hours in which all that holds; `nil`: any time.
    public var hours: String?
    /// How much its holder may have, as in the roster's file; `nil`: as much as they like.
    public var quota: String?

    public init(
        key: String, holder: String, state: String, told: String? = nil, doors: [String],
        validFrom: Int64?, validTo: Int64?, enrolled: Bool = false, rights: String? = nil,
        role: String? = nil, cannotMatchAt: [String] = [],
        services: [String]? = nil, hours: String? = nil, quota: String? = nil
    ) {
        self.key = key
        self.holder = holder
        self.state = state
        self.told = told
        self.doors = doors
        self.validFrom = validFrom
        self.validTo = validTo
        self.enrolled = enrolled
        self.rights = rights
        self.role = role
        self.cannotMatchAt = cannotMatchAt
        self.services = services
        self.hours = hours
        self.quota = quota
    }
}
