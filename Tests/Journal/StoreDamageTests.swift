// A journal file that was cut, scribbled over, or never was one: people hear of it.

import CSQLite
import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `A damaged journal` {
    /// A journal of `count` entries, killed without a checkpoint or closed in good order.
    private func directory(entries count: UInt64, finished: Bool) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            for number in 1...count { _ = try store.commit(entries(number...number).span) }
            if finished { try store.finish() }
        }
        return directory
    }

    /// Expects that the file was set aside and that a new store works.
    private func expectReplaced(
        _ directory: TemporaryDirectory, by name: String = "journal.corrupt-1.sqlite",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try withStore(settings(directory, seed: 2)) { store throws in
            guard case .replaced(let aside, let reason) = store.opening else {
                Issue.record("opened as \(store.opening)", sourceLocation: sourceLocation)
                return
            }
            #expect(aside == name, sourceLocation: sourceLocation)
            #expect(reason.kind == .corrupt, sourceLocation: sourceLocation)
            #expect(store.head.sequence == 0, sourceLocation: sourceLocation)
            _ = try store.commit(entries(1...3).span)
            #expect(try store.verify().proven == 3, sourceLocation: sourceLocation)
        }
        #expect(directory.names.contains(name), sourceLocation: sourceLocation)
    }

    @Test func `whose log was cut anywhere opens with a whole prefix`() throws {
        let original = try directory(entries: 12, finished: false)
        let log = try original.bytes(of: "journal.sqlite-wal")
        var seen: Set<UInt64> = []
        for length in Array(stride(from: 0, to: log.count, by: 1_031)) + [log.count] {
            let directory = try TemporaryDirectory()
            try original.copy(to: directory)
            try directory.cut("journal.sqlite-wal", to: length)
            try withStore(settings(directory, seed: 3)) { store throws in
                #expect(store.opening == .opened || store.opening == .created)
                let verification = try store.verify()
                #expect(verification.broken == nil)
                #expect(verification.proven == store.head.sequence)
                seen.insert(store.head.sequence)
                _ = try store.commit(entries(100...100).span)
                #expect(try store.verify().broken == nil)
            }
        }
        #expect(seen == Set(0...12))
    }

    @Test func `whose log was scribbled over opens with what came before`() throws {
        let original = try directory(entries: 12, finished: false)
        let length = try original.bytes(of: "journal.sqlite-wal").count
        for offset in stride(from: 40, to: length, by: 4_999) {
            let directory = try TemporaryDirectory()
            try original.copy(to: directory)
            try directory.flip("journal.sqlite-wal", at: offset)
            try withStore(settings(directory, seed: 3)) { store throws in
                #expect(store.head.sequence <= 12)
                #expect(try store.verify().broken == nil)
            }
        }
    }

    @Test func `whose header is gone is set aside`() throws {
        let directory = try directory(entries: 5, finished: true)
        try directory.flip("journal.sqlite", at: 0)
        try expectReplaced(directory)
    }

    @Test func `with a scribbled page is set aside with its log`() throws {
        let directory = try directory(entries: 400, finished: true)
        try withStore(settings(directory)) { _ = try $0.commit(entries(401...401).span) }
        let size = try directory.bytes(of: "journal.sqlite").count
        // The cell pointers of every page but the first.
        for page in 1..<(size / 4_096) {
            for offset in 0..<24 {
                try directory.flip("journal.sqlite", at: page * 4_096 + offset)
            }
        }
        try expectReplaced(directory)
        #expect(directory.names.contains("journal.corrupt-1.sqlite-wal"))
    }

    @Test func `that lost its end is set aside`() throws {
        let directory = try directory(entries: 400, finished: true)
        try directory.cut("journal.sqlite", to: 5 * 4_096)
        try expectReplaced(directory)
    }

    @Test func `of random bytes is set aside`() throws {
        let random = SeededRandom(seed: 77)
        for length in [99, 4_096, 10_000] {
            let directory = try TemporaryDirectory()
            try directory.overwrite(
                "journal.sqlite", (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            )
            try expectReplaced(directory)
        }
    }

    @Test func `that is somebody else's database is set aside`() throws {
        let directory = try TemporaryDirectory()
        try meddle(directory, "CREATE TABLE notes(text)")
        try expectReplaced(directory)
    }

    @Test func `of a later version, or without a table, is set aside`() throws {
        for sql in [
            "PRAGMA user_version=3", "DROP TABLE entry", "DROP TABLE store", "DROP TABLE meta",
            "ALTER TABLE entry DROP COLUMN holder", "DELETE FROM store",
            "UPDATE store SET id = 'x'",
        ] {
            let directory = try directory(entries: 5, finished: true)
            try meddle(directory, sql)
            try expectReplaced(directory)
        }
    }

    @Test func `with a newest entry that has no digest is set aside`() throws {
        let directory = try directory(entries: 5, finished: true)
        try meddle(directory, "UPDATE entry SET digest = x'00' WHERE sequence = 5")
        try expectReplaced(directory)
    }

    @Test func `is set aside beside those before it, and only so many are kept`() throws {
        let directory = try directory(entries: 5, finished: true)
        for number in 1...(DiskDirectory.setAsideLimit + 2) {
            try directory.flip("journal.sqlite", at: 0)
            let kept = min(number, DiskDirectory.setAsideLimit)
            try expectReplaced(directory, by: "journal.corrupt-\(kept).sqlite")
            try withStore(settings(directory)) { try $0.finish() }
        }
        #expect(directory.names.filter { $0.hasSuffix(".sqlite") }.count == 17)
    }

    @Test func `that an empty file stands for is a new one`() throws {
        let directory = try TemporaryDirectory()
        try directory.overwrite("journal.sqlite", [])
        try withStore(settings(directory)) { store throws in #expect(store.opening == .created) }
    }
}

@Suite struct `A journal that forgot entries` {
    @Test func `goes on under a new id, and readers of the old one lose nothing`() throws {
        let directory = try TemporaryDirectory()
        let seen = try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...10).span)
            return Cursor(store: store.id, sequence: 14)
        }
        let reopened = settings(directory, seed: 2, known: seen)
        try withStore(reopened) { store throws in
            #expect(store.opening == .rewound(missing: 4))
            #expect(store.id != seen.store)
            let done = try store.commit(entries(1...2).span)
            #expect(done.lastSequence == 12)
            let slice = try store.read(after: seen, limit: 64)
            #expect(slice.isContinued)
            #expect(slice.entries.map(\.sequence) == [11, 12])
            #expect(slice.entries.allSatisfy { $0.store == store.id })
            #expect(try store.readAll().prefix(10).allSatisfy { $0.store == seen.store })
            #expect(try store.verify().proven == 12)
        }
        // Once told, it is an ordinary file again.
        try withStore(settings(directory, known: seen)) { #expect($0.opening == .opened) }
    }

    @Test func `and one that did not is left as it is`() throws {
        let directory = try TemporaryDirectory()
        let seen = try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...10).span)
            return store.end
        }
        try withStore(settings(directory, known: seen)) { #expect($0.opening == .opened) }
    }

    @Test func `as one of another station does`() throws {
        let directory = try TemporaryDirectory()
        let former = try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...2).span)
            return store.id
        }
        try withStore(settings(directory, seed: 2, station: "other")) { store throws in
            #expect(store.opening == .renamed(former: "test"))
            #expect(store.id != former)
        }
        try withStore(settings(directory, station: "other")) { #expect($0.opening == .opened) }
    }
}
