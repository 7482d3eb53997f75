// A door's rules as true sentences: releases, relocking, force, held open, modes.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A door` {
    private let start = Instant(nanoseconds: 0)

    private func door(
        contact: Bool = true, watchesForce: Bool = true,
        relock: ResolvedDoor.Relock = .onOpen, standing: DoorMode = .locked
    ) -> Door {
        Door(
            Door.Settings(
                hasContact: contact, watchesForce: watchesForce, relock: relock,
                release: .seconds(5), open: .seconds(30), preAlarm: .seconds(5)),
            standing: standing)
    }

    private func closedDoor(relock: ResolvedDoor.Relock = .onOpen) -> Door {
        var door = door(relock: relock)
        _ = door.handle(.leaf(isClosed: true, since: start), at: start)
        return door
    }

    @Test func `is freed by a release and secured when its time is up`() {
        var door = closedDoor()
        let freed = door.handle(.release(.key, for: .seconds(5)), at: start)
        #expect(freed.all == [.free, .released(.key)])
        #expect(door.mode == .accessed)
        #expect(door.nextDeadline == start + .seconds(5))
        let secured = door.handle(.deadline, at: start + .seconds(5))
        #expect(secured.all == [.hold, .secured, .grantUnused])
        #expect(door.isSecured)
    }

    @Test func `is released for longer by a second tap, never twice and never shorter`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let again = door.handle(.release(.key, for: .seconds(5)), at: start + .seconds(3))
        #expect(again.all == [.released(.key)])
        #expect(door.nextDeadline == start + .seconds(8))
        _ = door.handle(.release(.key, for: .seconds(1)), at: start + .seconds(4))
        #expect(door.nextDeadline == start + .seconds(8))
    }

    @Test func `ignores a deadline that comes early`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        #expect(door.handle(.deadline, at: start + .seconds(4)).isEmpty)
        #expect(!door.isSecured)
    }

    @Test func `relocks shortly after it was opened`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let opening = start + .seconds(1)
        #expect(door.handle(.leaf(isClosed: false, since: opening), at: opening).all == [.opened])
        #expect(door.nextDeadline == opening + Door.relockDelay)
        let secured = door.handle(.deadline, at: opening + Door.relockDelay)
        #expect(secured.all == [.hold, .secured])
    }

    @Test func `relocks on closing when told to, and not before`() {
        var door = closedDoor(relock: .onClose)
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let opening = start + .seconds(1)
        _ = door.handle(.leaf(isClosed: false, since: opening), at: opening)
        #expect(door.nextDeadline == start + .seconds(5))
        let closing = opening + .seconds(2)
        let closed = door.handle(.leaf(isClosed: true, since: closing), at: closing)
        #expect(closed.all == [.closed, .hold, .secured])
    }

    @Test func `opened while locked is forced, and the alarm ends when it closes`() {
        var door = closedDoor()
        let opening = start + .seconds(10)
        let forced = door.handle(.leaf(isClosed: false, since: opening), at: opening)
        #expect(forced.all == [.opened, .forced])
        #expect(door.alarm == .forced)
        let closed = door.handle(.leaf(isClosed: true, since: opening + .seconds(1)), at: opening)
        #expect(closed.all == [.closed, .alarmEnded])
    }

    @Test func `without an exit that is watched is never forced`() {
        var door = door(watchesForce: false)
        _ = door.handle(.leaf(isClosed: true, since: start), at: start)
        let opened = door.handle(.leaf(isClosed: false, since: start), at: start + .seconds(9))
        #expect(opened.all == [.opened])
    }

    @Test func `pulled in the moment of relocking is not forced`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let relock = start + .seconds(5)
        _ = door.handle(.deadline, at: relock)
        let since = relock + .milliseconds(300)
        let opened = door.handle(.leaf(isClosed: false, since: since), at: since)
        #expect(opened.all == [.opened])
    }

    @Test func `found open at the start was not forced`() {
        var door = door()
        #expect(door.handle(.leaf(isClosed: false, since: start), at: start).all == [.opened])
        #expect(door.alarm == .none)
    }

    @Test func `left open warns first, then alarms, then calms down when closed`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let opening = start + .seconds(1)
        _ = door.handle(.leaf(isClosed: false, since: opening), at: opening)
        _ = door.handle(.deadline, at: opening + Door.relockDelay)
        #expect(door.nextDeadline == opening + .seconds(25))
        #expect(door.handle(.deadline, at: opening + .seconds(25)).all == [.heldOpenSoon])
        #expect(door.handle(.deadline, at: opening + .seconds(30)).all == [.heldOpen])
        #expect(door.nextDeadline == nil)
        let closed = door.handle(.leaf(isClosed: true, since: start), at: opening + .seconds(40))
        #expect(closed.all == [.closed, .alarmEnded])
    }

    @Test(arguments: [DoorMode.locked, .blocked, .lockedDown, .unlocked])
    func `lets people out in every mode`(mode: DoorMode) {
        var door = door(standing: mode)
        let outputs = door.handle(.release(.exitButton, for: .seconds(5)), at: start).all
        #expect(outputs.contains(.released(.exitButton)))
    }

    @Test func `unlocked by command stays free until it is locked`() {
        var door = closedDoor()
        let unlocked = door.handle(.command(.unlock, by: .crew), at: start)
        #expect(unlocked.all == [.modeChanged(.unlocked, by: .crew), .free])
        #expect(door.nextDeadline == nil)
        // A passage through an unlocked door changes nothing and is never forced.
        let later = start + .seconds(60)
        #expect(door.handle(.leaf(isClosed: false, since: later), at: later).all == [.opened])
        let locked = door.handle(.command(.lock, by: .crew), at: later)
        #expect(locked.all == [.modeChanged(.locked, by: .crew), .hold, .secured])
    }

    @Test func `locked down takes no access command and no unlock, only its own release`() {
        var door = closedDoor()
        _ = door.handle(.command(.lockDown, by: .hub), at: start)
        #expect(door.mode == .lockedDown)
        #expect(door.handle(.command(.access, by: .hub), at: start).all == [.refused(.access)])
        #expect(door.handle(.command(.unlock, by: .crew), at: start).all == [.refused(.unlock)])
        let released = door.handle(.command(.releaseLockDown, by: .hub), at: start)
        #expect(released.all == [.modeChanged(.locked, by: .hub)])
    }

    @Test func `locked down while somebody passes is held at once`() {
        var door = closedDoor()
        _ = door.handle(.release(.key, for: .seconds(5)), at: start)
        let outputs = door.handle(.command(.lockDown, by: .hub), at: start + .seconds(1))
        #expect(outputs.all == [.modeChanged(.lockedDown, by: .hub), .hold, .secured])
    }

    @Test func `always ends secured after any inputs, once its deadlines have run`() {
        var seed: UInt64 = 7
        func next(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }
        for _ in 0..<2_000 {
            var door = door(relock: next(2) == 0 ? .onOpen : .onClose)
            var now = start
            for _ in 0..<20 {
                now = now + .milliseconds(Int64(next(3_000)))
                switch next(6) {
                case 0: _ = door.handle(.release(.key, for: .seconds(5)), at: now)
                case 1: _ = door.handle(.release(.exitButton, for: .seconds(3)), at: now)
                case 2: _ = door.handle(.leaf(isClosed: true, since: now), at: now)
                case 3: _ = door.handle(.leaf(isClosed: false, since: now), at: now)
                case 4: _ = door.handle(.leafUnknown, at: now)
                default: _ = door.handle(.deadline, at: now)
                }
            }
            var turns = 0
            while let due = door.nextDeadline, turns < 10 {
                _ = door.handle(.deadline, at: due)
                turns += 1
            }
            #expect(door.isSecured)
            #expect(turns < 10)
        }
    }
}
