// One tap is one event on every kind of reader, and the answer is one of three rhythms.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A tap on a reader with a channel` {
    static func ready(_ kind: ReaderKind, seed: UInt64 = 1) throws -> ReaderGate {
        let gate = ReaderGate(kind, seed: seed)
        _ = try #require(gate.wait(atMost: .seconds(2)) { gate.isReady })
        gate.run(for: .seconds(1))
        gate.forget()
        return gate
    }

    @Test(arguments: ReaderKind.allCases)
    func `is one event, however long the card lies there`(kind: ReaderKind) throws {
        let gate = try Self.ready(kind)
        gate.hold(1, for: .seconds(20))
        gate.run(for: .seconds(25))
        #expect(gate.grants == 1)
        #expect(gate.faults.isEmpty)
    }

    @Test(arguments: ReaderKind.allCases)
    func `is told again after the card was away, and not for a moment's slip`(
        kind: ReaderKind
    ) throws {
        let gate = try Self.ready(kind)
        for round in 1...5 {
            gate.hold(1, for: .milliseconds(700))
            gate.run(for: .milliseconds(700) + kind.rearm)
            #expect(gate.grants == round)
        }
        // It slips out of the field and back: for some readers that is another reading, which comes
        // too soon to be another tap.
        let short: Int64 = kind.technology == .em4100 ? 300 : 600
        gate.hold(2, for: .milliseconds(short))
        gate.run(for: .milliseconds(short + 150))
        gate.hold(2, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        #expect(gate.grants == 6)
    }

    @Test(arguments: [ReaderKind.acr122u, .generic, .pn532])
    func `of two cards at once is one event for each`(kind: ReaderKind) throws {
        let gate = try Self.ready(kind)
        gate.hold(1, for: .seconds(2))
        gate.hold(2, for: .seconds(5))
        gate.run(for: .seconds(8))
        #expect(gate.grants == 2)
    }

    @Test(arguments: [ReaderKind.rdm6300, .wedge])
    func `at 125 kHz waits until a card is alone in the field`(kind: ReaderKind) throws {
        let gate = try Self.ready(kind)
        gate.hold(1, for: .seconds(2))
        gate.hold(2, for: .seconds(5))
        gate.run(for: .milliseconds(1_900))
        #expect(gate.grants == 0)
        gate.run(for: .seconds(6))
        #expect(gate.grants == 1)
    }

    @Test(arguments: ReaderKind.allCases)
    func `of a known card is not delayed by any number of unknown ones`(
        kind: ReaderKind
    ) throws {
        let gate = try Self.ready(kind)
        for stranger in 0..<40 {
            gate.hold(100 + stranger, for: .milliseconds(500))
            gate.run(for: .milliseconds(500) + kind.rearm)
        }
        let counted = gate.station.counters.denials
        let unknown = counted[Int(Denial.unknown.rawValue)]
        let limited = counted[Int(Denial.rateLimited.rawValue)]
        // All were answered; beyond the limit of a minute they were only counted.
        #expect(unknown + limited == 40)
        #expect(limited > 0)
        gate.forget()
        gate.hold(3, for: .milliseconds(700))
        let took = gate.wait(atMost: .seconds(1)) { gate.grants == 1 }
        #expect(try #require(took) <= .milliseconds(500))
    }

    @Test(arguments: ReaderKind.allCases.filter(\.hasLines))
    func `is answered with a long beep, two short ones or three`(kind: ReaderKind) throws {
        let gate = try Self.ready(kind)
        gate.hold(1, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        #expect(gate.rhythm == [600])
        gate.forget()
        gate.hold(200, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        // Unknown: ask someone.
        #expect(gate.rhythm == [150, 150, 150, 150, 150])
    }

    @Test func `that was spoiled on its way asks for another try`() throws {
        let gate = try Self.ready(.wedge)
        gate.twin.misbehave(ReaderMischief(.garbled), at: gate.now)
        gate.hold(1, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        // Malformed: try again.
        #expect(gate.rhythm == [150, 150, 150])
    }

    @Test func `on an ACR122U is answered by its own light and sound`() throws {
        let gate = try Self.ready(.acr122u)
        let twin = try #require(gate.twin as? VirtualCCID)
        gate.hold(1, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        // Green, 6 x 100 ms, once, loud.
        #expect(twin.shown.map(\.command) == [[0xff, 0, 0x40, 0xac, 4, 6, 0, 1, 1]])
        gate.hold(200, for: .milliseconds(600))
        gate.run(for: .seconds(3))
        // Red, 2 x 100 ms and as long a pause, three times.
        #expect(twin.shown.last?.command == [0xff, 0, 0x40, 0x5c, 4, 2, 2, 3, 1])
        #expect(twin.shown.count == 2)
    }

    @Test(arguments: ReaderKind.allCases, [UInt64(1), 2, 3])
    func `is decided within half a second of the card`(kind: ReaderKind, seed: UInt64) throws {
        let gate = try Self.ready(kind, seed: seed)
        for round in 1...10 {
            gate.hold(round % 10, for: .milliseconds(800))
            let took = gate.wait(atMost: .seconds(1)) { gate.grants == round }
            #expect(try #require(took) <= .milliseconds(500))
            gate.run(for: .seconds(3) + .milliseconds(Int64(37 * round)))
        }
    }
}
