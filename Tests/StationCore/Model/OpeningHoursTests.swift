// What the hours say of every minute, against a slow and obvious reading of the same hours.

import Testing

@testable import StationCore

extension DayHours {
    /// `hours("9:00-12:00", "13:30-18:00")`; an end that is not later lies on the next day.
    static func of(_ spans: String...) -> DayHours {
        DayHours(
            spans.compactMap { text in
                let minutes = text.split(separator: "-").map { time in
                    let parts = time.split(separator: ":").compactMap { Int($0) }
                    return parts[0] * 60 + parts[1]
                }
                let end = minutes[1] > minutes[0] ? minutes[1] : minutes[1] + DaySpan.day
                return DaySpan(start: minutes[0], end: end)
            })
    }
}

extension WeekHours {
    static func everyDay(_ hours: DayHours) -> WeekHours {
        var week = WeekHours.closed
        for day in Weekday.allCases { week[day] = hours }
        return week
    }
}

/// Seconds on the station's clock.
func local(_ date: String, _ hour: Int = 0, _ minute: Int = 0) throws -> Int64 {
    try #require(CivilDate(date)).second(hour * 60 + minute)
}

@Suite struct `Opening hours` {
    private let none = PublicHolidays.unknown

    @Test func `of a plain day open and shut on the minute`() throws {
        let hours = OpeningHours(week: .everyDay(.of("9:00-12:00", "13:30-18:00")))
        let morning = hours.state(atLocalSeconds: try local("2026-03-04", 8, 59), none)
        #expect(!morning.isOpen)
        #expect(try morning.changes == local("2026-03-04", 9))
        let open = hours.state(atLocalSeconds: try local("2026-03-04", 9), none)
        #expect(open.isOpen)
        #expect(try open.changes == local("2026-03-04", 12))
        let noon = hours.state(atLocalSeconds: try local("2026-03-04", 12), none)
        #expect(!noon.isOpen)
        let night = hours.state(atLocalSeconds: try local("2026-03-04", 18), none)
        #expect(try night.changes == local("2026-03-05", 9))
    }

    @Test func `that pass midnight belong to the day on which they began`() throws {
        var week = WeekHours.closed
        week[.friday] = .of("22:00-02:00")
        let hours = OpeningHours(
            week: week,
            dates: [
                // That Saturday is closed, and Friday's night is still Friday's.
                DatedHours(
                    first: try #require(CivilDate("2026-03-07")),
                    last: try #require(CivilDate("2026-03-07")), hours: .closed)
            ])
        let night = hours.state(atLocalSeconds: try local("2026-03-07", 1), none)
        #expect(night.isOpen)
        #expect(try night.changes == local("2026-03-07", 2))
        let thursday = hours.state(atLocalSeconds: try local("2026-03-06", 1), none)
        #expect(!thursday.isOpen)
    }

    @Test func `that touch at midnight are one stretch`() throws {
        var week = WeekHours.closed
        week[.monday] = .of("20:00-24:00")
        week[.tuesday] = .of("0:00-3:00")
        let hours = OpeningHours(week: week)
        let state = hours.state(atLocalSeconds: try local("2026-03-02", 21), none)
        #expect(try state.changes == local("2026-03-03", 3))
    }

    @Test func `that never change have no next change`() throws {
        let now = try local("2026-03-02", 21)
        #expect(OpeningHours.always.state(atLocalSeconds: now, none).isOpen)
        #expect(OpeningHours.always.state(atLocalSeconds: now, none).changes == nil)
        let closed = OpeningHours(week: .closed).state(atLocalSeconds: now, none)
        #expect(!closed.isOpen && closed.changes == nil)
    }

    /// β暖冬: Friday to Sunday in January, and at no other time.
    @Test func `of a winter station are those of its season`() throws {
        var winter = WeekHours.closed
        for day in [Weekday.friday, .saturday, .sunday] { winter[day] = .of("9:00-17:00") }
        let hours = OpeningHours(
            week: .closed,
            seasons: [
                SeasonHours(
                    first: try #require(MonthDay("01-01")), last: try #require(MonthDay("01-31")),
                    week: winter)
            ])
        let friday = hours.state(atLocalSeconds: try local("2027-01-29", 10), none)
        #expect(friday.isOpen && friday.source == .season)
        #expect(try !hours.state(atLocalSeconds: local("2027-01-28", 10), none).isOpen)
        let february = hours.state(atLocalSeconds: try local("2027-02-05", 10), none)
        #expect(!february.isOpen)
        #expect(try february.changes == local("2028-01-01", 9))
        let november = hours.state(atLocalSeconds: try local("2026-11-22", 10), none)
        #expect(try november.changes == local("2027-01-01", 9))
    }

    @Test func `of a season go over the turn of the year`() throws {
        let season = SeasonHours(
            first: try #require(MonthDay("11-15")), last: try #require(MonthDay("03-15")),
            week: .always)
        for (day, isIn) in [
            ("11-14", false), ("11-15", true), ("12-31", true), ("01-01", true), ("03-15", true),
            ("03-16", false), ("07-01", false),
        ] {
            let monthDay = try #require(MonthDay(day))
            #expect(season.covers(monthDay) == isIn)
        }
    }

    @Test func `know a holiday from a weekend that is worked`() throws {
        var week = WeekHours.closed
        for day in [Weekday.monday, .tuesday, .wednesday, .thursday, .friday] {
            week[day] = .of("8:00-20:00")
        }
        week[.monday] = .of("7:00-20:00")
        let holidays = PublicHolidays(
            off: [try #require(CivilDate("2026-10-01"))],
            worked: [try #require(CivilDate("2026-10-10"))], years: [2026])
        let hours = OpeningHours(week: week, holidays: .of("10:00-16:00"))
        let holiday = hours.state(atLocalSeconds: try local("2026-10-01", 9), holidays)
        #expect(!holiday.isOpen && holiday.source == .holiday)
        let saturday = hours.state(atLocalSeconds: try local("2026-10-10", 7, 30), holidays)
        #expect(saturday.isOpen && saturday.source == .workedDay)
        // Whoever says nothing of holidays is open on them as on any Thursday.
        let plain = OpeningHours(week: week)
        #expect(try plain.state(atLocalSeconds: local("2026-10-01", 9), holidays).isOpen)
        #expect(try !plain.state(atLocalSeconds: local("2026-10-10", 9), holidays).isOpen)
    }

    @Test func `are what a minute-by-minute reading says, whatever they are`() throws {
        var dice = Xorshift(seed: 20_261_122)
        for _ in 0..<60 {
            let hours = try anyHours(&dice)
            let holidays = PublicHolidays(
                off: [try #require(CivilDate("2026-05-01"))],
                worked: [try #require(CivilDate("2026-05-09"))], years: [2026])
            let first = try local("2026-04-27")
            // Three weeks, minute by minute.
            let isOpen = (0..<21 * 1_440).map { minute in
                slowly(hours, holidays, at: first + Int64(minute) * 60)
            }
            for _ in 0..<200 {
                let minute = Int.random(in: 0..<14 * 1_440, using: &dice)
                let state = hours.state(
                    atLocalSeconds: first + Int64(minute) * 60 + 30, holidays)
                #expect(state.isOpen == isOpen[minute])
                let next = isOpen[minute...].firstIndex { $0 != isOpen[minute] }
                if let next {
                    #expect(state.changes == first + Int64(next) * 60)
                } else {
                    #expect((state.changes ?? .max) >= first + 21 * 86_400)
                }
            }
        }
    }

    private func anyDay(_ dice: inout Xorshift) -> DayHours {
        DayHours(
            (0..<Int.random(in: 0...3, using: &dice)).compactMap { _ in
                let start = Int.random(in: 0..<96, using: &dice) * 15
                return DaySpan(
                    start: start, end: start + Int.random(in: 1...96, using: &dice) * 15)
            })
    }

    private func anyHours(_ dice: inout Xorshift) throws -> OpeningHours {
        func anyWeek() throws -> WeekHours {
            try #require(WeekHours((0..<7).map { _ in anyDay(&dice) }))
        }
        var hours = OpeningHours(week: try anyWeek())
        if Bool.random(using: &dice) {
            hours.seasons = [
                SeasonHours(
                    first: try #require(MonthDay("05-03")), last: try #require(MonthDay("05-06")),
                    week: try anyWeek())
            ]
        }
        if Bool.random(using: &dice) {
            let date = try #require(CivilDate("2026-05-04"))
            hours.dates = [DatedHours(first: date, last: date, hours: anyDay(&dice))]
        }
        if Bool.random(using: &dice) { hours.holidays = anyDay(&dice) }
        return hours
    }

    /// Open when a stretch of that day or of the day before it covers the minute.
    private func slowly(
        _ hours: OpeningHours, _ holidays: PublicHolidays, at seconds: Int64
    ) -> Bool {
        let date = CivilDate(localSeconds: seconds)
        return [date.adding(days: -1), date].contains { day in
            hours.day(day, holidays).0.spans.contains { span in
                day.second(span.start) <= seconds && seconds < day.second(span.end)
            }
        }
    }
}

@Suite struct `Stretches of a day` {
    @Test func `are put in order, and those that touch are one`() {
        #expect(
            DayHours.of("13:00-18:00", "9:00-12:00", "12:00-13:00") == .of("9:00-18:00"))
        #expect(DayHours.of("9:00-9:00").spans == [DaySpan(start: 540, end: 1_980)])
    }

    @Test func `that overlap are told by the later one`() throws {
        let spans = try [(540, 720), (700, 800)].map {
            try #require(DaySpan(start: $0.0, end: $0.1))
        }
        #expect(DayHours.overlap(in: spans) == 1)
        #expect(DayHours.overlap(in: [spans[0], spans[0]]) == 1)
        #expect(DayHours.overlap(in: [spans[0]]) == nil)
    }

    @Test(arguments: [(-1, 10), (1_440, 1_450), (10, 10), (20, 10), (10, 1_451)])
    func `are refused when there is no such stretch`(start: Int, end: Int) {
        #expect(DaySpan(start: start, end: end) == nil)
    }
}
