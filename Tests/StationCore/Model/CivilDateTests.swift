// Days of the calendar, against dates that anybody can look up.

import Testing

@testable import StationCore

@Suite struct `A day of the calendar` {
    @Test(arguments: [
        ("1970-01-01", 0, Weekday.thursday), ("1969-12-31", -1, .wednesday),
        ("2000-02-29", 11_016, .tuesday), ("2026-01-01", 20_454, .thursday),
        ("2026-11-22", 20_779, .sunday), ("2038-01-19", 24_855, .tuesday),
        ("2100-03-01", 47_541, .monday), ("0000-03-01", -719_468, .wednesday),
        ("9999-12-31", 2_932_896, .friday),
    ])
    func `has its number and its weekday`(text: String, number: Int, weekday: Weekday) throws {
        let date = try #require(CivilDate(text))
        #expect(date.dayNumber == number)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
    }

    @Test func `is the day after the one before it, through four centuries`() throws {
        var date = try #require(CivilDate("1999-12-31"))
        var before = (year: 1999, month: 12, day: 31)
        for _ in 0..<146_100 {
            date = date.adding(days: 1)
            let parts = date.parts
            if parts.day == 1 {
                #expect(before.day == CivilDate.days(in: before.month, of: before.year))
            } else {
                #expect(parts.day == before.day + 1 && parts.month == before.month)
            }
            #expect(CivilDate(year: parts.year, month: parts.month, day: parts.day) == date)
            before = parts
        }
        #expect(before.year == 2399 || before.year == 2400)
    }

    @Test(arguments: [
        "2025-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1",
        "26-01-01",
        "2026/01/01", "2026-01-01 ", "", "２026-01-01", "-001-01-01",
    ])
    func `is refused when there is no such day`(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func `is what the clock shows, before 1970 too`() {
        #expect(CivilDate(localSeconds: -1).dayNumber == -1)
        #expect(CivilDate(localSeconds: 0).dayNumber == 0)
        #expect(CivilDate(localSeconds: 86_399).dayNumber == 0)
        #expect(CivilDate(localSeconds: 86_400).dayNumber == 1)
        #expect(CivilDate(localSeconds: .max).dayNumber > 0)
    }

    @Test func `of every year may be the 29th of February`() {
        #expect(MonthDay("02-29") != nil)
        #expect(MonthDay("02-30") == nil)
        #expect(MonthDay("11-01")?.description == "11-01")
        #expect(MonthDay("1-1") == nil)
    }
}
