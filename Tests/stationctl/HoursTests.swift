// A station's hours day by day, as people read them.

import Profiles
import StationCore
import Testing

@testable import stationctl

@Suite struct `A day's hours` {
    private let set = ResolvedHours(
        name: "room", labelChinese: "歇脚屋", labelEnglish: "Room",
        hours: OpeningHours(
            week: .always,
            dates: [
                DatedHours(
                    first: CivilDate("2026-10-05")!, last: CivilDate("2026-10-05")!,
                    hours: .closed)
            ], holidays: .closed))
    private let holidays = PublicHolidays(
        off: [CivilDate("2026-10-01")!], worked: [CivilDate("2026-10-10")!], years: [2026])

    @Test(arguments: [
        ("2026-09-30", "2026-09-30 周三  00:00-24:00", "2026-09-30 wed  00:00-24:00"),
        (
            "2026-10-01", "2026-10-01 周四  不开放（节假日）",
            "2026-10-01 thu  closed  (public holiday)"
        ),
        ("2026-10-05", "2026-10-05 周一  不开放（当日另定）", "2026-10-05 mon  closed  (this date)"),
        (
            "2026-10-10", "2026-10-10 周六  00:00-24:00（调休上班）",
            "2026-10-10 sat  00:00-24:00  (worked in return for a holiday)"
        ),
    ])
    func `say when and why`(date: String, chinese: String, english: String) throws {
        let day = HoursDay(set, try #require(CivilDate(date)), holidays)
        #expect(day.text(Catalogue(language: .chinese)) == chinese)
        #expect(day.text(Catalogue(language: .english)) == english)
    }
}
