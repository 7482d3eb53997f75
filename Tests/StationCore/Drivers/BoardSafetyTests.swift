// What makes an output safe comes before everything else, and leaves nothing on.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `What makes an output safe` {
    @Test func `is never too much, however much waits`() {
        var stage = BoardStage(BoardPlan.relays)
        var refusals: [ActionRefusal?] = []
        for _ in 0..<17 { refusals.append(stage.order("rest")) }
        refusals.append(stage.order("off 1"))
        #expect(refusals[15] == nil && refusals[16] == .busy && refusals[17] == nil)
        let (lines, count) = (stage.lines, stage.reports.count)
        #expect(lines == ["r1 off"])
        #expect(count == 17)
    }

    @Test func `by a guard's order depends on nothing`() {
        var stage = BoardStage(BoardPlan.relays)
        let ofPerson = stage.order("off 0")
        let ofGuard = stage.order("off 0", isUrgent: true)
        #expect(ofPerson == .notNow && ofGuard == nil)
        let lines = stage.lines
        #expect(lines == ["r0 off"])
    }

    @Test func `ends a pulse that it cuts short as the pulse would have`() {
        var stage = BoardStage(BoardPlan.relays)
        _ = stage.order("pulse")
        _ = stage.order("off 1")
        let (lines, outcomes) = (stage.lines, stage.reports.map { $0.outcome })
        #expect(lines == ["r0 on", "r0 off", "r1 off"])
        #expect(outcomes == [ActionOutcome.unknown, .accepted])
    }

    @Test func `does so too where both are made of other actions`() {
        var stage = BoardStage(BoardPlan.relays)
        _ = stage.order("pulse within")
        _ = stage.order("off within")
        let (lines, outcomes) = (stage.lines, stage.reports.map { $0.outcome })
        #expect(lines == ["r0 on", "r0 off", "r1 off"])
        #expect(outcomes == [ActionOutcome.unknown, .accepted])
    }

    @Test func `or not, beyond what one input can be answered with comes with the next`() {
        var stage = BoardStage(BoardPlan.relays)
        _ = stage.order("rest")
        for _ in 0..<12 { _ = stage.order("all on") }
        stage.pass(.seconds(2))
        let (lines, reports) = (stage.lines.count, stage.reports.count)
        #expect(lines == 12 * 8)
        #expect(reports == 13)
    }
}
