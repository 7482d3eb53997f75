// A station file's `services`: what else people get, and where they ask for it.

import StationCore

/// What a file says of one service; orders and points are looked up once all devices are known.
struct ServiceNodes: Sendable {
    enum Kind: Sendable {
        case lockers(Lockers)
        case machine(Machine)
    }

    /// A service of a kind that has a machine: `ServiceKind.shape` says what it may have.
    struct Machine: Sendable {
        var kind: ServiceKind
        var numbers: [ServiceNumber]
        var shared: [(sense: Sense, node: TreeNode)]
        /// Orders that are written once for all parts.
        var sharedOrders: [(role: OrderRole, node: TreeNode)] = []
        var parts: Parts?
    }

    enum Parts: Sendable {
        case listed(TreeNode)
        /// The service is one part.
        case single(PartNodes)
    }

    /// One part's orders and sights.
    struct PartNodes: Sendable {
        var orders: [(role: OrderRole, node: TreeNode)]
        var sights: [(sense: Sense, node: TreeNode)]
    }

    struct Lockers: Sendable {
        var boxes: TreeNode?
        var leftOpen: Microseconds
        var overtime: Microseconds?
        var withoutPower: LockersSettings.WithoutPower?
    }

    var place: Place
    var name: Placed<String>
    var label: StationFile.Label
    var readers: [Placed<String>]
    var hours: Placed<String>?
    var kind: Kind?
}

struct ServiceReader {
    typealias Limit = ResolvedStation.Limit

    /// What a bank does when the file says nothing: long enough to pack a bag.
    static let leftOpen = Microseconds.seconds(120)

    let checker: Checker

    func read(_ node: TreeNode) -> [ServiceNodes] {
        let items = checker.list(node, of: .services, limit: Limit.services, orEmpty: true) ?? []
        var services: [ServiceNodes] = []
        for item in items {
            guard let service = readService(item) else { continue }
            if let first = services.first(where: { $0.name.value == service.name.value }),
                !service.name.value.isEmpty
            {
                checker.report(
                    service.name.place,
                    .duplicateName(service.name.value, first: first.name.place))
                continue
            }
            services.append(service)
        }
        return services
    }

    private func readService(_ node: TreeNode) -> ServiceNodes? {
        guard var fields = Fields(node, .service, checker) else { return nil }
        let name = fields.require("name")
        let kind = fields.require("kind")
        let label = fields.take("label")
        let readers = fields.take("readers")
        let hours = fields.take("hours")
        var service = ServiceNodes(
            place: node.place,
            name: Placed(name.flatMap(checker.name) ?? "", at: name?.place ?? node.place),
            label: label.map { checker.label($0) } ?? StationFile.Label(),
            readers: readers.map(readReaders) ?? [], hours: word(hours))
        // The word says which keys the service may have.
        let kinds = ServiceKind.allCases.map { ($0.rawValue, Optional($0)) }
        guard let kind, let known = checker.choice(kind, of: [("lockers", nil)] + kinds) else {
            return service
        }
        if let known {
            if let first = service.readers.first, !known.shape.hasReaders {
                checker.report(first.place, .unknownKey("readers", in: .service, known: []))
            }
            service.kind = .machine(readMachine(known, &fields))
        } else {
            service.kind = .lockers(readLockers(&fields))
        }
        fields.finish()
        return service
    }

    private func readMachine(_ kind: ServiceKind, _ fields: inout Fields) -> ServiceNodes.Machine {
        let shape = kind.shape
        var machine = ServiceNodes.Machine(kind: kind, numbers: [], shared: [], parts: nil)
        for wanted in shape.settings {
            let key = wanted.setting.rawValue
            let node = wanted.isRequired ? fields.require(key) : fields.take(key)
            guard let value = node.flatMap({ number($0, wanted.form) }) else { continue }
            machine.numbers.append(ServiceNumber(wanted.setting, value))
        }
        for sight in shape.sights where sight.isShared {
            let key = sight.sense.rawValue
            guard let node = sight.isRequired ? fields.require(key) : fields.take(key) else {
                continue
            }
            machine.shared.append((sight.sense, node))
        }
        for order in shape.orders where order.isShared {
            guard let node = fields.take(order.role.rawValue) else { continue }
            machine.sharedOrders.append((order.role, node))
        }
        if let list = shape.parts {
            machine.parts = fields.require(list).map { .listed($0) }
        } else {
            machine.parts = .single(shape.part(&fields))
        }
        return machine
    }

    private func number(_ node: TreeNode, _ form: ServiceSetting.Form) -> Int64? {
        switch form {
        case .duration(let range):
            let bounds: ClosedRange<Microseconds> =
                .milliseconds(Int(range.lowerBound)) ... .milliseconds(Int(range.upperBound))
            return checker.duration(node, in: bounds).map { Int64($0.milliseconds) }
        case .whole(let range):
            return checker.integer(node, in: Int(range.lowerBound)...Int(range.upperBound))
                .map { Int64($0) }
        case .thousandths(let range):
            guard let value = checker.decimal(node) else { return nil }
            guard let exact = value.rounded(to: 3), exact == value,
                let thousandths = value.multiplied(by: DecimalNumber(1_000))?.whole,
                range.contains(thousandths)
            else {
                let text: (Int64) -> String = { "\(DecimalNumber(mantissa: $0, places: 3))" }
                checker.report(
                    node.place,
                    .outOfRange(
                        found: "\(value)", lowest: text(range.lowerBound),
                        highest: text(range.upperBound)))
                return nil
            }
            return thousandths
        case .choice(let words):
            let choices = words.enumerated().map { (word: $1, value: Int64($0)) }
            return checker.choice(node, of: choices)
        case .flag: return checker.boolean(node).map { $0 ? 1 : 0 }
        }
    }

    private func readLockers(_ fields: inout Fields) -> ServiceNodes.Lockers {
        let boxes = fields.require("boxes")
        let leftOpen = fields.take("left_open")
        let overtime = fields.take("overtime")
        let withoutPower = fields.require("without_power")
        let lowest = Limit.overtimeMinutes.lowerBound
        let highest = Limit.overtimeMinutes.upperBound
        return ServiceNodes.Lockers(
            boxes: boxes,
            leftOpen: leftOpen.flatMap {
                checker.duration($0, in: PointReader.milliseconds(Limit.leftOpenMilliseconds))
            } ?? Self.leftOpen,
            overtime: overtime.flatMap {
                checker.duration($0, in: .seconds(lowest * 60) ... .seconds(highest * 60))
            },
            withoutPower: withoutPower.flatMap { checker.choice($0) })
    }

    private func readReaders(_ node: TreeNode) -> [Placed<String>] {
        let items = checker.list(
            node, of: .readers, limit: Limit.readersPerService, orEmpty: true)
        return (items ?? []).compactMap { word($0) }
    }

    private func word(_ node: TreeNode?) -> Placed<String>? {
        guard let node, let text = checker.word(node) else { return nil }
        return Placed(text, at: node.place)
    }
}

extension ServiceShape {
    /// A part's orders and sights, each under its own key.
    func part(_ fields: inout Fields) -> ServiceNodes.PartNodes {
        var part = ServiceNodes.PartNodes(orders: [], sights: [])
        for order in orders where !order.isShared {
            let key = order.role.rawValue
            if let node = order.isRequired ? fields.require(key) : fields.take(key) {
                part.orders.append((order.role, node))
            }
        }
        for sight in sights where !sight.isShared {
            let key = sight.sense.rawValue
            if let node = sight.isRequired ? fields.require(key) : fields.take(key) {
                part.sights.append((sight.sense, node))
            }
        }
        return part
    }
}
