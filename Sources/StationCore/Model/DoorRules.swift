// What a door does besides opening for keys: the station file says it, and without its word none.

/// The rules of a door that has any. A plain door has none, and its taps pay for none.
public struct DoorRules: Codable, Sendable, Equatable {
    /// What keys whose holders need more time get on top, as ONVIF's UseExtendedTime: both times
    /// are added.
    public struct Extended: Codable, Sendable, Equatable {
        public var releaseMilliseconds: Int
        public var openMilliseconds: Int

        public init(releaseMilliseconds: Int, openMilliseconds: Int) {
            self.releaseMilliseconds = releaseMilliseconds
            self.openMilliseconds = openMilliseconds
        }
    }

    /// Who went in comes in again only after going out.
    public struct Passback: Codable, Sendable, Equatable {
        public enum Kind: String, Codable, Sendable, CaseIterable {
            /// Who is inside is not let in.
            case hard
            /// Who is inside is let in, and the entry says so.
            case soft
            /// Who came in is not let in again for a time; nobody has to tap on the way out.
            case timed
        }

        public var kind: Kind
        /// Readers inward lead there, readers outward away from there.
        public var area: String
        /// So long after coming in, nobody knows any more that somebody did.
        public var forgetSeconds: Int

        public init(kind: Kind, area: String, forgetSeconds: Int) {
            self.kind = kind
            self.area = area
            self.forgetSeconds = forgetSeconds
        }
    }

    /// Who has to come in before the hours unlock the door.
    public enum FirstPerson: String, Codable, Sendable, CaseIterable {
        /// Anybody with a key.
        case rider
        /// A crew member, a master or a deputy.
        case crew
        /// A master or a deputy.
        case master

        /// Whether such a key is one.
        public func includes(_ role: KeyRole) -> Bool {
            switch (self, role) {
            case (.rider, _), (_, .master), (_, .deputy), (.crew, .crew): true
            case (.crew, .rider), (.master, .rider), (.master, .crew): false
            }
        }
    }

    /// Any of these holds: there is a fire.
    public var fire: [Comparison]
    /// Any of these holds, or is not known: the lock is not to hold, a barrier not to close.
    public var obstacles: [Comparison]
    /// It is so cold that a strike may be frozen.
    public var frost: Comparison?
    public var extended: Extended?
    public var passback: Passback?
    /// Within this time of one holder's tap another's lets both in.
    public var secondPersonMilliseconds: Int?
    /// Of the doors with one name here at most one is open.
    public var interlock: String?
    public var firstPerson: FirstPerson?

    public init(
        fire: [Comparison] = [], obstacles: [Comparison] = [], frost: Comparison? = nil,
        extended: Extended? = nil, passback: Passback? = nil,
        secondPersonMilliseconds: Int? = nil, interlock: String? = nil,
        firstPerson: FirstPerson? = nil
    ) {
        self.fire = fire
        self.obstacles = obstacles
        self.frost = frost
        self.extended = extended
        self.passback = passback
        self.secondPersonMilliseconds = secondPersonMilliseconds
        self.interlock = interlock
        self.firstPerson = firstPerson
    }

    /// Whether nothing is said at all.
    public var isEmpty: Bool { self == DoorRules() }
}

extension ResolvedStation {
    /// Every point that a rule looks at is there, and every rule has what it needs.
    func checkRules() throws(Flaw) {
        for (index, door) in doors.enumerated() {
            guard let rules = door.rules else { continue }
            guard isLegal(rules, of: door) else { throw .value(.rules, index: index) }
        }
        for (index, door) in doors.enumerated() {
            guard let group = door.rules?.interlock else { continue }
            let others = doors.count { $0.rules?.interlock == group }
            guard others > 1 else { throw .value(.rules, index: index) }
        }
    }

    private func isLegal(_ rules: DoorRules, of door: ResolvedDoor) -> Bool {
        guard rules.fire.count <= Limit.conditionsPerDoor,
            rules.obstacles.count <= Limit.conditionsPerDoor,
            (rules.fire + rules.obstacles).allSatisfy(isPoint),
            rules.frost.map(isPoint) ?? true,
            rules.interlock.map(Self.isLegalName) ?? true,
            rules.passback.map({ Self.isLegalName($0.area) }) ?? true,
            rules.passback.map({ Limit.forgetSeconds.contains($0.forgetSeconds) }) ?? true,
            rules.secondPersonMilliseconds.map(Limit.secondPersonMilliseconds.contains) ?? true
        else { return false }
        if let more = rules.extended {
            guard Limit.moreReleaseMilliseconds.contains(more.releaseMilliseconds),
                Limit.moreOpenMilliseconds.contains(more.openMilliseconds)
            else { return false }
        }
        if let passback = rules.passback, door.readersIn.isEmpty && passback.kind == .timed {
            return false
        }
        if rules.frost != nil {
            guard case .lock(let lock) = devices[door.lock].driver, lock.kind == .strike,
                door.contact != nil, door.releaseMilliseconds >= Limit.frostMilliseconds
            else { return false }
        }
        if rules.firstPerson != nil, door.unlockHours == nil { return false }
        if rules.interlock != nil, door.unlockHours != nil { return false }
        return true
    }
}
