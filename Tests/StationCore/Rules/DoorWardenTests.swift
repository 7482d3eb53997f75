// What becomes of a door's wishes where something is in the way, or its strike is frozen.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `Between a door and its lock` {
    private let start = Instant(nanoseconds: 0)

    private func expect(
        _ warden: inout DoorWarden, _ input: DoorWarden.Input, at now: Instant,
        _ outputs: [DoorWarden.Output], _ location: SourceLocation = #_sourceLocation
    ) {
        let told = warden.handle(input, at: now).all
        #expect(told == outputs, sourceLocation: location)
    }

    @Test func `nothing happens while nothing is in the way`() {
        var warden = DoorWarden(isObstructed: false, patience: .seconds(30))
        expect(&warden, .free, at: start, [.free])
        expect(&warden, .hold, at: start, [.hold])
        #expect(warden.nextDeadline == nil)
    }

    @Test func `closing waits until the way is clear`() {
        var warden = DoorWarden(isObstructed: false, patience: .seconds(30))
        _ = warden.handle(.free, at: start)
        expect(&warden, .obstructed(true), at: start, [])
        expect(&warden, .hold, at: start, [.withheld])
        #expect(warden.isWithheld)
        // Said again it is not told again.
        expect(&warden, .hold, at: start, [])
        expect(&warden, .obstructed(false), at: start, [.hold, .secured])
        #expect(!warden.isWithheld)
    }

    @Test func `what stays in the way is told once, and once that it is over`() {
        var warden = DoorWarden(isObstructed: true, patience: .seconds(30))
        _ = warden.handle(.free, at: start)
        expect(&warden, .hold, at: start, [.withheld])
        #expect(warden.nextDeadline == start + .seconds(30))
        expect(&warden, .deadline, at: start + .seconds(29), [])
        expect(&warden, .deadline, at: start + .seconds(30), [.heldOpen])
        #expect(warden.nextDeadline == nil)
        let over = warden.handle(.obstructed(false), at: start + .seconds(99))
        #expect(over.all == [.alarmEnded, .hold, .secured])
    }

    @Test func `who is let in meanwhile is let in`() {
        var warden = DoorWarden(isObstructed: true, patience: .seconds(30))
        _ = warden.handle(.hold, at: start)
        expect(&warden, .free, at: start, [.free])
        #expect(!warden.isWithheld)
        expect(&warden, .obstructed(false), at: start, [])
    }

    @Test func `what must be free is free at once, and is pulsed no more`() {
        var warden = DoorWarden(isObstructed: false, patience: .seconds(30))
        _ = warden.handle(.free, at: start)
        _ = warden.handle(.coldRelease, at: start)
        let lifted = start + DoorWarden.look
        expect(&warden, .deadline, at: lifted, [.hold])
        // Fire, an exit, hours: in the middle of a pulse.
        expect(&warden, .stands, at: lifted + .milliseconds(10), [.free])
        #expect(warden.nextDeadline == nil)
        expect(&warden, .stands, at: lifted + .milliseconds(20), [])
    }

    @Test func `a strike in frost is pulsed three times, and then it is a fault`() {
        var warden = DoorWarden(isObstructed: false, patience: .seconds(30))
        _ = warden.handle(.free, at: start)
        expect(&warden, .coldRelease, at: start, [])
        var told: [DoorWarden.Output] = []
        var last = start
        while let due = warden.nextDeadline {
            #expect(due > last)
            last = due
            told += warden.handle(.deadline, at: due).all
        }
        #expect(told == [.hold, .free, .hold, .free, .hold, .free, .frozen])
        #expect(last < start + .milliseconds(Int64(ResolvedStation.Limit.frostMilliseconds)))
        // The next release tries again, and is no second fault.
        _ = warden.handle(.hold, at: last)
        _ = warden.handle(.free, at: last)
        _ = warden.handle(.coldRelease, at: last)
        told = []
        while let due = warden.nextDeadline { told += warden.handle(.deadline, at: due).all }
        #expect(told == [.hold, .free, .hold, .free, .hold, .free])
        expect(&warden, .moved, at: last, [.thawed])
    }

    @Test(arguments: 0..<8)
    func `a leaf that moves ends the pulses, with the lock free`(steps: Int) {
        var warden = DoorWarden(isObstructed: false, patience: .seconds(30))
        var isFree = false
        func take(_ outputs: [DoorWarden.Output]) {
            for output in outputs {
                if output == .free { isFree = true }
                if output == .hold { isFree = false }
            }
        }
        take(warden.handle(.free, at: start).all)
        take(warden.handle(.coldRelease, at: start).all)
        for _ in 0..<steps {
            guard let due = warden.nextDeadline else { break }
            take(warden.handle(.deadline, at: due).all)
        }
        take(warden.handle(.moved, at: start).all)
        #expect(isFree)
        #expect(warden.nextDeadline == nil)
    }

    @Test func `the lock is free whenever the door wants it, and holds when it may`() {
        var random = Xorshift(seed: 11)
        for _ in 0..<2_000 {
            let patience = Interval.seconds(30)
            var warden = DoorWarden(isObstructed: random.next() % 2 == 0, patience: patience)
            var (wantsFree, isFree, obstructed) = (false, false, warden.isObstructed)
            var now = start
            for _ in 0..<40 {
                now = now + .milliseconds(Int64(random.next() % 3_000))
                let input: DoorWarden.Input
                switch random.next() % 6 {
                case 0: (input, wantsFree) = (.free, true)
                // A door lets go of nothing that it does not have.
                case 1 where wantsFree: (input, wantsFree) = (.hold, false)
                case 2:
                    obstructed.toggle()
                    input = .obstructed(obstructed)
                case 3: input = .moved
                case 4 where wantsFree: input = .coldRelease
                default: input = .deadline
                }
                for output in warden.handle(input, at: now).all {
                    if output == .free { isFree = true }
                    if output == .hold { isFree = false }
                }
                let isLifted = if case .lifted = warden.frost { true } else { false }
                if wantsFree { #expect(isFree || isLifted) }
                // It never closes on anybody but for a strike's pulse, and never stays free.
                if !wantsFree { #expect(isFree == warden.isWithheld) }
                if warden.isWithheld { #expect(obstructed) }
            }
        }
    }
}

@Suite struct `A door for two people` {
    private let a = ShortText("h-1") ?? .empty
    private let b = ShortText("h-2") ?? .empty
    private let start = Instant(nanoseconds: 5)

    private func expect(
        _ door: inout SecondPerson, _ holder: ShortText, within time: Interval, at now: Instant,
        _ first: ShortText?, _ location: SourceLocation = #_sourceLocation
    ) {
        let answer = door.taps(SecondPerson.Person(holder, nil), within: time, at: now)
        #expect(answer?.holder == first, sourceLocation: location)
    }

    @Test func `lets in the second of two holders, in time`() {
        var door = SecondPerson()
        expect(&door, a, within: .seconds(10), at: start, nil)
        expect(&door, a, within: .seconds(10), at: start + .seconds(1), nil)
        expect(&door, b, within: .seconds(10), at: start + .seconds(10), a)
        // And wants two again.
        expect(&door, b, within: .seconds(10), at: start + .seconds(11), nil)
        expect(&door, a, within: .seconds(10), at: start + .seconds(21), nil)
        door.forget()
        expect(&door, b, within: .seconds(10), at: start + .seconds(22), nil)
    }
}
