// What cards say of themselves: ATRs by PC/SC part 3, UIDs of every length, status words.

import EventLoop
import Testing

@testable import StationCore

private func card(atr: String) -> ContactlessCard {
    hex(atr).withUnsafeBytes { ContactlessCard(atr: $0) }
}

private func credential(
    _ card: ContactlessCard, _ uid: String
) throws(CCIDDiagnosis) -> Credential {
    try hex(uid).span.bytes.withUnsafeBytes { bytes throws(CCIDDiagnosis) in
        try card.credential(uid: bytes)
    }
}

@Suite struct `A contactless card` {
    /// 1K and 4K: Gemalto Prox-DU guide, page 101. Ultralight: the same guide's next line and
    /// franrodalg/pfc CardType.java. Ultralight C: its SCardUtil unit. FeliCa, Topaz, SAK: the
    /// numbers of PC/SC part 3 and of the ACR122U, with the check byte that they need.
    @Test(
        arguments: [
            (
                "3B8F8001804F0CA000000306030001000000006A", CardStandard.iso14443A,
                "MIFARE Classic 1K"
            ),
            ("3B8F8001804F0CA0000003060300020000000069", .iso14443A, "MIFARE Classic 4K"),
            ("3B8F8001804F0CA0000003060300030000000068", .iso14443A, "MIFARE Ultralight"),
            ("3B8F8001804F0CA00000030603003A0000000051", .iso14443A, "MIFARE Ultralight C"),
            ("3B8F8001804F0CA00000030611003B0000000042", .feliCa, "FeliCa"),
            ("3B8F8001804F0CA0000003060B00140000000077", .iso15693, "ICODE SLI"),
            ("3B8F8001804F0CA00000030603F011000000008A", .iso14443A, "FeliCa 212K"),
            ("3B8F8001804F0CA00000030603F004000000009F", .iso14443A, "Topaz or Jewel"),
            ("3B8F8001804F0CA00000030603FF88000000001C", .iso14443A, "SAK 88"),
        ] as [(String, CardStandard, String)])
    func `that stores only is named by its ATR`(
        atr: String, standard: CardStandard, name: String
    ) {
        let card = card(atr: atr)
        guard case .storage(let found, _) = card else {
            Issue.record("\(atr) is \(card)")
            return
        }
        #expect(found == standard)
        #expect(card.name == name)
    }

    /// DESFire and the transit cards of several cities: pcsc-tools' list has them so.
    @Test(arguments: ["3B8180018080", "3B828001314173"])
    func `with a processor shows the card's own bytes`(atr: String) {
        #expect(card(atr: atr) == .processor)
        #expect(card(atr: atr).name == nil)
    }

    @Test(arguments: [
        "", "3B", "3C00", "3B8F8001804F0CA000000306030001000000006B", "3B00", "3BFF",
        "3B8F8001804F0CA0000003060300010000000000", "3B6500002063CB6A00",
    ])
    func `is unknown when its ATR says nothing of the sort`(atr: String) {
        #expect(card(atr: atr) == .unknown)
    }

    @Test(
        arguments: [
            ("5630F009", 32, 0x5630_F009), ("04A1B2C3D4E5F6", 56, 0x04A1_B2C3_D4E5_F6),
            ("DD17380AF8", 32, 0xDD17_380A), ("08A1B2C3", 32, 0x08A1_B2C3),
        ] as [(String, UInt8, UInt128)])
    func `is presented by its UID in the order of the air`(
        uid: String, count: UInt8, bits: UInt128
    ) throws {
        let found = try credential(.storage(.iso14443A, name: 1), uid)
        #expect(found.technology == .iso14443)
        #expect(found.bitCount == count)
        #expect(found.bits == bits)
        #expect(try credential(.processor, uid) == found)
        #expect(try credential(.unknown, uid) == found)
    }

    /// ISO 15693 goes over the air with its low byte first; readers hand over either order.
    @Test(arguments: ["E004010012345678", "78563412000104E0"])
    func `of ISO 15693 is presented with E0 first`(uid: String) throws {
        let found = try credential(.storage(.iso15693, name: 0x14), uid)
        #expect(found.technology == .iso15693)
        #expect(found.bits == 0xE004_0100_1234_5678)
        #expect(try credential(.unknown, uid) == found)
    }

    @Test(
        arguments: [
            (ContactlessCard.unknown, "", CCIDDiagnosis.badUID(bytes: 0)),
            (.unknown, "0102030405", .badUID(bytes: 5)),
            (.unknown, "0102030405060708", .badUID(bytes: 8)),
            (.unknown, "00112233445566778899AABB", .badUID(bytes: 12)),
            (.unknown, "8804A3C6", .incompleteUID),
            (.storage(.iso15693, name: 0x14), "04A1B2C3", .badUID(bytes: 4)),
            (.storage(.feliCa, name: 0x3b), "0102030405060708", .unsupportedCard),
            (.storage(.contacts, name: 0), "01020304", .unsupportedCard),
            (.storage(.lowFrequency, name: 0), "01020304", .unsupportedCard),
        ] as [(ContactlessCard, String, CCIDDiagnosis)])
    func `without a UID of a card is no credential, with the reason`(
        card: ContactlessCard, uid: String, diagnosis: CCIDDiagnosis
    ) {
        #expect(throws: diagnosis) { try credential(card, uid) }
    }
}

@Suite struct `An answer to reset` {
    private func parse(_ text: String) throws(AnswerToReset.Flaw) -> AnswerToReset {
        try hex(text).span.bytes.withUnsafeBytes { bytes throws(AnswerToReset.Flaw) in
            try AnswerToReset(bytes)
        }
    }

    @Test func `is taken apart into protocols and historical bytes`() throws {
        let storage = try parse("3B8F8001804F0CA000000306030001000000006A")
        #expect(storage.firstProtocol == 0)
        #expect(storage.historical == 4..<19)
        // A T=0 card has no check byte, and one of T=1 (TD1 81, TA2 ..., TB3) has.
        let plain = try parse("3B6500002063CB6A00")
        #expect(plain.firstProtocol == 0)
        #expect(plain.historical == 4..<9)
    }

    @Test(
        arguments: [
            ("3B", AnswerToReset.Flaw.short(expected: 2, found: 1)),
            ("3000", .firstByte(0x30)),
            ("3B80", .short(expected: 3, found: 2)),
            ("3B8180018000", .checkByte(expected: 0x80, found: 0)),
            ("3B81800180", .short(expected: 6, found: 5)),
            ("3B818001808000", .long(expected: 6, found: 7)),
            ("3B" + String(repeating: "00", count: 33), .long(expected: 33, found: 34)),
        ] as [(String, AnswerToReset.Flaw)])
    func `that is none is refused with the reason`(text: String, flaw: AnswerToReset.Flaw) {
        #expect(throws: flaw) { try parse(text) }
    }

    @Test func `is never too strange to be looked at`() {
        var random = Xorshift(seed: 11)
        for _ in 0..<20_000 {
            let bytes = [0x3b, UInt8(random.below(256))] + random.bytes(random.below(40))
            bytes.withUnsafeBytes { buffer in
                guard let atr = try? AnswerToReset(buffer) else { return }
                #expect(atr.historical.upperBound <= buffer.count)
            }
        }
    }
}

@Suite struct `The ACR122U's own commands` {
    /// ACS ACR122U API: P2 of FF 00 51; nfcpy sends 7F to stop polling.
    @Test func `set what the reader looks for`() {
        #expect(ACR122U.polling([.on, .often, .iso14443A]).bytes == hex("FF0051A100"))
        #expect(ACR122U.polling(.station).bytes == hex("FF0051A300"))
        #expect(ACR122U.quietDetection.bytes == hex("FF00520000"))
        #expect(ACR122U.firmware.bytes == hex("FF00480000"))
    }

    /// ACS ACR122S manual, chapter 6, example 4: red, two seconds, beeping, `FF 00 40 50 04 14 00
    /// 01 01`; ours puts both lights out afterwards as well.
    @Test func `play a rhythm and say how long it takes`() {
        let long = ACR122U.signal(.red, pulse: .seconds(2), times: 1)
        #expect(long.bytes == hex("FF00405C0414000101"))
        #expect(long.duration == .seconds(2))
        let short = ACR122U.signal(.green, pulse: .milliseconds(150), times: 3)
        #expect(short.bytes == hex("FF0040AC0402020301"))
        #expect(short.duration == .milliseconds(1_200))
        #expect(ACR122U.signal(.green, pulse: .zero, times: 0).bytes == hex("FF0040AC0401000101"))
        #expect(
            ACR122U.signal(.green, pulse: .seconds(99), times: 255).bytes
                == hex("FF0040AC04FFFFFF01"))
    }

    /// nfcpy #231: a PN532 that is told to power down inside an ACR122U is deaf until re-plugged.
    @Test func `never put the PN532 to sleep`() throws {
        #expect(throws: ACR122U.DirectFlaw.powerDown) { try ACR122U.direct(hex("D416F0")) }
        #expect(throws: ACR122U.DirectFlaw.notACommand) { try ACR122U.direct(hex("D503")) }
        #expect(throws: ACR122U.DirectFlaw.notACommand) { try ACR122U.direct([]) }
        #expect(throws: ACR122U.DirectFlaw.tooLong(bytes: 256)) {
            try ACR122U.direct([0xd4] + [UInt8](repeating: 0, count: 255))
        }
        #expect(try ACR122U.direct(hex("D44A0100")) == hex("FF00000004D44A0100"))
        let prepared = (0..<CCIDFamily.acr122u.preparations).map {
            CCIDFamily.acr122u.preparation($0).bytes
        }
        #expect(prepared == [hex("FF00480000"), hex("FF0051A300"), hex("FF00520000")])
    }

    /// ACS ACM1252U reference manual 1.03, 5.3.2 and 5.3.4.
    @Test func `have cousins in an ACR1252U, as Escape messages`() {
        #expect(ACR1252U.lights(red: false, green: true).bytes == hex("E0000029 01 02"))
        #expect(ACR1252U.lights(red: true, green: false).bytes == hex("E0000029 01 01"))
        #expect(ACR1252U.beep(60).bytes == hex("E0000028 01 3C"))
        #expect(ACR1252U.beep(255).bytes == hex("E0000028 01 FE"))
        #expect(ACR1252U.beep(1).route == .escape)
    }
}
