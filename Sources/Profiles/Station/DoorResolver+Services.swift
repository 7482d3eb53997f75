// Services: readers, hours, and every order and point of their parts turned into places.

import StationCore

extension DoorResolver {
    mutating func resolveServices() {
        let neighbours = Neighbour.byName(devices)
        // Two boxes behind one lock would open for each other's holders.
        var bound: Set<String> = []
        for service in file.services {
            let name = service.name.value
            let readers = service.readers.compactMap { device($0, [.reader], name)?.index }
            let hours = service.hours.flatMap { place(ofHours: $0) }
            guard let settings = settings(of: service, neighbours) else { continue }
            if let twice = settings.bindings.first(where: { !bound.insert($0).inserted }) {
                checker.report(service.place, .repeated(twice))
            }
            services.append(
                ResolvedService(
                    name: name, labelChinese: service.label.chinese,
                    labelEnglish: service.label.english, readers: readers, hours: hours,
                    settings: settings))
        }
    }

    private mutating func settings(
        of service: ServiceNodes, _ neighbours: [String: Neighbour]
    ) -> ServiceSettings? {
        switch service.kind {
        case .lockers(let nodes):
            let reader = CompartmentReader(checker: checker, neighbours: neighbours)
            guard let boxes = nodes.boxes.flatMap(reader.read),
                let withoutPower = nodes.withoutPower
            else { return nil }
            return .lockers(
                LockersSettings(
                    boxes: boxes, leftOpenMilliseconds: nodes.leftOpen.milliseconds,
                    overtimeMinutes: nodes.overtime.map { $0.milliseconds / 60_000 },
                    withoutPower: withoutPower))
        case .machine(let nodes):
            return machine(nodes, of: service, neighbours).map { .machine($0) }
        case nil: return nil
        }
    }
}

/// `boxes` of a bank: one by one, or counted: `{count: 12, open: {perform: board/open, with: {lock:
/// n}}, closed: "board/door.n == closed"}`.
private struct CompartmentReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker
    let neighbours: [String: Neighbour]

    /// What a counted box calls its number.
    private static let number = "n"

    func read(_ node: TreeNode) -> [BoxSettings]? {
        if case .map = node.content { return readCounted(node) }
        guard let items = checker.list(node, of: .boxes, limit: Limit.boxes) else { return nil }
        var boxes: [BoxSettings] = []
        for item in items {
            guard var fields = Fields(item, .box, checker) else { return nil }
            let name = fields.require("name")
            guard let made = readBox(&fields, [], at: item.place),
                let text = name.flatMap({ checker.text($0, limit: Limit.boxNameBytes) })
            else { return nil }
            if boxes.contains(where: { $0.name == text }) {
                checker.report((name ?? item).place, .repeated(text))
                return nil
            }
            boxes.append(made(text))
        }
        return boxes
    }

    private func readCounted(_ node: TreeNode) -> [BoxSettings]? {
        guard var fields = Fields(node, .box, checker) else { return nil }
        let count = fields.require("count")
        let first = fields.take("first")
        guard let many = count.flatMap({ checker.integer($0, in: 1...Limit.boxes) }) else {
            return nil
        }
        // What is painted on them may go on from another bank's.
        let start = first.flatMap { checker.integer($0, in: 1...9_999) } ?? 1
        var boxes: [BoxSettings] = []
        for index in 1...many {
            let number = DecimalNumber(Int64(index))
            var own = fields
            // What is wrong with the first is wrong with all of them.
            guard
                let made = readBox(
                    &own,
                    [BoxParameter(name: Self.number, values: .of([number]), value: number)],
                    at: node.place)
            else { return nil }
            boxes.append(made("\(start + index - 1)"))
        }
        return boxes
    }

    private func readBox(
        _ fields: inout Fields, _ parameters: [BoxParameter], at place: Place
    ) -> ((String) -> BoxSettings)? {
        let open = fields.require("open")
        let closed = fields.require("closed")
        let item = fields.take("item")
        fields.finish()
        let scope = BoxScope(checker: checker, parameters: parameters)
        let reader = GuardReader(
            scope: scope, points: [], actions: [], neighbours: neighbours)
        guard let open, let closed, let order = order(open, reader, scope),
            let shut = reader.single(closed, scope)
        else { return nil }
        var inside: Comparison?
        if let item {
            inside = reader.single(item, scope)
            guard inside != nil else { return nil }
        }
        return { BoxSettings(name: $0, open: order, closed: shut, item: inside) }
    }

    /// A lock's coil burns when nobody lets it go: the board has to do that by itself.
    private func order(
        _ node: TreeNode, _ reader: GuardReader, _ scope: BoxScope
    ) -> DeviceOrder? {
        guard let order = reader.order(node, scope) else { return nil }
        guard let device = order.device,
            let (name, neighbour) = neighbours.first(where: { $0.value.index == device }),
            let action = neighbour.actions.first(where: { $0.name == order.action })
        else { return nil }
        guard action.endsByItself else {
            checker.report(node.place, .boxNotSelfTimed(device: name, action: action.name))
            return nil
        }
        return order
    }
}
