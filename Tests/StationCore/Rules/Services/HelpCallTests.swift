// The help button as true sentences; above all: help is coming only when a person said so.

import EventLoop
import Testing

@testable import StationCore

/// A button with its bell, and time that the test moves.
private struct Button {
    var call: HelpCall
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var hasBell = true
    private(set) var rings = false
    private(set) var outputs: [HelpCall.Output] = []

    init(people: Int = 3) {
        call = HelpCall(HelpCall.Settings(people: people))
        tell(.began(nil))
        tell(.online(true))
    }

    var asked: [Int] {
        outputs.compactMap { if case .ask(let person) = $0 { person } else { nil } }
    }

    var steps: [HelpCall.Step] {
        outputs.compactMap { if case .told(let step) = $0 { step } else { nil } }
    }

    var ended: [FinishedUse] {
        outputs.compactMap { if case .ended(let use) = $0 { use } else { nil } }
    }

    var begun: Int { outputs.count { if case .began = $0 { true } else { false } } }

    mutating func tell(_ input: HelpCall.Input) {
        var waiting = call.handle(input, at: now)
        while !waiting.isEmpty {
            let output = waiting.removeFirst()
            outputs.append(output)
            guard case .perform(let order) = output else { continue }
            if hasBell { rings = order == .ring }
            waiting += call.handle(.ended(order, hasBell ? .accepted : .failed), at: now)
        }
    }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = call.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }

    mutating func restart() {
        let kept = call.kept
        call = HelpCall(call.settings)
        rings = false
        tell(.began(kept))
        tell(.online(true))
    }
}

@Suite struct `A help call` {
    @Test func `rings at once and asks one after the other until somebody accepts`() {
        var button = Button()
        button.tell(.pressed(.passer))
        #expect(button.rings)
        #expect(button.call.shown == .asking(person: 0))
        button.wait(.seconds(60))
        #expect(button.call.shown == .asking(person: 1))
        button.tell(.declined(person: 1))
        #expect(button.call.shown == .asking(person: 2))
        button.tell(.accepted(person: 2, minutes: 10))
        #expect(button.call.shown == .accepted(person: 2, minutes: 10))
        #expect(!button.rings)
        button.tell(.done)
        #expect(button.ended.map(\.end) == [.ended])
        #expect(button.call.shown == .idle)
        #expect(button.asked == [0, 1, 2])
    }

    @Test func `that was sent, and arrived, is not yet help`() {
        var button = Button()
        button.tell(.pressed(.passer))
        button.tell(.reached(person: 0))
        #expect(button.call.shown == .asking(person: 0))
        #expect(button.steps.last == .reached(person: 0))
        #expect(button.rings)
    }

    @Test func `is accepted by whoever comes, asked or not any more`() {
        var button = Button()
        button.tell(.pressed(.passer))
        button.wait(.seconds(130))
        button.tell(.accepted(person: 0, minutes: nil))
        #expect(button.call.shown == .accepted(person: 0, minutes: nil))
        #expect(button.outputs.contains(.recall(person: 2)))
        button.tell(.accepted(person: 1, minutes: 3))
        #expect(button.call.shown == .accepted(person: 0, minutes: nil))
        #expect(button.outputs.last == .recall(person: 1))
        button.tell(.accepted(person: 7, minutes: 3))
        #expect(button.outputs.last == .recall(person: 1))
    }

    @Test func `says when nobody answered, and begins anew`() {
        var button = Button()
        button.tell(.pressed(.passer))
        button.wait(.seconds(180))
        #expect(button.call.shown == .nobody)
        #expect(button.steps.last == .nobody)
        #expect(button.rings)
        button.wait(.seconds(60))
        #expect(button.call.shown == .asking(person: 0))
        button.wait(.seconds(7_200))
        #expect(button.ended.map(\.end) == [.timeLimit])
    }

    @Test func `offline shows the telephone, rings, and asks once there is a line`() {
        var button = Button()
        button.tell(.online(false))
        button.tell(.pressed(.passer))
        #expect(button.rings)
        #expect(button.call.shown == .offline)
        #expect(button.asked.isEmpty)
        button.wait(.seconds(200))
        #expect(button.call.shown == .offline)
        button.tell(.online(true))
        #expect(button.call.shown == .asking(person: 0))
    }

    @Test func `of a station without a list rings, and shows the telephone`() {
        var button = Button(people: 0)
        button.tell(.pressed(.passer))
        #expect(button.rings)
        #expect(button.call.shown == .nobody)
        button.tell(.cancelled)
        #expect(button.ended.map(\.end) == [.stopped])
    }

    @Test func `goes on when whoever accepted is not there in time, or takes it back`() {
        var button = Button()
        button.tell(.pressed(.passer))
        button.tell(.accepted(person: 0, minutes: 5))
        button.wait(.seconds(5 * 60 + 899))
        #expect(button.call.shown == .accepted(person: 0, minutes: 5))
        button.wait(.seconds(1))
        #expect(button.steps.contains(.overdue(person: 0)))
        #expect(button.call.shown == .asking(person: 1))
        #expect(button.rings)
        button.tell(.accepted(person: 1, minutes: nil))
        button.tell(.declined(person: 1))
        #expect(button.call.shown == .asking(person: 2))
        #expect(button.rings)
    }

    @Test func `rings again for who presses again, and is one call`() {
        var button = Button()
        button.tell(.pressed(.passer))
        for _ in 0..<50 {
            button.wait(.milliseconds(100))
            button.tell(.pressed(.passer))
        }
        #expect(button.steps.count { $0 == .pressedAgain } == 1)
        #expect(button.begun == 1)
        button.tell(.cancelled)
        #expect(button.ended.count == 1)
        #expect(!button.rings)
    }

    @Test func `tells of a bell that does not ring, and tries again`() {
        var button = Button()
        button.hasBell = false
        button.tell(.pressed(.passer))
        button.wait(.seconds(10))
        #expect(button.outputs.contains(.raised))
        #expect(button.call.condition == .degraded(.deviceFailed))
        button.hasBell = true
        button.wait(.seconds(20))
        #expect(button.rings)
        #expect(button.outputs.contains(.cleared))
    }

    @Test func `outlives a restart: it rings and asks again, or waits for who accepted`() {
        var button = Button()
        button.tell(.pressed(.passer))
        button.wait(.seconds(70))
        button.restart()
        #expect(button.rings)
        #expect(button.call.shown == .asking(person: 1))
        button.tell(.accepted(person: 1, minutes: 3))
        button.restart()
        #expect(button.call.shown == .accepted(person: 1, minutes: 3))
        #expect(!button.rings)
        button.tell(.done)
        #expect(button.begun == 1)
        #expect(button.ended.map(\.end) == [.ended])
    }

    @Test(arguments: 0..<200)
    func `never says that help comes before a person accepted, and ends once`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 51)
        var button = Button(people: random.below(5))
        var accepted: Set<Int> = []
        for _ in 0..<300 {
            switch random.below(12) {
            case 0, 1: button.tell(.pressed(.passer))
            case 2: button.tell(.online(random.below(2) == 0))
            case 3, 4: button.tell(.reached(person: random.below(5)))
            case 5:
                let person = random.below(6)
                if button.call.kept != nil { accepted.insert(person) }
                button.tell(.accepted(person: person, minutes: random.below(999) - 99))
            case 6: button.tell(.declined(person: random.below(5)))
            case 7: if random.below(4) == 0 { button.tell(.done) }
            case 8: if random.below(4) == 0 { button.tell(.cancelled) }
            case 9: button.restart()
            case 10: button.hasBell = random.below(3) > 0
            default: button.wait(.seconds(Int64(random.below(300))))
            }
            if case .accepted(let person, _) = button.call.shown {
                #expect(accepted.contains(person), "seed \(seed)")
            }
            let running = button.begun - button.ended.count
            #expect(running == (button.call.kept == nil ? 0 : 1), "seed \(seed)")
            if running == 0 { accepted = [] }
            #expect(button.call.nextDeadline.map { button.now < $0 } ?? true)
        }
    }
}
