// A journal file in good health: durability settings, sequences, tickets, slices and cursors.

import CSQLite
import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `A journal file` {
    @Test func `is created with every setting that durability rests on, read back`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            #expect(store.opening == .created)
            #expect(try store.database.integer("PRAGMA synchronous") == 2)
            #expect(try store.database.text("PRAGMA journal_mode") == "wal")
            #expect(try store.database.text("PRAGMA locking_mode") == "exclusive")
            #expect(try store.database.integer("PRAGMA cell_size_check") == 1)
            #expect(try store.database.integer("PRAGMA trusted_schema") == 0)
            #expect(try store.database.integer("PRAGMA page_size") == 4_096)
            #expect(try store.database.integer("PRAGMA wal_autocheckpoint") == 0)
            #expect(try store.database.integer("PRAGMA application_id") == 0x5354_4E44)
            #expect(try store.database.integer("PRAGMA user_version") == 2)
            #expect(
                try store.database.integer(
                    "SELECT count(*) FROM sqlite_schema WHERE type = 'index' "
                        + "AND tbl_name = 'entry'") == 0)
        }
        #expect(directory.names == ["journal.sqlite", "journal.sqlite-wal"])
    }

    @Test func `keeps sequences without a gap, ids and the chain across restarts`() throws {
        let directory = try TemporaryDirectory()
        var id: StoreID?
        for start in stride(from: UInt64(1), through: 31, by: 10) {
            try withStore(settings(directory, seed: start)) { store throws in
                #expect(store.opening == (start == 1 ? .created : .opened))
                #expect(store.head.sequence == start - 1)
                #expect(id == nil || id == store.id)
                id = store.id
                let done = try store.commit(entries(start...(start + 9)).span)
                #expect(done.lastSequence == start + 9)
            }
        }
        try withStore(settings(directory)) { store throws in
            #expect(try store.readAll().map(\.sequence) == Array(1...40))
            #expect(try store.verify().proven == 40)
        }
    }

    @Test func `gives every entry its own salt, and the seed decides them`() throws {
        func salts(seed: UInt64) throws -> [String] {
            let directory = try TemporaryDirectory()
            return try withStore(settings(directory, seed: seed)) { store throws in
                _ = try store.commit(entries(1...100).span)
                let rows = try store.database.prepare("SELECT hex(salt) FROM entry")
                var salts: [String] = []
                while try rows.step() { salts.append(rows.text(0)) }
                return salts
            }
        }
        let first = try salts(seed: 1)
        #expect(Set(first).count == 100)
        #expect(try salts(seed: 1) == first)
        #expect(Set(try salts(seed: 2)).isDisjoint(with: first))
    }

    @Test func `answers a batch with its last ticket and sequence`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            let first = try store.commit(entries(70...72).span)
            #expect(first == .init(upTo: Ticket(number: 72), lastSequence: 3))
            let noted = try store.commit(
                entries(73...73).span, notes: [.entriesLost(count: 4)])
            #expect(noted == .init(upTo: Ticket(number: 73), lastSequence: 5))
            let read = try store.readAll()
            #expect(read[3].kind == "station.entriesLost")
            #expect(read[3].key == nil)
            #expect(read[3].wall == read[4].wall)
            #expect(try store.commit([Entry]().span) == .init(upTo: nil, lastSequence: 5))
        }
    }

    @Test func `names a release's grant by its sequence`() throws {
        let directory = try TemporaryDirectory()
        func release(_ grant: UInt64) -> Event {
            .released(
                door: DoorID(0), cause: .key, grant: Ticket(number: grant), latency: .zero)
        }
        try withStore(settings(directory)) { store throws in
            _ = try store.commit([entry(500), entry(501, release(500))].span)
            _ = try store.commit(
                [entry(502)].span, notes: [.entriesLost(count: 1)])
            _ = try store.commit([entry(503, release(502)), entry(504, release(499))].span)
            let read = try store.readAll()
            #expect(read[1].payload.contains(#""grant":1,"#))
            #expect(read[4].payload.contains(#""grant":4,"#))
            #expect(!read[5].payload.contains("grant"))
        }
    }

    @Test func `cannot be opened twice, and says who is in the way`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...1).span)
            let error = #expect(throws: JournalError.self) {
                try withStore(settings(directory)) { _ in }
            }
            #expect(error?.kind == .busy)
        }
    }

    @Test func `that cannot be created is an error with a remedy, not a crash`() throws {
        let directory = try TemporaryDirectory()
        var elsewhere = settings(directory)
        elsewhere.directory = DiskDirectory(path: directory.disk.path + "/missing")
        let error = #expect(throws: JournalError.self) { try withStore(elsewhere) { _ in } }
        #expect(error?.kind == .denied)
        #expect(error?.description.contains("/missing/journal.sqlite") == true)
    }

    @Test func `copies its log into the file when asked, and cuts it at the end`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...200).span)
            #expect(store.logFrames > 10)
            #expect(try store.checkpoint() > 10)
            #expect(store.logFrames == 0)
            _ = try store.commit(entries(201...300).span)
            try store.finish()
        }
        #expect(directory.disk.size(of: "journal.sqlite-wal") == 0)
        try withStore(settings(directory)) { store throws in #expect(store.head.sequence == 300) }
    }
}

@Suite struct `A slice of the journal` {
    @Test func `holds at most its limit and leads on to the next`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...150).span)
            let first = try store.read(after: nil, limit: 1_000)
            #expect(first.entries.map(\.sequence) == Array(1...64))
            #expect(first.hasMore)
            #expect(first.isContinued)
            #expect(first.lastSequence == 150)
            let second = try store.read(after: first.next, limit: 10)
            #expect(second.entries.map(\.sequence) == Array(65...74))
            let last = try store.read(after: store.end, limit: 10)
            #expect(last.entries.isEmpty)
            #expect(!last.hasMore)
            #expect(last.next == store.end)
            #expect(try store.read(after: nil, limit: -5).entries.count == 1)
        }
    }

    @Test func `ends early when its time is up, with something in it`() throws {
        let directory = try TemporaryDirectory()
        var slow = settings(directory)
        let clock = SteppingClock()
        slow.now = { clock.next() }
        try withStore(slow) { store throws in
            _ = try store.commit(entries(1...64).span)
            #expect(try store.read(after: nil, limit: 64).entries.count == 8)
            var verification = try store.beginVerification()
            try store.advance(&verification)
            #expect(verification.proven == 8)
            #expect(!verification.isFinished)
        }
    }

    @Test func `starts over for a reader of another store, and says so`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...3).span)
            let stranger = Cursor(store: StoreID(bits: 99), sequence: 2)
            let slice = try store.read(after: stranger, limit: 64)
            #expect(!slice.isContinued)
            #expect(slice.entries.count == 3)
            #expect(slice.next == store.end)
        }
    }

    @Test func `does not trip over a cursor past the end`() throws {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...3).span)
            let ahead = Cursor(store: store.id, sequence: .max)
            let slice = try store.read(after: ahead, limit: 64)
            #expect(slice.entries.isEmpty)
            #expect(slice.next == store.end)
            #expect(!slice.isContinued, "an older copy of the file is told")
            #expect(try store.read(after: store.end, limit: 64).isContinued)
        }
    }
}

/// A clock on which every look takes 3 ms.
private final class SteppingClock: @unchecked Sendable {
    // Looked at by one thread.
    private var time = Instant(nanoseconds: 0)

    func next() -> Instant {
        time = time + .milliseconds(3)
        return time
    }
}
