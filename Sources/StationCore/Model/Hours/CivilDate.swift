// A day of the calendar, without a clock and without a time zone.

/// A day of the proleptic Gregorian calendar.
///
/// Days are counted from 1970-01-01. The arithmetic is Howard Hinnant's, "chrono-compatible
/// low-level date algorithms", civil_from_days and days_from_civil.
public struct CivilDate: Hashable, Sendable {
    /// Days since 1970-01-01; negative before.
    public let dayNumber: Int

    public init(dayNumber: Int) { self.dayNumber = dayNumber }

    /// - Returns: `nil` when there is no such day, such as 30 February.
    public init?(year: Int, month: Int, day: Int) {
        guard (0...9_999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = Self.floorQuotient(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        dayNumber = era * 146_097 + dayOfEra - 719_468
    }

    /// The day that a clock shows, so many seconds after 1970-01-01 00:00 on that clock.
    public init(localSeconds seconds: Int64) {
        dayNumber = Self.floorQuotient(Int(seconds), 86_400)
    }

    /// Year, month 1 to 12, day 1 to 31.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = dayNumber + 719_468
        let era = Self.floorQuotient(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }

    public var weekday: Weekday {
        // 1970-01-01 was a Thursday.
        let place = (dayNumber + 3) - Self.floorQuotient(dayNumber + 3, 7) * 7
        return Weekday.allCases[place]
    }

    /// The month and day, for what comes every year.
    public var monthDay: MonthDay {
        let (_, month, day) = parts
        return MonthDay(known: month, day)
    }

    public func adding(days: Int) -> Self { Self(dayNumber: dayNumber + days) }

    /// How many days a month has.
    public static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func floorQuotient(_ value: Int, _ divisor: Int) -> Int {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

extension CivilDate: Comparable {
    public static func < (a: Self, b: Self) -> Bool { a.dayNumber < b.dayNumber }
}

extension CivilDate: CustomStringConvertible {
    /// `2026-01-09`, as ISO 8601 writes it.
    public var description: String {
        let (year, month, day) = parts
        let digits = String(year)
        let padding = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
        return "\(padding)\(digits)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

extension CivilDate {
    /// Reads `2026-01-09`; nothing else.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 10, digits[4] == UInt8(ascii: "-"), digits[7] == UInt8(ascii: "-"),
            let year = Self.number(digits[0..<4]), let month = Self.number(digits[5..<7]),
            let day = Self.number(digits[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}

extension CivilDate: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A date is written 2026-01-09.")
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A day of the week, Monday first (ISO 8601).
public enum Weekday: UInt8, Sendable, CaseIterable, Codable {
    case monday = 1
    case tuesday
    case wednesday
    case thursday
    case friday
    case saturday
    case sunday

    /// The word in station files.
    public var name: String {
        switch self {
        case .monday: "mon"
        case .tuesday: "tue"
        case .wednesday: "wed"
        case .thursday: "thu"
        case .friday: "fri"
        case .saturday: "sat"
        case .sunday: "sun"
        }
    }
}

/// A day of every year, such as the first of November. 29 February stands for 28 February in years
/// that have none, so that a season never loses its end.
public struct MonthDay: Hashable, Sendable, Comparable {
    public let month: Int
    public let day: Int

    /// - Returns: `nil` when no year has that day.
    public init?(month: Int, day: Int) {
        guard (1...12).contains(month), (1...CivilDate.days(in: month, of: 2_000)).contains(day)
        else { return nil }
        (self.month, self.day) = (month, day)
    }

    /// Reads `11-01`; nothing else.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 5, digits[2] == UInt8(ascii: "-"),
            let month = CivilDate.number(digits[0..<2]), let day = CivilDate.number(digits[3..<5])
        else { return nil }
        self.init(month: month, day: day)
    }

    fileprivate init(known month: Int, _ day: Int) { (self.month, self.day) = (month, day) }

    public static func < (a: Self, b: Self) -> Bool { (a.month, a.day) < (b.month, b.day) }
}

extension MonthDay: CustomStringConvertible {
    public var description: String {
        "\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}

extension MonthDay: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A day of the year is written 11-01.")
        }
        self = day
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
