// `guards`, of a profile or of a device in a station file: what is done at once, on site.

import StationCore

/// A device that a guard of another one may name: `relays/switch_off`.
struct Neighbour {
    var index: Int
    var points: [PointSettings]
    var actions: [ActionSettings]

    /// All devices of a station, by their names.
    static func byName(_ devices: [ResolvedDevice]) -> [String: Neighbour] {
        Dictionary(
            devices.enumerated().map { place, device in
                (
                    device.name,
                    Neighbour(
                        index: place, points: device.driver.shownPoints,
                        actions: device.driver.actions)
                )
            }, uniquingKeysWith: { first, _ in first })
    }
}

struct GuardReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    let points: [PointSettings]
    let actions: [ActionSettings]
    /// The station's other devices, by name; a profile knows none.
    var neighbours: [String: Neighbour] = [:]
    /// As many as a profile may have; a station file may have more.
    var most = Limit.guardsPerProfile

    var checker: Checker { scope.checker }

    private static let delay = PointReader.milliseconds(Limit.guardMilliseconds)
    private static let silence = PointReader.milliseconds(Limit.silentMilliseconds)
    /// What a counted guard calls its number.
    private static let number = "n"
    /// Whoever acts for the device, as a guard's `do` names it.
    private static let outer = "outer"
    private static let rise = PointReader.milliseconds(Limit.riseMilliseconds)

    /// `{over_temperature: {when: "temperature > 60", for: 2s, do: […], latch: true}}`, or counted:
    /// `{too_hot: {count: 10, when: "heat.n > 60", do: [{perform: stop, with: {port: n}}]}}`.
    func read(_ node: TreeNode) -> [GuardSettings] {
        guard let pairs = checker.pairs(node) else { return [] }
        var guards: [GuardSettings] = []
        for pair in pairs {
            guard let name = checker.boxName(pair.key, at: pair.place) else { continue }
            guards += readGuard(pair.value, name)
            guard guards.count <= most else {
                checker.report(pair.place, .tooMany(.guards, limit: most))
                break
            }
        }
        return guards
    }

    /// The parts of a guard that its mistakes are shown at.
    private struct Parts {
        let when: TreeNode
        let silent: TreeNode?
        let steps: TreeNode?
    }

    private func readGuard(_ node: TreeNode, _ name: String) -> [GuardSettings] {
        guard var fields = Fields(node, .guardRule, checker) else { return [] }
        let count = fields.take("count")
        let when = fields.require("when")
        let delay = fields.take("for")
        let silence = fields.take("silent")
        let steps = fields.take("do")
        let latch = fields.take("latch")
        fields.finish()
        var rule = GuardSettings(name: name, when: Condition(all: []))
        rule.forMilliseconds =
            delay.flatMap { checker.duration($0, in: Self.delay)?.milliseconds } ?? 0
        rule.silentMilliseconds = silence.flatMap {
            checker.duration($0, in: Self.silence)?.milliseconds
        }
        rule.isLatching = latch.flatMap(checker.boolean) ?? false
        guard let when else { return [] }
        let parts = Parts(when: when, silent: silence, steps: steps)
        guard let count else { return fill(rule, parts, scope).map { [$0] } ?? [] }
        guard let many = scope.count(count, in: 1...most) else { return [] }
        var rules: [GuardSettings] = []
        for index in 1...many {
            let number = DecimalNumber(Int64(index))
            var counted = scope
            counted.parameters.append(
                BoxParameter(name: Self.number, values: .of([number]), value: number))
            rule.name = "\(name)_\(index)"
            // What is wrong with the first is wrong with all of them.
            guard let filled = fill(rule, parts, counted) else { return [] }
            rules.append(filled)
        }
        return rules
    }

    private func fill(
        _ rule: GuardSettings, _ parts: Parts, _ scope: BoxScope
    ) -> GuardSettings? {
        var rule = rule
        guard let condition = condition(parts.when, scope) else { return nil }
        rule.when = condition
        if let steps = parts.steps {
            guard read(steps, into: &rule, scope) else { return nil }
        }
        let flaw = rule.flaw(outer: nil) { place in
            guard let place else { return GuardedDevice(points: points, actions: actions) }
            return neighbours.values.first { $0.index == place }.map {
                GuardedDevice(points: $0.points, actions: $0.actions)
            }
        }
        guard let flaw else { return rule }
        let place =
            switch flaw {
            case .watched, .riseUnseen, .riseOfNoLevel: parts.when.place
            case .silentBetweenPolls, .neverSilent: parts.silent?.place ?? parts.when.place
            case .order, .doneBefore: parts.steps?.place ?? parts.when.place
            }
        checker.report(place, .badGuard(flaw))
        return nil
    }

    /// `outer`, or `[{perform: stop}, outer]`.
    private func read(
        _ steps: TreeNode, into rule: inout GuardSettings, _ scope: BoxScope
    ) -> Bool {
        if isOuter(steps) {
            rule.asksOuter = true
            return true
        }
        guard let items = checker.list(steps, of: .steps, limit: Limit.ordersPerGuard) else {
            return false
        }
        for item in items {
            if isOuter(item) {
                rule.asksOuter = true
                continue
            }
            guard let order = order(item, scope) else { return false }
            rule.orders.append(order)
        }
        return true
    }

    private func isOuter(_ node: TreeNode) -> Bool {
        guard case .scalar = node.content else { return false }
        return checker.scalar(node)?.0 == Self.outer
    }

    /// One comparison with a point, such as `"board/door.3 == closed"`.
    func single(_ node: TreeNode, _ scope: BoxScope) -> Comparison? {
        guard let condition = condition(node, scope) else { return nil }
        guard condition.all.count == 1, let only = condition.all.first, only.device != nil else {
            checker.report(node.place, .notOnePoint)
            return nil
        }
        return only
    }

    /// A number of a device: `meter/power`, `meters/power.n`.
    func number(
        _ text: String, at place: Place
    ) -> (device: Int, point: PointSettings)? {
        guard let slash = text.firstIndex(of: "/") else {
            checker.report(place, .notOneNumber)
            return nil
        }
        guard let other = neighbour(text[..<slash], at: place),
            let (point, _) = scope.point(
                text[text.index(after: slash)...], at: place, other.points, [])
        else { return nil }
        return (other.index, point)
    }

    // MARK: What trips it

    private func condition(_ node: TreeNode, _ scope: BoxScope) -> Condition? {
        guard let text = checker.text(node, limit: ProfileReader.textBytes) else { return nil }
        let parts = BoxScope.parts(of: text)
        guard parts.count <= Limit.comparisons else {
            checker.report(node.place, .tooMany(.condition, limit: Limit.comparisons))
            return nil
        }
        var condition = Condition(all: [])
        for part in parts {
            guard let comparison = comparison(part, at: node.place, scope) else { return nil }
            condition.all.append(comparison)
        }
        return condition
    }

    private func comparison(
        _ words: [Substring], at place: Place, _ scope: BoxScope
    ) -> Comparison? {
        var words = words
        var points = points
        var device: Int?
        if let name = words.first, let slash = name.firstIndex(of: "/") {
            guard let other = neighbour(name[..<slash], at: place) else { return nil }
            words[0] = name[name.index(after: slash)...]
            (points, device) = (other.points, other.index)
        }
        if words.count > 1, words[1] == "rises" {
            return rise(words, at: place, scope, points, device)
        }
        guard var comparison = scope.comparison(words, at: place, points, []) else { return nil }
        guard !comparison.isGain else {
            checker.report(place, .gainInGuard)
            return nil
        }
        comparison.device = device
        return comparison
    }

    /// `temperature rises 5 in 60s`
    private func rise(
        _ words: [Substring], at place: Place, _ scope: BoxScope, _ points: [PointSettings],
        _ device: Int?
    ) -> Comparison? {
        guard words.count == 5, words[3] == "in", let window = DurationText.parse(String(words[4]))
        else {
            checker.report(place, .badCondition(found: words.joined(separator: " ")))
            return nil
        }
        guard Self.rise.contains(window) else {
            checker.report(
                place,
                .outOfRange(
                    found: String(words[4]), lowest: DurationText.text(Self.rise.lowerBound),
                    highest: DurationText.text(Self.rise.upperBound)))
            return nil
        }
        guard let (point, _) = scope.point(words[0], at: place, points, []),
            let value = scope.expression(String(words[2]), at: place, of: [])
        else { return nil }
        return Comparison(
            point: point.name, riseMilliseconds: window.milliseconds, relation: .atLeast,
            value: value, device: device)
    }

    private func neighbour(_ name: Substring, at place: Place) -> Neighbour? {
        if let known = neighbours[String(name)] { return known }
        checker.report(
            place,
            .unknownReference(.device, name: String(name), known: neighbours.keys.sorted()))
        return nil
    }

    // MARK: What it has done

    /// `{perform: stop, with: {port: 1}}`, or another device's: `{perform: relays/switch_off}`.
    func order(_ node: TreeNode, _ scope: BoxScope) -> DeviceOrder? {
        guard var fields = Fields(node, .step, checker) else { return nil }
        let perform = fields.require("perform")
        let with = fields.take("with")
        fields.finish()
        guard let perform, let (text, _) = checker.scalar(perform) else { return nil }
        var order = DeviceOrder(action: text)
        var actions = actions
        if let slash = text.firstIndex(of: "/") {
            guard let other = neighbour(text[..<slash], at: perform.place) else { return nil }
            order.action = String(text[text.index(after: slash)...])
            (order.device, actions) = (other.index, other.actions)
        }
        guard let action = actions.first(where: { $0.name == order.action }) else {
            checker.report(
                perform.place,
                .unknownReference(.action, name: order.action, known: actions.map(\.name)))
            return nil
        }
        guard action.confirmed != nil else {
            checker.report(perform.place, .actionNeverSeen(order.action))
            return nil
        }
        guard let given = arguments(with, of: action, at: node.place, scope) else { return nil }
        order.arguments = given
        return order
    }

    private func arguments(
        _ with: TreeNode?, of action: ActionSettings, at place: Place, _ scope: BoxScope
    ) -> [ArgumentValue]? {
        var given = with.flatMap(checker.pairs) ?? []
        var values: [ArgumentValue] = []
        for argument in action.arguments {
            guard let index = given.firstIndex(where: { $0.key == argument.name }) else {
                checker.report(place, .missingKey(argument.name, in: .with))
                return nil
            }
            let node = given.remove(at: index).value
            guard let (text, _) = checker.scalar(node),
                let value = scope.expression(text, at: node.place, of: [])?.plus
            else { return nil }
            guard argument.allows(value) else {
                checker.report(
                    node.place,
                    .outOfRange(
                        found: "\(value)", lowest: "\(argument.lowest)",
                        highest: "\(argument.highest)"))
                return nil
            }
            values.append(ArgumentValue(argument.name, value))
        }
        guard let stranger = given.first else { return values }
        checker.report(
            stranger.place,
            .unknownKey(stranger.key, in: .with, known: action.arguments.map(\.name)))
        return nil
    }
}
