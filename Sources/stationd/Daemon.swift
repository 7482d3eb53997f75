// The daemon's life: safe outputs first, then roster and journal, then the loop, then goodbye.

import CLinux
import Control
import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Composition: everything is made here and lives until the end.
enum Daemon {
    /// The service manager, or whoever started us, starts us again.
    static let restartCode = EX_TEMPFAIL

    /// - Returns: the exit code.
    static func run(_ options: Options) -> Int32 {
        let directory = DiskDirectory(path: options.stateDirectory)
        do {
            let configuration = try Configuration(in: directory)
            let ending = try operate(configuration, in: directory, options)
            return ending == .restart ? restartCode : EX_OK
        } catch let failure as StateLock.Failure {
            Console.note("stationd: \(failure)")
            return EX_UNAVAILABLE
        } catch let problem as Configuration.Problem {
            Console.note("stationd: \(problem)")
            return problem.exitCode
        } catch {
            // The system refused something that it may give the next time.
            Console.note("stationd: \(error)")
            return EX_OSERR
        }
    }

    /// Another station in the same directory ends this one; a directory that cannot be locked is
    /// told and used, since doors have to open on a worn-out card as well.
    private static func lock(_ directory: DiskDirectory) throws(StateLock.Failure) -> StateLock? {
        do throws(StateLock.Failure) {
            return try StateLock(directory)
        } catch {
            guard case .unavailable = error else { throw error }
            Console.note("stationd: \(error)")
            return nil
        }
    }

    /// Keeps in memory what a tap runs through, and nothing that only a start does: the linker's
    /// tables and the reader of configurations are half of what a start has touched.
    private static func settleMemory() {
        station_forget_start()
        let isPlayed = Rehearsal.play()
        station_trim_memory()
        if !isPlayed {
            // The first tap will find its code on the medium instead of in memory.
            Console.note("stationd: 预演没有开门 the rehearsed tap opened nothing")
        }
        if station_lock_memory() < 0 {
            Console.note("stationd: 内存没有锁住 memory is not locked; raise LimitMEMLOCK")
        }
    }

    private static func operate(
        _ configuration: Configuration, in directory: DiskDirectory, _ options: Options
    ) throws -> Backstage.End {
        let lock = try lock(directory)
        defer { withExtendedLifetime(lock) {} }
        // Signals are blocked before any thread starts, so that every thread inherits it.
        let signals = station_signal_watch([SIGTERM, SIGINT, SIGHUP], 3)
        let selector = try EpollSelector()
        let start = selector.now()
        // Nothing else is looked at before every output has its safe value.
        let bank = GPIOBank(
            configuration.station, selector: selector, firstToken: LinuxWorld.firstPort)
        bank.open()
        settleMemory()
        let memory = Memory(
            directory, configuration.station, seal: SealCredential.read())
        let backstage = try Backstage.make(
            configuration.station, memory: memory, directory: directory, now: start)
        var station = Station(
            configuration.station, modes: memory.modes, followed: memory.followed)
        // The clock first: the first entries carry what it says.
        backstage.expire(into: &station, at: start)
        for (plan, error) in bank.attachAll(into: &station, at: start) {
            Console.note("stationd: \(plan.names.joined(separator: ", ")): \(error)")
        }
        let version = memory.teach(&station, from: directory, at: selector.now())
        station.started(at: start)

        let info = ServiceInfo(
            version: Release.version, simulated: false, configuration: configuration.digest,
            boot: "\(BootID.ofKernel())", station: configuration.station)
        backstage.open(
            socket: options.socket, info: info,
            peers: PeerTable(
                ownUser: getuid(), crewGroups: options.crewGroups,
                readerGroups: options.readerGroups),
            tables: station.keyTables, rosterVersion: version)

        let ports = configuration.station.channels.map(\.port)
        let channels = try ChannelBank(
            configuration.station.channels, selector: selector,
            firstToken: LinuxWorld.firstChannel
        ) { channel, error in
            Console.note("stationd: \(ports[Int(channel.index)]): \(error)")
        }
        let usb = try USBBank(
            configuration.station.channels, selector: selector, token: LinuxWorld.usbToken
        ) { channel, obstacle in
            Console.note("stationd: \(ports[Int(channel.index)]): \(obstacle)")
        }
        let world = try LinuxWorld(
            backstage: backstage, bank: bank, channels: channels, usb: usb, selector: selector,
            signals: signals)
        var loop = EventLoop(gate: selector, room: House(station: station, world: world))
        // Files may hang: nothing waits for them.
        FileBank(configuration.station).start(
            posts: backstage.desk.posts, state: options.stateDirectory)
        _ = loop.tick()
        _ = station_notify("READY=1\nSTATUS=\(configuration.station.station.id)")
        Console.note("stationd \(Release.version): \(configuration.station.station.id) 就绪 ready")
        loop.run()
        // Nobody feeds the watchdog any more.
        _ = station_notify("STOPPING=1")
        // No deadline runs any more: a strike that is free now would stay so while threads end.
        loop.room.world.makeSafe(within: .milliseconds(500))
        return backstage.leave(loop.room.station)
    }
}
