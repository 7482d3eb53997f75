// What holders have had, over a restart: in the snapshot's bytes, and in what entries add.

import EventLoop
import Testing

@testable import Journal
@testable import StationCore

@Suite struct `What holders have had, over a restart` {
    private static let today = CivilDate(year: 2026, month: 11, day: 21)!
    private let memory = QuotaMemory(accounts: [
        .init(
            service: "water", holder: ShortText("h-1")!, date: today,
            day: QuotaTally(uses: 1, amount: 500, seconds: 20),
            week: QuotaTally(uses: 2, amount: 900, seconds: 50),
            month: QuotaTally(uses: .max, amount: .max, seconds: .max)),
        .init(
            service: nil, holder: ShortText("h-1")!, date: CivilDate(dayNumber: -1),
            day: QuotaTally(uses: 3), week: QuotaTally(uses: 3), month: QuotaTally(uses: 3)),
        .init(
            service: "charge", holder: ShortText("h-2")!, date: today, day: QuotaTally(),
            week: QuotaTally(), month: QuotaTally(uses: 1)),
    ])

    private func snapshot(_ memory: QuotaMemory) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_795_000_000), doors: [], quotas: memory)
    }

    @Test func `comes back from the snapshot as it was`() {
        #expect(StateSnapshot(snapshot(memory).encoded()[...])?.quotas == memory)
    }

    @Test func `is empty in a snapshot from before`() {
        let bytes = snapshot(QuotaMemory()).encoded()
        // Neither names nor accounts: one byte and two.
        let before = StateSnapshot(bytes.dropLast(3 + emptyCommands), version: 10)
        #expect(before?.quotas == QuotaMemory() && before?.wallAnchor != nil)
    }

    @Test func `is refused cut short, anywhere, and with what follows it`() {
        let bytes = snapshot(memory).encoded()
        for length in 0..<bytes.count { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
    }

    @Test func `is refused with a service that it does not name, or nobody`() {
        let bytes = snapshot(memory).encoded()
        let holder = Array("h-2".utf8)
        let place = bytes.indices.last { bytes[$0...].starts(with: holder) } ?? 0
        var other = bytes
        #expect(other[place - 2] == 1)
        other[place - 2] = 2
        #expect(StateSnapshot(other[...]) == nil)
        other = bytes
        other[place] = 0x7f
        #expect(StateSnapshot(other[...]) == nil)
    }

    @Test func `never traps on bytes of chance`() {
        let random = SeededRandom(seed: 5)
        func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
        let bytes = snapshot(memory).encoded()
        for _ in 0..<3_000 {
            var other = bytes
            for _ in 0..<4 { other[below(other.count)] = UInt8(below(256)) }
            _ = StateSnapshot(other[...])
        }
    }

    @Test func `has room for as many as are counted`() {
        let accounts = (0..<QuotaLedger.capacity).map { number in
            QuotaMemory.Account(
                service: String(repeating: "s", count: 60) + "\(number % 64)",
                holder: ShortText("holder-of-23-bytes-\(1_000 + number % 9_000)")!,
                date: Self.today, day: QuotaTally(uses: 1), week: QuotaTally(uses: 1),
                month: QuotaTally(uses: 1))
        }
        let full = snapshot(QuotaMemory(accounts: accounts))
        #expect(full.encoded().count <= StateSnapshot.sizeLimit)
        #expect(StateSnapshot(full.encoded()[...]) == full)
    }

    // MARK: Entries

    private func facts(
        _ events: [(Event, key: String, quality: ClockQuality)], counted: UInt64? = nil
    ) throws -> [QuotaFacts.Fact] {
        let directory = try TemporaryDirectory()
        let written = events.enumerated().map { index, event in
            var entry = entry(
                UInt64(index + 1), event.0, key: event.key, holder: "h-\(event.key.suffix(1))")
            entry.quality = event.quality
            return entry
        }
        let stored = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        let cursor = counted.map { Cursor(store: stored[0].store, sequence: $0) }
        var recollection = Recollection(names, counted: cursor)
        for entry in stored { recollection.take(entry) }
        return recollection.quotaFacts.facts
    }

    private func used(
        _ amount: UsageAmount, seconds: UInt32 = 30, source: UseSource = .key
    ) -> Event {
        .useEnded(
            service: ServiceID(0), unit: 0, source: source, end: .ended, seconds: seconds,
            amount: amount)
    }

    private func granted() -> Event {
        .granted(door: DoorID(0), reader: DeviceID(0), view: .full, note: .none)
    }

    private func denied(_ view: View?) -> Event {
        .denied(door: DoorID(0), reader: DeviceID(0), view: view, reason: .lockdown)
    }

    @Test func `is in the entries of uses and of doors, by whose they are`() throws {
        let facts = try facts([
            (used(UsageAmount(450, .millilitres)), "k-1", .synced),
            (used(.once, source: .button), "", .synced), (used(.none), "k-1", .synced),
            (granted(), "k-2", .synced), (used(.once, seconds: 90), "k-3", .none),
        ])
        #expect(facts.map(\.holder) == [ShortText("h-1"), ShortText("h-2"), ShortText("h-3")])
        #expect(facts.map(\.service) == [0, nil, 0])
        #expect(
            facts.map(\.tally) == [
                QuotaTally(uses: 1, amount: 450, seconds: 30), QuotaTally(uses: 1),
                QuotaTally(uses: 1, seconds: 90),
            ])
        #expect(facts[0].date != nil && facts[2].date == nil)
    }

    @Test func `leaves out a grant that came to nothing, and no other`() throws {
        let facts = try facts([
            (granted(), "k-1", .synced), (granted(), "k-2", .synced),
            (denied(nil), "k-1", .synced), (denied(.full), "k-2", .synced),
        ])
        #expect(facts.map(\.key) == [ShortText("k-2")])
    }

    @Test func `is not counted again where the snapshot has it`() throws {
        let facts = try facts(
            [
                (used(.once), "k-1", .synced), (used(.once), "k-2", .synced),
                (used(.once), "k-3", .synced),
            ], counted: 2)
        #expect(facts.map(\.key) == [ShortText("k-3")])
    }
}
