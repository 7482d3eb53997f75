// Worked pulses, levels and files of a device on the board: what comes in, what its points say.

import StationCore

/// One entry of such a device's `tests`.
struct BoardExample: Sendable, Equatable {
    enum Input: Sendable, Equatable {
        /// So many pulses on a line, evenly over a time; `nil`: as slowly as they must come.
        case pulses(Int, terminal: Int, over: Microseconds?)
        /// A line's voltage, for as long as it takes to be believed.
        case level(WorkedExample.Level, terminal: Int)
        /// Files by their names as the profile has them.
        case files([File])
        /// The device is told something; the voltages of its outputs right after.
        case action(String, arguments: [BusArgument], levels: [Level])
    }

    struct File: Sendable, Equatable {
        var path: String
        var content: String
    }

    struct Level: Sendable, Equatable {
        var terminal: Int
        var level: WorkedExample.Level
    }

    /// Parameters that differ from the profile's defaults.
    var parameters: [BoxParameter]
    var input: Input
    var gifts: [BusExample.Gift]
}

extension BoxExampleReader {
    private static let times = Microseconds(1_000) ... .milliseconds(3_600_000)

    /// `{pulses: 450, gives: {volume: 1.000}}`, `{line: leak, level: low, gives: {wet: leak}}`,
    /// `{files: {w1_slave: "72 01 ..."}, gives: {temperature: 23.125}}` or
    /// `{ask: {do: open}, levels: {valve: low}}`.
    func readBoardExample(_ node: TreeNode) -> BoardExample? {
        guard var fields = Fields(node, .example, checker) else { return nil }
        let before = checker.findings.count
        let with = fields.take("with")
        let ask = fields.take("ask")
        let pulses = ask == nil ? fields.take("pulses") : nil
        let files = ask == nil && pulses == nil ? fields.take("files") : nil
        let over = pulses == nil ? nil : fields.take("over")
        let isLevel = ask == nil && pulses == nil && files == nil
        let line = isLevel ? fields.require("line") : files == nil ? fields.take("line") : nil
        let level = isLevel ? fields.require("level") : nil
        let levels = ask == nil ? nil : fields.take("levels")
        let gives =
            ask == nil || levels == nil ? fields.require("gives") : fields.take("gives")
        fields.finish()
        let parameters = with.map(readParameters) ?? []
        let settings = parameters.isEmpty ? reading.settings : self.settings(with: parameters)
        var input: BoardExample.Input?
        if let ask {
            if case .action(let name, let arguments) = readQuestion(ask) {
                input = .action(name, arguments: arguments, levels: levels.map(readLevels) ?? [])
            }
        } else if let pulses {
            let count = checker.integer(pulses, in: 1...100_000)
            let terminal = line.map { self.terminal($0) } ?? pulseTerminal(at: node.place)
            if let count, let terminal {
                input = .pulses(
                    count, terminal: terminal,
                    over: over.flatMap { checker.duration($0, in: Self.times) })
            }
        } else if let files {
            input = readFiles(files).map { .files($0) }
        } else if let line, let level, let terminal = terminal(line),
            let level: WorkedExample.Level = checker.choice(level)
        {
            input = .level(level, terminal: terminal)
        }
        var gifts: [BusExample.Gift] = []
        if let gives, case .points(let all) = readGifts(gives, settings) { gifts = all }
        guard let input, checker.findings.count == before else { return nil }
        return BoardExample(parameters: parameters, input: input, gifts: gifts)
    }

    private func terminal(_ node: TreeNode) -> Int? {
        guard let name = checker.word(node) else { return nil }
        if let place = reading.wires.firstIndex(where: { $0.line.name == name }) { return place }
        checker.report(
            node.place,
            .unknownReference(.line, name: name, known: reading.wires.map(\.line.name)))
        return nil
    }

    /// The only line whose pulses are counted.
    private func pulseTerminal(at place: Place) -> Int? {
        guard case .boardDevice(let settings) = reading.driver, settings.pulseLines.count == 1
        else {
            checker.report(place, .missingKey("line", in: .example))
            return nil
        }
        return settings.pulseLines.first
    }

    private func readLevels(_ node: TreeNode) -> [BoardExample.Level] {
        (checker.pairs(node) ?? []).compactMap { pair in
            let key = TreeNode(content: .scalar(pair.key, quoted: false), place: pair.place)
            guard let terminal = terminal(key),
                let level: WorkedExample.Level = checker.choice(pair.value)
            else { return nil }
            return BoardExample.Level(terminal: terminal, level: level)
        }
    }

    private func readFiles(_ node: TreeNode) -> [BoardExample.File]? {
        guard let pairs = checker.pairs(node), !pairs.isEmpty else { return nil }
        let files = pairs.compactMap { pair -> BoardExample.File? in
            guard case .scalar(let text, let isQuoted) = pair.value.content, isQuoted,
                text.utf8.count <= FileProbe.contentLimit
            else {
                checker.report(pair.value.place, .badText(limitBytes: FileProbe.contentLimit))
                return nil
            }
            return BoardExample.File(path: pair.key, content: text)
        }
        return files.count == pairs.count ? files : nil
    }
}
