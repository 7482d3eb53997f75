// Recordings of a line: an independent reader's handshake, read with its key and without.

import Testing

@testable import StationCore

@Suite struct `A recording of an OSDP line` {
    /// What libosdp 3.2.9 answered as a PD with the key 51, 52 ... 60, asked by hand.
    static let key = OSDPKey(value: 0x5152_5354_5556_5758_595A_5B5C_5D5E_5F60)
    private func entries(_ text: String, key: OSDPKey? = nil) -> [OSDPRecording.Entry] {
        var recording = OSDPRecording(key: key)
        var entries: [OSDPRecording.Entry] = []
        for byte in hexBytes(text) { entries += recording.add(byte) }
        return entries + recording.end()
    }

    static let asked = "ff530513000c03110176b0b1b2b3b4b5b6b7e175"
    static let half =
        "53852b000c03120176beba0100afbeadded764c8cce93255c4486012a1ef242a359f46c6dbc53867184134"
    static let server = "ff53051b000d031301772af4e10503b0d93eb2d5627e9036928b44da"
    static let mac = "53851b000d03140178aedf0d9c388afa9137b590e99e2d9bf20957"

    @Test func `has the handshake that the formulas say`() {
        let meanings = entries(Self.asked + Self.half + Self.server + Self.mac).map(\.meaning)
        let acuRandom: UInt64 = 0xB0B1_B2B3_B4B5_B6B7
        let pdRandom: UInt64 = 0xD764_C8CC_E932_55C4
        let keys = OSDPSessionKeys(key: Self.key, acuRandom: acuRandom)
        let server = keys.serverCryptogram(acuRandom: acuRandom, pdRandom: pdRandom)
        #expect(
            meanings == [
                .command(.challenge(acuRandom: acuRandom)),
                .reply(
                    .clientCryptogram(
                        OSDPClientCryptogram(
                            identity: 0xBEBA_0100_AFBE_ADDE, random: pdRandom,
                            cryptogram: keys.clientCryptogram(
                                acuRandom: acuRandom, pdRandom: pdRandom)))),
                .command(.serverCryptogram(server)),
                .reply(.initialMAC(keys.initialMAC(serverCryptogram: server))),
            ])
    }

    /// The channel of that handshake, gone on with.
    private var secured: (command: String, reply: String) {
        let keys = OSDPSessionKeys(key: Self.key, acuRandom: 0xB0B1_B2B3_B4B5_B6B7)
        let first = hexNumber("aedf0d9c388afa9137b590e99e2d9bf2")
        var acu = OSDPSession.acu(keys, initialMAC: first)
        var pd = OSDPSession.pd(keys, initialMAC: first)
        func seal(
            _ session: inout OSDPSession, isReply: Bool, _ encode: (inout [UInt8]) -> Void
        ) -> [UInt8] {
            let envelope = OSDPEnvelope(address: 5, isReply: isReply, sequence: 2)
            var bytes: [UInt8] = []
            let start = envelope.open(
                block: OSDPSecurityBlock(.command), marked: false, into: &bytes)
            encode(&bytes)
            session.seal(&bytes, from: start, check: .crc16)
            envelope.close(&bytes, from: start)
            return bytes
        }
        let command = seal(&acu, isReply: false) { OSDPCommand.poll.encode(into: &$0) }
        var opened = command
        if let frame = try? osdpFrame(command) { _ = pd.open(&opened, frame) }
        let reply = seal(&pd, isReply: true) {
            OSDPReply.card(OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F623AE))
                .encode(into: &$0)
        }
        return (Hex.lower(command), Hex.lower(reply))
    }

    @Test func `is opened with the reader's key, and with no other`() throws {
        let handshake = Self.asked + Self.half + Self.server + Self.mac
        let (command, reply) = secured
        let card = OSDPReply.card(OSDPCard(format: .wiegand, bitCount: 26, bits: 0x2F623AE))
        #expect(
            entries(handshake + command + reply, key: Self.key).suffix(2).map(\.meaning) == [
                .command(.poll), .reply(card),
            ])
        let other = OSDPKey(value: 0x8c1f_2e3d_4b5a_6978_8796_a5b4_c3d2_e1f0)
        #expect(
            entries(handshake + command + reply, key: other).suffix(2).map(\.meaning) == [
                .sealed(.wrongKey), .sealed(.wrongKey),
            ])
        #expect(
            entries(handshake + command + reply).suffix(2).map(\.meaning) == [
                .sealed(.noKey), .sealed(.noKey),
            ])
        #expect(
            entries(command + reply, key: Self.key).map(\.meaning) == [
                .sealed(.noHandshake), .sealed(.noHandshake),
            ])
        // Said again, and out of turn.
        #expect(
            entries(handshake + command + command + reply, key: Self.key).suffix(2)
                .map(\.meaning) == [.repetition, .reply(card)])
        #expect(
            entries(handshake + reply + command, key: Self.key).suffix(2).map(\.meaning).first
                == .sealed(.wrongMAC))
    }

    @Test func `is read in the clear, with what is no frame told`() {
        let plain =
            "00 11 ff53050900046100c125 538514000445bebafe0101afbeaddeaddead01b9"
        let read = entries(plain)
        #expect(read.map(\.meaning).first == .command(.identify))
        #expect(read.count == 2)
        #expect(read.last?.frame?.address == 5)
        #expect(entries("ff53050900046100c126").map(\.meaning).count == 1)
        #expect(entries("ff530509000461").map(\.meaning) == [.cutOff])
        #expect(entries("").isEmpty)
        #expect(entries("0102030405").isEmpty)
        // An unknown code, and data that makes no sense.
        var odd = hexBytes("53 05 08 00 04 6D")
        OSDPCheck.crc16.append(to: &odd, from: 0)
        #expect(entries(Hex.lower(odd)).map(\.meaning) == [.unknownCode(0x6D)])
        var wrong = hexBytes("53 85 0A 00 04 50 00 00")
        OSDPCheck.crc16.append(to: &wrong, from: 0)
        #expect(
            entries(Hex.lower(wrong)).map(\.meaning)
                == [.malformed(.length(expected: 4, found: 2))])
    }
}
