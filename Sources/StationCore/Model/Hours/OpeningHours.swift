// When something is open: by the week, by the season, on holidays and on single dates.
//
//   the first of these that speaks of a day decides it
//   date ─► holiday or swapped working day ─► season ─► week

/// A stretch of a day, in minutes from its midnight.
///
/// The end is not part of it. An end past 1440 lies on the next day and belongs to the day on which
/// the stretch began: Friday's 22:00 to 02:00 is Friday's, whatever Saturday is.
public struct DaySpan: Hashable, Sendable {
    /// 0 to 1439.
    public var start: Int
    /// After `start`, at most 24 hours after it.
    public var end: Int

    /// - Returns: `nil` unless 0 <= start < 1440 and start < end <= start + 1440.
    public init?(start: Int, end: Int) {
        guard (0..<Self.day).contains(start), end > start, end - start <= Self.day else {
            return nil
        }
        (self.start, self.end) = (start, end)
    }

    /// Minutes of a day.
    public static let day = 1_440

    /// All day.
    public static let allDay = Self(wholeDay: ())

    private init(wholeDay: Void) { (start, end) = (0, Self.day) }
}

/// The stretches of one day, in order, none touching the next. None at all: closed.
public struct DayHours: Hashable, Sendable {
    public private(set) var spans: [DaySpan]

    public static let closed = Self(known: [])
    public static let allDay = Self(known: [.allDay])

    /// Orders them, and joins those that touch. Overlaps are joined as well: whoever reads a file
    /// asks first whether there are any (`overlap(in:)`).
    public init(_ spans: [DaySpan]) {
        self.spans = []
        for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = self.spans.last, span.start <= last.end {
                self.spans[self.spans.count - 1].end = max(last.end, span.end)
            } else {
                self.spans.append(span)
            }
        }
    }

    /// The place of a stretch that begins before another one has ended.
    public static func overlap(in spans: [DaySpan]) -> Int? {
        spans.indices.first { place in
            spans.indices.contains { other in
                other != place && spans[other].start <= spans[place].start
                    && spans[place].start < spans[other].end
                    && (spans[other].start < spans[place].start || other < place)
            }
        }
    }

    private init(known spans: [DaySpan]) { self.spans = spans }
}

/// Hours for each day of the week.
public struct WeekHours: Hashable, Sendable {
    /// Seven, Monday first.
    public private(set) var days: [DayHours]

    /// - Returns: `nil` unless there are seven.
    public init?(_ days: [DayHours]) {
        guard days.count == 7 else { return nil }
        self.days = days
    }

    public static let closed = Self(known: Array(repeating: .closed, count: 7))
    public static let always = Self(known: Array(repeating: .allDay, count: 7))

    public subscript(_ weekday: Weekday) -> DayHours {
        get { days[Int(weekday.rawValue) - 1] }
        set { days[Int(weekday.rawValue) - 1] = newValue }
    }

    private init(known days: [DayHours]) { self.days = days }
}

/// A part of every year with a week of its own, such as winter: 11-01 to 03-31.
public struct SeasonHours: Codable, Hashable, Sendable {
    public var first: MonthDay
    /// Part of it. Before `first`: the season goes over the turn of the year.
    public var last: MonthDay
    public var week: WeekHours

    public init(first: MonthDay, last: MonthDay, week: WeekHours) {
        (self.first, self.last, self.week) = (first, last, week)
    }

    func covers(_ day: MonthDay) -> Bool {
        first <= last ? first <= day && day <= last : first <= day || day <= last
    }
}

/// Hours of single dates that are unlike all others.
public struct DatedHours: Codable, Hashable, Sendable {
    public var first: CivilDate
    /// Part of it.
    public var last: CivilDate
    public var hours: DayHours

    public init(first: CivilDate, last: CivilDate, hours: DayHours) {
        (self.first, self.last, self.hours) = (first, last, hours)
    }
}

/// When something is open.
public struct OpeningHours: Codable, Hashable, Sendable {
    public var week: WeekHours
    /// The first that covers a day decides.
    public var seasons: [SeasonHours]
    /// The first that covers a date decides.
    public var dates: [DatedHours]
    /// On public holidays; `nil`: they are like any other day.
    public var holidays: DayHours?
    /// Whether it is open while nobody knows what time it is.
    public var whenClockUnknown: Bool

    public init(
        week: WeekHours, seasons: [SeasonHours] = [], dates: [DatedHours] = [],
        holidays: DayHours? = nil, whenClockUnknown: Bool = true
    ) {
        self.week = week
        self.seasons = seasons
        self.dates = dates
        self.holidays = holidays
        self.whenClockUnknown = whenClockUnknown
    }

    /// Day and night.
    public static let always = Self(week: .always)
}

/// A year's public holidays as the State Council announces them: days off, and the days at weekends
/// that are worked in return (调休).
public struct PublicHolidays: Codable, Hashable, Sendable {
    /// In order of time, each once.
    public private(set) var off: [CivilDate]
    public private(set) var worked: [CivilDate]
    /// The years of which the announcement is known.
    public private(set) var years: [Int]

    public init(off: [CivilDate], worked: [CivilDate], years: [Int]) {
        self.off = Set(off).sorted()
        self.worked = Set(worked).sorted()
        self.years = Set(years).sorted()
    }

    public static let unknown = Self(off: [], worked: [], years: [])
}

extension PublicHolidays {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            off: try fields.decode([CivilDate].self, forKey: .off),
            worked: try fields.decode([CivilDate].self, forKey: .worked),
            years: try fields.decode([Int].self, forKey: .years))
    }
}
