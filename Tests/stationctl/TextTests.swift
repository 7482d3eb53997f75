// What a crew reads: lines in both languages, in columns, with what to do.

import StationCore
import Testing

@testable import Control
@testable import stationctl

@Suite struct `What a crew reads` {
    let chinese = Catalogue(language: .chinese)
    let english = Catalogue(language: .english)

    @Test func `of a station that is well is six lines`() {
        let lines = StationText(catalogue: chinese).lines(
            Sample.station(isWell: true), devices: Sample.devices(isWell: true))
        #expect(
            lines == [
                "开原驿站  kaiyuan-01  0.1.0  模拟",
                "就绪，已运行 3 小时 12 分，时钟 已同步 2023-11-15 09:25:20",
                "门",
                "  大门  已锁  门关着  把手可出",
                "名册  第 7 版，1200 把钥匙，密钥 local-1a2b",
                "记录  正常，最新 #42，写入 0.2 ms, 99 % 2.0 ms",
                "设备  2 台都正常",
            ])
    }

    @Test func `of a station in trouble says what to do`() {
        let text = StationText(catalogue: english).lines(
            Sample.station(isWell: false), devices: Sample.devices(isWell: false)
        ).joined(separator: "\n")
        for part in [
            "not ready", "! forced", "stationctl key create", "does not answer",
            "grants do not wait", "1 faulty", "gate-strike  missing since 2023-11-15 06:13:20",
            "check the board's power",
            "! journal slow since 2023-11-15 06:13:21: check the SD card",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
    }

    @Test func `of devices lines up although Chinese is twice as wide`() {
        #expect(Table.width("门口reader") == 10)
        #expect(
            Table.lines([["大门", "1"], ["a", "22"], ["", "x"]]) == ["大门  1", "a     22", "      x"])
        let table = StationText(catalogue: chinese).table(Sample.devices(isWell: false))
        #expect(table[0] == "gate-reader  门口读卡器   wiegand-26  正常  diagnoses 1, reads 12")
        #expect(table[2].hasPrefix("  ! gate-strike  未找到 自 2023-11-15"))
    }

    @Test func `of a device's points is what they say, and why they say nothing`() {
        var device = Sample.devices(isWell: true)[0]
        device.points = [
            PointRecord(
                name: "power", kind: "level", unit: "W", value: "24.4", quality: "good",
                ageMilliseconds: 5_000),
            PointRecord(name: "energy", kind: "total", unit: "W.h", quality: "unread"),
            PointRecord(
                name: "door.1", kind: "state", state: "open", quality: "stale",
                ageMilliseconds: 65_000),
        ]
        #expect(
            StationText(catalogue: english).points(device) == [
                "    power   24.4 W                0 min 5 s ago",
                "    energy  - W.h   not read yet",
                "    door.1  open    old           1 min 5 s ago",
            ])
        #expect(
            StationText(catalogue: chinese).points(device)[2].hasPrefix("    door.1  open    旧值"))
        let sampled = Sample.entry(
            5, "point.sampled",
            #"{"device":"m","point":"power","value":"24.4","unit":"W","quality":"good"}"#)
        #expect(
            EntryText(catalogue: english).line(sampled).hasSuffix("reading: power 24.4 W"))
        let ended = Sample.entry(
            6, "action.ended", #"{"device":"m","action":"open","order":7,"outcome":"unknown"}"#)
        #expect(EntryText(catalogue: chinese).line(ended).hasSuffix("操作结果：open，#7，结果不明，请去看看"))
    }

    @Test func `of an entry is time, door, who, what and how fast`() {
        let denied = Sample.entry(
            4, "access.denied", #"{"door":"gate","reader":"gate-reader","reason":"expired"}"#,
            key: "k-0012")
        #expect(
            EntryText(catalogue: chinese).line(denied) == "06:13:20.123  大门  k-0012  未放行：已过期")
        #expect(
            EntryText(catalogue: english).record(denied)
                == "#4  2023-11-15  06:13:20.123  Gate  k-0012  not granted: expired")
        let fault = Sample.entry(
            5, "device.faultRaised", #"{"device":"gate-strike","fault":"frozen"}"#)
        #expect(EntryText(catalogue: english).line(fault).contains("look for a loaded"))
        let own = Sample.entry(5, "station.faultRaised", #"{"fault":"journalFailed"}"#)
        #expect(
            EntryText(catalogue: chinese).line(own)
                == "06:13:20.123  本站  -  驿站故障：记录写入失败，检查 SD 卡空间和健康，尽快更换")
        let news = Sample.entry(6, "future.kind", #"{"reason":"newWord"}"#)
        #expect(EntryText(catalogue: english).line(news).contains("future.kind: newWord"))
    }

    @Test func `of an import is what was refused and what became of it`() {
        let roster = Sample.station(isWell: true).roster
        let verdicts = [
            VerdictRecord(
                line: 3, key: nil, accepted: false, reason: "duplicate", column: "number",
                text: TextRecord(zh: "第3行“卡号”：与第2行重复", en: "line 3: the same as line 2")),
            VerdictRecord(line: 2, key: "k1", accepted: true),
        ]
        let refused = ImportRoster.Reply(
            applied: false, accepted: 1, refused: 1, roster: roster, verdicts: verdicts,
            unlisted: 0)
        #expect(
            VerdictText(catalogue: chinese).lines(refused, dry: false) == [
                "第3行“卡号”：与第2行重复",
                "接受 1 行，退回 1 处；未更改：请改正后重来，或加 --partial 只收对的行",
            ])
        let many = ImportRoster.Reply(
            applied: false, accepted: 0, refused: 100, roster: roster,
            verdicts: (1...100).map { VerdictRecord(line: $0, key: nil, accepted: false) },
            unlisted: 0)
        #expect(VerdictText(catalogue: english).lines(many, dry: true, limit: 5).count == 7)
    }

    @Test func `of a key is whose it is, where it opens and its last day`() {
        // 2025-01-01 00:00 to 2035-01-01 00:00 in China.
        let key = KeyRecord(
            key: "k-1", holder: "r-1", state: "lost", doors: ["gate", "room"],
            validFrom: 1_735_660_800_000, validTo: 2_051_193_600_000)
        #expect(
            RosterShow.line(key, 28_800, chinese)
                == "k-1  r-1  挂失  gate,room  2025-01-01~2034-12-31")
        let open = KeyRecord(
            key: "k-2", holder: "r-2", state: "active", doors: [], validFrom: nil, validTo: nil)
        #expect(RosterShow.line(open, 28_800, english) == "k-2  r-2  active    no end")
        var bound = open
        (bound.services, bound.hours, bound.quota) = (["water"], "day", "water 3/d")
        #expect(
            RosterShow.line(bound, 28_800, english)
                == "k-2  r-2  active    no end  services: water  hours: day  quota: water 3/d")
        bound.services = []
        #expect(RosterShow.line(bound, 28_800, chinese).contains("服务：无  时段：day"))
    }

    @Test func `of a verification is where it broke`() {
        let broken = VerificationRecord(
            ok: false, checked: 9, firstBroken: 10, reason: "digest", store: "s1", oldest: 1,
            newest: 42, head: "ff")
        #expect(JournalVerify.line(broken, english).contains("#10"))
        #expect(JournalVerify.line(broken, chinese).contains("#10"))
    }
}

@Suite struct `A live feed` {
    private func granted(_ sequence: Int64, door: String = "gate") -> EntryRecord {
        Sample.entry(sequence, "access.granted", #"{"door":"\#(door)","note":"none"}"#, key: "k")
    }

    private func released(_ sequence: Int64, of grant: Int64) -> EntryRecord {
        Sample.entry(
            sequence, "door.released",
            #"{"door":"gate","cause":"key","grant":\#(grant),"latencyMicroseconds":840}"#)
    }

    @Test func `tells one tap in one line, with its latency`() {
        var feed = WatchFeed()
        #expect(feed.take(granted(1)).isEmpty)
        #expect(feed.take(granted(2)).isEmpty)
        let told = feed.take(released(3, of: 1))
        #expect(told.map(\.entry.sequence) == [1])
        #expect(told.map(\.release?.latencyMicroseconds) == [840])
        #expect(feed.take(released(4, of: 2)).map(\.entry.sequence) == [2])
    }

    @Test func `tells that a door was freed before its grant was written`() throws {
        var feed = WatchFeed()
        _ = feed.take(granted(1))
        let late = Sample.entry(
            2, "door.released",
            #"{"door":"gate","cause":"key","grant":1,"latencyMicroseconds":840,"#
                + #""note":"journalSlow"}"#)
        let told = try #require(feed.take(late).first)
        let line = EntryText(catalogue: Catalogue(language: .chinese))
            .line(told.entry, release: told.release)
        #expect(line.hasSuffix("放行：未等到写入  0.8 ms"), "\(line)")
    }

    @Test func `tells a grant that was never released before the door's next event`() {
        var feed = WatchFeed()
        _ = feed.take(granted(1))
        let other = Sample.entry(2, "station.started", "{}")
        #expect(feed.take(other).map(\.entry.sequence) == [2])
        let denied = Sample.entry(3, "access.denied", #"{"door":"gate","reason":"unknown"}"#)
        #expect(feed.take(denied).map(\.entry.sequence) == [1, 3])
    }

    @Test func `keeps only a few grants back`() {
        var feed = WatchFeed()
        let told = (1...20).flatMap { feed.take(granted(Int64($0))) }
        #expect(told.map(\.entry.sequence) == Array(1...12))
    }

    @Test func `tells a release whose grant it has not seen`() {
        var feed = WatchFeed()
        #expect(feed.take(released(4, of: 1)).map(\.entry.sequence) == [4])
    }
}
