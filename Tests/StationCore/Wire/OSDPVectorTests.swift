// OSDP's published examples, each with its source, and what an independent reader really sent.

import Testing

@testable import StationCore

@Suite struct `OSDP's published examples` {
    /// SIA OSDP v2.2 Annex E, as libosdp's tests/unit-tests/test-sc-sia-vectors.c carries them.
    @Test(
        arguments: [
            ("53 7F 0D 00 04 6E 00 80 25 00 00", OSDPCheck.crc16, "6E 38"),
            ("53 00 09 00 04 61 00", .crc16, "C0 66"),
            ("53 7F 0C 00 00 6E 00 80 25 00 00", .checksum, "0F"),
            ("53 00 08 00 00 61 00", .checksum, "44"),
        ] as [(String, OSDPCheck, String)])
    func `have our CRC and our checksum`(frame: String, check: OSDPCheck, expected: String) {
        var bytes = hexBytes(frame)
        check.append(to: &bytes, from: 0)
        #expect(bytes == hexBytes(frame + expected))
        OSDPDripFeed.verify(bytes)
    }

    /// SIA OSDP v2.2 Annex E: SCBK-D, RND.A B0 to B7, RND.B A0 to A7.
    @Test func `have our session keys, cryptograms and first MAC`() {
        let acuRandom: UInt64 = 0xB0B1_B2B3_B4B5_B6B7
        let pdRandom: UInt64 = 0xA0A1_A2A3_A4A5_A6A7
        let base = OSDPCipher(OSDPKey.factoryDefault.value)
        func derived(_ label: UInt128) -> UInt128 {
            base.encrypt(label << 112 | UInt128(acuRandom >> 16) << 64)
        }
        #expect(derived(0x0101) == hexNumber("5E86C676603BDEE2D8BEAFE178637332"))
        #expect(derived(0x0102) == hexNumber("6FDA86E857777E81132035758239172E"))
        #expect(derived(0x0182) == hexNumber("BF8DC2A8329ACB8C67C6D0CD9A451682"))
        let keys = OSDPSessionKeys(key: .factoryDefault, acuRandom: acuRandom)
        let client = keys.clientCryptogram(acuRandom: acuRandom, pdRandom: pdRandom)
        #expect(client == hexNumber("FDE5D2F428EC16312471EA3C02BD7796"))
        let server = keys.serverCryptogram(acuRandom: acuRandom, pdRandom: pdRandom)
        #expect(server == hexNumber("26D3356E07762D262801FC8E6665A891"))
        let mac = keys.initialMAC(serverCryptogram: server)
        #expect(mac == hexNumber("B2A30057EB98BA2229EC1F875662B524"))
    }

    /// Bytes of the mark, the frame, the command that it is; who composed them.
    @Test(
        arguments: [
            // libosdp, tests/unit-tests/test-cp-phy.c
            ("FF 53 65 08 00 04 60 60 90", 101, 0, OSDPCheck.crc16, OSDPCommand.poll),
            ("FF 53 65 09 00 04 61 00 D9 7A", 101, 0, .crc16, .identify),
            // OSDP.Net, CommandOutgoingMessageTest.cs
            (
                "FF 53 00 0D 00 06 6E 01 80 25 00 00 EC 7B", 0, 2, .crc16,
                .communication(OSDPCommunication(address: 1, baud: 9_600))
            ),
            (
                "FF 53 00 0C 00 02 6E 01 80 25 00 00 8B", 0, 2, .checksum,
                .communication(OSDPCommunication(address: 1, baud: 9_600))
            ),
            ("FF 53 00 09 00 06 62 00 F3 5D", 0, 2, .crc16, .capabilities),
            (
                "FF 53 00 1A 00 06 75 01 10 00 01 02 03 04 05 06 07 00 01 02 03 04 05 06 07 CF A3",
                0, 2, .crc16, .keySet(OSDPKey(value: 0x0001_0203_0405_0607_0001_0203_0405_0607))
            ),
            // libosdp-conformance, issue 32
            ("FF 53 00 08 00 06 60 89 CC", 0, 2, .crc16, .poll),
        ] as [(String, UInt8, UInt8, OSDPCheck, OSDPCommand)])
    func `are composed and read as commands`(
        text: String, address: UInt8, sequence: UInt8, check: OSDPCheck, command: OSDPCommand
    ) throws {
        let expected = hexBytes(text)
        let envelope = OSDPEnvelope(
            address: address, isReply: false, sequence: sequence, check: check)
        var bytes: [UInt8] = []
        let start = envelope.open(into: &bytes)
        command.encode(into: &bytes)
        envelope.close(&bytes, from: start)
        #expect(bytes == expected)

        OSDPDripFeed.verify(Array(expected.dropFirst()))
        let frame = try #require(OSDPDripFeed.frames(expected, .commands).first)
        #expect(frame.address == address)
        #expect(frame.sequence == sequence)
        #expect(frame.check == check)
        #expect(!frame.isReply)
        let code = try #require(OSDPCommandCode(rawValue: frame.code))
        let payload = Array(Array(expected.dropFirst())[frame.payload])
        #expect(try osdpCommand(code, payload) == command)
    }

    /// OSDP.Net, PacketDecodingTest.cs and ReplyTest.cs; libosdp-conformance, issue 32.
    @Test(arguments: [("53 80 08 00 05 40 68 9F", 1), ("FF 53 80 08 00 06 40 3B CA", 2)])
    func `are read as acknowledgements`(text: String, sequence: UInt8) throws {
        let bytes = hexBytes(text)
        let frame = try #require(OSDPDripFeed.frames(bytes, .replies).first)
        #expect(frame.address == 0 && frame.isReply && frame.sequence == sequence)
        #expect(frame.code == OSDPReplyCode.ack.rawValue)
        #expect(frame.payload.isEmpty && frame.block == nil)
    }

    /// OSDP.Net's RawCardDataTest.cs: 16 bits 0001001010101011 of reader 5.
    @Test func `of a card are its bits, left-aligned on the wire`() throws {
        let payload = hexBytes("05 00 10 00 12 AB")
        let card = OSDPCard(reader: 5, format: .unspecified, bitCount: 16, bits: 0x12AB)
        #expect(try osdpReply(.rawCard, payload) == .card(card))
        let frame = try osdpReply(.rawCard, hexBytes("00 01 1A 00 BD 88 EB 80"))
        // proxmark3's H10301 123/4567, whose last byte has six bits too many.
        #expect(
            frame == .card(OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F6_23AE)))
    }
}

/// libosdp, tests/unit-tests/test-sc.c, on the AES-128 CBC vectors of NIST SP 800-38A, F.2.1.
@Suite struct `OSDP's block arithmetic` {
    static let key = hexNumber("2b7e151628aed2a6abf7158809cf4f3c")
    static let iv = hexNumber("000102030405060708090a0b0c0d0e0f")
    static let plain = hexBytes(
        """
        6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51
        30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710
        """)
    static let secret = hexBytes(
        """
        7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2
        73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7
        """)
    let cipher = OSDPCipher(Self.key)
    var keys: OSDPSessionKeys {
        OSDPSessionKeys(encryption: cipher, firstMAC: cipher, lastMAC: cipher)
    }

    @Test func `is AES-128 in CBC mode`() {
        var bytes = Self.plain
        cipher.encrypt(&bytes, 0..<64, iv: Self.iv)
        #expect(bytes == Self.secret)
        cipher.decrypt(&bytes, 0..<64, iv: Self.iv)
        #expect(bytes == Self.plain)
    }

    @Test func `makes a MAC of one block, of four, and of one that is padded`() {
        #expect(
            keys.mac(over: Array(Self.plain[..<16]), iv: Self.iv)
                == Self.secret[..<16].reduce(0) { $0 << 8 | UInt128($1) })
        #expect(
            keys.mac(over: Self.plain, iv: Self.iv)
                == Self.secret[48...].reduce(0) { $0 << 8 | UInt128($1) })
        let short = (0..<15).map { UInt8($0) }
        #expect(
            keys.mac(over: short, iv: Self.iv)
                == hexNumber("c5311f3d23d086ea86f5ee7f85247b40"))
    }

    /// 15 and 16 bytes of data, the mark of the end always behind them.
    @Test(
        arguments: [
            (15, "c5311f3d23d086ea86f5ee7f85247b40"),
            (16, "7df76b0c1ab899b33e42f047b91b546fe2fe5bd6c1dfcdd19124f03e1a134d3b"),
        ])
    func `pads data with 80 and zeros`(count: Int, expected: String) throws {
        // The first value is the complement of the other side's last MAC.
        var sender = OSDPSession.acu(keys, initialMAC: ~Self.iv)
        let envelope = OSDPEnvelope(address: 1, isReply: false, sequence: 1)
        var bytes: [UInt8] = []
        let start = envelope.open(
            block: OSDPSecurityBlock(.command), marked: false, into: &bytes)
        bytes.append(0x80)
        bytes += (0..<count).map { UInt8($0) }
        sender.seal(&bytes, from: start, check: .crc16)
        envelope.close(&bytes, from: start)
        let frame = try osdpFrame(bytes)
        #expect(frame.block?.kind == .encryptedCommand)
        #expect(Array(bytes[frame.payload]) == hexBytes(expected))
        var receiver = OSDPSession.pd(keys, initialMAC: ~Self.iv)
        #expect(receiver.open(&bytes, frame) == .opened(payloadCount: count))
        #expect(Array(bytes[frame.payload].prefix(count)) == (0..<count).map { UInt8($0) })
    }

    /// No data at all, encrypted all the same: some readers do so.
    @Test func `opens an encrypted nothing`() throws {
        let secret = hexBytes("4c08220c79d9191022dc6674874ceaf8")
        var bytes = hexBytes("53 81 00 00 0D 02 18 40") + secret
        bytes[2] = UInt8(bytes.count + 6)
        let mac = keys.mac(over: bytes, iv: ~Self.iv)
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: mac >> UInt128(120 - $0 * 8)) }
        OSDPCheck.crc16.append(to: &bytes, from: 0)
        let frame = try osdpFrame(bytes)
        var receiver = OSDPSession.pd(keys, initialMAC: ~Self.iv)
        #expect(receiver.open(&bytes, frame) == .opened(payloadCount: 0))
    }
}
