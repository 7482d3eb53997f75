// Public holidays: files beside the station file, one or more years in each.

import StationCore

/// Reads the files that a station file's `holidays` names, schema `station-holidays/1`.
struct HolidayReader {
    typealias Limit = ResolvedStation.Limit

    static let schema = "station-holidays/1"
    /// How many files a station may name: a city adds one a year.
    static let filesLimit = 16

    let checker: Checker

    /// `[holidays/cn-2026.yaml]`; paths are from the station file.
    func read(_ node: TreeNode) -> PublicHolidays {
        let items = checker.list(node, of: .holidays, limit: Self.filesLimit) ?? []
        var off: [CivilDate] = []
        var worked: [CivilDate] = []
        var years: [Int: Place] = [:]
        for item in items {
            guard let name = checker.word(item), let found = readFile(name, item.place) else {
                continue
            }
            for year in found {
                if let first = years[year.year] {
                    checker.report(item.place, .duplicateName("\(year.year)", first: first))
                    continue
                }
                years[year.year] = item.place
                off += year.off
                worked += year.worked
            }
        }
        return PublicHolidays(off: off, worked: worked, years: Array(years.keys))
    }

    private struct Year {
        var year: Int
        var off: [CivilDate]
        var worked: [CivilDate]
    }

    private func readFile(_ name: String, _ place: Place) -> [Year]? {
        let folder = checker.file.lastIndex(of: "/").map { checker.file[...$0] } ?? ""
        let path = name.hasPrefix("/") ? name : folder + name
        let bytes: [UInt8]
        do {
            bytes = try FileText.bytes(of: path, limit: TreeReader.sizeLimit + 1)
        } catch {
            checker.report(place, .unreadableBeside(path, reason: error.reason))
            return nil
        }
        let inner = Checker(file: path, findings: checker.findings)
        guard let root = TreeReader.read(bytes, inner),
            var fields = Fields(root, .holidayFile, inner)
        else { return nil }
        let schema = fields.require("schema")
        _ = fields.take("source").flatMap { inner.text($0, limit: 500) }
        let years = fields.require("years")
        fields.finish()
        if let schema { _ = inner.choice(schema, of: [(Self.schema, true)]) }
        let items = years.flatMap { inner.list($0, of: .holidayYears, limit: 20) } ?? []
        return items.compactMap { readYear($0, inner) }
    }

    private func readYear(_ node: TreeNode, _ checker: Checker) -> Year? {
        guard var fields = Fields(node, .holidayYear, checker) else { return nil }
        let year = fields.require("year").flatMap { checker.integer($0, in: 2_000...2_199) }
        let off = fields.require("off")
        let worked = fields.take("worked")
        fields.finish()
        guard let year else { return nil }
        return Year(
            year: year, off: off.map { readDays($0, of: year, checker) } ?? [],
            worked: worked.map { readDays($0, of: year, checker) } ?? [])
    }

    /// Dates of that year; `2026-02-15/2026-02-23` for several in a row.
    private func readDays(_ node: TreeNode, of year: Int, _ checker: Checker) -> [CivilDate] {
        let items = checker.list(node, of: .days, limit: 100, orEmpty: true) ?? []
        var days: [CivilDate] = []
        for item in items {
            guard let text = checker.word(item) else { continue }
            let ends = text.split(separator: "/", omittingEmptySubsequences: false)
                .map { CivilDate(String($0)) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
            else {
                checker.report(item.place, .badDate(found: text))
                continue
            }
            guard first <= last else {
                checker.report(
                    item.place, .datesReversed(first: "\(first)", last: "\(last)"))
                continue
            }
            guard first.parts.year == year, last.parts.year == year else {
                checker.report(item.place, .otherYear(date: text, year: year))
                continue
            }
            for day in first.dayNumber...last.dayNumber { days.append(CivilDate(dayNumber: day)) }
        }
        return days
    }
}
