// A line of OSDP readers in virtual time: online, secured, fast, and fair to one another.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A line of OSDP readers` {
    @Test func `comes online within a second, every reader in a channel of its own`() {
        var line = OSDPStage.line(readers: 4)
        line.run(for: .seconds(1))
        for peer in 0..<4 {
            #expect(line.isOnline(peer))
            #expect(line.bus.status(of: peer).isSecure)
            #expect(line.pds[peer].isSecure)
            #expect(line.news(peer).contains(.online(isSecure: true)))
            #expect(line.news(peer).contains(.identified(line.pds[peer].identity)))
            #expect(line.news(peer).contains(.described(line.pds[peer].capabilities)))
        }
        #expect(line.collisions == 0)
    }

    @Test func `is quiet about readers that are well`() {
        var line = OSDPStage.running(readers: 3)
        let before = line.told.count
        line.run(for: .seconds(150))
        #expect(line.told.count == before)
        #expect(line.collisions == 0)
        for peer in 0..<3 {
            let counters = line.bus.status(of: peer).counters
            #expect(counters.sessions == 1)
            #expect(counters.timeouts == 0)
            #expect(counters.frames > 4_900)
        }
    }

    @Test func `tells a card once, as the reader sent it`() {
        var line = OSDPStage.running(readers: 2)
        let before = line.now
        line.pds[1].happen(OSDPStage.card)
        line.run(for: .seconds(2))
        #expect(line.news(1, since: before) == [OSDPStage.cardNews])
        #expect(line.news(0, since: before).isEmpty)
    }

    @Test func `tells several cards in a row in their order`() {
        var line = OSDPStage.running(readers: 4)
        let before = line.now
        for number in 1...5 {
            line.pds[2].happen(
                .card(OSDPCard(format: .unspecified, bitCount: 32, bits: UInt128(number))))
        }
        let last = line.run(atMost: .milliseconds(120)) {
            $0.news == .card(OSDPCard(format: .unspecified, bitCount: 32, bits: 5))
        }
        #expect(last != nil)
        #expect(line.news(2, since: before).count == 5)
    }

    /// The goal: four readers at 115200 baud, decided within one poll round and 60 ms.
    @Test func `hears a card within 60 ms, whatever the moment and whichever reader`() {
        var line = OSDPStage.running(readers: 4)
        var chance = SplitMix64(seed: 7)
        var worst = Interval.zero
        for _ in 0..<400 {
            line.run(for: chance.between(.milliseconds(200), .milliseconds(260)))
            let reader = chance.below(4)
            let before = line.now
            line.pds[reader].happen(OSDPStage.card)
            let heard = line.run(atMost: .milliseconds(500)) { $0.news == OSDPStage.cardNews }
            guard let heard else {
                Issue.record("a card was never heard")
                return
            }
            worst = max(worst, heard - before)
        }
        #expect(worst <= .milliseconds(60), "worst \(worst.microseconds) us")
    }

    @Test(arguments: [9_600, 19_200, 38_400, 57_600, 230_400] as [UInt32])
    func `works at every speed of the standard`(baud: UInt32) {
        var line = OSDPStage.running(readers: 3, baud: baud)
        for peer in 0..<3 { #expect(line.isOnline(peer)) }
        line.pds[0].happen(OSDPStage.card)
        let heard = line.run(atMost: .milliseconds(300)) { $0.news == OSDPStage.cardNews }
        #expect(heard != nil)
        #expect(line.collisions == 0)
    }

    @Test func `drops its own echo by count where the adapter hears it`() {
        var line = OSDPStage.running(readers: 2, echoes: true)
        #expect(line.isOnline(0) && line.isOnline(1))
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0).contains(OSDPStage.cardNews))
        #expect(line.bus.echoFaults == 0)
        #expect(line.bus.status(of: 0).counters.timeouts == 0)
    }

    @Test func `counts an echo that does not come`() {
        var line = OSDPStage.line(readers: 1, echoes: true)
        line.echoes = false
        line.run(for: .seconds(3))
        #expect(!line.isOnline(0))
        #expect(line.bus.echoFaults > 0)
    }

    @Test func `never has two talkers, even when every reader is late or mute`() {
        var line = OSDPStage.running(readers: 4)
        line.pds[0].isConnected = false
        line.pds[1].misbehave(.silent, times: 7)
        line.pds[2].misbehave(.late(.milliseconds(190)), times: 50)
        line.run(for: .seconds(60))
        #expect(line.collisions == 0)
        #expect(line.isOnline(1) && line.isOnline(2) && line.isOnline(3))
        #expect(!line.isOnline(0))
    }

    @Test func `gives the same news for the same seed, and other numbers for another one`() {
        var first = OSDPStage.running(readers: 2, seed: 5)
        var second = OSDPStage.running(readers: 2, seed: 5)
        let third = OSDPStage.running(readers: 2, seed: 6)
        first.run(for: .seconds(30))
        second.run(for: .seconds(30))
        #expect(first.told == second.told)
        #expect(first.sent.map(\.bytes) == second.sent.map(\.bytes))
        let challenges = [first, third].map { line in
            zip(line.commands, line.sent).filter { $0.0 == .challenge }.map(\.1.bytes)
        }
        #expect(challenges[0].count == 2 && challenges[1].count == 2)
        #expect(zip(challenges[0], challenges[1]).allSatisfy { $0 != $1 })
        #expect(challenges[0][0].dropFirst(10) != challenges[0][1].dropFirst(10))
    }
}

@Suite struct `A dead OSDP reader` {
    @Test func `is told offline after eight seconds of silence, and online again when it is back`()
    {
        var line = OSDPStage.running(readers: 2)
        let cut = line.now
        line.pds[0].isConnected = false
        line.run(for: .milliseconds(7_900))
        #expect(line.news(0, since: cut).isEmpty)
        line.run(for: .milliseconds(200))
        #expect(line.news(0, since: cut) == [.offline])
        line.run(for: .seconds(30))
        #expect(line.news(0, since: cut) == [.offline])
        line.pds[0].reset()
        line.pds[0].isConnected = true
        let back = line.now
        let online = line.run(atMost: .seconds(2)) { $0.news == .online(isSecure: true) }
        #expect(online.map { $0 - back <= .seconds(2) } == true)
        #expect(line.pds[0].isSecure)
    }

    @Test func `that comes back within eight seconds was never away, but has a new channel`() {
        var line = OSDPStage.running(readers: 1)
        let cut = line.now
        line.pds[0].isConnected = false
        line.run(for: .seconds(4))
        line.pds[0].reset()
        line.pds[0].isConnected = true
        line.run(for: .seconds(4))
        #expect(line.news(0, since: cut).isEmpty)
        #expect(line.bus.status(of: 0).counters.sessions == 2)
        #expect(line.pds[0].isSecure)
    }

    @Test func `costs the others one reply time-out per back-off period, and no more`() {
        var line = OSDPStage.running(readers: 4)
        line.pds[3].isConnected = false
        line.run(for: .seconds(60))
        let start = line.now
        let timeouts = line.bus.status(of: 3).counters.timeouts
        line.run(for: .seconds(60))
        // 1.5 s, a quarter of it at most taken off by chance, and the time-out itself.
        let attempts = line.bus.status(of: 3).counters.timeouts - timeouts
        #expect(attempts <= 60_000 / (1_125 + 200) + 1)
        #expect(attempts >= 60_000 / (1_500 + 260) - 1)
        // Between two attempts at the dead one somebody else was heard.
        let addresses = line.sent.filter { $0.at >= start }.map { $0.bytes[2] }
        #expect(zip(addresses, addresses.dropFirst()).allSatisfy { $0 != 3 || $1 != 3 })
    }

    @Test func `is hardly asked any more after five minutes, until a person wants it`() {
        var line = OSDPStage.running(readers: 2)
        line.pds[1].isConnected = false
        line.run(for: .seconds(400))
        let timeouts = line.bus.status(of: 1).counters.timeouts
        line.run(for: .seconds(100))
        #expect(line.bus.status(of: 1).counters.timeouts - timeouts <= 14)
        line.pds[1].reset()
        line.pds[1].isConnected = true
        line.bus.retry(1, at: line.now)
        let online = line.run(atMost: .milliseconds(500)) { $0.news == .online(isSecure: true) }
        #expect(online != nil)
    }

    @Test func `cannot keep fifteen others from being dead as well and one from being heard`() {
        var line = OSDPStage.line(readers: 16)
        for reader in 0..<15 { line.pds[reader].isConnected = false }
        line.run(for: .seconds(30))
        #expect(line.isOnline(15))
        var chance = SplitMix64(seed: 3)
        for _ in 0..<50 {
            line.run(for: chance.between(.milliseconds(300), .milliseconds(900)))
            let before = line.now
            line.pds[15].happen(OSDPStage.card)
            let heard = line.run(atMost: .seconds(2)) { $0.news == OSDPStage.cardNews }
            // One time-out under way, and the poll.
            #expect(heard.map { $0 - before <= .milliseconds(250) } == true)
        }
    }

    @Test func `that was never there is told offline after eight seconds`() {
        var line = OSDPStage.line(readers: 1)
        line.pds[0].isConnected = false
        line.run(for: .seconds(60))
        #expect(line.told.map(\.news) == [.offline])
        #expect(line.told.first?.at == OSDPStage.start + .seconds(8))
    }
}
