// What a faulty wire or idle fingers can write into the journal, and what they cannot hide.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A flood` {
    @Test func `of lost edges is ten entries, a fault, and a sum when the minute is over`() {
        var gate = Gate()
        for _ in 0..<25 { gate.station.edgesLost(3, of: Gate.contact, at: gate.now) }
        gate.settle()
        #expect(gate.count("device.edgesLost") == FloodLimiter.rare)
        let contact = Int(Gate.contact.index)
        #expect(gate.station.deviceHealth[contact].faults.map(\.fault) == [.overrun])
        #expect(gate.station.deviceHealth[contact].edgesLost == 75)
        gate.run(for: .seconds(60))
        let sums = gate.entries.compactMap { entry -> UInt32? in
            guard case .edgesLost(Gate.contact, let count) = entry.event else { return nil }
            return count
        }
        #expect(sums == Array(repeating: 3, count: 10) + [45])
        #expect(gate.station.deviceHealth[contact].faults.isEmpty)
    }

    @Test func `that goes on keeps its one fault`() {
        var gate = Gate()
        for _ in 0..<600 {
            for _ in 0..<5 { gate.station.edgesLost(1, of: Gate.contact, at: gate.now) }
            gate.run(for: .seconds(1))
        }
        #expect(gate.count("device.faultRaised") == 1)
        #expect(gate.count("device.faultCleared") == 0)
        #expect(gate.count("device.edgesLost") <= 10 * (FloodLimiter.rare + 1))
    }

    @Test func `of a single gap now and then is no fault`() {
        var gate = Gate()
        for _ in 0..<20 {
            gate.station.edgesLost(1, of: Gate.contact, at: gate.now)
            gate.run(for: .seconds(7))
        }
        #expect(gate.count("device.edgesLost") == 20)
        #expect(gate.count("device.faultRaised") == 0)
    }

    @Test func `of a contact is counted, and then says how the leaf is`() {
        var gate = Gate()
        // The first reading was one, too.
        gate.run(for: .seconds(60))
        for _ in 0..<45 {
            gate.setContact(closed: false)
            gate.setContact(closed: true)
        }
        #expect(gate.count("door.opened") + gate.count("door.closed") == FloodLimiter.changes)
        #expect(gate.count("device.faultRaised") == 1)
        gate.run(for: .seconds(60))
        let after = gate.entries.drop { $0.event != .changesCounted(door: DoorID(0), count: 30) }
        #expect(after.dropFirst().first?.event == .closed(door: DoorID(0)))
        #expect(gate.station.deviceHealth[Int(Gate.contact.index)].faults.isEmpty)
    }

    @Test func `of a contact does not hide that the door was forced`() {
        var gate = Gate()
        // The busiest minute: everybody has a key.
        gate.station.commanded(.unlock, door: DoorID(0), by: .crew, at: gate.now)
        gate.settle()
        gate.commit()
        for _ in 0..<40 {
            gate.setContact(closed: false)
            gate.setContact(closed: true)
        }
        gate.station.commanded(.lock, door: DoorID(0), by: .crew, at: gate.now)
        gate.run(for: .seconds(2))
        #expect(gate.count("door.forced") == 0)
        for _ in 0..<9 {
            gate.setContact(closed: false)
            gate.setContact(closed: true)
        }
        #expect(gate.count("door.forced") == 1)
        #expect(gate.count("door.alarmEnded") == 1)
    }

    @Test func `of a contact and its chatter are one fault until both are over`() {
        var gate = Gate()
        let contact = Int(Gate.contact.index)
        // A hundred edges within seconds: the driver does not believe them, and neither does the
        // minute's limit the changes that settle in between.
        for _ in 0..<2 {
            for _ in 0..<45 {
                gate.setContact(closed: false)
                gate.setContact(closed: true)
            }
        }
        #expect(gate.station.deviceHealth[contact].faults.map(\.fault) == [.contactFlaky])
        #expect(gate.count("device.faultRaised") == 1)
        // The chatter ends first; the flood lasts a minute after its last change.
        gate.run(for: .seconds(30))
        #expect(gate.station.deviceHealth[contact].faults.map(\.fault) == [.contactFlaky])
        #expect(gate.count("device.faultCleared") == 0)
        gate.run(for: .seconds(60))
        #expect(gate.station.deviceHealth[contact].faults.isEmpty)
        #expect(gate.count("device.faultCleared") == 1)
        // And the other way round: the flood is over, the chatter goes on and is still told.
        for owner in [StandingFaults.Owner.driver, .flood] {
            gate.station.raise(.contactFlaky, of: contact, by: owner, at: gate.now)
        }
        gate.station.clear(.contactFlaky, of: contact, by: .flood, at: gate.now)
        #expect(gate.station.deviceHealth[contact].faults.map(\.fault) == [.contactFlaky])
        gate.station.clear(.contactFlaky, of: contact, by: .driver, at: gate.now)
        #expect(gate.station.deviceHealth[contact].faults.isEmpty)
    }

    @Test func `has nothing to do with a member of a bus whose reading head is missing`() {
        var gate = Gate()
        let reader = Int(Gate.reader.index)
        func told(_ gate: borrowing Gate) -> [Fault] {
            gate.station.deviceHealth[reader].faults.map(\.fault)
        }
        gate.station.came(reader, at: gate.now)
        // It answers, and says that its head does not.
        gate.station.raise(.silent, of: reader, at: gate.now)
        gate.station.came(reader, at: gate.now)
        #expect(told(gate) == [.silent])
        // Now it does not answer at all: one fault still, and it is the bus's.
        gate.station.left(reader, .silent, at: gate.now)
        #expect(told(gate) == [.silent])
        gate.station.came(reader, at: gate.now)
        #expect(told(gate).isEmpty)
        gate.station.raise(.silent, of: reader, at: gate.now)
        gate.station.clear(.silent, of: reader, at: gate.now)
        #expect(told(gate).isEmpty)
    }

    @Test func `of presses is counted while the door is free anyway`() {
        var gate = Gate()
        for _ in 0..<40 { gate.pressAndLetGo() }
        #expect(gate.count("door.exitRequested") == FloodLimiter.exits)
        #expect(gate.count("door.released") == FloodLimiter.exits)
        gate.run(for: .seconds(6))
        #expect(gate.strikeValues == [true, false])
        // A lock that is freed is always told, and people get out however often they press.
        gate.pressAndLetGo()
        #expect(gate.strikeValues == [true, false, true])
        #expect(gate.count("door.released") == FloodLimiter.exits + 1)
        gate.run(for: .seconds(60))
        #expect(gate.entries.contains { $0.event == .exitsCounted(door: DoorID(0), count: 11) })
    }

    @Test func `is counted to the end when the station stops`() {
        var gate = Gate()
        for guess in 0..<15 {
            gate.tap(WiegandFormat.h10301.encode(facility: 9, number: UInt128(100 + guess))!)
        }
        for _ in 0..<12 { gate.station.edgesLost(2, of: Gate.contact, at: gate.now) }
        gate.entries = []
        gate.station.stopping(at: gate.now)
        gate.settle()
        let counts = gate.entries.suffix(3).map(\.event)
        #expect(
            counts == [
                .unknownsCounted(reader: Gate.reader, count: 5),
                .edgesLost(device: Gate.contact, count: 4), .stopped,
            ])
        gate.run(for: .seconds(60))
        #expect(gate.count("access.unknownsCounted") == 1)
    }
}
