// What a crew tells a door: it moves or says why not, and the journal has the order either way.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A crew's order for a door` {
    private let door = DoorID(0)

    private func order(
        _ command: DoorCommand, _ gate: inout Gate
    ) -> Result<DoorMode, DoorRefusal> {
        let answer = gate.station.ordered(command, door: door, by: .crew, at: gate.now)
        gate.settle()
        return answer
    }

    @Test func `changes the mode and says which it is now`() {
        var gate = Gate()
        #expect(order(.unlock, &gate) == .success(.unlocked))
        #expect(gate.station.standingModes == [.unlocked])
        #expect(!gate.station.doorStates[0].isSecured)
        #expect(order(.lock, &gate) == .success(.locked))
        #expect(gate.station.doorStates[0].isSecured)
        #expect(gate.count("door.commanded") == 2)
        #expect(gate.count("door.modeChanged") == 2)
    }

    @Test func `lets one person in and leaves the mode alone`() {
        var gate = Gate()
        #expect(order(.access, &gate) == .success(.locked))
        #expect(!gate.station.doorStates[0].isSecured)
        #expect(gate.count("access.released") + gate.count("door.released") == 1)
        gate.run(for: .seconds(60))
        #expect(gate.station.doorStates[0].isSecured)
    }

    @Test func `is refused where the mode does not allow it, and written down`() {
        var gate = Gate()
        #expect(order(.lockDown, &gate) == .success(.lockedDown))
        for command in [DoorCommand.access, .unlock, .lock, .unblock] {
            #expect(order(command, &gate) == .failure(.mode(.lockedDown)))
        }
        #expect(gate.station.standingModes == [.lockedDown])
        #expect(gate.count("door.commanded") == 5)
        #expect(order(.releaseLockDown, &gate) == .success(.locked))
    }

    @Test func `lets nobody in through a lock that is not there, and keeps the mode for later`() {
        var gate = Gate()
        gate.station.detached(gate.station.wiring.locks[0], .lost, at: gate.now)
        #expect(order(.access, &gate) == .failure(.lockMissing))
        #expect(order(.block, &gate) == .success(.blocked))
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
        #expect(refused == .failure(.duty))
        _ = station.pump(steps: 100, at: now)
        #expect(station.standingModes == [.locked])
        #expect(station.outbox[station.outbox.count - 1].event.name == "door.commanded")
        let allowed = station.ordered(.access, door: door, by: .crew, at: now)
        #expect(allowed == .success(.locked))
    }

    @Test func `through a lock that is not there opens nothing when it is back`() {
        var gate = Gate()
        gate.station.detached(Gate.strike, .lost, at: gate.now)
        #expect(order(.access, &gate) == .failure(.lockMissing))
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
