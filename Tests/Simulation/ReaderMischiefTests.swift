// Readers on channels that misbehave: each fault alone, told and over, and never a door for nobody.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A reader that misbehaves` {
    /// Every kind of reader with everything that it can do wrong.
    static let cases: [(ReaderKind, ReaderMischief.Kind)] = ReaderKind.allCases.flatMap { kind in
        ReaderGate(kind).twin.mischiefs.map { (kind, $0) }
    }

    @Test(arguments: cases)
    func `works again by itself, without a fault, and has read no card wrongly`(
        kind: ReaderKind, fault: ReaderMischief.Kind
    ) throws {
        let gate = try `A tap on a reader with a channel`.ready(kind)
        for round in 0..<6 {
            gate.twin.misbehave(
                ReaderMischief(fault, fault == .deaf ? .seconds(4) : .milliseconds(400)),
                at: gate.now)
            gate.hold(round, for: .milliseconds(900))
            gate.run(for: .milliseconds(200 + Int64(round) * 90))
            for _ in 0..<3 where !gate.twin.isPlugged {
                gate.run(for: .seconds(1))
                gate.twin.plug(at: gate.now)
                gate.run(for: .milliseconds(200))
            }
            gate.run(for: .seconds(20))
            if !gate.twin.isPlugged { gate.twin.plug(at: gate.now) }
            gate.run(for: .seconds(3))
            #expect(gate.isReady && gate.faults.isEmpty, "round \(round)")
        }
        #expect(gate.grants <= 6)
        #expect(gate.denials(.unknown) == 0)
        let before = gate.grants
        gate.hold(9, for: .milliseconds(900))
        gate.run(for: .seconds(2))
        #expect(gate.grants == before + 1)
    }

    @Test(arguments: ReaderKind.allCases)
    func `is told as soon as its plug is out, and is back within two seconds`(
        kind: ReaderKind
    ) throws {
        let gate = try `A tap on a reader with a channel`.ready(kind)
        var slowest = Interval.zero
        for round in 0..<50 {
            gate.hold(round % 10, for: .seconds(3))
            // In the middle of whatever the card makes them say to each other.
            gate.run(for: .milliseconds(Int64(round) * 7))
            gate.twin.unplug(at: gate.now)
            gate.run(for: .milliseconds(1))
            #expect(gate.faults == [.lost])
            gate.run(for: .seconds(3) + .milliseconds(Int64(round) * 41))
            gate.twin.plug(at: gate.now)
            let took = try #require(gate.wait(atMost: .seconds(5)) { gate.isReady })
            slowest = max(slowest, took)
            #expect(gate.faults.isEmpty)
            gate.run(for: .seconds(2))
        }
        #expect(slowest <= .seconds(2), "\(slowest.milliseconds) ms")
        // Each card came once, and was told at most once.
        #expect(gate.grants <= 50)
        gate.forget()
        gate.hold(7, for: .milliseconds(900))
        gate.run(for: .seconds(2))
        #expect(gate.grants == 1)
    }

    @Test(arguments: [ReaderKind.acr122u, .generic, .pn532])
    func `says nothing for long and is told as silent until it speaks`(kind: ReaderKind) throws {
        let gate = try `A tap on a reader with a channel`.ready(kind)
        gate.twin.misbehave(ReaderMischief(.deaf, .seconds(60)), at: gate.now)
        _ = try #require(gate.wait(atMost: .seconds(20)) { gate.faults == [.silent] })
        _ = try #require(gate.wait(atMost: .seconds(90)) { gate.isReady && gate.faults.isEmpty })
        gate.hold(1, for: .milliseconds(900))
        gate.run(for: .seconds(2))
        #expect(gate.grants == 1)
    }

    @Test func `leaves answers to somebody else's questions in its pipe, and nobody is let in`()
        throws
    {
        let gate = try `A tap on a reader with a channel`.ready(.acr122u)
        let twin = try #require(gate.twin as? VirtualCCID)
        // What a session before ours was told of a card: known, and not there.
        twin.leftovers = (0..<20).map { number in
            [0x80, 6, 0, 0, 0, 0, UInt8(200 + number), 0, 0, 0, 0x56, 0x30, 0xf0, 0x01, 0x90, 0]
        }
        gate.run(for: .seconds(10))
        #expect(gate.grants == 0)
        #expect(gate.faults.isEmpty)
    }
}
