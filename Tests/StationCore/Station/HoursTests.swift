// What the hours do to a gate: they act when they change, and others' words stand until they do.

import EventLoop
import Testing

@testable import StationCore

/// The gate's clock begins on Saturday, 2026-11-21, at 16:00 station time.
@Suite struct `A door that follows the hours` {
    private let door = DoorID(0)
    private let hour = Interval.seconds(3_600)
    private let day = OpeningHours(week: .everyDay(.of("9:00-17:00")), whenClockUnknown: false)

    private func order(_ command: DoorCommand, _ gate: inout Gate) {
        _ = gate.station.ordered(command, door: door, by: .crew, at: gate.now)
        gate.settle()
        gate.commit()
    }

    @Test func `stands unlocked while they are open`() {
        var gate = Gate(hours: day)
        #expect(gate.station.standingModes == [.unlocked])
        gate.run(for: hour)
        #expect(gate.station.standingModes == [.locked])
        #expect(gate.strikeValues == [false])
        gate.run(for: hour * 16)
        #expect(gate.station.standingModes == [.unlocked])
        let changes = gate.entries.compactMap { entry -> Authority? in
            guard case .modeChanged(_, _, let authority) = entry.event else { return nil }
            return authority
        }
        #expect(changes == [.schedule, .schedule])
        // Nobody ordered anything: the change itself is the entry.
        #expect(gate.count("door.commanded") == 0)
    }

    @Test func `stays locked when a person locks it, until they open again`() {
        var gate = Gate(hours: day)
        order(.lock, &gate)
        gate.run(for: .seconds(600))
        #expect(gate.station.standingModes == [.locked])
        gate.run(for: hour * 17)
        #expect(gate.station.standingModes == [.unlocked])
    }

    @Test func `is locked by their end though a person unlocked it`() {
        var gate = Gate(hours: day, standing: .locked)
        order(.lock, &gate)
        order(.unlock, &gate)
        gate.run(for: hour)
        #expect(gate.station.standingModes == [.locked])
    }

    @Test(arguments: [
        (DoorCommand.lockDown, DoorCommand.releaseLockDown, DoorMode.lockedDown),
        (.block, .unblock, .blocked),
    ])
    func `returns to them when it is given back`(
        _ take: DoorCommand, _ giveBack: DoorCommand, mode: DoorMode
    ) {
        // Taken by day, given back by day: open again.
        var gate = Gate(hours: day)
        order(take, &gate)
        #expect(gate.station.standingModes == [mode])
        let answer = gate.station.ordered(giveBack, door: door, by: .crew, at: gate.now)
        gate.settle()
        #expect(answer == .done(.unlocked, isWritten: false))
        #expect(gate.station.standingModes == [.unlocked])
        // Taken by day, given back at night: locked. The hours' change did not end it.
        order(take, &gate)
        gate.run(for: hour * 2)
        #expect(gate.station.standingModes == [mode])
        order(giveBack, &gate)
        #expect(gate.station.standingModes == [.locked])
    }

    @Test func `is locked while nobody knows what time it is`() {
        var gate = Gate(hours: day)
        gate.station.observed(.unknown, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.locked])
    }

    @Test func `follows a clock that is set by hours`() {
        var gate = Gate(hours: day)
        var calendar = gate.station.currentCalendar
        calendar.wallOffset += 5 * 3_600_000_000_000
        gate.station.observed(calendar, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.locked])
        calendar.wallOffset -= 5 * 3_600_000_000_000
        gate.station.observed(calendar, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.unlocked])
    }

    /// The journal tells the mode of the run before after the clock was first looked at.
    @Test func `knows better than an old mode, and no better than a lockdown`() {
        for (mode, becomes) in [
            (DoorMode.locked, DoorMode.unlocked), (.unlocked, .unlocked),
            (.lockedDown, .lockedDown), (.blocked, .blocked),
        ] {
            var gate = Gate(hours: day)
            gate.station.recalled(mode, of: door, by: .crew, at: gate.now)
            gate.settle()
            #expect(gate.station.standingModes == [becomes])
        }
    }

    @Test func `goes on from where it was: what a person locked by day stays locked`() {
        var gate = Gate(hours: day, standing: .locked, followed: true)
        #expect(gate.station.standingModes == [.locked])
        gate.run(for: hour * 17)
        #expect(gate.station.standingModes == [.unlocked])
        let opened = Gate(hours: day, followed: false)
        #expect(opened.station.standingModes == [.unlocked])
        let shut = Gate(
            hours: OpeningHours(week: .closed), standing: .unlocked, followed: true)
        #expect(shut.station.standingModes == [.locked])
    }

    @Test func `is given back what a lost clock took, and no more`() {
        var gate = Gate(hours: day)
        let clock = gate.station.currentCalendar
        for (isLockedByHand, becomes) in [(false, DoorMode.unlocked), (true, .locked)] {
            if isLockedByHand { order(.lock, &gate) }
            gate.station.observed(.unknown, at: gate.now)
            gate.settle()
            #expect(gate.station.standingModes == [.locked])
            gate.station.observed(clock, at: gate.now)
            gate.settle()
            #expect(gate.station.standingModes == [becomes])
        }
    }

    /// Power that comes and goes twice before the network has told the time.
    @Test func `that was locked for want of a clock opens in the next run as well`() {
        var gate = Gate(hours: day)
        let clock = gate.station.currentCalendar
        gate.station.observed(.unknown, at: gate.now)
        gate.settle()
        #expect(gate.station.keptHours == [nil])
        var next = Gate(hours: day, standing: .locked, followed: gate.station.keptHours[0])
        next.station.observed(.unknown, at: next.now)
        next.settle()
        next.station.observed(clock, at: next.now)
        next.settle()
        #expect(next.station.standingModes == [.unlocked])
    }

    @Test func `that a person locks while the clock is lost stays locked`() {
        var gate = Gate(hours: day)
        let clock = gate.station.currentCalendar
        gate.station.observed(.unknown, at: gate.now)
        gate.settle()
        order(.lock, &gate)
        gate.station.observed(clock, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.locked])
    }

    @Test func `does what a master says of today`() throws {
        var gate = Gate(hours: day)
        let date = try #require(CivilDate("2026-11-21"))
        let answer = gate.station.decided(.today(date, .of("9:00-20:00")), for: 0, at: gate.now)
        #expect(answer?.cause == .today)
        gate.run(for: hour * 2)
        #expect(gate.station.standingModes == [.unlocked])
        _ = gate.station.decided(.today(date, .closed), for: 0, at: gate.now)
        gate.settle()
        #expect(gate.station.standingModes == [.locked])
        let none = gate.station.decided(nil, for: 1, at: gate.now)
        #expect(none == nil)
    }

    @Test func `must have a lock that may stay energized, and hours that exist`() {
        var resolved = Gate.resolved(JournalSettings())
        resolved.doors[0].unlockHours = 0
        #expect(throws: ResolvedStation.Flaw.value(.hours, index: 0)) {
            try resolved.checkShape()
        }
        resolved.hours = [
            ResolvedHours(name: "day", labelChinese: "", labelEnglish: "", hours: day)
        ]
        #expect(throws: Never.self) { try resolved.checkShape() }
        resolved.devices[1].driver = .lock(
            LockSettings(kind: .strike, safety: .pull, duty: .intermittent))
        #expect(throws: ResolvedStation.Flaw.value(.hours, index: 0)) {
            try resolved.checkShape()
        }
    }
}
