// From a YAML tree to a box on a bus, with every error that its profile has.

import StationCore

/// What a station needs to know of a box besides its settings.
struct Box: Sendable {
    /// The profile's file, for what a changed parameter makes wrong in it.
    var file: String
    /// The profile with what it extends, to be read again with other parameters.
    var parts: BoxReader.Parts
    var parameters: [BoxParameter]
    var addresses: BoxAddresses
    /// By the actions that say so.
    var drives: [String: DrivenThing]
    /// What a station file says that its outputs are wired to; else what the model says of all.
    var wired: DrivenThing?
}

/// Reads the keys that boxes have beside those of every profile.
struct BoxReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    /// Everything between `kind` and `tests`.
    struct Parts: Sendable {
        var link: TreeNode?
        var lines: TreeNode?
        /// What a station file says instead of the link's folder.
        var folder: String?
        var params: TreeNode?
        var frames: TreeNode?
        var points: TreeNode?
        var actions: TreeNode?
        var guards: TreeNode?
        var forbid: TreeNode?
        /// Whether it is there for its outputs: each of its actions says what becomes of them.
        var isBoard = false
    }

    struct Reading {
        var link: BoxLink
        var settings: BusDeviceSettings
        var parameters: [BoxParameter]
        var drives: [String: DrivenThing]
        var forbidden: [String]
        /// Of a device on the board.
        var wires: [BoardWire] = []

        var isOnBoard: Bool { settings.language == .board }

        var driver: DriverSettings {
            guard isOnBoard else { return .busDevice(settings) }
            return .boardDevice(
                BoardDeviceSettings(
                    lines: wires.map(\.settings), points: settings.points,
                    actions: settings.actions, guards: settings.guards))
        }
    }

    static func parts(
        of fields: inout Fields, usesFrames: Bool, usesLines: Bool = false
    ) -> Parts {
        Parts(
            link: fields.require("link"), lines: usesLines ? fields.require("lines") : nil,
            params: fields.take("params"),
            frames: usesFrames ? fields.require("frames") : nil,
            points: fields.require("points"), actions: fields.take("actions"),
            guards: fields.take("guards"), forbid: fields.take("forbid"))
    }

    /// - Parameter values: what a station file says of parameters; the rest have their defaults.
    /// - Returns: `nil` when something that the rest hangs on is wrong.
    func read(_ parts: Parts, values: [BoxParameter] = []) -> Reading? {
        let start = checker.findings.count
        let parameters = (parts.params.map(readParameters) ?? []).map { parameter in
            values.first { $0.name == parameter.name } ?? parameter
        }
        let areParametersRead = checker.findings.count == start
        var scope = BoxScope(checker: checker, parameters: parameters)
        scope.forbidden = parts.forbid.map(readForbidden) ?? []
        let link = parts.link.flatMap(BoxLinkReader(checker: checker).read)
        scope.folder = parts.folder ?? link?.folder ?? ""
        let wires = parts.lines.map(BoardLineReader(scope: scope).read) ?? []
        scope.lines = wires.map(\.settings)
        let frames = parts.frames.map(FrameReader(scope: scope).read)
        guard areParametersRead, var link, let pointsNode = parts.points else { return nil }
        if let frames {
            // Without frames nothing else can be told of them.
            guard let frames else { return nil }
            link.language = .frames(frames)
            link.addresses = addresses(
                link.addresses, drawnIn: frames, at: parts.link?["addresses"]?.place)
        }
        let before = checker.findings.count
        guard wires.count == (parts.lines.flatMap(checker.pairs)?.count ?? 0) else { return nil }
        let points = PointReader(scope: scope, language: link.language).read(pointsNode)
        if case .modbus(let modbus) = link.language {
            checkWidths(of: points, modbus.maximumRead, at: pointsNode.place)
        }
        // Conditions on points that could not be read would only say the same again.
        guard checker.findings.count == before else { return nil }
        let (actions, drives) =
            parts.actions.map(
                ActionReader(
                    scope: scope, language: link.language, points: points,
                    address: link.addresses.usual, isBoard: parts.isBoard
                ).read)
            ?? ([], [:])
        let guards =
            parts.guards.map(
                GuardReader(scope: scope, points: points, actions: actions).read) ?? []
        let settings = BusDeviceSettings(
            bus: 0, address: link.addresses.usual, language: link.language, timing: link.timing,
            points: points, actions: actions, guards: guards)
        return Reading(
            link: link, settings: settings, parameters: parameters,
            drives: scope.lines.isEmpty ? drives : BoardWire.drives(wires),
            forbidden: scope.forbidden, wires: BoardWire.counting(wires, points))
    }

    /// What a drawn address can hold; a box whose frames have none is alone on its line.
    private func addresses(
        _ stated: BoxAddresses, drawnIn language: FrameLanguageSettings, at place: Place?
    ) -> BoxAddresses {
        let held = language.frames.filter { $0.tokens.fieldNames.contains("address") }
            .map { $0.tokens.range(of: "address") }
        guard let first = held.first, case .range(let range) = stated else { return .none }
        let lowest = held.map(\.lowerBound).max() ?? first.lowerBound
        let highest = held.map(\.upperBound).min() ?? first.upperBound
        let (from, to) = (Int64(range.lowerBound), Int64(range.upperBound))
        if let place, from < lowest || highest < to {
            checker.report(
                place,
                .outOfRange(
                    found: "\(from < lowest ? from : to)", lowest: "\(lowest)",
                    highest: "\(highest)"))
        }
        return .range(Int(max(lowest, from))...Int(max(max(lowest, from), min(highest, to))))
    }

    private func checkWidths(of points: [PointSettings], _ limit: Int, at place: Place) {
        for point in points {
            guard case .register(let register) = point.source, register.width > limit else {
                continue
            }
            checker.report(
                place,
                .widerThanRead(point: point.name, registers: register.width, limit: limit))
        }
    }

    // MARK: Parameters

    /// `{opened_code: {of: [0x00, 0x11], default: 0x00}}`
    private func readParameters(_ node: TreeNode) -> [BoxParameter] {
        guard let pairs = checker.pairs(node) else { return [] }
        if pairs.count > Limit.parametersPerDevice {
            checker.report(node.place, .tooMany(.params, limit: Limit.parametersPerDevice))
        }
        return pairs.prefix(Limit.parametersPerDevice).compactMap { pair in
            guard let name = checker.boxName(pair.key, at: pair.place) else { return nil }
            guard !OverrideReader.boxKeys.contains(name), name != "else" else {
                checker.report(pair.place, .nameTaken(name))
                return nil
            }
            return readParameter(pair.value, name)
        }
    }

    private func readParameter(_ node: TreeNode, _ name: String) -> BoxParameter? {
        guard var fields = Fields(node, .parameter, checker) else { return nil }
        let of = fields.take("of")
        let range = of == nil ? fields.require("range") : nil
        let usual = fields.require("default")
        fields.finish()
        let plain = BoxScope(checker: checker, parameters: [])
        var values: BoxParameter.Values?
        if let of {
            let items = checker.list(of, of: .parameter, limit: Limit.choices) ?? []
            let numbers = items.compactMap(checker.decimal)
            values = numbers.count == items.count && !items.isEmpty ? .of(numbers) : nil
        } else if let range {
            values = plain.range(range, of: .parameter).map {
                .range(lowest: $0.lowest, highest: $0.highest)
            }
        }
        guard let values, let usual, let value = checker.decimal(usual) else { return nil }
        let parameter = BoxParameter(name: name, values: values, value: value)
        guard parameter.allows(value) else {
            checker.report(parameter, value, at: usual.place)
            return nil
        }
        return parameter
    }

    // MARK: What nothing may do

    /// `["raw:41", "write:hold:2"]`
    private func readForbidden(_ node: TreeNode) -> [String] {
        let items = checker.list(node, of: .forbid, limit: Limit.choices) ?? []
        return items.compactMap { item in
            guard let text = checker.word(item) else { return nil }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == "raw", parts[1].utf8.count == 2,
                let code = Hex.bytes(parts[1].utf8)
            {
                return "raw:" + Hex.upper(code)
            }
            if parts.count == 3, parts[0] == "write", ["hold", "coil"].contains(parts[1]),
                let address = Checker.hexadecimal(parts[2]) ?? Checker.decimalInteger(parts[2]),
                (0...0xFFFF).contains(address)
            {
                return "write:\(parts[1]):\(address)"
            }
            checker.report(item.place, .badForbidden(found: text))
            return nil
        }
    }
}

extension Checker {
    /// A value that a parameter does not allow.
    func report(_ parameter: BoxParameter, _ value: DecimalNumber, at place: Place) {
        switch parameter.values {
        case .range(let lowest, let highest):
            report(
                place, .outOfRange(found: "\(value)", lowest: "\(lowest)", highest: "\(highest)"))
        case .of(let numbers):
            report(place, .notAChoice(found: "\(value)", expected: numbers.map { "\($0)" }))
        }
    }
}
