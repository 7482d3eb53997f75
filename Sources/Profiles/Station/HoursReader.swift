// A station file's `hours`: when something is open, each set under a name.

import StationCore

struct HoursReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    func read(_ node: TreeNode) -> [StationFile.Hours] {
        let items = checker.list(node, of: .hours, limit: Limit.hours, orEmpty: true) ?? []
        var sets: [StationFile.Hours] = []
        for item in items {
            guard let set = readSet(item) else { continue }
            if let first = sets.first(where: { $0.name.value == set.name.value }),
                !set.name.value.isEmpty
            {
                checker.report(
                    set.name.place, .duplicateName(set.name.value, first: first.name.place))
                continue
            }
            sets.append(set)
        }
        return sets
    }

    private func readSet(_ node: TreeNode) -> StationFile.Hours? {
        guard var fields = Fields(node, .hoursSet, checker) else { return nil }
        let name = fields.require("name")
        let label = fields.take("label")
        let week = fields.require("week")
        let seasons = fields.take("seasons")
        let dates = fields.take("dates")
        let holidays = fields.take("holidays")
        let unknown = fields.take("clock_unknown")
        fields.finish()
        let states: [(String, Bool)] = [("open", true), ("closed", false)]
        return StationFile.Hours(
            name: Placed(name.flatMap(checker.name) ?? "", at: name?.place ?? node.place),
            label: label.map { checker.label($0) } ?? StationFile.Label(),
            hours: OpeningHours(
                week: week.map(readWeek) ?? .closed,
                seasons: seasons.map(readSeasons) ?? [], dates: dates.map(readDates) ?? [],
                holidays: holidays.flatMap { checker.hours($0) },
                // A lock must not open because nobody knows what time it is.
                whenClockUnknown: unknown.flatMap { checker.choice($0, of: states) } ?? false))
    }

    /// `{mon-fri: "08:00-20:00", sat: "09:00-12:00, 14:00-18:00"}`, or one text for every day. A
    /// day that is not named is closed.
    private func readWeek(_ node: TreeNode) -> WeekHours {
        var week = WeekHours.closed
        if case .scalar = node.content {
            let hours = checker.hours(node) ?? .closed
            for day in Weekday.allCases { week[day] = hours }
            return week
        }
        guard let pairs = checker.pairs(node) else { return week }
        var named: Set<Weekday> = []
        for pair in pairs {
            guard let days = Self.weekdays(pair.key) else {
                checker.report(pair.place, .badWeekdays(found: pair.key))
                continue
            }
            let hours = checker.hours(pair.value) ?? .closed
            for day in days {
                guard named.insert(day).inserted else {
                    checker.report(pair.place, .weekdayTwice(day.name))
                    continue
                }
                week[day] = hours
            }
        }
        return week
    }

    /// `mon`, or `fri-sun`, which may go over the end of the week.
    static func weekdays(_ text: String) -> [Weekday]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { word in
            Weekday.allCases.first { $0.name == word }
        }
        switch ends.count {
        case 1: return ends[0].map { [$0] }
        case 2:
            guard let first = ends[0], let last = ends[1], first != last else { return nil }
            let count = (Int(last.rawValue) - Int(first.rawValue) + 7) % 7
            return (0...count).map { Weekday.allCases[(Int(first.rawValue) - 1 + $0) % 7] }
        default: return nil
        }
    }

    private func readSeasons(_ node: TreeNode) -> [SeasonHours] {
        let items = checker.list(node, of: .seasons, limit: Limit.seasons, orEmpty: true) ?? []
        return items.compactMap { item in
            guard var fields = Fields(item, .season, checker) else { return nil }
            let from = fields.require("from")
            let to = fields.require("to")
            let week = fields.require("week")
            fields.finish()
            guard let first = from.flatMap(readDayOfYear), let last = to.flatMap(readDayOfYear)
            else { return nil }
            return SeasonHours(first: first, last: last, week: week.map(readWeek) ?? .closed)
        }
    }

    private func readDayOfYear(_ node: TreeNode) -> MonthDay? {
        guard let text = checker.word(node) else { return nil }
        guard let day = MonthDay(text) else {
            checker.report(node.place, .badDayOfYear(found: text))
            return nil
        }
        return day
    }

    /// `{day: "2026-02-17", open: closed}`, or `from` and `to` for several days in a row.
    private func readDates(_ node: TreeNode) -> [DatedHours] {
        let items = checker.list(node, of: .dates, limit: Limit.dates, orEmpty: true) ?? []
        return items.compactMap { item in
            guard var fields = Fields(item, .date, checker) else { return nil }
            let day = fields.take("day")
            let from = day == nil ? fields.require("from") : nil
            let to = day == nil ? fields.require("to") : nil
            let open = fields.require("open")
            fields.finish()
            guard let first = (day ?? from).flatMap(checker.date),
                let last = (day ?? to).flatMap(checker.date)
            else { return nil }
            guard first <= last else {
                checker.report(
                    (to ?? item).place,
                    .datesReversed(first: "\(first)", last: "\(last)"))
                return nil
            }
            return DatedHours(
                first: first, last: last, hours: open.flatMap { checker.hours($0) } ?? .closed)
        }
    }
}

extension Checker {
    /// `"08:00-12:00, 13:30-20:00"` or `closed`.
    func hours(_ node: TreeNode) -> DayHours? {
        guard let text = word(node) else { return nil }
        do {
            return try DayHours(text: text)
        } catch {
            report(node.place, .badHours(error))
            return nil
        }
    }

    /// `2026-02-17`
    func date(_ node: TreeNode) -> CivilDate? {
        guard let text = word(node) else { return nil }
        guard let date = CivilDate(text) else {
            report(node.place, .badDate(found: text))
            return nil
        }
        return date
    }
}
