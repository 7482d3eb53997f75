// What somebody decided over the written hours, small enough for an entry.

/// At most two stretches of a day, morning and afternoon.
public struct DayStretches: Sendable, Equatable {
    /// In minutes of the day, as in `DaySpan`; an end of 0: there is none.
    private var start1: UInt16 = 0
    private var end1: UInt16 = 0
    private var start2: UInt16 = 0
    private var end2: UInt16 = 0

    public static let limit = 2

    /// - Returns: `nil` when there are more.
    public init?(_ hours: DayHours) {
        let spans = hours.spans
        guard spans.count <= Self.limit else { return nil }
        if let first = spans.first {
            (start1, end1) = (UInt16(clamping: first.start), UInt16(clamping: first.end))
        }
        if spans.count > 1 {
            (start2, end2) = (UInt16(clamping: spans[1].start), UInt16(clamping: spans[1].end))
        }
    }

    public var hours: DayHours {
        DayHours(
            [(start1, end1), (start2, end2)].compactMap { DaySpan(start: Int($0), end: Int($1)) })
    }
}

/// A decision as its entry has it.
public enum HoursNote: Sendable, Equatable {
    /// Back to the written hours.
    case planned
    case today(CivilDate, DayStretches)
    case severeWeather(until: WallTime)

    /// - Returns: `nil` when a day has more stretches than an entry.
    public init?(_ change: HoursChange?) {
        switch change {
        case nil: self = .planned
        case .today(let date, let hours):
            guard let stretches = DayStretches(hours) else { return nil }
            self = .today(date, stretches)
        case .severeWeather(let until): self = .severeWeather(until: until)
        }
    }

    public var change: HoursChange? {
        switch self {
        case .planned: nil
        case .today(let date, let stretches): .today(date, stretches.hours)
        case .severeWeather(let until): .severeWeather(until: until)
        }
    }

    /// The word in entries and on the wire.
    public var name: String {
        switch self {
        case .planned: "planned"
        case .today: "today"
        case .severeWeather: "severeWeather"
        }
    }
}
