// A virtual plant with everything else real: journal thread, control socket, clerk, clock, signals.

import CLinux
import Control
import EventLoop
import Ports
import Simulation
import StationCore

/// Stands where `LinuxWorld` stands, with virtual lines instead of a board's.
final class LiveWorld: World {
    private enum Token {
        static let posts: UInt32 = 0
        static let signals: UInt32 = 1
        static let clockStep: UInt32 = 2
    }

    let backstage: Backstage
    let plant: VirtualPlant
    private let lines: LiveLines
    private var bank: VirtualBank
    private var channels: VirtualChannels
    private var files: VirtualFiles
    private let signals: Int32
    private let clockStep: Int32

    init(
        backstage: Backstage, plant: VirtualPlant, selector: LiveSelector, signals: Int32,
        lines: LiveLines
    ) throws(EpollSelector.Failure) {
        self.backstage = backstage
        self.plant = plant
        self.signals = signals
        self.lines = lines
        bank = VirtualBank(plant)
        channels = VirtualChannels(plant.twins)
        files = VirtualFiles(plant)
        clockStep = station_clock_step_watch()
        let descriptors = selector.descriptors
        _ = try descriptors.add(backstage.desk.posts.descriptor, token: Token.posts)
        _ = try descriptors.add(signals, token: Token.signals)
        if clockStep >= 0 { _ = try descriptors.add(clockStep, token: Token.clockStep) }
    }

    func open(into station: inout Station, at now: Instant) {
        bank.openAll(into: &station, at: now)
        plant.teach(&station, at: now)
        channels.openAll(into: &station, at: now)
    }

    func takePosts(limit: Int, into station: inout Station, at now: Instant) -> Bool {
        let (plant, backstage) = (plant, backstage)
        return backstage.takePosts(limit: limit, into: &station, at: now) { post, _ in
            // A tap from outside: the reader itself plays it, bit by bit.
            guard case .asked(.tap(let reader, let credential), let id) = post else { return }
            plant.present(
                bits: credential.bits, count: Int(credential.bitCount), at: reader, now: now)
            backstage.server?.answer(id, CoreAnswer.done)
        }
    }

    func read(_ ready: Readiness, into station: inout Station, at now: Instant) -> Drained {
        if plant.owns(ready.registration) {
            return bank.read(ready, into: &station, at: now)
        }
        switch ready.token {
        case Token.signals:
            while station_signal_next(signals) > 0 {
                backstage.finish(.stopped, &station, at: now)
            }
        case Token.clockStep:
            if station_clock_step_drain(clockStep) == 1 { backstage.clockStepped() }
        default:
            break  // Posts are taken at the start of the next tick, which comes at once.
        }
        return .drained
    }

    func set(_ setting: LineSetting, into station: inout Station, at now: Instant) {
        bank.set(setting, into: &station, at: now)
    }

    func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {
        channels.carryOut(order, on: channel, into: &station, at: now)
    }

    func entropy() -> RandomBytes { KernelRandom.bytes() }

    func keep(_ request: KeyRequest, into station: inout Station, at now: Instant) {
        backstage.keep(request, into: &station, at: now)
    }

    func enrol(_ task: EnrolmentTask, into station: inout Station, at now: Instant) {
        backstage.enrol(task, into: &station, at: now)
    }

    func keepTotals(by due: Instant) { backstage.keepTotals(by: due) }

    func handOver(from station: inout Station, at now: Instant) {
        backstage.handOver(from: &station) { entry in
            var latency: Interval?
            switch entry.event {
            case .released(_, .key, _, let measured, _): latency = measured
            case .denied(_, let reader, _, _):
                latency = plant.lastCard(at: reader).map { entry.at - $0 }
            default: break
            }
            lines.tell(LiveWords.Line(entry: entry, latency: latency))
        }
    }

    var nextDeadline: Instant? {
        if plant.hasOrders { return Instant(nanoseconds: 0) }
        var next = backstage.nextDeadline
        if let due = bank.nextDeadline { next = min(next, due) }
        if let due = channels.nextDeadline { next = min(next, due) }
        if let due = files.nextDeadline { next = min(next, due) }
        return next
    }

    func expire(into station: inout Station, at now: Instant) {
        for order in plant.takeOrders() {
            // A live station has no faults, so only commands can come.
            switch order {
            case .command(let door, let command, let authority):
                station.commanded(command, door: door, by: authority, at: now)
            case .closeMains: plant.closeMains(&station, at: now)
            case .clock, .disk, .brownOut, .powerOff, .lookIntoBoxes: break
            }
        }
        backstage.expire(into: &station, at: now)
        bank.expire(into: &station, at: now)
        channels.expire(into: &station, at: now)
        files.expire(into: &station, at: now)
    }

    var isFinished: Bool { backstage.isFinished }
}
