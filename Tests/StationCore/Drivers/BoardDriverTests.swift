// Devices on the board: contacts, meters and relays on lines, sensors in files.

import EventLoop
import Testing

@testable import StationCore

/// A driver with time of its own: edges in, readings and line values out.
private struct Stage: ~Copyable {
    static let device = DeviceID(3)
    var driver: BoardDriver
    var outputs = DriverOutputs()
    var now = Instant(nanoseconds: 5_000_000_000)
    var lines: [String] = []
    var faults: [String] = []
    var changes: [PointChange] = []
    var reports: [ActionReport] = []
    let settings: BoardDeviceSettings

    init(
        _ settings: BoardDeviceSettings, totals: [Int: TotalCount]? = [:], wired: Bool = true
    ) {
        self.settings = settings
        var safe: [Int: Bool] = [:]
        if wired { for place in settings.lines.indices { safe[place] = false } }
        driver = BoardDriver(settings, device: Self.device, safe: safe)
        driver.handle(.attached, at: now, into: &outputs)
        driver.restore(totals, of: Self.device, at: now, into: &outputs)
        take()
    }

    mutating func take() {
        while let output = outputs.popFirst() {
            switch output {
            case .setLine(let terminal, let isActive):
                lines.append("\(settings.lines[Int(terminal)].name) \(isActive ? "on" : "off")")
            case .raised(let fault): faults.append("\(fault)")
            case .cleared(let fault): faults.append("no \(fault)")
            default: break
            }
        }
        while let change = driver.takePointChange() { changes.append(change) }
        while let report = driver.takeActionReport() { reports.append(report) }
    }

    mutating func feed(_ input: DriverInput) {
        driver.handle(input, at: now, into: &outputs)
        take()
    }

    mutating func edge(_ terminal: UInt8, _ isActive: Bool) {
        feed(.edge(terminal: terminal, isActive: isActive))
    }

    mutating func pass(_ time: Interval) {
        let end = now + time
        while let due = driver.nextDeadline, due <= end {
            now = max(now, due)
            feed(.deadline)
        }
        now = end
    }

    mutating func pulse(_ terminal: UInt8, _ count: Int, every period: Interval) {
        for _ in 0..<count {
            pass(period)
            edge(terminal, true)
        }
    }

    mutating func order(
        _ name: String, _ arguments: [ArgumentValue] = [], isUrgent: Bool = false
    ) -> ActionRefusal? {
        let action = settings.actions.firstIndex { $0.name == name } ?? 99
        let refusal = driver.perform(
            ActionOrder(
                number: UInt64(reports.count + 1), action: action, arguments: arguments,
                isUrgent: isUrgent), by: Self.device, at: now, into: &outputs)
        take()
        return refusal
    }

    func reading(_ name: String) -> PointReading {
        let place = settings.points.firstIndex { $0.name == name } ?? 0
        return driver.readings(of: Self.device)[place]
    }

    func says(_ name: String) -> String {
        let reading = reading(name)
        return "\(reading.value.map { "\($0)" } ?? "-") \(reading.quality)"
    }
}

private enum Plan {
    static let flow = BoardLine(
        name: "flow", direction: .input, minimumGapMicroseconds: 1_000, isSingleEdge: true)
    static let valve = BoardLine(
        name: "valve", direction: .output, safety: .pull, maximumOnMilliseconds: 90_000)
    static let litre = DecimalNumber(mantissa: 2_222_222, places: 9)

    /// A tap: meter on 0, valve on 1.
    static let tap = BoardDeviceSettings(
        lines: [flow, valve],
        points: [
            PointSettings(
                name: "volume", kind: .total, unit: "L", source: .pulses(terminal: 0),
                scale: litre, places: 3),
            PointSettings(
                name: "rate", kind: .level, unit: "L/min",
                source: .rate(terminal: 0, windowMilliseconds: 2_000),
                scale: DecimalNumber(mantissa: 133_333_333, places: 9), places: 1,
                lowest: .zero, highest: DecimalNumber(60), everyMilliseconds: 1_000),
            PointSettings(
                name: "valve", kind: .state, source: .line(terminal: 1),
                states: ["closed", "open"],
                meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 1, state: 1)]),
        ],
        actions: [
            ActionSettings(
                name: "dispense",
                arguments: [
                    ArgumentSettings(
                        name: "ml", lowest: DecimalNumber(50), highest: DecimalNumber(1_500))
                ],
                steps: [
                    .set(terminal: 1, isActive: true),
                    .until(gained("0.001"), atMostMilliseconds: 60_000),
                    .set(terminal: 1, isActive: false),
                ], confirmed: gained("0.0009"),
                failed: Condition(all: [
                    Comparison(
                        point: "volume", isGain: true, relation: .equal,
                        value: Expression(plus: .zero))
                ]), isIdempotent: false),
            ActionSettings(
                name: "close", steps: [.set(terminal: 1, isActive: false)],
                confirmed: Condition(all: [
                    Comparison(point: "valve", relation: .equal, value: Expression(plus: .zero))
                ]), isIdempotent: true),
            ActionSettings(
                name: "open", steps: [.set(terminal: 1, isActive: true)], isIdempotent: true),
        ])

    /// Eight relays; the first two pulse and are let go, all of them come on together.
    static let relays = BoardDeviceSettings(
        lines: (0..<8).map { BoardLine(name: "r\($0)", direction: .output, safety: .pull) },
        points: [
            PointSettings(
                name: "r0", kind: .state, source: .line(terminal: 0), states: ["off", "on"],
                meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 1, state: 1)])
        ],
        actions: [
            ActionSettings(
                name: "pulse",
                steps: [
                    .set(terminal: 0, isActive: true), .wait(milliseconds: 500),
                    .set(terminal: 0, isActive: false),
                ], isIdempotent: true),
            ActionSettings(
                name: "off 0",
                needs: Condition(all: [
                    Comparison(
                        point: "r0", relation: .equal,
                        value: Expression(plus: DecimalNumber(5)))
                ]), steps: [.set(terminal: 0, isActive: false)], isIdempotent: true),
            ActionSettings(
                name: "off 1", steps: [.set(terminal: 1, isActive: false)], isIdempotent: true),
            ActionSettings(
                name: "all on", steps: (0..<8).map { .set(terminal: $0, isActive: true) },
                isIdempotent: true),
            ActionSettings(
                name: "rest", steps: [.wait(milliseconds: 1_000)], isIdempotent: true),
        ])

    private static func gained(_ times: String) -> Condition {
        Condition(all: [
            Comparison(
                point: "volume", isGain: true, relation: .atLeast,
                value: Expression(argument: "ml", times: DecimalNumber(times)!))
        ])
    }

    static func contact(settle: Int, clear: Int) -> BoardDeviceSettings {
        BoardDeviceSettings(
            lines: [
                BoardLine(
                    name: "rope", direction: .input, settleMilliseconds: settle,
                    clearMilliseconds: clear)
            ],
            points: [
                PointSettings(
                    name: "floor", kind: .state, source: .line(terminal: 0),
                    states: ["dry", "leak"],
                    meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 1, state: 1)])
            ])
    }

    static func reed(settle: Int) -> BoardDeviceSettings {
        BoardDeviceSettings(
            lines: [
                BoardLine(
                    name: "reed", direction: .input, settleMilliseconds: settle,
                    clearMilliseconds: settle)
            ],
            points: [
                PointSettings(
                    name: "volume", kind: .total, unit: "L", source: .pulses(terminal: 0))
            ])
    }

    static func file(isOptional: Bool = false) -> BoardDeviceSettings {
        BoardDeviceSettings(points: [
            PointSettings(
                name: "temperature", kind: .level, unit: "Cel",
                source: .file(
                    at: FilePlace(
                        kind: .number, paths: ["/sys/x"], isOptional: isOptional)),
                places: 1, everyMilliseconds: 10_000)
        ])
    }
}

@Suite struct `A contact of its own` {
    @Test func `is wet after two seconds and dry after thirty`() {
        var stage = Stage(Plan.contact(settle: 2_000, clear: 30_000))
        #expect(stage.says("floor") == "- unread")
        stage.feed(.level(terminal: 0, isActive: false))
        stage.pass(.seconds(30))
        #expect(stage.says("floor") == "0 good")
        stage.edge(0, true)
        stage.pass(.milliseconds(1_999))
        #expect(stage.says("floor") == "0 good")
        stage.pass(.milliseconds(1))
        #expect(stage.says("floor") == "1 good")
        stage.edge(0, false)
        stage.pass(.milliseconds(29_999))
        #expect(stage.says("floor") == "1 good")
        stage.pass(.milliseconds(1))
        #expect(stage.says("floor") == "0 good")
    }

    @Test func `that changes without end is told, and told when it is over`() {
        var stage = Stage(Plan.contact(settle: 30, clear: 30))
        for _ in 0..<50 {
            stage.edge(0, true)
            stage.pass(.milliseconds(2))
            stage.edge(0, false)
            stage.pass(.milliseconds(2))
        }
        #expect(stage.faults == ["contactFlaky"])
        stage.pass(.seconds(30))
        #expect(stage.faults == ["contactFlaky", "no contactFlaky"])
    }

    @Test func `whose chip is gone says what it said, and that this is old`() {
        var stage = Stage(Plan.contact(settle: 30, clear: 30))
        stage.edge(0, true)
        stage.pass(.milliseconds(30))
        stage.feed(.detached(.lost))
        #expect(stage.says("floor") == "1 stale")
        stage.feed(.attached)
        stage.feed(.level(terminal: 0, isActive: false))
        stage.pass(.milliseconds(30))
        #expect(stage.says("floor") == "0 good")
    }

    @Test func `that is not wired is absent, not open`() {
        let stage = Stage(Plan.contact(settle: 30, clear: 30), wired: false)
        #expect(stage.says("floor") == "- absent")
    }
}

@Suite struct `A pulse meter` {
    @Test func `counts every edge at its highest rate, and the first after a pause`() {
        var stage = Stage(Plan.tap)
        #expect(stage.says("volume") == "0.000 good")
        stage.pulse(0, 13_500, every: .microseconds(4_444))
        #expect(stage.says("volume") == "30.000 good")
        stage.pass(.seconds(3_600))
        stage.pulse(0, 1, every: .seconds(1))
        #expect(stage.says("volume") == "30.002 good")
    }

    @Test func `does not count what comes sooner than its wheel can turn`() {
        var stage = Stage(Plan.tap)
        for _ in 0..<450 {
            stage.pass(.milliseconds(4))
            stage.edge(0, true)
            stage.pass(.microseconds(100))
            stage.edge(0, true)
        }
        #expect(stage.says("volume") == "1.000 good")
        #expect(stage.faults == ["contactFlaky"])
    }

    @Test func `takes all edges that were read at once as one reading`() {
        var stage = Stage(Plan.tap)
        stage.changes = []
        let edges = (0..<64).map { place in
            LineEdge(
                terminal: 0, isActive: true,
                at: stage.now + .milliseconds(Int64(place + 1) * 4))
        }
        let taken = stage.driver.take(edges.span, into: &stage.outputs)
        stage.take()
        #expect(taken == 64)
        #expect(stage.changes.count { $0.point == 0 } == 1)
        #expect(stage.says("volume") == "0.142 good")
    }

    @Test func `says its rate between pulses, and 0 when none comes any more`() {
        var stage = Stage(Plan.tap)
        stage.pulse(0, 225, every: .microseconds(4_444))
        stage.pass(.seconds(1))
        #expect(stage.says("rate") == "30.0 good")
        stage.pass(.seconds(4))
        #expect(stage.says("rate") == "0.0 good")
        #expect(stage.driver.nextDeadline == nil)
    }

    @Test func `beyond what its model can turn has no rate`() {
        var stage = Stage(Plan.tap)
        stage.pulse(0, 900, every: .microseconds(1_500))
        stage.pass(.seconds(1))
        #expect(stage.says("rate") == "- outOfRange")
    }

    @Test func `with a reed believes a pulse once it has stood, and bounces are one`() {
        var stage = Stage(Plan.reed(settle: 30))
        stage.feed(.level(terminal: 0, isActive: false))
        stage.pass(.milliseconds(30))
        for _ in 0..<10 {
            for level in [true, false, true, false, true] {
                stage.edge(0, level)
                stage.pass(.milliseconds(2))
            }
            stage.pass(.milliseconds(200))
            stage.edge(0, false)
            stage.pass(.milliseconds(200))
        }
        #expect(stage.says("volume") == "10 good")
    }

    @Test func `that stands on its magnet at the start has not pulsed`() {
        var stage = Stage(Plan.reed(settle: 30))
        stage.feed(.level(terminal: 0, isActive: true))
        stage.pass(.seconds(10))
        #expect(stage.says("volume") == "0 good")
    }

    @Test func `whose edges were lost is an estimate from then on`() {
        var stage = Stage(Plan.tap)
        stage.pulse(0, 450, every: .milliseconds(5))
        stage.feed(.edgesLost(count: 3))
        #expect(stage.says("volume") == "1.000 estimated")
        stage.pulse(0, 450, every: .milliseconds(5))
        #expect(stage.says("volume") == "2.000 estimated")
    }
}

@Suite struct `A total over a restart` {
    @Test func `goes on from what was kept, as an estimate, and is kept with what it gained`() {
        let kept = TotalCount(base: DecimalNumber("12.5")!, last: DecimalNumber("0.25")!)
        var stage = Stage(Plan.tap, totals: [0: kept])
        #expect(stage.says("volume") == "12.750 estimated")
        stage.pulse(0, 450, every: .milliseconds(5))
        #expect(stage.says("volume") == "13.750 estimated")
        let next = stage.driver.totals(of: Stage.device)
        #expect(next.map(\.point) == [0])
        #expect(next.first?.count.sum.rounded(to: 3) == DecimalNumber("13.750")!)
    }

    @Test func `that nobody knows says nothing at first, and then that it began anew`() {
        var stage = Stage(Plan.tap, totals: nil)
        #expect(stage.says("volume") == "- unread")
        #expect(stage.changes.allSatisfy { $0.point != 0 })
        stage.pulse(0, 2, every: .milliseconds(5))
        #expect(stage.says("volume") == "0.004 estimated")
        #expect(stage.changes.filter { $0.point == 0 }.map(\.isReset) == [true, false])
    }

    @Test func `asks to be kept within its second`() {
        var stage = Stage(Plan.tap)
        stage.changes = []
        stage.pulse(0, 1, every: .milliseconds(5))
        #expect(stage.changes.first { $0.point == 0 }?.keptWithin == .seconds(1))
    }
}

@Suite struct `An output of the board` {
    @Test func `ends by itself when it has been on for as long as it may`() {
        var stage = Stage(Plan.tap)
        #expect(stage.order("open") == nil)
        #expect(stage.reports.map(\.outcome) == [.accepted])
        stage.pass(.milliseconds(89_999))
        #expect(stage.lines == ["valve on"])
        #expect(stage.order("open") == nil)
        stage.pass(.milliseconds(1))
        #expect(stage.lines == ["valve on", "valve on", "valve off"])
        #expect(stage.says("valve") == "0 good")
    }

    @Test func `dispenses by volume, closes, and was seen to have done it`() {
        var stage = Stage(Plan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        #expect(stage.lines == ["valve on"])
        stage.pulse(0, 224, every: .milliseconds(5))
        #expect(stage.lines == ["valve on"])
        stage.pulse(0, 2, every: .milliseconds(5))
        #expect(stage.lines == ["valve on", "valve off"])
        #expect(stage.reports.map(\.outcome) == [.confirmed])
    }

    @Test func `closes after a minute without water, and that was no dispensing`() {
        var stage = Stage(Plan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.pass(.seconds(60))
        #expect(stage.lines == ["valve on", "valve off"])
        stage.pass(.seconds(2))
        #expect(stage.reports.map(\.outcome) == [.failed])
    }

    @Test func `is closed at once by whoever says so, in the middle of a dispensing`() {
        var stage = Stage(Plan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.pass(.seconds(1))
        #expect(stage.order("close") == nil)
        #expect(stage.lines == ["valve on", "valve off"])
        #expect(stage.reports.map(\.outcome) == [.unknown, .confirmed])
    }

    @Test func `of a total that nobody knows still ends by volume`() {
        var stage = Stage(Plan.tap, totals: nil)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(100))]) == nil)
        stage.pulse(0, 46, every: .milliseconds(5))
        #expect(stage.lines == ["valve on", "valve off"])
    }

    @Test func `whose chip is gone does nothing, and what was under way nobody knows`() {
        var stage = Stage(Plan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.feed(.detached(.lost))
        #expect(stage.reports.map(\.outcome) == [.unknown])
        #expect(stage.order("open") == .offline)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(5))]) == .arguments)
        #expect(stage.order("nothing") == .noAction)
    }
}

@Suite struct `A sensor in a file` {
    private func number(_ text: String) -> FileFinding { .number(DecimalNumber(text)!) }

    private func find(_ finding: FileFinding, _ stage: inout Stage) {
        stage.driver.found(finding, of: 0, at: stage.now, into: &stage.outputs)
        stage.take()
    }

    @Test func `that vanishes is a fault with the third look, and recovers with the next value`() {
        var stage = Stage(Plan.file())
        find(number("23.1"), &stage)
        #expect(stage.says("temperature") == "23.1 good")
        find(.absent, &stage)
        find(.absent, &stage)
        #expect(stage.says("temperature") == "23.1 good")
        find(.absent, &stage)
        #expect(stage.says("temperature") == "23.1 stale")
        #expect(stage.faults == ["missing"])
        find(number("24.0"), &stage)
        #expect(stage.says("temperature") == "24.0 good")
        #expect(stage.faults == ["missing", "no missing"])
    }

    @Test func `that gives errors or nonsense is another fault`() {
        var stage = Stage(Plan.file())
        for _ in 0..<3 { find(.unreadable, &stage) }
        for _ in 0..<3 { find(.damaged, &stage) }
        #expect(stage.faults == ["silent", "no silent", "garbled"])
        #expect(stage.says("temperature") == "- unread")
    }

    @Test func `that blocks is told after half a minute, and recovers`() {
        var stage = Stage(Plan.file())
        find(number("23.1"), &stage)
        stage.pass(.milliseconds(29_999))
        #expect(stage.faults == [])
        stage.pass(.milliseconds(1))
        #expect(stage.faults == ["stuck"])
        #expect(stage.says("temperature") == "23.1 stale")
        stage.pass(.seconds(3_600))
        find(number("23.2"), &stage)
        #expect(stage.faults == ["stuck", "no stuck"])
        #expect(stage.says("temperature") == "23.2 good")
    }

    @Test func `that blocks from the first look on is told as well`() {
        var stage = Stage(Plan.file())
        stage.pass(.seconds(30))
        #expect(stage.faults == ["stuck"])
        #expect(stage.says("temperature") == "- unread")
    }

    @Test func `that a board need not have is absent, and nothing is wrong`() {
        var stage = Stage(Plan.file(isOptional: true))
        for _ in 0..<5 { find(.absent, &stage) }
        #expect(stage.says("temperature") == "- absent")
        #expect(stage.faults == [])
    }
}

@Suite struct `What makes an output safe` {
    @Test func `is never too much, however much waits`() {
        var stage = Stage(Plan.relays)
        var refusals: [ActionRefusal?] = []
        for _ in 0..<17 { refusals.append(stage.order("rest")) }
        refusals.append(stage.order("off 1"))
        #expect(refusals[15] == nil && refusals[16] == .busy && refusals[17] == nil)
        let (lines, count) = (stage.lines, stage.reports.count)
        #expect(lines == ["r1 off"])
        #expect(count == 17)
    }

    @Test func `by a guard's order depends on nothing`() {
        var stage = Stage(Plan.relays)
        let ofPerson = stage.order("off 0")
        let ofGuard = stage.order("off 0", isUrgent: true)
        #expect(ofPerson == .notNow && ofGuard == nil)
        let lines = stage.lines
        #expect(lines == ["r0 off"])
    }

    @Test func `ends a pulse that it cuts short as the pulse would have`() {
        var stage = Stage(Plan.relays)
        _ = stage.order("pulse")
        _ = stage.order("off 1")
        let (lines, outcomes) = (stage.lines, stage.reports.map { $0.outcome })
        #expect(lines == ["r0 on", "r0 off", "r1 off"])
        #expect(outcomes == [ActionOutcome.unknown, .accepted])
    }

    @Test func `or not, beyond what one input can be answered with comes with the next`() {
        var stage = Stage(Plan.relays)
        _ = stage.order("rest")
        for _ in 0..<12 { _ = stage.order("all on") }
        stage.pass(.seconds(2))
        let (lines, reports) = (stage.lines.count, stage.reports.count)
        #expect(lines == 12 * 8)
        #expect(reports == 13)
    }
}
