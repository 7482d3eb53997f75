// CCID's messages byte by byte: the standard's tables, readers' descriptors, other drivers' bytes.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A CCID message` {
    /// nfcpy tests/test_clf_acr122.py: what it sends when it opens an ACR122U, byte for byte.
    @Test(
        arguments: [
            (CCIDCommand.transfer, ACR122U.firmware.bytes, "6f050000000000000000 ff00480000"),
            (.powerOn, [], "62000000000000000000"),
            (.transfer, hex("ff00517f00"), "6f050000000000000000 ff00517f00"),
            (
                .transfer, ACR122U.lights([.greenAtEnd, .setsRed, .setsGreen]).bytes,
                "6f090000000000000000 ff00400e0400000000"
            ),
            (
                .transfer, ACR122U.lights([.setsRed, .setsGreen]).bytes,
                "6f090000000000000000 ff00400c0400000000"
            ),
            (
                .transfer,
                ACR122U.lights(
                    [.redAtEnd, .setsRed, .setsGreen], on: 3, times: 1, isLoud: true
                ).bytes,
                "6f090000000000000000 ff00400d0403000101"
            ),
            (.transfer, hex("ff00000002d402"), "6f070000000000000000 ff00000002d402"),
        ] as [(CCIDCommand, [UInt8], String)])
    func `goes out as nfcpy sends it`(command: CCIDCommand, payload: [UInt8], bytes: String) {
        let packet = CCIDPacket(command, slot: 0, sequence: 0, payload: payload)
        #expect(packet?.bytes == hex(bytes))
    }

    @Test func `has room for a short APDU and not for a longer one`() {
        let longest = [UInt8](repeating: 1, count: 261)
        let packet = CCIDPacket(.transfer, slot: 2, sequence: 255, payload: longest)
        #expect(packet?.count == 271)
        #expect(packet?.bytes.prefix(10).elementsEqual(hex("6f 05010000 02 ff 00 0000")) == true)
        #expect(CCIDPacket(.transfer, slot: 0, sequence: 0, payload: longest + [0]) == nil)
    }

    /// nfcpy tests/test_clf_acr122.py: bError 81 beside a command that was done; libnfc reads it
    /// so too. The second: a data block without data.
    @Test func `of an ACR122U without a card is good in spite of its error byte`() throws {
        let firmware = try CCIDMessage(hex("80 0a000000 00 00 02 81 00 41435231323255323033"))
        guard case .reply(let reply) = firmware else {
            Issue.record("not a reply: \(firmware)")
            return
        }
        #expect(reply.answer == .dataBlock)
        #expect(reply.outcome == .done)
        #expect(reply.presence == .absent)
        #expect(reply.length == 10)
    }

    /// CCID 1.1, table 6.2-3; cards' facts as in libccid's src/ccid.c.
    @Test(
        arguments: [
            (0x00, CCIDPresence.active, CCIDOutcome.done),
            (0x01, .inactive, .done),
            (0x02, .absent, .done),
            (0x40, .active, .failed(.mute)),
            (0x42, .absent, .failed(.mute)),
            (0x80, .active, .extended(times: 0xfe)),
            (0xc3, .reserved, .reserved),
        ] as [(UInt8, CCIDPresence, CCIDOutcome)])
    func `says in one byte whether a card is there and how it ended`(
        status: UInt8, presence: CCIDPresence, outcome: CCIDOutcome
    ) throws {
        let bytes = hex("81 00000000 00 07") + [status, 0xfe, 0]
        guard case .reply(let reply) = try CCIDMessage(bytes) else {
            Issue.record("not a reply")
            return
        }
        #expect(reply.presence == presence)
        #expect(reply.outcome == outcome)
        #expect(reply.sequence == 7)
    }

    /// CCID 1.1, table 6.2-2, as libccid's src/ccid.c lists it.
    @Test(
        arguments: [
            (0x00, "CMD_NOT_SUPPORTED"), (0x01, "BAD_BYTE_1"), (0x05, "BAD_BYTE_5"),
            (0x7f, "BAD_BYTE_127"), (0x81, "OTHER_81"), (0xa2, "CARD_LENGTH"),
            (0xa3, "ATR_TOO_LONG"), (0xab, "NO_DATA"), (0xbb, "EMV_PROTOCOL"),
            (0xbd, "T1_PROTOCOL"), (0xbe, "APDU_LENGTH"), (0xe0, "CMD_SLOT_BUSY"),
            (0xef, "PIN_CANCELLED"), (0xf0, "PIN_TIMEOUT"), (0xf2, "BUSY_WITH_AUTO_SEQUENCE"),
            (0xf3, "DEACTIVATED_PROTOCOL"), (0xf4, "PROCEDURE_BYTE_CONFLICT"),
            (0xf5, "ICC_CLASS_NOT_SUPPORTED"), (0xf6, "ICC_PROTOCOL_NOT_SUPPORTED"),
            (0xf7, "BAD_ATR_TCK"), (0xf8, "BAD_ATR_TS"), (0xfb, "HW_ERROR"),
            (0xfc, "XFR_OVERRUN"), (0xfd, "XFR_PARITY_ERROR"), (0xfe, "ICC_MUTE"),
            (0xff, "CMD_ABORTED"),
        ] as [(UInt8, String)])
    func `names its error`(code: UInt8, name: String) {
        #expect(CCIDError(code: code).name == name)
        #expect(CCIDError(code: code).code == code)
    }

    @Test func `keeps every error code through naming`() {
        for code in UInt8.min...UInt8.max { #expect(CCIDError(code: code).code == code) }
    }

    @Test(
        arguments: [
            ("", CCIDMessageError.length(expected: 10, found: 0)),
            ("80 0100", .length(expected: 10, found: 3)),
            ("80 02000000 0000000000 90", .length(expected: 12, found: 11)),
            ("80 01000000 0000000000 9000", .length(expected: 11, found: 12)),
            ("80 ffffffff 0000000000", .length(expected: 4_294_967_305, found: 10)),
            ("00 00000000 0000000000", .type(0)),
            ("85 00000000 0000000000", .type(0x85)),
            ("50", .length(expected: 2, found: 1)),
            ("51 00 00", .length(expected: 4, found: 3)),
            ("36 21 00", .length(expected: 54, found: 3)),
            ("36 22" + String(repeating: "00", count: 52), .descriptorType(0x22)),
        ] as [(String, CCIDMessageError)])
    func `is refused with what was expected and what was found`(
        bytes: String, error: CCIDMessageError
    ) {
        #expect(throws: error) { try CCIDMessage(hex(bytes)) }
    }

    @Test func `is never too strange to be looked at`() {
        var random = Xorshift(seed: 7)
        for _ in 0..<20_000 {
            var bytes = random.bytes(random.below(70))
            if !bytes.isEmpty, random.below(2) == 0 {
                bytes[0] = [0x36, 0x50, 0x51, 0x6f, 0x80, 0x81][random.below(6)]
            }
            _ = try? CCIDMessage(bytes)
        }
    }
}

@Suite struct `A slot change` {
    /// CCID 1.1, 6.3.1: two bits a slot, presence below and change above.
    @Test(
        arguments: [
            ("50 03", 0, true, true), ("50 02", 0, false, true), ("50 01", 0, true, false),
            ("50 00", 0, false, false), ("50 0c", 1, true, true), ("50 0c", 0, false, false),
            ("50 00 40", 7, true, false), ("50 03", 31, false, false), ("50 03", 300, false, false),
        ] as [(String, Int, Bool, Bool)])
    func `tells presence and news of each slot`(
        bytes: String, slot: Int, isPresent: Bool, isNews: Bool
    ) throws {
        guard case .notification(.slots(let slots)) = try CCIDMessage(hex(bytes)) else {
            Issue.record("not a slot change")
            return
        }
        #expect(slots.isPresent(slot) == isPresent)
        #expect(slots.hasChanged(slot) == isNews)
    }

    @Test func `may be a hardware error instead`() throws {
        let message = try CCIDMessage(hex("51 00 05 01"))
        #expect(message == .notification(.hardwareError(slot: 0, sequence: 5, code: 1)))
    }
}

@Suite struct `A class descriptor` {
    /// LudovicRousseau/CCID readers/ACR122U_PICC.txt, written back to bytes.
    static let acr122u = hex(
        """
        36 21 0001 00 07 02000000 a00f0000 a00f0000 00 002a0000 90d00300 00 00010000 00000000 \
        00000000 40000200 0f010000 00 00 0000 00 01
        """)
    /// QEMU hw/usb/dev-smartcard-reader.c, qemu_ccid_descriptor.
    static let qemu = hex(
        """
        36 21 1001 00 07 01000000 a00f0000 00000100 00 80250000 00c20100 00 fe000000 00000000 \
        00000000 fe040100 12000100 ff ff 0000 01 01
        """)

    @Test func `of an ACR122U asks for whole short commands`() throws {
        let descriptor = try CCIDClassDescriptor(Self.acr122u)
        #expect(descriptor.revision == 0x0100)
        #expect(descriptor.slotCount == 1)
        #expect(descriptor.voltages == 7)
        #expect(descriptor.protocols == 2)
        #expect(descriptor.features == 0x0002_0040)
        #expect(descriptor.exchange == .shortAPDU)
        #expect(!descriptor.choosesVoltage)
        #expect(descriptor.longestMessage == 271)
        #expect(descriptor.refusal(forSlot: 0) == nil)
        #expect(descriptor.refusal(forSlot: 1) == .noSlot(1))
    }

    @Test func `of QEMU's reader exchanges blocks and sets parameters itself`() throws {
        let descriptor = try CCIDClassDescriptor(Self.qemu)
        #expect(descriptor.exchange == .tpdu)
        #expect(descriptor.choosesVoltage)
        #expect(descriptor.setsParameters)
        #expect(descriptor.longestMessage == 65_554)
        #expect(descriptor.refusal(forSlot: 0) == nil)
    }

    @Test(
        arguments: [
            (40...43, hex("00000000"), CCIDRefusal.characterLevel),
            (40...43, hex("00000100"), .manualParameters),
            (6...9, hex("02000000"), .blocksOfT1),
            (44...47, hex("2a000000"), .shortMessages(42)),
        ] as [(ClosedRange<Int>, [UInt8], CCIDRefusal)])
    func `of a reader that cannot read cards here is refused with the reason`(
        place: ClosedRange<Int>, value: [UInt8], refusal: CCIDRefusal
    ) throws {
        var bytes = Self.qemu
        bytes.replaceSubrange(place, with: value)
        let descriptor = try CCIDClassDescriptor(bytes)
        #expect(descriptor.refusal(forSlot: 0) == refusal)
        var reader = CCIDReader(family: .generic)
        let now = Instant(nanoseconds: 0)
        let outputs = reader.attached(descriptor, hasInterrupts: true, at: now)
        #expect(outputs.all == [.raised(.unusable(refusal))])
        #expect(reader.nextDeadline == nil)
        #expect(reader.detached(at: now).all == [.cleared(.unusable(refusal))])
    }
}
