// Totals over the socket: days and words in, records without gaps out.

import EventLoop
import FoundationEssentials
import StationCore
import Testing

@testable import Control

@Suite struct `Totals at the control socket` {
    private func call(_ parameters: String, more: Bool = true) -> String {
        #"{"method":"io.stationd.ListUsage","parameters":\#(parameters),"more":\#(more)}"#
    }

    private struct Wire: Decodable {
        var parameters: ListUsage.Reply
        var continues: Bool?
    }

    /// Everything that is answered to a call.
    private func reply(
        _ parameters: String, _ groups: [UsageGroup], info: ServiceInfo = Sample.info
    ) throws -> ListUsage.Reply {
        let scene = Scene(info: info)
        let slot = scene.join(Scene.reader)
        scene.send(slot, call(parameters))
        scene.answerJournal(.usage(groups))
        var whole: ListUsage.Reply?
        for message in scene.takeAll(slot) {
            let wire = try JSONDecoder().decode(Wire.self, from: Data(message.utf8))
            if whole == nil {
                whole = wire.parameters
            } else {
                whole?.usage += wire.parameters.usage
            }
        }
        return try #require(whole)
    }

    private let first = CivilDate("2026-11-01")!

    @Test func `have a record for each day and thing, and say which were not measured`() throws {
        let row = UsageGroup.Row(
            source: .key, unit: .times, totals: UsageTotals(uses: 3, quantity: 3))
        let found = try reply(
            #"{"from":"2026-11-01","to":"2026-11-02"}"#,
            [
                UsageGroup(
                    day: first.adding(days: 1), subject: .visits, name: "", measuredHours: 2),
                UsageGroup(
                    day: first, subject: .door, name: "gate", measuredHours: 24, rows: [row]),
                UsageGroup(
                    day: first, subject: .service, name: "former", measuredHours: 1, rows: [row]),
                UsageGroup(
                    day: first, subject: .visits, name: "", isUndated: true, rows: [row]),
                UsageGroup(
                    day: first, subject: .lost, name: "",
                    rows: [
                        .init(source: nil, unit: .times, totals: UsageTotals(uses: 9, quantity: 9))
                    ]),
            ])
        #expect((found.from, found.to, found.by) == ("2026-11-01", "2026-11-02", "day"))
        let shown = found.usage.map {
            "\($0.day ?? "") \($0.kind) \($0.name) \($0.measured) \($0.totals.first?.uses ?? 0)"
        }
        #expect(
            shown == [
                "2026-11-01 visits  false 0", "2026-11-01 door gate true 3",
                "2026-11-01 service former true 3", "2026-11-01 lostEntries  true 9",
                "2026-11-02 visits  true 0", "2026-11-02 door gate false 0",
                "2026-11-02 service former false 0", "2026-11-01 visits  true 3",
            ])
        #expect(found.usage.map(\.undated) == Array(repeating: false, count: 7) + [true])
        #expect(found.usage[1].label == TextRecord(zh: "大门", en: "Gate"))
        #expect(found.usage[1].totals[0].unit == "times")
        #expect(found.usage[1].totals[0].source == "key")
    }

    @Test func `of hours are in as many messages as it takes`() throws {
        let found = try reply(
            #"{"from":"2026-11-01","to":"2026-11-07","by":"hour"}"#,
            [
                UsageGroup(
                    day: first.adding(days: 6), hour: 23, subject: .door, name: "gate",
                    measuredHours: 1)
            ])
        #expect(found.usage.count == 7 * 24 * 2)
        #expect(found.usage.last?.hour == 23 && found.usage.last?.measured == true)
        #expect(found.usage.filter(\.measured).count == 1)
    }

    @Test func `of all days together have no day`() throws {
        let found = try reply(
            #"{"from":"2026-01-01","to":"2026-11-30","by":"service"}"#,
            [UsageGroup(day: nil, subject: .visits, name: "", measuredHours: 700)])
        #expect(found.usage.map(\.day) == [nil, nil])
        #expect(found.usage.map(\.measuredHours) == [700, 0])
    }

    @Test(arguments: [
        (#"{"from":"2026-11-31","to":"2026-12-01"}"#, "from"),
        (#"{"from":"2026-11-01","to":"tomorrow"}"#, "to"),
        (#"{"from":"2026-11-02","to":"2026-11-01"}"#, "to"),
        (#"{"from":"2026-01-01","to":"2026-12-01"}"#, "to"),
        (#"{"from":"2026-11-01","to":"2026-11-08","by":"hour"}"#, "to"),
        (#"{"from":"2026-11-01","to":"2026-11-01","by":"month"}"#, "by"),
        (#"{"to":"2026-11-01"}"#, "from"), ("{}", "from"),
        (#"{"from":"2026-11-01","to":"2026-11-01","service":"a"}"#, "service"),
    ])
    func `are asked for with days that make sense`(_ parameters: String, _ wrong: String) {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(parameters))
        #expect(scene.journal.asked.isEmpty)
        let message = scene.take(slot)
        #expect(message?.contains("InvalidParameter") == true)
        #expect(message?.contains(#""parameter":"\#(wrong)""#) == true)
    }

    @Test func `are no secret of the journal's troubles`() {
        let scene = Scene()
        let slot = scene.join()
        scene.send(slot, call(#"{"from":"2026-11-01","to":"2026-11-01"}"#))
        scene.answerJournal(.refused(.journalUnavailable(state: "opening")))
        #expect(scene.take(slot)?.contains("JournalUnavailable") == true)
        scene.send(slot, call(#"{"from":"2026-11-01","to":"2026-11-01"}"#))
        scene.pass(ControlLimits.answer)
        #expect(scene.take(slot)?.contains("NoAnswer") == true)
        let long = #"{"from":"2026-11-01","to":"2026-11-07","by":"hour"}"#
        scene.send(slot, call(long, more: false))
        scene.journal.asked.removeFirst(max(0, scene.journal.asked.count - 1))
        scene.answerJournal(.usage([]))
        #expect(scene.take(slot)?.contains("ExpectedMore") == true)
    }
}
