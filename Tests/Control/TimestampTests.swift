// Dates as RFC 3339, at the edges of calendars and of integers.

import Testing

@testable import Control

@Suite struct `A timestamp` {
    @Test(
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000+00:00"),
            (0, 28_800, "1970-01-01T08:00:00.000+08:00"),
            (-1, 0, "1969-12-31T23:59:59.999+00:00"),
            (951_782_400_000, 0, "2000-02-29T00:00:00.000+00:00"),
            (1_709_164_799_999, 0, "2024-02-28T23:59:59.999+00:00"),
            (1_709_164_800_000, 0, "2024-02-29T00:00:00.000+00:00"),
            (1_709_251_200_000, -12_600, "2024-02-29T20:30:00.000-03:30"),
            (4_107_542_400_000, 0, "2100-03-01T00:00:00.000+00:00"),
        ] as [(Int64, Int32, String)])
    func `is RFC 3339 in station time`(milliseconds: Int64, offset: Int32, text: String) {
        #expect(Timestamp.rfc3339(milliseconds: milliseconds, utcOffset: offset) == text)
    }

    @Test(arguments: [Int64.min, Int64.max]) func `never traps and keeps four digits of a year`(
        milliseconds: Int64
    ) {
        for offset in [Int32.min, 0, Int32.max] {
            let text = Timestamp.rfc3339(milliseconds: milliseconds, utcOffset: offset)
            #expect(text.utf8.count == 29)
        }
    }
}
