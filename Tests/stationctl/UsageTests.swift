// `stationctl usage`: what it takes, and how a gap looks that is no zero.

import ArgumentParser
import Control
import StationCore
import Testing

@testable import stationctl

@Suite struct `Usage on the command line` {
    private static let reply: ListUsage.Reply = {
        let day = CivilDate("2026-11-01")!
        return ListUsage.Reply(
            UsageQuestion(from: day, to: day.adding(days: 1), by: .day)!,
            usage: [
                UsageRecord(
                    day: "2026-11-01", kind: "service", name: "water",
                    label: TextRecord(zh: "饮水, \"热\"", en: "Water"), places: 1, measured: true,
                    measuredHours: 24,
                    totals: [
                        UsageTotalRecord(
                            source: "button", uses: 12, failed: 1, seconds: 3_930,
                            quantity: 6_050, unit: "mL", estimated: 2)
                    ]),
                UsageRecord(
                    day: "2026-11-01", kind: "door", name: "gate", measured: true,
                    measuredHours: 24, totals: []),
                UsageRecord(
                    day: "2026-11-02", kind: "service", name: "water", measured: false,
                    measuredHours: 0, totals: []),
                UsageRecord(
                    day: "2026-11-01", kind: "visits", name: "", undated: true, measured: true,
                    measuredHours: 0,
                    totals: [
                        UsageTotalRecord(source: "key", uses: 3, quantity: 4, unit: "times")
                    ]),
            ])
    }()

    @Test(arguments: [
        ["usage"], ["usage", "--by", "service", "--from", "2026-11-01", "--to", "2026-11-30"],
        ["usage", "--by", "hour", "--csv"], ["usage", "--json"],
    ])
    func `takes days and a grouping`(words: [String]) {
        #expect(throws: Never.self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test(arguments: [
        ["usage", "--by", "month"], ["usage", "--csv", "--json"], ["usage", "2026-11-01"],
    ])
    func `takes nothing else`(words: [String]) {
        #expect(throws: (any Error).self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test func `ends with bad data for days that are none, too many or backwards`() throws {
        for text in ["2026-02-30", "yesterday", "2026-1-1", ""] {
            #expect(throws: Problem.self) { try UsageCommand.day(text) }
        }
        let day = try #require(CivilDate("2026-11-30"))
        for grouping in UsageGrouping.allCases {
            let usual = try UsageCommand.question(from: nil, to: day, grouping)
            let (first, last) = (usual.days.lowerBound, usual.days.upperBound)
            #expect(last.dayNumber - first.dayNumber + 1 == UsageCommand.usualDays(grouping))
            let most = day.adding(days: 1 - grouping.daysLimit)
            #expect(throws: Never.self) {
                try UsageCommand.question(from: most, to: day, grouping)
            }
            for first in [most.adding(days: -1), day.adding(days: 1)] {
                let problem = #expect(throws: Problem.self) {
                    try UsageCommand.question(from: first, to: day, grouping)
                }
                #expect(problem?.status == .badData)
            }
        }
    }

    @Test func `says no data where nobody looked, and 0 where nobody came`() {
        let chinese = UsageText(catalogue: Catalogue(language: .chinese)).lines(Self.reply)
        #expect(
            chinese == [
                "日期               名称              方式  次数    用量      时长  未成",
                "2026-11-01         饮水, \"热\"        按钮  12      ≈6.050 L  1:06  1",
                "2026-11-01         进门 gate               0",
                "2026-11-02         water                   无数据",
                "2026-11-01 或以后  到站人次（刷卡）  刷卡  3",
            ])
        let english = UsageText(catalogue: Catalogue(language: .english)).lines(Self.reply)
        #expect(english[1].hasPrefix("2026-11-01           Water           by button  12"))
        #expect(english[2].hasSuffix("entry gate                 0"))
        #expect(english[3].hasSuffix("no data"))
        #expect(english[4].hasPrefix("2026-11-01 or later  visits by card  by key     3"))
    }

    @Test func `is CSV as spreadsheets want it`() {
        let text = UsageCSV.text(Self.reply, Catalogue(language: .chinese))
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 6 && lines[5].isEmpty)
        #expect(lines[0] == UsageCSV.columns.joined(separator: ",")[...])
        #expect(
            lines[1]
                == "2026-11-01,,service,water,\"饮水, \"\"热\"\"\",button,mL,12,1,6050,3930,2,0,24,1")
        #expect(lines[2] == "2026-11-01,,door,gate,,,,0,0,0,0,0,0,24,")
        #expect(lines[3] == "2026-11-02,,service,water,,,,无数据,,,,,0,0,")
        #expect(lines[4] == "2026-11-01,,visits,,,key,times,3,0,4,0,0,1,0,")
    }
}
