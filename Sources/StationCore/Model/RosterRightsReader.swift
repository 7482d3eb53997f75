// The sets of rights of a roster's file: names become a station's own doors, services and hours.

/// What a station has of a roster's rights, by set.
struct RosterRightsParts: Sendable {
    /// What each set opens without another question. A set with hours, or with a quota at doors,
    /// opens nothing so: `terms` says what it opens and when.
    var doorSets: [DoorSet] = []
    /// Whether whoever has them needs more time.
    var slowSets: [Bool] = []
    /// Empty: all sets are doors alone.
    var terms: [RightsTerms] = []
    var quotas: [RightsQuota] = []
    /// Names that this station does not have, in the order of the file.
    var unknownDoors: [String] = []
    var unknownHours: [String] = []
}

/// Reads sets of rights one by one; nothing is believed before it was compared.
struct RosterRightsReader {
    let bytes: UnsafeRawBufferPointer
    let layout: RosterLayout
    /// Each name, and its place among the station's doors, services and hours.
    private let names: [String]
    private let doors: [Int?]
    private let services: [Int?]
    private let hours: [Int?]
    private var offset: Int
    private var index = 0
    /// Names that are doors', and hours', somewhere.
    private var doorNames: [Bool]
    private var hoursNames: [Bool]
    private(set) var parts = RosterRightsParts()

    init(
        bytes: UnsafeRawBufferPointer, layout: RosterLayout, names: [String], station: RosterPlaces
    ) {
        self.bytes = bytes
        self.layout = layout
        self.names = names
        doors = names.map { station.doors.firstIndex(of: $0) }
        services = names.map { station.services.firstIndex(of: $0) }
        hours = names.map { station.hours.firstIndex(of: $0) }
        offset = layout.rightsOffset
        doorNames = names.map { _ in false }
        hoursNames = doorNames
    }

    mutating func read() throws(RosterFileError) {
        for index in 0..<layout.rightsCount {
            self.index = index
            let (doors, isSlow) = try readDoors()
            parts.slowSets.append(isSlow)
            guard layout.hasTerms else {
                parts.doorSets.append(doors)
                continue
            }
            let terms = try readTerms(of: doors)
            parts.terms.append(terms)
            parts.doorSets.append(terms.isLimitedAtDoors ? DoorSet() : doors)
        }
        guard offset == layout.namesOffset else {
            throw .broken(section: .rights, at: layout.rightsCount)
        }
        // In files from before every name is a door's, whether a set has it or not.
        parts.unknownDoors = names.indices
            .filter { doors[$0] == nil && (doorNames[$0] || !layout.hasTerms) }.map { names[$0] }
        parts.unknownHours = names.indices.filter { hours[$0] == nil && hoursNames[$0] }
            .map { names[$0] }
    }

    private mutating func readDoors() throws(RosterFileError) -> (DoorSet, isSlow: Bool) {
        let word = try word16()
        let isSlow = word != RosterLayout.everyDoor && word & RosterLayout.slowly != 0
        guard word < RosterLayout.everyDoorSlowly else { return (.all, isSlow) }
        var set = DoorSet()
        for _ in 0..<(word & ~RosterLayout.slowly) {
            let name = try name()
            doorNames[name] = true
            if let door = doors[name] { set.insert(DoorSet(DoorID(door))) }
        }
        return (set, isSlow)
    }

    private mutating func readTerms(of doors: DoorSet) throws(RosterFileError) -> RightsTerms {
        var set = UInt64.max
        let count = try word16()
        if count != RosterLayout.all {
            set = 0
            for _ in 0..<count {
                if let service = services[try name()] { set |= 1 << UInt64(service) }
            }
        }
        var when = RightsTerms.Hours.always
        let word = try word16()
        if word != RosterLayout.all {
            let name = try checked(word)
            hoursNames[name] = true
            when = hours[name].map { .named(UInt8(clamping: $0)) } ?? .unknown
        }
        let first = parts.quotas.count
        let many = try word16()
        guard many <= RosterLimits.quotasPerSet else { throw .broken(section: .rights, at: index) }
        for _ in 0..<many { parts.quotas.append(try quota()) }
        let quotas = first..<parts.quotas.count
        return RightsTerms(
            doors: doors, services: set, hours: when, quotas: quotas,
            countsAtDoors: parts.quotas[quotas].contains { $0.subject == .doors })
    }

    private mutating func quota() throws(RosterFileError) -> RightsQuota {
        let word = try word16()
        var subject = QuotaSubject.doors
        if word != RosterLayout.all {
            subject = services[try checked(word)].map { QuotaSubject(ServiceID($0)) } ?? .elsewhere
        }
        let kinds = try word16()
        guard let measure = QuotaMeasure(rawValue: UInt8(truncatingIfNeeded: kinds)),
            let period = QuotaPeriod(rawValue: UInt8(kinds >> 8)), offset + 4 <= layout.namesOffset
        else { throw .broken(section: .rights, at: index) }
        let limit = bytes.word32(offset)
        offset += 4
        guard limit > 0 else { throw .broken(section: .rights, at: index) }
        return RightsQuota(subject: subject, measure: measure, period: period, limit: limit)
    }

    private mutating func name() throws(RosterFileError) -> Int { try checked(try word16()) }

    private func checked(_ word: UInt16) throws(RosterFileError) -> Int {
        guard Int(word) < names.count else { throw .broken(section: .rights, at: index) }
        return Int(word)
    }

    private mutating func word16() throws(RosterFileError) -> UInt16 {
        guard offset + 2 <= layout.namesOffset else { throw .broken(section: .rights, at: index) }
        defer { offset += 2 }
        return bytes.word16(offset)
    }
}
