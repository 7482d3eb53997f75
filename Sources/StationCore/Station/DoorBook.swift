// Doors that do more than open for keys: what their rules remember, and which points they look at.

import EventLoop

/// Every door's rules at work. Plain doors have none: nothing here is asked on their taps.
struct DoorBook: Sendable {
    /// What a point says to a door.
    struct Watcher: Sendable {
        enum Meaning: Sendable { case fire, obstacle, frost }

        var door: DoorID
        var meaning: Meaning
        /// Among the door's conditions of that meaning.
        var place: Int
        var relation: Comparison.Relation
        var value: DecimalNumber

        /// What a reading says; `nil`: nothing that can be believed.
        func holds(_ reading: PointReading) -> Bool? {
            guard reading.isBelievable, let found = reading.value else { return nil }
            return relation.holds(found, value)
        }
    }

    /// What a grant changed about who is inside; taken back when nobody went through.
    struct Passage: Sendable {
        var holder: ShortText
        var before: PassbackLedger.Stay?
    }

    /// Two who are let in together: the grant is the second one's.
    struct Pair: Sendable {
        var ticket: Ticket
        var first: SecondPerson.Person
    }

    enum Limit {
        /// Grants of one release that may be taken back; who came before them went through.
        static let passages = 8
        /// More than the commit barrier holds for one door.
        static let pairs = 8
    }

    /// One door with rules.
    struct Ruled: Sendable {
        var rules: DoorRules
        var warden: DoorWarden
        var fire: Sightings
        var obstacles: Sightings
        var frost = Sightings(count: 1)
        var second = SecondPerson()
        /// The other doors of its interlock.
        var others: DoorSet
        /// Its area's place.
        var area: UInt8
        /// Of those who were let in since the leaf moved last, oldest first.
        var passages: [Passage] = []
        /// Who tapped before the one who is being decided on.
        var partner: SecondPerson.Person?
        var pairs: [Pair] = []
        /// Whether its fire inputs said fire when they were last looked at.
        var isBurning = false
    }

    /// Doors with rules.
    let ruled: DoorSet
    /// By door; `nil`: a plain one.
    private(set) var doors: [Ruled?]
    /// How each door came to stand as it does, and how it will once a fire is over.
    var standings: [KeptStanding]
    var passbacks: PassbackLedger
    /// Areas by name, in the order of the doors.
    let areas: [String]
    /// Doors whose hours are open, and for whose first person they wait.
    var awaited = DoorSet()
    /// No rule looks at any point.
    let isBlind: Bool
    /// By device and point.
    private let watchers: [[[Watcher]]]

    init(_ station: ResolvedStation) {
        var watchers = station.devices.map { device in
            station.doors.allSatisfy { $0.rules == nil }
                ? [] : [[Watcher]](repeating: [], count: device.driver.shownPoints.count)
        }
        var isBlind = true
        func watch(_ all: [Comparison], _ meaning: Watcher.Meaning, _ door: Int) {
            for (place, comparison) in all.enumerated() {
                // The station was validated: whatever is named is there.
                guard let device = comparison.device,
                    let point = station.devices[device].driver.shownPoints.firstIndex(where: {
                        $0.name == comparison.point
                    })
                else { continue }
                isBlind = false
                watchers[device][point].append(
                    Watcher(
                        door: DoorID(door), meaning: meaning, place: place,
                        relation: comparison.relation, value: comparison.value.plus))
            }
        }
        var (ruled, areas) = (DoorSet(), [String]())
        for door in station.doors {
            guard let area = door.rules?.passback?.area, !areas.contains(area) else { continue }
            areas.append(area)
        }
        doors = station.doors.enumerated().map { place, door in
            guard let rules = door.rules else { return nil }
            ruled.insert(DoorSet(DoorID(place)))
            watch(rules.fire, .fire, place)
            watch(rules.obstacles, .obstacle, place)
            watch(rules.frost.map { [$0] } ?? [], .frost, place)
            return Ruled(
                rules: rules,
                warden: DoorWarden(
                    isObstructed: !rules.obstacles.isEmpty,
                    patience: .milliseconds(Int64(door.openMilliseconds))),
                fire: Sightings(count: rules.fire.count),
                obstacles: Sightings(count: rules.obstacles.count),
                others: Self.others(of: place, in: station),
                area: UInt8(rules.passback.flatMap { areas.firstIndex(of: $0.area) } ?? 0))
        }
        self.ruled = ruled
        self.areas = areas
        self.watchers = watchers
        self.isBlind = isBlind
        standings = station.doors.map { _ in KeptStanding() }
        passbacks = PassbackLedger(isUsed: !areas.isEmpty)
    }

    private static func others(of place: Int, in station: ResolvedStation) -> DoorSet {
        var others = DoorSet()
        guard let group = station.doors[place].rules?.interlock else { return others }
        for (other, door) in station.doors.enumerated()
        where other != place && door.rules?.interlock == group {
            others.insert(DoorSet(DoorID(other)))
        }
        return others
    }

    func watchers(of device: Int, _ point: Int) -> [Watcher] {
        guard watchers[device].indices.contains(point) else { return [] }
        return watchers[device][point]
    }

    /// A door with rules, changed where it stands.
    ///
    /// - Precondition: it has rules.
    subscript(door: DoorID) -> Ruled {
        _read {
            guard let found = doors[Int(door.index)] else {
                preconditionFailure("a plain door has no rules")
            }
            yield found
        }
        _modify {
            precondition(doors[Int(door.index)] != nil, "a plain door has no rules")
            yield &doors[Int(door.index)]!
        }
    }

    /// A door's mode changed.
    @inline(never)
    mutating func stands(_ door: DoorID, by authority: Authority) {
        standings[Int(door.index)].by = authority
    }
}
