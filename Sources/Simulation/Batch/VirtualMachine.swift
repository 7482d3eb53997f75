// One simulated board with its disk: it may lose its power, and a new core starts on what is left.

import EventLoop
import Journal
import StationCore

/// Everything that outlives a core: the plant, the clock, the disk, the trace and the checkers.
final class VirtualMachine {
    private let options: BatchOptions
    private let seed: SplitMix64
    private let swarm: Swarm
    private let people: Neighbourhood
    private let passes: VisitorPasses
    private let roster: Roster
    private let trace = Trace()
    private let inspector: Inspector
    private let selector: VirtualSelector
    private let disk: MemoryFileSystem
    let clock: VirtualClock
    let plant: VirtualPlant

    private var boots: SplitMix64
    private var ticks: UInt64 = 0
    private var counters = Counters()
    private var commits: UInt64 = 0
    private var failures: UInt64 = 0
    private var written = 0
    private var usage: [ServiceUsage] = []
    /// Lives that began with a door that does not just stand locked.
    private var restored = 0

    init(_ options: BatchOptions, sink: ((String) -> Void)?) throws(RosterFileError) {
        self.options = options
        seed = SplitMix64(seed: options.seed)
        swarm = options.swarm ?? Swarm(seed: seed)
        clock = VirtualClock(wall: options.wall)
        people =
            options.neighbourhood
            ?? Neighbourhood(count: 200, of: options.station, wall: options.wall, seed: seed)
        roster = try RosterFile.decode(people.file, for: RosterPlaces(options.station))
        plant = VirtualPlant(
            options.station, residents: people.residents,
            ridersPerThousandMinutes: options.ridersPerThousandMinutes, swarm: swarm, seed: seed,
            start: clock.now, population: options.population, wall: options.wall)
        passes = VisitorPasses(options.station.station, wall: options.wall, seed: seed)
        plant.passes = passes.all
        disk = MemoryFileSystem(chance: seed.fork("disk"))
        inspector = Inspector(options.station)
        inspector.know(passes)
        selector = VirtualSelector(clock: clock, plant: plant, chance: seed.fork("loop"))
        selector.longTicksPerMille = swarm.longTicksPerMille
        boots = seed.fork("boot")
        trace.sink = sink
    }

    /// A core's life, from its start to the end of the run or of the power.
    ///
    /// - Returns: whether the power went.
    func live(calm: Instant, until end: Instant) -> Bool {
        let memory = (try? StateSnapshot.read(in: MemoryDirectory(disk))) ?? nil
        let modes =
            memory?.modes(for: options.station)
            ?? options.station.doors.map { _ in DoorMode.locked }
        if modes.contains(where: { $0 != .locked }) { restored += 1 }
        let boot = BootID(bits: UInt128(boots.next()) << 64 | UInt128(boots.next()))
        let world = VirtualWorld(
            plant: plant,
            journal: InlineJournal(
                station: options.station, disk: disk, clock: clock,
                seed: seed.fork("salts \(inspector.lives + 1)"), boot: boot, known: memory?.last),
            clock: clock, trace: trace, inspector: inspector,
            chance: seed.fork("random \(inspector.lives)"), memory: memory)
        var station = start(
            in: world, standing: modes,
            followed: memory?.followed(for: options.station) ?? [], used: memory?.passes ?? [],
            memory: memory)
        station.knows(boot: boot.bits)
        var nextLook = clock.now
        var nextFlow = clock.now
        var loop = EventLoop(gate: selector, room: House(station: station, world: world))
        while clock.now < end, !world.isFinished {
            let wasCalm = clock.now >= calm
            _ = loop.tick()
            ticks += 1
            if !wasCalm, clock.now >= calm {
                selector.longTicksPerMille = 0
                inspector.calmed()
            }
            if nextLook <= clock.now, !plant.twins.isEmpty {
                nextLook = clock.now + ReaderWatch.period
                plant.noteTroubles()
                inspector.look(
                    plant.readerStates(at: clock.now), loop.room.station.deviceHealth,
                    at: clock.now)
            }
            if nextFlow <= clock.now, let services = plant.services {
                nextFlow = clock.now + .seconds(1)
                inspector.look(services.flows(at: clock.now), at: clock.now)
            }
            inspector.afterTick(
                Bounds(
                    outbox: loop.room.station.outbox.count,
                    journal: world.journal.waiting, heldGrants: loop.room.station.heldGrants),
                witness: plant.witness, at: clock.now)
            if !plant.broken.isEmpty { takeBroken() }
            if inspector.violationCount > Inspector.told { break }
        }
        counters.add(loop.room.station.counters)
        commits += world.journal.metrics.commits
        failures += world.journal.metrics.failures
        if world.isFinished { return true }
        plant.judgeLockers(at: clock.now)
        takeBroken()
        inspector.converged(loop.room.station, plant: plant, at: clock.now)
        written = inspector.verified(
            world.journal, counters: loop.room.station.counters, at: clock.now)
        count(world.journal)
        return false
    }

    /// What the journal counted has to be what people did.
    private func count(_ journal: InlineJournal) {
        guard let services = plant.services else { return }
        usage = inspector.counted(
            journal, beside: services.usage,
            isExact: options.isExact && services.hasPopulation, at: clock.now)
    }

    private func takeBroken() {
        inspector.take(plant.broken)
        plant.broken = []
    }

    private func start(
        in world: VirtualWorld, standing modes: [DoorMode], followed: [Bool?],
        used: [PassLedger.Use], memory: StateSnapshot?
    ) -> Station {
        var station = Station(options.station, modes: modes, followed: followed)
        inspector.restarted(standing: station.standingModes, at: clock.now)
        world.open(into: &station, at: clock.now)
        station.trusts(passes.issuers)
        for use in used { station.recalled(use) }
        station.recalled(totals: world.totals.found, at: clock.now)
        memory?.guards.teach(&station, at: clock.now)
        memory?.boxes.teach(&station, at: clock.now)
        memory?.uses.teach(&station, at: clock.now)
        memory?.rules.teach(&station, at: clock.now)
        memory?.quotas.teach(&station)
        memory?.commands.teach(&station)
        memory?.notice.teach(&station, at: clock.now)
        station.installed(key: people.key, isNew: false, at: clock.now)
        station.replaced(roster: roster, refused: 0, isNew: false, at: clock.now)
        station.started(at: clock.now)
        return station
    }

    /// What the disk had not synced is gone, lines fall, and the world goes on without us.
    func losePower(calm: Instant) {
        disk.cutPower()
        plant.loseProcess(at: clock.now)
        let dark = boots.between(.milliseconds(300), .seconds(20))
        plant.settle(at: clock.now + dark, clock: clock)
        plant.loseProcess(at: clock.now)
        // Nobody heard what was said in the dark.
        if clock.now >= calm { plant.calmDown(at: clock.now) }
    }

    func report(since start: Instant) -> BatchReport {
        BatchReport(
            seed: options.seed, swarm: swarm, trace: trace.fingerprint, traced: trace.count,
            ticks: ticks, lives: inspector.lives, restored: restored, elapsed: clock.now - start,
            presented: plant.witness.presented, counters: counters, commits: commits,
            journalFailures: failures, written: written, usage: usage,
            violations: inspector.violations,
            violationCount: inspector.violationCount)
    }
}

extension Counters {
    /// What several cores counted, one after the other.
    fileprivate mutating func add(_ other: Counters) {
        edges += other.edges
        edgesLost += other.edgesLost
        taps += other.taps
        grants += other.grants
        releases += other.releases
        undurableReleases += other.undurableReleases
        entries += other.entries
        entriesLost += other.entriesLost
        for place in 0..<denials.count { denials[place] += other.denials[place] }
        for place in 0..<diagnoses.count { diagnoses[place] += other.diagnoses[place] }
    }
}
