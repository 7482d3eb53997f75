// What a crew tells a door: it moves or says why not, and the journal has the order either way.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A crew's order for a door` {
    private let door = DoorID(0)

    /// Gives an order. What frees the lock waits until the journal has it.
    private func order(
        _ command: DoorCommand, _ gate: inout Gate, commits: Bool = true
    ) -> DoorAnswer {
        let answer = gate.station.ordered(
            command, door: door, by: .crew, person: CrewMember(user: 1_000, name: "zhang"),
            number: 7, at: gate.now)
        gate.settle()
        guard answer == .waits, commits else { return answer }
        #expect(gate.strikeValues.isEmpty)
        gate.commit()
        return take(&gate)
    }

    private func take(_ gate: inout Gate) -> DoorAnswer {
        guard let (number, answer) = gate.station.takeDoorAnswer() else { return .waits }
        #expect(number == 7)
        return answer
    }

    @Test func `changes the mode and says which it is now`() {
        var gate = Gate()
        #expect(order(.unlock, &gate) == .done(.unlocked, isWritten: true))
        #expect(gate.station.standingModes == [.unlocked])
        #expect(!gate.station.doorStates[0].isSecured)
        #expect(order(.lock, &gate) == .done(.locked, isWritten: false))
        #expect(gate.station.doorStates[0].isSecured)
        #expect(gate.count("door.commanded") == 2)
        #expect(gate.count("door.modeChanged") == 2)
    }

    @Test func `lets one person in once it is durable, and leaves the mode alone`() {
        var gate = Gate()
        #expect(order(.access, &gate) == .done(.locked, isWritten: true))
        #expect(!gate.station.doorStates[0].isSecured)
        #expect(gate.count("door.released") == 1)
        // The release names the order that it came of.
        let ordered = gate.entries.first { $0.event.name == "door.commanded" }
        let grants = gate.entries.compactMap { entry -> Ticket? in
            guard case .released(_, .command, let grant, _, .none) = entry.event else { return nil }
            return grant
        }
        #expect(grants == [ordered?.ticket])
        #expect(gate.station.counters.releaseLatency.count == 0)
        gate.run(for: .seconds(60))
        #expect(gate.station.doorStates[0].isSecured)
    }

    @Test func `names who gave it`() {
        var gate = Gate()
        _ = order(.block, &gate)
        let entry = gate.entries.first { $0.event.name == "door.commanded" }
        #expect(entry?.key == ShortText("uid:1000") && entry?.holder == ShortText("zhang"))
        #expect(CrewMember(user: .max, name: "張三").id == ShortText("uid:4294967295"))
        #expect(CrewMember(user: .max, name: "張三").name == .empty)
    }

    @Test(arguments: [DoorCommand.access, .unlock])
    func `does not wait for a slow journal longer than a key does`(command: DoorCommand) {
        var gate = Gate()
        #expect(order(command, &gate, commits: false) == .waits)
        gate.run(for: .milliseconds(149))
        #expect(gate.strikeValues.isEmpty)
        gate.run(for: .milliseconds(2))
        #expect(gate.strikeValues == [true])
        let mode: DoorMode = command == .access ? .locked : .unlocked
        #expect(take(&gate) == .done(mode, isWritten: false))
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
    }

    @Test(arguments: [DoorCommand.access, .unlock])
    func `of a strict station is refused when it cannot be written`(command: DoorCommand) {
        var gate = Gate(JournalSettings(commitWait: .strict))
        gate.station.answered(.failed, at: gate.now)
        #expect(order(command, &gate, commits: false) == .waits)
        gate.run(for: .seconds(4))
        #expect(gate.strikeValues.isEmpty)
        #expect(take(&gate) == .refused(.notRecorded))
        #expect(gate.count("door.commandRefused") == 1)
        // There is no room for the entry at all: no sooner asked than refused.
        gate.fillOutbox()
        #expect(order(command, &gate, commits: false) == .refused(.notRecorded))
        #expect(gate.station.standingModes == [.locked])
    }

    @Test func `that stops or locks never waits, whatever the journal does`() {
        for command in [DoorCommand.lock, .block, .lockDown] {
            var gate = Gate(JournalSettings(commitWait: .strict))
            gate.station.answered(.failed, at: gate.now)
            gate.fillOutbox()
            guard case .done = order(command, &gate, commits: false) else {
                Issue.record("\(command) waits")
                continue
            }
        }
    }

    @Test func `that waits is overtaken by a lockdown`() {
        for command in [DoorCommand.access, .unlock] {
            var gate = Gate()
            #expect(order(command, &gate, commits: false) == .waits)
            #expect(order(.lockDown, &gate) == .done(.lockedDown, isWritten: false))
            gate.commit()
            #expect(take(&gate) == .refused(.mode(.lockedDown)))
            #expect(gate.strikeValues.isEmpty && gate.station.standingModes == [.lockedDown])
        }
    }

    @Test func `that waits is overtaken by any word that does not`() {
        for command in [DoorCommand.access, .unlock] {
            var gate = Gate()
            #expect(order(command, &gate, commits: false) == .waits)
            #expect(order(.lock, &gate) == .done(.locked, isWritten: false))
            gate.commit()
            #expect(take(&gate) == .refused(.overtaken))
            #expect(gate.strikeValues.isEmpty && gate.station.standingModes == [.locked])
            // The next one is not.
            #expect(order(command, &gate, commits: false) == .waits)
            gate.commit()
            guard case .done = take(&gate) else {
                Issue.record("\(command) is refused")
                continue
            }
        }
    }

    @Test func `to lock down overtakes a key that is let go in the same moment`() {
        var gate = Gate()
        gate.tap(Gate.known)
        let last = gate.entries.last?.ticket ?? Ticket(number: 0)
        // Both are taken in one tick, before their consequences run.
        gate.station.ordered(.lockDown, door: door, by: .crew, at: gate.now)
        gate.station.answered(.committed(upTo: last, lastSequence: 1), at: gate.now)
        gate.settle()
        #expect(gate.station.doorStates[0].isSecured && !gate.strikeValues.contains(true))
        // Leaving stays free.
        gate.press()
        #expect(!gate.station.doorStates[0].isSecured)
    }

    @Test func `is refused where the mode does not allow it, and written down`() {
        var gate = Gate()
        #expect(order(.lockDown, &gate) == .done(.lockedDown, isWritten: false))
        for command in [DoorCommand.access, .unlock, .lock, .unblock] {
            #expect(order(command, &gate) == .refused(.mode(.lockedDown)))
        }
        #expect(gate.station.standingModes == [.lockedDown])
        #expect(gate.count("door.commanded") == 5)
        #expect(gate.count("door.commandRefused") == 4)
        #expect(order(.releaseLockDown, &gate) == .done(.locked, isWritten: false))
    }

    @Test func `lets nobody in through a lock that is not there, and keeps the mode for later`() {
        var gate = Gate()
        gate.station.detached(gate.station.wiring.locks[0], .lost, at: gate.now)
        #expect(order(.access, &gate) == .refused(.lockMissing))
        #expect(order(.block, &gate) == .done(.blocked, isWritten: false))
        #expect(gate.station.standingModes == [.blocked])
    }

    @Test func `does not leave a lock energized that must not stay so`() {
        var resolved = Gate.resolved(JournalSettings())
        resolved.devices[Int(Gate.strike.index)].driver = .lock(
            LockSettings(kind: .strike, safety: .pull, duty: .intermittent))
        var station = Station(resolved)
        let now = Instant(nanoseconds: 1)
        station.attached(Gate.strike, at: now)
        let refused = station.ordered(.unlock, door: door, by: .crew, at: now)
        #expect(refused == .refused(.duty))
        _ = station.pump(steps: 100, at: now)
        #expect(station.standingModes == [.locked])
        let last = station.outbox.count - 1
        #expect(station.outbox[last - 1].event.name == "door.commanded")
        #expect(station.outbox[last].event.name == "door.commandRefused")
        let allowed = station.ordered(.access, door: door, by: .crew, at: now)
        #expect(allowed == .waits)
    }

    @Test func `through a lock that is not there opens nothing when it is back`() {
        var gate = Gate()
        gate.station.detached(Gate.strike, .lost, at: gate.now)
        #expect(order(.access, &gate) == .refused(.lockMissing))
        gate.commit()
        gate.station.attached(Gate.strike, at: gate.now)
        gate.run(for: .seconds(1))
        #expect(gate.count("door.released") == 0)
        #expect(gate.count("door.commanded") == 1)
    }

    @Test func `is foretold for every command and mode as the door then does it`() {
        for mode in DoorMode.allCases {
            for command in DoorCommand.allCases {
                var door = Door(
                    Door.Settings(Gate.resolved(JournalSettings()).doors[0]), standing: mode)
                let foretold = door.standingMode(after: command)
                let outputs = door.handle(
                    .command(command, by: .crew), at: Instant(nanoseconds: 1))
                let isRefused = (0..<outputs.count).contains { outputs[$0] == .refused(command) }
                #expect((foretold == nil) == isRefused, "\(mode) \(command)")
                if let foretold { #expect(door.standingMode == foretold) }
            }
        }
    }
}
