// A board's actions are judged by what was seen after they acted, not by what was known before.

import EventLoop
import Testing

@testable import StationCore

/// A valve with a feedback contact and a flow meter: valve 0, contact 1, flow 2.
private enum Valve {
    private static func state(_ point: String, _ state: Int64) -> Condition {
        Condition(all: [
            Comparison(
                point: point, relation: .equal, value: Expression(plus: DecimalNumber(state)))
        ])
    }

    static let settings = BoardDeviceSettings(
        lines: [
            BoardLine(name: "valve", direction: .output, safety: .pull),
            BoardLine(
                name: "seen", direction: .input, settleMilliseconds: 50, clearMilliseconds: 50),
            BoardLine(
                name: "flow", direction: .input, minimumGapMicroseconds: 1_000, isSingleEdge: true),
        ],
        points: [
            PointSettings(
                name: "seen", kind: .state, source: .line(terminal: 1),
                states: ["closed", "open"],
                meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 1, state: 1)]),
            PointSettings(
                name: "rate", kind: .level, source: .rate(terminal: 2, windowMilliseconds: 2_000),
                places: 1, everyMilliseconds: 500),
        ],
        actions: [
            ActionSettings(
                name: "open", steps: [.set(terminal: 0, isActive: true)], isIdempotent: true),
            ActionSettings(
                name: "close", steps: [.set(terminal: 0, isActive: false)],
                confirmed: state("seen", 0), failed: state("seen", 1), isIdempotent: true),
            ActionSettings(
                name: "stop", steps: [.set(terminal: 0, isActive: false)],
                confirmed: Condition(all: [
                    Comparison(
                        point: "rate", relation: .less,
                        value: Expression(plus: DecimalNumber("0.1")!))
                ]), isIdempotent: true),
        ])

    static func open() -> BoardStage {
        var stage = BoardStage(settings)
        stage.feed(.level(terminal: 1, isActive: false))
        stage.pass(.seconds(1))
        _ = stage.order("open")
        stage.edge(1, true)
        stage.pass(.seconds(1))
        stage.reports = []
        return stage
    }
}

@Suite struct `A valve with a feedback contact` {
    @Test func `is not said to have failed before it can have moved`() {
        var stage = Valve.open()
        _ = stage.order("close")
        stage.pass(.milliseconds(300))
        #expect(stage.reports.isEmpty)
        stage.edge(1, false)
        stage.pass(.milliseconds(50))
        let outcomes = stage.reports.map(\.outcome)
        #expect(outcomes == [.confirmed])
    }

    @Test func `that stays open has failed, in little more than a second`() {
        var stage = Valve.open()
        _ = stage.order("close")
        stage.pass(.milliseconds(1_100))
        let outcomes = stage.reports.map(\.outcome)
        #expect(outcomes == [.failed])
    }

    @Test func `that is closed and stays so is seen to be closed`() {
        var stage = Valve.open()
        stage.edge(1, false)
        stage.pass(.seconds(1))
        _ = stage.order("close")
        #expect(stage.reports.isEmpty)
        stage.pass(.milliseconds(50))
        let outcomes = stage.reports.map(\.outcome)
        #expect(outcomes == [.confirmed])
    }

    @Test func `lets water through when it does, whatever the meter said before`() {
        var stage = Valve.open()
        // Nothing was counted yet: the meter stands still, and says so.
        #expect(stage.says("rate") == "0.0 good")
        _ = stage.order("stop")
        #expect(stage.reports.isEmpty)
        stage.pulse(2, 20, every: .milliseconds(100))
        let early = stage.reports.isEmpty
        #expect(early)
        stage.pulse(2, 30, every: .milliseconds(100))
        let outcomes = stage.reports.map(\.outcome)
        #expect(outcomes == [.accepted])
    }

    @Test func `is closed when no water has come for as long as the meter needs to know`() {
        var stage = Valve.open()
        _ = stage.order("stop")
        stage.pass(.milliseconds(2_499))
        let early = stage.reports.isEmpty
        #expect(early)
        stage.pass(.milliseconds(1))
        let outcomes = stage.reports.map(\.outcome)
        #expect(outcomes == [.confirmed])
    }
}
