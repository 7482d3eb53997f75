// The ACU alone: hostile bytes, time, random numbers, and data that is authentic but not secret.

import EventLoop
import Testing

@testable import StationCore

/// An ACU with somebody at the other end who says what the test wants.
struct OSDPBusStage {
    static let start = Instant(nanoseconds: 5_000_000_000)
    var bus: OSDPBus
    var now = Self.start
    var outputs = OSDPOutputs()
    var news: [OSDPNews] = []
    var frames: [[UInt8]] = []
    var random = Xorshift(seed: 99)
    var givesRandom = true
    /// Of the last handshake.
    var keys = OSDPSessionKeys(key: Self.key, acuRandom: 0)
    var initialMAC: UInt128 = 0

    static let key = OSDPKey(value: 0x8c1f_2e3d_4b5a_6978_8796_a5b4_c3d2_e1f0)

    init(peers: [OSDPPeerSettings]) {
        bus = OSDPBus(OSDPBusSettings(baud: 115_200, peers: peers), at: Self.start)
    }

    mutating func drain() {
        for output in outputs.elements {
            switch output {
            case .transmit: frames.append(outputs.frame)
            case .news(_, let news): self.news.append(news)
            case .randomWanted:
                guard givesRandom else { continue }
                let bytes = (0..<64).map { _ in UInt8(truncatingIfNeeded: random.next() >> 24) }
                bus.replenish(with: bytes.span.bytes, at: now)
            case .setSpeed: break
            }
        }
        outputs.removeAll()
    }

    mutating func receive(_ bytes: [UInt8]) {
        bus.receive(bytes.span.bytes, at: now, into: &outputs)
        drain()
    }

    /// Goes on to the next deadline.
    mutating func step() {
        now = max(now, bus.nextDeadline)
        bus.expire(at: now, into: &outputs)
        drain()
    }

    /// Goes on until the ACU says something, and returns it without its mark.
    mutating func nextFrame() -> [UInt8] {
        let count = frames.count
        for _ in 0..<1_000 where frames.count == count { step() }
        return frames.count > count ? Array(frames[count].dropFirst()) : []
    }

    /// A reply in the clear to a command.
    func clear(_ reply: OSDPReply, to command: [UInt8], sequence: UInt8? = nil) -> [UInt8] {
        let envelope = OSDPEnvelope(
            address: command[1], isReply: true, sequence: sequence ?? command[4] & 3)
        var bytes: [UInt8] = []
        let start = envelope.open(marked: false, into: &bytes)
        reply.encode(into: &bytes)
        envelope.close(&bytes, from: start)
        return bytes
    }

    func secured(
        _ reply: OSDPReply, _ block: OSDPSecurityBlock, to command: [UInt8]
    ) -> [UInt8] {
        let envelope = OSDPEnvelope(
            address: command[1], isReply: true, sequence: command[4] & 3)
        var bytes: [UInt8] = []
        let start = envelope.open(block: block, marked: false, into: &bytes)
        reply.encode(into: &bytes)
        envelope.close(&bytes, from: start)
        return bytes
    }

    /// The whole MAC of the channel's first command, of which it carries four bytes.
    func firstMAC(of command: [UInt8]) -> UInt128 {
        keys.mac(over: Array(command.dropLast(6)), iv: initialMAC)
    }

    static var claims: OSDPCapabilities {
        var claims = OSDPCapabilities()
        claims[.security] = (1, 1)
        return claims
    }

    static let identity = OSDPIdentity(
        vendor: 1, model: 2, version: 3, serial: 4, firmware: (5, 6, 7))

    /// Leads the ACU through a handshake; the PD's end of the channel.
    mutating func shakeHands() -> OSDPSession {
        var command = nextFrame()
        receive(clear(.identity(Self.identity), to: command))
        command = nextFrame()
        receive(clear(.capabilities(Self.claims), to: command))
        command = nextFrame()
        let acuRandom = command[9..<17].reduce(0) { $0 << 8 | UInt64($1) }
        let keys = OSDPSessionKeys(key: Self.key, acuRandom: acuRandom)
        let half = OSDPClientCryptogram(
            identity: 1, random: 77,
            cryptogram: keys.clientCryptogram(acuRandom: acuRandom, pdRandom: 77))
        receive(
            secured(
                .clientCryptogram(half), OSDPSecurityBlock(.clientCryptogram, value: 1),
                to: command))
        command = nextFrame()
        let server = keys.serverCryptogram(acuRandom: acuRandom, pdRandom: 77)
        let mac = keys.initialMAC(serverCryptogram: server)
        receive(
            secured(.initialMAC(mac), OSDPSecurityBlock(.initialMAC, value: 1), to: command))
        self.keys = keys
        initialMAC = mac
        return .pd(keys, initialMAC: mac)
    }
}

@Suite struct `An OSDP bus` {
    static let one = [
        OSDPPeerSettings(address: 5, security: .enforced(OSDPBusStage.key))
    ]

    @Test func `asks who is there with the number 0, then counts 1, 2, 3, 1`() {
        var stage = OSDPBusStage(peers: Self.one)
        var channel = stage.shakeHands()
        #expect(stage.news.contains(.online(isSecure: true)))
        var sequences: [UInt8] = []
        for _ in 0..<6 {
            let command = stage.nextFrame()
            sequences.append(command[4] & 3)
            guard let frame = try? osdpFrame(command) else {
                Issue.record("no frame")
                return
            }
            var bytes = command
            _ = channel.open(&bytes, frame)
            let envelope = OSDPEnvelope(
                address: 5, isReply: true, sequence: frame.sequence)
            var reply: [UInt8] = []
            let start = envelope.open(
                block: OSDPSecurityBlock(.reply), marked: false, into: &reply)
            OSDPReply.ack.encode(into: &reply)
            channel.seal(&reply, from: start, check: .crc16)
            envelope.close(&reply, from: start)
            stage.receive(reply)
        }
        #expect(stage.frames.prefix(4).map { $0[5] & 3 } == [0, 1, 2, 3])
        #expect(sequences == [1, 2, 3, 1, 2, 3])
        #expect(stage.bus.status(of: 0).counters.timeouts == 0)
    }

    @Test func `says a frame again word for word before it begins anew`() {
        var stage = OSDPBusStage(peers: Self.one)
        _ = stage.shakeHands()
        let first = stage.nextFrame()
        #expect(stage.nextFrame() == first)
        #expect(stage.nextFrame() == first)
        let anew = stage.nextFrame()
        #expect(anew[4] & 3 == 0)
        #expect(anew[5] == OSDPCommandCode.identify.rawValue)
        #expect(stage.bus.status(of: 0).counters.repetitions == 2)
    }

    @Test func `takes no card that is authentic and not encrypted`() throws {
        for isEncrypted in [true, false] {
            var stage = OSDPBusStage(peers: Self.one)
            var channel = stage.shakeHands()
            let command = stage.nextFrame()
            let frame = try osdpFrame(command)
            var bytes = command
            #expect(channel.open(&bytes, frame) == .opened(payloadCount: 0))
            let card = OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F6_23AE)
            let envelope = OSDPEnvelope(address: 5, isReply: true, sequence: frame.sequence)
            var reply: [UInt8] = []
            let start = envelope.open(
                block: OSDPSecurityBlock(.reply), marked: false, into: &reply)
            OSDPReply.card(card).encode(into: &reply)
            if isEncrypted {
                channel.seal(&reply, from: start, check: .crc16)
            } else {
                // The right MAC of the chain over a card in the clear.
                reply[2] = UInt8(reply.count + 6)
                let mac = stage.keys.mac(over: reply, iv: stage.firstMAC(of: command))
                reply += (0..<4).map { UInt8(truncatingIfNeeded: mac >> UInt128(120 - $0 * 8)) }
            }
            envelope.close(&reply, from: start)
            stage.receive(reply)
            #expect(stage.news.contains(.card(card)) == isEncrypted)
            #expect(stage.news.contains(.faulted(.clearReply)) == !isEncrypted)
            #expect(stage.bus.status(of: 0).isOnline == isEncrypted)
        }
    }

    @Test func `without random bytes makes no channel, and asks for them once`() {
        var stage = OSDPBusStage(peers: Self.one)
        stage.givesRandom = false
        var command = stage.nextFrame()
        stage.receive(stage.clear(.identity(OSDPBusStage.identity), to: command))
        command = stage.nextFrame()
        stage.receive(stage.clear(.capabilities(OSDPBusStage.claims), to: command))
        for _ in 0..<20 where stage.bus.nextDeadline != .distantFuture { stage.step() }
        #expect(stage.frames.count == 2)
        #expect(stage.news.last == .offline)
        #expect(stage.bus.nextDeadline == .distantFuture)
        stage.bus.replenish(with: [UInt8](repeating: 7, count: 64).span.bytes, at: stage.now)
        #expect(stage.nextFrame()[8] == OSDPCommandCode.challenge.rawValue)
    }

    @Test func `survives every byte at every moment, and always has a next deadline`() {
        var random = Xorshift(seed: 0xBAD)
        for round in 0..<60 {
            var stage = OSDPBusStage(
                peers: [
                    OSDPPeerSettings(address: 5, security: .enforced(OSDPBusStage.key)),
                    OSDPPeerSettings(address: 6, security: .clear),
                    OSDPPeerSettings(address: 7, security: .enforced(nil)),
                ])
            for _ in 0..<150 {
                let before = stage.now
                switch random.next() % 6 {
                case 0:
                    let count = Int(random.next() % 60)
                    stage.receive(
                        (0..<count).map { _ in
                            random.next() % 3 == 0
                                ? 0x53 : UInt8(truncatingIfNeeded: random.next() >> 24)
                        })
                case 1:
                    guard let last = stage.frames.last else { continue }
                    stage.receive(mangled(stage, Array(last.dropFirst()), &random))
                case 2:
                    _ = stage.bus.submit(
                        .buzz(OSDPBuzz(onTenths: 1, offTenths: 1, repetitions: 1)),
                        to: Int(random.next() % 3), at: stage.now)
                case 3:
                    if round % 7 == 0 { _ = stage.bus.install(2, at: stage.now) }
                    stage.step()
                default:
                    stage.step()
                }
                #expect(stage.now >= before)
            }
            // Nothing is due twice at the same moment for ever.
            var still = 0
            for _ in 0..<200 {
                let before = stage.now
                stage.step()
                still = stage.now == before ? still + 1 : 0
                #expect(still < 20)
            }
        }
    }

    /// A reply that is nearly right.
    private func mangled(
        _ stage: OSDPBusStage, _ command: [UInt8], _ random: inout Xorshift
    ) -> [UInt8] {
        let replies: [OSDPReply] = [
            .ack, .nak(OSDPNak(rawValue: UInt8(random.next() % 12))), .busy,
            .identity(OSDPBusStage.identity), .capabilities(OSDPBusStage.claims),
            .capabilities(OSDPCapabilities()),
            .clientCryptogram(OSDPClientCryptogram(identity: 0, random: 0, cryptogram: 0)),
            .initialMAC(0), .keys(OSDPKeys([.one])),
            .communication(OSDPCommunication(address: 6, baud: 9_600)),
            .card(OSDPCard(format: .wiegand, bitCount: 26, bits: 1)),
        ]
        let reply = replies[Int(random.next() % UInt64(replies.count))]
        let kinds = OSDPSecurityBlock.Kind.allCases
        let kind = kinds[Int(random.next() % UInt64(kinds.count))]
        var bytes =
            random.next() % 2 == 0
            ? stage.clear(reply, to: command)
            : stage.secured(
                reply,
                OSDPSecurityBlock(kind, value: kind.hasMAC ? nil : UInt8(random.next() % 3)),
                to: command)
        if random.next() % 4 == 0 { bytes[Int(random.next() % UInt64(bytes.count))] ^= 4 }
        return bytes
    }

    @Test func `is only made of readers that can be`() {
        func settings(_ addresses: [UInt8], baud: UInt32 = 9_600, key: OSDPKey? = nil) -> Bool {
            OSDPBusSettings(
                baud: baud,
                peers: addresses.map {
                    OSDPPeerSettings(address: $0, security: .enforced(key))
                }
            ).isPossible
        }
        #expect(settings([0, 1, 0x7E], key: OSDPBusStage.key))
        #expect(!settings([]))
        #expect(!settings([1, 1]))
        #expect(!settings([0x7F]))
        #expect(!settings([1], baud: 4_800))
        #expect(!settings([1], key: .factoryDefault))
        #expect(!settings([1], key: OSDPKey(value: 0)))
        #expect(!settings((0..<17).map { UInt8($0) }))
    }
}
