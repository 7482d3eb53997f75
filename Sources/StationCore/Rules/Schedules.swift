// All hours of the station in one place: what is open now, and when to look again.
//
// A tap never reads a calendar. Hours change at known moments, so they are looked at then, and what
// is open stands in 64 bits: a decision tests one of them.

public import EventLoop

/// What is to be said of one set of hours now.
public struct HoursAnswer: Equatable, Sendable {
    public enum Cause: Equatable, Sendable {
        /// The written hours.
        case written(OpeningHours.Source)
        /// A master's hours for today.
        case today
        case severeWeather
        /// Nobody knows what time it is; the hours say what then.
        case clockUnknown
    }

    public var isOpen: Bool
    public var cause: Cause
    /// The first moment of the other state; `nil`: not within a year, or nobody knows.
    public var until: WallTime?

    public init(isOpen: Bool, cause: Cause, until: WallTime?) {
        (self.isOpen, self.cause, self.until) = (isOpen, cause, until)
    }
}

/// The station's hours, at most 64 sets of them.
///
/// Inputs are the calendar as it was last observed, changes by people, and the deadline. A clock
/// that steps, either way, is one more reason to look: nothing here waits for a moment that was
/// passed over, and nothing happens twice.
public struct Schedules: Sendable {
    /// How many sets of hours a station may have.
    public static let limit = 64

    let hours: [OpeningHours]
    let holidays: PublicHolidays
    private(set) var today: [(date: CivilDate, hours: DayHours)?]
    private var weather: [WallTime?]
    private var calendar: Calendar?
    private var answers: [HoursAnswer]

    /// Bit n: the n-th set of hours is open.
    public private(set) var open: UInt64 = 0
    /// When to look again; `nil`: when the calendar changes or somebody decides something.
    public private(set) var deadline: Instant?

    /// - Precondition: at most `limit` sets; whoever reads a station file refuses more.
    public init(_ hours: [OpeningHours], holidays: PublicHolidays) {
        precondition(hours.count <= Self.limit, "a station has at most 64 sets of hours")
        self.hours = hours
        self.holidays = holidays
        today = Array(repeating: nil, count: hours.count)
        weather = Array(repeating: nil, count: hours.count)
        answers = hours.map {
            HoursAnswer(isOpen: $0.whenClockUnknown, cause: .clockUnknown, until: nil)
        }
        for place in hours.indices where answers[place].isOpen { open |= 1 << UInt64(place) }
    }

    /// What is to be said of one set of hours. Precondition: there is one at that place.
    public subscript(place: Int) -> HoursAnswer { answers[place] }

    /// Whether one set of hours is open. A place that does not exist is open: it forbids nothing.
    public func isOpen(_ place: Int) -> Bool {
        place >= hours.count || open & (1 << UInt64(place)) != 0
    }

    /// The calendar was observed, or the deadline has come.
    ///
    /// - Returns: bit n: what is to be said of the n-th set has changed.
    public mutating func look(at now: Instant, _ calendar: Calendar) -> UInt64 {
        let isNews = self.calendar.map { !Self.isSameClock($0, calendar) } ?? true
        self.calendar = calendar
        let wall = calendar.wallTime(at: now)
        var changed: UInt64 = 0
        for place in hours.indices
        where isNews || answers[place].until.map({ $0 <= wall }) ?? false {
            if renew(place, wall, calendar) { changed |= 1 << UInt64(place) }
        }
        setDeadline(calendar)
        return changed
    }

    /// Whether what was said still holds: a clock that is slewed moves by microseconds, and the
    /// deadline with it.
    private static func isSameClock(_ a: Calendar, _ b: Calendar) -> Bool {
        a.isTrusted == b.isTrusted && a.utcOffset == b.utcOffset
            && (a.isTrusted || a.floor == b.floor)
            && abs(a.wallOffset / 1_000_000 - b.wallOffset / 1_000_000) < 500
    }

    /// Somebody decided something for one set of hours; `nil` takes both kinds back.
    ///
    /// - Returns: whether what is to be said of it has changed.
    public mutating func change(_ place: Int, to change: HoursChange?, at now: Instant) -> Bool {
        guard hours.indices.contains(place) else { return false }
        switch change {
        case .today(let date, let hours): today[place] = (date, hours)
        case .severeWeather(let until): weather[place] = until
        case nil: (today[place], weather[place]) = (nil, nil)
        }
        guard let calendar else { return false }
        let isNew = renew(place, calendar.wallTime(at: now), calendar)
        setDeadline(calendar)
        return isNew
    }

    /// What stands of what people decided, for the snapshot.
    public func changes(of place: Int) -> [HoursChange] {
        var changes: [HoursChange] = []
        if let (date, hours) = today[place] { changes.append(.today(date, hours)) }
        if let until = weather[place] { changes.append(.severeWeather(until: until)) }
        return changes
    }

    /// The first moment, not before this one, at which a set of hours is open; `nil`: not within a
    /// year, or nobody knows.
    public func opening(of place: Int, from wall: WallTime) -> WallTime? {
        guard let calendar, calendar.isTrusted else { return nil }
        let answer = judge(place, wall, calendar)
        return answer.isOpen ? wall : answer.until
    }

    /// The stretch of the day before that reaches into a moment of the station's own clock.
    func stretchOfYesterday(_ place: Int, atLocalSeconds seconds: Int64) -> DaySpan? {
        let yesterday = CivilDate(localSeconds: seconds).adding(days: -1)
        return hours(of: place, on: yesterday).spans.last {
            yesterday.second($0.start) <= seconds && yesterday.second($0.end) > seconds
        }
    }

    /// The hours of a date, with what a master said of it.
    public func hours(of place: Int, on date: CivilDate) -> DayHours {
        if let today = today[place], today.date == date { return today.hours }
        return hours[place].day(date, holidays).0
    }

    private mutating func renew(_ place: Int, _ wall: WallTime, _ calendar: Calendar) -> Bool {
        let answer = judge(place, wall, calendar)
        let isNew = answer != answers[place]
        answers[place] = answer
        let bit: UInt64 = 1 << UInt64(place)
        open = answer.isOpen ? open | bit : open & ~bit
        return isNew
    }

    /// What was decided is kept when its time is over: it speaks of one date, or up to one moment,
    /// and a clock that was wrong for a while must not make anybody decide again.
    private func judge(_ place: Int, _ wall: WallTime, _ calendar: Calendar) -> HoursAnswer {
        guard calendar.isTrusted else {
            // A storm does not end because the clock was lost.
            if let until = weather[place], calendar.floor < until {
                return HoursAnswer(isOpen: true, cause: .severeWeather, until: nil)
            }
            return HoursAnswer(
                isOpen: hours[place].whenClockUnknown, cause: .clockUnknown, until: nil)
        }
        guard let until = weather[place], wall < until else {
            return written(place, wall, calendar)
        }
        let after = written(place, until, calendar)
        return HoursAnswer(
            isOpen: true, cause: .severeWeather, until: after.isOpen ? after.until : until)
    }

    /// What the written hours, with a master's for today, say at a moment.
    private func written(_ place: Int, _ wall: WallTime, _ calendar: Calendar) -> HoursAnswer {
        let offset = Int64(calendar.utcOffset)
        let seconds = wall.seconds + offset
        let (isOpen, source, changes) = hours[place].state(
            atLocalSeconds: seconds, holidays, today: today[place])
        let isToday = today[place]?.date == CivilDate(localSeconds: seconds)
        return HoursAnswer(
            isOpen: isOpen, cause: isToday ? .today : .written(source),
            until: changes.map { WallTime(seconds: $0 - offset) })
    }

    private mutating func setDeadline(_ calendar: Calendar) {
        guard calendar.isTrusted, let next = answers.lazy.compactMap(\.until).min() else {
            deadline = nil
            return
        }
        let (nanoseconds, isTooFar) = next.milliseconds.multipliedReportingOverflow(by: 1_000_000)
        deadline =
            isTooFar ? nil : Instant(nanoseconds: nanoseconds &- calendar.wallOffset)
    }
}
