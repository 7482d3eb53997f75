// A box's `tests`: worked bytes, at least one.

import StationCore

struct BoxExampleReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker
    let parts: BoxReader.Parts
    let reading: BoxReader.Reading

    private var language: BusLanguage { reading.settings.language }

    func read(_ node: TreeNode) -> [Placed<WorkedExample>] {
        let items = checker.list(node, of: .examples, limit: ProfileReader.listLimit) ?? []
        return items.compactMap { item in
            reading.isOnBoard
                ? readBoardExample(item).map { Placed(.board($0), at: item.place) }
                : readExample(item).map { Placed(.bus($0), at: item.place) }
        }
    }

    /// `{ask: {read: "in:0", count: 10}, tx: "01 04 …", rx: "01 04 …", gives: {voltage: 225.7}}`
    private func readExample(_ node: TreeNode) -> BusExample? {
        guard var fields = Fields(node, .example, checker) else { return nil }
        let before = checker.findings.count
        let address = fields.take("address")
        let with = fields.take("with")
        let ask = fields.take("ask")
        let tx = ask == nil ? nil : fields.take("tx")
        let rx = tx == nil ? fields.require("rx") : fields.take("rx")
        let refused = rx == nil ? nil : fields.take("refused")
        let gives = rx == nil || refused != nil ? nil : fields.require("gives")
        fields.finish()
        let parameters = with.map(readParameters) ?? []
        // What a parameter changes is read again, without telling what was told already.
        let settings = parameters.isEmpty ? reading.settings : self.settings(with: parameters)
        let example = BusExample(
            address: address.flatMap {
                checker.address($0, among: reading.link.addresses)
            } ?? reading.link.addresses.usual,
            parameters: parameters, asked: ask.map(readQuestion) ?? .nothing,
            sent: tx.map(readBytes) ?? [],
            received: rx.flatMap { checker.hex($0, limit: Limit.frameBytes) } ?? [],
            outcome: refused.map(readRefusal) ?? gives.map { readGifts($0, settings) } ?? .none)
        return checker.findings.count == before ? example : nil
    }

    func settings(with parameters: [BoxParameter]) -> BusDeviceSettings {
        let aside = Checker(file: checker.file, findings: Findings())
        return BoxReader(checker: aside).read(parts, values: parameters)?.settings
            ?? reading.settings
    }

    func readParameters(_ node: TreeNode) -> [BoxParameter] {
        (checker.pairs(node) ?? []).compactMap { pair in
            guard var parameter = reading.parameters.first(where: { $0.name == pair.key }) else {
                checker.report(
                    pair.place,
                    .unknownKey(
                        pair.key, in: .with, known: reading.parameters.map(\.name)))
                return nil
            }
            guard let value = checker.decimal(pair.value) else { return nil }
            guard parameter.allows(value) else {
                checker.report(parameter, value, at: pair.value.place)
                return nil
            }
            parameter.value = value
            return parameter
        }
    }

    /// One frame, or those of an action's steps in turn.
    private func readBytes(_ node: TreeNode) -> [[UInt8]] {
        guard case .list = node.content else {
            return checker.hex(node, limit: Limit.frameBytes).map { [$0] } ?? []
        }
        let items = checker.list(node, of: .example, limit: Limit.stepsPerAction) ?? []
        return items.compactMap { checker.hex($0, limit: Limit.frameBytes) }
    }

    // MARK: What is asked

    func readQuestion(_ node: TreeNode) -> BusExample.Asked {
        guard var fields = Fields(node, .ask, checker) else { return .nothing }
        let verbs: [String] =
            switch language {
            case .modbus: ["read", "write", "raw", "do"]
            case .frames, .codec: ["send", "do"]
            case .dlt645: ["item", "do"]
            case .board: ["do"]
            }
        let given = verbs.compactMap { verb in fields.take(verb).map { (verb, $0) } }
        guard let (verb, value) = given.first else {
            fields.finish()
            checker.report(node.place, .missingKey(verbs[0], in: .ask))
            return .nothing
        }
        defer { fields.finish() }
        switch verb {
        case "do": return readAction(value, fields.takeRest())
        case "send": return readFrame(value, fields.takeRest())
        case "item": return readItem(value)
        case "read":
            let count = fields.take("count").map { checker.integer($0, in: 1...Limit.bitsPerRead) }
            guard let (table, address) = reading.scope(checker).registerPlace(value),
                let count = count ?? 1
            else { return .nothing }
            return .question(.read(table, address: address, count: count))
        case "write":
            let values = fields.require("values")
            guard let (table, address) = reading.scope(checker).registerPlace(value),
                let items = values.flatMap({
                    checker.list($0, of: .ask, limit: Limit.valuesPerWrite)
                })
            else { return .nothing }
            let numbers = items.compactMap { checker.whole($0, in: -0x8000...0xFFFF) }
            return .question(
                .write(
                    table, address: address,
                    values: numbers.map { UInt16(truncatingIfNeeded: $0) }))
        default:
            let reply = fields.require("reply")
            guard let bytes = checker.hex(value, limit: Limit.rawBytes),
                let count = reply.flatMap({ checker.integer($0, in: 1...Limit.rawBytes) })
            else { return .nothing }
            return .question(.raw(bytes: bytes, replyCount: count))
        }
    }

    /// An item that a point reads.
    private func readItem(_ node: TreeNode) -> BusExample.Asked {
        guard let identifier = reading.scope(checker).meterItem(node) else { return .nothing }
        let items = reading.settings.points.compactMap { point -> MeterItem? in
            if case .item(let item) = point.source { item } else { nil }
        }
        guard let item = items.first(where: { $0.identifier == identifier }) else {
            checker.report(
                node.place,
                .notAChoice(found: identifier, expected: items.map(\.identifier)))
            return .nothing
        }
        return .question(.item(item))
    }

    private func readFrame(_ node: TreeNode, _ rest: [TreeNode.Pair]) -> BusExample.Asked {
        guard let name = checker.word(node) else { return .nothing }
        let fields = rest.compactMap { pair in
            checker.whole(pair.value, in: Int64.min...Int64.max).map { BusField(pair.key, $0) }
        }
        if case .frames(let language) = language {
            let requests = language.frames.filter { $0.role == .request }
            guard let frame = requests.first(where: { $0.name == name }) else {
                checker.report(
                    node.place,
                    .unknownReference(.frame, name: name, known: requests.map(\.name)))
                return .nothing
            }
            let known = frame.tokens.fieldNames.filter { $0 != "address" }
            for pair in rest where !known.contains(pair.key) {
                checker.report(pair.place, .unknownKey(pair.key, in: .ask, known: known))
            }
            for name in known where !fields.contains(where: { $0.name == name }) {
                checker.report(node.place, .missingKey(name, in: .ask))
            }
        }
        return .question(.frame(name: name, fields: fields))
    }

    private func readAction(_ node: TreeNode, _ rest: [TreeNode.Pair]) -> BusExample.Asked {
        guard let name = checker.word(node) else { return .nothing }
        let actions = reading.settings.actions
        guard let action = actions.first(where: { $0.name == name }) else {
            checker.report(
                node.place, .unknownReference(.action, name: name, known: actions.map(\.name)))
            return .nothing
        }
        for pair in rest where !action.arguments.contains(where: { $0.name == pair.key }) {
            checker.report(
                pair.place, .unknownKey(pair.key, in: .ask, known: action.arguments.map(\.name)))
        }
        var arguments: [BusArgument] = []
        for argument in action.arguments {
            guard let pair = rest.first(where: { $0.key == argument.name }) else {
                checker.report(node.place, .missingKey(argument.name, in: .ask))
                continue
            }
            guard let value = checker.decimal(pair.value) else { continue }
            if value < argument.lowest || argument.highest < value {
                checker.report(
                    pair.value.place,
                    .outOfRange(
                        found: "\(value)", lowest: "\(argument.lowest)",
                        highest: "\(argument.highest)"))
            }
            arguments.append(BusArgument(name: argument.name, value: value))
        }
        return .action(name, arguments: arguments)
    }

    // MARK: What comes of it

    private func readRefusal(_ node: TreeNode) -> BusExample.Outcome {
        if case .scalar(let text, _) = node.content, text.utf8.first.map(BoxName.isDigit) == true {
            return checker.whole(node, in: 0...0xFF).map { .code(Int($0)) } ?? .none
        }
        let refusal: BusExample.Refusal? = checker.choice(node)
        return refusal.map { .refused($0) } ?? .none
    }

    /// `done`, or points with their values.
    func readGifts(
        _ node: TreeNode, _ settings: BusDeviceSettings
    ) -> BusExample.Outcome {
        if case .scalar = node.content {
            return checker.choice(node, of: [("done", .done)]) ?? .none
        }
        guard let pairs = checker.pairs(node) else { return .none }
        guard !pairs.isEmpty else {
            checker.report(node.place, .emptyList)
            return .none
        }
        let gifts = pairs.compactMap { pair -> BusExample.Gift? in
            let points = settings.points
            guard let point = points.first(where: { $0.name == pair.key }) else {
                checker.report(
                    pair.place,
                    .unknownReference(.point, name: pair.key, known: points.map(\.name)))
                return nil
            }
            return readValue(pair.value, of: point).map { .init(point: point.name, value: $0) }
        }
        return .points(gifts)
    }

    private func readValue(_ node: TreeNode, of point: PointSettings) -> BusExample.Value? {
        let odd: [(String, BusExample.Value)] = [
            ("absent", .absent), ("out_of_range", .outOfRange),
        ]
        guard case .scalar(let text, _) = node.content, point.states.isEmpty else {
            return checker.choice(
                node,
                of: point.states.enumerated().map { ($0.element, .state($0.offset)) } + odd)
        }
        if let value = odd.first(where: { $0.0 == text }) { return value.1 }
        return checker.decimal(node).map { .number($0) }
    }
}

extension BoxReader.Reading {
    fileprivate func scope(_ checker: Checker) -> BoxScope {
        BoxScope(checker: checker, parameters: parameters, forbidden: forbidden)
    }
}

extension Checker {
    /// An address that a box may be set to; of a meter its twelve digits.
    func address(_ node: TreeNode, among addresses: BoxAddresses) -> Int? {
        switch addresses {
        case .none:
            report(node.place, .noAddress)
            return nil
        case .range(let range):
            return whole(node, in: Int64(range.lowerBound)...Int64(range.upperBound)).map {
                Int($0)
            }
        case .meter:
            guard let text = word(node) else { return nil }
            guard text.utf8.count == 12, text.utf8.allSatisfy(BoxName.isDigit),
                let number = Int(text)
            else {
                report(node.place, .badMeterAddress(found: text))
                return nil
            }
            return number
        }
    }
}
