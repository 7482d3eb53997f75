// What a person decides over the written hours, for a day or for a storm.

/// What somebody decided over the written hours.
public enum HoursChange: Equatable, Sendable {
    /// A master: these are the hours of that date. The written ones return with the next date.
    case today(CivilDate, DayHours)
    /// Severe weather: open until then, whatever the hours say. Outranks `today`.
    case severeWeather(until: WallTime)
}
