// Guards that a station file adds, and who acts when a box does not do what its guards want.

import StationCore

/// What a station file says of a box's safety, until all devices are known.
struct SafetyNodes: Sendable {
    var guards: TreeNode?
    /// Who acts when the box does not obey.
    var outer: TreeNode?
}

extension DeviceResolver {
    /// Once all devices are there: a guard may look at any of them.
    mutating func resolveGuards() {
        let neighbours = Neighbour.byName(devices)
        for (place, device) in zip(file.devices.indices, file.devices) {
            guard known.indices.contains(place), let index = known[place].index,
                let box = known[place].profile?.box
            else { continue }
            let driver = devices[index].driver
            var others = neighbours
            others[device.name.value] = nil
            let reader = GuardReader(
                scope: BoxScope(checker: checker, parameters: box.parameters),
                points: driver.shownPoints, actions: driver.actions, neighbours: others,
                most: ResolvedStation.Limit.guardsPerDevice)
            devices[index].driver = driver.guarded(
                by: driver.guards + added(by: device, reader, to: driver.guards),
                outer: outer(of: device, reader))
            tell(device, devices[index].driver)
            tellUnseen(device, devices[index].driver, at: index)
        }
    }

    /// What is no box has neither guards nor anybody to act for it.
    func refuseGuards(of device: StationFile.Device, _ profile: DeviceProfile) {
        let known = OverrideReader.ownKeys + profile.parameters.map(\.key)
        for (key, node) in [("guards", device.safety.guards), ("outer", device.safety.outer)] {
            guard let node else { continue }
            checker.report(node.place, .unknownKey(key, in: .device, known: known))
        }
    }

    private func added(
        by device: StationFile.Device, _ reader: GuardReader, to guards: [GuardSettings]
    ) -> [GuardSettings] {
        guard let node = device.safety.guards else { return [] }
        let own = Set(guards.map(\.name))
        let added = reader.read(node)
        if let twice = added.first(where: { own.contains($0.name) }) {
            checker.report(node.place, .repeated(twice.name))
        } else if own.count + added.count > ResolvedStation.Limit.guardsPerDevice {
            checker.report(
                node.place, .tooMany(.guards, limit: ResolvedStation.Limit.guardsPerDevice))
        } else {
            return added
        }
        return []
    }

    private func outer(
        of device: StationFile.Device, _ reader: GuardReader
    ) -> DeviceOrder? {
        guard let node = device.safety.outer, let order = reader.order(node, reader.scope) else {
            return nil
        }
        guard order.device != nil else {
            checker.report(node.place, .outerIsItself(device: device.name.value))
            return nil
        }
        return order
    }

    /// What a crew should know: nobody acts when the box does not, or only one on the same line.
    private func tell(_ device: StationFile.Device, _ settings: DriverSettings) {
        guard settings.guards.contains(where: { !$0.orders.isEmpty || $0.asksOuter }) else {
            return
        }
        let (name, place) = (device.name.value, device.name.place)
        guard let outer = settings.outer, let other = outer.device else {
            // First one that has nothing else done.
            let asking =
                settings.guards.first { $0.asksOuter && $0.orders.isEmpty }
                ?? settings.guards.first(where: \.asksOuter)
            checker.note(
                place,
                asking.map { .outerMissing(device: name, rule: $0.name) } ?? .noOuter(device: name))
            return
        }
        if let bus = settings.bus, devices[other].driver.bus == bus {
            checker.note(place, .outerOnSameLine(device: name, outer: devices[other].name))
        }
    }

    /// What nobody sees: a line of the board says what it was told, and a relay that is welded
    /// says nothing. Where that would be dangerous `outer` has to act with it, or it never would.
    private func tellUnseen(
        _ device: StationFile.Device, _ settings: DriverSettings, at index: Int
    ) {
        let name = device.name.value
        var told: Set<String> = []
        for rule in settings.guards where !rule.asksOuter || settings.outer == nil {
            for order in rule.orders where !sees(order, of: rule, from: index) {
                let action = text(of: order)
                guard told.insert(action).inserted else { continue }
                if settings.outer != nil, isHazard(order, from: index) {
                    checker.report(
                        device.safety.outer?.place ?? device.name.place,
                        .orderNeverSeen(device: name, rule: rule.name, action: action))
                } else {
                    checker.note(device.name.place, .orderUnseen(device: name, action: action))
                }
            }
        }
        let acts = settings.guards.contains { !$0.orders.isEmpty || $0.asksOuter }
        if acts, let outer = settings.outer,
            !target(of: outer, from: index).sees(outer)
        {
            checker.note(
                device.name.place, .outerUnseen(device: name, action: text(of: outer)))
        }
    }

    private func sees(
        _ order: DeviceOrder, of rule: GuardSettings, from index: Int
    ) -> Bool {
        rule.sees(order, of: target(of: order, from: index), owner: index)
    }

    private func target(of order: DeviceOrder, from index: Int) -> GuardedDevice {
        let driver = devices[order.device ?? index].driver
        return GuardedDevice(points: driver.shownPoints, actions: driver.actions)
    }

    /// `relays/switch_off`
    private func text(of order: DeviceOrder) -> String {
        (order.device.map { devices[$0].name + "/" } ?? "") + order.action
    }

    /// Whether an order is for what somebody is hurt by, or water runs from, when it stays on.
    private func isHazard(_ order: DeviceOrder, from index: Int) -> Bool {
        let place = order.device ?? index
        guard case .boardDevice(let settings) = devices[place].driver,
            let drives = known.first(where: { $0.index == place })?.profile?.box?.drives,
            let action = settings.actions.first(where: { $0.name == order.action })
        else { return false }
        return action.linesSet(among: settings.actions).contains { terminal in
            settings.lines.indices.contains(terminal)
                && drives[settings.lines[terminal].name]?.isHazard == true
        }
    }
}
