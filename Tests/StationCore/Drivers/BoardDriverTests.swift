// Devices on the board: contacts, meters and relays on lines, sensors in files.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A contact of its own` {
    @Test func `is wet after two seconds and dry after thirty`() {
        var stage = BoardStage(BoardPlan.contact(settle: 2_000, clear: 30_000))
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
        var stage = BoardStage(BoardPlan.contact(settle: 30, clear: 30))
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
        var stage = BoardStage(BoardPlan.contact(settle: 30, clear: 30))
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
        let stage = BoardStage(BoardPlan.contact(settle: 30, clear: 30), wired: false)
        #expect(stage.says("floor") == "- absent")
    }
}

@Suite struct `A pulse meter` {
    @Test func `counts every edge at its highest rate, and the first after a pause`() {
        var stage = BoardStage(BoardPlan.tap)
        #expect(stage.says("volume") == "0.000 good")
        stage.pulse(0, 13_500, every: .microseconds(4_444))
        #expect(stage.says("volume") == "30.000 good")
        stage.pass(.seconds(3_600))
        stage.pulse(0, 1, every: .seconds(1))
        #expect(stage.says("volume") == "30.002 good")
    }

    @Test func `does not count what comes sooner than its wheel can turn`() {
        var stage = BoardStage(BoardPlan.tap)
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
        var stage = BoardStage(BoardPlan.tap)
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
        var stage = BoardStage(BoardPlan.tap)
        stage.pulse(0, 225, every: .microseconds(4_444))
        stage.pass(.seconds(1))
        #expect(stage.says("rate") == "30.0 good")
        stage.pass(.seconds(4))
        #expect(stage.says("rate") == "0.0 good")
        #expect(stage.driver.nextDeadline == nil)
    }

    @Test func `beyond what its model can turn has no rate`() {
        var stage = BoardStage(BoardPlan.tap)
        stage.pulse(0, 900, every: .microseconds(1_500))
        stage.pass(.seconds(1))
        #expect(stage.says("rate") == "- outOfRange")
    }

    @Test func `with a reed believes a pulse once it has stood, and bounces are one`() {
        var stage = BoardStage(BoardPlan.reed(settle: 30))
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
        var stage = BoardStage(BoardPlan.reed(settle: 30))
        stage.feed(.level(terminal: 0, isActive: true))
        stage.pass(.seconds(10))
        #expect(stage.says("volume") == "0 good")
    }

    @Test func `whose edges were lost is an estimate from then on`() {
        var stage = BoardStage(BoardPlan.tap)
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
        var stage = BoardStage(BoardPlan.tap, totals: [0: kept])
        #expect(stage.says("volume") == "12.750 estimated")
        stage.pulse(0, 450, every: .milliseconds(5))
        #expect(stage.says("volume") == "13.750 estimated")
        let next = stage.driver.totals(of: BoardStage.device)
        #expect(next.map(\.point) == [0])
        #expect(next.first?.count.sum.rounded(to: 3) == DecimalNumber("13.750")!)
    }

    @Test func `that nobody knows says nothing at first, and then that it began anew`() {
        var stage = BoardStage(BoardPlan.tap, totals: nil)
        #expect(stage.says("volume") == "- unread")
        #expect(stage.changes.allSatisfy { $0.point != 0 })
        stage.pulse(0, 2, every: .milliseconds(5))
        #expect(stage.says("volume") == "0.004 estimated")
        #expect(stage.changes.filter { $0.point == 0 }.map(\.isReset) == [true, false])
    }

    @Test func `asks to be kept within its second`() {
        var stage = BoardStage(BoardPlan.tap)
        stage.changes = []
        stage.pulse(0, 1, every: .milliseconds(5))
        #expect(stage.changes.first { $0.point == 0 }?.keptWithin == .seconds(1))
    }
}

@Suite struct `An output of the board` {
    @Test func `ends by itself when it has been on for as long as it may`() {
        var stage = BoardStage(BoardPlan.tap)
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
        var stage = BoardStage(BoardPlan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        #expect(stage.lines == ["valve on"])
        stage.pulse(0, 224, every: .milliseconds(5))
        #expect(stage.lines == ["valve on"])
        stage.pulse(0, 2, every: .milliseconds(5))
        #expect(stage.lines == ["valve on", "valve off"])
        #expect(stage.reports.map(\.outcome) == [.confirmed])
    }

    @Test func `closes after a minute without water, and that was no dispensing`() {
        var stage = BoardStage(BoardPlan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.pass(.seconds(60))
        #expect(stage.lines == ["valve on", "valve off"])
        stage.pass(.seconds(2))
        #expect(stage.reports.map(\.outcome) == [.failed])
    }

    @Test func `is closed at once by whoever says so, in the middle of a dispensing`() {
        var stage = BoardStage(BoardPlan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.pass(.seconds(1))
        #expect(stage.order("close") == nil)
        #expect(stage.lines == ["valve on", "valve off"])
        #expect(stage.reports.map(\.outcome) == [.unknown, .confirmed])
    }

    @Test func `of a total that nobody knows still ends by volume`() {
        var stage = BoardStage(BoardPlan.tap, totals: nil)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(100))]) == nil)
        stage.pulse(0, 46, every: .milliseconds(5))
        #expect(stage.lines == ["valve on", "valve off"])
    }

    @Test func `whose chip is gone does nothing, and what was under way nobody knows`() {
        var stage = BoardStage(BoardPlan.tap)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(500))]) == nil)
        stage.feed(.detached(.lost))
        #expect(stage.reports.map(\.outcome) == [.unknown])
        #expect(stage.order("open") == .offline)
        #expect(stage.order("dispense", [ArgumentValue("ml", DecimalNumber(5))]) == .arguments)
        #expect(stage.order("nothing") == .noAction)
    }
}

@Suite struct `A meter whose pulses have to stand` {
    /// As `s0-energy-meter` and a reed's meter have it: 30 ms.
    private func stage() -> BoardStage {
        var stage = BoardStage(
            BoardDeviceSettings(
                lines: [
                    BoardLine(
                        name: "pulse", direction: .input, settleMilliseconds: 30,
                        clearMilliseconds: 30)
                ],
                points: [
                    PointSettings(
                        name: "energy", kind: .total, unit: "W.h", source: .pulses(terminal: 0))
                ]))
        stage.feed(.level(terminal: 0, isActive: false))
        stage.pass(.milliseconds(30))
        return stage
    }

    @Test(arguments: [70, 100, 180, 1_000])
    func `is not called flaky however fast it turns`(period: Int64) {
        var stage = stage()
        for _ in 0..<2_000 {
            stage.edge(0, true)
            stage.pass(.milliseconds(period / 2))
            stage.edge(0, false)
            stage.pass(.milliseconds(period - period / 2))
        }
        #expect(stage.faults == [])
        #expect(stage.says("energy") == "2000 good")
    }

    @Test func `is called flaky for edges that are no pulses, between those that are`() {
        var stage = stage()
        for _ in 0..<30 {
            // One pulse, and six times a touch of two milliseconds.
            stage.edge(0, true)
            stage.pass(.milliseconds(40))
            stage.edge(0, false)
            stage.pass(.milliseconds(40))
            for _ in 0..<6 {
                stage.edge(0, true)
                stage.pass(.milliseconds(2))
                stage.edge(0, false)
                stage.pass(.milliseconds(35))
            }
        }
        #expect(stage.faults == ["contactFlaky"])
        #expect(stage.says("energy") == "30 good")
        stage.pass(.seconds(30))
        #expect(stage.faults == ["contactFlaky", "no contactFlaky"])
    }
}

@Suite struct `A sensor in a file` {
    private func number(_ text: String) -> FileFinding { .number(DecimalNumber(text)!) }

    private func find(_ finding: FileFinding, _ stage: inout BoardStage) {
        stage.driver.found(finding, of: 0, at: stage.now, into: &stage.outputs)
        stage.take()
    }

    @Test func `that vanishes is a fault with the third look, and recovers with the next value`() {
        var stage = BoardStage(BoardPlan.file())
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
        var stage = BoardStage(BoardPlan.file())
        for _ in 0..<3 { find(.unreadable, &stage) }
        for _ in 0..<3 { find(.damaged, &stage) }
        #expect(stage.faults == ["silent", "no silent", "garbled"])
        #expect(stage.says("temperature") == "- unread")
    }

    @Test func `that blocks is told after half a minute, and recovers`() {
        var stage = BoardStage(BoardPlan.file())
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

    @Test func `with nothing to say is no worker that hangs, and its value stays`() {
        var stage = BoardStage(BoardPlan.file())
        find(number("15"), &stage)
        for _ in 0..<60 {
            stage.pass(.seconds(10))
            find(.quiet, &stage)
        }
        #expect(stage.faults == [])
        #expect(stage.says("temperature") == "15.0 good")
        // It ends a fault as any other look does.
        stage.pass(.seconds(31))
        find(.quiet, &stage)
        #expect(stage.faults == ["stuck", "no stuck"])
    }

    @Test func `that blocks from the first look on is told as well`() {
        var stage = BoardStage(BoardPlan.file())
        stage.pass(.seconds(30))
        #expect(stage.faults == ["stuck"])
        #expect(stage.says("temperature") == "- unread")
    }

    @Test func `that a board need not have is absent, and nothing is wrong`() {
        var stage = BoardStage(BoardPlan.file(isOptional: true))
        for _ in 0..<5 { find(.absent, &stage) }
        #expect(stage.says("temperature") == "- absent")
        #expect(stage.faults == [])
    }
}
