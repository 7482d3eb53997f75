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
    func journal(found opening: Opening) {}
    func journal(troubled error: JournalError) { Console.note("journal: \(error)") }
}

/// fd 3 has edges as the kernel writes them, fd 4 takes a word and a time for each answer.
struct BenchWorld: World, ~Copyable {
    private static let events: Int32 = 3
    private static let replies: Int32 = 4

    private let buffer = UnsafeMutablePointer<gpio_v2_line_event>.allocate(capacity: 64)
    private let listener = Listener()
    private let journal: JournalThread?
    /// Without a journal's thread: what the next tick commits.
    private var instant: Ticket?
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

    mutating func takePosts(limit: Int, into station: inout Station, at now: Instant) -> Bool {
        if let ticket = instant {
            instant = nil
            station.answered(.committed(upTo: ticket, lastSequence: 1), at: now)
        }
        var answers: [JournalAnswer] = []
        guard journal != nil else { return false }
        let isMore = listener.answers.drain(limit: limit) { answers.append($0) }
        for answer in answers { station.answered(answer, at: now) }
        return isMore
    }

    mutating func read(
        _ ready: Readiness, into station: inout Station, at now: Instant
    ) -> Drained {
        guard ready.token == 1 else { return .drained }
        let count = station_gpio_read(Self.events, buffer, 64)
        if count <= 0 { isFinished = count < 0 || ready.isHangup }
        for index in 0..<Int(max(0, count)) {
            let event = buffer[index]
            station.edge(
                LineID(Int(event.offset)), isActive: false,
                at: Instant(nanoseconds: Int64(event.timestamp_ns)))
        }
        return .drained
    }

    mutating func set(_ setting: LineSetting, into station: inout Station, at now: Instant) {
        reply(setting.isActive ? 2 : 3)
    }

    mutating func handOver(_ entries: borrowing [Entry], at now: Instant) -> Int {
        for index in entries.indices {
            if let journal { _ = journal.take(entries[index]) }
            if case .granted = entries[index].event { reply(1) }
        }
        if journal == nil { instant = entries[entries.count - 1].ticket }
        return entries.count
    }

    var nextDeadline: Instant? { instant == nil ? nil : Instant(nanoseconds: 0) }
    mutating func expire(into station: inout Station, at now: Instant) {}

    private func reply(_ kind: UInt64) {
        var words = (kind, UInt64(Self.monotonic()))
        if write(Self.replies, &words, 16) != 16 { exit(EX_OK) }
    }
}
