// Services, hours and quotas in a roster's CSV file, of a station that has some.

import Profiles
import Simulation
import Testing

@testable import StationCore

@Suite struct `A roster in CSV with terms` {
    private let station: ResolvedStation
    private let key = StationKey(
        epoch: ShortText("test")!, secret: [UInt8](repeating: 7, count: 32))!
    private static let heading = "key,holder,number,form,doors,services,hours,quota\n"

    init() throws {
        station = try Resolution.resolve(
            text: Array(Lodge.text.utf8), name: "lodge.yaml",
            devicesDirectory: Repository.root + "/Devices"
        ).station
    }

    private func read(_ text: String) -> RosterImport {
        RosterCSV(key: key, version: 2, for: station).read(Array(text.utf8))
    }

    /// One row with these cells.
    private func row(_ services: String, _ hours: String, _ quota: String) -> RosterImport {
        read(Self.heading + "K1,H1,0000000001,8H10D,*,\(services),\(hours),\(quota)\n")
    }

    private func terms(
        _ services: String, _ hours: String = "", _ quota: String = ""
    ) throws -> RosterTerms {
        let file = try #require(row(services, hours, quota).file)
        let roster = try RosterFile.decode(file, for: RosterPlaces(station))
        return roster.namedRights[roster.rightsPlace(at: 0)].terms
    }

    @Test func `says which services, when and how much`() throws {
        #expect(try terms("*") == .plain && terms("") == .plain)
        #expect(try terms("meals water").services == .named(["meals", "water"]))
        #expect(try terms("-").services == .named([]))
        #expect(try terms("", "night").hours == "night")
        #expect(
            try terms("water", "day", "water 3/d 2000mL/d; entry 4/w").quotas == [
                RosterQuota("", .uses, per: .week, limit: 4),
                RosterQuota("water", .uses, per: .day, limit: 3),
                RosterQuota("water", .millilitres, per: .day, limit: 2_000),
            ])
    }

    @Test(
        arguments: [
            ("water 3/d", "water 3/d"), ("water 1.5L/d", nil), ("water 2L/w", "water 2000mL/w"),
            ("water 3次/天 2升/月", "water 3/d 2000mL/m"), (" ; meals 1x/day ;", "meals 1/d"),
            ("meals 1/d；water 1/d", "meals 1/d; water 1/d"), ("ENTRY 1/d", nil),
            ("entry 5/month", "entry 5/m"), ("water", nil), ("water 3", nil), ("water 3/y", nil),
            ("water 0/d", nil), ("water /d", nil), ("water -1/d", nil), ("3/d", nil),
            ("water 4294967295/d", "water 4294967295/d"), ("water 4294967296/d", nil),
            ("water 99999999999999999999/d", nil), ("water 5000000L/d", nil),
            ("water 3/d 4/d", nil), ("water 3/d; water 4/d", nil),
            ("water 3/d; water 4/w", "water 3/d 4/w"), ("water 3Wh/d", nil), ("meals 30min/d", nil),
            ("entry 20min/d", nil), ("sauna 1/d", nil), ("water 3/d/d", nil), ("water٣/d", nil),
        ] as [(String, String?)])
    func `reads a quota, or says what is wrong with it`(text: String, as canonical: String?) {
        let result = row("", "", text)
        guard let canonical else {
            #expect(result.file == nil && result.errors.allSatisfy { $0.column == .quota })
            #expect(result.errors.count == 1)
            return
        }
        #expect(result.errors.isEmpty)
        let quotas = (try? terms("", "", text).quotas) ?? []
        #expect(QuotaText.text(quotas) == canonical)
        // What is written can be read, and says the same.
        #expect((try? terms("", "", QuotaText.text(quotas)).quotas) == quotas)
    }

    @Test func `refuses what the station does not have, with what it has`() {
        let wrong: [(RosterImport, String, RosterColumn, String)] = [
            (row("water saun", "", ""), "unknownService", .services, "meals, water"),
            (row("", "noon", ""), "unknownHours", .hours, "day, night"),
            (row("", "", "sauna 1/d"), "unknownService", .quota, "meals, water, entry"),
            (row("", "", "water 1Wh/d"), "notCounted", .quota, "uses, mL"),
            (row("", "", "water 1/d 1/d"), "quotaTwice", .quota, "“1/d”"),
            (row("", "", "water often"), "quota", .quota, "“often”"),
        ]
        for (result, word, column, said) in wrong {
            #expect(result.errors.map(\.word) == [word] && result.file == nil)
            #expect(result.errors.first?.column == column)
            #expect(result.errors.first?.text(.english).contains(said) == true)
            #expect(result.errors.first?.text(.chinese).isEmpty == false)
        }
    }

    @Test func `takes Chinese headings, and one key's rows have to agree`() throws {
        let heading = "钥匙,持有人,卡号,写法,门,服务,时段,限额\n"
        let rows = "K1,H1,0000000001,8H10D,*,water,day,water 1/d\n"
        #expect(read(heading + rows + rows.replacing("0001", with: "0002")).errors.isEmpty)
        let other = rows.replacing("0001", with: "0002").replacing("1/d", with: "2/d")
        #expect(read(heading + rows + other).errors.map(\.word) == ["contradictsLine"])
    }

    @Test func `of before says every service, at any time, as much as one likes`() throws {
        let file = try #require(
            read("key,holder,number,form,doors\nK1,H1,0000000001,8H10D,gate\n").file)
        let roster = try RosterFile.decode(file, for: RosterPlaces(station))
        #expect(roster.terms.isEmpty)
    }

    @Test func `never traps on quotas of chance`() {
        var random = SplitMix64(seed: 9)
        let letters = Array("water entry/dwm;mLWh0123456789 升；-.\u{7f}\"")
        for _ in 0..<3_000 {
            let text = (0..<random.below(30)).map { _ in
                String(letters[random.below(letters.count)])
            }
            _ = row("", "", "\"" + text.joined().replacing("\"", with: "\"\"") + "\"")
        }
    }
}
