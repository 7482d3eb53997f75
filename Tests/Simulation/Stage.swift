// A station in virtual time that a test plays by hand.

import EventLoop
import Journal
import Simulation
import StationCore

/// Everything that a batch run has, with nobody coming by himself.
final class Stage {
    let station: ResolvedStation
    let clock: VirtualClock
    let plant: VirtualPlant
    let people: Neighbourhood
    let world: VirtualWorld
    let selector: VirtualSelector
    let disk: MemoryFileSystem

    init(doors: Int, seed number: UInt64, strict: Bool = false) throws {
        let seed = SplitMix64(seed: number)
        station = SyntheticStation.make(doors: doors, strict: strict)
        clock = VirtualClock(wall: WallTime(seconds: 1_780_272_000))
        people = Neighbourhood(count: 64, of: station, wall: clock.wall, seed: seed)
        plant = VirtualPlant(
            station, residents: people.residents, ridersPerThousandMinutes: 0, swarm: .calm,
            seed: seed, start: clock.now)
        disk = MemoryFileSystem(chance: seed.fork("disk"))
        world = VirtualWorld(
            plant: plant,
            journal: InlineJournal(
                station: station, disk: disk, clock: clock, seed: seed, boot: BootID(bits: 1)),
            clock: clock, trace: Trace(), inspector: Inspector(station),
            chance: seed.fork("random"))
        selector = VirtualSelector(clock: clock, plant: plant, chance: seed.fork("loop"))
    }

    /// A loop with a fresh core that knows key and roster.
    func loop() -> EventLoop<VirtualSelector, House<VirtualWorld>> {
        var core = Station(station)
        world.open(into: &core, at: clock.now)
        core.installed(key: people.key, isNew: false, at: clock.now)
        if let roster = try? RosterFile.decode(people.file, doors: station.doors.map(\.name)) {
            core.replaced(roster: roster, refused: 0, isNew: false, at: clock.now)
        }
        core.started(at: clock.now)
        return EventLoop(gate: selector, room: House(station: core, world: world))
    }

    func run(
        _ loop: inout EventLoop<VirtualSelector, House<VirtualWorld>>, until end: Instant
    ) {
        while clock.now < end { _ = loop.tick() }
    }

    /// Somebody who may enter everywhere.
    var welcome: Resident {
        people.residents.first { $0.state == .active && $0.doors == nil && $0.validTo == nil }
            ?? people.residents[0]
    }
}
