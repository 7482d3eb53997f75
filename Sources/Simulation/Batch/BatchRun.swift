// A whole station in virtual time: first with faults, then without, watched at every tick.

import EventLoop
import Journal
public import StationCore

/// Runs one batch. The same options give the same report, on every machine.
public enum BatchRun {
    /// - Parameter sink: gets the trace's lines.
    /// - Throws: when the roster cannot be this station's.
    public static func run(
        _ options: BatchOptions, sink: ((String) -> Void)? = nil
    ) throws(RosterFileError) -> BatchReport {
        let seed = SplitMix64(seed: options.seed)
        let swarm = options.swarm ?? Swarm(seed: seed)
        let clock = VirtualClock(wall: options.wall)
        let people =
            options.neighbourhood
            ?? Neighbourhood(count: 200, of: options.station, wall: options.wall, seed: seed)
        let roster = try RosterFile.decode(
            people.file, doors: options.station.doors.map(\.name))
        let plant = VirtualPlant(
            options.station, residents: people.residents,
            ridersPerThousandMinutes: options.ridersPerThousandMinutes, swarm: swarm, seed: seed,
            start: clock.now)
        let disk = MemoryFileSystem(chance: seed.fork("disk"))
        var ids = seed.fork("boot")
        let world = VirtualWorld(
            plant: plant,
            journal: InlineJournal(
                station: options.station, disk: disk, clock: clock, seed: seed,
                boot: BootID(bits: UInt128(ids.next()) << 64 | UInt128(ids.next()))),
            clock: clock, trace: Trace(), inspector: Inspector(options.station))
        world.trace.sink = sink
        let selector = VirtualSelector(clock: clock, plant: plant, chance: seed.fork("loop"))
        selector.longTicksPerMille = swarm.longTicksPerMille

        var station = Station(options.station)
        world.open(into: &station, at: clock.now)
        station.installed(key: people.key, isNew: false, at: clock.now)
        station.replaced(roster: roster, refused: 0, isNew: false, at: clock.now)
        station.started(at: clock.now)
        var loop = EventLoop(gate: selector, room: House(station: station, world: world))
        let ticks = play(&loop, options)
        return report(&loop, ticks: ticks, seed: options.seed, swarm: swarm)
    }

    /// Both phases. Returns the number of ticks.
    private static func play(
        _ loop: inout EventLoop<VirtualSelector, House<VirtualWorld>>, _ options: BatchOptions
    ) -> UInt64 {
        let start = loop.gate.now()
        let calm = start + options.safety
        loop.room.world.plant.calm(at: calm)
        // The last riders come early enough for the last door to be shut again.
        loop.room.world.plant.close(at: calm + (options.liveness - .seconds(600)))
        let end = calm + options.liveness
        var ticks: UInt64 = 0
        var isCalm = false
        while loop.gate.now() < end {
            _ = loop.tick()
            ticks += 1
            if !isCalm, loop.gate.now() >= calm {
                isCalm = true
                loop.gate.longTicksPerMille = 0
                loop.room.world.inspector.calmed()
            }
            let world = loop.room.world
            world.inspector.afterTick(
                Bounds(
                    outbox: loop.room.station.outbox.entries.count,
                    journal: world.journal.waiting, heldGrants: loop.room.station.heldGrants),
                witness: world.plant.witness, at: loop.gate.now())
            if world.inspector.violationCount > Inspector.told { break }
        }
        return ticks
    }

    private static func report(
        _ loop: inout EventLoop<VirtualSelector, House<VirtualWorld>>, ticks: UInt64,
        seed: UInt64, swarm: Swarm
    ) -> BatchReport {
        let world = loop.room.world
        let now = loop.gate.now()
        world.inspector.converged(loop.room.station, plant: world.plant, at: now)
        let written = world.inspector.verified(
            world.journal, counters: loop.room.station.counters, at: now)
        return BatchReport(
            seed: seed, swarm: swarm, trace: world.trace.fingerprint, traced: world.trace.count,
            ticks: ticks, elapsed: now - Instant(nanoseconds: 60_000_000_000),
            presented: world.plant.witness.presented, counters: loop.room.station.counters,
            commits: world.journal.metrics.commits,
            journalFailures: world.journal.metrics.failures, written: written,
            violations: world.inspector.violations,
            violationCount: world.inspector.violationCount)
    }
}
