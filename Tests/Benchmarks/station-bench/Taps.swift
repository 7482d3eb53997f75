// The real loop, house and core, with the driver's pipes where the GPIO lines would be.

import CGPIO
import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Serves taps until the driver closes fd 3.
enum Taps {
    static func run(isReal: Bool, directory: String) throws {
        let selector = try EpollSelector()
        var station = Station(Gate.resolved())
        let key = Gate.key()
        let now = selector.now()
        station.installed(key: key, isNew: false, at: now)
        station.replaced(
            roster: try RosterFile.decode(try Gate.rosterFile(10_000), doors: ["gate"]),
            refused: 0, isNew: false, at: now)
        for device in 0..<2 { station.attached(DeviceID(device), at: now) }
        let world = try BenchWorld(
            station.resolved, selector: selector, directory: isReal ? directory : nil)
        var loop = EventLoop(gate: selector, room: House(station: station, world: world))
        loop.run()
    }
}

/// Hears the journal's thread.
private final class Listener: JournalListener {
    let answers = Mailbox<JournalAnswer>(capacity: 4_096)
    func journal(_ answer: JournalAnswer) { _ = answers.post(answer) }
    func journal(stands end: Cursor) {}
    func journal(found opening: Opening) {}
    func journal(troubled error: JournalError) { Console.note("journal: \(error)") }
}

/// fd 3 has edges as the kernel writes them, fd 4 takes a word and a time for each answer.
struct BenchWorld: World, ~Copyable {
    private static let events: Int32 = 3
    private static let replies: Int32 = 4

    private static let capacity = 64

    private let buffer = UnsafeMutablePointer<gpio_v2_line_event>.allocate(capacity: capacity)
    private let edges = UnsafeMutablePointer<LineEdge>.allocate(capacity: capacity)
    private let listener = Listener()
    private let journal: JournalThread?
    private let selector: EpollSelector
    private(set) var isFinished = false

    init(_ station: ResolvedStation, selector: EpollSelector, directory: String?) throws {
        self.selector = selector
        _ = try selector.add(Self.events, token: 1)
        _ = try selector.add(listener.answers.descriptor, token: 0)
        guard let directory else {
            journal = nil
            return
        }
        let clock: @Sendable () -> Instant = { Instant(nanoseconds: Self.monotonic()) }
        journal = try JournalThread(
            settings: StoreSettings(
                directory: DiskDirectory(path: directory), random: KernelRandom(), now: clock,
                wall: { WallTime(milliseconds: 0) }, station: "bench", boot: BootID.ofKernel(),
                names: EntryNames(station)), listener: listener)
    }

    private static func monotonic() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    mutating func keep(_ request: KeyRequest, into station: inout Station, at now: Instant) {
        station.kept(true, request.receipt, at: now)
    }

    mutating func enrol(_ task: EnrolmentTask, into station: inout Station, at now: Instant) {
        station.enrolled(nil, receipt: task.receipt, at: now)
    }

    /// The bench has no medium and no meter.
    mutating func keepTotals(by due: Instant) {}

    mutating func takePosts(limit: Int, into station: inout Station, at now: Instant) -> Bool {
        guard journal != nil else { return false }
        return listener.answers.drain(limit: limit) { station.answered($0, at: now) }
    }

    mutating func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        guard ready.token == 1 else { return .drained }
        let count = Int(station_gpio_read(Self.events, buffer, UInt32(Self.capacity)))
        if count <= 0 { isFinished = count < 0 || ready.isHangup }
        for index in 0..<max(0, count) {
            let event = buffer[index]
            edges[index] = LineEdge(
                terminal: UInt8(truncatingIfNeeded: event.offset), isActive: false,
                at: Instant(nanoseconds: Int64(bitPattern: event.timestamp_ns)))
        }
        station.edges(UnsafeBufferPointer(start: edges, count: max(0, count)).span, of: DeviceID(0))
        return .drained
    }

    mutating func set(_ setting: LineSetting, into station: inout Station, at now: Instant) {
        reply(setting.isActive ? 2 : 3)
    }

    mutating func carryOut(
        _ order: ChannelOrder, on channel: ChannelID, into station: inout Station, at now: Instant
    ) {}

    mutating func entropy() -> RandomBytes { RandomBytes(repeating: 0) }

    mutating func handOver(from station: inout Station, at now: Instant) {
        let count = station.outbox.count
        var last = Ticket(number: 0)
        for index in 0..<count {
            if let journal { _ = journal.take(station.outbox[index]) }
            if case .granted = station.outbox[index].event { reply(1) }
            last = station.outbox[index].ticket
        }
        station.handedOver(count)
        guard journal == nil else { return }
        station.answered(.committed(upTo: last, lastSequence: 1), at: now)
    }

    var nextDeadline: Instant? { nil }
    mutating func expire(into station: inout Station, at now: Instant) {}

    private func reply(_ kind: UInt64) {
        var words = (kind, UInt64(Self.monotonic()))
        if write(Self.replies, &words, 16) != 16 { exit(EX_OK) }
    }
}
