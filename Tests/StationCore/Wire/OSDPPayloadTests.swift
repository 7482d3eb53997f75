// Commands and replies of OSDP: there and back, and what is refused.

import Testing

@testable import StationCore

@Suite struct `An OSDP command` {
    static let all: [OSDPCommand] = [
        .poll, .identify, .capabilities, .localStatus, .inputStatus, .outputStatus,
        .readerStatus, .output(OSDPOutputControl(output: 1, .onFor, tenths: 0x1234)),
        .light(OSDPLight(reader: 1, light: 2)),
        .light(OSDPLight(passing: .cancel, lasting: .show(.steady(.red)))),
        .light(
            OSDPLight(
                passing: .show(
                    OSDPBlink(onTenths: 3, offTenths: 4, on: .green, off: .off), tenths: 0x0506),
                lasting: .show(OSDPBlink(onTenths: 7, offTenths: 8, on: .blue, off: .white)))),
        .buzz(OSDPBuzz(reader: 1, tone: .off, onTenths: 2, offTenths: 3, repetitions: 4)),
        .text(OSDPDisplay(reader: 2, "Hello", seconds: 9, wraps: true, row: 1, column: 4)!),
        .text(OSDPDisplay(String(repeating: "x", count: 32))!),
        .communication(OSDPCommunication(address: 0x7E, baud: 230_400)),
        .keySet(OSDPKey(value: 0x0123_4567_89AB_CDEF_0011_2233_4455_6677)),
        .challenge(acuRandom: 0x0123_4567_89AB_CDEF),
        .serverCryptogram(0x0123_4567_89AB_CDEF_0011_2233_4455_6677),
    ]

    @Test(arguments: Self.all)
    func `is the same after a trip over the line`(command: OSDPCommand) throws {
        var bytes: [UInt8] = []
        command.encode(into: &bytes)
        #expect(bytes[0] == command.code.rawValue)
        #expect(try osdpCommand(command.code, Array(bytes[1...])) == command)
    }

    /// libosdp's osdp_cp.c: the layout of LED, BUZ and TEXT.
    @Test func `has the layout that readers know`() throws {
        var bytes: [UInt8] = []
        OSDPCommand.light(
            OSDPLight(
                reader: 0, light: 0,
                passing: .show(
                    OSDPBlink(onTenths: 2, offTenths: 1, on: .green, off: .red), tenths: 0x0120),
                lasting: .show(OSDPBlink(onTenths: 5, offTenths: 0, on: .amber, off: .off)))
        ).encode(into: &bytes)
        #expect(bytes == hexBytes("69 00 00 02 02 01 02 01 20 01 01 05 00 03 00"))
        bytes = []
        OSDPCommand.buzz(OSDPBuzz(onTenths: 5, offTenths: 3, repetitions: 2))
            .encode(into: &bytes)
        #expect(bytes == hexBytes("6A 00 02 05 03 02"))
        bytes = []
        OSDPCommand.text(try #require(OSDPDisplay("Hi", seconds: 7))).encode(into: &bytes)
        #expect(bytes == hexBytes("6B 00 03 07 01 01 02 48 69"))
        bytes = []
        OSDPCommand.output(OSDPOutputControl(output: 3, .onFor, tenths: 50)).encode(into: &bytes)
        #expect(bytes == hexBytes("68 03 05 32 00"))
    }

    @Test func `of a length or with a value that does not exist is refused`() {
        func read(_ code: OSDPCommandCode, _ text: String) -> OSDPPayloadError? {
            let bytes = hexBytes(text)
            do throws(OSDPPayloadError) {
                _ = try osdpCommand(code, bytes)
                return nil
            } catch {
                return error
            }
        }
        #expect(read(.poll, "00") == .length(expected: 0, found: 1))
        #expect(read(.light, "00 00") == .length(expected: 14, found: 2))
        #expect(read(.light, "00 00 03 00 00 00 00 00 00 00 00 00 00 00") == .value(at: 2))
        #expect(read(.light, "00 00 02 00 00 08 00 00 00 00 00 00 00 00") == .value(at: 5))
        #expect(read(.light, "00 00 00 00 00 00 00 00 00 02 00 00 00 00") == .value(at: 9))
        #expect(read(.buzz, "00 07 00 00 00") == .value(at: 1))
        #expect(read(.output, "00 07 00 00") == .value(at: 1))
        #expect(read(.text, "00 01 00 01 01 05 41") == .length(expected: 11, found: 7))
        #expect(read(.text, "00 05 00 01 01 00") == .value(at: 1))
        #expect(read(.text, "00 01 00 01 01 01 07") == .value(at: 6))
        #expect(read(.keySet, "02 10" + String(repeating: "11", count: 16)) == .value(at: 0))
        #expect(read(.manufacturer, "00") == .unsupported)
        #expect(OSDPDisplay(String(repeating: "x", count: 33)) == nil)
        // UTF-8 is for readers that can; what steers a terminal is for none.
        #expect(OSDPDisplay("欢迎")?.text.count == 6)
        for text in ["\u{7}", "\u{1B}[2J", "\u{9B}2J", "\u{202E}", "\u{7F}"] {
            #expect(OSDPDisplay(text) == nil)
        }
        #expect(read(.text, "00 01 00 01 01 02 C2 9B") == .value(at: 6))
        #expect(read(.text, "00 01 00 01 01 01 C2") == .value(at: 6))
    }
}

@Suite struct `An OSDP reply` {
    static let all: [OSDPReply] = [
        .ack, .busy, .nak(.record), .nak(OSDPNak(rawValue: 200)),
        .identity(
            OSDPIdentity(
                vendor: 0x8E0600, model: 3, version: 4, serial: 0xDEAD_BEEF, firmware: (1, 2, 3))),
        .capabilities(OSDPCapabilities()), .capabilities(Self.claims),
        .localStatus(OSDPLocalStatus(isTampered: true, powerFailed: false)),
        .inputs(OSDPLevels(count: 5, active: 0b10011)), .outputs(OSDPLevels(count: 0, active: 0)),
        .inputs(OSDPLevels(count: 64, active: .max)),
        .readers(OSDPReaderStates([.normal, .missing, .tampered])),
        .card(OSDPCard(reader: 1, format: .wiegand, bitCount: 26, bits: 0x2F623AE)),
        .card(OSDPCard(format: .unspecified, bitCount: 128, bits: .max)),
        .card(OSDPCard(format: .unspecified, bitCount: 1, bits: 1)),
        .card(OSDPCard(format: .unspecified, bitCount: 0, bits: 0)),
        .card(OSDPCard(format: .unspecified, bitCount: 1_024, bits: 0)),
        .formattedCard(OSDPFormattedCard(isBackwards: true, text: OSDPCharacters("0012")!)),
        .keys(OSDPKeys(reader: 1, KeypadKey.allCases)),
        .communication(OSDPCommunication(address: 1, baud: 9_600)),
        .clientCryptogram(OSDPClientCryptogram(identity: 1, random: 2, cryptogram: 3)),
        .initialMAC(.max), .other(.fileStatus),
    ]
    static var claims: OSDPCapabilities {
        var claims = OSDPCapabilities()
        for function in OSDPFunction.allCases {
            claims[function] = (function.rawValue, 255 - function.rawValue)
        }
        return claims
    }

    @Test(arguments: Self.all)
    func `is the same after a trip over the line`(reply: OSDPReply) throws {
        var bytes: [UInt8] = []
        reply.encode(into: &bytes)
        #expect(bytes[0] == reply.code.rawValue)
        #expect(try osdpReply(reply.code, Array(bytes[1...])) == reply)
    }

    /// A PDID and a PDCAP that libosdp 3.2.9 sent as a PD.
    @Test func `of an independent reader is understood`() throws {
        let identity = hexBytes("BE BA FE 01 01 AF BE AD DE AD DE AD")
        guard case .identity(let who) = try osdpReply(.identity, identity) else {
            Issue.record("no identity")
            return
        }
        #expect(who.vendorText == "BEBAFE")
        #expect(who.serial == 0xDEAD_BEAF)
        #expect(who.firmwareText == "173.222.173")
        let claims = hexBytes("03 01 00 04 01 01 05 01 01 08 01 00 09 01 00 0A 00 01 10 02 00")
        guard case .capabilities(let can) = try osdpReply(.capabilities, claims) else {
            Issue.record("no capabilities")
            return
        }
        #expect(can.hasSecureChannel)
        #expect(can[.lights].map { [$0.level, $0.count] } == [1, 1])
        #expect(can[.text] == nil)
    }

    @Test func `of a length that cannot be is refused`() {
        func read(_ code: OSDPReplyCode, _ text: String) -> OSDPPayloadError? {
            let bytes = hexBytes(text)
            do throws(OSDPPayloadError) {
                _ = try osdpReply(code, bytes)
                return nil
            } catch {
                return error
            }
        }
        #expect(read(.ack, "00") == .length(expected: 0, found: 1))
        #expect(read(.nak, "") == .length(expected: 1, found: 0))
        #expect(read(.identity, "00 00") == .length(expected: 12, found: 2))
        #expect(read(.capabilities, "01 02 03 04") == .length(expected: 3, found: 4))
        #expect(read(.rawCard, "00 00 1A") == .length(expected: 4, found: 3))
        // 26 bits are four bytes: three are too few, five too many.
        #expect(read(.rawCard, "00 01 1A 00 BD 88 EB") == .length(expected: 8, found: 7))
        #expect(read(.rawCard, "00 01 1A 00 BD 88 EB 80 00") == .length(expected: 8, found: 9))
        #expect(read(.rawCard, "00 01 FF FF 00") == .length(expected: 8_196, found: 5))
        #expect(read(.keypad, "00 03 31") == .length(expected: 5, found: 3))
        #expect(read(.formattedCard, "00 00 01") == .length(expected: 4, found: 3))
        #expect(read(.formattedCard, "00 00 01 07") == .value(at: 3))
        #expect(read(.readerStatus, "00 03") == .value(at: 1))
        #expect(read(.clientCryptogram, "00") == .length(expected: 32, found: 1))
    }

    @Test func `about keys keeps sixteen and counts the rest`() throws {
        let payload = hexBytes("00 14" + String(repeating: "35", count: 20))
        guard case .keys(let keys) = try osdpReply(.keypad, payload) else {
            Issue.record("no keys")
            return
        }
        #expect(keys.count == 16 && keys.dropped == 4)
        #expect((0..<16).allSatisfy { keys[$0] == .five })
        let mixed = hexBytes("00 06 7F 0D 2A 23 41 30")
        guard case .keys(let others) = try osdpReply(.keypad, mixed) else {
            Issue.record("no keys")
            return
        }
        #expect((0..<Int(others.count)).map { others[$0] } == [.star, .hash, .star, .hash, .zero])
        #expect(others.dropped == 1)
    }

    @Test func `of any code with any data is read or refused, and nothing traps`() {
        var random = Xorshift(seed: 41)
        for _ in 0..<20_000 {
            let count = Int(random.next() % 40)
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 24) }
            for code in OSDPReplyCode.allCases {
                guard let reply = try? osdpReply(code, bytes) else { continue }
                var again: [UInt8] = []
                reply.encode(into: &again)
                if case .nak = reply { continue }
                #expect(again.count <= bytes.count + 1)
            }
            for code in OSDPCommandCode.allCases {
                guard let command = try? osdpCommand(code, bytes) else { continue }
                var again: [UInt8] = []
                command.encode(into: &again)
                #expect(again.count == bytes.count + 1)
            }
        }
    }

    @Test func `and every fault, NAK and error has two sentences`() {
        for fault in OSDPSecurityFault.allCases {
            #expect(!fault.name.isEmpty && fault.text(.chinese) != fault.text(.english))
        }
        for code in UInt8.min...UInt8.max {
            let nak = OSDPNak(rawValue: code)
            #expect(!nak.name.isEmpty && nak.text(.chinese) != nak.text(.english))
        }
        for error in [OSDPPayloadError.length(expected: 1, found: 2), .value(at: 0), .unsupported] {
            #expect(error.text(.chinese) != error.text(.english))
        }
        let names = OSDPCommandCode.allCases.map(\.name) + OSDPReplyCode.allCases.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
