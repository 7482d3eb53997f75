// Opening hours and holiday files: what is read, and what is refused with its place.

import Profiles
import StationCore
import Testing

@Suite struct `Hours in a station file` {
    private static let hours = """
        hours:
          - name: rest-room
            label: {zh: 歇脚屋, en: Rest room}
            week: {mon-fri: "07:30-12:00, 13:00-22:00", sat: "22:00-02:00"}
            seasons:
              - {from: "11-15", to: "03-15", week: {fri-mon: "9:00-17:00"}}
            dates:
              - {day: "2026-02-17", open: closed}
              - {from: "2026-06-01", to: "2026-06-03", open: "00:00-24:00"}
            clock_unknown: open
        doors:
        """
    private static let text = StationText.right
        .replacing("profile: strike-12v", with: "profile: strike-12v\n    duty: continuous")
        .replacing("doors:", with: hours)
        .replacing("relock: open", with: "relock: open\n    unlock: rest-room")

    private func at(_ date: String, _ hour: Int) throws -> Int64 {
        Int64(try #require(CivilDate(date)).dayNumber * 86_400 + hour * 3_600)
    }

    @Test func `are read with weeks, seasons and dates`() throws {
        let station = try StationText.resolve(Self.text).station
        #expect(station.doors[0].unlockHours == 0)
        let set = station.hours[0]
        #expect(set.name == "rest-room" && set.labelChinese == "歇脚屋")
        #expect(set.hours.whenClockUnknown)
        for (date, hour, isOpen) in [
            ("2026-05-04", 8, true), ("2026-05-04", 12, false), ("2026-05-09", 23, true),
            ("2026-05-10", 1, true), ("2026-05-10", 3, false), ("2026-12-04", 10, true),
            ("2026-12-03", 10, false), ("2026-02-17", 10, false), ("2026-06-02", 4, true),
        ] {
            let state = try set.hours.state(atLocalSeconds: at(date, hour), .unknown)
            #expect(state.isOpen == isOpen, "\(date) \(hour)")
        }
    }

    @Test func `are the same after a way through the resolved file`() throws {
        let resolution = try StationText.resolve(Self.text)
        let again = try ResolvedFile.decode(resolution.json)
        #expect(again == resolution.station)
        #expect(String(decoding: resolution.json, as: UTF8.self).contains("22:00-02:00"))
    }

    @Test(arguments: [
        (
            "sat: \"22:00-02:00\"", "sat: \"22-02\"",
            "27:54 `22-02` is no stretch of a day: write 08:00-20:00, with commas between several, "
                + "or closed."
        ),
        (
            "13:00-22:00", "11:00-22:00", "27:21 11:00-22:00 overlaps another stretch."
        ),
        (
            "sat:", "saturday:",
            "27:49 `saturday` is no day of the week: write mon to sun, or a "
                + "stretch such as mon-fri."
        ),
        ("sat:", "tue:", "27:49 `tue` is there twice."),
        (
            "\"11-15\"", "\"15-11\"",
            "29:16 `15-11` is no day of the year; write it as \"11-01\", month and day."
        ),
        (
            "2026-02-17", "2026-02-30", "31:15 `2026-02-30` is no date; write it as 2026-02-17."
        ),
        (
            "to: \"2026-06-03\"", "to: \"2026-05-03\"",
            "32:34 The wrong way round: 2026-05-03 is before 2026-06-01."
        ),
        (
            "unlock: rest-room", "unlock: rest-rom",
            "44:13 There is no set of hours `rest-rom`. Known: rest-room. Did you mean "
                + "`rest-room`?"
        ),
        (
            "duty: continuous", "duty: intermittent",
            "44:13 `strike` must not stay energized (duty: intermittent), so its door cannot stand "
                + "unlocked by the hours: use another lock, or leave out `unlock`."
        ),
    ])
    func `are refused with their place when they are wrong`(
        old: String, new: String, error: String
    ) {
        #expect(StationText.errors(in: Self.text.replacing(old, with: new)) == [error])
    }

    @Test func `for holidays want a file that says which days those are`() throws {
        let text = Self.text.replacing("clock_unknown: open", with: "holidays: \"10:00-16:00\"")
        let notes = try StationText.resolve(text).notes.map(\.kind)
        #expect(notes.contains(.holidaysUnknown(hours: "rest-room")))
    }
}

@Suite struct `A holiday file` {
    private static let right = """
        schema: station-holidays/1
        source: an announcement
        years:
          - year: 2026
            off: ["2026-02-15/2026-02-23", "2026-10-01"]
            worked: ["2026-02-14"]

        """

    private func resolve(_ holidays: String) throws -> Resolution {
        let folder = try TemporaryFolder()
        try folder.write("cn.yaml", holidays)
        let text = StationText.replacing("doors:", with: "holidays: [cn.yaml]\ndoors:")
        try folder.write("station.yaml", text)
        return try Resolution.resolve(
            stationFile: folder.path + "/station.yaml", devicesDirectory: Repository.devices)
    }

    @Test func `gives its days to every set of hours`() throws {
        let holidays = try resolve(Self.right).station.holidays
        #expect(holidays.years == [2026])
        #expect(holidays.off.count == 10 && holidays.worked.count == 1)
        #expect(holidays.off.first?.description == "2026-02-15")
        #expect(holidays.off.last?.description == "2026-10-01")
    }

    @Test(arguments: [
        ("2026-10-01", "2027-10-01", "5:36 2027-10-01 is not in 2026."),
        (
            "2026-02-15/2026-02-23", "2026-02-23/2026-02-15",
            "5:11 The wrong way round: 2026-02-15 is before 2026-02-23."
        ),
        ("2026-02-14", "the 14th", "6:14 `the 14th` is no date; write it as 2026-02-17."),
        (
            "station-holidays/1", "station-holidays/2",
            "1:9 `station-holidays/2` is not allowed here; expected one of: station-holidays/1. "
                + "Did you mean `station-holidays/1`?"
        ),
    ])
    func `is refused with its own name and place`(old: String, new: String, error: String) {
        let failure = #expect(throws: ConfigurationErrors.self) {
            try resolve(Self.right.replacing(old, with: new))
        }
        #expect(failure?.errors.count == 1)
        #expect(failure?.errors.first?.file.hasSuffix("/cn.yaml") == true)
        #expect(
            failure?.errors.first.map { "\($0.line):\($0.column) \($0.sentence(.english))" }
                == error)
    }

    @Test func `that is not there is told where it is named`() {
        let text = StationText.replacing("doors:", with: "holidays: [none.yaml]\ndoors:")
        #expect(
            StationText.errors(in: text) == [
                "23:12 Cannot read the file `none.yaml`: No such file or directory."
            ])
    }

    /// Every file that ships can be read, and says where it comes from.
    @Test func `of ours is whole`() throws {
        for name in ["cn-2026.yaml"] {
            let path = Repository.root + "/seeds/holidays/" + name
            let text = StationText.replacing("doors:", with: "holidays: [\(path)]\ndoors:")
            let holidays = try StationText.resolve(text).station.holidays
            #expect(!holidays.off.isEmpty && !holidays.worked.isEmpty)
            for day in holidays.worked {
                #expect(day.weekday == .saturday || day.weekday == .sunday)
                #expect(!holidays.off.contains(day))
            }
        }
    }
}
