// OSDP frames in, meaning out; vectors from the sources that the codec's own tests name.

import Control
import Glibc
import StationCore
import Testing

@testable import stationctl

@Suite struct `Decoding OSDP frames` {
    private func decode(_ text: String, key: OSDPKey? = nil) throws -> OSDPDecoding {
        OSDPDecoding(try HexInput.bytes(text), key: key)
    }

    private func lines(_ text: String, key: OSDPKey? = nil) throws -> (zh: [String], en: [String]) {
        let decoding = try decode(text, key: key)
        return (
            decoding.lines(Catalogue(language: .chinese)),
            decoding.lines(Catalogue(language: .english))
        )
    }

    /// libosdp tests/unit-tests/test-cp-phy.c, OSDP.Net's tests, libosdp-conformance issue 32.
    @Test(
        arguments: [
            ("FF 53 65 08 00 04 60 60 90", 101, false, 0, "crc16", "POLL"),
            ("FF 53 65 09 00 04 61 00 D9 7A", 101, false, 0, "crc16", "ID"),
            ("FF 53 00 0C 00 02 6E 01 80 25 00 00 8B", 0, false, 2, "checksum", "COMSET"),
            ("53 80 08 00 05 40 68 9F", 0, true, 1, "crc16", "ACK"),
        ] as [(String, Int, Bool, Int, String, String)])
    func `says who said what`(
        text: String, address: Int, isReply: Bool, sequence: Int, check: String, name: String
    ) throws {
        let decoding = try decode(text)
        let frame = try #require(decoding.frames.first)
        #expect(decoding.frames.count == 1 && decoding.reason == nil)
        #expect(frame.address == address && frame.isReply == isReply)
        #expect(frame.sequence == sequence && frame.check == check && frame.name == name)
    }

    @Test func `tells what is in it, in both languages`() throws {
        let comset = try lines("FF 53 00 0C 00 02 6E 01 80 25 00 00 8B")
        #expect(comset.en == ["→ PD 0  #2  COMSET  address 1, 9600 baud"])
        #expect(comset.zh == ["→ PD 0  #2  COMSET  地址1，9600波特"])
        let identity = "538514000445bebafe0101afbeaddeaddead01b9"
        #expect(
            try lines(identity).en == [
                "PD 5 →  #0  PDID  vendor BEBAFE, model 1, version 1, serial 3735928495, "
                    + "firmware 173.222.173"
            ])
        let claims = "53851d0005460301000401010501010801000901000a00011002008e3a"
        #expect(try lines(claims).zh[0].contains("安全通道 1/0"))
        #expect(try decode(claims).frames[0].details?.capabilities?.count == 7)
        // The NAK of a reader that wants a secure channel.
        let nak = try lines("53850900064106a1f9")
        #expect(nak.en == ["PD 5 →  #2  NAK  security conditions are not met"])
    }

    static let handshake = """
        ff530513000c03110176b0b1b2b3b4b5b6b7e175
        53852b000c03120176beba0100afbeadded764c8cce93255c4486012a1ef242a359f46c6dbc53867184134
        ff53051b000d031301772af4e10503b0d93eb2d5627e9036928b44da
        53851b000d03140178aedf0d9c388afa9137b590e99e2d9bf20957
        """

    @Test func `follows a handshake and says which key it is about`() throws {
        let decoding = try decode(Self.handshake)
        #expect(decoding.reason == nil)
        #expect(decoding.frames.map(\.name) == ["CHLNG", "CCRYPT", "SCRYPT", "RMAC_I"])
        #expect(decoding.frames.map(\.block) == ["SCS_11", "SCS_12", "SCS_13", "SCS_14"])
        #expect(decoding.frames.map(\.key) == ["own", "own", "own", nil])
    }

    @Test(
        arguments: [
            ("53 80 08 00 05 40 68 9E", "CRC"), ("53 80 08 00 05 40 68", "cut off"),
            ("00 01 02", "no OSDP frame"), ("FF FF", "no OSDP frame"),
            ("53 05 08 00 04 6D 00 00", "CRC"),
        ])
    func `says why bytes are no frame`(text: String, reason: String) throws {
        let decoding = try decode(text)
        let found = try #require(decoding.reason)
        #expect(found.en.contains(reason))
        #expect(found.zh != found.en)
    }

    @Test(arguments: ["", "5", "xyz", "53 8"]) func `says why text is no bytes`(text: String) {
        #expect(throws: Problem.self) { try decode(text) }
    }

    @Test func `never shows a key, neither its own nor one on the line`() throws {
        let line =
            "FF 53 00 1A 00 06 75 01 10 00 01 02 03 04 05 06 07 00 01 02 03 04 05 06 07 CF A3"
        let json = Output.json(try decode(line))
        let (zh, en) = try lines(line)
        for text in [json] + zh + en {
            #expect(!text.contains("0102") && !text.contains("01 02"))
            #expect(text.contains("KEYSET"))
        }
    }
}

@Suite struct `A reader's key file` {
    private let output = Output(catalogue: Catalogue(language: .english), isJSON: true)

    private func read(_ text: String) throws -> OSDPKey {
        var template = Array("/tmp/stationctl-key-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            unlink(path)
        }
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        return try OSDPKeyFile.read(path, output)
    }

    @Test func `is 32 hexadecimal digits, however they are set`() throws {
        let key = try read("8c1f2e3d4b5a69788796a5b4c3d2e1f0\n")
        #expect(try read("8C:1F:2E:3D 4B5A6978-8796A5B4C3D2E1F0\r\n") == key)
        #expect(key.revealed.first == 0x8c && key.revealed.last == 0xf0)
    }

    @Test(
        arguments: [
            "", "8c1f", "8c1f2e3d4b5a69788796a5b4c3d2e1f", "8c1f2e3d4b5a69788796a5b4c3d2e1f0aa",
            "8c1f2e3d4b5a69788796a5b4c3d2e1fg", "303132333435363738393a3b3c3d3e3f",
            "00000000000000000000000000000000", String(repeating: "a", count: 1_000),
        ])
    func `that is none is refused without a word of what is in it`(text: String) throws {
        do {
            _ = try read(text)
            Issue.record("taken")
        } catch let problem as Problem {
            #expect(problem.status == .badData)
            let said = output.catalogue.text(problem) ?? ""
            #expect(!said.isEmpty)
            #expect(!said.contains("8c1f"))
        }
    }

    @Test func `that is not there is told with its name`() {
        #expect(throws: Problem.file(path: "/nowhere/key", errno: ENOENT)) {
            try OSDPKeyFile.read("/nowhere/key", output)
        }
    }
}
