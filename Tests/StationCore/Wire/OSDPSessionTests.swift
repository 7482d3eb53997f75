// Keys and channels of OSDP: what is refused, what never shows, and what breaks the chain.

import Testing

@testable import StationCore

@Suite struct `An OSDP key` {
    @Test(
        arguments: [
            "000102030405060708090a0b0c0d0e0f", "0f0e0d0c0b0a09080706050403020100",
            "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
            "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1", "f8f9fafbfcfdfeff0001020304050607",
            "00020406080a0c0e10121416181a1c1e", "00010203040506070001020304050607",
            "12121212121212121212121212121213", "00112233001122330011223300112233",
        ])
    func `that anybody would try first is weak`(text: String) {
        #expect(throws: OSDPKeyError.weak) { try OSDPKey(hexBytes(text)) }
    }

    @Test func `of the factory is no key for daily use`() {
        let bytes = OSDPKey.factoryDefault.revealed
        #expect(bytes == (0x30...0x3F).map { UInt8($0) })
        #expect(throws: OSDPKeyError.factoryDefault) { try OSDPKey(bytes) }
        #expect(throws: OSDPKeyError.count(15)) { try OSDPKey(bytes.dropLast()) }
        #expect(throws: OSDPKeyError.count(0)) { try OSDPKey([]) }
    }

    @Test func `of random bytes is taken, and given back as it was`() throws {
        var random = Xorshift(seed: 77)
        for _ in 0..<10_000 {
            let bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next() >> 24) }
            #expect(try OSDPKey(bytes).revealed == bytes)
        }
    }

    @Test func `shows itself nowhere`() throws {
        let key = try OSDPKey(hexBytes("8c1f2e3d4b5a69788796a5b4c3d2e1f0"))
        let keys = OSDPSessionKeys(key: key, acuRandom: 1)
        let session = OSDPSession.acu(keys, initialMAC: 0x8c1f)
        let settings = OSDPPeerSettings(address: 1, security: .enforced(key))
        var dumped = ""
        let command = OSDPCommand.keySet(key)
        var random = OSDPRandomStore()
        random.add(key.revealed.span.bytes)
        for value in [key, keys, session, settings, command, random] as [Any] {
            dumped += "\(value)" + String(reflecting: value)
            dump(value, to: &dumped)
        }
        let number = "\(key.value)"
        #expect(!dumped.lowercased().contains("8c1f"))
        #expect(!dumped.contains(number))
        #expect(!dumped.contains("35871"))  // 0x8c1f
        for error in [OSDPKeyError.count(1), .factoryDefault, .weak] {
            #expect(error.text(.chinese) != error.text(.english))
        }
    }
}

/// Both ends of one channel.
struct OSDPChannelPair {
    var acu: OSDPSession
    var pd: OSDPSession
    var sequence: UInt8 = 1

    init() {
        let keys = OSDPSessionKeys(key: OSDPKey(value: 0x1357_9BDF), acuRandom: 0xA5A5)
        acu = .acu(keys, initialMAC: 0x4242)
        pd = .pd(keys, initialMAC: 0x4242)
    }

    mutating func command(_ command: OSDPCommand) -> [UInt8] {
        Self.sealed(&acu, isReply: false, sequence) { command.encode(into: &$0) }
    }

    mutating func reply(_ reply: OSDPReply) -> [UInt8] {
        Self.sealed(&pd, isReply: true, sequence) { reply.encode(into: &$0) }
    }

    private static func sealed(
        _ session: inout OSDPSession, isReply: Bool, _ sequence: UInt8,
        _ encode: (inout [UInt8]) -> Void
    ) -> [UInt8] {
        let envelope = OSDPEnvelope(address: 3, isReply: isReply, sequence: sequence)
        var bytes: [UInt8] = []
        let start = envelope.open(block: OSDPSecurityBlock(.command), marked: false, into: &bytes)
        encode(&bytes)
        session.seal(&bytes, from: start, check: .crc16)
        envelope.close(&bytes, from: start)
        return bytes
    }
}

@Suite struct `An OSDP secure channel` {
    private func open(_ session: inout OSDPSession, _ bytes: [UInt8]) -> OSDPSession.Opening {
        guard let frame = try? osdpFrame(bytes) else { return .wrongMAC }
        var bytes = bytes
        return session.open(&bytes, frame)
    }

    /// The same frame with other bytes and a right CRC.
    private func changed(_ bytes: [UInt8], _ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = bytes
        bytes.removeLast(2)
        change(&bytes)
        OSDPCheck.crc16.append(to: &bytes, from: 0)
        return bytes
    }

    @Test func `carries commands and replies in turn, with data and without`() throws {
        var pair = OSDPChannelPair()
        for round in 0..<20 {
            let command = round % 3 == 0 ? OSDPCommand.poll : .identify
            let sent = pair.command(command)
            var bytes = sent
            let frame = try osdpFrame(bytes)
            #expect(frame.block?.kind == (round % 3 == 0 ? .command : .encryptedCommand))
            #expect(pair.pd.open(&bytes, frame) == .opened(payloadCount: round % 3 == 0 ? 0 : 1))
            let card = OSDPReply.card(
                OSDPCard(format: .wiegand, bitCount: 26, bits: UInt128(round)))
            let answer = pair.reply(round % 2 == 0 ? card : .ack)
            #expect(
                open(&pair.acu, answer) == .opened(payloadCount: round % 2 == 0 ? 8 : 0))
            OSDPDripFeed.verify(answer)
        }
    }

    @Test func `opens nothing with a single bit of it changed`() {
        var pair = OSDPChannelPair()
        let command = pair.command(.challenge(acuRandom: 1))
        _ = open(&pair.pd, command)
        let answer = pair.reply(
            .card(OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F623AE)))
        // All but the length, which must be right for there to be a frame.
        for index in answer.indices.dropLast(2) where index != 2 && index != 3 && index != 0 {
            for bit in 0..<8 {
                let wrong = changed(answer) { $0[index] ^= 1 << UInt8(bit) }
                let opening = open(&pair.acu, wrong)
                #expect(opening == .wrongMAC, "bit \(bit) of byte \(index)")
            }
        }
        #expect(open(&pair.acu, answer) == .opened(payloadCount: 8))
    }

    @Test func `opens nothing that was said before, is left out, or goes the other way`() {
        var pair = OSDPChannelPair()
        let first = pair.command(.poll)
        #expect(open(&pair.pd, first) == .opened(payloadCount: 0))
        let firstAnswer = pair.reply(.ack)
        #expect(open(&pair.acu, firstAnswer) == .opened(payloadCount: 0))
        let second = pair.command(.poll)
        #expect(open(&pair.pd, first) == .wrongMAC)
        #expect(open(&pair.acu, firstAnswer) == .wrongMAC)
        #expect(open(&pair.acu, second) == .wrongMAC)
        #expect(open(&pair.pd, second) == .opened(payloadCount: 0))
        _ = pair.reply(.ack)
        let later = pair.reply(.ack)
        _ = later
        // The ACU has not heard the second answer, so its third command does not fit.
        let third = pair.command(.poll)
        #expect(open(&pair.pd, third) == .wrongMAC)
    }

    @Test func `refuses data without the mark of its end`() throws {
        let keys = OSDPSessionKeys(key: OSDPKey(value: 0x1357_9BDF), acuRandom: 0xA5A5)
        var receiver = OSDPSession.pd(keys, initialMAC: 0x4242)
        for plain: UInt128 in [0, 0x01, 0x80 << 120 | 1] {
            var bytes = hexBytes("53 03 00 00 0D 02 17 60")
            bytes.append(bigEndian: plain)
            keys.encryption.encrypt(&bytes, 8..<24, iv: ~0x4242)
            bytes[2] = UInt8(bytes.count + 6)
            let mac = keys.mac(over: bytes, iv: 0x4242)
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: mac >> UInt128(120 - $0 * 8)) }
            OSDPCheck.crc16.append(to: &bytes, from: 0)
            let frame = try osdpFrame(bytes)
            var copy = receiver
            #expect(copy.open(&bytes, frame) == .wrongPadding)
        }
        _ = open(&receiver, [])
    }
}
