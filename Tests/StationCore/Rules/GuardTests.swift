// A guard by itself: what trips it, what it wants, what ends it; and whatever comes in any order.

import EventLoop
import StationCore
import Testing

/// A guard of a heater: over 60 degrees its relay is to be off, else the contactor.
private struct Heater {
    var rule: Guard
    var now: Instant
    private(set) var steps: [GuardStep] = []
    private(set) var asked: [Int] = []
    /// Of steps that were told for several.
    private(set) var counts: [Int] = []
    private(set) var isFaulty = false

    init(
        delay: Interval = .zero, silence: Interval? = nil, isLatching: Bool = false,
        hasOuter: Bool = true, isSeen: Bool = true,
        from start: Instant = Instant(nanoseconds: 1_000_000_000)
    ) {
        rule = Guard(
            Guard.Settings(
                operands: 3, when: [Guard.Term(0, .atLeast, DecimalNumber(60))], delay: delay,
                silence: silence, isLatching: isLatching,
                own: [isSeen ? [Guard.Term(1, .equal, .zero)] : []],
                outer: hasOuter ? [[Guard.Term(2, .equal, .zero)]] : []))
        now = start
        tell(.began)
    }

    mutating func tell(_ input: Guard.Input) {
        for output in rule.handle(input, at: now) {
            switch output {
            case .perform(let order): asked.append(order)
            case .told(let step, let count):
                steps.append(step)
                if count > 1 { counts.append(count) }
            case .raised: isFaulty = true
            case .cleared: isFaulty = false
            }
        }
    }

    mutating func heat(_ degrees: Int64?, _ quality: PointReading.Quality = .good) {
        read(0, degrees, quality)
    }

    mutating func read(
        _ operand: Int, _ value: Int64?, _ quality: PointReading.Quality = .good
    ) {
        let reading = PointReading(
            value: value.map { DecimalNumber($0) }, quality: quality, at: now)
        tell(.read(operand: operand, reading))
    }

    /// Lets time pass, deadline by deadline.
    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = rule.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
        tell(.deadline)
    }
}

@Suite struct `A guard` {
    @Test func `trips with the value that trips it, and is done when that is confirmed`() {
        var heater = Heater()
        heater.heat(59)
        #expect(!heater.rule.stands && heater.asked.isEmpty)
        heater.heat(60)
        #expect(heater.steps == [.tripped] && heater.asked == [0])
        #expect(heater.rule.stands && !heater.rule.isSecured)
        heater.tell(.ended(order: 0, .confirmed))
        #expect(heater.steps == [.tripped, .secured] && heater.asked == [0])
        #expect(heater.rule.isSecured && !heater.isFaulty)
    }

    @Test func `waits as long as it should, and not at all when the value falls`() {
        var heater = Heater(delay: .seconds(2))
        heater.heat(61)
        heater.wait(.milliseconds(1_900))
        heater.heat(59)
        heater.wait(.seconds(5))
        #expect(heater.steps.isEmpty)
        heater.heat(61)
        heater.wait(.milliseconds(1_999))
        #expect(heater.steps.isEmpty)
        heater.wait(.milliseconds(1))
        #expect(heater.steps == [.tripped])
    }

    @Test func `is not held up by a value that is lost on the way`() {
        var heater = Heater(delay: .seconds(2))
        heater.heat(61)
        heater.heat(61, .stale)
        heater.wait(.seconds(2))
        #expect(heater.steps == [.tripped])
    }

    @Test(arguments: [ActionOutcome.failed, .unknown, .accepted])
    func `has the outer one act when its device does not confirm`(outcome: ActionOutcome) {
        var heater = Heater()
        heater.heat(70)
        heater.tell(.ended(order: 0, outcome))
        #expect(heater.steps == [.tripped, .escalated] && heater.asked == [0, 1])
        heater.tell(.ended(order: 1, .confirmed))
        #expect(heater.steps == [.tripped, .escalated, .outerSecured] && !heater.isFaulty)
        // Its own device is told on: nobody may switch on again behind a contactor.
        heater.wait(.seconds(2))
        #expect(heater.asked == [0, 1, 0])
        heater.tell(.ended(order: 0, .confirmed))
        #expect(heater.steps.last == .secured)
    }

    @Test func `has the outer one act when nothing at all comes back in three seconds`() {
        var heater = Heater()
        heater.heat(70)
        heater.wait(.milliseconds(2_999))
        #expect(heater.asked == [0])
        heater.wait(.milliseconds(1))
        #expect(heater.asked == [0, 1] && heater.steps == [.tripped, .escalated])
        heater.wait(.seconds(3))
        #expect(heater.isFaulty && heater.steps.last == .notSecured)
        heater.tell(.ended(order: 0, .confirmed))
        #expect(!heater.isFaulty)
    }

    @Test func `says that nothing confirms it, once, and goes on trying ever more rarely`() {
        var heater = Heater(hasOuter: false)
        heater.heat(70)
        heater.tell(.ended(order: 0, .failed))
        #expect(heater.isFaulty && heater.steps == [.tripped, .notSecured])
        for _ in 0..<60 {
            heater.wait(.seconds(60))
            heater.tell(.refused(order: 0, isBusy: false))
        }
        #expect(heater.steps == [.tripped, .notSecured])
        #expect((30...70).contains(heater.asked.count))
        heater.tell(.returned(order: 0))
        let count = heater.asked.count
        heater.tell(.ended(order: 0, .confirmed))
        #expect(heater.steps.last == .secured && !heater.isFaulty && heater.asked.count == count)
    }

    @Test func `believes what is seen before an answer that was lost`() {
        var heater = Heater()
        heater.heat(70)
        heater.read(1, 0)
        // Read in the same moment: it may be from before.
        #expect(!heater.rule.isSecured)
        heater.wait(.milliseconds(300))
        heater.read(1, 0)
        heater.tell(.ended(order: 0, .unknown))
        #expect(heater.steps == [.tripped, .secured])
    }

    @Test func `sees that what it cut is active again, and cuts it again`() {
        var heater = Heater(isLatching: true)
        heater.heat(70)
        heater.tell(.ended(order: 0, .confirmed))
        heater.wait(.seconds(1))
        heater.read(1, 1)
        #expect(heater.steps.suffix(1) == [.activeAgain] && heater.asked == [0, 0])
        heater.tell(.ended(order: 0, .confirmed))
        #expect(heater.rule.isSecured && heater.steps.last == .secured)
    }

    @Test func `trips when its values are silent, unless what is known says that it cannot hold`() {
        var heater = Heater(silence: .seconds(30))
        heater.heat(20)
        heater.wait(.seconds(29))
        heater.heat(20)
        heater.wait(.seconds(29))
        #expect(heater.steps.isEmpty)
        heater.heat(20, .stale)
        heater.wait(.seconds(1))
        #expect(heater.steps == [.silent] && heater.asked == [0])

        var idle = Guard(
            Guard.Settings(
                operands: 2,
                when: [
                    Guard.Term(0, .equal, .one), Guard.Term(1, .atLeast, DecimalNumber(60)),
                ], silence: .seconds(30), own: [[]]))
        let start = Instant(nanoseconds: 0)
        _ = idle.handle(.began, at: start)
        // The socket is off and says so; its meter, which lives on it, says nothing.
        for second in stride(from: 0, through: 600, by: 10) {
            let now = start + .seconds(Int64(second))
            let off = PointReading(value: .zero, quality: .good, at: now)
            #expect(idle.handle(.read(operand: 0, off), at: now).isEmpty)
        }
    }

    @Test func `ends by itself after half a minute without its cause, unless it latches`() {
        var heater = Heater()
        heater.heat(70)
        heater.tell(.ended(order: 0, .confirmed))
        heater.heat(50)
        heater.wait(.seconds(29))
        #expect(heater.rule.stands)
        heater.wait(.seconds(1))
        #expect(!heater.rule.stands && heater.steps.last == .ended)

        var latching = Heater(isLatching: true)
        latching.heat(70)
        latching.tell(.ended(order: 0, .confirmed))
        latching.heat(50)
        latching.wait(.seconds(86_400))
        #expect(latching.rule.stands && latching.rule.isLatched)
    }

    @Test func `is reset by a person, once its cause is over and what it did is confirmed`() {
        var heater = Heater(isLatching: true)
        #expect(heater.rule.refusal(at: heater.now) == .notTripped)
        heater.heat(70)
        #expect(heater.rule.refusal(at: heater.now) == .holds)
        heater.heat(50)
        #expect(heater.rule.refusal(at: heater.now) == .notSecured)
        heater.tell(.ended(order: 0, .confirmed))
        heater.heat(70, .stale)
        // That it fell silent makes nothing better.
        #expect(heater.rule.refusal(at: heater.now) == .notKnown)
        heater.heat(nil, .outOfRange)
        #expect(heater.rule.refusal(at: heater.now) == .notKnown)
        heater.heat(50)
        #expect(heater.rule.refusal(at: heater.now) == nil)
        heater.tell(.reset)
        #expect(heater.steps.last == .reset && !heater.rule.stands)
        heater.heat(70)
        #expect(heater.steps.last == .tripped)
    }

    @Test func `that stood before a restart stands, and has its device told when that is back`() {
        var heater = Heater(isLatching: true)
        heater.tell(.recalled)
        heater.tell(.refused(order: 0, isBusy: false))
        // Lines come some milliseconds after the start: no reason to cut the whole room off.
        #expect(heater.steps == [.recalled] && heater.asked == [0])
        heater.now = heater.now + .milliseconds(500)
        heater.tell(.returned(order: 0))
        #expect(heater.asked == [0, 0])
        heater.tell(.ended(order: 0, .confirmed))
        #expect(heater.steps == [.recalled, .secured])
        // Nothing was read yet: nobody knows whether it is still hot.
        #expect(heater.rule.refusal(at: heater.now) == .notKnown)
        heater.tell(.forgotten)
        #expect(!heater.rule.stands)
    }

    @Test func `is not forgotten once a value has tripped it in this run`() {
        var heater = Heater(isLatching: true)
        heater.tell(.recalled)
        heater.heat(70)
        heater.tell(.forgotten)
        #expect(heater.rule.stands)
    }
}

@Suite struct `Whatever comes in whatever order, a guard that latches` {
    /// What it is told, by chance; time goes on between.
    private static func input(_ chance: inout Xorshift, at now: Instant) -> Guard.Input {
        let quality: PointReading.Quality =
            switch chance.below(8) {
            case 0: .stale
            case 1: .absent
            case 2: .outOfRange
            default: .good
            }
        let value = DecimalNumber(Int64(chance.below(100)))
        switch chance.below(16) {
        case 0: return .ended(order: chance.below(2), .confirmed)
        case 1: return .ended(order: chance.below(2), .failed)
        case 2: return .refused(order: chance.below(2), isBusy: chance.below(2) == 0)
        case 3: return .returned(order: chance.below(2))
        case 4, 5: return .deadline
        case 6, 7:
            let state = DecimalNumber(Int64(chance.below(2)))
            return .read(
                operand: 1 + chance.below(2), PointReading(value: state, quality: quality, at: now))
        default:
            return .read(
                operand: 0,
                PointReading(
                    value: quality == .good || quality == .stale ? value : nil, quality: quality,
                    at: now))
        }
    }

    @Test(arguments: 1...40)
    func `is never forgotten, never resets itself, and never leaves its device untold`(
        seed: Int
    ) {
        var chance = Xorshift(seed: UInt64(seed))
        var heater = Heater(silence: seed % 2 == 0 ? .seconds(20) : nil, isLatching: true)
        var isStanding = false
        for _ in 0..<3_000 {
            if chance.below(60) == 0 {
                // The process dies and comes back with what was kept.
                let wasLatched = heater.rule.isLatched
                heater = Heater(
                    silence: heater.rule.settings.silence, isLatching: true,
                    from: heater.now + .milliseconds(Int64(chance.below(20_000))))
                if wasLatched { heater.tell(.recalled) }
                #expect(heater.rule.isLatched == wasLatched)
                isStanding = wasLatched
            } else if chance.below(40) == 0, heater.rule.refusal(at: heater.now) == nil {
                heater.tell(.reset)
                // Silence may trip it in the same moment; a value cannot.
                isStanding = heater.rule.stands
            } else {
                heater.tell(Self.input(&chance, at: heater.now))
                // Once it stands, no input but a person's ends it.
                if isStanding { #expect(heater.rule.stands) }
                isStanding = heater.rule.stands
            }
            if heater.rule.stands {
                // Told at least once, and told again soon unless it is confirmed or under way.
                #expect(heater.asked.contains(0))
            }
            if let due = heater.rule.nextDeadline { #expect(due > heater.now) }
            heater.now = heater.now + .milliseconds(Int64(chance.below(3_000)))
        }
    }
}
