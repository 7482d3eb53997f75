// Rosters as people send them, right and wrong.

import Testing

@testable import StationCore

@Suite struct `A roster in CSV` {
    let key = testKey()
    static let heading = "key,holder,number,form,doors,from,to,state,role\n"

    func read(_ text: String, partial: Bool = false) -> RosterImport {
        RosterCSV(key: key, version: 9, utcOffset: 8 * 3_600, doors: ["gate", "room"])
            .read(Array(text.utf8), partial: partial)
    }

    func errors(_ rows: String) -> [RosterRowError] { read(Self.heading + rows).errors }

    func roster(_ result: RosterImport) throws -> Roster {
        try RosterFile.decode(#require(result.file), doors: ["gate", "room"])
    }

    @Test func `becomes a roster with everything its rows say`() throws {
        let result = read(
            Self.heading + """
                K1,H1,0040856634,8H10D,gate room,2025-01-01,2025-05-31,active,rider
                K2,H2,"111,27707",wg26,*,,,lost,master
                K3,H3,5630F009,hex,,2025-01-01T08:30,2025-01-02 18:00:00+00:00,,
                """)
        #expect(result.errors.isEmpty)
        #expect(result.rowCount == 3 && result.acceptedCount == 3 && result.keyCount == 3)
        let roster = try roster(result)
        #expect(roster.version == 9 && roster.isMade(with: key))

        let first = try #require(roster.key(ShortText("K1")!))
        #expect(first.doors == [DoorSet(DoorID(0)), DoorSet(DoorID(1))])
        #expect(first.validFrom == WallTime(seconds: 1_735_660_800))  // 2025-01-01 00:00 +08:00
        #expect(first.validTo == WallTime(seconds: 1_748_707_200))  // 2025-06-01 00:00 +08:00
        let second = try #require(roster.key(ShortText("K2")!))
        #expect(second.state == .lost && second.role == .master && second.doors == .all)
        #expect(second.validFrom == nil && second.validTo == nil)
        let third = try #require(roster.key(ShortText("K3")!))
        #expect(third.state == .active && third.role == .rider && third.doors.isEmpty)
        #expect(third.validFrom == WallTime(seconds: 1_735_691_400))
        #expect(third.validTo == WallTime(seconds: 1_735_840_800))
    }

    @Test func `says who needs more time, in both languages`() throws {
        let heading = "key,holder,number,form,doors,延时\n"
        let rows = [("yes", true), ("是", true), ("no", false), ("否", false), ("", false)]
        let text = rows.enumerated().map { "K\($0),H\($0),000000000\($0),8H10D,*,\($1.0)\n" }
        let roster = try roster(read(heading + text.joined()))
        for (index, row) in rows.enumerated() { #expect(roster.isSlow(at: index) == row.1) }
        let wrong = read(heading + "K1,H1,0000000001,8H10D,*,perhaps\n").errors
        #expect(wrong.map(\.word) == ["answer"] && wrong.first?.column == .slow)
    }

    @Test func `matches the same card at every reader that can tell it`() throws {
        let roster = try roster(read(Self.heading + "K1,H1,\"111,27706\",2H+4H,*,,,,"))
        let whole = try CardText.parse("em4100:01026f6c3a")
        let frame = WiegandFormat.h10301.encode(facility: 111, number: 27_706)!
        let wiegand = Credential(technology: .wiegand, bitCount: 26, bits: frame)
        let numbers = [
            View.low3.number(of: whole), View.full.number(of: wiegand, format: .h10301),
        ]
        for number in numbers {
            let form = key.matchForm(of: try #require(number))
            #expect(roster.find(form)?.id == ShortText("K1"))
        }
    }

    @Test func `may have Chinese headings and words, a byte order mark, CRLF and empty lines`()
        throws
    {
        let text =
            "\u{feff}卡号,写法,钥匙,持有人,门,状态,角色\r\n\r\n"
            + "0040856634,8h10d,K1,H1,gate,停用,副站长\r\n\r\n"
        let roster = try roster(read(text))
        let key = try #require(roster.key(ShortText("K1")!))
        #expect(key.state == .blocked && key.role == .deputy && key.doors == DoorSet(DoorID(0)))
    }

    @Test func `may quote what it likes`() throws {
        let result = read(
            Self.heading + "\"K1\",\"H\"\"1\",\"111,\n27706\",wg26,\"gate\",,,,\nK2,H2,x,hex,,,,,")
        #expect(result.errors.map(\.line) == [4])
        let roster = try RosterFile.decode(
            #require(
                read(Self.heading + "\"K1\",\"H\"\"1\",\"111,27706\",wg26,\"gate\",,,,").file),
            doors: [])
        #expect(roster.key(ShortText("K1")!)?.holder == ShortText("H\"1"))
    }

    @Test func `with one wrong row is not applied at all, unless told so`() throws {
        let text = Self.heading + "K1,H1,0040856634,8H10D,*,,,,\nK2,H2,12,8H10D,*,,,,\n"
        let whole = read(text)
        #expect(whole.file == nil)
        #expect(whole.refusedLines == [3] && whole.acceptedCount == 1)
        #expect(
            whole.errors == [
                RosterRowError(
                    line: 3, column: .number, .number(.digits(expected: 10...10, found: 2)))
            ])
        let part = read(text, partial: true)
        #expect(part.errors == whole.errors)
        #expect(try roster(part).count == 1)
    }

    @Test func `tells everything that is wrong with a row at once`() {
        let found = errors("迟到,,12,8H10D,gate,2025-02-30,soon,gone,boss\n")
        #expect(
            found.map(\.column) == [.key, .holder, .number, .from, .to, .state, .role])
        #expect(found.allSatisfy { $0.line == 2 })
    }

    @Test func `says what each wrong cell should have been`() {
        expect(
            "K1,H1,24012374,,*,,,,", .form,
            .formNotStated(possible: ["hex", "8H", "3+5", "h10302"]))
        expect("K1,H1,0040856634,dec,*,,,,", .form, .unknownForm(found: "dec"))
        expect("K1,H1,0040856634,8H10D,*,2025-13-01,,,", .from, .date(found: "2025-13-01"))
        expect("K1,H1,0040856634,8H10D,*,2025-05-31,2025-05-30,,", .from, .fromAfterTo)
        expect("K1,H1,0040856634,8H10D,*,,,gone,", .state, .state(found: "gone"))
        expect("K1,H1,0040856634,8H10D,*,,,,boss", .role, .role(found: "boss"))
        expect("K1,H1,08123456,hex,*,,,,", .number, .number(.uid(.random)))
        expect("K1,H1,65535,4H5D,*,,,,", .number, .number(.namesTooMany))
        expect("K1,H1,111,27706,wg26,*,,,,", nil, .fields(expected: 9, found: 10))
        expect("K1,H1,\"111,27706\"x,wg26,*,,,,", nil, .quote)
        expect("K1,H1,11\"1,wg26,*,,,,,", nil, .quote)
        expect("K1,H1,\"111", nil, .tooLong(limit: 4_096))
        expect(String(repeating: "x", count: 5_000), nil, .tooLong(limit: 4_096))
        let name = String(repeating: "y", count: 65)
        expect(
            "K1,H1,0040856634,8H10D,\(name),,,,", .doors,
            .doorName(found: String(repeating: "y", count: 40) + "…", limit: 64))
        expect(
            "012345678901234567890123,H,0040856634,8H10D,*,,,,", .key,
            .notAnIdentifier(limit: 23))
    }

    @Test func `goes on after a damaged line`() {
        let found = errors("K1,\"x\"y\nK2,H2,12,8H10D,*,,,,\n\u{1}\n")
        #expect(found.map(\.line) == [2, 3, 4])
    }

    @Test func `in another encoding than UTF-8 is told so`() {
        let bytes = Array(Self.heading.utf8) + [0xb3, 0xd9, 0x2c, 0x0a]
        let result = RosterCSV(key: key, version: 1, utcOffset: 0, doors: []).read(bytes)
        #expect(result.errors == [RosterRowError(line: 2, .encoding)])
    }

    @Test func `without its headings is refused before any row`() {
        let result = read("key,holder,nummer,key\nK1,H1,1,2\n")
        #expect(result.rowCount == 0 && result.file == nil)
        #expect(
            result.errors == [
                RosterRowError(line: 1, .unknownColumn(found: "nummer")),
                RosterRowError(line: 1, column: .key, .repeatedColumn),
                RosterRowError(line: 1, column: .number, .missingColumn),
                RosterRowError(line: 1, column: .form, .missingColumn),
                RosterRowError(line: 1, column: .doors, .missingColumn),
            ])
    }

    @Test func `without rows is refused, because it would lock everybody out`() {
        #expect(read("", partial: true).errors == [RosterRowError(line: 0, .noRows)])
        let result = read(Self.heading, partial: true)
        #expect(result.errors == [RosterRowError(line: 0, .noRows)])
        #expect(result.file == nil)
    }

    @Test func `with a card of two holders refuses both and says where the other one is`() throws {
        let text =
            Self.heading
            + "K1,H1,0040856634,8H10D,*,,,,\nK2,H2,0040856634,10D,*,,,,\nK3,H3,1,h10302,*,,,,\n"
        let result = read(text)
        #expect(result.file == nil && result.refusedLines == [2, 3])
        #expect(
            result.errors == [
                RosterRowError(line: 2, column: .number, .collision(lines: [3])),
                RosterRowError(line: 3, column: .number, .collision(lines: [2])),
            ])
        #expect(try roster(read(text, partial: true)).count == 1)
    }

    @Test func `with a key that contradicts itself says which line it contradicts`() {
        let found = errors("K1,H1,0040856634,8H10D,*,,,,\nK1,H2,0040856635,8H10D,*,,,,\n")
        #expect(found == [RosterRowError(line: 3, column: .key, .contradictsLine(2))])
    }

    @Test func `refuses doors that this station has not, by name`() throws {
        let result = read(Self.heading + "K1,H1,0040856634,8H10D,gate annex,,,,")
        #expect(result.errors.map(\.word) == ["unknownDoor"])
        #expect(result.errors[0].text(.english).contains("annex"))
        #expect(result.file == nil)
    }

    @Test func `with very many errors tells the first thousand and counts the rest`() {
        let rows = String(repeating: "K1,H1,12,8H10D,*,,,,\n", count: 1_500)
        let result = read(Self.heading + rows)
        #expect(result.errors.count == RosterImport.errorsTold)
        #expect(result.errorCount == 1_500 && result.refusedLines.count == 1_500)
    }

    @Test func `never shows a card's number in an error`() {
        let digits = ["0040856634", "00408566", "111;27706", "01026F6C3A", "DD17380AF9"]
        for text in digits {
            for form in PrintedForm.all.map(\.name) + ["", "nonsense"] {
                for error in errors("K1,H1,\(text),\(form),*,,,,\n") {
                    #expect(!error.text(.english).contains(text))
                    #expect(!error.text(.chinese).contains(text))
                }
            }
        }
    }

    @Test func `never traps on random bytes, and judges them alike each time`() {
        var random = Xorshift(seed: 14)
        let alphabet = Array("K1H,\"\n\r*2025-T:+Z wg6hex\u{0}é，".utf8)
        let csv = RosterCSV(key: key, version: 1, utcOffset: 8 * 3_600, doors: ["gate"])
        for round in 0..<1_500 {
            let noise = (0..<random.below(400)).map { _ in alphabet[random.below(alphabet.count)] }
            let heading = round % 3 == 0 ? [] : Array(Self.heading.utf8)
            let bytes = heading + (round % 2 == 0 ? noise : random.bytes(random.below(300)))
            let one = csv.read(bytes, partial: true)
            let other = csv.read(bytes, partial: true)
            #expect(one.errors == other.errors && one.file == other.file)
            for error in one.errors {
                #expect(error.text(.chinese) != error.text(.english))
            }
            if let file = one.file {
                #expect((try? RosterFile.decode(file, doors: ["gate"]))?.count == one.keyCount)
            }
        }
    }

    private func expect(
        _ row: String, _ column: RosterColumn?, _ problem: RosterRowError.Problem,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let found = errors(row + "\n")
        #expect(
            found == [RosterRowError(line: 2, column: column, problem)], sourceLocation: location)
    }
}

@Suite struct `A date in a roster` {
    @Test(
        arguments: [
            ("1970-01-01", 0), ("2000-02-29", 951_782_400), ("2024-02-29", 1_709_164_800),
            ("2025/5/31", 1_748_649_600), ("2038-01-19T03:14:08", 2_147_483_648),
            ("2105-12-31 23:59:59", 4_291_747_199), ("2025-05-31T18:00Z", 1_748_714_400),
            ("2025-05-31T18:00+08:00", 1_748_685_600), ("2025-05-31T18:00-01:30", 1_748_719_800),
        ] as [(String, Int64)])
    func `is the moment that calendars say`(text: String, seconds: Int64) {
        #expect(StationDate(text, utcOffset: 0)?.seconds == seconds)
    }

    @Test func `is in station time, and a day ends with the next one`() throws {
        let day = try #require(StationDate("2025-05-31", utcOffset: 8 * 3_600))
        #expect(day.seconds == 1_748_649_600 - 8 * 3_600)
        #expect(day.end == day.seconds + 86_400)
        let moment = try #require(StationDate("2025-05-31T18:00", utcOffset: 8 * 3_600))
        #expect(moment.end == moment.seconds)
    }

    @Test func `that does not exist is none`() {
        let wrong = [
            "", "2025", "2025-5", "2025-02-29", "2100-02-29", "2025-00-01", "2025-01-00",
            "2025-13-01", "2025-04-31", "1969-12-31", "2106-01-01", "25-05-31", "2025-05/31",
            "2025-05-31T", "2025-05-31T24:00", "2025-05-31T18:60", "2025-05-31T18", "2025-05-31x",
            "2025-05-31T18:00:60", "2025-05-31T18:00+15:00", "2025-05-31T18:00+8", "２０２５-05-31",
        ]
        for text in wrong { #expect(StationDate(text, utcOffset: 0) == nil, "\(text)") }
    }
}
