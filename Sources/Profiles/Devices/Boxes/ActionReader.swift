// A profile's `actions` and `guards`: what a box can be told, and what it must be told at once.

import StationCore

/// What an output drives, where it must become safe without us.
enum DrivenThing: String, CaseIterable, Sendable {
    case lock, valve, heater, socket
    /// Nobody is hurt and nothing is lost when it stays on.
    case light, fan, sign, other

    /// Outputs of these are refused when nothing makes them safe.
    var isHazard: Bool {
        switch self {
        case .lock, .valve, .heater, .socket: true
        case .light, .fan, .sign, .other: false
        }
    }

    var chinese: String {
        switch self {
        case .lock: "柜锁"
        case .valve: "阀门"
        case .heater: "加热"
        case .socket: "插座"
        case .light: "灯"
        case .fan: "风扇"
        case .sign: "指示牌"
        case .other: "其他"
        }
    }
}

struct ActionReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    let language: BusLanguage
    let points: [PointSettings]
    /// One that the box may have.
    let address: Int
    /// Whether each action must say what makes its output safe.
    let isBoard: Bool

    var checker: Checker { scope.checker }

    /// `harmless`: it makes nothing active.
    private static let safeties: [(String, LockSettings.Safety?)] =
        DriverReader.safeties.map { ($0.0, $0.1) } + [("harmless", nil)]
    private static let selfTimed = PointReader.milliseconds(Limit.selfTimedMilliseconds)

    /// Actions by name, each with what it drives if the model says so.
    func read(
        _ node: TreeNode
    ) -> (actions: [ActionSettings], drives: [String: DrivenThing]) {
        guard let pairs = checker.pairs(node) else { return ([], [:]) }
        var actions: [ActionSettings] = []
        var drives: [String: DrivenThing] = [:]
        if pairs.count > Limit.actionsPerDevice {
            checker.report(
                pairs[Limit.actionsPerDevice].place,
                .tooMany(.actions, limit: Limit.actionsPerDevice))
        }
        defer { checkRenewals(of: actions, pairs) }
        for pair in pairs.prefix(Limit.actionsPerDevice) {
            guard let name = checker.boxName(pair.key, at: pair.place),
                let (action, thing) = readAction(pair.value, name, before: actions)
            else { continue }
            actions.append(action)
            drives[name] = thing
        }
        return (actions, drives)
    }

    /// What is renewed names what ends it, which may stand below.
    private func checkRenewals(of actions: [ActionSettings], _ pairs: [TreeNode.Pair]) {
        for action in actions {
            guard let name = action.renewedUntil,
                let place = pairs.first(where: { $0.key == action.name })?.place
            else { continue }
            guard let ending = actions.first(where: { $0.name == name }) else {
                checker.report(
                    place, .unknownReference(.action, name: name, known: actions.map(\.name)))
                continue
            }
            let known = Set(action.arguments.map(\.name))
            let time = action.selfTimedMilliseconds ?? 0
            if time < Limit.renewedMilliseconds
                || !ending.arguments.allSatisfy({ known.contains($0.name) })
            {
                checker.report(place, .badRenewal(action.name, until: name))
            }
        }
    }

    private func readAction(
        _ node: TreeNode, _ name: String, before: [ActionSettings]
    ) -> (ActionSettings, DrivenThing?)? {
        guard var fields = Fields(node, .action, checker) else { return nil }
        let found = checker.findings.count
        let args = fields.take("args")
        let needs = fields.take("needs")
        let steps = fields.require("do")
        let outcome = fields.take("outcome")
        let idempotent = fields.require("idempotent")
        let selfTimed = fields.take("self_timed")
        let renewed = fields.take("renew_until")
        // What lines drive stands with the lines.
        let drives = language == .board ? nil : fields.take("drives")
        let safety =
            language == .board
            ? nil
            : drives == nil && !isBoard ? fields.take("safety") : fields.require("safety")
        fields.finish()

        let arguments = args.map(readArguments) ?? []
        let reader = StepReader(
            scope: scope, language: language, points: points, arguments: arguments,
            actions: before)
        var action = ActionSettings(
            name: name, arguments: arguments,
            needs: needs.flatMap { scope.condition($0, of: points, arguments) },
            steps: steps.flatMap(reader.read) ?? [],
            isIdempotent: idempotent.flatMap(checker.boolean) ?? false,
            selfTimedMilliseconds: selfTimed.flatMap {
                checker.duration($0, in: Self.selfTimed)?.milliseconds
            },
            safety: safety.flatMap { checker.choice($0, of: Self.safeties) } ?? nil)
        action.renewedUntil = renewed.flatMap(checker.word)
        if let outcome { readOutcome(outcome, into: &action) }
        for case .set(let terminal, true) in action.steps {
            action.safety = scope.lines[terminal].safety
        }
        // What the actions within it may make active, it may.
        for case .perform(let name, _) in action.steps {
            guard let inner = before.first(where: { $0.name == name }), inner.mayActivate else {
                continue
            }
            action.safety = Self.weaker(action.safety, inner.safety)
        }
        let thing: DrivenThing? = drives.flatMap { checker.choice($0) }
        if let safety, let thing, thing.isHazard, action.safety == LockSettings.Safety.none {
            checker.report(safety.place, .hazardNeverSafe(thing.rawValue, thing.chinese))
        }
        if let safety, checker.findings.count == found, action.safety == nil,
            action.steps.contains(where: \.closesCoil)
        {
            checker.report(safety.place, .notHarmless(name))
        }
        guard checker.findings.count == found, canBeAsked(action, at: node.place) else {
            return nil
        }
        return (action, thing)
    }

    /// What makes the less safe of two outputs safe.
    static func weaker(
        _ a: LockSettings.Safety?, _ b: LockSettings.Safety?
    ) -> LockSettings.Safety? {
        let order: [LockSettings.Safety] = [.none, .pull, .board]
        return order.first { $0 == a || $0 == b }
    }

    /// Whether its questions can be put into bytes with the least and the most that it can be
    /// told: asked of the codec that will do so.
    private func canBeAsked(_ action: ActionSettings, at place: Place) -> Bool {
        for end in [\ArgumentSettings.lowest, \.highest] {
            var values: [String: DecimalNumber] = [:]
            for argument in action.arguments { values[argument.name] = argument[keyPath: end] }
            do throws(BusQuestionFlaw) {
                for step in action.steps {
                    guard let question = try step.question(arguments: values) else { continue }
                    _ = try language.packet(for: question, to: address)
                }
            } catch {
                checker.report(place, .unaskable(error))
                return false
            }
        }
        return true
    }

    /// `{lock: {range: [1, 12]}}`
    private func readArguments(_ node: TreeNode) -> [ArgumentSettings] {
        guard let pairs = checker.pairs(node) else { return [] }
        if pairs.count > Limit.argumentsPerAction {
            checker.report(
                node.place, .tooMany(.arguments, limit: Limit.argumentsPerAction))
        }
        return pairs.prefix(Limit.argumentsPerAction).compactMap { pair in
            guard let name = checker.boxName(pair.key, at: pair.place),
                var fields = Fields(pair.value, .argument, checker)
            else { return nil }
            let range = fields.require("range")
            let step = fields.take("step")
            fields.finish()
            var every: DecimalNumber?
            if let step {
                guard let number = scope.decimal(step) else { return nil }
                guard number > .zero else {
                    checker.report(
                        step.place,
                        .outOfRange(found: "\(number)", lowest: "0.000000001", highest: "1000"))
                    return nil
                }
                every = number
            }
            return range.flatMap { scope.range($0, of: .argument) }.map {
                ArgumentSettings(
                    name: name, lowest: $0.lowest, highest: $0.highest, step: every)
            }
        }
    }

    private func readOutcome(_ node: TreeNode, into action: inout ActionSettings) {
        guard var fields = Fields(node, .outcome, checker) else { return }
        let confirmed = fields.require("confirmed")
        let failed = fields.take("failed")
        fields.finish()
        action.confirmed = confirmed.flatMap {
            scope.condition($0, of: points, action.arguments)
        }
        action.failed = failed.flatMap { scope.condition($0, of: points, action.arguments) }
    }
}

extension ActionStep {
    /// Whether it may make a coil active: Modbus says 0 for one that rests.
    fileprivate var closesCoil: Bool {
        guard case .write(.coil, _, let values) = self else { return false }
        return values.contains { $0.argument != nil || $0.plus != .zero }
    }
}
