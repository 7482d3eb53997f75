// Every way of writing a card's number, on the cards that vendors and complaints show.

import Testing

@testable import StationCore

@Suite struct `A printed form` {
    /// Vector (a): EM card of ck365.cn's ID-03 reader and whzrbw.com's IC-02.
    @Test(arguments: [
        ("10H", "01026f6c3a"), ("8H10D", "0040856634"), ("6H8D", "07302202"),
        ("2H+4H", "111,27706"), ("4H+4H", "00623,27706"),
    ])
    func `shows an EM4100 card as its vendors print it`(name: String, text: String) throws {
        try expectRendering("em4100:01026f6c3a", name, text)
    }

    /// Vector (b): 125533FFFF, fagao's and xingbang's pages; ABA(8H), (6H), (4H), WG26, WG34.
    @Test(arguments: [
        ("8H10D", "1429471231"), ("6H8D", "03407871"), ("4H5D", "65535"),
        ("wg26", "051,65535"), ("wg34", "21811,65535"),
    ])
    func `shows a card with a full last half`(name: String, text: String) throws {
        try expectRendering("em4100:125533FFFF", name, text)
    }

    /// Vector (c): MF1 2A83155E. (The published page shortens the last one to 578468138.)
    @Test(arguments: [
        ("hex", "2A83155E"), ("hex-reversed", "5E15832A"), ("10D", "0713233758"),
        ("10D-reversed", "1578468138"),
    ])
    func `shows a MIFARE card forward and reversed`(name: String, text: String) throws {
        try expectRendering("iso14443:2A83155E", name, text)
    }

    /// Vector (d): 56 30 F0 09, cnblogs.com/gengtongyu/p/16564907; the slices differ, so do the
    /// eight-digit numbers.
    @Test(arguments: [
        ("10D", "1446047753", View.full), ("10D-reversed", "0166735958", .full),
        ("wg26", "086,12528", .first3), ("wg26-reversed", "240,12374", .first3),
        ("3+5-reversed", "24012374", .first3), ("wg26", "048,61449", .low3),
        ("wg34-frame", "0AC61E013", .full), ("wg26-frame", "0AC61E1", .first3),
        ("wg26-frame-reversed", "1E060AD", .first3),
    ])
    func `shows three eight-digit numbers for one card`(
        name: String, text: String, view: View
    ) throws {
        try expectRendering("iso14443:5630F009", name, text, view)
    }

    /// Vector (e): keys as printed (kpfans.com, pigpio issue 30, ESP-RFID-Tool issue 8).
    @Test(arguments: [
        ("0001056280", "016,07704"), ("0009030510", "137,52078"), ("0009487621", "144,50437"),
        ("0009236067", "140,61027"), ("0009328295", "142,22183"), ("0008617284", "131,32068"),
    ])
    func `makes one number of both texts on a key fob`(long: String, short: String) throws {
        let whole = try PrintedForm.decimal10.parse(long)
        let sliced = try PrintedForm.comma3x5.parse(short)
        #expect(whole.low(3) == sliced)
        #expect(PrintedForm.comma3x5.text(of: sliced) == short)
    }

    /// libnfc issue 146, miguelbalboa/rfid issue 316, monkeyboard issue 56 (upper three of four).
    @Test(arguments: [("8fb27f2c", "2c7fb28f"), ("90D752C5", "C552D790")])
    func `explains two programs that show one card the other way round`(
        one: String, other: String
    ) throws {
        let reversed = try #require(PrintedForm.uid.reversed)
        #expect(try PrintedForm.uid.parse(one) == reversed.parse(other))
    }

    @Test func `shows the fields of Wiegand formats without a byte order`() throws {
        try expectRendering("wiegand37:10932C05A5", "h10302", "1234567890")
        try expectRendering("wiegand37:030393C481", "h10304", "12345,123456")
        try expectRendering("wiegand35:69A5154A4", "corporate1000", "1234,567890")
        try expectRendering("wiegand48:00A4550148AB", "corporate1000-48", "42069,42069")
        try expectRendering("wiegand26:10111101100010001110101110", "wg26", "123,04567")
        try expectRendering("wiegand34:06073A862", "wg34", "12345,54321")
    }

    @Test func `reads back every text that it shows`() throws {
        var random = Xorshift(seed: 9)
        for _ in 0..<300 {
            let sizes: [(Technology, Int)] = [
                (.em4100, 40), (.iso14443, 32), (.iso14443, 56), (.iso14443, 80), (.iso15693, 64),
                (.wiegand, 26), (.wiegand, 34), (.wiegand, 37), (.wiegand, 32), (.wiegand, 56),
            ]
            let (technology, width) = sizes[random.below(sizes.count)]
            var bits = random.next128() >> UInt128(128 - width)
            if technology == .iso15693 { bits = bits & 0xff_ffff_ffff_ffff | 0xe0 << 56 }
            if technology == .iso14443, bits >> UInt128(width - 8) == 0x88 { continue }
            if technology == .wiegand,
                let named = WiegandFormat.named.first(where: {
                    $0.bitCount == width
                })
            {
                bits = named.encode(named.number(of: bits))!
            }
            let credential = Credential(technology: technology, bitCount: width, bits: bits)
            let renderings = PrintedForm.render(credential)
            #expect(!renderings.isEmpty)
            for rendering in renderings where rendering.form.name != "4H5D" {
                let number = try rendering.form.parse(rendering.text, allowingRandomUID: true)
                #expect(number == rendering.number, "\(rendering.form) \(rendering.text)")
            }
        }
    }

    @Test func `tells which views of a card say the same as the text on it`() throws {
        let card = try CardText.parse("iso14443:5630F009")
        let found = PrintedForm.renderings(of: card, matching: "24012374")
        #expect(found.map(\.form.name) == ["3+5-reversed"])
        #expect(found.first?.view == .first3)
        #expect(found.first?.number?.value == 0x5630f0)
        #expect(PrintedForm.renderings(of: card, matching: "12345678").isEmpty)
    }

    @Test func `is found by its name or alias, whatever the capitals`() {
        for form in PrintedForm.all { #expect(PrintedForm(name: form.name) == form) }
        #expect(PrintedForm(name: "WG26") == .comma3x5)
        #expect(PrintedForm(name: "wg34-Reversed") == PrintedForm.comma5x5.reversed)
        #expect(PrintedForm(name: "8h10d") == .decimal10)
        for wrong in ["", "reversed", "-reversed", "10H-reversed", "h10302-reversed", "dec"] {
            #expect(PrintedForm(name: wrong) == nil)
        }
    }

    @Test func `has one name each`() {
        #expect(Set(PrintedForm.all.map { $0.name.lowercased() }).count == PrintedForm.all.count)
    }

    private func expectRendering(
        _ card: String, _ name: String, _ text: String, _ view: View? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let credential = try CardText.parse(card)
        let form = try #require(PrintedForm(name: name))
        let found = PrintedForm.render(credential).filter {
            $0.form == form && (view == nil || $0.view == view)
        }
        #expect(found.map(\.text).contains(text), sourceLocation: location)
        if form.name != "4H5D" {
            let number = try form.parse(text)
            #expect(found.contains { $0.number == number }, sourceLocation: location)
        }
    }
}

@Suite struct `Reading a printed number` {
    @Test func `takes spaces, separators, prefixes and Chinese commas`() throws {
        #expect(try PrintedForm.uid.parse(" AA:3F:9B:1A ").value == 0xaa3f_9b1a)
        #expect(try PrintedForm.uid.parse("0xAA3F9B1A").value == 0xaa3f_9b1a)
        #expect(try PrintedForm.uid.parse("aa-3f-9b-1a").value == 0xaa3f_9b1a)
        #expect(try PrintedForm.comma3x5.parse("16，7704").value == 0x101e18)
        #expect(try PrintedForm.comma3x5.parse("016, 07704").value == 0x101e18)
    }

    @Test func `never guesses what eight digits mean`() throws {
        #expect(try PrintedForm.joined3x5.parse("24012374").value == 0xf03056)
        #expect(throws: PrintedFormError.aboveLimit(limit: 0xff_ffff)) {
            try PrintedForm.decimal8.parse("24012374")
        }
        // 11127706 is both, and they are different cards.
        #expect(try PrintedForm.decimal8.parse("11127706").value == 11_127_706)
        #expect(try PrintedForm.joined3x5.parse("11127706").value == 0x6f6c3a)
        let candidates = PrintedForm.candidates(for: "11127706").map(\.name)
        #expect(candidates.contains("6H8D") && candidates.contains("3+5"))
    }

    @Test func `refuses numbers of another length and says both lengths`() {
        expect(.decimal10, "40856634", .digits(expected: 10...10, found: 8))
        expect(.hex10, "026f6c3a", .digits(expected: 10...10, found: 8))
        expect(.joined3x5, "2401237", .digits(expected: 8...8, found: 7))
        expect(.comma3x5, "1111,27706", .digits(expected: 1...3, found: 4))
        expect(.comma3x5, "11127706", .parts(expected: 2, found: 1))
        expect(.comma3x5, "1,2,3", .parts(expected: 2, found: 3))
        expect(.comma3x5, ",27706", .digits(expected: 1...3, found: 0))
    }

    @Test func `refuses values above a form's limit and foreign characters`() {
        expect(.comma3x5, "256,00000", .aboveLimit(limit: 255))
        expect(.comma3x5, "001,65536", .aboveLimit(limit: 65_535))
        expect(.joined3x5, "25600000", .aboveLimit(limit: 255))
        expect(.decimal10, "4294967296", .aboveLimit(limit: 0xffff_ffff))
        expect(.decimal10, "００４０８５６６３４", .character("０", at: 1))
        expect(.decimal10, "004085663O", .character("O", at: 10))
        expect(.hex10, "01026f6c3g", .character("g", at: 10))
        expect(.decimal10, "", .digits(expected: 10...10, found: 0))
        expect(.uid, String(repeating: "0", count: 65), .tooLong(limit: 64))
    }

    @Test func `takes the check byte off a UID and refuses a wrong one`() throws {
        // rc522 issue 23: DD17380A with its BCC F8.
        #expect(try PrintedForm.uid.parse("DD17380AF8").value == 0xdd17_380a)
        #expect(try PrintedForm.uid.reversed?.parse("F80A3817DD").value == 0xdd17_380a)
        expect(.uid, "DD17380AF9", .uid(.checkByte))
        // An EM4100 id is five bytes too, and its form says so.
        expect(.uid, "01026f6c3a", .uid(.checkByte))
        #expect(try PrintedForm.hex10.parse("DD17380AF8").width == 40)
    }

    @Test func `refuses half a UID, a random one, and lengths that no UID has`() throws {
        // micropython-mfrc522 issue 2: 8804a3c6 is half of 04A3C6CAE26180.
        expect(.uid, "8804a3c6", .uid(.incomplete))
        #expect(try PrintedForm.uid.parse("04A3C6CAE26180").width == 56)
        expect(.uid, "08123456", .uid(.random))
        #expect(try PrintedForm.uid.parse("08123456", allowingRandomUID: true).width == 32)
        expect(.uid, "123456", .uid(.length(expected: [4, 7, 10], found: 3)))
        expect(.uid, "0102030405060708", .uid(.notE0))
        #expect(try PrintedForm.uid.parse("E004010203040506").width == 64)
        #expect(
            try PrintedForm.uid.reversed?.parse("06050403020104E0").value == 0xe004_0102_0304_0506)
    }

    @Test func `checks the parity of whole frames and refuses what names too many cards`() throws {
        let frame26 = try #require(PrintedForm(name: "wg26-frame"))
        #expect(try frame26.parse("0AC61E1").value == 0x5630f0)
        expect(frame26, "0AC61E0", .parity)
        expect(frame26, "4AC61E1", .aboveLimit(limit: 0x3ff_ffff))
        expect(try #require(PrintedForm(name: "4H5D")), "65535", .namesTooMany)
    }

    @Test func `has a sentence in both languages for every error, never with the number in it`() {
        let errors: [PrintedFormError] = [
            .tooLong(limit: 64), .digits(expected: 8...8, found: 7),
            .digits(expected: 1...3, found: 0), .character("\u{1b}", at: 1),
            .parts(expected: 2, found: 1), .aboveLimit(limit: 255), .parity, .namesTooMany,
            .uid(.length(expected: [4], found: 3)), .uid(.checkByte), .uid(.incomplete),
            .uid(.notE0), .uid(.random),
        ]
        for error in errors {
            let texts = [error.text(.chinese), error.text(.english)]
            #expect(texts[0] != texts[1])
            for text in texts { #expect(!text.isEmpty && !text.contains("\u{1b}")) }
        }
    }

    @Test func `never traps on random text`() {
        var random = Xorshift(seed: 10)
        let alphabet = Array("0123456789abcdefABCDEFx:,，- +zé\u{0}\u{301}０")
        for _ in 0..<4_000 {
            let text = String(
                (0..<random.below(24)).map { _ in alphabet[random.below(alphabet.count)] })
            for form in PrintedForm.all { _ = try? form.parse(text) }
            for technology in [
                "em4100", "iso14443", "iso15693", "wiegand26", "wiegand128", "x", "",
            ] {
                _ = try? CardText.parse(technology + ":" + text)
            }
            _ = try? CardText.parse(text)
            let bytes = String(decoding: random.bytes(random.below(40)), as: UTF8.self)
            _ = try? CardText.parse(bytes)
            _ = PrintedForm(name: bytes)
            for form in PrintedForm.all { _ = try? form.parse(bytes) }
        }
    }

    private func expect(
        _ form: PrintedForm, _ text: String, _ error: PrintedFormError,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) { try form.parse(text) }
    }
}

@Suite struct `A credential as text` {
    @Test(arguments: [
        "em4100:01026F6C3A", "iso14443:5630F009", "iso14443:04AF68DAC85A80",
        "iso15693:E004010203040506", "wiegand26:2F623AE", "wiegand1:1", "wiegand4:A",
        "wiegand128:FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    ])
    func `is read and written alike`(text: String) throws {
        #expect(CardText.text(of: try CardText.parse(text)) == text)
    }

    @Test func `may be given bit by bit`() throws {
        let bits = try CardText.parse("wiegand26:10111101 10001000 11101011 10")
        #expect(bits == Credential(technology: .wiegand, bitCount: 26, bits: 0x2f623ae))
    }

    @Test func `is freed of its check byte, and flagged when it is random`() throws {
        #expect(try CardText.parse("iso14443:DD17380AF8").bits == 0xdd17_380a)
        #expect(try CardText.parse("iso14443:08123456").isRandomUID)
        #expect(try !CardText.parse("iso14443:80123456").isRandomUID)
        #expect(try !CardText.parse("wiegand32:08123456").isRandomUID)
    }

    @Test func `that is wrong says where and what was expected`() {
        expect("01026f6c3a", .technology)
        expect("card:01", .technology)
        expect("wiegand:2F623AE", .bitCount)
        expect("wiegand129:0", .bitCount)
        expect("wiegand+26:0", .bitCount)
        expect("wiegand26:2F623A", .length(bits: 26, hexDigits: 7, found: 6))
        expect("wiegand26:4F623AE", .beyondCount(bits: 26))
        expect("em4100:01026f6c", .length(bits: 10, hexDigits: 10, found: 8))
        expect("em4100:01026f6cxx", .character("x", at: 16))
        expect("iso14443:8804a3c6", .uid(.incomplete))
        expect(String(repeating: "0", count: 161), .tooLong(limit: 160))
    }

    private func expect(
        _ text: String, _ error: CardTextError, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) { try CardText.parse(text) }
        #expect(error.text(.chinese) != error.text(.english), sourceLocation: location)
    }
}
