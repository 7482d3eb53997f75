// Which commands were taken up, over a restart: in the snapshot's bytes, and in what entries add.

import EventLoop
import Testing

@testable import Journal
@testable import StationCore

@Suite struct `Commands over a restart` {
    private static func known(
        _ id: String, _ subject: CommandSubject, _ outcome: CommandOutcome?
    ) -> CommandLedger.Known {
        CommandLedger.Known(
            id: ShortText(id)!, digest: 0x00ab_cdef, subject: subject,
            expires: WallTime(seconds: 1_795_251_600), outcome: outcome)
    }

    private let memory = CommandMemory(
        ledger: CommandLedger(
            known: [
                known("c-1", .door, .done), known("c-2", .reader, nil),
                known("a-name-of-23-bytes-long", .hours, .interrupted),
            ], horizon: WallTime(seconds: 1_795_000_001),
            from: WallTime(seconds: 1_795_000_002)))

    private func snapshot(_ memory: CommandMemory) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_795_000_000), doors: [], commands: memory)
    }

    @Test func `come back from the snapshot as they were`() {
        #expect(StateSnapshot(snapshot(memory).encoded()[...])?.commands == memory)
        #expect(StateSnapshot(snapshot(.lost).encoded()[...])?.commands == .lost)
        #expect(StateSnapshot.version == 12)
    }

    @Test func `are none in a snapshot from before`() {
        let bytes = snapshot(CommandMemory()).encoded()
        let before = StateSnapshot(bytes.dropLast(emptyCommands), version: 11)
        #expect(before?.commands == CommandMemory() && before?.wallAnchor != nil)
    }

    @Test func `are refused cut short, anywhere, and with what follows them`() {
        let bytes = snapshot(memory).encoded()
        for length in 0..<bytes.count { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
    }

    @Test func `are refused with a subject or an outcome that there is not`() {
        let bytes = snapshot(memory).encoded()
        // subject 1, expires 8, outcome 1 at the end; then that there is no notice.
        for place in [bytes.count - 18, bytes.count - 9] {
            var other = bytes
            other[place] = 0xFE
            #expect(StateSnapshot(other[...]) == nil)
        }
    }

    @Test func `have room for as many as are remembered`() {
        let known = (0..<CommandLedger.capacity).map { number in
            Self.known("id-of-23-bytes-in-a-\(100 + number)", .guard, .done)
        }
        let ledger = CommandLedger(
            known: known, horizon: WallTime(seconds: 0), from: CommandLedger.never)
        let bytes = snapshot(CommandMemory(ledger: ledger)).encoded()
        #expect(StateSnapshot(bytes[...])?.commands.ledger == ledger)
        #expect(bytes.count <= StateSnapshot.sizeLimit)
    }

    // MARK: Entries

    private func facts(_ events: [(Event, id: String)]) throws -> CommandFacts {
        let directory = try TemporaryDirectory()
        let written = events.enumerated().map { index, event in
            entry(UInt64(index + 1), event.0, key: event.id, holder: "hub:00")
        }
        let stored = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        var facts = CommandFacts()
        for entry in stored { facts.take(entry) }
        return facts
    }

    @Test func `are known from what is written down`() throws {
        let until = WallTime(seconds: 1_795_251_600)
        let facts = try facts([
            (.commandEnded(.past), "c-0"),
            (.commandTaken(subject: .door, expires: until, digest: 0xFFFF_FFFF_FFFF_FFFF), "c-1"),
            (.commandTaken(subject: .guard, expires: until, digest: 7), "c-2"),
            (.commandEnded(.causeHolds), "c-2"),
        ])
        #expect(facts.ledger.known.map(\.outcome) == [nil, .causeHolds])
        #expect(facts.ledger.known.map(\.digest) == [.max, 7])
        #expect(facts.ledger.known.map(\.subject) == [.door, .guard])
        #expect(facts.ledger.known.allSatisfy { $0.expires == until })
        // Taken up before the first entry: the snapshot knows of it.
        #expect(facts.ends.map(\.outcome) == [.past] && facts.ends[0].id == ShortText("c-0"))
    }
}
