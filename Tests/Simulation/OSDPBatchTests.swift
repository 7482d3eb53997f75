// A station with OSDP readers as a whole in virtual time: riders, doors, journal, power cuts.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A batch run of OSDP readers` {
    private func options(_ swarm: Swarm) -> BatchOptions {
        let readers = (0..<1).map {
            OSDPReaderSettings(bus: 0, address: $0, formats: ["26-h10301"], views: ["full"])
        }
        return BatchOptions(
            seed: 5, station: OSDPGate.resolved(readers), safety: .seconds(100),
            liveness: .seconds(620), ridersPerThousandMinutes: 20_000, swarm: swarm)
    }

    @Test func `grants, denies and is sound, and leaves the same trace twice`() throws {
        let first = try BatchRun.run(options(.calm))
        #expect(first.violations == [])
        #expect(first.counters.grants > 10)
        #expect(first.counters.denials[Int(Denial.unknown.rawValue)] > 0)
        // A rider or two may have come before the line was up.
        #expect(first.counters.taps + 2 >= UInt64(first.presented))
        #expect(try BatchRun.run(options(.calm)).trace == first.trace)
    }

    @Test func `is sound when the disk and the power fail`() throws {
        var swarm = Swarm(seed: SplitMix64(seed: 3))
        swarm.damagePerMille = 0
        let report = try BatchRun.run(options(swarm))
        #expect(report.violations == [])
        #expect(report.counters.taps > 0)
    }
}
