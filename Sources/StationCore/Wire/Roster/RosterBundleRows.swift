// The rows of a bundle: rights, keys, and keys that are gone.

/// Collects a bundle's rows into a builder, and lays them over the roster that they change.
struct RosterBundleRows {
    /// Numbers of one card, and room: a card has a handful of views.
    static let formsPerKey = 16

    private var builder: RosterBuilder
    /// The builder's place of each set of rights, by the bundle's.
    private var rights: [UInt16] = []
    /// Keys that the bundle speaks of: what the roster before says of them is over.
    private var named: Set<ShortText> = []
    /// Those that are gone, in the order of the bundle.
    private(set) var removed: [ShortText] = []

    init(_ builder: RosterBuilder) {
        self.builder = builder
        // A file keeps one key of a card: of a roster with two, a change could not be told from
        // the whole.
        self.builder.allowsSharedForms = false
    }

    /// - Parameter isWhole: it changes nothing that was there, so nothing can be taken off.
    mutating func read(
        _ lines: inout RosterBundleLines, isWhole: Bool
    ) throws(RosterBundleRefusal) {
        while let fields = try lines.next() {
            let isRead: Bool
            switch fields[0] {
            case _ where fields[0].elementsEqual("key".utf8): isRead = try readKey(fields)
            case _ where fields[0].elementsEqual("right".utf8): isRead = try readRight(fields)
            case _ where fields[0].elementsEqual("remove".utf8):
                isRead = !isWhole && readRemoval(fields)
            default: isRead = false
            }
            guard isRead else { throw .line(lines.number) }
        }
    }

    /// The new roster's file: these rows, and of `base` all keys that they do not speak of.
    consuming func file(on base: Roster?) throws(RosterBundleRefusal) -> [UInt8] {
        do throws(RosterRowRefusal) {
            if let base { try builder.take(base, without: named) }
        } catch {
            throw Self.refusal(error)
        }
        let build = builder.build()
        if let collision = build.collisions.first { throw .collision(collision.keys) }
        guard build.keyCount > 0 else { throw .noKeys }
        return build.file
    }

    // MARK: Lines

    /// `right ‖ number ‖ doors ‖ slow ‖ services ‖ hours ‖ quotas`
    private mutating func readRight(
        _ fields: [ArraySlice<UInt8>]
    ) throws(RosterBundleRefusal) -> Bool {
        guard fields.count == 7, RosterBundleLines.number(fields[1]) == UInt64(rights.count),
            let doors = Self.names(fields[2]), let services = Self.names(fields[4]),
            let slow = Self.text(fields[3]), slow == "-" || slow == "slow",
            let hours = Self.text(fields[5]),
            hours == "-" || ResolvedStation.isLegalName(hours), let quotas = Self.text(fields[6])
        else { return false }
        var terms = RosterTerms(services: services, hours: hours == "-" ? nil : hours)
        if quotas != "-" {
            guard let read = try? QuotaText.quotas(quotas) else { return false }
            terms.quotas = read.sorted { $0.precedes($1) }
            guard QuotaText.text(terms.quotas) == quotas else { return false }
        }
        let set = RosterRights(doors: doors, isSlow: slow == "slow", terms: terms)
        do throws(RosterRowRefusal) {
            rights.append(try builder.take(set))
            return true
        } catch {
            if case .tooManyRights(let limit) = error { throw .tooMany(limit: limit) }
            return false
        }
    }

    /// `key ‖ id ‖ holder ‖ right ‖ from ‖ to ‖ state ‖ role ‖ assurance ‖ shapes ‖ forms`
    private mutating func readKey(
        _ fields: [ArraySlice<UInt8>]
    ) throws(RosterBundleRefusal) -> Bool {
        guard fields.count == 11, let id = Self.name(fields[1]), !id.isEmpty,
            let holder = Self.name(fields[2]),
            let place = RosterBundleLines.number(fields[3]), place < UInt64(rights.count),
            let from = Self.moment(fields[4], 0), let to = Self.moment(fields[5], .max),
            from <= to, let state = Self.word(fields[6], KeyState.allCases, \.name),
            let role = Self.word(fields[7], KeyRole.allCases, \.name),
            let assurance = Self.word(fields[8], Assurance.allCases, \.name),
            let shapes = RosterBundleLines.number(fields[9]).flatMap({ UInt8(exactly: $0) }),
            let forms = Self.forms(fields[10]), named.insert(id).inserted
        else { return false }
        let key = RosterBuilder.Key(
            id: id, holder: holder, validFrom: from, validTo: to, rights: rights[Int(place)],
            state: state, role: role, assurance: assurance, shapes: NumberShapes(rawValue: shapes))
        do throws(RosterRowRefusal) {
            try builder.take(key, forms)
            return true
        } catch {
            throw Self.refusal(error)
        }
    }

    /// `remove ‖ id`
    private mutating func readRemoval(_ fields: [ArraySlice<UInt8>]) -> Bool {
        guard fields.count == 2, let id = Self.name(fields[1]), !id.isEmpty else { return false }
        removed.append(id)
        return named.insert(id).inserted
    }

    private static func refusal(_ error: RosterRowRefusal) -> RosterBundleRefusal {
        switch error {
        case .tooManyKeys(let limit), .tooManyForms(let limit), .tooManyRights(let limit),
            .tooManyQuotas(let limit):
            .tooMany(limit: limit)
        case .contradictsLine, .emptyID, .fromAfterTo, .doorName, .termName, .quota: .line(0)
        }
    }

    // MARK: Fields

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        String(validating: bytes, as: UTF8.self)
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> ShortText? {
        guard bytes.count <= ShortText.capacity, bytes.allSatisfy({ (0x20...0x7e).contains($0) }),
            // Entries name people by it who are no keys.
            !bytes.starts(with: CrewMember.mark.utf8)
        else { return nil }
        return ShortText(trusted: bytes, count: bytes.count)
    }

    /// `*`, `-` for none, or names with one blank between two, in the order of their bytes.
    private static func names(_ bytes: ArraySlice<UInt8>) -> RosterNames? {
        guard let text = text(bytes) else { return nil }
        if text == "*" { return .every }
        if text == "-" { return .named([]) }
        let names = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy(ResolvedStation.isLegalName), RosterBuilder.sorted(names) == names
        else { return nil }
        return .named(names)
    }

    /// Seconds since 1970, or `-` for `open`.
    private static func moment(_ bytes: ArraySlice<UInt8>, _ open: UInt32) -> UInt32? {
        if bytes.elementsEqual([0x2d]) { return open }
        return RosterBundleLines.number(bytes).flatMap { UInt32(exactly: $0) }
            .flatMap { $0 == open ? nil : $0 }
    }

    private static func word<Value>(
        _ bytes: ArraySlice<UInt8>, _ all: [Value], _ name: (Value) -> String
    ) -> Value? {
        all.first { bytes.elementsEqual(name($0).utf8) }
    }

    private static func forms(_ bytes: ArraySlice<UInt8>) -> [MatchForm]? {
        let parts = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        guard (1...formsPerKey).contains(parts.count) else { return nil }
        var forms: [MatchForm] = []
        for part in parts {
            guard let form = MatchForm(hex: part) else { return nil }
            forms.append(form)
        }
        return forms
    }
}

extension Assurance {
    /// The name in bundles.
    public var name: String {
        switch self {
        case .uid: "uid"
        case .authenticated: "authenticated"
        }
    }
}

extension RosterBuilder {
    /// Takes a set of rights, once. Returns its place.
    mutating func take(_ set: RosterRights) throws(RosterRowRefusal) -> UInt16 {
        try rightsPlace(
            RosterRights(
                doors: try canonical(set.doors), isSlow: set.isSlow,
                terms: try set.terms.canonical()))
    }

    /// Takes a key that was not taken before, with its forms.
    mutating func take(_ key: Key, _ forms: [MatchForm]) throws(RosterRowRefusal) {
        guard keys.count < RosterLimits.keys else { throw .tooManyKeys(limit: RosterLimits.keys) }
        guard self.forms.count + forms.count <= RosterLimits.forms else {
            throw .tooManyForms(limit: RosterLimits.forms)
        }
        for form in forms {
            self.forms.append(Form(form: form, key: UInt32(keys.count), line: 0))
        }
        keys.append(key)
    }

    /// Takes every key of a roster but some, with their forms. A million are moved by value: no
    /// text is made of any.
    mutating func take(
        _ roster: Roster, without named: Set<ShortText>
    ) throws(RosterRowRefusal) {
        var places: [UInt16] = []
        for set in roster.namedRights { places.append(try take(set)) }
        var moved = [UInt32](repeating: .max, count: roster.count)
        keys.reserveCapacity(keys.count + roster.count)
        forms.reserveCapacity(forms.count + roster.formCount)
        for index in 0..<roster.count {
            let key = roster.key(at: index)
            guard !named.contains(key.id) else { continue }
            guard keys.count < RosterLimits.keys else {
                throw .tooManyKeys(limit: RosterLimits.keys)
            }
            moved[index] = UInt32(keys.count)
            keys.append(
                Key(
                    id: key.id, holder: key.holder,
                    validFrom: key.validFrom.map { UInt32(clamping: $0.seconds) } ?? 0,
                    validTo: key.validTo.map { UInt32(clamping: $0.seconds) } ?? .max,
                    rights: places[roster.rightsPlace(at: index)],
                    state: roster.overruled(at: index) ?? key.state,
                    role: key.role, assurance: key.assurance, shapes: roster.shapes(at: index)))
        }
        let isRoom = roster.withFile { bytes, layout in
            for index in 0..<layout.entryCount {
                let offset = layout.entriesOffset + index * RosterLayout.entryBytes
                let key = moved[Int(bytes.word32(offset + 16))]
                guard key != .max else { continue }
                guard forms.count < RosterLimits.forms else { return false }
                forms.append(Form(form: bytes.matchForm(offset), key: key, line: 0))
            }
            return true
        }
        guard isRoom else { throw .tooManyForms(limit: RosterLimits.forms) }
    }
}
