// A stage for devices on the board, and the devices that its tests play with.

import EventLoop

@testable import StationCore

/// A driver with time of its own: edges in, readings and line values out.
struct BoardStage: ~Copyable {
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

enum BoardPlan {
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
                name: "pulse within", steps: [.perform(action: "pulse", arguments: [])],
                isIdempotent: true),
            ActionSettings(
                name: "off within", steps: [.perform(action: "off 1", arguments: [])],
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
