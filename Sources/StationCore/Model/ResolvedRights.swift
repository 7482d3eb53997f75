// Rights under a name, which a station file has for cards that are enrolled at the door.

/// One template of a station file's `rights`.
public struct ResolvedRights: Codable, Sendable, Equatable {
    public var name: String
    /// Doors by name; `nil`: every one.
    public var doors: [String]?
    /// Services by name; `nil`: every one.
    public var services: [String]?
    /// The name of the hours in which all that holds; `nil`: at any time.
    public var hours: String?
    /// How much, as in a roster's file; empty: as much as one likes.
    public var quota: String
    /// `KeyRole.name`.
    public var role: String

    public init(
        name: String, doors: [String]?, services: [String]? = nil, hours: String? = nil,
        quota: String = "", role: String = KeyRole.rider.name
    ) {
        self.name = name
        self.doors = doors
        self.services = services
        self.hours = hours
        self.quota = quota
        self.role = role
    }
}

/// What a card may, that is enrolled at the door.
public struct EnrolledRights: Equatable, Sendable {
    public var doors: RosterNames
    public var terms: RosterTerms
    public var role: KeyRole

    public init(doors: RosterNames, terms: RosterTerms = .plain, role: KeyRole = .rider) {
        self.doors = doors
        self.terms = terms
        self.role = role
    }

    /// In the order in which a roster has them, so that both can be compared; `nil`: no roster can.
    public var canonical: EnrolledRights? {
        guard let terms = try? terms.canonical() else { return nil }
        return EnrolledRights(
            doors: doors == .every ? .every : .named(RosterBuilder.sorted(doors.names)),
            terms: terms, role: role)
    }
}
