// The station with boxes and guards, whole: its file is sound, and its boxes come and stay.

import EventLoop
import Profiles
import Simulation
import StationCore
import Testing

@Suite struct `The Lakeside station` {
    private static func options(_ seed: UInt64, swarm: Swarm) throws -> BatchOptions {
        let station = try Repository.station(seed: "lakeside-charging")
        var options = BatchOptions(
            seed: seed, station: station, safety: .seconds(600),
            ridersPerThousandMinutes: 10_000, swarm: swarm)
        options.neighbourhood = try Neighbourhood(
            csv: Repository.bytes("seeds/lakeside-charging.csv"), of: station,
            seed: SplitMix64(seed: seed))
        return options
    }

    @Test func `has guards of its boards and of its own, each with somebody who acts for it`()
        throws
    {
        let station = try Repository.station(seed: "lakeside-charging")
        let guards = station.devices.flatMap(\.driver.guards)
        #expect(guards.map(\.name).contains("too_hot_10"))
        #expect(guards.map(\.name).suffix(2) == ["overload", "relay_stuck"])
        #expect(guards.first?.name == "smoke" && guards.first?.isLatching == true)
        let main = station.devices.firstIndex { $0.name == "main" }
        for device in station.devices where !device.driver.guards.isEmpty {
            #expect(device.driver.outer?.device == main, "\(device.name)")
        }
    }

    /// Whoever copies it must not learn to call a socket something else.
    @Test func `has no output that stays on when the station dies`() throws {
        let station = try Repository.station(seed: "lakeside-charging")
        for device in station.devices {
            for action in device.driver.actions where action.mayActivate {
                #expect(action.safety == .board, "\(device.name) \(action.name)")
            }
        }
        for name in ["relays", "main"] {
            let device = try #require(station.devices.first { $0.name == name })
            let keep = try #require(device.driver.actions.first { $0.name == "keep_on" })
            #expect(keep.renewedUntil == "switch_off")
            #expect(!device.driver.actions.contains { $0.name == "switch_on" })
        }
    }

    @Test func `begins with a smoke head that smells nothing`() throws {
        let station = try Repository.station(seed: "lakeside-charging")
        let smoke = try #require(station.devices.firstIndex { $0.name == "smoke" })
        #expect(station.linesAtRest.map { station.lines[Int($0.index)].device } == [smoke])
    }

    @Test(arguments: [UInt64(1), 2])
    func `runs whole, with faults and without`(seed: UInt64) throws {
        for swarm in [Swarm.calm, Swarm(seed: SplitMix64(seed: seed))] {
            let options = try Self.options(seed, swarm: swarm)
            let report = try BatchRun.run(options)
            #expect(report.violations == [])
            #expect(report.counters.grants > 0)
        }
    }
}
