// Doors that follow hours through days with steps of the clock, power cuts and bad disks.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A station with hours` {
    /// Three doors, the first and the last of which stand unlocked now and then.
    private static func station() throws -> ResolvedStation {
        var station = SyntheticStation.make(doors: 3)
        let spans = try DayHours(
            text: "08:10-08:20, 08:30-08:40, 08:50-09:00, 09:10-12:00, 22:00-08:05")
        var week = WeekHours.closed
        for day in Weekday.allCases { week[day] = spans }
        station.hours = [
            ResolvedHours(
                name: "often", labelChinese: "", labelEnglish: "",
                hours: OpeningHours(week: week))
        ]
        station.doors[0].unlockHours = 0
        station.doors[2].unlockHours = 0
        return station
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `keeps to them, whatever happens to its clock, power and disk`(seed: UInt64) throws {
        let options = BatchOptions(
            seed: seed, station: try Self.station(), safety: .seconds(4_000),
            ridersPerThousandMinutes: 2_000, swarm: Swarm(seed: SplitMix64(seed: seed)))
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        let again = try BatchRun.run(options)
        #expect(again.trace == report.trace)
    }

    @Test func `unlocks and locks its doors, and nobody else's`() throws {
        let options = BatchOptions(
            seed: 7, station: try Self.station(), safety: .seconds(4_000),
            ridersPerThousandMinutes: 0, swarm: .calm)
        let stood = try BatchRun.run(options)
        #expect(stood.violations == [])
        var without = options
        without.station.hours = []
        for door in without.station.doors.indices { without.station.doors[door].unlockHours = nil }
        let plain = try BatchRun.run(without)
        // Two doors, each unlocked five times up to 09:21, since one stretch began yesterday, and
        // locked four times; that a lock holds again is an entry too.
        #expect(stood.counters.entries == plain.counters.entries + 2 * (5 + 4 + 4))
    }
}
