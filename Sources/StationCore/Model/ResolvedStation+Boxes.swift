// The check of boxes on buses: points, frames, actions and guards that somebody else wrote.

extension ResolvedStation {
    static func check(_ settings: BusDeviceSettings, at index: Int) throws(Flaw) {
        // Lines and files are a board's.
        guard settings.language != .board else { throw .value(.frame, index: index) }
        try BoxCheck(settings: settings, device: index).run()
    }

    static func check(_ settings: BoardDeviceSettings, at index: Int) throws(Flaw) {
        guard (0...Limit.linesPerBoardDevice).contains(settings.lines.count),
            Set(settings.lines.map(\.name)).count == settings.lines.count,
            settings.lines.allSatisfy(isLegal)
        else { throw .value(.line, index: index) }
        try BoxCheck(settings: settings.box, device: index, lines: settings.lines).run()
    }

    private static func isLegal(_ line: BoardLine) -> Bool {
        isLegalWord(line.name) && Limit.boardSettleMilliseconds.contains(line.settleMilliseconds)
            && Limit.boardSettleMilliseconds.contains(line.clearMilliseconds)
            && Limit.pulseGapMicroseconds.contains(line.minimumGapMicroseconds)
            && Limit.keptMilliseconds.contains(line.keptWithinMilliseconds)
            && (line.maximumOnMilliseconds == 0
                || Limit.maximumOnMilliseconds.contains(line.maximumOnMilliseconds))
    }

    /// Whether `name` may name a point, an action, a frame, a field, an argument or a guard: 1 to
    /// 32 lower-case letters, digits and underscores, a letter first.
    public static func isLegalWord(_ name: some StringProtocol) -> Bool {
        let bytes = name.utf8
        guard (1...Limit.nameBytes).contains(bytes.count), let first = bytes.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension ResolvedStation {
    /// Whether `name` may name a frame or a field of a codec of ours: 1 to 32 letters and digits, a
    /// letter first.
    public static func isLegalField(_ name: some StringProtocol) -> Bool {
        let letters = name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return isLegalWord(String(decoding: letters, as: UTF8.self))
    }
}

/// Checks one box; every list is bounded and every name found.
private struct BoxCheck {
    typealias Limit = ResolvedStation.Limit
    typealias Flaw = ResolvedStation.Flaw

    let settings: BusDeviceSettings
    let device: Int
    /// Of a device on the board.
    let lines: [BoardLine]
    /// Points by name, and how many there are of a counted one.
    private let pointsByName: [String: PointSettings]
    private let families: [String: Int]
    private let framesByName: [String: FrameSettings]
    /// The requests, by the replies that answer them.
    private let askers: [String: FrameSettings]

    init(settings: BusDeviceSettings, device: Int, lines: [BoardLine] = []) {
        self.settings = settings
        self.device = device
        self.lines = lines
        pointsByName = Dictionary(settings.points.map { ($0.name, $0) }) { first, _ in first }
        families = settings.points.reduce(into: [:]) { families, point in
            families[Self.family(of: point.name), default: 0] += 1
        }
        if case .frames(let language) = settings.language {
            framesByName = Dictionary(language.frames.map { ($0.name, $0) }) { first, _ in first }
            askers = language.frames.reduce(into: [:]) { askers, frame in
                if let reply = frame.reply { askers[reply] = frame }
            }
        } else {
            framesByName = [:]
            askers = [:]
        }
    }

    private static func family(of name: String) -> String { String(name.prefix { $0 != "." }) }

    func run() throws(Flaw) {
        try checkLink()
        try checkFrames()
        try require(
            settings.points.count <= Limit.pointsPerDevice
                && pointsByName.count == settings.points.count, .point)
        for point in settings.points { try check(point) }
        try checkActions()
        try checkGuards()
    }

    private func require(_ holds: Bool, _ field: Flaw.Field) throws(Flaw) {
        guard holds else { throw .value(field, index: device) }
    }

    // MARK: Address and times

    private func checkLink() throws(Flaw) {
        let addresses: ClosedRange<Int> =
            switch settings.language {
            case .modbus: Limit.units
            case .dlt645: Limit.meters
            case .frames, .codec, .board: Limit.boards
            }
        try require(addresses.contains(settings.address), .address)
        let timing = settings.timing
        try require(
            Limit.timeoutMilliseconds.contains(timing.timeoutMilliseconds)
                && Limit.gapMilliseconds.contains(timing.gapMilliseconds)
                && (0...timing.timeoutMilliseconds).contains(timing.latencyMilliseconds)
                && timing.wake.count <= Limit.wakeBytes, .timing)
        if case .modbus(let modbus) = settings.language {
            try require(
                Limit.registersPerRead.contains(modbus.maximumRead)
                    && Limit.holes.contains(modbus.holes), .timing)
        }
    }

    // MARK: Frames

    private func checkFrames() throws(Flaw) {
        guard case .frames(let language) = settings.language else { return }
        try require(
            (1...Limit.framesPerDevice).contains(language.frames.count)
                && framesByName.count == language.frames.count, .frame)
        if let check = language.check {
            let range = 0...Limit.frameBytes
            try require(range.contains(check.from) && range.contains(check.before), .frame)
        }
        for frame in language.frames {
            let isNamed = frame.name.split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy { ResolvedStation.isLegalWord($0) }
            try require(isNamed, .frame)
            try require(
                (1...Limit.tokensPerFrame).contains(frame.tokens.count)
                    && frame.tokens.allSatisfy(Self.isLegal), .frame)
            try require(
                (1...Limit.frameBytes).contains(frame.tokens.length(check: language.check)),
                .frame)
            let checks = frame.tokens.count { $0 == .check }
            try require(checks <= (language.check == nil ? 0 : 1), .frame)
            try require(
                frame.withinMilliseconds == 0
                    || Limit.timeoutMilliseconds.contains(frame.withinMilliseconds), .frame)
            if let reply = frame.reply { try require(answers(frame, reply), .frame) }
            if let refusal = frame.refusal {
                let said = frame.reply.flatMap { framesByName[$0] }?.tokens.fieldNames ?? []
                try require(
                    frame.role == .request && said.contains(refusal.field)
                        && (1...Limit.choices).contains(refusal.values.count), .frame)
            }
        }
    }

    /// A request is answered by a reply; a push by a request that says what the push said.
    private func answers(_ frame: FrameSettings, _ name: String) -> Bool {
        guard let reply = framesByName[name] else { return false }
        switch frame.role {
        case .request: return reply.role == .reply
        case .push:
            let known = frame.tokens.fieldNames + ["address"]
            return reply.role == .request && reply.tokens.fieldNames.allSatisfy(known.contains)
        case .reply: return false
        }
    }

    private static func isLegal(_ token: FrameToken) -> Bool {
        switch token {
        case .bytes(let these): (1...Limit.frameBytes).contains(these.count)
        case .field(let name, let form): ResolvedStation.isLegalWord(name) && isLegal(form)
        case .list(let name, let form, let count):
            ResolvedStation.isLegalWord(name) && isLegal(form)
                && (1...Limit.numbersPerField).contains(count)
        case .nibbles(let high, let low):
            high != low && (high.isEmpty || ResolvedStation.isLegalWord(high))
                && (low.isEmpty || ResolvedStation.isLegalWord(low))
        case .bits(let name, let count, _):
            ResolvedStation.isLegalWord(name) && (1...Limit.numbersPerField).contains(count)
        case .length(let form, let plus):
            isLegal(form) && (-Limit.frameBytes...Limit.frameBytes).contains(plus)
        case .skipped(let count): (1...Limit.frameBytes).contains(count)
        case .check: true
        }
    }

    private static func isLegal(_ form: FieldForm) -> Bool {
        (1...8).contains(form.bytes) && !(form.isBCD && form.isSigned)
    }

    // MARK: Points

    private func check(_ point: PointSettings) throws(Flaw) {
        let parts = point.name.split(separator: ".", omittingEmptySubsequences: false)
        try require(
            (1...2).contains(parts.count) && ResolvedStation.isLegalWord(parts[0])
                && (parts.count == 1 || Self.isNumber(parts[1])), .point)
        try require(
            point.unit.utf8.count <= Limit.unitBytes
                && ResolvedStation.isText(point.unit, bytes: 0...Limit.unitBytes)
                && DecimalNumber.placesRange.contains(point.places)
                && point.curve.count <= Limit.curveCoefficients
                && point.bad.count <= Limit.badNumbers && point.wrap ?? 1 > 0, .point)
        try require(
            point.states.count <= Limit.states && point.meanings.count <= Limit.meanings
                && point.states.allSatisfy { ResolvedStation.isLegalWord($0) }
                && point.meanings.allSatisfy { point.states.indices.contains($0.state) }
                && point.otherwise.map(point.states.indices.contains) ?? true
                && (point.kind != .state || !point.states.isEmpty), .point)
        try require(
            point.everyMilliseconds == 0
                || Limit.everyMilliseconds.contains(point.everyMilliseconds), .point)
        try require(
            Limit.reportMilliseconds.contains(point.report.minimumMilliseconds)
                && Limit.reportMilliseconds.contains(point.report.maximumMilliseconds), .point)
        try require(isLegal(point.source) && isFitting(point), .point)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...3).contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private func isLegal(_ source: PointSource) -> Bool {
        switch (source, settings.language) {
        case (.register(let place), .modbus(let modbus)):
            Self.isLegal(place) && place.width <= modbus.maximumRead
        case (.fields(let places), .frames), (.fields(let places), .codec):
            (1...Limit.placesPerPoint).contains(places.count) && places.allSatisfy(isLegal)
        case (.item(let item), .dlt645):
            (1...8).contains(item.bytes) && item.identifier.utf8.count == 8
                && Hex.bytes(item.identifier.utf8) != nil
        case (.pulses(let terminal), .board), (.rate(let terminal, _), .board):
            lines.indices.contains(terminal) && lines[terminal].direction == .input
        case (.line(let terminal), .board): lines.indices.contains(terminal)
        case (.file(let place), .board): place.isLegal
        // A box on a bus has no lines of its own, and no files.
        case (.register, _), (.fields, _), (.item, _), (.pulses, _), (.rate, _), (.line, _),
            (.file, _):
            false
        }
    }

    /// Whether what a board's device says there can be of that kind.
    private func isFitting(_ point: PointSettings) -> Bool {
        switch point.source {
        case .pulses: point.kind == .total
        case .rate(_, let window):
            point.kind == .level && point.everyMilliseconds > 0
                && Limit.rateWindowMilliseconds.contains(window)
        case .line: point.kind == .state
        case .file: point.kind != .event && point.everyMilliseconds > 0
        case .register, .fields, .item: true
        }
    }

    private static func isLegal(_ place: RegisterPlace) -> Bool {
        guard (0...0xFFFF).contains(place.address), place.address + place.width <= 0x1_0000,
            RegisterPlace.orders(width: place.width).contains(place.order)
        else { return false }
        let bits = place.width * 16
        guard let bit = place.bit else { return place.bitCount == nil }
        return (0..<bits).contains(bit) && (1...bits - bit).contains(place.bitCount ?? 1)
    }

    private func isLegal(_ place: FramePlace) -> Bool {
        let isNumbered = (1...Limit.numbersPerField).contains(place.index ?? 1)
        guard isNumbered, place.frame.utf8.count <= 2 * Limit.nameBytes + 1,
            ResolvedStation.isLegalField(place.field),
            place.selector.map({ ResolvedStation.isLegalField($0) }) ?? true
        else { return false }
        guard case .frames = settings.language else {
            return ResolvedStation.isLegalField(place.frame)
        }
        guard let frame = framesByName[place.frame], frame.role != .request else { return false }
        // A reply that does not repeat which lock it speaks of means the one that was asked.
        let asked = askers[place.frame]?.tokens.fieldNames ?? []
        let names = frame.tokens.fieldNames
        return names.contains(place.field)
            && place.selector.map { names.contains($0) || asked.contains($0) } ?? true
    }

    // MARK: Actions and guards

    private func checkActions() throws(Flaw) {
        try require(settings.actions.count <= Limit.actionsPerDevice, .action)
        for (place, action) in settings.actions.enumerated() {
            let before = settings.actions[..<place]
            try require(
                ResolvedStation.isLegalWord(action.name)
                    && !before.contains { $0.name == action.name }, .action)
            let names = Set(action.arguments.map(\.name))
            try require(
                action.arguments.count <= Limit.argumentsPerAction
                    && names.count == action.arguments.count
                    && action.arguments.allSatisfy {
                        ResolvedStation.isLegalWord($0.name) && $0.lowest <= $0.highest
                            && $0.step.map { $0 > .zero } ?? true
                    }, .action)
            try require(
                action.selfTimedMilliseconds.map(Limit.selfTimedMilliseconds.contains) ?? true,
                .action)
            try require(isLegalRenewal(of: action), .action)
            for condition in [action.needs, action.confirmed, action.failed] {
                guard let condition else { continue }
                try require(isLegal(condition, action.arguments), .action)
            }
            try require(
                (1...Limit.stepsPerAction).contains(action.steps.count)
                    && action.steps.allSatisfy { isLegal($0, action.arguments, before) }, .action)
        }
    }

    /// A board needs time for what it is told again, and what ends it has no other numbers.
    private func isLegalRenewal(of action: ActionSettings) -> Bool {
        guard let name = action.renewedUntil else { return true }
        guard let ending = settings.actions.first(where: { $0.name == name }) else { return false }
        return action.selfTimedMilliseconds.map { $0 >= Limit.renewedMilliseconds } ?? false
            && ending.arguments.allSatisfy { one in
                action.arguments.contains { $0.name == one.name }
            }
    }

    private func checkGuards() throws(Flaw) {
        let names = Set(settings.guards.map(\.name))
        try require(
            settings.guards.count <= Limit.guardsPerDevice
                && names.count == settings.guards.count, .rule)
        for rule in settings.guards {
            // What they name is looked up in the whole station.
            try require(
                ResolvedStation.isLegalWord(rule.name)
                    && (1...Limit.comparisons).contains(rule.when.all.count)
                    && Limit.guardMilliseconds.contains(rule.forMilliseconds)
                    && rule.silentMilliseconds.map(Limit.silentMilliseconds.contains) ?? true
                    && rule.orders.count <= Limit.ordersPerGuard, .rule)
        }
    }

    /// - Parameter actions: those that it may perform: an action only what stands before it, so
    ///   that nothing goes round in circles.
    private func isLegal(
        _ step: ActionStep, _ arguments: [ArgumentSettings], _ actions: ArraySlice<ActionSettings>
    ) -> Bool {
        switch step {
        case .write(let table, let address, let values):
            guard case .modbus = settings.language else { return false }
            return (table == .coil || table == .holding) && isLegal(address, arguments)
                && (1...Limit.valuesPerWrite).contains(values.count)
                && values.allSatisfy { isLegal($0, arguments) }
        case .raw(let bytes, let count):
            guard case .modbus = settings.language else { return false }
            return (1...Limit.rawBytes).contains(bytes.count)
                && (1...Limit.rawBytes).contains(count)
        case .send(let frame, let fields):
            return isLegal(frame, fields, arguments)
        case .wait(let milliseconds): return Limit.waitMilliseconds.contains(milliseconds)
        case .read(let names):
            return (1...Limit.pointsPerDevice).contains(names.count)
                && names.allSatisfy { isKnown($0, arguments) }
        // A box on a bus has no lines of its own.
        case .set(let terminal, _):
            return lines.indices.contains(terminal) && lines[terminal].direction == .output
        case .until(let condition, let most):
            return isLegal(condition, arguments) && Limit.untilMilliseconds.contains(most)
        case .perform(let name, let given):
            guard let action = actions.first(where: { $0.name == name }) else { return false }
            return Set(given.map(\.name)) == Set(action.arguments.map(\.name))
                && given.count == action.arguments.count
                && given.allSatisfy { isLegal($0.value, arguments) }
        }
    }

    private func isLegal(
        _ frame: String, _ fields: [FrameArgument], _ arguments: [ArgumentSettings]
    ) -> Bool {
        // `name`, or `name.3` of several.
        guard fields.count <= Limit.numbersPerField, ResolvedStation.isLegalField(frame),
            fields.allSatisfy({
                ResolvedStation.isLegalField(Self.family(of: $0.name))
                    && isLegal($0.value, arguments)
            })
        else { return false }
        switch settings.language {
        case .codec: return true
        case .modbus, .board: return false
        case .dlt645: return Self.meterOrders.contains(frame)
        case .frames:
            guard let drawn = framesByName[frame], drawn.role == .request else { return false }
            // Each field that is not the box's own address is said, once, and no other.
            let wanted = drawn.tokens.fieldNames.filter { $0 != "address" }
            return Set(fields.map { Self.family(of: $0.name) }) == Set(wanted)
                && Set(fields.map(\.name)).count == fields.count
        }
    }

    /// What a meter can be told: `DLT645Order`.
    private static let meterOrders = ["write", "control"]

    private func isKnown(_ point: String, _ arguments: [ArgumentSettings]) -> Bool {
        if pointsByName[point] != nil { return true }
        let parts = point.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && families[String(parts[0])] != nil
            && arguments.contains { $0.name == parts[1] }
    }

    private func isLegal(_ expression: Expression, _ arguments: [ArgumentSettings]) -> Bool {
        guard let name = expression.argument else { return true }
        return arguments.contains { $0.name == name }
    }

    private func isLegal(_ condition: Condition, _ arguments: [ArgumentSettings]) -> Bool {
        (1...Limit.comparisons).contains(condition.all.count)
            && condition.all.allSatisfy { isLegal($0, arguments) }
    }

    private func isLegal(_ comparison: Comparison, _ arguments: [ArgumentSettings]) -> Bool {
        guard isLegal(comparison.value, arguments) else { return false }
        guard let index = comparison.index else { return pointsByName[comparison.point] != nil }
        return families[comparison.point] != nil && pointsByName[comparison.point] == nil
            && arguments.contains { $0.name == index }
    }
}
