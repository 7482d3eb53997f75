// How many taps a second the core and the real journal carry, every grant durable before release.

import EventLoop
import Glibc
import Journal
import Ports
import StationCore

/// Feeds taps into the core as fast as the journal answers for them.
enum Sustained {
    /// Taps that may be under way: as many as the barrier holds.
    static let window = 128

    /// Prints durable releases per second.
    static func run(directory: String, seconds: Int64) throws {
        let station = Gate.resolved()
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
        for device in 0..<2 { core.attached(DeviceID(device), at: start) }

        var card: UInt128 = 0
        var door = pollfd(
            fd: listener.answers.descriptor, events: Int16(POLLIN), revents: 0)
        var now = start
        while now < start + .seconds(seconds) {
            now = Instant(nanoseconds: Clock.now())
            while core.heldGrants < window {
                card = (card + 1) % 10_000
                present(card, to: &core, at: now)
            }
            settle(&core, journal, at: now)
            poll(&door, 1, 1_000)
            var answers: [JournalAnswer] = []
            _ = listener.answers.drain(limit: 64) { answers.append($0) }
            now = Instant(nanoseconds: Clock.now())
            for answer in answers { core.answered(answer, at: now) }
            core.expire(at: now)
            settle(&core, journal, at: now)
        }
        let taken = Double((now - start).nanoseconds) / 1e9
        let counters = core.counters
        precondition(journal.stop().left == 0, "entries were not written")
        let durable = counters.grants - counters.undurableReleases - UInt64(core.heldGrants)
        print(Int(Double(durable) / taken))
    }

    private static func present(_ card: UInt128, to core: inout Station, at now: Instant) {
        // A frame is its 24 bits between two parities.
        guard
            let bits = WiegandFormat.h10301.encode(facility: card >> 16, number: card & 0xFFFF)
        else { return }
        core.presented(
            Presentation(
                credential: Credential(technology: .wiegand, bitCount: 26, bits: bits),
                format: .h10301, at: now), at: DeviceID(0), now: now)
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

private final class SustainedListener: JournalListener {
    let answers = Mailbox<JournalAnswer>(capacity: 4_096)
    func journal(_ answer: JournalAnswer) { _ = answers.post(answer) }
    func journal(found opening: Opening) {}
    func journal(troubled error: JournalError) { Console.note("journal: \(error)") }
}
