// What a crew does to an OSDP reader of a station: keys, new starts, tests, addresses.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A crew at an OSDP reader` {
    /// A station that has no key for its first reader, which is in install mode.
    private func gate(hasKeys: Bool = false) -> OSDPGate {
        let gate = OSDPGate(readers: 2, hasKeys: hasKeys)
        if !hasKeys {
            gate.line.pds[0].key = nil
            gate.line.pds[0].isInInstallMode = true
        }
        gate.run(for: .seconds(3))
        return gate
    }

    private func order(_ order: ReaderOrder, _ place: Int, _ gate: OSDPGate) -> ReaderRefusal? {
        let refusal = gate.station.ordered(
            order, reader: gate.reader(place), by: .crew, at: gate.now)
        gate.run(for: .zero)
        return refusal
    }

    @Test func `gives it a key, which is kept before it is sent and again when it is proven`() {
        let gate = gate()
        #expect(gate.faults(0) == [.insecure])
        #expect(order(.install, 0, gate) == nil)
        gate.run(for: .seconds(2))
        #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
        #expect(gate.kept.map(\.isProven) == [false, true])
        #expect(gate.kept.allSatisfy { $0.reader == gate.reader(0) })
        #expect(gate.kept.allSatisfy { $0.key == gate.line.pds[0].key })
        #expect(gate.services(0) == [.installBegun, .installed])
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    @Test func `is looked after by people whom the entries name, what comes of it later too`() {
        let gate = gate()
        let (bo, ai) = (CrewMember(user: 7, name: "bo"), CrewMember(user: 8, name: "ai"))
        let reader = gate.reader(0)
        let begun = gate.station.ordered(
            .install, reader: reader, by: .crew, person: bo, at: gate.now)
        gate.run(for: .seconds(2))
        let played = gate.station.ordered(
            .play(.comeIn), reader: reader, by: .crew, person: ai, at: gate.now)
        #expect(begun == nil && played == nil)
        gate.run(for: .seconds(1))
        #expect(gate.services(0) == [.installBegun, .installed, .tested])
        let people = gate.entries.compactMap { entry in
            if case .readerServiced = entry.event { "\(entry.key) \(entry.holder)" } else { nil }
        }
        #expect(people == ["uid:7 bo", "uid:7 bo", "uid:8 ai"])
    }

    @Test func `gives it none that cannot be kept`() {
        let gate = gate()
        gate.storeTakes = false
        #expect(order(.install, 0, gate) == nil)
        gate.run(for: .seconds(5))
        #expect(gate.line.pds[0].key == nil && gate.line.pds[0].isInInstallMode)
        #expect(gate.services(0) == [.installBegun, .installNotKept])
        #expect(gate.faults(0) == [.insecure])
    }

    @Test func `never gives a key without an order, however long it waits`() {
        let gate = gate()
        gate.run(for: .seconds(600))
        #expect(gate.line.pds[0].key == nil && gate.kept.isEmpty)
    }

    @Test func `has five minutes`() {
        let gate = gate()
        gate.line.pds[0].isInInstallMode = false
        #expect(order(.install, 0, gate) == nil)
        gate.run(for: .seconds(299))
        #expect(gate.services(0) == [.installBegun])
        gate.run(for: .seconds(2))
        #expect(gate.services(0) == [.installBegun, .installEnded])
        gate.line.pds[0].isInInstallMode = true
        gate.run(for: .seconds(60))
        #expect(gate.kept.isEmpty)
    }

    @Test func `may end it, and begins it for one reader at a time`() {
        let gate = gate()
        gate.line.pds[0].isInInstallMode = false
        #expect(order(.install, 0, gate) == nil)
        #expect(order(.install, 1, gate) == .installing(gate.reader(0)))
        #expect(order(.cancelInstall, 0, gate) == nil)
        #expect(gate.services(0) == [.installBegun, .installEnded])
        #expect(order(.install, 1, gate) == nil)
    }

    @Test func `is refused where nothing can be done`() {
        let gate = gate(hasKeys: true)
        #expect(order(.install, 0, gate) == .secured)
        #expect(order(.move(address: 1, baud: 115_200), 0, gate) == .impossible)
        #expect(order(.move(address: 7, baud: 115_201), 0, gate) == .impossible)
        #expect(
            gate.station.ordered(.reset, reader: gate.strike(0), by: .crew, at: gate.now)
                == .noReader)
        #expect(
            gate.station.ordered(.reset, reader: DeviceID(500), by: .crew, at: gate.now)
                == .noReader)
        gate.line.unplug(at: gate.now)
        gate.run(for: .milliseconds(1))
        #expect(order(.reset, 0, gate) == .offline)
        #expect(gate.services(0).isEmpty)
    }

    @Test func `has it begin from the beginning`() {
        let gate = gate(hasKeys: true)
        #expect(order(.reset, 0, gate) == nil)
        gate.run(for: .seconds(1))
        #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
        #expect(gate.services(0) == [.reset])
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    @Test func `has it play its rhythms`() {
        let gate = gate(hasKeys: true)
        for rhythm in Rhythm.allCases {
            #expect(order(.play(rhythm), 0, gate) == nil)
            gate.run(for: .seconds(1))
        }
        #expect(
            gate.line.pds[0].obeyed.filter { if case .buzz = $0 { true } else { false } } == [
                .buzz(OSDPBuzz(onTenths: 6, offTenths: 0, repetitions: 1)),
                .buzz(OSDPBuzz(onTenths: 2, offTenths: 2, repetitions: 2)),
                .buzz(OSDPBuzz(onTenths: 2, offTenths: 2, repetitions: 3)),
            ])
        #expect(gate.services(0) == [.tested, .tested, .tested])
    }

    /// What was begun has an end in the journal, whatever becomes of the line.
    @Test func `hears what became of a move when the line is pulled out in the middle of it`() {
        for delay in [Int64(0), 1, 6, 12] {
            let gate = gate(hasKeys: true)
            gate.line.pds[0].misbehave(.silent, times: 8)
            #expect(order(.move(address: 9, baud: 115_200), 0, gate) == nil)
            #expect(order(.move(address: 8, baud: 115_200), 0, gate) == .busy)
            gate.run(for: .milliseconds(delay))
            gate.line.unplug(at: gate.now)
            gate.run(for: .milliseconds(50))
            #expect(gate.faults(0) == [.lost])
            #expect(gate.services(0) == [.moveBegun, .moveFailed], "after \(delay) ms")
        }
    }

    @Test func `hears that a reader did not move which answered something else`() {
        let gate = gate(hasKeys: true)
        gate.line.pds[0].answersMovesWithACK = true
        #expect(order(.move(address: 9, baud: 115_200), 0, gate) == nil)
        gate.run(for: .seconds(2))
        #expect(gate.services(0) == [.moveBegun, .moveFailed])
        #expect(gate.isOnline(0))
    }

    @Test func `hears that a move was cut off by a new start`() {
        let gate = gate(hasKeys: true)
        gate.line.pds[0].misbehave(.silent, times: 1)
        #expect(order(.move(address: 9, baud: 115_200), 0, gate) == nil)
        gate.run(for: .milliseconds(20))
        #expect(order(.reset, 0, gate) == nil)
        gate.run(for: .seconds(1))
        #expect(gate.services(0) == [.moveBegun, .reset, .moveFailed])
    }

    /// Every reader of a full line at once, and a late loop that sees all of it in one step.
    @Test func `survives sixteen moves that come to nothing at the same time`() {
        let gate = OSDPGate(readers: 16)
        gate.run(for: .seconds(4))
        for place in 0..<16 {
            gate.line.pds[place].isConnected = false
            #expect(order(.move(address: UInt8(100 + place), baud: 115_200), place, gate) == nil)
        }
        gate.late(by: .seconds(20))
        gate.run(for: .seconds(1))
        for place in 0..<16 {
            #expect(gate.services(place) == [.moveBegun, .moveFailed])
            #expect(gate.faults(place) == [.silent])
        }
    }

    @Test func `gives it another address, and the line another speed when all its readers have it`()
    {
        let gate = gate(hasKeys: true)
        #expect(order(.move(address: 9, baud: 38_400), 0, gate) == nil)
        gate.run(for: .seconds(2))
        #expect(gate.line.pds[0].address == 9)
        #expect(order(.move(address: 1, baud: 38_400), 1, gate) == nil)
        gate.run(for: .seconds(4))
        #expect(gate.services(0) == [.moveBegun, .moved])
        #expect(gate.isOnline(0) && gate.isOnline(1))
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }
}
