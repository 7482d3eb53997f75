// A notice at a whole station: read until its end, over restarts and without a clock.

import EventLoop
import Journal
import Simulation
import Testing

@testable import StationCore

extension Lodge {
    fileprivate func tell(_ text: String, minutes: Int64, english: String = "") -> DecisionRefusal?
    {
        let until = WallTime(seconds: 1_795_248_000 + minutes * 60)
        guard let notice = Notice(chinese: text, english: english, until: until) else {
            Issue.record("\(text) is no notice")
            return nil
        }
        defer { run(for: .seconds(1)) }
        return station.told(
            notice, by: .crew, person: CrewMember(user: 1_000, name: "zhang"), at: clock.now)
    }

    fileprivate func takeDown(by authority: Authority) -> Bool {
        station.clearNotice(by: authority, at: clock.now)
    }

    fileprivate var notice: String? { station.currentNotice?.chinese }

    fileprivate func events(_ name: String) -> [Entry] {
        entries.filter { $0.event.name == name }
    }
}

@Suite struct `A notice` {
    @Test func `stands until its end, and both are written down`() throws {
        let lodge = try Lodge([])
        #expect(lodge.tell("十二点前停水", minutes: 30, english: "No water") == nil)
        #expect(lodge.notice == "十二点前停水")
        #expect(lodge.events("notice.set").first?.key == ShortText("uid:1000"))
        // The lodge's first minute is over already.
        lodge.run(for: .seconds(28 * 60))
        #expect(lodge.notice != nil)
        lodge.run(for: .seconds(2 * 60))
        #expect(lodge.notice == nil)
        #expect(lodge.events("notice.ended").map(\.event) == [.noticeEnded(by: .schedule)])
    }

    @Test func `takes the place of the one before, and may be taken down`() throws {
        let lodge = try Lodge([])
        #expect(!lodge.takeDown(by: .crew))
        _ = lodge.tell("停水", minutes: 30)
        _ = lodge.tell("来水了", minutes: 60)
        #expect(lodge.notice == "来水了")
        #expect(lodge.takeDown(by: .hub))
        #expect(lodge.notice == nil)
    }

    @Test func `needs an end that a clock can tell, within a month`() throws {
        let lodge = try Lodge([])
        #expect(lodge.tell("停水", minutes: -1) == .past)
        #expect(lodge.tell("停水", minutes: 32 * 1_440) == .tooFar)
        lodge.clock.quality = .none
        lodge.observe()
        #expect(lodge.tell("停水", minutes: 30) == .clockUnknown)
        #expect(lodge.notice == nil)
    }

    @Test func `survives a restart, by the snapshot`() throws {
        let lodge = try Lodge([])
        _ = lodge.tell("停水", minutes: 120)
        lodge.save()
        try lodge.restart()
        #expect(lodge.notice == "停水")
        // Without a clock nobody can say that it is over.
        lodge.clock.quality = .none
        lodge.observe()
        lodge.run(for: .seconds(4 * 3_600))
        #expect(lodge.notice == "停水")
        lodge.clock.quality = .synced
        lodge.observe()
        #expect(lodge.notice == nil)
    }

    @Test func `of which only the entry is left is none, and one that was taken down stays so`()
        throws
    {
        let lodge = try Lodge([])
        _ = lodge.tell("停水", minutes: 120)
        lodge.save()
        _ = lodge.tell("来水了", minutes: 121)
        try lodge.restart()
        #expect(lodge.notice == nil)
        _ = lodge.tell("停水", minutes: 120)
        lodge.save()
        #expect(lodge.takeDown(by: .crew))
        lodge.run(for: .seconds(1))
        try lodge.restart()
        #expect(lodge.notice == nil)
    }

    @Test(arguments: [
        "", "  ", "a\nb", "a\tb", "\u{7}", "a\u{85}b", "\u{202E}abc", "\u{2028}", "\u{FEFF}a",
        String(repeating: "水", count: 121),
    ])
    func `is one line without what is no character`(text: String) {
        let until = WallTime(seconds: 1)
        #expect(Notice(chinese: text, until: until) == nil)
        #expect(text.isEmpty || Notice(chinese: "水", english: text, until: until) == nil)
        #expect(Notice(chinese: String(repeating: "水", count: 120), until: until) != nil)
    }
}
