// The steps of an action or a guard: what is written, sent, waited for and read again.

import StationCore

struct StepReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope
    let language: BusLanguage
    let points: [PointSettings]
    let arguments: [ArgumentSettings]
    /// Actions by name that a step may perform.
    let actions: [ActionSettings]

    var checker: Checker { scope.checker }

    private static let wait = PointReader.milliseconds(Limit.waitMilliseconds)
    private static let until = PointReader.milliseconds(Limit.untilMilliseconds)

    func read(_ node: TreeNode) -> [ActionStep]? {
        guard let items = checker.list(node, of: .steps, limit: Limit.stepsPerAction) else {
            return nil
        }
        let steps = items.map(readStep)
        let whole = steps.compactMap(\.self)
        return whole.count == steps.count ? whole : nil
    }

    private func readStep(_ node: TreeNode) -> ActionStep? {
        guard var fields = Fields(node, .step, checker) else { return nil }
        let verbs = verbs.map { (name: $0, node: fields.take($0)) }
        let given = verbs.compactMap { verb in verb.node.map { (verb.name, $0) } }
        guard let (verb, value) = given.first else {
            fields.finish()
            checker.report(node.place, .missingKey(self.verbs[0], in: .step))
            return nil
        }
        if given.count > 1 {
            checker.report(given[1].1.place, .twoSteps(given[0].0, given[1].0))
            _ = fields.takeRest()
            return nil
        }
        defer { fields.finish() }
        switch verb {
        case "write": return write(value)
        case "set": return set(value)
        case "raw": return raw(value, &fields)
        case "send": return send(value, &fields)
        case "read": return read(again: value)
        case "wait":
            return checker.duration(value, in: Self.wait).map {
                .wait(milliseconds: $0.milliseconds)
            }
        case "until": return until(value, &fields)
        default: return perform(value, &fields)
        }
    }

    private var verbs: [String] {
        switch language {
        case .modbus: ["write", "raw", "wait", "read", "until", "perform"]
        case .frames, .codec, .dlt645: ["send", "wait", "read", "until", "perform"]
        case .board: ["set", "wait", "until", "perform"]
        }
    }

    // MARK: Lines

    /// `{set: {valve: active}}`
    private func set(_ node: TreeNode) -> ActionStep? {
        guard let pairs = checker.pairs(node) else { return nil }
        guard pairs.count == 1, let pair = pairs.first else {
            checker.report(node.place, pairs.isEmpty ? .emptyList : .tooMany(.step, limit: 1))
            return nil
        }
        let outputs = scope.lines.filter { $0.direction == .output }
        guard outputs.contains(where: { $0.name == pair.key }),
            let terminal = scope.lines.firstIndex(where: { $0.name == pair.key })
        else {
            checker.report(
                pair.place,
                .unknownReference(.line, name: pair.key, known: outputs.map(\.name)))
            return nil
        }
        return checker.choice(pair.value, of: LineReader.safeStates).map {
            .set(terminal: terminal, isActive: $0)
        }
    }

    // MARK: Modbus

    /// `{at: "hold:1", value: watts}` or `{at: "hold:1", values: [1, 2]}`
    private func write(_ node: TreeNode) -> ActionStep? {
        guard var fields = Fields(node, .write, checker) else { return nil }
        let at = fields.require("at")
        let several = fields.take("values")
        let one = several == nil ? fields.require("value") : nil
        fields.finish()
        guard let at, let (table, text) = scope.registerTable(at) else { return nil }
        guard table == .coil || table == .holding else {
            let name = RegisterPlace.tableNames.first { $0.table == table }?.word ?? ""
            checker.report(at.place, .notAChoice(found: name, expected: ["hold", "coil"]))
            return nil
        }
        let address = scope.expression(text, at: at.place, of: arguments, in: 0...0xFFFF)
        let nodes =
            several.flatMap { checker.list($0, of: .write, limit: Limit.valuesPerWrite) }
            ?? one.map { [$0] } ?? []
        // A register is 16 bits, written with or without a sign.
        let values = nodes.map {
            scope.expression($0, of: arguments, in: -0x8000...0xFFFF)
        }
        let whole = values.compactMap(\.self)
        guard let address, !whole.isEmpty, whole.count == values.count else { return nil }
        guard !isForbidden(table, places(of: address, count: whole.count), at: node.place) else {
            return nil
        }
        return .write(table: table, address: address, values: whole)
    }

    /// `{raw: "42", reply: 1}`: the function code first.
    private func raw(_ node: TreeNode, _ fields: inout Fields) -> ActionStep? {
        let reply = fields.require("reply")
        guard let bytes = checker.hex(node, limit: Limit.rawBytes),
            let count = reply.flatMap({ checker.integer($0, in: 1...Limit.rawBytes) }),
            !isForbidden("raw:" + Hex.upper([bytes[0]]), at: node.place)
        else { return nil }
        if let (table, places) = Self.written(by: bytes) {
            guard !isForbidden(table, places, at: node.place) else { return nil }
        }
        return .raw(bytes: bytes, replyCount: count)
    }

    /// The addresses that a write may reach, whatever its argument is within its range.
    private func places(of address: Expression, count: Int) -> ClosedRange<Int> {
        let argument = arguments.first { $0.name == address.argument }
        let ends = [argument?.lowest, argument?.highest].map { end in
            (end ?? .zero).multiplied(by: argument == nil ? .zero : address.times)?
                .adding(address.plus)?.rounded(to: 0)?.mantissa ?? 0
        }
        // One beyond the addresses was reported where it stands.
        let (first, last) = (max(0, ends.min() ?? 0), min(0xFFFF, ends.max() ?? 0))
        return Int(min(first, 0xFFFF))...(Int(max(first, last)) + max(1, count) - 1)
    }

    /// What the functions that Modbus itself writes with would write, said as raw bytes.
    private static func written(by bytes: [UInt8]) -> (RegisterPlace.Table, ClosedRange<Int>)? {
        func number(at place: Int) -> Int? {
            bytes.count > place + 1 ? Int(bytes[place]) << 8 | Int(bytes[place + 1]) : nil
        }
        let (table, address, count): (RegisterPlace.Table, Int?, Int?)
        switch bytes.first {
        case 0x05: (table, address, count) = (.coil, number(at: 1), 1)
        case 0x06, 0x16: (table, address, count) = (.holding, number(at: 1), 1)
        case 0x0F: (table, address, count) = (.coil, number(at: 1), number(at: 3))
        case 0x10: (table, address, count) = (.holding, number(at: 1), number(at: 3))
        case 0x17: (table, address, count) = (.holding, number(at: 5), number(at: 7))
        default: return nil
        }
        return address.map { (table, $0...($0 + max(1, count ?? 1) - 1)) }
    }

    private func isForbidden(
        _ table: RegisterPlace.Table, _ places: ClosedRange<Int>, at place: Place
    ) -> Bool {
        let start = "write:" + (table == .coil ? "coil:" : "hold:")
        let reached = scope.forbidden.first { word in
            word.hasPrefix(start) && Int(word.dropFirst(start.count)).map(places.contains) == true
        }
        return reached.map { isForbidden($0, at: place) } ?? false
    }

    private func isForbidden(_ what: String, at place: Place) -> Bool {
        guard scope.forbidden.contains(what) else { return false }
        checker.report(place, .forbidden(what))
        return true
    }

    // MARK: Frames

    /// `{send: open, with: {lock: lock - 1}}`. Fields that have an argument's name take its value.
    private func send(_ node: TreeNode, _ fields: inout Fields) -> ActionStep? {
        let with = fields.take("with")
        guard let name = checker.word(node) else { return nil }
        let given = with.flatMap(checker.pairs) ?? []
        if with != nil, given.isEmpty { return nil }
        guard case .frames(let language) = language else {
            return send(name, given, of: nil, at: node.place)
        }
        let requests = language.frames.filter { $0.role == .request }
        guard let frame = requests.first(where: { $0.name == name }) else {
            checker.report(
                node.place, .unknownReference(.frame, name: name, known: requests.map(\.name)))
            return nil
        }
        return send(name, given, of: frame, at: node.place)
    }

    /// - Parameter frame: `nil` for a codec of ours, which says itself what it lacks.
    private func send(
        _ name: String, _ given: [TreeNode.Pair], of frame: FrameSettings?, at place: Place
    ) -> ActionStep? {
        let known = frame?.tokens.fieldNames.filter { $0 != "address" }
        var filled: [FrameArgument] = []
        var isWhole = true
        for pair in given {
            if let known, !known.contains(pair.key) {
                checker.report(pair.place, .unknownKey(pair.key, in: .with, known: known))
                isWhole = false
                continue
            }
            let range = frame?.tokens.range(of: pair.key) ?? Int64.min / 2...Int64.max / 2
            guard let value = scope.expression(pair.value, of: arguments, in: range) else {
                isWhole = false
                continue
            }
            filled.append(FrameArgument(name: pair.key, value: value))
        }
        guard isWhole, let frame, let known else {
            let rest = arguments.filter { one in !filled.contains { $0.name == one.name } }
            let own = rest.map {
                FrameArgument(name: $0.name, value: Expression(argument: $0.name))
            }
            return isWhole ? .send(frame: name, fields: filled + own) : nil
        }
        for field in known where !filled.contains(where: { $0.name == field }) {
            let isKnown =
                arguments.contains { $0.name == field } || scope.parameter(field) != nil
            guard isKnown, !frame.tokens.isNumbered(field) else {
                checker.report(place, .askedWithout(frame: name, field: field))
                isWhole = false
                continue
            }
            guard
                let value = scope.expression(
                    field, at: place, of: arguments, in: frame.tokens.range(of: field))
            else {
                isWhole = false
                continue
            }
            filled.append(FrameArgument(name: field, value: value))
        }
        return isWhole ? .send(frame: name, fields: filled) : nil
    }

    // MARK: What every box has

    /// `door.lock`, or a list. Of a counted point by its name alone: all of them.
    private func read(again node: TreeNode) -> ActionStep? {
        var items = [node]
        if case .list = node.content {
            items = checker.list(node, of: .step, limit: Limit.pointsPerDevice) ?? []
        }
        var names: [String] = []
        for item in items {
            guard let word = checker.word(item) else { return nil }
            let family = points.filter { $0.name.hasPrefix(word + ".") }.map(\.name)
            if !family.isEmpty {
                names += family
                continue
            }
            guard
                let (point, index) = scope.point(
                    Substring(word), at: item.place, points, arguments)
            else { return nil }
            names.append(
                index.map { BoxScope.family(of: point.name) + "." + $0 } ?? point.name)
        }
        return names.isEmpty ? nil : .read(points: names)
    }

    /// `{until: "volume gained >= ml", at_most: 60s}`
    private func until(_ node: TreeNode, _ fields: inout Fields) -> ActionStep? {
        let most = fields.require("at_most")
        guard let condition = scope.condition(node, of: points, arguments),
            let limit = most.flatMap({ checker.duration($0, in: Self.until) })
        else { return nil }
        return .until(condition, atMostMilliseconds: limit.milliseconds)
    }

    /// `{perform: open, with: {lock: 3}}`: an action that stands before this one, so that there is
    /// an end to it.
    private func perform(_ node: TreeNode, _ fields: inout Fields) -> ActionStep? {
        let with = fields.take("with")
        guard let name = checker.word(node) else { return nil }
        guard let action = actions.first(where: { $0.name == name }) else {
            checker.report(
                node.place, .unknownReference(.action, name: name, known: actions.map(\.name)))
            return nil
        }
        var given = with.flatMap(checker.pairs) ?? []
        var filled: [FrameArgument] = []
        for argument in action.arguments {
            guard let place = given.firstIndex(where: { $0.key == argument.name }) else {
                checker.report(node.place, .missingKey(argument.name, in: .with))
                return nil
            }
            let value = given.remove(at: place).value
            guard let (text, _) = checker.scalar(value),
                let expression = scope.expression(text, at: value.place, of: arguments)
            else { return nil }
            let extremes = expression.extremes(arguments) ?? []
            for extreme in extremes
            where extreme < argument.lowest || argument.highest < extreme {
                checker.report(
                    value.place,
                    .outOfRange(
                        found: "\(extreme)", lowest: "\(argument.lowest)",
                        highest: "\(argument.highest)"))
                return nil
            }
            filled.append(FrameArgument(name: argument.name, value: expression))
        }
        if let pair = given.first {
            checker.report(
                pair.place,
                .unknownKey(pair.key, in: .with, known: action.arguments.map(\.name)))
            return nil
        }
        return .perform(action: name, arguments: filled)
    }
}
