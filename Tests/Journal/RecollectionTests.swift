// What entries say of modes and rosters, read back from a real file.

import Glibc
import StationCore
import Testing

@testable import Journal

@Suite struct `A recollection` {
    private let odd = EntryNames(
        devices: ["reader"], doors: ["east", "east \"2\"", "西门\\", "never"])

    private func recollection(of events: [Event]) throws -> Recollection {
        let directory = try TemporaryDirectory()
        var settings = settings(directory)
        settings.names = odd
        let all = events.enumerated().map { entry(UInt64($0.offset + 1), $0.element) }
        return try withStore(settings) { store in
            _ = try store.commit(all.span, notes: [])
            var memory = Recollection(odd)
            for entry in try store.readAll() { memory.take(entry) }
            return memory
        }
    }

    @Test func `is the newest word about each door, by its name`() throws {
        let memory = try recollection(of: [
            .modeChanged(door: DoorID(0), mode: .lockedDown, by: .lockdown),
            .modeChanged(door: DoorID(1), mode: .unlocked, by: .schedule),
            grant,
            .modeChanged(door: DoorID(0), mode: .locked, by: .crew),
            .modeChanged(door: DoorID(2), mode: .blocked, by: .hub),
        ])
        #expect(
            memory.modes == [
                .init(mode: .locked, authority: .crew),
                .init(mode: .unlocked, authority: .schedule),
                .init(mode: .blocked, authority: .hub), nil,
            ])
        #expect(memory.isWhole)
    }

    @Test func `knows every mode and authority`() throws {
        for mode in DoorMode.allCases {
            for authority in Authority.allCases {
                let memory = try recollection(of: [
                    .modeChanged(door: DoorID(1), mode: mode, by: authority)
                ])
                #expect(memory.modes[1] == .init(mode: mode, authority: authority))
            }
        }
    }

    @Test func `counts rosters, the last one of them`() throws {
        let memory = try recollection(of: [
            .rosterReplaced(version: 7, keys: 200, refused: 0),
            .rosterReplaced(version: .max, keys: 1, refused: 3),
            .rosterReplaced(version: 8, keys: 201, refused: 0),
        ])
        #expect(memory.rosterVersion == 8)
    }

    @Test func `counts the uses of day passes, by the pass`() throws {
        let directory = try TemporaryDirectory()
        var settings = settings(directory)
        settings.names = odd
        let end = WallTime(seconds: 1_790_086_400)
        let ids = [1, 2].map { DayPassID(issuer: DayPassIssuer.ID(bits: 9), nonce: $0) }
        let uses: [(DayPassID, UInt16)] = [(ids[0], 1), (ids[1], 1), (ids[0], 2)]
        let all = uses.enumerated().map { place, use in
            var entry = entry(
                UInt64(place + 1),
                .passGranted(
                    door: DoorID(1), reader: DeviceID(0), use: use.1, validTo: end, note: .none))
            entry.key = use.0.text
            entry.holder = .empty
            return entry
        }
        let memory = try withStore(settings) { store in
            _ = try store.commit(all.span, notes: [])
            var memory = Recollection(odd)
            for entry in try store.readAll() { memory.take(entry) }
            return memory
        }
        #expect(
            memory.passUses == [
                .init(id: ids[0], uses: 2, end: end), .init(id: ids[1], uses: 1, end: end),
            ])
    }

    @Test func `does not count what was taken back, and gives no number twice`() throws {
        let directory = try TemporaryDirectory()
        var settings = settings(directory)
        settings.names = odd
        let end = WallTime(seconds: 1_790_086_400)
        let id = DayPassID(issuer: DayPassIssuer.ID(bits: 9), nonce: 1)
        let (door, reader) = (DoorID(1), DeviceID(0))
        let events: [Event] = [
            .passGranted(door: door, reader: reader, use: 1, validTo: end, note: .none),
            .passWithdrawn(door: door, reader: reader, use: 1, withdrawn: 1, validTo: end),
            .passGranted(door: door, reader: reader, use: 2, validTo: end, note: .none),
            // Somebody's pass was refused later: that takes nothing back.
            .denied(door: door, reader: reader, view: nil, reason: .lockdown),
        ]
        let all = events.enumerated().map { place, event in
            var entry = entry(UInt64(place + 1), event)
            entry.key = id.text
            return entry
        }
        let memory = try withStore(settings) { store in
            _ = try store.commit(all.span, notes: [])
            var memory = Recollection(odd)
            for entry in try store.readAll() { memory.take(entry) }
            return memory
        }
        #expect(memory.passUses == [.init(id: id, uses: 2, withdrawn: 1, end: end)])
        // Whatever else knows of it, before or after.
        var ledger = PassLedger()
        ledger.recall(.init(id: id, uses: 1, withdrawn: 1, end: end))
        for use in memory.passUses { ledger.recall(use) }
        #expect(ledger.uses.map(\.counted) == [1])
    }

    @Test func `is not whole when something came before`() throws {
        let memory = try recollection(of: [.storeReplaced(cause: .corrupt), .started])
        #expect(!memory.isWhole)
        var rest = Recollection(odd)
        var entries: [StoredEntry] = []
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store in
            _ = try store.commit([entry(1), entry(2)].span, notes: [])
            entries = try store.readAll()
        }
        rest.take(entries[1])
        #expect(!rest.isWhole)
    }

    @Test func `takes nothing from payloads that are not its own`() throws {
        let directory = try TemporaryDirectory()
        var sound: StoredEntry?
        try withStore(settings(directory)) { store in
            let change = Event.modeChanged(door: DoorID(0), mode: .blocked, by: .hub)
            _ = try store.commit([entry(1, change)].span, notes: [])
            sound = try store.readAll().first
        }
        var told = try #require(sound)
        var memory = Recollection(names)
        let whole = told.payload
        for length in 0..<whole.utf8.count {
            told.payload = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
            memory.take(told)
        }
        for payload in [
            "", "{}", "{\"door\":\"east\",\"mode\":\"ajar\",\"by\":\"hub\"}",
            "{\"door\":\"south\",\"mode\":\"blocked\",\"by\":\"hub\"}",
            "{\"door\":\"east\",\"mode\":\"blocked\",\"to\":\"hub\"}",
        ] {
            told.payload = payload
            memory.take(told)
        }
        told.kind = "roster.replaced"
        for payload in ["{\"version\":}", "{\"version\":-1}", "{\"version\":99999999999999999999}"]
        {
            told.payload = payload
            memory.take(told)
        }
        #expect(memory.modes == [nil, nil])
        #expect(memory.rosterVersion == 0)
    }
}

@Suite struct `A journal that was set aside` {
    @Test func `is seen, whichever of several a person has removed`() throws {
        let directory = try TemporaryDirectory()
        #expect(!directory.disk.hasJournalSetAside)
        for number in [2, 9, StateSnapshotAside.last] {
            let name = "journal.corrupt-\(number).sqlite"
            try directory.overwrite(name, [1])
            #expect(directory.disk.hasJournalSetAside)
            unlink(directory.disk.path(of: name))
        }
        try directory.overwrite("journal.corrupt-2.txt", [1])
        #expect(!directory.disk.hasJournalSetAside)
    }

    private enum StateSnapshotAside {
        static let last = DiskDirectory.setAsideLimit
    }
}
