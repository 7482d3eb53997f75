// `stationctl hours`: what a station file's opening hours come to, day by day.

import ArgumentParser
import Control
import Glibc
import Profiles
import StationCore

struct HoursCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hours",
        abstract: "开放时间：逐日列出，站长定今天 / Opening hours: day by day, and for today.",
        subcommands: [HoursPlan.self, HoursToday.self, HoursWeather.self],
        defaultSubcommand: HoursPlan.self)
}

struct HoursPlan: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "按日列出开放时间 / A station file's opening hours, day by day.")

    /// How many days anybody wants to read.
    static let limit = 366

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions

    @Argument(help: "驿站文件 / The station file.")
    var file: String

    @Option(name: .long, help: "从哪天起，如 2026-10-01；默认今天 / The first day; today by default.")
    var from: String?

    @Option(name: .long, help: "几天，1 到 \(HoursPlan.limit) / How many days.")
    var days = 7

    func execute(_ output: Output) throws(Problem) {
        guard (1...Self.limit).contains(days) else {
            throw .badData(
                TextRecord(zh: "--days 应在 1 到 \(Self.limit) 之间", en: "--days is 1 to \(Self.limit)")
            )
        }
        let station = try profiles.resolve(file, output).station
        let first = try firstDay(of: station)
        for set in station.hours {
            let days = (0..<days).map { HoursDay(set, first.adding(days: $0), station.holidays) }
            guard !output.isJSON else {
                for day in days { output.json(day) }
                continue
            }
            let label = output.catalogue.say(set.labelChinese, set.labelEnglish)
            output.line(label.isEmpty ? set.name : "\(set.name)  \(label)")
            for day in days { output.line("  " + day.text(output.catalogue)) }
        }
        if station.hours.isEmpty, !output.isJSON {
            output.line(output.catalogue.say("这座驿站没有写开放时间", "this station has no hours"))
        }
    }

    private func firstDay(of station: ResolvedStation) throws(Problem) -> CivilDate {
        guard let from else {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let offset = Int64(station.station.utcOffsetMinutes * 60)
            return CivilDate(localSeconds: Int64(now.tv_sec) + offset)
        }
        guard let date = CivilDate(from) else {
            throw .badData(
                TextRecord(
                    zh: "“\(from)”不是日期，应写成 2026-10-01",
                    en: "`\(from)` is no date; write it as 2026-10-01"))
        }
        return date
    }
}

/// One day of one set of hours.
struct HoursDay: Encodable, Equatable {
    var name: String
    var date: String
    var weekday: String
    /// `08:00-20:00`, or `closed`.
    var open: String
    /// What decided: `week`, `season`, `holiday`, `workedDay`, `date`.
    var decidedBy: String
    private let source: OpeningHours.Source
    private let day: Weekday

    private enum CodingKeys: String, CodingKey { case name, date, weekday, open, decidedBy }

    init(_ set: ResolvedHours, _ date: CivilDate, _ holidays: PublicHolidays) {
        let (hours, source) = set.hours.day(date, holidays)
        (name, self.date, day) = (set.name, "\(date)", date.weekday)
        (weekday, open, self.source) = (day.name, "\(hours)", source)
        decidedBy =
            switch source {
            case .week: "week"
            case .season: "season"
            case .holiday: "holiday"
            case .workedDay: "workedDay"
            case .date: "date"
            }
    }

    func text(_ catalogue: Catalogue) -> String {
        let reason =
            switch source {
            case .week: ""
            case .season: catalogue.say("（季节）", "  (season)")
            case .holiday: catalogue.say("（节假日）", "  (public holiday)")
            case .workedDay: catalogue.say("（调休上班）", "  (worked in return for a holiday)")
            case .date: catalogue.say("（当日另定）", "  (this date)")
            }
        let chinese = ["一", "二", "三", "四", "五", "六", "日"][Int(day.rawValue) - 1]
        let named = catalogue.say("周\(chinese)", day.name)
        let closed = open == DayHours.closedWord
        return "\(date) \(named)  " + (closed ? catalogue.say("不开放", "closed") : open) + reason
    }
}
