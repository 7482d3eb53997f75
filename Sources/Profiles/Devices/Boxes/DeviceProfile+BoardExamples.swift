// Whether the worked pulses, levels and files come true, asked of the driver that will see them.

import EventLoop
import StationCore

extension DeviceProfile {
    func contradiction(of example: BoardExample) -> (expected: String, found: String)? {
        guard let reading = reading(with: example.parameters),
            case .boardDevice(let settings) = reading.driver
        else { return ("readable parameters", "none") }
        var stage = BoardStage(settings, reading.wires)
        switch example.input {
        case .pulses(let count, let terminal, let over):
            stage.pulse(terminal, count, over: over)
        case .level(let level, let terminal): stage.hold(terminal, at: level)
        case .files(let files):
            stage.find(files, folder: reading.link.folder ?? "")
        case .action(let name, let arguments, let levels):
            stage.tell(name, arguments)
            for wanted in levels {
                let found = stage.level(of: wanted.terminal)
                let line = settings.lines[wanted.terminal].name
                if found != wanted.level {
                    return ("\(line) \(wanted.level.rawValue)", "\(line) \(found.rawValue)")
                }
            }
        }
        return stage.contradiction(of: example.gifts)
    }

    private func reading(with parameters: [BoxParameter]) -> BoxReader.Reading? {
        guard let box else { return nil }
        let aside = Checker(file: box.file, findings: Findings())
        return BoxReader(checker: aside).read(
            box.parts, values: parameters.isEmpty ? box.parameters : parameters)
    }
}

/// A driver with nothing around it: lines that an example holds, files that it wrote.
private struct BoardStage: ~Copyable {
    private let settings: BoardDeviceSettings
    private let wires: [BoardWire]
    private var driver: BoardDriver
    private var outputs = DriverOutputs()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var isActive: [Int: Bool] = [:]

    init(_ settings: BoardDeviceSettings, _ wires: [BoardWire]) {
        self.settings = settings
        self.wires = wires
        var safe: [Int: Bool] = [:]
        for (terminal, wire) in wires.enumerated() { safe[terminal] = wire.line.safe }
        driver = BoardDriver(settings, device: DeviceID(0), safe: safe)
        isActive = safe
        driver.handle(.attached, at: now, into: &outputs)
        driver.restore([:], of: DeviceID(0), at: now, into: &outputs)
        for terminal in wires.indices where wires[terminal].line.direction == .input {
            feed(.level(terminal: UInt8(terminal), isActive: false))
        }
        pass(.milliseconds(Int64(settings.lines.map(\.clearMilliseconds).max() ?? 0)))
        take()
    }

    private mutating func feed(_ input: DriverInput) {
        driver.handle(input, at: now, into: &outputs)
        take()
    }

    /// Lines follow what the driver sets.
    private mutating func take() {
        while let output = outputs.popFirst() {
            if case .setLine(let terminal, let value) = output { isActive[Int(terminal)] = value }
        }
        while driver.takePointChange() != nil {}
        while driver.takeActionReport() != nil {}
    }

    /// Lets time go by, deadline by deadline.
    private mutating func pass(_ time: Interval) {
        let end = now + time
        while let due = driver.nextDeadline, due <= end {
            now = max(now, due)
            feed(.deadline)
        }
        now = end
    }

    mutating func pulse(_ terminal: Int, _ count: Int, over: Microseconds?) {
        let line = settings.lines[terminal]
        let edges = wires[terminal].line.edges
        let slowest = Interval.milliseconds(
            Int64(line.settleMilliseconds + line.clearMilliseconds) + 2)
        let gap = Interval.microseconds(Int64(line.minimumGapMicroseconds))
        let period =
            over.map { Interval(nanoseconds: Int64($0.count) * 1_000 / Int64(count)) }
            ?? max(slowest, gap)
        let half = Interval(nanoseconds: period.nanoseconds / 2)
        for _ in 0..<count {
            // One kind of edges is told by the voltage, whatever is active.
            if edges != .none, !line.isSingleEdge || edges == risingVoltage(terminal, true) {
                feed(.edge(terminal: UInt8(terminal), isActive: true))
            }
            pass(half)
            if !line.isSingleEdge || edges == risingVoltage(terminal, false) {
                feed(.edge(terminal: UInt8(terminal), isActive: false))
            }
            pass(Interval(nanoseconds: period.nanoseconds - half.nanoseconds))
        }
        // Rates are looked at in turns.
        let turns = settings.points.compactMap { point -> Int? in
            guard case .rate(terminal, _) = point.source else { return nil }
            return point.everyMilliseconds
        }
        guard let turn = turns.max() else { return }
        pass(over == nil ? .milliseconds(Int64(turn)) : .milliseconds(1))
    }

    /// The voltage's edge that makes a line active or not.
    private func risingVoltage(_ terminal: Int, _ becomesActive: Bool) -> ResolvedLine.Edges {
        wires[terminal].line.activeLow == becomesActive ? .falling : .rising
    }

    mutating func hold(_ terminal: Int, at level: WorkedExample.Level) {
        let line = settings.lines[terminal]
        let active = (level == .low) == wires[terminal].line.activeLow
        // From the other level, whichever it was.
        feed(.edge(terminal: UInt8(terminal), isActive: !active))
        let settles = max(line.settleMilliseconds, line.clearMilliseconds)
        pass(.milliseconds(Int64(settles)))
        feed(.edge(terminal: UInt8(terminal), isActive: active))
        pass(.milliseconds(Int64(settles)))
    }

    mutating func find(_ files: [BoardExample.File], folder: String) {
        for (place, point) in settings.points.enumerated() {
            guard case .file(let file) = point.source else { continue }
            let tree = ExampleTree(files, folder: folder, of: file)
            var probe = FileProbe(file)
            var finding = probe.look(in: tree)
            if file.kind == .latency {
                // The first look is what the second is compared with.
                probe = FileProbe(file)
                _ = probe.look(in: ExampleTree(ExampleTree.idle(files), folder: folder, of: file))
                finding = probe.look(in: tree)
            }
            driver.found(finding, of: place, at: now, into: &outputs)
            take()
        }
    }

    mutating func tell(_ name: String, _ arguments: [BusArgument]) {
        guard let action = settings.actions.firstIndex(where: { $0.name == name }) else { return }
        let order = ActionOrder(
            number: 1, action: action,
            arguments: arguments.map { ArgumentValue($0.name, $0.value) })
        _ = driver.perform(order, by: DeviceID(0), at: now, into: &outputs)
        take()
    }

    func level(of terminal: Int) -> WorkedExample.Level {
        (isActive[terminal] ?? false) != wires[terminal].line.activeLow ? .high : .low
    }

    func contradiction(of gifts: [BusExample.Gift]) -> (expected: String, found: String)? {
        let readings = driver.readings(of: DeviceID(0))
        for gift in gifts {
            guard let place = settings.points.firstIndex(where: { $0.name == gift.point }) else {
                continue
            }
            let point = settings.points[place]
            let found = point.value(of: readings[place])
            guard found != gift.value else { continue }
            return (
                "\(gift.point) \(point.text(of: gift.value))",
                "\(gift.point) \(found.map(point.text) ?? "nothing")"
            )
        }
        return nil
    }
}

/// The files of an example, as the kernel would show them.
private struct ExampleTree: FileTree {
    private var contents: [String: [UInt8]] = [:]
    /// Stands where the kernel has a number.
    private static let number = "0"

    init(_ files: [BoardExample.File], folder: String, of place: FilePlace) {
        func path(_ text: String) -> String {
            (text.hasPrefix("/") ? text : "\(folder)/\(text)")
                .replacing("*", with: Self.number).replacing("{state}", with: stateDevice)
        }
        for file in files { contents[path(file.path)] = Array(file.content.utf8) }
        // The folder calls itself what the profile wants.
        guard let name = place.folderNames.first else { return }
        for pattern in place.paths where pattern.contains("*") {
            let parts = path(pattern).split(separator: "/").dropLast()
            contents["/" + parts.joined(separator: "/") + "/name"] = Array(name.utf8)
        }
    }

    /// The same disk before it did anything.
    static func idle(_ files: [BoardExample.File]) -> [BoardExample.File] {
        files.map { BoardExample.File(path: $0.path, content: "0 0 0 0 0 0 0 0 0 0 0") }
    }

    func content(of path: String) throws(FileTrouble) -> [UInt8] {
        guard let content = contents[path] else { throw .absent }
        return content
    }

    func names(in folder: String) -> [String] {
        let prefix = folder + "/"
        let names = contents.keys.filter { $0.hasPrefix(prefix) }.map { path in
            String(path.dropFirst(prefix.count).prefix { $0 != "/" })
        }
        return Array(Set(names))
    }

    var stateDevice: String { "179:2" }
    var isClockSynchronized: Bool { true }
}
