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

    /// Something that is done when its entry is durable.
    struct Waiting: Sendable {
        var part: ServicePart
        /// The reader where somebody stands.
        var reader: DeviceID?
        var ticket: Ticket?
        var until: Instant
    }

    /// One bank for each service; empty for those of another kind.
    var banks: FixedTable<LockerBank>
    /// By service and unit.
    let targets: [[Target]]
    /// By device and point.
    private let watchers: [[[Watcher]]]
    var waiting: [Waiting] = []
    /// What is to be told to devices in this tick.
    var toPerform: [ServicePart] = []
    /// What was told, by the order's number.
    var underway: [UInt64: ServicePart] = [:]
    let isEmpty: Bool
    /// Whether all is known that can be known of the run before.
    var isRecalled = false

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
                    part: part, meaning: meaning, relation: comparison.relation,
                    value: comparison.value.plus))
        }
        var banks: [LockerBank] = []
        var targets: [[Target]] = []
        for (place, service) in station.services.enumerated() {
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
                }
            }
        }
        self.banks = FixedTable(banks)
        self.targets = targets
        self.watchers = watchers
        isEmpty = station.services.isEmpty
    }

    func watchers(of device: Int, _ point: Int) -> [Watcher] {
        guard watchers[device].indices.contains(point) else { return [] }
        return watchers[device][point]
    }

    var nextDeadline: Instant? {
        var next = waiting.map(\.until).min()
        for service in banks.indices { next = Instant.earlier(next, banks[service].nextDeadline) }
        return next
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
