// The catalogue of errors in opening hours, rights, holiday files and populations.

import StationCore

extension ConfigurationError.Kind {
    var hoursSentence: Sentence? {
        switch self {
        case .unreadableBeside(let path, let reason):
            (
                "读不了文件“\(path)”：\(reason.text(.chinese))。",
                "Cannot read the file `\(path)`: \(reason.text(.english))."
            )
        case .badHours(let flaw): flaw.sentence
        case .badDate(let found):
            (
                "“\(found)”不是日期，应写成 2026-02-17。",
                "`\(found)` is no date; write it as 2026-02-17."
            )
        case .badDayOfYear(let found):
            (
                "“\(found)”不是一年中的日子，应写成 \"11-01\"（月-日）。",
                "`\(found)` is no day of the year; write it as \"11-01\", month and day."
            )
        case .badWeekdays(let found):
            (
                "“\(found)”不是星期：写 mon 到 sun，或一段，如 mon-fri。",
                "`\(found)` is no day of the week: write mon to sun, or a stretch such as mon-fri."
            )
        case .weekdayTwice(let day):
            ("\(day) 写了两次。", "`\(day)` is there twice.")
        case .datesReversed(let first, let last):
            (
                "先后颠倒了：\(last) 早于 \(first)。",
                "The wrong way round: \(last) is before \(first)."
            )
        case .otherYear(let date, let year):
            ("\(date) 不在 \(year) 年。", "\(date) is not in \(year).")
        case .unlockIntermittent(let lock):
            (
                "“\(lock)”不能长时间通电（duty: intermittent），门不能按时间表常开：换一种锁，或去掉 unlock。",
                "`\(lock)` must not stay energized (duty: intermittent), so its door cannot stand "
                    + "unlocked by the hours: use another lock, or leave out `unlock`."
            )
        case .badQuota(let found):
            (
                "“\(found)”不是限额：写 water 3/d 2000mL/d，几项之间用分号。",
                "`\(found)` is no quota: write water 3/d 2000mL/d, with semicolons between several."
            )
        case .quotaNotCounted(let quota):
            (
                "“\(quota)”：没有人数这个，限额不起作用。",
                "`\(quota)`: nobody counts that, so it would bound nothing."
            )
        case .neverForTwo(let word):
            (
                "“\(word)”关系到安全或骑手自己的东西，从不等两位站长：删去它。",
                "`\(word)` is needed for safety or for a rider's own things and never waits for "
                    + "two masters: take it out."
            )
        case .notATime(let found):
            (
                "“\(found)”不是一天里的时刻：加引号，写成 \"08:00\"。",
                "`\(found)` is no time of day: write it as \"08:00\", with quotes."
            )
        case .notAPercentage(let found):
            ("“\(found)”不是百分数，应写成 70%。", "`\(found)` is no percentage; write it as 70%.")
        case .notAStretch(let found):
            (
                "“\(found)”不是整数或范围，应写成 300 或 200..500。",
                "`\(found)` is no whole number or range: write 300 or 200..500."
            )
        case .wishOfTwo:
            (
                "写 wants（一项服务）或 opens（一道门），只写其中一个。",
                "Write `wants` with a service or `opens` with a door, one of the two."
            )
        default: nil
        }
    }
}

extension DayHours.TextFlaw {
    fileprivate var sentence: ConfigurationError.Kind.Sentence {
        switch self {
        case .notASpan(let found):
            (
                "“\(found)”不是时段：写 08:00-20:00，几段之间用逗号，不开放写 closed。",
                "`\(found)` is no stretch of a day: write 08:00-20:00, with commas between "
                    + "several, or closed."
            )
        case .overlap(let span):
            ("\(span) 与另一时段重叠。", "\(span) overlaps another stretch.")
        case .tooMany(let limit):
            ("一天最多 \(limit) 段。", "A day has at most \(limit) stretches.")
        }
    }
}
