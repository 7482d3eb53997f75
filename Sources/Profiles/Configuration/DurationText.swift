// Durations as people write them: a whole number and a unit.

/// A configured duration; always a whole number of microseconds, the finest unit that is offered.
public struct Microseconds: Comparable, Hashable, Sendable {
    public let count: Int
    init(_ count: Int) { self.count = count }

    static func milliseconds(_ count: Int) -> Self { Self(count * 1_000) }
    static func seconds(_ count: Int) -> Self { Self(count * 1_000_000) }

    /// Whole milliseconds, rounded down.
    var milliseconds: Int { count / 1_000 }

    public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
}

enum DurationText {
    /// Smallest unit first, in microseconds.
    private static let units: [(name: String, microseconds: Int)] = [
        ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000),
    ]

    /// The longest number: 999,999 h does not overflow.
    private static let digitLimit = 6

    /// `150ms`, `5s`, `2min`, `8h`, `500us`; anything else is `nil`.
    static func parse(_ text: String) -> Microseconds? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...digitLimit).contains(digits.utf8.count), let count = Int(digits),
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        return Microseconds(count * unit.microseconds)
    }

    /// The largest unit that leaves a whole number.
    static func text(_ duration: Microseconds) -> String {
        guard duration.count > 0 else { return "0s" }
        let unit = units.last { duration.count % $0.microseconds == 0 } ?? units[0]
        return "\(duration.count / unit.microseconds)\(unit.name)"
    }

    /// What somebody who wrote `text` probably meant.
    static func suggestion(for text: String) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard (1...digitLimit).contains(digits.utf8.count) else { return nil }
        let rest = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        if rest.isEmpty { return "\(digits)s" }
        let words = [
            ("sec", "s"), ("secs", "s"), ("second", "s"), ("seconds", "s"), ("秒", "s"),
            ("m", "min"), ("mins", "min"), ("minute", "min"), ("minutes", "min"), ("分", "min"),
            ("分钟", "min"), ("hour", "h"), ("hours", "h"), ("小时", "h"), ("毫秒", "ms"),
            ("msec", "ms"), ("µs", "us"), ("微秒", "us"),
        ]
        let unit =
            words.first { $0.0 == rest }?.1 ?? units.first { $0.name == rest }?.name
        return unit.map { "\(digits)\($0)" }
    }
}
