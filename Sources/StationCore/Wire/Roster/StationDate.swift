// Dates as people write them in a roster, in station time.

/// A day or a minute that a person wrote: `2025-05-31`, `2025/5/31`, `2025-05-31T18:00`,
/// `2025-05-31 18:00:00`, with `Z` or `+08:00` where the station's own offset is not meant.
public struct StationDate: Equatable, Sendable {
    /// Seconds since 1970-01-01 00:00 UTC of the moment, or of the day's first one.
    public let seconds: Int64
    /// Whether only a day was written.
    let isDay: Bool

    /// What follows it: the next day's first moment, or the moment itself.
    public var end: Int64 { isDay ? seconds + 86_400 : seconds }

    /// - Parameter utcOffset: the station's offset from UTC, in seconds.
    /// - Returns: `nil` for anything but a real date between 1970 and 2105.
    public init?(_ text: some StringProtocol, utcOffset: Int) {
        guard text.utf8.count <= 32 else { return nil }
        var rest = Array(text.utf8)[...]
        guard let year = Self.number(&rest, digits: 4...4), let separator = rest.first,
            separator == 0x2d || separator == 0x2f, Self.take(&rest, separator),
            let month = Self.number(&rest, digits: 1...2), Self.take(&rest, separator),
            let day = Self.number(&rest, digits: 1...2),
            (1970...2105).contains(year),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let midnight = date.dayNumber * 86_400
        if rest.isEmpty {
            seconds = Int64(midnight - utcOffset)
            isDay = true
            return
        }
        guard Self.take(&rest, 0x54) || Self.take(&rest, 0x20),
            let time = Self.time(&rest), let offset = Self.offset(&rest, utcOffset), rest.isEmpty
        else { return nil }
        seconds = Int64(midnight + time - offset)
        isDay = false
    }

    /// `18:00` or `18:00:30`, in seconds.
    private static func time(_ text: inout ArraySlice<UInt8>) -> Int? {
        guard let hour = number(&text, digits: 1...2), take(&text, 0x3a),
            let minute = number(&text, digits: 2...2), hour < 24, minute < 60
        else { return nil }
        guard take(&text, 0x3a) else { return hour * 3_600 + minute * 60 }
        guard let second = number(&text, digits: 2...2), second < 60 else { return nil }
        return hour * 3_600 + minute * 60 + second
    }

    /// `Z`, `+08:00`, or nothing: the station's own.
    private static func offset(_ text: inout ArraySlice<UInt8>, _ own: Int) -> Int? {
        if text.isEmpty { return own }
        if take(&text, 0x5a) { return 0 }
        let sign = take(&text, 0x2b) ? 1 : take(&text, 0x2d) ? -1 : 0
        guard sign != 0, let hour = number(&text, digits: 2...2), take(&text, 0x3a),
            let minute = number(&text, digits: 2...2), hour <= 14, minute < 60
        else { return nil }
        return sign * (hour * 3_600 + minute * 60)
    }

    private static func number(
        _ text: inout ArraySlice<UInt8>, digits: ClosedRange<Int>
    ) -> Int? {
        let found = text.prefix { (0x30...0x39).contains($0) }
        guard digits.contains(found.count) else { return nil }
        text = text.dropFirst(found.count)
        return found.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func take(_ text: inout ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
        guard text.first == byte else { return false }
        text = text.dropFirst()
        return true
    }
}
