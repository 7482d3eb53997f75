// A profile's `guards`: what is done at once, on site, whatever the hub says.

import StationCore

struct GuardReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    let language: BusLanguage
    let points: [PointSettings]
    let actions: [ActionSettings]

    var checker: Checker { scope.checker }

    private static let delay = PointReader.milliseconds(Limit.guardMilliseconds)
    /// What a counted guard calls its number.
    private static let number = "n"

    /// `{over_temperature: {when: "temperature > 60", for: 2s, do: […], latch: true}}`, or counted:
    /// `{too_hot: {count: 10, when: "heat.n > 60", do: [{perform: stop, with: {port: n}}]}}`.
    func read(_ node: TreeNode) -> [GuardSettings] {
        guard let pairs = checker.pairs(node) else { return [] }
        var guards: [GuardSettings] = []
        for pair in pairs {
            guard let name = checker.boxName(pair.key, at: pair.place) else { continue }
            guards += readGuard(pair.value, name)
            guard guards.count <= Limit.guardsPerDevice else {
                checker.report(pair.place, .tooMany(.guards, limit: Limit.guardsPerDevice))
                break
            }
        }
        return guards
    }

    private func readGuard(_ node: TreeNode, _ name: String) -> [GuardSettings] {
        guard var fields = Fields(node, .guardRule, checker) else { return [] }
        let count = fields.take("count")
        let when = fields.require("when")
        let delay = fields.take("for")
        let steps = fields.take("do")
        let latch = fields.take("latch")
        fields.finish()
        let milliseconds =
            delay.flatMap { checker.duration($0, in: Self.delay)?.milliseconds } ?? 0
        let isLatching = latch.flatMap(checker.boolean) ?? false
        guard let when else { return [] }
        guard let count else {
            let rule = rule(named: name, when, steps, milliseconds, isLatching, scope)
            return rule.map { [$0] } ?? []
        }
        guard let many = scope.count(count, in: 1...Limit.guardsPerDevice) else { return [] }
        var rules: [GuardSettings] = []
        for index in 1...many {
            let number = DecimalNumber(Int64(index))
            var counted = scope
            counted.parameters.append(
                BoxParameter(name: Self.number, values: .of([number]), value: number))
            // What is wrong with the first is wrong with all of them.
            guard
                let rule = rule(
                    named: "\(name)_\(index)", when, steps, milliseconds, isLatching, counted)
            else { return [] }
            rules.append(rule)
        }
        return rules
    }

    private func rule(
        named name: String, _ when: TreeNode, _ steps: TreeNode?, _ milliseconds: Int,
        _ isLatching: Bool, _ scope: BoxScope
    ) -> GuardSettings? {
        let reader = StepReader(
            scope: scope, language: language, points: points, arguments: [], actions: actions)
        let read = steps.map(reader.read)
        guard let condition = scope.condition(when, of: points), (steps == nil) == (read == nil),
            let done = read ?? []
        else { return nil }
        return GuardSettings(
            name: name, when: condition, forMilliseconds: milliseconds, steps: done,
            isLatching: isLatching)
    }
}
