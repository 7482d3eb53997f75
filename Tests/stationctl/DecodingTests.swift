// Bits and cards in, meaning out; vectors from the sources that docs/cards and the codecs name.

import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `Decoding Wiegand bits` {
    private func decode(_ text: String, length: Int? = nil) throws -> WiegandDecoding {
        try WiegandDecoding.parse(text, length: length)
    }

    /// proxmark3 tools/pm3_tests.sh and leosac test/RFIDCard.cpp.
    @Test(
        arguments: [
            ("10111101100010001110101110", nil, "26-h10301", "123", "4567"),
            ("2F623AE", 26, "26-h10301", "123", "4567"),
            ("0x2F623AE", 26, "26-h10301", "123", "4567"),
            ("0001100000011100111010100001100010", nil, "34-h10306", "12345", "54321"),
            ("30393C481", 37, "37-h10304", "12345", "123456"),
            ("69A5154A4", 35, "35-corporate1000", "1234", "567890"),
            ("00A4550148AB", 48, "48-corporate1000", "42069", "42069"),
        ] as [(String, Int?, String, String, String)])
    func `finds format, facility and number`(
        bits: String, length: Int?, format: String, facility: String, number: String
    ) throws {
        let decoding = try decode(bits, length: length)
        let reading = try #require(decoding.readings.first { $0.format == format })
        #expect(reading.ok)
        #expect(reading.facility == facility)
        #expect(reading.number == number)
        #expect(decoding.isUnderstood)
    }

    @Test func `reads 37 bits both ways and leaves the choice to a person`() throws {
        let decoding = try decode("10932C05A5", length: 37)
        #expect(decoding.readings.map(\.format) == ["37-h10302", "37-h10304"])
        #expect(decoding.readings[0].number == "1234567890")
        #expect(decoding.readings[0].facility == nil)
    }

    @Test func `says that parity is wrong, and that lines are swapped`() throws {
        let wrong = try decode("00111101100010001110101110")
        #expect(wrong.readings.map(\.diagnosis) == ["parity"])
        #expect(!wrong.isUnderstood)
        let swapped = try decode("01000010011101110001010001")
        #expect(swapped.readings.map(\.diagnosis) == ["linesSwapped"])
        #expect(swapped.reason.en.contains("swap"))
        #expect(swapped.reason.zh.contains("对调"))
    }

    @Test func `says that every bit was counted twice`() throws {
        let bits = "10111101100010001110101110".map { "\($0)\($0)" }.joined()
        let decoding = try decode(bits)
        #expect(decoding.readings.contains { $0.diagnosis == "doubledEdges" })
        #expect(!decoding.isUnderstood)
    }

    @Test func `knows a key of a keypad and plain bytes`() throws {
        #expect(try decode("0101").key == "5")
        #expect(try decode("01001011").key == "#")
        #expect(try decode("11000011").key == "3")
        #expect(try decode("01011010").key == "*")
        #expect(try decode("1111").isUnderstood == false)
        let plain = try decode("5630F009", length: 32)
        #expect(plain.readings.map(\.format) == ["32-raw"])
        #expect(plain.isUnderstood)
    }

    @Test(
        arguments: [
            ("", nil), ("2", nil), ("2F623AE", nil), ("xyz", 26), ("2F623AE", 25), ("1", 129),
            ("1", 0), ("01", -5), (String(repeating: "1", count: 129), nil),
            (String(repeating: "F", count: 65), 128), ("𝟏", nil), ("٣", 4),
        ] as [(String, Int?)])
    func `says why text is no bits`(text: String, length: Int?) {
        #expect { try decode(text, length: length) } throws: { error in
            guard case .badData(let reason) = error as? Problem else { return false }
            return !reason.zh.isEmpty && !reason.en.isEmpty && reason.zh != reason.en
        }
    }
}

@Suite struct `The views of a card` {
    private func texts(_ card: String) throws -> [String: [String]] {
        let report = CardReport(try CardText.parse(card))
        return Dictionary(grouping: report.views, by: \.form).mapValues { $0.map(\.text) }
    }

    /// ck365.cn ID-03 and whzrbw.com IC-02: one EM card in five formats.
    @Test func `of an EM card are those on the reader's leaflet`() throws {
        let texts = try texts("em4100:01026f6c3a")
        #expect(texts["10H"] == ["01026f6c3a"])
        #expect(texts["8H10D"]?.contains("0040856634") == true)
        #expect(texts["6H8D"]?.contains("07302202") == true)
        #expect(texts["2H+4H"]?.contains("111,27706") == true)
        #expect(texts["4H+4H"]?.contains("00623,27706") == true)
    }

    /// cnblogs.com/gengtongyu/p/16564907.
    @Test func `of a UID hold three different eight-digit numbers`() throws {
        let texts = try texts("iso14443:5630F009")
        #expect(texts["10D"] == nil)
        #expect(texts["8H10D"]?.contains("1446047753") == true)
        #expect(texts["8H10D-reversed"]?.contains("0166735958") == true)
        #expect(texts["2H+4H"]?.contains("086,12528") == true)
        #expect(texts["2H+4H"]?.contains("048,61449") == true)
        #expect(texts["2H+4H-reversed"]?.contains("240,12374") == true)
        #expect(texts["wg34-frame"]?.contains("0AC61E013") == true)
    }

    @Test func `warn of a UID that is made up anew at each tap`() throws {
        let report = CardReport(try CardText.parse("iso14443:08A1B2C3"))
        #expect(report.randomUID)
        for language in Wording.Language.allCases {
            #expect(report.lines(Catalogue(language: language)).contains { $0.contains("08") })
        }
    }

    @Test func `of a frame need no reader`() throws {
        let report = CardReport(try CardText.parse("wiegand26:2F623AE"))
        #expect(report.views.contains { $0.form == "2H+4H" && $0.text == "123,04567" })
        #expect(report.card == "wiegand26:2F623AE")
    }
}
