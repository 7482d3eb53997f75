// Readers that play a keyboard: their cards, their codes, and what is neither.

import EventLoop
import Testing

@testable import StationCore

/// Types as a reader does: events with their time stamps, as bytes of the input device.
struct Typist {
    var layout = InputEventLayout.bits64
    /// Between two keys.
    var interval = Interval.milliseconds(4)
    var now = Instant(nanoseconds: 100_000_000_000)

    func event(_ type: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
        InputEvent(time: now, type: type, code: code, value: value).bytes(layout)
    }

    func report() -> [UInt8] { event(InputEvent.synchronisation, InputEvent.report, 0) }

    func key(_ key: KeyCode, _ value: Int32) -> [UInt8] {
        // Keyboards tell the scan code first: EV_MSC, MSC_SCAN.
        event(4, 4, 0x7001e) + event(InputEvent.key, key.rawValue, value) + report()
    }

    mutating func stroke(_ code: KeyCode) -> [UInt8] {
        now = now + interval
        return key(code, 1) + key(code, 0)
    }

    mutating func text(_ text: String, enter: KeyCode? = .enter) -> [UInt8] {
        var bytes: [UInt8] = []
        for character in text.utf8 {
            let (code, isShifted) = KeyCode.typing(character)!
            if isShifted { bytes += key(.leftShift, 1) }
            bytes += stroke(code)
            if isShifted { bytes += key(.leftShift, 0) }
        }
        if let enter { bytes += stroke(enter) }
        return bytes
    }
}

/// A reader with its typist, in virtual time.
private struct Desk {
    var reader: KeyboardReader
    var typist = Typist()
    var reads: [KeyboardRead] = []
    var texts: [String] = []

    init(_ settings: KeyboardSettings, layout: InputEventLayout = .bits64) {
        reader = KeyboardReader(settings, layout: layout)
        typist.layout = layout
    }

    mutating func hear(_ bytes: some Collection<UInt8>) {
        Array(bytes).withUnsafeBytes { buffer in
            reader.receive(buffer.bytes, at: typist.now) { read, text in
                reads.append(read)
                if read == .text { texts.append(text.description) }
            }
        }
    }

    mutating func type(_ text: String, enter: KeyCode? = .enter) {
        hear(typist.text(text, enter: enter))
    }

    mutating func rest() {
        typist.now = typist.now + .milliseconds(300)
        if let read = reader.expire(at: typist.now) { reads.append(read) }
    }

    mutating func read(_ text: String) -> [KeyboardRead] {
        reads = []
        type(text)
        rest()
        return reads
    }
}

private func format(
    _ name: String, _ technology: Technology = .em4100, length: Int? = nil
) -> KeyboardFormat {
    KeyboardFormat(form: PrintedForm(name: name)!, technology: technology, length: length)!
}

private func settings(_ name: String, _ technology: Technology = .em4100, length: Int? = nil)
    -> KeyboardSettings
{
    KeyboardSettings(formats: [format(name, technology, length: length)])
}

private func card(_ technology: Technology, _ bits: UInt128, _ count: Int) -> KeyboardRead {
    .credential(Credential(technology: technology, bitCount: count, bits: bits), nil)
}

@Suite struct `A keyboard reader` {
    /// ck365.cn ID-03 and whzrbw.com IC-02: one EM card 01026f6c3a in five formats;
    /// cnblogs.com/gengtongyu/p/16564907: the UID 56 30 F0 09; kpfans.com: 0001056280.
    @Test(
        arguments: [
            ("10H", .em4100, "01026f6c3a", 0x01_026f_6c3a, 40),
            ("10H", .em4100, "01026F6C3A", 0x01_026f_6c3a, 40),
            ("8H10D", .em4100, "0040856634", 0x026f_6c3a, 32),
            ("8H10D", .em4100, "0001056280", 0x0010_1e18, 32),
            ("6H8D", .em4100, "07302202", 0x6f_6c3a, 24),
            ("2H+4H", .em4100, "111,27706", 0x6f_6c3a, 24),
            ("2H+4H", .em4100, "016,07704", 0x10_1e18, 24),
            ("3+5", .em4100, "11127706", 0x6f_6c3a, 24),
            ("4H+4H", .em4100, "00623,27706", 0x026f_6c3a, 32),
            ("8H10D", .iso14443, "1446047753", 0x5630_f009, 32),
            ("8H10D-reversed", .iso14443, "0166735958", 0x5630_f009, 32),
            ("2H+4H-reversed", .iso14443, "240,12374", 0x56_30f0, 24),
            ("8H", .iso14443, "5630F009", 0x5630_f009, 32),
            ("8H-reversed", .iso14443, "09F03056", 0x5630_f009, 32),
        ] as [(String, Technology, String, UInt128, Int)])
    func `reads the formats that readers are sold with`(
        form: String, technology: Technology, text: String, bits: UInt128, count: Int
    ) {
        for layout in InputEventLayout.allCases {
            var desk = Desk(settings(form, technology), layout: layout)
            #expect(desk.read(text) == [card(technology, bits, count)])
        }
    }

    @Test(
        arguments: [
            ("5630F009", 8, .iso14443, 0x5630_f009, 32),
            ("04112233445566", 14, .iso14443, 0x04_1122_3344_5566, 56),
            ("DD17380AF8", 10, .iso14443, 0xdd17_380a, 32),
            ("E004010012345678", 16, .iso15693, 0xe004_0100_1234_5678, 64),
        ] as [(String, Int, Technology, UInt128, Int)])
    func `reads a whole UID in hexadecimal, and takes its check byte off`(
        text: String, length: Int, technology: Technology, bits: UInt128, count: Int
    ) {
        var desk = Desk(settings("hex", .iso14443, length: length))
        #expect(desk.read(text) == [card(technology, bits, count)])
    }

    @Test func `hands a number of a HID layout on as the card that it is`() throws {
        let number = try #require(
            WiegandFormat.h10304.encode(facility: 12_345, number: 123_456))
        let format = format("h10304", .wiegand, length: 12)
        var desk = Desk(KeyboardSettings(formats: [format]))
        #expect(
            desk.read("12345,123456") == [
                .credential(
                    Credential(technology: .wiegand, bitCount: 37, bits: number), .h10304)
            ])
    }

    @Test func `reads from the keypad and from either Enter`() {
        var desk = Desk(settings("8H10D"))
        let keypad: [UInt16] = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73]
        for code in keypad { desk.hear(desk.typist.stroke(KeyCode(rawValue: code))) }
        desk.hear(desk.typist.stroke(.keypadEnter))
        #expect(desk.reads == [card(.em4100, 123_456_789, 32)])
    }

    @Test func `hears neither autorepeat, nor releases, nor lock keys, nor a second Enter`() {
        var desk = Desk(settings("8H10D"))
        for character in "0040856634".utf8 {
            let (code, _) = KeyCode.typing(character)!
            desk.hear(desk.typist.stroke(.init(rawValue: 69)))
            desk.hear(desk.typist.stroke(code))
            desk.hear(desk.typist.key(code, 2))
            desk.hear(desk.typist.key(code, 2))
        }
        desk.hear(desk.typist.stroke(.enter))
        desk.hear(desk.typist.stroke(.enter))
        desk.rest()
        #expect(desk.reads == [card(.em4100, 0x026f_6c3a, 32)])
        #expect(desk.reader.nextDeadline == nil)
    }

    @Test func `types every ASCII character, with shift where it is needed`() {
        var desk = Desk(KeyboardSettings(formats: [], takesText: true))
        let all = String(decoding: UInt8(0x20)...0x7e, as: UTF8.self)
        #expect(desk.read(all) == [.text])
        #expect(desk.texts == [all])
    }

    @Test func `means the same however its events are cut`() {
        for layout in InputEventLayout.allCases {
            var typist = Typist(layout: layout)
            let bytes =
                typist.text("0040856634") + typist.text("12") + typist.text("1446047753")
                + typist.text("00408566")
            expectSameHoweverCut(bytes) { parts in
                var desk = Desk(settings("8H10D"), layout: layout)
                desk.typist.now = typist.now
                for part in parts { desk.hear(part) }
                desk.rest()
                return desk.reads
            }
        }
    }

    @Test func `knows two formats by their lengths, and one length is one too many`() {
        let formats = [format("8H10D"), format("2H+4H")]
        var desk = Desk(KeyboardSettings(formats: formats))
        #expect(desk.read("0040856634") == [card(.em4100, 0x026f_6c3a, 32)])
        #expect(desk.read("111,27706") == [card(.em4100, 0x6f_6c3a, 24)])
        #expect(KeyboardFormat.conflict(in: formats) == nil)
        let clash = [format("8H10D"), format("2H+4H"), format("10H")]
        #expect(KeyboardFormat.conflict(in: clash)?.0 == clash[0])
        #expect(KeyboardFormat.conflict(in: clash)?.1 == clash[2])
    }

    @Test func `refuses a format that cannot name one card or has no length`() {
        func made(_ name: String, _ technology: Technology, _ length: Int?) -> KeyboardFormat? {
            KeyboardFormat(form: PrintedForm(name: name)!, technology: technology, length: length)
        }
        #expect(made("4H5D", .em4100, nil) == nil)
        #expect(made("hex", .iso14443, nil) == nil)
        #expect(made("hex", .iso14443, 9) == nil)
        #expect(made("8H10D", .em4100, 8) == nil)
        #expect(made("8H10D", .keypad, nil) == nil)
        #expect(made("8H10D", .em4100, 10) != nil)
        #expect(made("h10302", .wiegand, 10) != nil)
    }

    @Test func `strips the sentinels that it is set to send, and misses them`() {
        var with = settings("8H10D")
        with.sentinels = .init(first: UInt8(ascii: ";"), last: UInt8(ascii: "?"))
        var desk = Desk(with)
        #expect(desk.read(";0040856634?") == [card(.em4100, 0x026f_6c3a, 32)])
        for text in [";0040856634", "0040856634?", "0040856634", ";", ";?"] {
            let reads = desk.read(text)
            guard case .diagnosed(let diagnosis, _) = reads.first else {
                Issue.record("took \(text)")
                return
            }
            #expect(diagnosis == (text == ";?" ? .length : .sentinel))
        }
    }
}

@Suite struct `A code scanner` {
    @Test func `passes a text on as it is, up to 256 characters`() {
        var desk = Desk(KeyboardSettings(formats: [], takesText: true))
        let longest = String(repeating: "A7", count: 128)
        #expect(desk.read("DP1abc") == [.text])
        #expect(desk.read(longest) == [.text])
        #expect(desk.texts == ["DP1abc", longest])
        #expect(desk.read(longest + "B") == [.diagnosed(.overflow, keys: 257)])
    }

    @Test func `that reads cards too knows a card by its format`() {
        var desk = Desk(KeyboardSettings(formats: [format("8H10D")], takesText: true))
        #expect(desk.read("0040856634") == [card(.em4100, 0x026f_6c3a, 32)])
        #expect(desk.read("ABCDEFGHIJ") == [.text])
        #expect(desk.read("hello") == [.text])
    }

    @Test func `forgets a text with the next key`() {
        var desk = Desk(KeyboardSettings(formats: [], takesText: true))
        desk.type("FIRST")
        #expect(desk.reader.text == KeyedText("FIRST"))
        desk.type("2", enter: nil)
        #expect(desk.reader.text == KeyedText("2"))
    }
}

@Suite struct `What is no keyboard reader` {
    @Test func `is a person, however quick`() {
        var random = Xorshift(seed: 21)
        for _ in 0..<200 {
            var desk = Desk(settings("8H10D"))
            for (index, character) in "0040856634".utf8.enumerated() {
                // A quick typist: 30 to 110 ms, and once at least above 50.
                desk.typist.interval = .milliseconds(
                    index == 5 ? 60 : Int64(30 + random.below(80)))
                desk.hear(desk.typist.stroke(KeyCode.typing(character)!.key))
            }
            desk.hear(desk.typist.stroke(.enter))
            #expect(desk.reads == [.diagnosed(.typed, keys: 10)])
        }
    }

    @Test func `is judged by the events' own time, however late the loop`() {
        // All events at once: the stamps still say a person.
        var typist = Typist(interval: .milliseconds(90))
        let slow = typist.text("0040856634")
        var desk = Desk(settings("8H10D"))
        desk.typist.now = typist.now + .seconds(1)
        desk.hear(slow)
        #expect(desk.reads == [.diagnosed(.typed, keys: 10)])
        // A reader's keys that the loop got one by one with pauses are still a reader's.
        typist.interval = .milliseconds(4)
        let quick = typist.text("0040856634")
        desk.reads = []
        for byte in quick {
            desk.typist.now = desk.typist.now + .milliseconds(1)
            desk.hear([byte])
        }
        #expect(desk.reads == [card(.em4100, 0x026f_6c3a, 32)])
    }

    @Test(
        arguments: [
            ("004085663", .length), ("00408566341", .length), ("004085663a", .content),
            ("9999999999", .content), ("", nil), ("1", .length),
        ] as [(String, KeyboardDiagnosis?)])
    func `is told by its name`(text: String, diagnosis: KeyboardDiagnosis?) {
        var desk = Desk(settings("8H10D"))
        let expected = diagnosis.map { [KeyboardRead.diagnosed($0, keys: text.utf8.count)] } ?? []
        #expect(desk.read(text) == expected)
    }

    @Test func `sends no Enter, or keys that mean nothing`() {
        var desk = Desk(settings("8H10D"))
        desk.type("0040856634", enter: nil)
        let deadline = desk.reader.nextDeadline
        #expect(deadline == desk.typist.now + KeyboardReader.silence)
        #expect(desk.reader.expire(at: deadline! + Interval(nanoseconds: -1)) == nil)
        desk.rest()
        #expect(desk.reads == [.diagnosed(.cutShort, keys: 10)])
        desk.reads = []
        desk.hear(desk.typist.stroke(KeyCode(rawValue: 59)))
        desk.type("0040856634")
        #expect(desk.reads == [.diagnosed(.strangeKey, keys: 11)])
        desk.reads = []
        desk.type("7", enter: nil)
        desk.rest()
        #expect(desk.reads == [.diagnosed(.typed, keys: 1)])
    }

    @Test func `is half a text from before a pause, even if nobody looked at the clock`() {
        var desk = Desk(settings("8H10D"))
        desk.type("00408", enter: nil)
        desk.typist.now = desk.typist.now + .seconds(3)
        desk.type("0040856634")
        #expect(desk.reads == [.diagnosed(.cutShort, keys: 5), card(.em4100, 0x026f_6c3a, 32)])
    }

    @Test func `is a text in which the kernel dropped events`() {
        var desk = Desk(settings("8H10D"))
        desk.type("00408", enter: nil)
        desk.hear(desk.typist.event(0, 3, 0))
        // Leftovers of the queue: nothing of them counts until the next report.
        desk.hear(desk.typist.event(1, 5, 1))
        desk.hear(desk.typist.event(1, KeyCode.enter.rawValue, 1))
        desk.hear(desk.typist.report())
        desk.type("56634")
        #expect(desk.reads == [.diagnosed(.eventsLost, keys: 10)])
        #expect(desk.read("0040856634") == [card(.em4100, 0x026f_6c3a, 32)])
        // The Enter was among them.
        desk.reads = []
        desk.hear(desk.typist.event(0, 3, 0) + desk.typist.report())
        desk.rest()
        #expect(desk.reads == [.diagnosed(.eventsLost, keys: 0)])
    }

    @Test func `holds shift down over lost events no longer than that`() {
        var desk = Desk(KeyboardSettings(formats: [], takesText: true))
        desk.hear(desk.typist.key(.leftShift, 1))
        desk.hear(desk.typist.event(0, 3, 0) + desk.typist.report())
        desk.rest()
        #expect(desk.read("ab") == [.text])
        #expect(desk.texts == ["ab"])
    }

    @Test func `never ends, and is told each 4,096 keys`() {
        var desk = Desk(settings("8H10D"))
        for _ in 0..<9_000 { desk.hear(desk.typist.stroke(KeyCode(rawValue: 2))) }
        #expect(
            desk.reads == [.diagnosed(.overflow, keys: 4_096), .diagnosed(.overflow, keys: 4_096)])
    }

    @Test func `never traps on random events and time stamps`() {
        var random = Xorshift(seed: 22)
        for layout in InputEventLayout.allCases {
            var desk = Desk(
                KeyboardSettings(formats: [format("8H10D"), format("2H+4H")], takesText: true),
                layout: layout)
            for _ in 0..<30_000 {
                switch random.below(4) {
                case 0: desk.hear(random.bytes(random.below(30)))
                case 1:
                    desk.hear(
                        desk.typist.event(
                            UInt16(random.below(2)), UInt16(random.below(130)),
                            Int32(random.below(3))))
                case 2: desk.hear(desk.typist.stroke(.enter))
                default: desk.typist.now = Instant(nanoseconds: Int64(random.next() >> 2))
                }
                if random.below(20) == 0 { desk.rest() }
                if random.below(500) == 0 { desk.reader.reset() }
            }
        }
    }

    @Test func `has a sentence in both languages`() {
        for diagnosis in KeyboardDiagnosis.allCases {
            #expect(diagnosis.text(.english).allSatisfy { $0.isASCII })
            #expect(diagnosis.text(.chinese) != diagnosis.text(.english))
        }
    }
}

@Suite struct `A form read from typed characters` {
    /// The quick reading and the thorough one must be one.
    @Test func `agrees with the form read from print`() throws {
        var random = Xorshift(seed: 23)
        for _ in 0..<2_000 {
            let bytes = random.bytes([3, 4, 5, 7, 8, 10][random.below(6)])
            let number = Number(
                layout: .bytes, width: 8 * bytes.count,
                value: bytes.reduce(0) { $0 << 8 | UInt128($1) })
            for form in PrintedForm.all {
                guard let text = form.text(of: number), let keyed = KeyedText(text) else {
                    continue
                }
                let printed = try? form.parse(text, allowingRandomUID: true)
                #expect(form.number(keyed: keyed) == printed, "\(form) of \(text)")
            }
        }
    }

    @Test func `takes nothing that the form read from print refuses`() {
        var random = Xorshift(seed: 24)
        let pool = Array("0123456789abcdefABCDEF,5630F009".utf8)
        for _ in 0..<20_000 {
            let length = random.below(22)
            let text = String(
                decoding: (0..<length).map { _ in pool[random.below(pool.count)] }, as: UTF8.self)
            let keyed = KeyedText(text)!
            for form in PrintedForm.all {
                guard let number = form.number(keyed: keyed) else { continue }
                #expect((try? form.parse(text, allowingRandomUID: true)) == number)
            }
        }
    }
}
