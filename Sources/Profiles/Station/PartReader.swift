// The parts of a service: what each has devices do, and what it sees of them.

import StationCore

/// `sockets`, `places`: one by one, or counted: `{count: 8, switch_on: {perform: relays/keep_on,
/// with: {channel: n}}, power: meters/power.n}`, where `n` is 1 to `count`. A list may hold both.
struct PartReader {
    typealias Limit = ResolvedStation.Limit

    /// A part before its reader is looked up.
    struct Part {
        var settings: PartSettings
        var reader: Placed<String>?
        var place: Place
    }

    let checker: Checker
    let neighbours: [String: Neighbour]
    let shape: ServiceShape

    /// What a counted part calls its number.
    private static let number = "n"

    /// - Returns: `nil` when something was reported.
    func read(_ node: TreeNode) -> [Part]? {
        if case .map = node.content { return readItem(node) }
        guard let items = checker.list(node, of: .parts, limit: shape.limit) else { return nil }
        var parts: [Part] = []
        for item in items {
            guard let more = readItem(item) else { return nil }
            for part in more {
                guard !parts.contains(where: { $0.settings.name == part.settings.name }) else {
                    checker.report(item.place, .repeated(part.settings.name))
                    return nil
                }
                parts.append(part)
            }
        }
        guard parts.count <= shape.limit else {
            checker.report(node.place, .tooMany(.parts, limit: shape.limit))
            return nil
        }
        return parts
    }

    /// The one part of a service.
    func read(_ nodes: ServiceNodes.PartNodes, named name: String) -> PartSettings? {
        let scope = BoxScope(checker: checker, parameters: [])
        guard let (orders, sights) = resolve(nodes, scope) else { return nil }
        return PartSettings(name: name, orders: orders, sights: sights)
    }

    /// One part, or as many as are counted.
    private func readItem(_ node: TreeNode) -> [Part]? {
        guard var fields = Fields(node, .part, checker) else { return nil }
        let name = fields.take("name")
        let count = fields.take("count")
        let first = fields.take("first")
        let readerNode = fields.take("reader")
        let nodes = shape.part(&fields)
        fields.finish()
        guard areTogether(count, name: name, first: first, reader: readerNode) else { return nil }
        let reader = readerNode.flatMap { node in
            checker.word(node).map { Placed($0, at: node.place) }
        }
        guard let count else {
            guard let name else {
                checker.report(node.place, .missingKey("name", in: .part))
                return nil
            }
            guard let text = checker.text(name, limit: Limit.partNameBytes),
                let part = read(nodes, named: text)
            else { return nil }
            return [Part(settings: part, reader: reader, place: node.place)]
        }
        guard let many = checker.integer(count, in: 1...shape.limit) else { return nil }
        // What is painted on them may go on from others'.
        let start = first.flatMap { checker.integer($0, in: 1...9_999) } ?? 1
        var parts: [Part] = []
        for index in 1...many {
            let number = DecimalNumber(Int64(index))
            let scope = BoxScope(
                checker: checker,
                parameters: [
                    BoxParameter(name: Self.number, values: .of([number]), value: number)
                ])
            // What is wrong with the first is wrong with all of them.
            guard let (orders, sights) = resolve(nodes, scope) else { return nil }
            parts.append(
                Part(
                    settings: PartSettings(
                        name: "\(start + index - 1)", orders: orders, sights: sights),
                    place: node.place))
        }
        return parts
    }

    /// Counted parts have numbers instead of names, and share the service's readers.
    private func areTogether(
        _ count: TreeNode?, name: TreeNode?, first: TreeNode?, reader: TreeNode?
    ) -> Bool {
        let foreign =
            count == nil ? [("first", first)] : [("name", name), ("reader", reader)]
        for (key, node) in foreign {
            guard let node else { continue }
            checker.report(
                node.place,
                .unknownKey(
                    key, in: .part, known: count == nil ? ["name", "reader"] : ["count", "first"]))
            return false
        }
        return true
    }

    private func resolve(
        _ nodes: ServiceNodes.PartNodes, _ scope: BoxScope
    ) -> (orders: [PartSettings.Order], sights: [MachineSettings.Sight])? {
        guard let orders = orders(nodes.orders, scope),
            let sights = sights(nodes.sights, scope)
        else { return nil }
        return (orders, sights)
    }

    func orders(
        _ nodes: [(role: OrderRole, node: TreeNode)], _ scope: BoxScope
    ) -> [PartSettings.Order]? {
        var orders: [PartSettings.Order] = []
        for (role, node) in nodes {
            guard let order = order(role, node, scope) else { return nil }
            orders.append(PartSettings.Order(role, order))
        }
        return orders
    }

    /// What lets power or water out has to end when we are gone.
    private func order(
        _ role: OrderRole, _ node: TreeNode, _ scope: BoxScope
    ) -> DeviceOrder? {
        let reader = GuardReader(scope: scope, points: [], actions: [], neighbours: neighbours)
        guard let order = reader.order(node, scope), let device = order.device,
            let (name, neighbour) = neighbours.first(where: { $0.value.index == device }),
            let action = neighbour.actions.first(where: { $0.name == order.action })
        else { return nil }
        guard !role.isHazard || action.mayStandFor(role) else {
            checker.report(node.place, .staysOn(device: name, action: action.name))
            return nil
        }
        return order
    }

    // MARK: Sights

    func sights(
        _ nodes: [(sense: Sense, node: TreeNode)], _ scope: BoxScope
    ) -> [MachineSettings.Sight]? {
        var sights: [MachineSettings.Sight] = []
        for (sense, node) in nodes {
            guard let source = source(sense, node, scope) else { return nil }
            sights.append(MachineSettings.Sight(sense, source))
        }
        return sights
    }

    /// `"door/state == closed"`, or `meter/power`.
    private func source(
        _ sense: Sense, _ node: TreeNode, _ scope: BoxScope
    ) -> MachineSettings.Source? {
        guard let text = checker.text(node, limit: ProfileReader.textBytes) else { return nil }
        let reader = GuardReader(scope: scope, points: [], actions: [], neighbours: neighbours)
        guard let units = sense.units, !(sense.mayBeCondition && text.contains(" ")) else {
            return reader.single(node, scope).map { .holds($0) }
        }
        guard let (device, point) = reader.number(text, at: node.place) else { return nil }
        if units.isEmpty, point.states.isEmpty {
            return .number(device: device, point: point.name, scale: 1)
        }
        guard let unit = units.first(where: { $0.unit == point.unit }), point.states.isEmpty else {
            checker.report(
                node.place,
                .wrongUnit(point: point.name, unit: point.unit, expected: units.map(\.unit)))
            return nil
        }
        return .number(device: device, point: point.name, scale: unit.scale)
    }
}

extension DoorResolver {
    /// A service with a machine, all its words looked up.
    mutating func machine(
        _ nodes: ServiceNodes.Machine, of service: ServiceNodes,
        _ neighbours: [String: Neighbour]
    ) -> MachineSettings? {
        let reader = PartReader(
            checker: checker, neighbours: neighbours, shape: nodes.kind.shape)
        let scope = BoxScope(checker: checker, parameters: [])
        guard let shared = reader.sights(nodes.shared, scope),
            let sharedOrders = reader.orders(nodes.sharedOrders, scope)
        else { return nil }
        var parts: [PartSettings] = []
        switch nodes.parts {
        case .single(let single):
            guard let part = reader.read(single, named: service.name.value) else { return nil }
            parts = [part]
        case .listed(let list):
            guard let read = reader.read(list) else { return nil }
            for var part in read {
                if let name = part.reader {
                    guard let known = device(name, [.reader], service.name.value) else {
                        return nil
                    }
                    part.settings.reader = known.index
                }
                // Its machine asks the first part for them.
                if parts.isEmpty { part.settings.orders += sharedOrders }
                parts.append(part.settings)
            }
        case nil: return nil
        }
        let settings = MachineSettings(
            nodes.kind, numbers: nodes.numbers, shared: shared, parts: parts)
        if let flaw = settings.flaw {
            checker.report(service.place, .service(flaw))
            return nil
        }
        return settings
    }
}
