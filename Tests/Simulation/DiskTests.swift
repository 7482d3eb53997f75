// The disk in memory, and the real store on it.

import EventLoop
import Journal
import Simulation
import StationCore
import Testing

@Suite struct `The disk in memory` {
    let station = SyntheticStation.make(doors: 1)
    let clock = VirtualClock(wall: WallTime(seconds: 1_780_272_000))

    func journal(on disk: MemoryFileSystem, life: UInt64 = 1) -> InlineJournal {
        InlineJournal(
            station: station, disk: disk, clock: clock, seed: SplitMix64(seed: life),
            boot: BootID(bits: UInt128(life)))
    }

    func entries(_ numbers: ClosedRange<UInt64>) -> [Entry] {
        numbers.map {
            Entry(
                ticket: Ticket(number: $0), at: clock.now, calendar: .unknown,
                event: .commanded(door: DoorID(0), command: .lock, by: .crew))
        }
    }

    /// Lets the journal work for a while, and returns its answers.
    func run(_ journal: InlineJournal, for interval: Interval) -> [JournalAnswer] {
        var answers: [JournalAnswer] = []
        let end = clock.now + interval
        while let due = journal.nextDeadline, due <= end {
            clock.advance(to: due)
            journal.advance(to: clock.now)
            while let answer = journal.takeAnswer(at: clock.now) { answers.append(answer) }
        }
        clock.advance(to: end)
        return answers
    }

    @Test func `keeps what the store commits`() throws {
        let disk = MemoryFileSystem(chance: SplitMix64(seed: 1))
        let journal = journal(on: disk)
        _ = journal.take(entries(1...10), at: clock.now)
        let answers = run(journal, for: .seconds(5))
        #expect(answers.first == .opened(lastSequence: 0))
        #expect(answers.last == .committed(upTo: Ticket(number: 10), lastSequence: 10))
        #expect(try journal.readAll().map(\.sequence) == Array(1...10))
        #expect(try journal.verify().broken == nil)
        #expect(journal.close() == 0)
    }

    @Test func `takes virtual time for a commit`() {
        let disk = MemoryFileSystem(chance: SplitMix64(seed: 2))
        let journal = journal(on: disk)
        _ = run(journal, for: .seconds(5))
        disk.turn(.slow)
        let start = clock.now
        _ = journal.take(entries(1...1), at: clock.now)
        var committed: Instant?
        while committed == nil, let due = journal.nextDeadline {
            clock.advance(to: due)
            journal.advance(to: clock.now)
            if journal.takeAnswer(at: clock.now) != nil { committed = clock.now }
        }
        #expect((committed ?? start) - start > .milliseconds(100))
    }

    @Test func `says when it is full, and goes on when there is room`() throws {
        let disk = MemoryFileSystem(chance: SplitMix64(seed: 3))
        let journal = journal(on: disk)
        _ = run(journal, for: .seconds(5))
        disk.turn(.full)
        _ = journal.take(entries(1...3), at: clock.now)
        let troubled = run(journal, for: .seconds(30))
        #expect(troubled.contains(.failed))
        #expect(!troubled.contains { if case .committed = $0 { true } else { false } })
        disk.turn(.healthy)
        let mended = run(journal, for: .seconds(30))
        #expect(mended.contains(.committed(upTo: Ticket(number: 3), lastSequence: 3)))
        #expect(try journal.verify().broken == nil)
    }

    /// Each place where the medium can fail once, one after the other.
    @Test(arguments: 1...40)
    func `survives one failed operation, whichever it is`(place: Int) throws {
        let disk = MemoryFileSystem(chance: SplitMix64(seed: 4))
        let journal = journal(on: disk)
        disk.failOperation(after: place)
        for batch in UInt64(0)..<6 {
            _ = journal.take(entries(batch * 3 + 1...batch * 3 + 3), at: clock.now)
            _ = run(journal, for: .seconds(40))
        }
        #expect(journal.waiting == 0)
        #expect(try journal.verify().broken == nil)
        let kinds = try journal.readAll().map(\.kind)
        #expect(kinds.count { $0 == "door.commanded" } == 18)
    }

    @Test(arguments: UInt64(1)...20)
    func `keeps every committed entry through a power cut`(seed: UInt64) throws {
        let disk = MemoryFileSystem(chance: SplitMix64(seed: seed))
        var committed: UInt64 = 0
        do {
            let journal = journal(on: disk)
            for batch in UInt64(0)..<8 {
                _ = journal.take(entries(batch * 2 + 1...batch * 2 + 2), at: clock.now)
                if batch == 7 {
                    // The last batch is written, and the machine dies before anybody hears of it.
                    disk.failOperation(after: Int(seed % 5) + 1)
                }
                for case .committed(_, let last) in run(journal, for: .milliseconds(30)) {
                    committed = last
                }
            }
            disk.cutPower()
        }
        let after = journal(on: disk, life: seed + 100)
        _ = run(after, for: .seconds(5))
        let entries = try after.readAll()
        #expect(committed >= 14)
        #expect(UInt64(entries.count) >= committed)
        #expect(entries.map(\.sequence) == (0..<entries.count).map { UInt64($0 + 1) })
        #expect(try after.verify().broken == nil)
    }
}
