// Which guard watches which points, and whom its orders are for: looked up once, at the start.

import EventLoop

/// Every guard of the station.
struct GuardBook: ~Copyable {
    /// Whom an order of a guard is for.
    struct Target: Sendable {
        var device: DeviceID
        var action: Int
        var arguments: [ArgumentValue]
    }

    /// Which guard looks at a point, and as which of its operands.
    struct Watcher: Sendable {
        var rule: Int
        var operand: Int
    }

    /// A guard's name in the station: its device, and its place there.
    struct Name: Sendable {
        var device: DeviceID
        var place: UInt8
    }

    struct Order: Sendable {
        var rule: Int
        var order: Int
        /// The trip of the guard that gave it.
        var trip: UInt32 = 0
    }

    var rules: FixedTable<Guard>
    let names: [Name]
    /// By guard: its own orders, then the outer one.
    let targets: [[Target]]
    /// By device: its guards.
    let ofDevice: [[Int]]
    /// By device: the orders that are for it.
    let forDevice: [[Order]]
    /// By device and point.
    private let watchers: [[[Watcher]]]
    /// By device: who looks at what it says by itself.
    let listeners: [[Watcher]]
    /// Orders that wait to be carried out in this tick.
    var toPerform: [Order] = []
    /// Those that are carried out, by their numbers: of a trip that is over too, until they end.
    var underway: [UInt64: Order] = [:]
    /// By guard: how often it was over.
    private var trips: [UInt32]

    var isEmpty: Bool { names.isEmpty }

    init(_ station: ResolvedStation) {
        var maker = GuardMaker(station)
        maker.make()
        rules = FixedTable(maker.rules.map { Guard($0) })
        trips = maker.rules.map { _ in 0 }
        names = maker.names
        targets = maker.targets
        watchers = maker.watchers
        listeners = maker.watchers.map { points in
            points.joined().filter { maker.rules[$0.rule].pushed.contains($0.operand) }
        }
        var (ofDevice, forDevice) = (
            [[Int]](repeating: [], count: station.devices.count),
            [[Order]](repeating: [], count: station.devices.count)
        )
        for (rule, name) in maker.names.enumerated() {
            ofDevice[Int(name.device.index)].append(rule)
            for (order, target) in maker.targets[rule].enumerated() {
                forDevice[Int(target.device.index)].append(Order(rule: rule, order: order))
            }
        }
        (self.ofDevice, self.forDevice) = (ofDevice, forDevice)
    }

    func watchers(of device: Int, _ point: Int) -> [Watcher] {
        guard watchers[device].indices.contains(point) else { return [] }
        return watchers[device][point]
    }

    /// The guard of that name, if the station has it.
    func rule(_ place: Int, of device: DeviceID) -> Int? {
        let known = ofDevice[Int(device.index)]
        return known.indices.contains(place) ? known[place] : nil
    }

    /// An order of a guard, of the trip that it is in now.
    func order(_ order: Int, of rule: Int) -> Order {
        Order(rule: rule, order: order, trip: trips[rule])
    }

    /// Whether the trip that gave an order is not over.
    func isCurrent(_ order: Order) -> Bool {
        rules[order.rule].stands && trips[order.rule] == order.trip
    }

    /// What was ordered until now is not about what comes.
    mutating func over(_ rule: Int) { trips[rule] &+= 1 }

    var nextDeadline: Instant? {
        var next: Instant?
        for rule in rules.indices { next = Instant.earlier(next, rules[rule].nextDeadline) }
        return next
    }

    /// Whether a guard that stands keeps that output safe. What a standing guard itself has done
    /// there makes safe, whatever it switches: a barrier that is raised off somebody's car may be
    /// raised again.
    func forbids(
        _ action: Int, _ settings: ActionSettings, _ arguments: [ArgumentValue],
        of device: DeviceID
    ) -> Bool {
        guard settings.mayActivate else { return false }
        var isForbidden = false
        for order in forDevice[Int(device.index)] where rules[order.rule].stands {
            let target = targets[order.rule][order.order]
            guard target.arguments.mayMeet(arguments) else { continue }
            if target.action == action { return false }
            if rules[order.rule].holdsSafe(order: order.order) { isForbidden = true }
        }
        return isForbidden
    }
}

/// Turns a station's rules into machines that know points by number.
private struct GuardMaker {
    let station: ResolvedStation
    var rules: [Guard.Settings] = []
    var names: [GuardBook.Name] = []
    var targets: [[GuardBook.Target]] = []
    var watchers: [[[GuardBook.Watcher]]]
    private var places: [[String: Int]]

    init(_ station: ResolvedStation) {
        self.station = station
        watchers = station.devices.map { device in
            device.driver.guards.isEmpty && device.driver.shownPoints.isEmpty
                ? [] : device.driver.shownPoints.map { _ in [] }
        }
        places = station.devices.map { device in
            Dictionary(
                device.driver.shownPoints.enumerated().map { ($1.name, $0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// The points that one guard looks at.
    private struct Operands {
        var list: [(device: Int, point: Int)] = []

        mutating func place(of device: Int, _ point: Int) -> Int {
            if let known = list.firstIndex(where: { $0 == (device, point) }) { return known }
            list.append((device, point))
            return list.count - 1
        }
    }

    mutating func make() {
        for (device, settings) in station.devices.enumerated() {
            for (place, rule) in settings.driver.guards.enumerated() {
                make(rule, place, device, outer: settings.driver.outer)
            }
        }
    }

    private mutating func make(
        _ rule: GuardSettings, _ place: Int, _ device: Int, outer: DeviceOrder?
    ) {
        var operands = Operands()
        let when = rule.when.all.compactMap { term($0, device, [], &operands) }
        // The station was validated: whatever is named is there.
        let last = outer.flatMap { target($0, device) }.map { [$0] } ?? []
        let orders = rule.orders.compactMap { target($0, device) }
        // Where the device itself is told nothing the outer one is whom it has act; a guard that
        // has nothing done has nothing that could fail.
        let own = orders.isEmpty && rule.asksOuter ? last : orders
        let outside = orders.isEmpty ? [] : last
        let settings = Guard.Settings(
            operands: 0, when: when, delay: .milliseconds(Int64(rule.forMilliseconds)),
            silence: rule.silentMilliseconds.map { .milliseconds(Int64($0)) },
            isLatching: rule.isLatching, own: own.map { shown($0, &operands) },
            outer: outside.map { shown($0, &operands) })
        var whole = settings
        whole.operands = operands.list.count
        whole.lasting = Set(
            operands.list.indices.filter { place in
                let (device, point) = operands.list[place]
                return station.devices[device].driver.shownPoints[point].isLasting
            })
        whole.pushed = whole.lasting.filter { place in
            let (device, point) = operands.list[place]
            return station.devices[device].driver.shownPoints[point].isPushed
        }
        whole.asksOuter = rule.asksOuter
        let all = own + outside
        whole.unseen = Set(all.indices.filter { !isSeen(all[$0], by: rule, device) })
        whole.patience = patience(own)
        whole.outerPatience = patience(outside)
        for (operand, watched) in operands.list.enumerated() {
            watchers[watched.device][watched.point].append(
                GuardBook.Watcher(rule: rules.count, operand: operand))
        }
        rules.append(whole)
        names.append(GuardBook.Name(device: DeviceID(device), place: UInt8(clamping: place)))
        targets.append(own + outside)
    }

    private func target(_ order: DeviceOrder, _ device: Int) -> GuardBook.Target? {
        let place = order.device ?? device
        guard
            let action = station.devices[place].driver.actions.firstIndex(where: {
                $0.name == order.action
            })
        else { return nil }
        return GuardBook.Target(
            device: DeviceID(place), action: action, arguments: order.arguments)
    }

    /// Whether more than our own word, and than the values that tripped it, shows that an order is
    /// done.
    private func isSeen(
        _ target: GuardBook.Target, by rule: GuardSettings, _ device: Int
    ) -> Bool {
        let place = Int(target.device.index)
        let driver = station.devices[place].driver
        return rule.sees(
            DeviceOrder(
                device: place, action: driver.actions[target.action].name,
                arguments: target.arguments),
            of: GuardedDevice(points: driver.shownPoints, actions: driver.actions), owner: device)
    }

    /// How long orders may take until it is seen that they are done: a meter says late that no
    /// water comes any more.
    private func patience(_ targets: [GuardBook.Target]) -> Interval {
        var longest = Guard.Limit.patience
        for target in targets {
            guard
                case .boardDevice(let settings) =
                    station.devices[Int(target.device.index)].driver,
                let condition = settings.actions[target.action].confirmed
            else { continue }
            for comparison in condition.all {
                guard let (name, _) = comparison.told(with: target.arguments),
                    let point = settings.points.first(where: { $0.name == name }),
                    let lag = BoardDriver.lag(of: point, settings.lines)
                else { continue }
                longest = max(longest, lag + Guard.Limit.slack)
            }
        }
        return longest
    }

    /// What shows that an order is done: its action's own condition, with the order's numbers.
    private func shown(
        _ target: GuardBook.Target, _ operands: inout Operands
    ) -> [Guard.Term] {
        let device = Int(target.device.index)
        let action = station.devices[device].driver.actions[target.action]
        guard let condition = action.confirmed else { return [] }
        let terms = condition.all.compactMap {
            term($0, device, target.arguments, &operands)
        }
        // What counts from the action's begin shows nothing later.
        return terms.count == condition.all.count ? terms : []
    }

    private func term(
        _ comparison: Comparison, _ device: Int, _ arguments: [ArgumentValue],
        _ operands: inout Operands
    ) -> Guard.Term? {
        guard let (point, value) = comparison.told(with: arguments) else { return nil }
        let owner = comparison.device ?? device
        guard let place = places[owner][point] else { return nil }
        return Guard.Term(
            operands.place(of: owner, place), comparison.relation, value,
            within: comparison.riseMilliseconds.map { .milliseconds(Int64($0)) })
    }
}
