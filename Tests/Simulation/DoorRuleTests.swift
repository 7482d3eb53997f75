// Doors that do more than open for keys: fire, obstacles, frost, more time, and who may go in.

import EventLoop
import Profiles
import Testing

@testable import StationCore

@Suite struct `A fire at a door` {
    private static let text = DoorRoom.text(
        a: "fire: \"smoke/smoke == alarm\"", b: "fire: [\"smoke/smoke == alarm\"]")

    @Test func `frees every door that has its input, until it is over and reset`() throws {
        let room = try DoorRoom(Self.text)
        room.set("smoke", false)
        #expect(room.modes == [.lockedOpen, .lockedOpen])
        #expect(room.isFree(DoorRoom.a) && room.isFree(DoorRoom.b))
        // As long as it burns nobody resets it.
        #expect(room.order(.resetFire) == .refused(.fire))
        #expect(room.isFree())
        room.set("smoke", true)
        #expect(room.count("door.fireCleared") == 2)
        #expect(room.modes == [.lockedOpen, .lockedOpen])
        // The hub has not looked around.
        #expect(room.order(.resetFire, by: .hub) == .refused(.outranked))
        #expect(room.order(.resetFire) == .done(.locked, isWritten: false))
        #expect(!room.isFree() && room.isFree(DoorRoom.b))
    }

    @Test func `waits for no journal`() throws {
        let room = try DoorRoom(Self.text)
        room.isCommitting = false
        room.set("smoke", false, wait: .seconds(1))
        #expect(room.isFree())
    }

    @Test func `gives a locked-down door back to its lockdown, also over a restart`() throws {
        let room = try DoorRoom(Self.text)
        room.order(.lockDown)
        room.set("smoke", false)
        #expect(room.modes[0] == .lockedOpen && room.isFree())
        let next = try DoorRoom(Self.text, modes: room.modes, before: room)
        #expect(next.modes[0] == .lockedOpen)
        #expect(next.order(.resetFire) == .done(.lockedDown, isWritten: false))
        #expect(next.modes[0] == .lockedDown && !next.isFree())
    }

    @Test func `keeps a lockdown that comes meanwhile for later, and one that ends`() throws {
        let room = try DoorRoom(Self.text)
        room.set("smoke", false)
        #expect(room.order(.lockDown) == .done(.lockedOpen, isWritten: false))
        #expect(room.order(.lockDown, DoorRoom.b) == .done(.lockedOpen, isWritten: false))
        #expect(room.isFree())
        #expect(room.order(.releaseLockDown, DoorRoom.b) == .done(.lockedOpen, isWritten: false))
        room.set("smoke", true)
        room.order(.resetFire)
        room.order(.resetFire, DoorRoom.b)
        #expect(room.modes == [.lockedDown, .locked])
    }

    @Test func `that nobody has seen yet is not reset, and no fire`() throws {
        let room = try DoorRoom(Self.text, modes: [.lockedOpen, .locked])
        #expect(room.modes == [.lockedOpen, .locked])
        room.station.detached(DeviceID(10), .lost, at: room.now)
        room.settle()
        #expect(room.order(.resetFire) == .refused(.fire))
        #expect(room.modes[1] == .locked)
    }
}

@Suite struct `What is in the way of a door` {
    private static let text = DoorRoom.text(a: "obstacles: \"loop/door == open\"")

    @Test func `keeps it open until it is gone`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(1, at: "in-a")
        room.set("loop", false, wait: .seconds(1))
        room.run(for: .seconds(6))
        #expect(room.isFree())
        #expect(room.count("door.closingVetoed") == 1 && room.count("door.secured") == 0)
        #expect(room.station.doorStates[0].isSecured == false)
        room.set("loop", true, wait: .seconds(1))
        #expect(!room.isFree())
        #expect(room.count("door.secured") == 1)
    }

    @Test func `holds a lockdown off, and is told when it stays`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(1, at: "in-a")
        room.set("loop", false, wait: .seconds(1))
        room.order(.lockDown)
        #expect(room.modes[0] == .lockedDown && room.isFree())
        room.run(for: .seconds(31))
        #expect(room.count("door.heldOpen") == 1)
        room.set("loop", true, wait: .seconds(1))
        #expect(!room.isFree() && room.count("door.alarmEnded") == 1)
    }

    @Test func `is supposed where its sensor is lost`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(1, at: "in-a")
        room.station.detached(DeviceID(11), .lost, at: room.now)
        room.run(for: .seconds(6))
        #expect(room.isFree())
    }
}

@Suite struct `A strike in frost` {
    private static let text = DoorRoom.text(a: "frost: \"cold/door == open\"")

    @Test func `is pulsed when the door does not move, then it is a fault until it moves`() throws {
        let room = try DoorRoom(Self.text)
        room.set("cold", false, wait: .seconds(1))
        room.tap(1, at: "in-a", wait: .seconds(6))
        #expect(room.locks.map(\.isFree) == [true, false, true, false, true, false, true, false])
        #expect(room.faults(of: "strike-a") == [.frozen])
        room.tap(1, at: "in-a", wait: .milliseconds(100))
        room.walk(through: "a")
        #expect(room.faults(of: "strike-a") == [])
    }

    @Test func `is left alone while it is warm, or the door moves`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(1, at: "in-a", wait: .seconds(6))
        #expect(room.locks.map(\.isFree) == [true, false])
        room.set("cold", false, wait: .seconds(1))
        room.tap(2, at: "in-a", wait: .milliseconds(300))
        room.walk(through: "a")
        room.run(for: .seconds(6))
        #expect(room.locks.map(\.isFree) == [true, false, true, false])
    }
}

@Suite struct `Who needs more time` {
    private static let text = DoorRoom.text(a: "extended: {release: 10s, open: 60s}")

    @Test func `has it, with every card of theirs`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(1, at: "in-a", wait: .seconds(6))
        #expect(!room.isFree())
        for card in [5, 6] {
            room.tap(card, at: "in-a", wait: .seconds(14))
            #expect(room.isFree())
            room.run(for: .seconds(2))
            #expect(!room.isFree())
        }
    }

    @Test func `may have the door open for longer, and the next one not`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(5, at: "in-a")
        room.set("contact-a", false, wait: .seconds(75))
        #expect(room.count("door.heldOpenSoon") == 0)
        room.run(for: .seconds(20))
        #expect(room.count("door.heldOpenSoon") == 1 && room.count("door.heldOpen") == 1)
        room.set("contact-a", true, wait: .seconds(3))
        room.tap(1, at: "in-a")
        room.set("contact-a", false, wait: .seconds(22))
        #expect(room.count("door.heldOpenSoon") == 2)
    }

    @Test func `is let in at a door that says nothing of it as everybody else`() throws {
        let room = try DoorRoom(Self.text)
        room.tap(5, at: "in-b", wait: .seconds(6))
        #expect(!room.isFree(DoorRoom.b) && room.grants == 1)
    }
}

@Suite struct `Passback` {
    private static func room(_ rule: String, b: String = "") throws -> DoorRoom {
        try DoorRoom(DoorRoom.text(a: "passback: {area: yard, rule: \(rule)}", b: b))
    }

    private func enter(_ room: DoorRoom, _ card: Int = 5, _ reader: String = "in-a") {
        room.tap(card, at: reader)
        room.walk(through: "a")
        room.run(for: .seconds(6))
    }

    @Test func `refuses who is inside, whichever card it is, and never who goes out`() throws {
        let room = try Self.room("hard")
        enter(room)
        #expect(room.grants == 1)
        enter(room, 6)
        #expect(room.denials == [.passback])
        enter(room, 5, "out-a")
        enter(room, 5, "out-a")
        #expect(room.grants == 3)
        enter(room, 6)
        #expect(room.grants == 4 && room.denials == [.passback])
    }

    @Test func `goes by areas, not by doors`() throws {
        let room = try Self.room("hard", b: "passback: {area: yard, rule: hard}")
        enter(room)
        room.tap(5, at: "in-b", wait: .seconds(6))
        #expect(room.denials == [.passback])
        room.tap(5, at: "out-b")
        room.walk(through: "b")
        enter(room)
        #expect(room.grants == 3)
    }

    @Test func `does not count whom the door let in and who did not go`() throws {
        let room = try Self.room("hard")
        room.tap(5, at: "in-a", wait: .seconds(8))
        #expect(room.count("door.grantUnused") == 1)
        enter(room)
        #expect(room.grants == 2)
        // And who stayed inside after all is inside.
        room.tap(5, at: "out-a", wait: .seconds(8))
        enter(room)
        #expect(room.denials == [.passback])
    }

    @Test func `takes back everybody whom one release let in, if nobody went`() throws {
        let room = try Self.room("hard")
        room.tap(1, at: "in-a", wait: .seconds(1))
        room.tap(2, at: "in-a", wait: .seconds(8))
        // Whoever presses the button and stays inside leaves the key's holder outside.
        room.press("a")
        room.tap(3, at: "in-a", wait: .seconds(8))
        for card in 1...3 { enter(room, card) }
        #expect(room.denials.isEmpty && room.grants == 6)
        for card in 1...3 { enter(room, card) }
        #expect(room.denials == [.passback, .passback, .passback])
    }

    @Test func `counts who goes through a leaf that stands open already`() throws {
        let room = try Self.room("hard")
        room.tap(1, at: "in-a", wait: .seconds(1))
        room.set("contact-a", false, wait: .seconds(1))
        room.tap(2, at: "in-a", wait: .seconds(1))
        room.set("contact-a", true)
        enter(room, 1)
        enter(room, 2)
        #expect(room.denials == [.passback, .passback])
    }

    @Test func `knows both of two people who came in together`() throws {
        let room = try DoorRoom(
            DoorRoom.text(a: "passback: {area: yard, rule: hard}\nsecond_person: 10s"))
        room.tap(1, at: "in-a", wait: .seconds(1))
        enter(room, 2)
        #expect(room.denials == [.secondPerson] && room.grants == 1)
        enter(room, 1)
        enter(room, 2)
        #expect(room.denials == [.secondPerson, .passback, .passback])
    }

    @Test func `soft lets in and says so`() throws {
        let room = try Self.room("soft")
        enter(room)
        enter(room)
        let notes = room.entries.compactMap { entry -> GrantNote? in
            if case .granted(_, _, _, let note) = entry.event { note } else { nil }
        }
        #expect(notes == [.none, .passback])
    }

    @Test func `timed forgets by itself`() throws {
        let room = try DoorRoom(
            DoorRoom.text(a: "passback: {area: yard, rule: timed, forget: 2min}"))
        enter(room)
        enter(room)
        #expect(room.denials == [.passback])
        room.run(for: .seconds(120))
        enter(room)
        #expect(room.grants == 2)
    }

    @Test func `is forgotten by a word, and outlives a restart`() throws {
        let room = try Self.room("hard")
        enter(room)
        enter(room, 1)
        let next = try DoorRoom(
            DoorRoom.text(a: "passback: {area: yard, rule: hard}"), before: room)
        enter(next)
        #expect(next.denials == [.passback])
        #expect(next.order(.forgetPassback, by: .hub) == .done(.locked, isWritten: false))
        let forgotten = next.entries.compactMap { entry -> UInt32? in
            if case .passbackForgotten(_, let count) = entry.event { count } else { nil }
        }
        #expect(forgotten == [2])
        enter(next)
        #expect(next.grants == 1)
    }

    @Test func `is what the journal says after the snapshot`() throws {
        let room = try Self.room("hard")
        let holder = try #require(ShortText("h-5"))
        room.station.recalled(.went(DeviceID(0), holder: holder), at: room.now)
        enter(room)
        #expect(room.denials == [.passback])
        room.station.recalled(.went(DeviceID(0), holder: holder), at: room.now)
        room.station.recalled(.unused(DoorRoom.a), at: room.now)
        room.station.recalled(.went(DeviceID(1), holder: holder), at: room.now)
        enter(room)
        #expect(room.grants == 1)
    }
}

@Suite struct `Two people, one door, one at a time` {
    @Test func `two holders within the time are let in, two cards of one are not`() throws {
        let room = try DoorRoom(DoorRoom.text(a: "second_person: 10s"))
        room.tap(5, at: "in-a", wait: .seconds(2))
        room.tap(6, at: "in-a", wait: .seconds(2))
        #expect(room.denials == [.secondPerson, .secondPerson] && !room.isFree())
        room.tap(1, at: "in-a", wait: .seconds(1))
        #expect(room.grants == 1 && room.isFree())
        room.run(for: .seconds(9))
        room.tap(1, at: "in-a", wait: .seconds(11))
        room.tap(2, at: "in-a", wait: .seconds(1))
        #expect(room.grants == 1)
        // Nobody needs company to go out, and a lost card is no company.
        room.tap(2, at: "out-a", wait: .seconds(6))
        #expect(room.grants == 2)
        room.tap(8, at: "in-a", wait: .seconds(12))
        room.tap(2, at: "in-a", wait: .seconds(1))
        #expect(room.denials.suffix(2) == [.lost, .secondPerson])
    }

    @Test func `nobody comes in beside a card that was reported lost meanwhile`() throws {
        let room = try DoorRoom(DoorRoom.text(a: "second_person: 10s"))
        room.tap(1, at: "in-a", wait: .seconds(2))
        try room.enter(lost: [1], version: 2)
        room.tap(2, at: "in-a", wait: .seconds(1))
        #expect(!room.isFree() && room.denials == [.secondPerson, .secondPerson])
    }

    @Test func `of an interlock one door opens while the others are shut`() throws {
        let room = try DoorRoom(DoorRoom.text(a: "interlock: lock", b: "interlock: lock"))
        room.tap(1, at: "in-a", wait: .seconds(1))
        room.tap(2, at: "in-b", wait: .seconds(1))
        #expect(room.denials == [.interlock])
        #expect(room.order(.access, DoorRoom.b) == .refused(.interlock))
        room.set("contact-a", false, wait: .seconds(6))
        room.tap(2, at: "in-b", wait: .seconds(1))
        #expect(room.denials == [.interlock, .interlock])
        // Leaving is free: by the button, and by a card at the reader inside.
        room.press("b")
        #expect(room.isFree(DoorRoom.b))
        room.run(for: .seconds(6))
        room.tap(2, at: "out-b", wait: .seconds(6))
        #expect(room.grants == 2)
        room.set("contact-a", true, wait: .seconds(1))
        room.tap(2, at: "in-b", wait: .seconds(1))
        #expect(room.grants == 3)
    }

    @Test func `two taps in one commit open one door of an interlock`() throws {
        let room = try DoorRoom(DoorRoom.text(a: "interlock: lock", b: "interlock: lock"))
        room.isCommitting = false
        room.tap(1, at: "in-a", wait: .milliseconds(1))
        room.tap(2, at: "in-b", wait: .milliseconds(1))
        #expect(room.grants == 2 && !room.isFree(DoorRoom.a) && !room.isFree(DoorRoom.b))
        room.isCommitting = true
        room.run(for: .seconds(1))
        #expect(room.isFree(DoorRoom.a) && !room.isFree(DoorRoom.b))
        #expect(room.denials == [.interlock])
    }

    private static let hours = """
        hours:
          - {name: day, label: {zh: 白天, en: Day}, week: "00:00-24:00"}

        """

    @Test(arguments: [(3, "master"), (3, "crew"), (8, "rider")])
    func `hours begin only with somebody who may begin them`(wrong: Int, who: String) throws {
        let room = try DoorRoom(
            DoorRoom.text(a: "unlock: day\nfirst_person: \(who)", more: Self.hours))
        #expect(room.modes[0] == .locked)
        room.tap(wrong, at: "in-a", wait: .seconds(8))
        room.tap(7, at: "out-a", wait: .seconds(8))
        #expect(room.modes[0] == .locked)
        room.tap(7, at: "in-a", wait: .seconds(8))
        #expect(room.modes[0] == .unlocked && room.isFree())
        // A restart is no reason to wait anew.
        let next = try DoorRoom(
            DoorRoom.text(a: "unlock: day\nfirst_person: \(who)", more: Self.hours),
            modes: room.modes, followed: room.station.keptHours)
        #expect(next.modes[0] == .unlocked)
        // A lockdown is.
        next.order(.lockDown)
        next.order(.releaseLockDown)
        #expect(next.modes[0] == .locked)
        next.tap(7, at: "in-a", wait: .seconds(8))
        #expect(next.modes[0] == .unlocked)
    }
}
