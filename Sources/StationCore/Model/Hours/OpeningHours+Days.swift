// What the hours say of one day, and when they next change.

extension OpeningHours {
    /// What decided a day.
    public enum Source: UInt8, Sendable, CaseIterable {
        case week = 0
        case season = 1
        case holiday = 2
        /// A weekend day that is worked, with the hours of a Monday.
        case workedDay = 3
        case date = 4
    }

    /// The hours of one day. Complexity: O(seasons + dates + log holidays).
    public func day(_ date: CivilDate, _ holidays: PublicHolidays) -> (DayHours, Source) {
        for dated in dates where dated.first <= date && date <= dated.last {
            return (dated.hours, .date)
        }
        if let hours = self.holidays, holidays.off.hasSorted(date) { return (hours, .holiday) }
        let isWorked = self.holidays != nil && holidays.worked.hasSorted(date)
        let weekday = isWorked ? .monday : date.weekday
        let monthDay = date.monthDay
        for season in seasons where season.covers(monthDay) {
            return (season.week[weekday], isWorked ? .workedDay : .season)
        }
        return (week[weekday], isWorked ? .workedDay : .week)
    }

    /// How far ahead a change is looked for.
    public static let horizonDays = 400

    /// Whether it is open at a moment of the station's own clock, and when that changes.
    ///
    /// - Parameter seconds: since 1970-01-01 00:00 on the station's clock.
    /// - Returns: the first second of the other state; `nil` when it stays for more than a year.
    public func state(
        atLocalSeconds seconds: Int64, _ holidays: PublicHolidays,
        today: (date: CivilDate, hours: DayHours)? = nil
    ) -> (isOpen: Bool, source: Source, changes: Int64?) {
        let first = CivilDate(localSeconds: seconds)
        func hours(_ date: CivilDate) -> (DayHours, Source) {
            if let today, today.date == date { return (today.hours, .date) }
            return day(date, holidays)
        }
        // Yesterday's last stretch may reach into today.
        let yesterday = first.adding(days: -1)
        let (before, _) = hours(yesterday)
        var openUntil: Int64?
        for span in before.spans where yesterday.second(span.end) > seconds {
            if yesterday.second(span.start) <= seconds { openUntil = yesterday.second(span.end) }
        }
        let source = hours(first).1
        for ahead in 0...Self.horizonDays {
            let date = first.adding(days: ahead)
            for span in hours(date).0.spans {
                let (start, end) = (date.second(span.start), date.second(span.end))
                if end <= seconds { continue }
                if let until = openUntil {
                    guard start <= until else { return (true, source, until) }
                    openUntil = max(until, end)
                } else if start <= seconds {
                    openUntil = end
                } else {
                    return (false, source, start)
                }
            }
            // A stretch that ends within this day is not gone on with by the next.
            if let until = openUntil, until < date.second(DaySpan.day) {
                return (true, source, until)
            }
        }
        return (openUntil != nil, source, nil)
    }
}

extension CivilDate {
    /// The second on the station's clock, so many minutes after this day's midnight.
    func second(_ minute: Int) -> Int64 { (Int64(dayNumber) * 1_440 + Int64(minute)) * 60 }
}

extension [CivilDate] {
    /// Whether a sorted list has the date. Complexity: O(log n).
    fileprivate func hasSorted(_ date: CivilDate) -> Bool {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < date { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low] == date
    }
}
