// Live mode: a station that runs here and now, with everything real but the wires and the riders.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import Ports
import Simulation
import StationCore

/// Composition of the live simulator, as `Daemon` composes the real one.
enum LiveStation {
    /// Riders come at this pace unless somebody wants another one.
    static let ridersPerMinute = 12

    /// - Returns: the exit code.
    static func run(_ files: SeedFiles, _ options: PlayStation) -> Int32 {
        do {
            try operate(files, options)
            return EX_OK
        } catch {
            Complaint.say("\(error)")
            return EX_CONFIG
        }
    }

    private static func operate(_ files: SeedFiles, _ options: PlayStation) throws {
        // Signals are blocked before any thread starts, so that every thread inherits it.
        defer { Console.flush() }
        let signals = station_signal_watch([SIGTERM, SIGINT, SIGHUP], 3)
        let directory = try LiveState.folder(options.state)
        let lock = try StateLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let number = options.seed ?? UInt64(bitPattern: station_clock_realtime())
        let seed = SplitMix64(seed: number)
        let isNewKey = try LiveState.makeKey(in: directory)
        let residents = try LiveState.importRoster(files, in: directory)

        let start = Instant(nanoseconds: station_clock_monotonic())
        let pace = options.ridersPerMinute ?? ridersPerMinute
        let plant = VirtualPlant(
            files.station, residents: residents, ridersPerThousandMinutes: pace * 1_000,
            swarm: .live, seed: seed, start: start, population: files.population,
            wall: WallTime(milliseconds: station_clock_realtime() / 1_000_000))
        if let signer = try LiveState.passSigner(of: files.station, in: directory) {
            // Visitors carry passes of today, good and bad ones.
            plant.passes =
                VisitorPasses(
                    files.station.station, signedBy: signer,
                    wall: WallTime(milliseconds: station_clock_realtime() / 1_000_000), seed: seed
                ).all
        }
        let selector = try LiveSelector(plant: plant, chance: seed.fork("loop"))
        let memory = Memory(directory, files.station)
        let backstage = try Backstage.make(
            files.station, memory: memory, directory: directory, isSimulated: true, now: start)
        let lines = LiveLines(
            LiveWords(language: options.lang, station: files.station, residents: residents))
        let world = try LiveWorld(
            backstage: backstage, plant: plant, selector: selector, signals: signals,
            lines: lines)
        var station = Station(
            files.station, modes: memory.modes, followed: memory.followed)
        // The clock first: the entries that follow are to carry its time.
        backstage.expire(into: &station, at: start)
        world.open(into: &station, at: start)
        let version = memory.teach(&station, from: directory, at: start)
        if isNewKey, let key = memory.key { station.installed(key: key, isNew: true, at: start) }
        station.started(at: start)

        let socket = options.socket ?? options.state + "/stationd.sock"
        backstage.open(
            socket: socket,
            info: ServiceInfo(
                version: Release.version, simulated: true,
                configuration: files.digest, boot: "\(BootID.ofKernel())",
                station: files.station),
            peers: PeerTable(ownUser: getuid(), crewGroups: [], readerGroups: []),
            tables: station.keyTables, rosterVersion: version)
        // Who plays a station wants to look in: unlike a real one it is of no use without.
        if let failure = backstage.server?.firstFailure { throw failure }
        announce(files.station, seed: number, socket: socket, options.lang)
        var loop = EventLoop(gate: selector, room: House(station: station, world: world))
        loop.run()
        _ = backstage.leave(loop.room.station)
        lines.stop()
    }

    private static func announce(
        _ station: ResolvedStation, seed: UInt64, socket: String, _ language: Wording.Language
    ) {
        let name =
            language == .chinese ? station.station.nameChinese : station.station.nameEnglish
        var text = "SEED=\(seed)\n"
        text += language == .chinese ? "模拟驿站 " : "Simulated station "
        text += "\(name) (\(station.station.id))\n"
        text += language == .chinese ? "控制套接字 " : "Control socket "
        text += "\(socket)\n"
        text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
