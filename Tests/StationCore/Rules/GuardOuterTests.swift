// A guard that has somebody else act as well: at once, in vain, again and again, or unseen.

import EventLoop
import StationCore
import Testing

/// A guard of a socket: over 60 degrees it is to be stopped, and the contactor to open. Operands:
/// heat, the socket, the contactor.
private struct Socket {
    static let heat = 0
    static let own = 1
    static let outer = 2

    var rule: Guard
    var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var steps: [GuardStep] = []
    private(set) var asked: [Int] = []
    /// How often the fault came and went.
    private(set) var edges = 0
    private(set) var isFaulty = false

    init(atOnce: Bool = false, latch: Bool = true, unseen: Set<Int> = []) {
        var settings = Guard.Settings(
            operands: 3, when: [Guard.Term(Self.heat, .atLeast, DecimalNumber(60))],
            isLatching: latch, own: [[Guard.Term(Self.own, .equal, .zero)]],
            outer: [[Guard.Term(Self.outer, .equal, .zero)]])
        settings.asksOuter = atOnce
        settings.unseen = unseen
        rule = Guard(settings)
        tell(.began)
    }

    mutating func tell(_ input: Guard.Input) {
        for output in rule.handle(input, at: now) {
            switch output {
            case .perform(let order): asked.append(order)
            case .told(let step, _): steps.append(step)
            case .raised, .cleared:
                edges += 1
                if case .raised = output { isFaulty = true } else { isFaulty = false }
            }
        }
    }

    mutating func read(
        _ operand: Int, _ value: Int64?, _ quality: PointReading.Quality = .good
    ) {
        let reading = PointReading(
            value: value.map { DecimalNumber($0) }, quality: quality, at: now)
        tell(.read(operand: operand, reading))
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

@Suite struct `A guard that stops a socket and opens the contactor at once` {
    @Test func `is safe when the contactor is open, though the board lost its power with it`() {
        var socket = Socket(atOnce: true)
        socket.read(Socket.own, 1)
        socket.read(Socket.heat, 70)
        #expect(socket.steps == [.tripped] && socket.asked == [0, 1])
        socket.wait(.milliseconds(200))
        socket.tell(.ended(order: 1, .confirmed))
        socket.tell(.ended(order: 0, .unknown))
        socket.wait(.seconds(60))
        #expect(socket.steps == [.tripped, .outerSecured])
        #expect(socket.edges == 0 && socket.rule.isSecured && socket.rule.isEscalated)
        // Whatever else says that it has cooled: nobody hears of the board, and the contactor is
        // what counts.
        socket.read(Socket.heat, 20)
        #expect(socket.rule.refusal(at: socket.now) == .notSecured)
        socket.read(Socket.own, 1, .stale)
        #expect(socket.rule.refusal(at: socket.now) == nil)
    }

    @Test func `is not safe while the contactor does not open, whatever the board says`() {
        var socket = Socket(atOnce: true)
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .confirmed))
        #expect(socket.steps == [.tripped, .secured] && !socket.rule.isSecured)
        socket.wait(.seconds(3))
        #expect(socket.steps == [.tripped, .secured, .notSecured] && socket.isFaulty)
        socket.read(Socket.heat, 20)
        #expect(socket.rule.refusal(at: socket.now) == .notSecured)
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps.last == .outerSecured && !socket.isFaulty)
        #expect(socket.rule.refusal(at: socket.now) == nil)
    }

    @Test func `ends by itself when both have obeyed, and not before`() {
        var socket = Socket(atOnce: true, latch: false)
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .confirmed))
        socket.read(Socket.heat, 20)
        socket.wait(.seconds(40))
        #expect(socket.rule.stands)
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps.last == .ended)
    }

    @Test func `waits after a restart until the contactor is there`() {
        var socket = Socket(atOnce: true)
        socket.tell(.recalled)
        for order in 0...1 { socket.tell(.refused(order: order, isBusy: false)) }
        socket.wait(.milliseconds(2_500))
        socket.tell(.returned(order: 1))
        socket.wait(.milliseconds(2_900))
        #expect(socket.steps == [.recalled] && !socket.isFaulty)
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps == [.recalled, .outerSecured])
    }

    @Test func `does what it can where there is no contactor`() {
        var settings = Guard.Settings(
            operands: 1, when: [Guard.Term(0, .atLeast, DecimalNumber(60))], own: [[]])
        settings.asksOuter = true
        var rule = Guard(settings)
        let start = Instant(nanoseconds: 0)
        let hot = PointReading(value: DecimalNumber(70), quality: .good, at: start)
        #expect(
            rule.handle(.read(operand: 0, hot), at: start) == [.told(.tripped), .perform(order: 0)])
        #expect(rule.handle(.ended(order: 0, .confirmed), at: start) == [.told(.secured)])
    }
}

@Suite struct `An outer actuator that chatters` {
    @Test func `is told once a minute, and its fault does not come and go with it`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .unknown))
        socket.tell(.ended(order: 1, .confirmed))
        #expect(socket.steps == [.tripped, .escalated, .outerSecured])
        for _ in 0..<100 {
            socket.wait(.milliseconds(500))
            socket.read(Socket.outer, 1)
            socket.wait(.milliseconds(100))
            socket.tell(.ended(order: 1, .confirmed))
        }
        // It obeyed within three seconds each time.
        #expect(!socket.steps.contains(.notSecured) && socket.edges == 0)
        #expect(socket.steps.count { $0 == .activeAgain } == 1)
    }

    @Test func `that refuses in between is told once a minute as well`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .unknown))
        socket.tell(.ended(order: 1, .confirmed))
        for _ in 0..<100 {
            socket.wait(.milliseconds(500))
            socket.read(Socket.outer, 1)
            socket.tell(.ended(order: 1, .failed))
            socket.wait(.milliseconds(100))
            socket.read(Socket.outer, 0)
        }
        #expect(socket.steps.count { $0 == .notSecured } <= 2)
        #expect(socket.edges <= 4 && socket.isFaulty)
        // It holds at last.
        socket.wait(.seconds(31))
        #expect(!socket.isFaulty)
    }

    @Test func `is told once a minute that it is not safe, however often it is not`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .unknown))
        socket.tell(.ended(order: 1, .confirmed))
        socket.wait(.seconds(1))
        for count in 1...9 {
            socket.read(Socket.outer, 1)
            socket.tell(.ended(order: 1, .failed))
            #expect(socket.isFaulty, "\(count)")
            socket.wait(.milliseconds(100))
            socket.read(Socket.outer, 0)
            socket.wait(.seconds(40))
            #expect(!socket.isFaulty, "\(count)")
        }
        #expect((2...6).contains(socket.steps.count { $0 == .notSecured }))
        // What stays unsafe is told when its minute is over.
        let told = socket.steps.count { $0 == .notSecured }
        socket.read(Socket.outer, 1)
        socket.tell(.ended(order: 1, .failed))
        socket.wait(.seconds(60))
        #expect(socket.steps.count { $0 == .notSecured } == told + 1 && socket.isFaulty)
    }
}

@Suite struct `An order that nobody sees obeyed` {
    @Test func `is told as such, and not as safe`() {
        var socket = Socket(unseen: [0])
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .confirmed))
        #expect(socket.steps == [.tripped, .unseen])
        #expect(socket.rule.isSecured && !socket.rule.isSeen)
        var both = Socket(unseen: [0, 1])
        both.read(Socket.heat, 70)
        both.tell(.ended(order: 0, .failed))
        both.tell(.ended(order: 1, .confirmed))
        #expect(both.steps == [.tripped, .escalated, .outerUnseen] && !both.rule.isSeen)
        var seen = Socket(atOnce: true, unseen: [0])
        seen.read(Socket.heat, 70)
        seen.tell(.ended(order: 0, .confirmed))
        seen.tell(.ended(order: 1, .confirmed))
        #expect(seen.steps == [.tripped, .unseen, .outerSecured] && seen.rule.isSeen)
    }
}

@Suite struct `A person who resets a guard` {
    @Test func `needs to have looked when the last value is old, however cool that was`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .confirmed))
        socket.read(Socket.heat, 20)
        #expect(socket.rule.refusal(at: socket.now) == nil)
        socket.read(Socket.heat, 20, .stale)
        socket.wait(.seconds(604_800))
        #expect(socket.rule.refusal(at: socket.now) == .notKnown)
        #expect(socket.rule.isBlind(at: socket.now))
        #expect(socket.rule.blindRefusal(at: socket.now) == nil)
    }

    @Test func `needs to have looked when a socket that was stopped says nothing of its heat`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .confirmed))
        socket.wait(.seconds(2))
        socket.read(Socket.heat, nil, .absent)
        #expect(socket.rule.refusal(at: socket.now) == .notKnown)
        #expect(socket.rule.blindRefusal(at: socket.now) == nil)
        socket.read(Socket.heat, 20)
        #expect(socket.rule.refusal(at: socket.now) == nil)
    }

    @Test func `cannot do without values while the contactor is seen to be closed`() {
        var socket = Socket()
        socket.read(Socket.heat, 70)
        socket.tell(.ended(order: 0, .unknown))
        socket.read(Socket.heat, 70, .stale)
        #expect(socket.rule.blindRefusal(at: socket.now) == nil)
        socket.read(Socket.outer, 1)
        #expect(socket.rule.blindRefusal(at: socket.now) == .notSecured)
        // Where it was not told it may be as it likes.
        var stopped = Socket()
        stopped.read(Socket.heat, 70)
        stopped.tell(.ended(order: 0, .confirmed))
        stopped.read(Socket.outer, 1)
        #expect(stopped.rule.blindRefusal(at: stopped.now) == nil)
    }
}
