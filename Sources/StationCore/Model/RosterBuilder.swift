// From rows to a roster's file: the same rows in any order give the same bytes.

/// Collects rows and writes them as a roster's file.
public struct RosterBuilder: Sendable {
    /// What `build` made of the rows.
    public struct Build: Sendable {
        /// For `RosterFile.decode` and for keeping.
        public let file: [UInt8]
        /// Keys in the file.
        public let keyCount: Int
        /// Rows that were left out, because their card is on keys of different holders.
        public let collisions: [RosterCollision]
    }

    /// A key without its forms, its rights as a place in `rights`. There may be a million.
    struct Key {
        var id: ShortText
        var holder: ShortText
        var line: UInt32
        var validFrom: UInt32
        var validTo: UInt32
        var rights: UInt16
        var state: KeyState
        var role: KeyRole
        var assurance: Assurance
        var shapes: NumberShapes

        init(
            id: ShortText, holder: ShortText, validFrom: UInt32, validTo: UInt32, rights: UInt16,
            state: KeyState, role: KeyRole, assurance: Assurance, shapes: NumberShapes
        ) {
            (self.id, self.holder, line) = (id, holder, 0)
            (self.validFrom, self.validTo) = (validFrom, validTo)
            self.rights = rights
            (self.state, self.role, self.assurance) = (state, role, assurance)
            self.shapes = shapes
        }

        init(_ row: RosterRow, rights: UInt16) {
            (id, holder) = (row.id, row.holder)
            line = UInt32(clamping: row.line)
            (validFrom, validTo) = (row.validFrom, row.validTo)
            self.rights = rights
            (state, role, assurance) = (row.state, row.role, row.assurance)
            shapes = row.shapes
        }
    }

    struct Form {
        var form: MatchForm
        var key: UInt32
        var line: UInt32
    }

    let version: UInt64
    let epoch: ShortText
    let check: MatchForm
    /// Whose bundle it is; 0: it was made here.
    let issuer: UInt64
    var keys: [Key] = []
    var forms: [Form] = []
    private(set) var rights: [RosterRights] = []
    var keyPlaces = KeyPlaces()
    private var rightsPlaces: [RosterRights: UInt16] = [:]
    /// Whether one card may be on several keys of one holder: then the strictest keeps it.
    var allowsSharedForms = true
    /// Of doors, services and hours.
    private var knownNames: Set<String> = []

    /// - Parameters:
    ///   - key: the station key that the rows' match forms were made with.
    ///   - version: the roster's version; a hub's or an import's counter.
    public init(key: StationKey, version: UInt64) {
        self.init(epoch: key.epoch, check: key.check, version: version)
    }

    init(epoch: ShortText, check: MatchForm, version: UInt64, issuer: UInt64 = 0) {
        self.issuer = issuer
        self.epoch = epoch
        self.check = check
        self.version = version
    }

    /// Takes a row, or says why not; a refused row changes nothing.
    public mutating func add(_ row: RosterRow) throws(RosterRowRefusal) {
        guard !row.id.isEmpty else { throw .emptyID }
        guard row.validFrom <= row.validTo else { throw .fromAfterTo }
        guard forms.count < RosterLimits.forms else {
            throw .tooManyForms(limit: RosterLimits.forms)
        }
        let rights = RosterRights(
            doors: try canonical(row.doors), isSlow: row.isSlow,
            terms: row.terms == .plain ? .plain : try row.terms.canonical())
        let place: Int
        if let known = keyPlaces.place(of: row.id, { keys[$0].id }) {
            guard isSameKey(keys[known], row, rights) else {
                throw .contradictsLine(Int(keys[known].line))
            }
            place = known
            keys[place].shapes.formUnion(row.shapes)
        } else {
            guard keys.count < RosterLimits.keys else {
                throw .tooManyKeys(limit: RosterLimits.keys)
            }
            place = keys.count
            keys.append(Key(row, rights: try rightsPlace(rights)))
            keyPlaces.insert(row.id, at: place) { keys[$0].id }
        }
        forms.append(
            Form(form: row.form, key: UInt32(place), line: UInt32(clamping: row.line)))
    }

    private func isSameKey(_ key: Key, _ row: RosterRow, _ rights: RosterRights) -> Bool {
        key.holder == row.holder && key.validFrom == row.validFrom && key.validTo == row.validTo
            && key.state == row.state && key.role == row.role && key.assurance == row.assurance
            && self.rights[Int(key.rights)] == rights
    }

    /// The same doors in one order, each once.
    func canonical(_ doors: RosterNames) throws(RosterRowRefusal) -> RosterNames {
        guard case .named(let names) = doors else { return .every }
        for name in names {
            guard (1...RosterLimits.doorNameBytes).contains(name.utf8.count) else {
                throw .doorName
            }
        }
        if names.count < 2 { return doors }
        return .named(Self.sorted(names))
    }

    mutating func rightsPlace(
        _ new: RosterRights
    ) throws(RosterRowRefusal) -> UInt16 {
        if let place = rightsPlaces[new] { return place }
        guard rights.count < RosterLimits.rights else {
            throw .tooManyRights(limit: RosterLimits.rights)
        }
        guard new.doors.names.count <= RosterLimits.doorsPerSet,
            new.terms.services.names.count <= RosterLimits.doorsPerSet
        else { throw .tooManyRights(limit: RosterLimits.doorsPerSet) }
        let unknown = Set(new.doors.names + new.terms.names).subtracting(knownNames)
        guard knownNames.count + unknown.count <= RosterLimits.doorNames else {
            throw .tooManyRights(limit: RosterLimits.doorNames)
        }
        knownNames.formUnion(unknown)
        let place = UInt16(rights.count)
        rights.append(new)
        rightsPlaces[new] = place
        return place
    }

    /// Sorted by bytes, each once.
    static func sorted(_ names: [String]) -> [String] {
        let ordered = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return ordered.indices.filter { $0 == 0 || ordered[$0] != ordered[$0 - 1] }
            .map { ordered[$0] }
    }
}
