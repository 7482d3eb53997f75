// Readers that answer badly: what is mended, and what is never believed.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `An OSDP reader that answers badly` {
    @Test(
        arguments: [
            .silent, .late(.milliseconds(230)), .cut(1), .cut(6), .damaged, .noise(40),
            .wrongSequence, .nak(.check), .nak(.securityConditions), .nak(.sequence), .busy,
            .twice, .wrongMAC,
        ] as [PDMischief])
    func `once is asked again, loses no card, and nobody is told`(mischief: PDMischief) {
        var line = OSDPStage.running(readers: 2)
        let before = line.now
        line.pds[0].misbehave(mischief)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(3))
        // A reset of the channel may cost the card that was in the lost reply, never doubles it.
        let news = line.news(0, since: before)
        #expect(news.filter { $0 == OSDPStage.cardNews }.count <= 1)
        #expect(news.allSatisfy { $0 == OSDPStage.cardNews })
        #expect(line.isOnline(0))
        #expect(line.pds[0].isSecure)
        #expect(line.news(1, since: before).isEmpty)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0).last == OSDPStage.cardNews)
    }

    /// Those that leave the channel alone: the reply is said again and the card is in it.
    @Test(
        arguments: [
            .silent, .cut(1), .cut(6), .damaged, .noise(40), .wrongSequence, .nak(.check), .busy,
            .twice,
        ] as [PDMischief])
    func `about a card says it again, once`(mischief: PDMischief) {
        var line = OSDPStage.running(readers: 1)
        let before = line.now
        line.pds[0].misbehave(mischief)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(3))
        #expect(line.news(0, since: before) == [OSDPStage.cardNews])
        #expect(line.bus.status(of: 0).counters.sessions == 1)
    }

    /// In the clear nothing else guards a card's number, and eight bits let one error in 256 pass.
    @Test(arguments: [false, true])
    func `under a checksum is not listened to`(isClear: Bool) {
        let settings = OSDPBusSettings(
            baud: 115_200,
            peers: [
                OSDPPeerSettings(
                    address: 0, security: isClear ? .clear : .enforced(OSDPStage.key(0)))
            ])
        var pd = VirtualPD(
            address: 0, key: OSDPStage.key(0), wantsChannel: !isClear, chance: SplitMix64(seed: 4))
        pd.usesChecksum = true
        var line = HalfDuplexLine(settings, pds: [pd], seed: 3, at: OSDPStage.start)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(10))
        #expect(!line.isOnline(0))
        #expect(line.news(0) == [.offline])
        #expect(line.bus.status(of: 0).counters.damaged > 3)
        line.pds[0].usesChecksum = false
        line.run(for: .seconds(4))
        #expect(line.isOnline(0))
    }

    @Test func `by BUSY for ever is offline after eight seconds: BUSY proves nobody's presence`() {
        var line = OSDPStage.running(readers: 2)
        let before = line.now
        line.pds[0].misbehave(.busy, times: .max)
        line.run(for: .seconds(9))
        #expect(line.news(0, since: before) == [.offline])
        #expect(line.bus.status(of: 0).counters.busy > 100)
        line.pds[0].behave()
        line.run(for: .seconds(2))
        #expect(line.isOnline(0))
    }

    @Test func `by noise for ever neither stops the others nor is believed`() {
        var line = OSDPStage.running(readers: 3)
        let before = line.now
        line.pds[0].misbehave(.noise(2_000), times: .max)
        line.run(for: .seconds(20))
        #expect(line.isOnline(1) && line.isOnline(2))
        line.pds[1].happen(OSDPStage.card)
        line.run(for: .seconds(3))
        #expect(line.news(1, since: before) == [OSDPStage.cardNews])
    }

    @Test func `by resetting in the middle of the handshake comes up at the next one`() {
        var line = OSDPStage.line(readers: 2)
        line.pds[0].misbehave(.resetInHandshake, times: 3)
        line.run(for: .seconds(12))
        #expect(line.isOnline(0))
        #expect(line.pds[0].isSecure)
        #expect(line.bus.status(of: 0).counters.sessions == 1)
        // A lost handshake looks like a refusal, and is told until it is over.
        #expect(line.bus.status(of: 0).fault == nil)
    }

    @Test func `by losing its power in a channel is back in a new one within a second`() {
        var line = OSDPStage.running(readers: 1)
        let before = line.now
        line.pds[0].reset()
        line.run(for: .seconds(1))
        #expect(line.news(0, since: before).isEmpty)
        #expect(line.bus.status(of: 0).counters.sessions == 2)
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0, since: before) == [OSDPStage.cardNews])
    }
}

@Suite struct `An OSDP reader without its secure channel` {
    /// What keeps a reader offline, and the fault's name.
    private func expectOffline(
        _ fault: OSDPSecurityFault, _ spoil: (inout VirtualPD) -> Void
    ) {
        var line = OSDPStage.line(readers: 2)
        spoil(&line.pds[0])
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(30))
        #expect(!line.isOnline(0))
        #expect(line.bus.status(of: 0).fault == fault)
        let news = line.news(0)
        #expect(news.filter { $0 == .faulted(fault) }.count == 1)
        #expect(news.filter { $0 == .offline }.count == 1)
        #expect(!news.contains(OSDPStage.cardNews))
        #expect(!news.contains(.online(isSecure: true)) && !news.contains(.online(isSecure: false)))
        // The neighbour does not notice.
        #expect(line.isOnline(1))
        #expect(line.bus.status(of: 1).counters.timeouts == 0)
    }

    @Test func `because it has another key stays offline`() {
        expectOffline(.wrongKey) { $0.key = OSDPStage.key(99) }
    }

    @Test func `because it is in install mode stays offline, and is given no key`() {
        var line = OSDPStage.line(readers: 1)
        line.pds[0].key = nil
        line.pds[0].isInInstallMode = true
        line.run(for: .seconds(30))
        #expect(!line.isOnline(0))
        #expect(line.bus.status(of: 0).fault == .installMode)
        #expect(line.pds[0].obeyed.isEmpty)
        #expect(line.commands.contains(.challenge) && !line.commands.contains(.serverCryptogram))
        #expect(!line.commands.contains(.keySet))
    }

    @Test func `because it claims the factory's key stays offline`() {
        expectOffline(.defaultKeyClaimed) { $0.misbehave(.claimsDefaultKey, times: .max) }
    }

    @Test func `because PDCAP claims that it has none stays offline`() {
        expectOffline(.downgraded) { $0.misbehave(.downgrade, times: .max) }
    }

    @Test func `because it refuses the handshake stays offline`() {
        // ID and CAP are answered; the third answer is the one to CHLNG.
        var line = OSDPStage.line(readers: 1)
        line.pds[0].capabilities[.security] = (1, 1)
        line.pds[0].refusesChannel = true
        line.run(for: .seconds(30))
        #expect(!line.isOnline(0))
        #expect(line.bus.status(of: 0).fault == .refused)
    }

    @Test func `because its first MAC is wrong stays offline`() {
        expectOffline(.wrongInitialMAC) { $0.misbehave(.wrongInitialMAC, times: .max) }
    }

    @Test func `in the middle of it is offline at once, and its cards are not heard`() {
        var line = OSDPStage.running(readers: 1)
        let before = line.now
        line.pds[0].misbehave(.clear, times: 1)
        line.pds[0].happen(OSDPStage.card)
        let told = line.run(atMost: .milliseconds(100)) { $0.news == .offline }
        #expect(told != nil)
        #expect(
            line.news(0, since: before) == [.faulted(.clearReply), .offline])
        line.run(for: .seconds(5))
        // A new channel: it was only a moment.
        #expect(
            line.news(0, since: before).prefix(4) == [
                .faulted(.clearReply), .offline, .recovered(.clearReply),
                .online(isSecure: true),
            ])
        #expect(!line.news(0).contains(OSDPStage.cardNews))
    }

    @Test func `because three MACs did not fit is left alone for ten minutes`() {
        var line = OSDPStage.running(readers: 2)
        let before = line.now
        for _ in 0..<3 {
            line.pds[0].misbehave(.wrongMAC)
            line.run(for: .seconds(5))
        }
        #expect(line.news(0, since: before) == [.faulted(.macFailures), .offline])
        let frames = line.bus.status(of: 0).counters.frames
        line.run(for: .seconds(500))
        #expect(line.bus.status(of: 0).counters.frames == frames)
        line.run(for: .seconds(120))
        #expect(line.isOnline(0))
        #expect(line.news(0).contains(.recovered(.macFailures)))
    }

    @Test func `and without a key at the station is told so, whoever it is`() {
        let settings = OSDPBusSettings(
            baud: 115_200,
            peers: [OSDPPeerSettings(address: 3, security: .enforced(nil))])
        let pd = VirtualPD(
            address: 3, key: OSDPStage.key(3), chance: SplitMix64(seed: 1))
        var line = HalfDuplexLine(settings, pds: [pd], seed: 1, at: OSDPStage.start)
        line.run(for: .seconds(20))
        #expect(line.bus.status(of: 0).fault == .noKey)
        #expect(!line.isOnline(0))
        #expect(line.news(0).contains(.identified(pd.identity)))
        #expect(!line.commands.contains(.challenge))
    }

    @Test func `is heard in the clear only where its settings say so`() {
        let settings = OSDPBusSettings(
            baud: 9_600, peers: [OSDPPeerSettings(address: 3, security: .clear)])
        let pd = VirtualPD(
            address: 3, key: nil, wantsChannel: false, baud: 9_600, chance: SplitMix64(seed: 1))
        var line = HalfDuplexLine(settings, pds: [pd], seed: 1, at: OSDPStage.start)
        line.run(for: .seconds(2))
        #expect(line.news(0).contains(.online(isSecure: false)))
        line.pds[0].happen(OSDPStage.card)
        line.run(for: .seconds(1))
        #expect(line.news(0).last == OSDPStage.cardNews)
        #expect(!line.commands.contains(.challenge))
    }

    @Test func `that gets its key is online within ten seconds, and the fault is over`() {
        var line = OSDPStage.line(readers: 1)
        line.pds[0].key = OSDPStage.key(99)
        line.run(for: .seconds(60))
        line.pds[0].key = OSDPStage.key(0)
        let online = line.run(atMost: .seconds(11)) { $0.news == .online(isSecure: true) }
        #expect(online != nil)
        #expect(line.news(0).contains(.recovered(.wrongKey)))
    }
}
