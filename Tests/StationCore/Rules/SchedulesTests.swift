// What is open, when to look again, and what a clock that steps does to it.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The station's hours` {
    private let utc8: Int32 = 8 * 3_600

    /// A clock that shows this at the monotonic instant 0.
    private func calendar(
        _ date: String, _ hour: Int, _ minute: Int = 0, quality: ClockQuality = .synced
    ) throws -> Calendar {
        let seconds = try local(date, hour, minute) - Int64(utc8)
        return Calendar(
            wallOffset: seconds * 1_000_000_000, bootOffset: 0, quality: quality, utcOffset: utc8,
            floor: WallTime(seconds: 1_780_000_000))
    }

    private func wall(_ date: String, _ hour: Int) throws -> WallTime {
        WallTime(seconds: try local(date, hour) - Int64(utc8))
    }

    private let start = Instant(nanoseconds: 0)
    private let day = OpeningHours(week: .everyDay(.of("9:00-17:00")), whenClockUnknown: false)

    @Test func `open and shut at their deadlines`() throws {
        var schedules = Schedules([day, .always], holidays: .unknown)
        let calendar = try calendar("2026-03-04", 8)
        #expect(schedules.look(at: start, calendar) != 0)
        #expect(!schedules.isOpen(0) && schedules.isOpen(1))
        let opens = try #require(schedules.deadline)
        #expect(opens == start + .seconds(3_600))
        #expect(schedules.look(at: opens, calendar) == 1)
        #expect(schedules.isOpen(0))
        #expect(try schedules[0].until == wall("2026-03-04", 17))
        let shuts = try #require(schedules.deadline)
        #expect(schedules.look(at: shuts, calendar) == 1)
        #expect(!schedules.isOpen(0))
        #expect(schedules.open == 2)
    }

    @Test func `say nothing new while nothing changes`() throws {
        var schedules = Schedules([day], holidays: .unknown)
        let calendar = try calendar("2026-03-04", 10)
        _ = schedules.look(at: start, calendar)
        for minute in 1..<60 {
            #expect(schedules.look(at: start + .seconds(Int64(minute) * 60), calendar) == 0)
        }
    }

    @Test func `follow a clock that steps, either way`() throws {
        var schedules = Schedules([day], holidays: .unknown)
        _ = schedules.look(at: start, try calendar("2026-03-04", 10))
        #expect(schedules.isOpen(0))
        #expect(try schedules.look(at: start, calendar("2026-03-04", 20)) == 1)
        #expect(!schedules.isOpen(0))
        #expect(try schedules[0].until == wall("2026-03-05", 9))
        #expect(try schedules.look(at: start, calendar("2026-03-04", 10)) == 1)
        #expect(schedules.isOpen(0))
        #expect(schedules.deadline == start + .seconds(7 * 3_600))
    }

    @Test func `without a clock are what they say of that`() throws {
        let shelter = OpeningHours(week: .closed, whenClockUnknown: true)
        var schedules = Schedules([day, shelter], holidays: .unknown)
        #expect(schedules.open == 2)
        _ = schedules.look(at: start, try calendar("1970-01-01", 10, quality: .none))
        #expect(schedules.open == 2)
        #expect(schedules[0].cause == .clockUnknown)
        #expect(schedules.deadline == nil)
        _ = schedules.look(at: start, try calendar("2026-03-04", 10))
        #expect(schedules.open == 1)
    }

    @Test func `of today are a master's, and tomorrow the written ones again`() throws {
        var schedules = Schedules([day], holidays: .unknown)
        let calendar = try self.calendar("2026-03-04", 16)
        _ = schedules.look(at: start, calendar)
        let date = try #require(CivilDate("2026-03-04"))
        let change = HoursChange.today(date, .of("9:00-21:00"))
        #expect(schedules.change(0, to: change, at: start) == true)
        #expect(schedules[0].cause == .today)
        #expect(try schedules[0].until == wall("2026-03-04", 21))
        #expect(schedules.changes(of: 0) == [change])
        let tomorrow = start + .seconds(24 * 3_600)
        _ = schedules.look(at: tomorrow, calendar)
        #expect(schedules[0].cause == .written(.week))
        #expect(try schedules[0].until == wall("2026-03-05", 17))
        // The clock was a day ahead, and comes back: nobody has to decide it again.
        _ = schedules.look(at: start + .seconds(24 * 3_600), try self.calendar("2026-03-03", 16))
        #expect(schedules[0].cause == .today)
        #expect(schedules.change(0, to: nil, at: tomorrow) == true)
        #expect(try schedules[0].until == wall("2026-03-04", 17))
        #expect(schedules.changes(of: 0).isEmpty)
    }

    @Test func `stay open in a storm, up to its end or to the end of what is open then`() throws {
        var schedules = Schedules([day], holidays: .unknown)
        let calendar = try calendar("2026-03-04", 20)
        _ = schedules.look(at: start, calendar)
        #expect(!schedules.isOpen(0))
        let storm = HoursChange.severeWeather(until: try wall("2026-03-05", 6))
        #expect(schedules.change(0, to: storm, at: start) == true)
        #expect(try schedules[0].until == wall("2026-03-05", 6))
        #expect(schedules.isOpen(0))
        _ = schedules.change(0, to: .severeWeather(until: try wall("2026-03-05", 12)), at: start)
        #expect(try schedules[0].until == wall("2026-03-05", 17))
        // A master's closing for the day does not shut people out of a storm.
        let date = try #require(CivilDate("2026-03-04"))
        _ = schedules.change(0, to: .today(date, .closed), at: start)
        #expect(schedules.isOpen(0))
        let over = try #require(schedules.deadline)
        _ = schedules.look(at: over, calendar)
        #expect(!schedules.isOpen(0))
    }

    @Test func `stay open in a storm when the clock is lost`() throws {
        var schedules = Schedules([day], holidays: .unknown)
        _ = schedules.look(at: start, try calendar("2026-05-30", 20))
        _ = schedules.change(
            0, to: .severeWeather(until: WallTime(seconds: 1_790_000_000)), at: start)
        _ = schedules.look(at: start, try calendar("1970-01-01", 3, quality: .none))
        #expect(schedules.isOpen(0))
        #expect(schedules[0].cause == .severeWeather)
        #expect(schedules[0].until == nil)
    }

    @Test func `have room for 64 sets, and a place beyond them forbids nothing`() throws {
        var schedules = Schedules(
            Array(repeating: day, count: Schedules.limit), holidays: .unknown)
        #expect(try schedules.look(at: start, calendar("2026-03-04", 10)) == .max)
        #expect(schedules.open == .max)
        #expect(schedules.isOpen(64))
        let beyond = schedules.change(64, to: nil, at: start)
        #expect(!beyond)
    }

    @Test func `outlive a clock at the end of its numbers`() throws {
        for offset in [Int64.max, .min, .max / 2, .min / 2] {
            var schedules = Schedules([day, .always], holidays: .unknown)
            let calendar = Calendar(
                wallOffset: offset, bootOffset: 0, quality: .synced, utcOffset: 50_400,
                floor: WallTime(milliseconds: 0))
            _ = schedules.look(at: Instant(nanoseconds: 0), calendar)
            #expect(schedules.isOpen(1))
        }
    }
}
