// Every service's machine, which points each looks at, and what waits to be done for them.

import EventLoop

/// A part of a service.
struct ServicePart: Sendable, Equatable {
    var service: Int
    var unit: Int
}

/// Every service of the station.
struct ServiceBook: ~Copyable {
    /// What a part of a service sees in a point.
    struct Watcher: Sendable {
        enum Meaning: Sendable {
            /// Whether its door is closed.
            case closed
            /// Whether something lies in it.
            case item
        }

        var part: ServicePart
        var meaning: Meaning
        /// It is asked from time to time; else a reading is what is so until the next.
        var isAsked: Bool
        var relation: Comparison.Relation
        var value: DecimalNumber

        /// What a reading says; `nil`: nothing that can be believed.
        func holds(_ reading: PointReading) -> Bool? {
            guard reading.quality == .good, let found = reading.value else { return nil }
            return relation.holds(found, value)
        }
    }

    /// How a part is told to open.
    struct Target: Sendable {
        var device: DeviceID
        var action: Int
        var arguments: [ArgumentValue]
    }

    /// What a lock was told.
    struct Underway: Sendable {
        /// The order's.
        var number: UInt64
        var part: ServicePart
        var at: Instant
    }

    /// What a person said of a box in this run: entries of the run before know less.
    struct Word: Sendable {
        var isCleared = false
        var isBlocked: Bool?
    }

    enum Limit {
        /// Reading a journal takes less than that; a crew is told when it does not.
        static let recall = Interval.seconds(10)
        /// Then who holds a box by the snapshot's word gets at it.
        static let patience = Interval.seconds(60)
        /// Steps of one box in a minute that get entries of their own.
        static let steps = 20
    }

    /// One bank for each service; empty for those of another kind.
    var banks: FixedTable<LockerBank>
    /// By service and unit.
    let targets: [[Target]]
    /// By device and point.
    private let watchers: [[[Watcher]]]
    /// Steps that sensors show, by part.
    var floods: FixedTable<FloodLimiter>
    /// Which device tells whether a part's door is closed, by part.
    let contacts: [DeviceID]
    /// Each service's first part in what is kept by part.
    private let first: [Int]
    /// What is to be told to devices in this tick.
    var toPerform: [ServicePart] = []
    var underway: [Underway] = []
    /// Whether the station offers nothing but doors.
    let isEmpty: Bool
    /// Whether all is known that can be known of the run before.
    var isRecalled = false
    /// Parts of which the snapshot knew nothing, as long as the journal was not asked.
    var doubted: [ServicePart] = []
    /// By part.
    var words: [Int: Word] = [:]
    /// By service: what a person has paused, and of which one did or undid that in this run.
    var pauses: [ServicePause?]
    var hasPauseWord: [Bool]
    /// When a crew is told that the journal has not answered yet.
    var toldLateAt: Instant?
    /// When nobody waits for its answer any more.
    var waitsUntil: Instant?

    init(_ station: ResolvedStation) {
        var watchers = station.devices.map { device in
            station.services.isEmpty
                ? [] : [[Watcher]](repeating: [], count: device.driver.shownPoints.count)
        }
        func watch(_ part: ServicePart, _ meaning: Watcher.Meaning, _ comparison: Comparison) {
            // The station was validated: whatever is named is there.
            guard let device = comparison.device,
                let point = station.devices[device].driver.shownPoints.firstIndex(where: {
                    $0.name == comparison.point
                })
            else { return }
            watchers[device][point].append(
                Watcher(
                    part: part, meaning: meaning,
                    isAsked: station.devices[device].driver.isAsked,
                    relation: comparison.relation, value: comparison.value.plus))
        }
        var banks: [LockerBank] = []
        var targets: [[Target]] = []
        var contacts: [DeviceID] = []
        var first: [Int] = []
        for (place, service) in station.services.enumerated() {
            first.append(contacts.count)
            switch service.settings {
            case .lockers(let settings):
                let box = Compartment.Settings(
                    open: .milliseconds(Int64(settings.leftOpenMilliseconds)),
                    tenancy: settings.overtimeMinutes.map { .seconds(Int64($0) * 60) })
                banks.append(
                    LockerBank(Array(repeating: box, count: settings.boxes.count)))
                targets.append(settings.boxes.compactMap { Target($0.open, in: station) })
                for (unit, box) in settings.boxes.enumerated() {
                    let part = ServicePart(service: place, unit: unit)
                    watch(part, .closed, box.closed)
                    if let item = box.item { watch(part, .item, item) }
                    contacts.append(DeviceID(box.closed.device ?? 0))
                }
            case .machine:
                // `MachineBook` has it.
                banks.append(LockerBank([]))
                targets.append([])
            }
        }
        self.banks = FixedTable(banks)
        self.contacts = contacts
        self.first = first
        floods = FixedTable(
            Array(repeating: FloodLimiter(allowance: Limit.steps), count: contacts.count))
        self.targets = targets
        self.watchers = watchers
        isEmpty = station.services.isEmpty
        pauses = station.services.map { _ in nil }
        hasPauseWord = station.services.map { _ in false }
    }

    func watchers(of device: Int, _ point: Int) -> [Watcher] {
        guard watchers[device].indices.contains(point) else { return [] }
        return watchers[device][point]
    }

    /// Where what is kept by part has this one.
    func place(of part: ServicePart) -> Int { first[part.service] + part.unit }

    /// Whether a part's lock is being told. What is not answered any more does not count.
    mutating func isUnderway(_ part: ServicePart, at now: Instant) -> Bool {
        if toPerform.contains(part) { return true }
        underway.removeAll { $0.at + Compartment.Limit.answer <= now }
        return underway.contains { $0.part == part }
    }

    var nextDeadline: Instant? {
        var next = toldLateAt
        for service in banks.indices { next = Instant.earlier(next, banks[service].nextDeadline) }
        for place in floods.indices { next = Instant.earlier(next, floods[place].nextDeadline) }
        return next
    }
}

extension HeldGrant {
    /// A part of a service opens for a key, or by a person's word.
    init(
        ticket: Ticket?, use part: ServicePart, reader: DeviceID, of form: MatchForm?,
        at now: Instant, deadline: Instant
    ) {
        let service = ServiceID(part.service)
        let unit = UInt8(clamping: part.unit)
        self.init(
            ticket: ticket, door: DoorID(0), reader: reader,
            of: form.map { .use(service, unit: unit, of: $0) } ?? .word(service, unit: unit),
            tappedAt: now, deadline: deadline)
    }

    /// A part of a service becomes a key's.
    init(
        ticket: Ticket?, gift part: ServicePart, reader: DeviceID, to form: MatchForm,
        at now: Instant, deadline: Instant
    ) {
        self.init(
            ticket: ticket, door: DoorID(0), reader: reader,
            of: .gift(ServiceID(part.service), unit: UInt8(clamping: part.unit), of: form),
            tappedAt: now, deadline: deadline)
    }

    /// Of a use; `nil` at a door.
    var part: ServicePart? {
        switch origin {
        case .use(let service, let unit, _), .word(let service, let unit),
            .gift(let service, let unit, _):
            ServicePart(service: Int(service.index), unit: Int(unit))
        case .key, .ruled, .pass, .order: nil
        }
    }

    /// Who asked for a use; `nil`: a person, without a card.
    var form: MatchForm? {
        switch origin {
        case .use(_, _, let form), .gift(_, _, let form): form
        case .word, .key, .ruled, .pass, .order: nil
        }
    }
}

extension ServiceBook.Target {
    init?(_ order: DeviceOrder, in station: ResolvedStation) {
        guard let device = order.device,
            let action = station.devices[device].driver.actions.firstIndex(where: {
                $0.name == order.action
            })
        else { return nil }
        self.init(device: DeviceID(device), action: action, arguments: order.arguments)
    }
}
