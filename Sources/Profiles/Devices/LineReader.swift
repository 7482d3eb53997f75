// A profile's `lines`: direction, polarity, edges, pull, debounce and safe value of each wire.

import StationCore

struct LineReader {
    let checker: Checker

    static let directions: [(String, ResolvedLine.Direction)] = [
        ("in", .input), ("out", .output),
    ]
    static let edges: [(String, ResolvedLine.Edges)] = [
        ("none", .none), ("falling", .falling), ("rising", .rising), ("both", .both),
    ]
    static let pulls: [(String, ResolvedLine.Bias)] = [
        ("as-is", .asIs), ("up", .pullUp), ("down", .pullDown), ("none", .disabled),
    ]
    static let levels: [(String, Bool)] = [("low", true), ("high", false)]
    static let safeStates: [(String, Bool)] = [("active", true), ("inactive", false)]

    /// The lines in the order of the driver's terminals.
    func read(
        _ node: TreeNode, _ terminals: [DriverTerminal], _ kind: DeviceProfile.Kind?
    ) -> [DeviceProfile.Line] {
        guard var fields = Fields(node, .lines, checker) else { return [] }
        var lines: [DeviceProfile.Line] = []
        for (index, terminal) in terminals.enumerated() {
            let value =
                terminal.isRequired
                ? fields.require(terminal.name) : fields.take(terminal.name)
            guard let value, let line = readLine(value, terminal, at: index, kind) else { continue }
            lines.append(line)
        }
        fields.finish()
        return lines
    }

    private func readLine(
        _ node: TreeNode, _ terminal: DriverTerminal, at index: Int, _ kind: DeviceProfile.Kind?
    ) -> DeviceProfile.Line? {
        guard var fields = Fields(node, .line, checker) else { return nil }
        let dir = fields.require("dir")
        let active = fields.take("active")
        let edge = fields.take("edge")
        let pull = fields.take("pull")
        let debounce = fields.take("debounce")
        let isOutput = terminal.direction == .output
        let safe = isOutput ? fields.require("safe") : fields.take("safe")
        let optional = fields.take("optional")
        fields.finish()

        if let dir, let direction = checker.choice(dir, of: Self.directions),
            direction != terminal.direction
        {
            let expected = isOutput ? "out" : "in"
            checker.report(
                dir.place, .wrongDirection(terminal: terminal.name, expected: expected))
        }
        for (key, value) in [("edge", edge), ("debounce", debounce)] where isOutput {
            if let value {
                checker.report(value.place, .notForDirection(key: key, direction: "out"))
            }
        }
        if let safe, !isOutput {
            checker.report(safe.place, .notForDirection(key: "safe", direction: "in"))
        }
        let isSafeActive = safe.flatMap { checker.choice($0, of: Self.safeStates) } ?? false
        if let safe, isOutput, isSafeActive, kind == .strike || kind == .panelInput {
            checker.report(safe.place, .strikeNotSafe)
        }
        let range =
            Microseconds(
                0)...Microseconds(
                ResolvedStation.Limit.debounceMicroseconds.upperBound)
        let edges: ResolvedLine.Edges = isOutput ? .none : .both
        return DeviceProfile.Line(
            name: terminal.name, terminal: index, direction: terminal.direction,
            activeLow: active.flatMap { checker.choice($0, of: Self.levels) } ?? false,
            bias: pull.flatMap { checker.choice($0, of: Self.pulls) } ?? .asIs,
            edges: edge.flatMap { checker.choice($0, of: Self.edges) } ?? edges,
            debounce: debounce.flatMap { checker.duration($0, in: range) } ?? Microseconds(0),
            safe: isOutput && isSafeActive,
            isOptional: optional.flatMap(checker.boolean) ?? !terminal.isRequired)
    }
}
