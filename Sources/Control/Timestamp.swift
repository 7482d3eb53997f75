// Milliseconds as people and hubs read them: RFC 3339.

import StationCore

/// Renders times of the wall clock.
public enum Timestamp {
    /// `2026-11-21T21:01:49.123+08:00`; times outside the years 0 to 9999 are cut to them.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970-01-01 00:00 UTC.
    ///   - utcOffset: seconds east of UTC; whole minutes are shown.
    public static func rfc3339(milliseconds: Int64, utcOffset: Int32) -> String {
        let offset = Int64(max(-86_340, min(86_340, utcOffset))) / 60 * 60
        let bounded = max(-62_167_000_000_000, min(253_402_000_000_000, milliseconds))
        let local = bounded + offset * 1_000
        let inDay = floorRemainder(local, 86_400_000)
        let day = CivilDate(localSeconds: (local - inDay) / 1_000)
        let clock = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60]
            .map { padded($0, 2) }.joined(separator: ":")
        let sign = offset < 0 ? "-" : "+"
        let zone = sign + padded(abs(offset) / 3_600, 2) + ":" + padded(abs(offset) / 60 % 60, 2)
        return "\(day)T\(clock)."
            + padded(inDay % 1_000, 3) + zone
    }

    private static func floorRemainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
