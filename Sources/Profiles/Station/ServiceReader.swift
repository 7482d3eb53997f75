// A station file's `services`: what else people get, and where they ask for it.

import StationCore

/// What a file says of one service; orders and points are looked up once all devices are known.
struct ServiceNodes: Sendable {
    enum Kind: Sendable {
        case lockers(Lockers)
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
        // One kind so far; the word says which keys the service may have.
        if let kind, checker.choice(kind, of: [("lockers", true)]) == true {
            service.kind = .lockers(readLockers(&fields))
        } else {
            return service
        }
        fields.finish()
        return service
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
