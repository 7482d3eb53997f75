// How many taps a second the core and the real journal carry, from their edges to a durable grant.

import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Plays cards on many readers, each as fast as a wire allows, as long as the journal keeps up.
enum Sustained {
    /// Grants that may wait for their commit: half of what the barrier holds.
    static let window = 128
    /// A reader's frame takes 5 ms and is over after one more: so many make 20,000 taps a second.
    static let readers = 128

    /// Prints durable grants per second.
    static func run(directory: String, seconds: Int64) throws {
        let station = Gate.resolved(readers: readers)
        let listener = SustainedListener()
        let journal = try JournalThread(
            settings: StoreSettings(
                directory: DiskDirectory(path: directory), random: KernelRandom(),
                now: { Instant(nanoseconds: Clock.now()) }, wall: { WallTime(milliseconds: 0) },
                station: "bench", boot: BootID.ofKernel(), names: EntryNames(station)),
            listener: listener)
        var core = Station(station)
        let start = Instant(nanoseconds: Clock.now())
        core.installed(key: Gate.key(), isNew: false, at: start)
        core.replaced(
            roster: try RosterFile.decode(try Gate.rosterFile(10_000), doors: ["gate"]),
            refused: 0, isNew: false, at: start)
        for device in station.devices.indices { core.attached(DeviceID(device), at: start) }

        var crowd = Crowd(start)
        var door = pollfd(
            fd: listener.answers.descriptor, events: Int16(POLLIN), revents: 0)
        var now = start
        while now < start + .seconds(seconds) {
            now = Instant(nanoseconds: Clock.now())
            crowd.play(into: &core, at: now)
            // Every frame's quiet time is over.
            core.expire(at: now)
            settle(&core, journal, at: now)
            poll(&door, 1, 1)
            var answers: [JournalAnswer] = []
            _ = listener.answers.drain(limit: 64) { answers.append($0) }
            now = Instant(nanoseconds: Clock.now())
            for answer in answers { core.answered(answer, at: now) }
            core.expire(at: now)
            settle(&core, journal, at: now)
        }
        let taken = Double((now - start).nanoseconds) / 1e9
        let counters = core.counters
        precondition(counters.taps == crowd.played, "a card that was played was not read")
        precondition(counters.grants == counters.taps, "a card on the roster was not let through")
        precondition(journal.stop().left == 0, "entries were not written")
        let durable = counters.grants - counters.undurableReleases - UInt64(core.heldGrants)
        print(Int(Double(durable) / taken))
    }

    private static func settle(
        _ core: inout Station, _ journal: JournalThread, at now: Instant
    ) {
        _ = core.pump(steps: 4_096, at: now)
        while core.takeSetting() != nil {}
        var taken = 0
        while taken < core.outbox.count, journal.take(core.outbox[taken]) {
            taken += 1
        }
        core.handedOver(taken)
    }
}

/// Riders at every reader, each with another card of the roster.
private struct Crowd {
    /// Between two bits; readers do 0.2 to 2 ms.
    private static let bit = Interval.microseconds(200)
    /// A frame of 26 bits is over when its line was quiet for a millisecond.
    private static let quiet = Interval.microseconds(1_050)
    private static let span = Interval.microseconds(25 * 200) + quiet

    /// When each reader's last frame was over.
    private var free: [Instant]
    private var card = 0
    private var edges: [LineEdge] = []
    private(set) var played: UInt64 = 0

    init(_ start: Instant) { free = Array(repeating: start, count: Sustained.readers) }

    /// Hands over the frames that were over just now, with the kernel's stamps of their edges.
    mutating func play(into core: inout Station, at now: Instant) {
        var room = Sustained.window - core.heldGrants
        for reader in free.indices where free[reader] + Self.span < now && room > 0 {
            room -= 1
            frame(overAt: now)
            core.edges(edges.span, of: DeviceID(reader))
            free[reader] = now
            played += 1
        }
    }

    private mutating func frame(overAt now: Instant) {
        card = (card + 1) % 10_000
        let bits = WiegandFormat.h10301.encode(
            facility: UInt128(card >> 16), number: UInt128(card & 0xFFFF))
        guard let bits else { return }
        edges.removeAll(keepingCapacity: true)
        for place in (0..<26).reversed() {
            edges.append(
                LineEdge(
                    terminal: UInt8(bits >> UInt128(place) & 1), isActive: false,
                    at: Instant(
                        nanoseconds: (now.nanoseconds - Self.quiet.nanoseconds)
                            - Int64(place) * Self.bit.nanoseconds)))
        }
    }
}

private final class SustainedListener: JournalListener {
    let answers = Mailbox<JournalAnswer>(capacity: 4_096)
    func journal(_ answer: JournalAnswer) { _ = answers.post(answer) }
    func journal(stands end: Cursor) {}
    func journal(found opening: Opening) {}
    func journal(troubled error: JournalError) { Console.note("journal: \(error)") }
}
