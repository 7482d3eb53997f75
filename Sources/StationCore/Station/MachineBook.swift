// Every service's machine but lockers', what each sees in points, and what devices are to do.

import EventLoop

/// The machines of a station's services.
struct MachineBook: ~Copyable {
    /// What a part of a service sees in a point.
    struct Watcher: Sendable {
        var part: ServicePart
        var sense: Sense
        var source: MachineSettings.Source

        func sight(_ reading: PointReading) -> ServiceInput.Sight {
            switch source {
            case .holds(let comparison):
                guard reading.quality == .good, let found = reading.value else {
                    return .holds(nil, at: reading.at)
                }
                return .holds(
                    comparison.relation.holds(found, comparison.value.plus), at: reading.at)
            case .number(_, _, let scale):
                var scaled = reading
                if scale != 1 {
                    scaled.value = reading.value?.multiplied(by: DecimalNumber(Int64(scale)))
                }
                return .number(scaled)
            }
        }
    }

    /// Which device does what for a part.
    struct Target: Sendable {
        var role: OrderRole
        var to: ServiceBook.Target
    }

    /// An order to a device.
    struct Doing: Sendable {
        var part: ServicePart
        var role: OrderRole
        /// The machine's own number.
        var order: UInt32
        /// So much is to be let out at most.
        var amount: Int64?
        /// The action's, once it is under way.
        var number: UInt64 = 0
        var since = Instant(nanoseconds: 0)
    }

    enum Limit {
        /// No action takes so long: its outcome was lost.
        static let answer = Interval.seconds(120)
        /// Uses that sensors alone show at one part in a minute and that get entries of their own.
        static let uses = 20
    }

    /// By service; `nil`: it is none of these.
    private var machines: FixedTable<(any ServiceMachine)?>
    /// Each service's first part in what is kept by part.
    private let first: [Int]
    /// By part.
    private let targets: [[Target]]
    /// By device and point.
    private let watchers: [[[Watcher]]]
    /// By device: the parts whose orders it carries out.
    let performers: [[ServicePart]]
    /// By guard: the parts that it makes safe.
    private let guarded: [[ServicePart]]
    /// By part: those guards.
    private let guards: [[Int]]
    /// By device: the part that its taps are for.
    private let readers: [Int?]
    /// By service.
    private let forAnybody: [Bool]
    var toPerform: [Doing] = []
    private var underway: [Doing] = []
    /// By part: whether its button is held; `nil`: nobody has said yet.
    var pressed: [Bool?]
    /// By part: uses that sensors show.
    var floods: FixedTable<FloodLimiter>
    /// By part: a bit for each fault that stands.
    private var standing: [UInt32]
    /// By part: its use is only counted.
    var muted: [Bool]
    /// By service: what the run before kept, until the machines begin.
    var kept: [[KeptPart]]
    /// How long the station was away.
    var away: Interval?
    /// Whether machines know all that they can know of the run before.
    var hasBegun = false
    /// The date that machines were told, and when the next one comes.
    var date: CivilDate?
    var dayEndsAt: Instant?
    /// By service: what its hours and masters said last; `nil`: it was not told.
    var openness: [Bool?]
    let isEmpty: Bool

    init(_ station: ResolvedStation, _ guardBook: borrowing GuardBook) {
        var maker = MachineMaker(station)
        maker.make()
        machines = FixedTable(maker.machines)
        first = maker.first
        targets = maker.targets
        watchers = maker.watchers
        readers = maker.readers
        forAnybody = station.services.map { service in
            if case .machine(let settings) = service.settings {
                settings.kind.shape.isForAnybody
            } else {
                false
            }
        }
        isEmpty = maker.machines.allSatisfy { $0 == nil }
        var performers = [[ServicePart]](repeating: [], count: station.devices.count)
        for (place, part) in maker.parts.enumerated() {
            for target in maker.targets[place] {
                let device = Int(target.to.device.index)
                if !performers[device].contains(part) { performers[device].append(part) }
            }
        }
        self.performers = performers
        guarded = guardBook.names.indices.map { maker.guarded(by: $0, guardBook) }
        guards = maker.parts.map { [guarded] part in
            guarded.indices.filter { guarded[$0].contains(part) }
        }
        pressed = maker.parts.map { _ in nil }
        muted = maker.parts.map { _ in false }
        standing = maker.parts.map { _ in 0 }
        floods = FixedTable(maker.parts.map { _ in FloodLimiter(allowance: Limit.uses) })
        kept = station.services.map { _ in [] }
        openness = station.services.map { _ in nil }
    }

    /// Where what is kept by part has this one.
    func place(of part: ServicePart) -> Int { first[part.service] + part.unit }

    func isMachine(_ service: Int) -> Bool { machines[service] != nil }

    func watchers(of device: Int, _ point: Int) -> [Watcher] {
        guard watchers[device].indices.contains(point) else { return [] }
        return watchers[device][point]
    }

    /// The part that a tap at a reader is for; `nil`: the service chooses.
    func unit(at reader: Int) -> Int? { readers[reader] }

    /// Whether whoever holds a known card to its reader is served.
    func isForAnybody(_ service: Int) -> Bool { forAnybody[service] }

    /// The parts that a guard makes safe.
    func parts(guardedBy rule: Int) -> [ServicePart] { guarded[rule] }

    /// The guards that make a part safe.
    func guards(of part: ServicePart) -> [Int] { guards[place(of: part)] }

    func target(of doing: Doing) -> ServiceBook.Target? {
        targets[place(of: doing.part)].first { $0.role == doing.role }?.to
    }

    mutating func began(_ doing: Doing) { underway.append(doing) }

    /// The order of that number is over.
    mutating func ended(_ number: UInt64, at now: Instant) -> Doing? {
        underway.removeAll { $0.since + Limit.answer <= now }
        guard let place = underway.firstIndex(where: { $0.number == number }) else { return nil }
        return underway.remove(at: place)
    }

    // MARK: Faults

    /// A fault of a part stands from now on, or does not.
    mutating func note(_ fault: ServiceFault, _ stands: Bool, of part: ServicePart) {
        let bit: UInt32 = 1 << UInt32(fault.rawValue)
        let place = place(of: part)
        if stands { standing[place] |= bit } else { standing[place] &= ~bit }
    }

    func faults(of part: ServicePart) -> [ServiceFault] {
        let bits = standing[place(of: part)]
        return ServiceFault.allCases.filter { bits & (1 << UInt32($0.rawValue)) != 0 }
    }

    // MARK: Machines

    mutating func take(_ input: ServiceInput, _ service: Int, at now: Instant) -> [ServiceOutput] {
        machines[service]?.take(input, at: now) ?? []
    }

    func condition(of part: ServicePart) -> ServiceCondition {
        machines[part.service]?.condition(of: part.unit) ?? .working
    }

    func owner(of part: ServicePart) -> UseOwner? {
        machines[part.service]?.owner(of: part.unit)
    }

    /// What the next run has to know of a service.
    func kept(_ service: Int, at now: Instant) -> [KeptPart] {
        hasBegun ? machines[service]?.kept(at: now) ?? [] : kept[service]
    }

    /// What entries say of a part beyond the snapshot.
    mutating func learn(_ news: PartNews, _ part: ServicePart) {
        machines[part.service]?.learn(news, of: part.unit, &kept[part.service])
    }

    func nextDeadline(of service: Int) -> Instant? { machines[service]?.nextDeadline }

    var services: Range<Int> { machines.indices }

    var nextDeadline: Instant? {
        var next = dayEndsAt
        for service in machines.indices {
            next = Instant.earlier(next, machines[service]?.nextDeadline)
        }
        for place in floods.indices { next = Instant.earlier(next, floods[place].nextDeadline) }
        return next
    }
}

/// Turns a station's services into machines that know points and actions by number.
private struct MachineMaker {
    let station: ResolvedStation
    var machines: [(any ServiceMachine)?] = []
    var first: [Int] = []
    var parts: [ServicePart] = []
    var targets: [[MachineBook.Target]] = []
    var watchers: [[[MachineBook.Watcher]]]
    var readers: [Int?]

    init(_ station: ResolvedStation) {
        self.station = station
        let hasMachines = station.services.contains {
            if case .machine = $0.settings { true } else { false }
        }
        watchers = station.devices.map { device in
            hasMachines ? device.driver.shownPoints.map { _ in [] } : []
        }
        readers = station.devices.map { _ in nil }
    }

    mutating func make() {
        for (place, service) in station.services.enumerated() {
            first.append(parts.count)
            guard case .machine(let settings) = service.settings else {
                machines.append(nil)
                // Boxes of lockers have places here too: one count of parts for all.
                for unit in service.settings.units.indices {
                    parts.append(ServicePart(service: place, unit: unit))
                    targets.append([])
                }
                continue
            }
            machines.append(settings.kind.machine(settings))
            for sight in settings.shared { watch(sight, ServicePart(service: place, unit: 0)) }
            for (unit, part) in settings.parts.enumerated() {
                let id = ServicePart(service: place, unit: unit)
                parts.append(id)
                targets.append(
                    part.orders.compactMap { own in
                        ServiceBook.Target(own.order, in: station).map {
                            MachineBook.Target(role: own.role, to: $0)
                        }
                    })
                for sight in part.sights { watch(sight, id) }
                if let reader = part.reader { readers[reader] = unit }
            }
        }
    }

    private mutating func watch(_ sight: MachineSettings.Sight, _ part: ServicePart) {
        // The station was validated: whatever is named is there.
        let (device, name) = sight.source.place
        guard
            let point = station.devices[device].driver.shownPoints.firstIndex(where: {
                $0.name == name
            })
        else { return }
        watchers[device][point].append(
            MachineBook.Watcher(part: part, sense: sight.sense, source: sight.source))
    }

    /// The parts that a guard makes safe: it lets go of what they switch on, or has nothing but an
    /// outer actuator act for the device that does.
    func guarded(by rule: Int, _ book: borrowing GuardBook) -> [ServicePart] {
        let name = book.names[rule]
        let settings = station.devices[Int(name.device.index)].driver.guards[Int(name.place)]
        guard !settings.orders.isEmpty || settings.asksOuter else { return [] }
        let own = book.targets[rule].prefix(settings.orders.count)
        return parts.indices.filter { place in
            targets[place].contains { target in
                guard target.role.isHazard else { return false }
                if settings.orders.isEmpty { return target.to.device == name.device }
                return own.contains { letsGo($0, of: target.to) }
            }
        }.map { parts[$0] }
    }

    private func letsGo(_ order: GuardBook.Target, of target: ServiceBook.Target) -> Bool {
        guard order.device == target.device else { return false }
        let actions = station.devices[Int(order.device.index)].driver.actions
        return actions[order.action].letsGo(
            order.arguments, of: actions[target.action], target.arguments, among: actions)
    }
}
