// Hours as people write them, in station files and in resolved ones.
//
//   "07:30-12:00, 13:30-22:00"    "22:00-02:00" (the end lies on the next day)    "closed"

extension DaySpan {
    /// Reads `7:30-22:00`. An end that is not later than the start lies on the next day; `24:00`
    /// ends the day.
    public init?(_ text: some StringProtocol) {
        let sides = text.split(separator: "-", omittingEmptySubsequences: false)
        guard sides.count == 2, let start = Self.minute(sides[0]), let end = Self.minute(sides[1])
        else { return nil }
        self.init(start: start, end: end > start ? end : end + Self.day)
    }

    /// `7:30` or `07:30`, in minutes.
    private static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = CivilDate.number(Array(parts[0].utf8)[...]),
            let minute = CivilDate.number(Array(parts[1].utf8)[...]),
            minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    fileprivate static func time(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60, minute % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension DaySpan: CustomStringConvertible {
    /// `22:00-02:00`
    public var description: String {
        "\(Self.time(start))-\(Self.time(end > Self.day ? end - Self.day : end))"
    }
}

extension DayHours {
    /// Why a text is no hours.
    public enum TextFlaw: Error, Equatable, Sendable {
        /// This part is no stretch of a day.
        case notASpan(String)
        /// This stretch begins before another one has ended.
        case overlap(DaySpan)
        case tooMany(limit: Int)
    }

    /// How many stretches a day may have.
    public static let limit = 12
    /// The word for a day without any.
    public static let closedWord = "closed"

    /// Reads stretches with commas between them, or `closed`.
    public init(text: String) throws(TextFlaw) {
        guard text != Self.closedWord else {
            self = .closed
            return
        }
        var spans: [DaySpan] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let written = part.drop { $0 == " " }
            guard let span = DaySpan(written) else { throw .notASpan(String(written)) }
            guard spans.count < Self.limit else { throw .tooMany(limit: Self.limit) }
            spans.append(span)
        }
        if let place = Self.overlap(in: spans) { throw .overlap(spans[place]) }
        self.init(spans)
    }
}

extension DayHours: CustomStringConvertible {
    /// What `init(text:)` reads.
    public var description: String {
        spans.isEmpty
            ? Self.closedWord : spans.map(\.description).joined(separator: ", ")
    }
}

extension DayHours: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do throws(TextFlaw) {
            try self.init(text: try Self.text(container))
        } catch {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "Hours are written 08:00-20:00, or closed.")
        }
    }

    /// What is no text is no hours either.
    private static func text(_ container: any SingleValueDecodingContainer) throws(TextFlaw)
        -> String
    {
        do {
            return try container.decode(String.self)
        } catch {
            throw .notASpan("")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension WeekHours: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let week = Self(try container.decode([DayHours].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "A week has seven days.")
        }
        self = week
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(days)
    }
}
