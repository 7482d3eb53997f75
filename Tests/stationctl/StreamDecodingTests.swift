// Bytes of serial lines and input devices in, meaning out, in both languages.

import Control
import EventLoop
import StationCore
import Testing

@testable import stationctl

@Suite struct `Bytes in hexadecimal` {
    @Test(
        arguments: [
            "0000ff00ff00", "00 00 FF 00 FF 00", "00:00:ff:00:ff:00",
            "0x00,0x00,0xff,0x00,0xFF,0x00",
            " 0000\nff00\tff00 ", "00-00-FF-00-FF-00",
        ])
    func `are read as people copy them`(text: String) throws {
        #expect(try HexInput.bytes(text) == [0, 0, 0xff, 0, 0xff, 0])
    }

    @Test(arguments: ["", "  ", "0", "0g", "12 3", "x12", "汉"])
    func `are refused for a reason in both languages`(text: String) {
        #expect {
            try HexInput.bytes(text)
        } throws: { error in
            guard case .badData(let reason) = error as? Problem else { return false }
            return reason.zh != reason.en && !reason.zh.isEmpty
        }
    }

    @Test func `are bounded`() {
        #expect(throws: Problem.self) {
            try HexInput.bytes(String(repeating: "00", count: HexInput.mostBytes + 1))
        }
        #expect(throws: Problem.self) {
            try HexInput.bytes(String(repeating: " ", count: 5 * HexInput.mostBytes))
        }
    }
}

@Suite struct `Decoding a PN532's line` {
    private func decode(_ text: String) throws -> PN532Decoding {
        PN532Decoding(try HexInput.bytes(text))
    }

    /// UM0701-02's examples.
    @Test func `names commands, replies and cards`() throws {
        let decoding = try decode(
            """
            5555000000 0000ff05fbd4140114010200 0000ff00ff00 0000ff02fed5151600
            0000ff02fed4022a00 0000ff00ff00 0000ff06fad50332010607e800
            0000ff04fcd44a0100e100 0000ff00ff00 0000ff0cf4d54b0101000408045630f0094f00
            """)
        #expect(decoding.isUnderstood)
        #expect(
            decoding.frames.map(\.kind) == [
                "command", "ack", "reply", "command", "ack", "reply", "command", "ack", "reply",
            ])
        #expect(decoding.frames[3].command == "GetFirmwareVersion")
        #expect(decoding.frames[5].firmware == "PN532 1.6")
        #expect(decoding.frames[8].cards?.map(\.card) == ["iso14443:5630F009"])
        for language in Wording.Language.allCases {
            let lines = decoding.lines(Catalogue(language: language))
            #expect(lines.contains { $0.contains("InListPassiveTarget") })
            #expect(lines.contains { $0.contains("1446047753") })
        }
    }

    @Test func `knows a card of type B by its PUPI`() throws {
        let frame = PN532Frame.encode(
            .chip, try HexInput.bytes("4b01 01 50 11223344 00000000 008171 01 01"))
        let decoding = PN532Decoding(frame)
        #expect(decoding.frames.first?.cards?.first?.card == "iso14443b:11223344")
        #expect(decoding.isUnderstood)
    }

    @Test(
        arguments: [
            ("0000ff04fbd5013435368b00", "length"), ("0000ff05fbd5013435368a00", "checksum"),
            ("0000ff05fbd6013435368a00", "identifier"), ("aabbcc", "noise"),
            ("0000ff03fdd54b05db00", "length"),
        ])
    func `says what is damaged`(text: String, damage: String) throws {
        let decoding = try decode(text)
        #expect(!decoding.isUnderstood)
        #expect(decoding.frames.compactMap(\.damage).first == damage)
        #expect(decoding.reason.zh != decoding.reason.en)
    }

    @Test func `says that the end is missing, and that nothing is there`() throws {
        let cut = try decode("0000ff00ff00 0000ff06fad50332")
        #expect(cut.isCutShort && !cut.isUnderstood)
        #expect(cut.reason.en.contains("no end"))
        let nothing = try decode("000000")
        #expect(!nothing.isUnderstood)
        #expect(nothing.reason.en.contains("no frame"))
    }
}

@Suite struct `Decoding a 125 kHz reader's line` {
    @Test func `finds the card and its views`() throws {
        let decoding = SerialCardDecoding(
            try HexInput.bytes("02 36324533303836434544 3038 03"), framing: .rdm6300)
        #expect(decoding.isUnderstood)
        #expect(decoding.reads.first?.card?.card == "em4100:62E3086CED")
        let binary = SerialCardDecoding(
            try HexInput.bytes("020A022E00B6D7B5F203"), framing: .gwiot7941)
        #expect(binary.reads.first?.card?.card == "em4100:2E00B6D7B5")
        #expect(binary.lines(Catalogue(language: .chinese)).contains { $0.contains("2E00B6D7B5") })
    }

    @Test(
        arguments: [
            ("02 36324533303836434544 3039 03", "checksum"),
            ("02 36326533303836434544 3038 03", "character"), ("02 3632", "cutShort"),
            ("AA", "noise"),
        ])
    func `says why there is none`(text: String, diagnosis: String) throws {
        let decoding = SerialCardDecoding(try HexInput.bytes(text), framing: .rdm6300)
        #expect(!decoding.isUnderstood)
        #expect(decoding.reads.first?.diagnosis == diagnosis)
        #expect(decoding.reason.zh != decoding.reason.en)
        #expect(!decoding.lines(Catalogue(language: .english)).joined().isEmpty)
    }
}

@Suite struct `Decoding a keyboard's events` {
    /// A text as a reader types it, four milliseconds a key.
    private func typed(
        _ text: String, _ layout: InputEventLayout = .bits64,
        every interval: Interval = .milliseconds(4)
    ) -> [UInt8] {
        var now = Instant(nanoseconds: 100_000_000_000)
        var bytes: [UInt8] = []
        func event(_ key: KeyCode, _ value: Int32) {
            bytes += InputEvent(
                time: now, type: InputEvent.key, code: key.rawValue, value: value
            ).bytes(layout)
        }
        let keys = text.utf8.map { KeyCode.typing($0)! } + [(key: .enter, isShifted: false)]
        for (key, isShifted) in keys {
            now = now + interval
            if isShifted { event(.leftShift, 1) }
            event(key, 1)
            event(key, 0)
            if isShifted { event(.leftShift, 0) }
        }
        return bytes
    }

    @Test func `shows the text, the rhythm and the forms that it may be`() {
        for layout in InputEventLayout.allCases {
            let decoding = KeyboardDecoding(
                typed("0040856634", layout), layout: layout, format: nil)
            #expect(decoding.isUnderstood)
            let read = decoding.reads.first
            #expect(read?.text == "0040856634")
            #expect(read?.longestInterval == "4.000")
            #expect(read?.forms?.contains("8H10D") == true)
            #expect(read?.forms?.contains("10H") == true)
        }
    }

    @Test func `reads a stated form as the card that it names`() throws {
        let form = try #require(PrintedForm(name: "8H10D"))
        let format = try #require(KeyboardFormat(form: form, technology: .iso14443))
        let decoding = KeyboardDecoding(typed("1446047753"), layout: .bits64, format: format)
        #expect(decoding.reads.first?.card?.card == "iso14443:5630F009")
        #expect(decoding.lines(Catalogue(language: .chinese)).contains { $0.contains("5630F009") })
        let wrong = KeyboardDecoding(typed("144604775"), layout: .bits64, format: format)
        #expect(wrong.reads.first?.diagnosis == "length")
        #expect(!wrong.isUnderstood && wrong.reason.zh != wrong.reason.en)
    }

    @Test func `tells a person from a reader, and the wrong layout from both`() {
        let person = KeyboardDecoding(
            typed("0040856634", every: .milliseconds(120)), layout: .bits64, format: nil)
        #expect(person.reads.first?.diagnosis == "typed")
        let other = KeyboardDecoding(typed("0040856634", .bits32), layout: .bits64, format: nil)
        #expect(!other.isUnderstood)
        #expect(
            KeyboardDecoding([1, 2, 3], layout: .bits64, format: nil).reason.en.contains("layout"))
    }
}

@Suite struct `A day pass's report` {
    private func signed() throws -> (text: String, issuer: String) {
        let signer = try #require(DayPassSigner(secret: [UInt8](repeating: 5, count: 32)))
        let id = try #require(ShortText("kaiyuan-01"))
        let pass = try #require(
            DayPass(
                issuer: signer.issuer.id, scope: .station(id),
                validFrom: WallTime(seconds: 1_760_000_400),
                validTo: WallTime(seconds: 1_760_086_800), quota: 3, nonce: 7))
        let text = try #require(signer.sign(pass)).text
        return (text, HexInput.text(signer.issuer.publicKey))
    }

    @Test func `shows what it says, and whether its signature is good`() throws {
        let (text, issuer) = try signed()
        let plain = try PassText.report(text, nil)
        #expect(plain.signature == .unchecked && plain.place == "kaiyuan-01" && plain.quota == 3)
        #expect(try PassText.report(text, issuer).signature == .good)
        let other = String(repeating: "00", count: 32)
        #expect(try PassText.report(text, other).signature == .otherIssuer)
        let shown = PassReport(
            try SignedDayPass.parse(text), issuer: nil, utcOffset: 28_800)
        #expect(shown.from == "2025-10-09T17:00:00.000+08:00")
        for language in Wording.Language.allCases {
            #expect(
                shown.lines(Catalogue(language: language)).contains { $0.contains("kaiyuan-01") })
        }
    }

    @Test(arguments: ["", "hello", "DP1", "DP2AAAA", "0040856634"])
    func `says why a text is no pass`(text: String) {
        #expect {
            try PassText.report(text, nil)
        } throws: { error in
            guard case .badData(let reason) = error as? Problem else { return false }
            return reason.zh != reason.en && !reason.zh.isEmpty
        }
    }

    @Test(arguments: ["", "00", "nonsense"])
    func `says why a key is none`(issuer: String) throws {
        let (text, _) = try signed()
        #expect(throws: Problem.self) { try PassText.report(text, issuer) }
    }
}
