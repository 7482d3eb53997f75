// OSDP readers of a station, and everything that goes wrong on their line: it mends itself, no tap
// is doubled, and none is lost that the reader still knows of.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A station whose OSDP line goes wrong` {
    /// Those that leave the channel alone: the reply is asked for again, and the card is in it.
    @Test(
        arguments: [
            .silent, .late(.milliseconds(230)), .cut(1), .cut(6), .damaged, .noise(40),
            .wrongSequence, .nak(.check), .busy, .twice,
        ] as [PDMischief])
    func `takes the tap in a spoilt answer once`(mischief: PDMischief) {
        for phase in 0..<4 {
            let gate = OSDPGate(readers: 3, seed: UInt64(phase))
            gate.run(for: .seconds(2) + .milliseconds(Int64(phase) * 8))
            let begun = gate.now
            gate.line.pds[1].misbehave(mischief)
            gate.line.pds[1].happen(OSDPGate.reply(OSDPGate.card(1)))
            gate.run(for: .seconds(2))
            #expect(gate.grants(at: 1, since: begun) == 1, "phase \(phase)")
            #expect(gate.isOnline(1) && gate.faults(1).isEmpty)
            #expect(gate.line.pds[1].isSecure)
        }
    }

    /// Those that cost the channel: the card that was in the answer is gone with it, as from any
    /// reader, and never comes twice; the next tap opens.
    @Test(
        arguments: [
            .nak(.securityConditions), .nak(.sequence), .wrongMAC, .clear, .wrongInitialMAC,
        ] as [PDMischief])
    func `makes a new channel, and no tap comes twice`(mischief: PDMischief) {
        for phase in 0..<2 {
            let gate = OSDPGate(readers: 2, seed: UInt64(phase))
            gate.run(for: .seconds(2) + .milliseconds(Int64(phase) * 7))
            let begun = gate.now
            gate.line.pds[0].misbehave(mischief)
            gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
            gate.run(for: .seconds(4))
            #expect(gate.grants(at: 0, since: begun) <= 1)
            gate.line.pds[0].behave()
            gate.run(for: .seconds(4))
            #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
            let again = gate.now
            gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
            gate.run(for: .seconds(1))
            #expect(gate.grants(at: 0, since: again) == 1)
            #expect(gate.grants(at: 1) == 0)
        }
    }

    @Test func `waits for a reader that resets in the middle of its handshake`() {
        let gate = OSDPGate(readers: 2)
        gate.line.pds[0].misbehave(.resetInHandshake, times: 4)
        gate.run(for: .seconds(25))
        #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    @Test func `is back within a second after a reader lost its power`() {
        let gate = OSDPGate(readers: 2)
        gate.run(for: .seconds(2))
        gate.line.pds[0].reset()
        gate.run(for: .seconds(1))
        #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    /// Pulled at every moment of a poll round, in the middle of frames and of handshakes.
    @Test func `survives its plug being pulled in the middle of anything`() {
        let gate = OSDPGate(readers: 3)
        gate.run(for: .seconds(2))
        for round in 0..<25 {
            gate.run(for: .microseconds(Int64(round) * 4_113 + 3_000))
            gate.line.unplug(at: gate.now)
            gate.run(for: .milliseconds(300))
            #expect(gate.faults(round % 3) == [.lost])
            gate.line.plug()
            // It is looked for after a second; a handshake takes a tenth of one.
            gate.run(for: .milliseconds(1_500))
            #expect((0..<3).allSatisfy { gate.isOnline($0) && gate.faults($0).isEmpty })
            let tapped = gate.now
            gate.line.pds[round % 3].happen(OSDPGate.reply(OSDPGate.card(round % 3)))
            gate.run(for: .milliseconds(900))
            #expect(gate.grants(at: round % 3, since: tapped) == 1, "round \(round)")
        }
    }

    @Test func `opens nothing for a card from before it was back`() {
        let gate = OSDPGate(readers: 1)
        gate.run(for: .seconds(2))
        gate.line.unplug(at: gate.now)
        gate.run(for: .milliseconds(500))
        for _ in 0..<3 { gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0))) }
        gate.run(for: .seconds(20))
        gate.line.plug()
        gate.run(for: .seconds(32))
        #expect(gate.isOnline(0))
        #expect(gate.grants(at: 0) == 0)
        #expect(gate.station.deviceHealth[1].counts.first { "\($0.name)" == "stale" }?.value == 3)
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    /// Asked for the first time long after it was back: the second of grace is over by then, and
    /// whoever held the card has left all the same.
    @Test func `opens nothing for a card from before, however late the first poll is answered`() {
        let gate = OSDPGate(readers: 1)
        gate.run(for: .seconds(2))
        gate.line.unplug(at: gate.now)
        gate.run(for: .milliseconds(500))
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(10))
        gate.line.plug()
        while !gate.isOnline(0) { gate.run(for: .milliseconds(1)) }
        let back = gate.now
        gate.line.pds[0].misbehave(.busy, times: 60)
        gate.run(for: .seconds(8))
        #expect(gate.isOnline(0))
        #expect(gate.line.pds[0].events.isEmpty)
        #expect(gate.grants(at: 0, since: back) == 0)
        gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0)))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 1)
    }

    /// A card that lies on it since before it was back says nothing about who stands there.
    @Test func `opens nothing for a card that a reader never stops repeating, and says so`() {
        let gate = OSDPGate(readers: 2)
        let (lying, other) = (OSDPGate.card(0), OSDPGate.card(1))
        for _ in 0..<1_400 { gate.line.pds[0].happen(OSDPGate.reply(lying)) }
        gate.run(for: .seconds(4))
        #expect(gate.isOnline(0) && gate.faults(0).isEmpty)
        gate.run(for: .seconds(3))
        #expect(gate.faults(0) == [.repeating] && gate.faults(1).isEmpty)
        #expect(gate.grants(at: 0) == 0)
        // Another card is somebody's; the one that lies there still opens nothing behind it.
        gate.line.pds[0].happenNext(OSDPGate.reply(other))
        let tapped = gate.now
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0, since: tapped) == 1)
        gate.run(for: .seconds(8))
        #expect(gate.faults(0) == [.repeating])
        #expect(gate.grants(at: 0) == 1)
        // It was taken away: the reader pauses, and its next card is live.
        gate.run(for: .seconds(30))
        #expect(gate.line.pds[0].events.isEmpty && gate.faults(0).isEmpty)
        gate.line.pds[0].happen(OSDPGate.reply(lying))
        gate.run(for: .seconds(1))
        #expect(gate.grants(at: 0) == 2)
    }

    /// More than one card in what it kept: none of them is anybody's who is still there.
    @Test func `opens nothing for a long memory of several cards`() {
        let gate = OSDPGate(readers: 1, baud: 9_600)
        for place in 0..<60 { gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(place % 3))) }
        gate.run(for: .seconds(20))
        #expect(gate.isOnline(0) && gate.line.pds[0].events.isEmpty)
        #expect(gate.grants(at: 0) == 0 && gate.faults(0).isEmpty)
    }

    @Test func `ends the fault of a repeated card when the reader is gone`() {
        let gate = OSDPGate(readers: 1)
        for _ in 0..<3_000 { gate.line.pds[0].happen(OSDPGate.reply(OSDPGate.card(0))) }
        gate.run(for: .seconds(8))
        #expect(gate.faults(0) == [.repeating])
        gate.line.unplug(at: gate.now)
        gate.run(for: .milliseconds(300))
        #expect(gate.faults(0) == [.lost])
    }

    /// Small faults at every reader: whatever happens, each tap that a reader delivers is
    /// decided once, and at the end everybody is there.
    @Test(arguments: [UInt64(1), 2, 3])
    func `lives with small faults`(seed: UInt64) {
        let gate = OSDPGate(readers: 4, seed: seed)
        var chance = SplitMix64(seed: seed).fork("mischief")
        gate.run(for: .seconds(2))
        var taps = [0, 0, 0, 0]
        for _ in 0..<30 {
            // An answer that is asked for again comes later: taps stay apart all the same.
            gate.run(for: .milliseconds(2_200) + .milliseconds(Int64(chance.below(4_000))))
            let place = Int(chance.below(4))
            switch chance.below(6) {
            case 0: gate.line.pds[place].misbehave(.damaged, times: 2)
            case 1: gate.line.pds[place].misbehave(.silent, times: 2)
            case 2: gate.line.pds[place].misbehave(.cut(3))
            case 3: gate.line.pds[place].misbehave(.noise(30))
            case 4: gate.line.pds[place].misbehave(.wrongSequence)
            default: gate.line.pds[place].misbehave(.busy, times: 5)
            }
            let reader = Int(chance.below(4))
            guard gate.isOnline(reader) else { continue }
            taps[reader] += 1
            gate.line.pds[reader].happen(OSDPGate.reply(OSDPGate.card(reader)))
        }
        gate.run(for: .seconds(30))
        for place in 0..<4 {
            #expect(gate.isOnline(place) && gate.faults(place).isEmpty)
            #expect(gate.grants(at: place) == taps[place])
        }
    }

    @Test func `does the same again from the same seed`() {
        func play() -> [String] {
            let gate = OSDPGate(readers: 3, seed: 77)
            var chance = SplitMix64(seed: 77).fork("mischief")
            for _ in 0..<15 {
                gate.run(for: .milliseconds(Int64(chance.below(3_000))))
                let place = Int(chance.below(3))
                gate.line.pds[place].misbehave(.damaged, times: Int(chance.below(9)))
                gate.line.pds[place].happen(OSDPGate.reply(OSDPGate.card(place)))
            }
            return gate.line.frames.map { "\($0.at.nanoseconds) \($0.bytes)" }
        }
        let first = play()
        #expect(first.count > 300)
        #expect(first == play())
    }
}
