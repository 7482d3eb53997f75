// A station file's `doors`: which devices serve each, and its times.

import StationCore

struct DoorReader {
    typealias Limit = ResolvedStation.Limit

    /// What a door does when the file says nothing. Release and open: BACnet's access door
    /// defaults, 5 s and 30 s; the warning comes 10 s before.
    static let release = Microseconds.seconds(5)
    static let open = Microseconds.seconds(30)
    static let preAlarm = Microseconds.seconds(10)

    let checker: Checker

    func read(_ node: TreeNode) -> [StationFile.Door] {
        let items = checker.list(node, of: .doors, limit: Limit.doors, orEmpty: true) ?? []
        var doors: [StationFile.Door] = []
        var names: [String: Place] = [:]
        for item in items {
            guard let door = readDoor(item) else { continue }
            let name = door.name
            if let first = names[name.value], !name.value.isEmpty {
                checker.report(name.place, .duplicateName(name.value, first: first))
                continue
            }
            names[name.value] = name.place
            doors.append(door)
        }
        return doors
    }

    private func readDoor(_ node: TreeNode) -> StationFile.Door? {
        guard var fields = Fields(node, .door, checker) else { return nil }
        let name = fields.require("name")
        let label = fields.take("label")
        let readers = fields.take("readers")
        let lock = fields.require("lock")
        let contact = fields.take("contact")
        let exitButton = fields.take("exit_button")
        let shared = fields.take("shared")
        let egress = fields.take("egress")
        let greeting = fields.take("greeting")
        let relock = fields.take("relock")
        let release = fields.take("release")
        let open = fields.take("open")
        let preAlarm = fields.take("pre_alarm")
        let unlock = fields.take("unlock")
        let rules = DoorRuleNodes(&fields)
        fields.finish()

        let sides = readers.map(readReaders) ?? ([], [])
        let relocks: [(String, ResolvedDoor.Relock)] = [("open", .onOpen), ("close", .onClose)]
        let greetings: [(String, ResolvedDoor.Greeting)] = [("room", .room), ("gate", .gate)]
        return StationFile.Door(
            place: node.place,
            name: Placed(name.flatMap(checker.name) ?? "", at: name?.place ?? node.place),
            label: label.map { checker.label($0) } ?? StationFile.Label(),
            readersIn: sides.0, readersOut: sides.1, lock: device(lock), contact: device(contact),
            exitButton: device(exitButton), isShared: shared.flatMap(checker.boolean) ?? false,
            egress: egress.flatMap { checker.choice($0) },
            greeting: greeting.flatMap { checker.choice($0, of: greetings) } ?? .room,
            relock: placed(relock) { checker.choice($0, of: relocks) },
            release: release.flatMap { duration($0, in: Limit.releaseMilliseconds) }
                ?? Self.release,
            open: placed(open) { duration($0, in: Limit.openMilliseconds) },
            preAlarm: placed(preAlarm) { duration($0, in: Limit.preAlarmMilliseconds) },
            unlock: device(unlock), rules: rules)
    }

    /// `{in: [north], out: [north-inside]}`
    private func readReaders(_ node: TreeNode) -> ([Placed<String>], [Placed<String>]) {
        guard var fields = Fields(node, .readers, checker) else { return ([], []) }
        let inside = fields.take("in")
        let outside = fields.take("out")
        fields.finish()
        return (inside.map(side) ?? [], outside.map(side) ?? [])
    }

    private func side(_ node: TreeNode) -> [Placed<String>] {
        let items = checker.list(
            node, of: .readers, limit: Limit.readersPerSide, orEmpty: true)
        return (items ?? []).compactMap { device($0) }
    }

    private func device(_ node: TreeNode?) -> Placed<String>? {
        placed(node) { checker.word($0) }
    }

    private func placed<Value: Sendable>(
        _ node: TreeNode?, _ read: (TreeNode) -> Value?
    ) -> Placed<Value>? {
        guard let node, let value = read(node) else { return nil }
        return Placed(value, at: node.place)
    }

    private func duration(_ node: TreeNode, in range: ClosedRange<Int>) -> Microseconds? {
        checker.duration(
            node, in: .milliseconds(range.lowerBound) ... .milliseconds(range.upperBound))
    }
}
