// `stationctl service` and `hours today`: what they take, and how they say how a service stands.

import ArgumentParser
import StationCore
import Testing

@testable import Control
@testable import stationctl

@Suite struct `Services on the command line` {
    @Test(arguments: [
        ["service"], ["service", "list", "--wrong"], ["service", "show", "charge", "--json"],
        ["service", "pause", "shower", "cleaning"],
        ["service", "pause", "shower", "repair", "--until", "15:00", "--yes"],
        ["service", "pause", "shower", "other", "--until", "2026-10-01T08:00"],
        ["service", "resume", "shower"], ["service", "stop", "charge", "A1", "--yes"],
        ["service", "reset", "charge", "A1"], ["service", "restocked", "kit"],
        ["service", "restock-due", "kit"], ["service", "out-of-order", "beds", "2"],
        ["service", "in-order", "beds", "2", "--json"], ["service", "filter-changed", "water"],
        ["service", "tell", "accept", "help", "host"], ["service", "tell", "helped", "help"],
        ["hours", "today"], ["hours", "today", "open", "--until", "22:00"],
        ["hours", "today", "closed", "--hours", "rooms", "--yes"], ["hours", "today", "planned"],
        ["hours", "today", "8:00-12:00,14:00-18:00"], ["hours", "weather", "2026-07-21T08:00"],
        ["hours", "station.yaml", "--days", "3"], ["hours", "plan", "station.yaml"],
    ])
    func `are told what the manual says`(words: [String]) {
        #expect(throws: Never.self) { _ = try Stationctl.parseAsRoot(words) }
    }

    @Test(arguments: [
        ["service", "show"], ["service", "pause", "shower"],
        ["service", "pause", "shower", "lunch"],
        ["service", "pause", "shower", "repair", "--until", "25:00"], ["service", "stop"],
        ["service", "melt", "charge"], ["service", "tell", "melt", "charge"],
        ["hours", "today", "open"],
        ["hours", "today", "closed", "--until", "22:00"], ["hours", "today", "8-12"],
        ["hours", "today", "8:00-9:00,10:00-11:00,12:00-13:00"], ["hours", "weather"],
        ["hours", "weather", "noon"],
    ])
    func `are not told nonsense`(words: [String]) {
        #expect(throws: (any Error).self) { _ = try Stationctl.parseAsRoot(words) }
    }

    /// 2026-11-21, 21:01 in Beijing.
    private let clock = ClockRecord(
        quality: "synced", trusted: true, wall: 1_795_266_109_123,
        time: "2026-11-21T21:01:49.123+08:00", wallOffset: 0, bootTime: 0, utcOffset: 28_800,
        floor: 0)

    @Test(arguments: [
        ("22:00", 1_795_269_600_000), ("21:00", 1_795_352_400_000), ("0:00", 1_795_276_800_000),
        ("24:00", 1_795_276_800_000), ("2026-11-23T08:30", 1_795_393_800_000),
        ("2026-11-23 8:30", 1_795_393_800_000), ("2026-11-21T00:00", 1_795_190_400_000),
    ])
    func `are paused until a time by the station's clock`(text: String, milliseconds: Int64) {
        #expect(Moment(text)?.milliseconds(by: clock) == milliseconds)
    }

    @Test(arguments: ["", "22", "22:60", "24:01", "2026-02-30T08:00", "a:b", "T", "1 2 3", "-1:00"])
    func `are not paused until a time that there is not`(text: String) {
        #expect(Moment(text) == nil)
    }

    private let chinese = Catalogue(language: .chinese)
    private let english = Catalogue(language: .english)

    @Test func `say whether they can be had, why not and until when`() {
        var service = ServiceRecord(
            name: "charge", kind: "charging", label: TextRecord(zh: "充电", en: "Charging"),
            availability: "degraded", reason: "deviceMissing", free: 3, all: 4)
        #expect(
            english.cells(service) == [
                "charge", "Charging", "open, with something wrong: its device does not answer",
                "free 3/4",
            ])
        #expect(service.wantsPerson)
        service.availability = "closed"
        service.reason = "cleaning"
        service.paused = true
        service.time = "2026-11-21T22:00:00.000+08:00"
        #expect(english.cells(service)[2] == "paused: being cleaned, until 11-21 22:00")
        #expect(chinese.cells(service)[2] == "暂停：打扫中，到 11-21 22:00")
        #expect(!service.wantsPerson)
    }

    @Test func `tell of each part what is wrong, and what to do`() {
        let part = PartRecord(
            name: "A1", state: "outOfOrder", reason: "deviceFailed", inUse: true,
            faults: ["relayStuck", "future"])
        #expect(
            english.cells(part) == [
                "A1", "out of order: its device is faulty", "in use",
                "live although off: cut the feed, see the relay; future",
            ])
        #expect(chinese.cells(part)[2] == "有人在用")
        let service = ServiceRecord(
            name: "s", kind: "charging", label: TextRecord(zh: "", en: ""), availability: "open",
            free: 0, all: 1, parts: [part])
        #expect(service.wantsPerson && service.usersAtRisk == 1)
    }

    @Test func `end no holder's use of a box when they are paused`() {
        let part = PartRecord(name: "1", state: "working", inUse: true)
        let lockers = ServiceRecord(
            name: "l", kind: "lockers", label: TextRecord(zh: "", en: ""), availability: "open",
            free: 0, all: 1, parts: [part])
        #expect(lockers.usersAtRisk == 0)
    }

    @Test func `keep hours that say what decides them`() {
        let hours = HoursRecord(
            name: "rooms", label: TextRecord(zh: "室内", en: "Rooms"), open: false,
            cause: "today", until: 1, time: "2026-11-22T08:00:00.000+08:00",
            days: [HoursDayRecord(date: "2026-11-21", open: "closed")])
        #expect(
            english.cells(hours) == [
                "rooms", "Rooms", "closed, until 11-22 08:00", "a master's word for today",
                "today closed",
            ])
        #expect(chinese.cells(hours)[4] == "今天 不开放")
    }

    @Test func `have words for everything that a station can say of them`() {
        for reason in PauseReason.allCases {
            #expect(chinese.reason(reason.name) != reason.name)
        }
        for reason in ServiceCondition.Reason.allCases {
            #expect(english.reason(reason.name) == reason.text(.english))
        }
        for fault in ServiceFault.allCases {
            #expect(chinese.partFault(fault.name) == fault.text(.chinese))
        }
        for availability in ["open", "degraded", "closed", "outOfOrder"] {
            #expect(chinese.availability(availability) != availability)
        }
    }

    @Test func `and hours are told in a line of the journal`() {
        let storm = Sample.entry(
            1, "hours.changed",
            #"{"hours":"rooms","change":"severeWeather","untilMilliseconds":1795269600000,"#
                + #""by":"crew"}"#
        )
        let text = EntryText(catalogue: english).line(storm)
        #expect(text.contains("opening hours: rooms, severe weather: open, until 11-21 22:00"))
        let entry = Sample.entry(
            2, "part.changed",
            #"{"serviceName":"shower","place":"1","step":"paused","reason":"repair","by":"crew"}"#)
        let pause = EntryText(catalogue: chinese).line(entry)
        #expect(pause.contains("维修中") && pause.contains("服务暂停"))
    }
}
