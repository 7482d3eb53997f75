// A request's parameters, strictly: unknown, repeated and damaged ones are errors.

import Control
import StationCore

/// Names and values behind the question mark.
struct Query: Equatable, Sendable {
    private var values: [String: String] = [:]

    /// - Parameters:
    ///   - text: what follows the question mark, as sent.
    ///   - known: every name that may be there.
    init(_ text: some StringProtocol, known: [String]) throws(Problem) {
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = percentDecoded(parts[0]) else { throw .brokenEscape(parts[0]) }
            guard known.contains(name) else { throw .unknownParameter(name, known: known) }
            guard values[name] == nil else { throw .repeatedParameter(name) }
            let raw = parts.count == 2 ? parts[1] : ""
            guard let value = percentDecoded(raw) else { throw .brokenEscape(raw) }
            values[name] = value
        }
    }

    /// A whole number in decimal digits.
    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = values[name] else { return nil }
        let isDecimal =
            !value.isEmpty && value.utf8.count <= 9
            && value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDecimal, let number = Int(value), range.contains(number) else {
            throw .badParameter(
                name, value,
                expected: TextRecord(
                    zh: "从 \(range.lowerBound) 到 \(range.upperBound) 的整数",
                    en: "a whole number from \(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    /// A word; `nil` when it is not there.
    func word(_ name: String) -> String? { values[name] }

    /// A day, which has to be there.
    func day(_ name: String) throws(Problem) -> CivilDate {
        let expected = TextRecord(
            zh: "日期，如 2026-11-01（驿站时间）", en: "a day such as 2026-11-01, in station time")
        guard let value = values[name] else { throw .missingParameter(name, expected: expected) }
        guard let day = CivilDate(value) else {
            throw .badParameter(name, value, expected: expected)
        }
        return day
    }

    /// A place in the journal.
    func cursor(_ name: String) throws(Problem) -> EntryCursor? {
        guard let value = values[name] else { return nil }
        guard let cursor = EntryCursor(value) else {
            throw .badParameter(
                name, value,
                expected: TextRecord(
                    zh: "<日志编号>:<序号>，即上一批的 station-next；要从头开始就不写",
                    en: "<store>:<sequence>, the station-next of the batch before; leave it out "
                        + "to begin at the oldest entry"))
        }
        return cursor
    }
}

extension EventFeed.Wanted {
    init(_ query: Query) throws(Problem) {
        after = try query.cursor("after")
        limit =
            try query.number("limit", in: 1...GatewayLimits.batch)
            ?? GatewayLimits.defaultBatch
        wait = try query.number("wait", in: 0...GatewayLimits.wait) ?? 0
    }
}

extension UsageQuestion {
    init(_ query: Query) throws(Problem) {
        let (from, to) = (try query.day("from"), try query.day("to"))
        let word = query.word("by") ?? UsageGrouping.day.rawValue
        guard let grouping = UsageGrouping(rawValue: word) else {
            throw .badParameter(
                "by", word,
                expected: TextRecord(zh: " day、service 或 hour", en: "day, service or hour"))
        }
        guard from <= to else {
            throw .badParameter(
                "to", "\(to)",
                expected: TextRecord(zh: "不早于 from（\(from)）的日期", en: "no day before \(from)"))
        }
        guard let question = UsageQuestion(from: from, to: to, by: grouping) else {
            let days = grouping.daysLimit
            throw .badParameter(
                "to", "\(to)",
                expected: TextRecord(
                    zh: "从 from 起最多 \(days) 天（by=\(word)）",
                    en: "at most \(days) days from the first with by=\(word)"))
        }
        self = question
    }
}
