// A board device's `lines`: what each wire is, when its level is believed, what it may drive.

import StationCore

/// One wire of a device on the board.
struct BoardWire: Sendable {
    var line: DeviceProfile.Line
    var settings: BoardLine
    /// What an output is wired to, if the model says so.
    var drives: DrivenThing?

    /// What outputs are wired to, by their lines.
    static func drives(_ wires: [BoardWire]) -> [String: DrivenThing] {
        wires.reduce(into: [:]) { drives, wire in drives[wire.line.name] = wire.drives }
    }

    /// The kernel tells of pulses by one kind of edges, unless they have to stand for a while.
    static func counting(_ wires: [BoardWire], _ points: [PointSettings]) -> [BoardWire] {
        let device = BoardDeviceSettings(lines: wires.map(\.settings), points: points)
        let pulses = device.pulseLines
        var wires = wires
        for terminal in wires.indices where wires[terminal].line.direction == .input {
            let stands =
                wires[terminal].settings.settleMilliseconds > 0
                || wires[terminal].settings.clearMilliseconds > 0
            guard pulses.contains(terminal), !stands else { continue }
            if wires[terminal].line.edges == .both {
                wires[terminal].line.edges =
                    wires[terminal].line.activeLow ? .falling : .rising
            }
            wires[terminal].settings.isSingleEdge = true
        }
        return wires
    }
}

struct BoardLineReader {
    typealias Limit = ResolvedStation.Limit

    let scope: BoxScope

    var checker: Checker { scope.checker }

    static let settle = PointReader.milliseconds(Limit.boardSettleMilliseconds)
    static let longest = PointReader.milliseconds(Limit.maximumOnMilliseconds)
    private static let kept = PointReader.milliseconds(Limit.keptMilliseconds)
    private static let gap =
        Microseconds(
            Limit.pulseGapMicroseconds.lowerBound)...Microseconds(
            Limit.pulseGapMicroseconds.upperBound)
    private static let debounce =
        Microseconds(0)...Microseconds(Limit.debounceMicroseconds.upperBound)

    /// The lines in the order of the file, which is that of the driver's terminals.
    func read(_ node: TreeNode) -> [BoardWire] {
        guard let pairs = checker.pairs(node) else { return [] }
        if pairs.isEmpty { checker.report(node.place, .emptyList) }
        if pairs.count > Limit.linesPerBoardDevice {
            checker.report(node.place, .tooMany(.lines, limit: Limit.linesPerBoardDevice))
        }
        return pairs.prefix(Limit.linesPerBoardDevice).enumerated().compactMap { place, pair in
            guard let name = checker.boxName(pair.key, at: pair.place) else { return nil }
            return readLine(pair.value, name, at: place)
        }
    }

    private func readLine(_ node: TreeNode, _ name: String, at place: Int) -> BoardWire? {
        guard var fields = Fields(node, .boardLine, checker) else { return nil }
        let before = checker.findings.count
        let dir = fields.require("dir")
        let isOutput = dir?.word == "out"
        let active = fields.take("active")
        let pull = fields.take("pull")
        let optional = fields.take("optional")
        var wire = BoardWire(
            line: DeviceProfile.Line(
                name: name, terminal: place, direction: isOutput ? .output : .input,
                activeLow: active.flatMap { checker.choice($0, of: LineReader.levels) } ?? false,
                bias: pull.flatMap { checker.choice($0, of: LineReader.pulls) } ?? .asIs,
                edges: isOutput ? .none : .both, debounce: Microseconds(0), safe: false,
                isOptional: optional.flatMap(checker.boolean) ?? false),
            settings: BoardLine(name: name, direction: isOutput ? .output : .input))
        wire.settings.isOptional = wire.line.isOptional
        if let dir { _ = checker.choice(dir, of: LineReader.directions) }
        if isOutput {
            readOutput(&fields, into: &wire, at: node.place)
        } else {
            readInput(&fields, into: &wire)
        }
        fields.finish()
        return checker.findings.count == before ? wire : nil
    }

    private func readInput(_ fields: inout Fields, into wire: inout BoardWire) {
        let edge = fields.take("edge")
        let debounce = fields.take("debounce")
        let settle = fields.take("settle")
        let clear = fields.take("clear")
        let gap = fields.take("min_gap")
        let kept = fields.take("kept_within")
        if let edge {
            wire.line.edges = checker.choice(edge, of: LineReader.edges) ?? .both
        }
        wire.line.debounce =
            debounce.flatMap { checker.duration($0, in: Self.debounce) } ?? Microseconds(0)
        let stands = settle.flatMap { checker.duration($0, in: Self.settle)?.milliseconds } ?? 0
        wire.settings.settleMilliseconds = stands
        wire.settings.clearMilliseconds =
            clear.flatMap { checker.duration($0, in: Self.settle)?.milliseconds } ?? stands
        wire.settings.minimumGapMicroseconds =
            gap.flatMap { checker.duration($0, in: Self.gap)?.count } ?? 0
        wire.settings.keptWithinMilliseconds =
            kept.flatMap { checker.duration($0, in: Self.kept)?.milliseconds } ?? 1_000
    }

    private func readOutput(
        _ fields: inout Fields, into wire: inout BoardWire, at place: Place
    ) {
        let safe = fields.require("safe")
        let safety = fields.require("safety")
        let longest = fields.take("max_on")
        let drives = fields.take("drives")
        wire.line.safe = safe.flatMap { checker.choice($0, of: LineReader.safeStates) } ?? false
        wire.settings.safety =
            safety.flatMap { checker.choice($0, of: DriverReader.safeties) }
            ?? LockSettings.Safety.none
        wire.settings.maximumOnMilliseconds =
            longest.flatMap { checker.duration($0, in: Self.longest)?.milliseconds } ?? 0
        wire.drives = drives.flatMap { checker.choice($0) }
        guard let safety, let thing = wire.drives, thing.isHazard,
            wire.settings.safety == LockSettings.Safety.none
        else { return }
        checker.report(safety.place, .hazardNeverSafe(thing.rawValue, thing.chinese))
    }
}
