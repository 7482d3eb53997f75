// What a door does besides opening for keys: `fire`, `obstacles`, `frost`, `extended`, `passback`,
// `second_person`, `interlock`, `first_person`.

import StationCore

/// The nodes of a door's rules; what they name is looked up once all devices are known.
struct DoorRuleNodes: Sendable {
    var fire: TreeNode?
    var obstacles: TreeNode?
    var frost: TreeNode?
    var extended: TreeNode?
    var passback: TreeNode?
    var secondPerson: TreeNode?
    var interlock: TreeNode?
    var firstPerson: TreeNode?

    init(_ fields: inout Fields) {
        fire = fields.take("fire")
        obstacles = fields.take("obstacles")
        frost = fields.take("frost")
        extended = fields.take("extended")
        passback = fields.take("passback")
        secondPerson = fields.take("second_person")
        interlock = fields.take("interlock")
        firstPerson = fields.take("first_person")
    }
}

/// Why a door's rules cannot work as they are written.
public enum DoorRuleFlaw: Sendable, Equatable {
    /// Who is inside is known only where people tap to go in, and, unless it is `timed`, to go out.
    case passbackWithoutReaders(DoorRules.Passback.Kind)
    /// A frozen strike is seen by its contact, pulsed while the door is released.
    case frostWithoutStrike
    case frostWithoutContact
    case frostTooShort
    case firstPersonWithoutUnlock
    case interlockAlone(String)
    /// Hours that unlock one door would shut the others all day.
    case interlockUnlocked
}

extension DoorResolver {
    private typealias Limit = ResolvedStation.Limit

    /// Half a day: whoever went home without a tap is let in the next morning.
    private static let forget = 43_200
    /// A card handed back over a fence is used within minutes.
    private static let timedForget = 300

    /// A door's rules; `nil`: it has none, or they are wrong.
    func rules(of door: StationFile.Door, _ lock: KnownDevice) -> DoorRules? {
        let nodes = door.rules
        var rules = DoorRules()
        rules.fire = nodes.fire.map(comparisons) ?? []
        rules.obstacles = nodes.obstacles.map(comparisons) ?? []
        rules.frost = nodes.frost.flatMap(comparison)
        rules.extended = nodes.extended.flatMap(extended)
        rules.passback = nodes.passback.flatMap { passback($0, of: door) }
        rules.secondPersonMilliseconds = nodes.secondPerson.flatMap {
            milliseconds($0, in: Limit.secondPersonMilliseconds)
        }
        rules.interlock = nodes.interlock.flatMap(checker.name)
        rules.firstPerson = nodes.firstPerson.flatMap { checker.choice($0) }
        check(nodes, of: door, lock)
        return rules.isEmpty ? nil : rules
    }

    /// An interlock of one door would hold nothing shut.
    func checkInterlocks() {
        let named = file.doors.compactMap(\.rules.interlock)
        for node in named {
            guard let name = Self.word(node), named.count(where: { Self.word($0) == name }) == 1
            else { continue }
            checker.report(node.place, .doorRule(.interlockAlone(name)))
        }
    }

    private func check(_ nodes: DoorRuleNodes, of door: StationFile.Door, _ lock: KnownDevice) {
        if let frost = nodes.frost {
            if lock.profile?.kind != .strike {
                checker.report(frost.place, .doorRule(.frostWithoutStrike))
            } else if door.contact == nil {
                checker.report(frost.place, .doorRule(.frostWithoutContact))
            } else if door.release < .milliseconds(Limit.frostMilliseconds) {
                checker.report(frost.place, .doorRule(.frostTooShort))
            }
        }
        if let first = nodes.firstPerson, door.unlock == nil {
            checker.report(first.place, .doorRule(.firstPersonWithoutUnlock))
        }
        if let interlock = nodes.interlock, door.unlock != nil {
            checker.report(interlock.place, .doorRule(.interlockUnlocked))
        }
    }

    // MARK: Conditions

    /// `"smoke/smoke == alarm"`, or a list of such.
    private func comparisons(_ node: TreeNode) -> [Comparison] {
        if case .list = node.content {
            let items = checker.list(node, of: .condition, limit: Limit.conditionsPerDoor) ?? []
            return items.compactMap(comparison)
        }
        return comparison(node).map { [$0] } ?? []
    }

    private func comparison(_ node: TreeNode) -> Comparison? {
        let scope = BoxScope(checker: checker, parameters: [])
        return GuardReader(
            scope: scope, points: [], actions: [], neighbours: Neighbour.byName(devices)
        ).single(node, scope)
    }

    // MARK: Times and names

    /// `{release: 10s, open: 60s}`
    private func extended(_ node: TreeNode) -> DoorRules.Extended? {
        guard var fields = Fields(node, .extended, checker) else { return nil }
        let release = fields.require("release")
        let open = fields.take("open")
        fields.finish()
        guard let release,
            let more = milliseconds(release, in: Limit.moreReleaseMilliseconds)
        else { return nil }
        return DoorRules.Extended(
            releaseMilliseconds: more,
            openMilliseconds: open.flatMap { milliseconds($0, in: Limit.moreOpenMilliseconds) }
                ?? more)
    }

    /// `{area: yard, rule: hard, forget: 12h}`
    private func passback(
        _ node: TreeNode, of door: StationFile.Door
    ) -> DoorRules.Passback? {
        guard var fields = Fields(node, .passback, checker) else { return nil }
        let area = fields.require("area")
        let rule = fields.require("rule")
        let forget = fields.take("forget")
        fields.finish()
        guard let name = area.flatMap(checker.name), let rule,
            let kind: DoorRules.Passback.Kind = checker.choice(rule)
        else { return nil }
        let others = file.doors.filter { other in
            other.rules.passback.flatMap(areaName) == name
        }
        if door.readersIn.isEmpty && door.readersOut.isEmpty
            || kind != .timed && others.allSatisfy(\.readersOut.isEmpty)
        {
            checker.report(rule.place, .doorRule(.passbackWithoutReaders(kind)))
        }
        let range = ResolvedStation.Limit.forgetSeconds
        let time = forget.flatMap {
            milliseconds($0, in: range.lowerBound * 1_000...range.upperBound * 1_000)
        }
        return DoorRules.Passback(
            kind: kind, area: name,
            forgetSeconds: time.map { $0 / 1_000 }
                ?? (kind == .timed ? Self.timedForget : Self.forget))
    }

    /// The area that a door's `passback` names, without a word about what is wrong with it.
    private func areaName(_ node: TreeNode) -> String? {
        guard case .map(let pairs) = node.content else { return nil }
        return pairs.first { $0.key == "area" }.flatMap { Self.word($0.value) }
    }

    private static func word(_ node: TreeNode) -> String? {
        guard case .scalar(let text, _) = node.content else { return nil }
        return text
    }

    private func milliseconds(_ node: TreeNode, in range: ClosedRange<Int>) -> Int? {
        checker.duration(
            node, in: .milliseconds(range.lowerBound) ... .milliseconds(range.upperBound))?
            .milliseconds
    }
}
