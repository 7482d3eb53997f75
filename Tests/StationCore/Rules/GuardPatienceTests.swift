// A guard that is not believed at once, not told too often, and not held for ever.

import EventLoop
import StationCore
import Testing

/// A guard of a socket: over 60 degrees its relay is to be off, else the contactor. Its relay is
/// told when it changes.
private struct Socket {
    static let own = 1
    static let outer = 2

    var rule: Guard
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var steps: [GuardStep] = []
    private(set) var counts: [Int] = []
    private(set) var asked: [Int] = []

    init(
        when: [Guard.Term] = [Guard.Term(0, .atLeast, DecimalNumber(60))],
        silence: Interval? = nil, lasting: Set<Int> = [], pushed: Set<Int> = [],
        latch: Bool = true
    ) {
        var settings = Guard.Settings(
            operands: 3, lasting: lasting, when: when, silence: silence, isLatching: latch,
            own: [[Guard.Term(Self.own, .equal, .zero)]],
            outer: [[Guard.Term(Self.outer, .equal, .zero)]])
        settings.pushed = pushed
        self.init(settings)
    }

    init(_ settings: Guard.Settings) {
        rule = Guard(settings)
        tell(.began)
    }

    mutating func tell(_ input: Guard.Input) {
        for output in rule.handle(input, at: now) {
            switch output {
            case .perform(let order): asked.append(order)
            case .told(let step, let count):
                steps.append(step)
                if count > 1 { counts.append(count) }
            case .raised, .cleared: break
            }
        }
    }

    mutating func read(
        _ operand: Int, _ value: Int64, _ quality: PointReading.Quality = .good
    ) {
        let reading = PointReading(value: DecimalNumber(value), quality: quality, at: now)
        tell(.read(operand: operand, reading))
    }

    mutating func lose(_ operand: Int, at time: Instant, last value: Int64) {
        tell(
            .read(
                operand: operand,
                PointReading(value: DecimalNumber(value), quality: .stale, at: time)))
    }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = rule.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }
}

@Suite struct `A guard whose device was cut off from its power` {
    /// Hot, the relay says nothing, the contactor was told.
    private static func escalated() -> Socket {
        var socket = Socket(silence: .seconds(30))
        socket.read(0, 70)
        socket.tell(.ended(order: 0, .unknown))
        socket.tell(.ended(order: 1, .confirmed))
        socket.lose(0, at: socket.now, last: 70)
        socket.wait(.seconds(60))
        return socket
    }

    @Test func `stands until somebody has looked, who does without its values`() {
        var socket = Self.escalated()
        #expect(socket.steps == [.tripped, .escalated, .outerSecured])
        #expect(socket.rule.refusal(at: socket.now) == .notKnown)
        #expect(socket.rule.isBlind(at: socket.now))
        #expect(socket.rule.blindRefusal(at: socket.now) == nil)
        socket.tell(.resetBlind)
        #expect(socket.steps.last == .resetBlind && !socket.rule.stands)
    }

    @Test func `may take two minutes to answer then, and trips by its silence after that`() {
        var socket = Self.escalated()
        socket.tell(.resetBlind)
        socket.wait(.seconds(119))
        #expect(!socket.rule.stands)
        socket.wait(.seconds(1))
        #expect(socket.steps.last == .silent)

        // Whoever resets the others after it has as long for all of them.
        var first = Self.escalated()
        first.tell(.resetBlind)
        first.wait(.seconds(100))
        first.tell(.neighbourReset)
        first.wait(.seconds(119))
        #expect(!first.rule.stands)
        first.wait(.seconds(1))
        #expect(first.steps.last == .silent)

        var hot = Self.escalated()
        hot.tell(.resetBlind)
        hot.wait(.seconds(20))
        hot.read(0, 65)
        #expect(hot.steps.last == .tripped)
    }

    @Test func `may come and go while it starts, and has its two minutes all the same`() {
        var socket = Socket(silence: .seconds(30), lasting: [0], pushed: [0])
        socket.wait(.seconds(30))
        socket.tell(.ended(order: 0, .unknown))
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps.first == .silent)
        let count = socket.steps.count
        socket.tell(.resetBlind)
        socket.wait(.seconds(20))
        socket.tell(.present(operand: 0, true))
        socket.wait(.seconds(2))
        socket.tell(.present(operand: 0, false))
        socket.wait(.seconds(97))
        #expect(socket.steps.count == count + 1 && !socket.rule.stands)
        socket.wait(.seconds(1))
        #expect(socket.steps.last == .silent)
    }

    @Test func `may say some of its values, and say them again, in its two minutes`() {
        var socket = Socket(
            when: [
                Guard.Term(0, .atLeast, DecimalNumber(60)), Guard.Term(2, .equal, .one),
            ], silence: .seconds(30), lasting: [0, 2])
        socket.wait(.seconds(30))
        socket.tell(.ended(order: 0, .confirmed))
        socket.tell(.resetBlind)
        socket.wait(.seconds(20))
        socket.read(0, 70)
        socket.lose(0, at: socket.now, last: 70)
        socket.wait(.seconds(99))
        #expect(!socket.rule.stands)
        // Once all was said what is lost is missed as ever.
        socket.read(0, 70)
        socket.read(2, 0)
        socket.lose(2, at: socket.now, last: 0)
        socket.wait(.seconds(29))
        #expect(!socket.rule.stands)
        socket.wait(.seconds(1))
        #expect(socket.steps.last == .silent)
    }

    @Test func `is reset as always once its values say that it is over`() {
        var socket = Self.escalated()
        // Its own relay never confirmed, and says nothing: the contactor is what counts.
        socket.read(0, 20)
        #expect(socket.rule.refusal(at: socket.now) == nil)
        // It is there, and on: nobody may switch the contactor on before it.
        socket.read(1, 1)
        #expect(socket.rule.refusal(at: socket.now) == .notSecured)
        socket.lose(0, at: socket.now, last: 20)
        #expect(socket.rule.blindRefusal(at: socket.now) == .notSecured)
    }

    @Test func `is missed as ever once its values came, whoever is reset after that`() {
        var socket = Self.escalated()
        socket.tell(.resetBlind)
        socket.wait(.seconds(20))
        socket.read(0, 20)
        socket.wait(.seconds(1))
        socket.lose(0, at: socket.now, last: 20)
        socket.tell(.neighbourReset)
        socket.wait(.seconds(30))
        #expect(socket.steps.last == .silent)
    }

    @Test func `is not blind while its values come, hot or not`() {
        var socket = Socket()
        #expect(!socket.rule.isBlind(at: socket.now))
        socket.read(0, 70)
        #expect(!socket.rule.isBlind(at: socket.now))
        socket.read(0, 20)
        #expect(!socket.rule.isBlind(at: socket.now))
    }
}

@Suite struct `A guard whose orders are seen late` {
    @Test func `waits for what shows them before somebody else acts, and no longer`() {
        var settings = Guard.Settings(
            operands: 3, when: [Guard.Term(0, .atLeast, DecimalNumber(60))],
            own: [[Guard.Term(1, .equal, .zero)]], outer: [[Guard.Term(2, .equal, .zero)]])
        settings.patience = .milliseconds(4_500)
        settings.outerPatience = .seconds(6)
        var socket = Socket(settings)
        socket.read(0, 70)
        socket.wait(.milliseconds(4_499))
        #expect(socket.steps == [.tripped])
        socket.wait(.milliseconds(1))
        #expect(socket.steps == [.tripped, .escalated])
        socket.wait(.milliseconds(5_999))
        #expect(!socket.steps.contains(.notSecured))
        socket.wait(.milliseconds(1))
        #expect(socket.steps.last == .notSecured)
    }
}

@Suite struct `What is told when it changes` {
    private static let dry = [Guard.Term(0, .equal, .one)]

    @Test func `is not silent while it stays as it is`() {
        var socket = Socket(
            when: Self.dry + [Guard.Term(2, .equal, DecimalNumber(9))], silence: .seconds(30),
            lasting: [0, 2])
        socket.read(0, 1)
        socket.read(2, 0)
        socket.wait(.seconds(3_600))
        #expect(socket.steps.isEmpty)
        // What would not last is missed.
        var asked = Socket(when: Self.dry, silence: .seconds(30))
        asked.read(0, 0)
        asked.wait(.seconds(30))
        #expect(asked.steps == [.silent])
    }

    @Test func `is silent so long after it is lost`() {
        var socket = Socket(when: Self.dry, silence: .seconds(30), lasting: [0])
        socket.read(0, 0)
        let heard = socket.now
        socket.wait(.seconds(3_600))
        socket.lose(0, at: heard, last: 0)
        socket.wait(.seconds(29))
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(1))
        #expect(socket.steps == [.silent])
    }

    @Test func `is not missed while its box is there and has nothing new to say`() {
        var socket = Socket(when: Self.dry, silence: .seconds(30), lasting: [0], pushed: [0])
        // Nothing was said yet.
        socket.tell(.present(operand: 0, true))
        socket.wait(.seconds(3_600))
        socket.read(0, 0)
        let heard = socket.now
        // The line is lost for ten seconds; nothing of the box has changed meanwhile.
        socket.lose(0, at: heard, last: 0)
        socket.tell(.present(operand: 0, false))
        socket.wait(.seconds(10))
        socket.tell(.present(operand: 0, true))
        socket.wait(.seconds(3_600))
        #expect(socket.steps.isEmpty)
        socket.tell(.present(operand: 0, false))
        socket.wait(.seconds(29))
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(1))
        #expect(socket.steps == [.silent])
        // Before its first word as well.
        var unmet = Socket(when: Self.dry, silence: .seconds(30), lasting: [0], pushed: [0])
        unmet.wait(.seconds(30))
        #expect(unmet.steps == [.silent])
    }

    @Test func `shows that it is active again although the rest of it is as before`() {
        var rule = Guard(
            Guard.Settings(
                operands: 3, lasting: [1, 2], when: [Guard.Term(0, .atLeast, .one)],
                own: [[Guard.Term(1, .equal, .zero), Guard.Term(2, .equal, .zero)]]))
        func at(_ second: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(second) }
        func read(_ operand: Int, _ value: Int64, at time: Instant) -> Guard.Input {
            .read(
                operand: operand,
                PointReading(value: DecimalNumber(value), quality: .good, at: time))
        }
        _ = rule.handle(read(2, 0, at: at(1)), at: at(1))
        _ = rule.handle(read(0, 1, at: at(2)), at: at(2))
        _ = rule.handle(.ended(order: 0, .confirmed), at: at(3))
        #expect(rule.isSecured)
        let outputs = rule.handle(read(1, 1, at: at(4)), at: at(4))
        #expect(outputs.contains(.told(.activeAgain)))
    }
}

@Suite struct `A relay that chatters` {
    @Test func `is told once a minute with how often, and stands since it tripped`() {
        var socket = Socket()
        socket.read(0, 70)
        socket.tell(.ended(order: 0, .confirmed))
        let since = socket.rule.since
        for _ in 0..<4 {
            socket.wait(.seconds(10))
            socket.read(1, 1)
            socket.tell(.ended(order: 0, .confirmed))
        }
        #expect(socket.steps == [.tripped, .secured, .activeAgain, .secured])
        #expect(socket.rule.since == since && socket.rule.isSecured)
        socket.wait(.seconds(60))
        #expect(socket.steps.suffix(2) == [.activeAgain, .secured])
        #expect(socket.counts == [3] && socket.steps.count == 6)
        socket.wait(.seconds(600))
        #expect(socket.steps.count == 6)
    }

    @Test func `has the outer one act when it does not stop`() {
        var socket = Socket()
        socket.read(0, 70)
        socket.tell(.ended(order: 0, .confirmed))
        for count in 1...5 {
            #expect(!socket.steps.contains(.escalated), "\(count)")
            socket.wait(.milliseconds(500))
            socket.read(1, 1)
            socket.tell(.ended(order: 0, .confirmed))
        }
        #expect(socket.steps == [.tripped, .secured, .activeAgain, .secured, .escalated])
        #expect(socket.asked.last == 1)
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps.last == .outerSecured)
    }

    @Test(arguments: [(Interval.milliseconds(15_000), true), (.milliseconds(15_010), false)])
    func `acts five times within any minute, and not in a longer time`(
        every: Interval, isRestless: Bool
    ) {
        var socket = Socket()
        socket.read(0, 70)
        socket.tell(.ended(order: 0, .confirmed))
        for _ in 1...5 {
            socket.wait(every)
            socket.read(1, 1)
            socket.tell(.ended(order: 0, .confirmed))
        }
        #expect(socket.steps.contains(.escalated) == isRestless)
    }
}

@Suite struct `Half a minute of calm` {
    @Test func `is one that was seen, from its first moment to its last`() {
        var socket = Socket(latch: false)
        socket.read(0, 70)
        socket.tell(.ended(order: 0, .confirmed))
        socket.read(0, 50)
        socket.wait(.seconds(2))
        socket.lose(0, at: socket.now, last: 50)
        socket.wait(.seconds(98))
        socket.read(0, 50)
        #expect(socket.rule.stands)
        socket.wait(.seconds(29))
        #expect(socket.rule.stands)
        socket.wait(.seconds(1))
        #expect(socket.steps.last == .ended)
    }
}

@Suite struct `A guard of the run before` {
    @Test func `does not hold against its device what it refused while it was not there`() {
        var socket = Socket()
        socket.tell(.recalled)
        socket.tell(.refused(order: 0, isBusy: false))
        socket.wait(.milliseconds(2_500))
        socket.tell(.returned(order: 0))
        // The first value of this run, and three seconds from here on.
        socket.read(0, 70)
        socket.wait(.milliseconds(2_900))
        #expect(socket.steps == [.recalled])
        socket.wait(.milliseconds(100))
        #expect(socket.steps == [.recalled, .escalated])
    }
}

@Suite struct `A rise` {
    private static func socket(_ value: Int64 = 5, _ window: Interval = .seconds(60)) -> Socket {
        Socket(when: [Guard.Term(0, .atLeast, DecimalNumber(value), within: window)])
    }

    @Test func `is what a value lies above its lowest of the window, to the millisecond`() {
        var socket = Self.socket()
        socket.read(0, 20)
        socket.wait(.seconds(30))
        socket.read(0, 22)
        socket.wait(.seconds(30))
        socket.read(0, 24)
        #expect(socket.steps.isEmpty)
        // A minute and a millisecond after the 20 the lowest is 22.
        socket.wait(.milliseconds(1))
        socket.read(0, 26)
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(1))
        socket.read(0, 27)
        #expect(socket.steps == [.tripped])
    }

    @Test func `forgets what was lower, not what fell meanwhile`() {
        var socket = Self.socket()
        for value in [30, 28, 26, 29] as [Int64] {
            socket.read(0, value)
            socket.wait(.seconds(10))
        }
        socket.read(0, 30)
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(10))
        socket.read(0, 31)
        #expect(socket.steps == [.tripped])
    }

    @Test func `is none of a value that is lost, and none before the second`() {
        var socket = Self.socket()
        socket.read(0, 90)
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(1))
        socket.read(0, 99, .outOfRange)
        #expect(socket.steps.isEmpty)
        socket.wait(.seconds(1))
        socket.read(0, 95)
        #expect(socket.steps == [.tripped])
    }

    @Test func `is found whatever comes, as by looking at all values of the window`() {
        var chance = Xorshift(seed: 7)
        var values: [(value: Int64, at: Instant)] = []
        var value = Int64(50)
        var socket = Self.socket(9, .seconds(20))
        for _ in 0..<4_000 {
            value += Int64(chance.below(5)) - 2
            socket.wait(.milliseconds(Int64(200 + chance.below(3_000))))
            values.append((value, socket.now))
            values.removeAll { $0.at + .seconds(20) < socket.now }
            let lowest = values.map(\.value).min() ?? value
            let before = socket.steps.count
            socket.read(0, value)
            let isNew = socket.steps.count > before && socket.steps[before] == .tripped
            #expect(isNew == (value - lowest >= 9))
            if socket.rule.stands {
                // Anew, with what was seen.
                socket = Self.socket(9, .seconds(20)).at(socket.now)
                values = []
            }
        }
    }

    @Test func `errs to the safe side when more values come than it can remember`() {
        var socket = Self.socket(1_000, .seconds(60))
        for value in 0..<2_000 {
            socket.read(0, Int64(value))
            socket.wait(.milliseconds(10))
        }
        #expect(socket.steps.first == .tripped)
    }
}

extension Socket {
    fileprivate func at(_ time: Instant) -> Socket {
        var copy = self
        copy.now = time
        return copy
    }
}
