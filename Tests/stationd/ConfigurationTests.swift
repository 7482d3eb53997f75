// What stationd makes of a configuration that it does not find, or cannot read.

import Glibc
import Journal
import StationCore
import Testing

@testable import stationd

@Suite struct `A configuration` {
    private let folder: DaemonFolder

    init() throws { folder = try DaemonFolder() }

    private func problem() -> Configuration.Problem? {
        do throws(Configuration.Problem) {
            _ = try Configuration(in: folder.disk)
            return nil
        } catch {
            return error
        }
    }

    private func isMissing() -> Bool {
        if case .missing = problem() { true } else { false }
    }

    private func unreadable() -> Int32? {
        if case .unreadable(let error) = problem() { error.code } else { nil }
    }

    @Test func `that nobody has made yet is missing, which a person mends`() throws {
        #expect(isMissing())
        try folder.makeFolder("resolved")
        #expect(isMissing())
        try folder.link("resolved/current", to: "resolved-1.json")
        #expect(isMissing())
        #expect(problem()?.exitCode == EX_CONFIG)
    }

    @Test func `whose link the medium does not give is unreadable, which another start may mend`()
        throws
    {
        // A link to itself stands for a directory that fails: the system says so, and not "none".
        try folder.link("resolved", to: "resolved")
        #expect(unreadable() == ELOOP)
        #expect(problem()?.exitCode == EX_OSERR)
    }

    @Test func `whose file the medium does not give is unreadable as well`() throws {
        try folder.makeFolder("resolved")
        try folder.link("resolved/current", to: "resolved-1.json")
        try folder.link("resolved/resolved-1.json", to: "resolved-2.json")
        #expect(unreadable() == ELOOP)
    }
}

@Suite struct `Recording every door as locked` {
    private let folder: DaemonFolder
    private let station = ResolvedStation(
        station: StationIdentity(
            id: "test", nameChinese: "", nameEnglish: "", phone: "", utcOffsetMinutes: 0),
        lines: [], devices: [], doors: [], journal: JournalSettings(), policy: StationPolicy())

    init() throws { folder = try DaemonFolder() }

    @Test func `keeps what else a sound snapshot knows, and does without a damaged one`() throws {
        #expect(try DoorReset.snapshot(in: folder.disk, station).last == nil)
        let known = StateSnapshot(
            last: Cursor(store: StoreID(bits: 5), sequence: 6), wallAnchor: WallTime(seconds: 7),
            rosterVersion: 8, doors: [])
        try known.write(in: folder.disk)
        #expect(try DoorReset.snapshot(in: folder.disk, station) == known)
        try folder.disk.replace(StateSnapshot.file.name, with: [[1, 2, 3]])
        #expect(try DoorReset.snapshot(in: folder.disk, station).rosterVersion == 0)
        #expect(folder.disk.size(of: "state.snapshot.corrupt-1") == 3)
    }

    @Test func `refuses to overwrite a snapshot of a later version`() throws {
        let later = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: StateSnapshot.version + 1,
            limit: 100)
        try later.write([1], in: folder.disk)
        #expect(throws: StateFileError.newer(StateSnapshot.version + 1)) {
            try DoorReset.snapshot(in: folder.disk, station)
        }
        #expect(folder.disk.size(of: StateSnapshot.file.name) != nil)
    }

    @Test func `refuses to overwrite a snapshot that the medium does not give`() throws {
        try folder.link(StateSnapshot.file.name, to: "elsewhere")
        #expect(throws: StateFileError.self) { try DoorReset.snapshot(in: folder.disk, station) }
    }
}

@Suite struct `The rehearsal of a tap` {
    @Test func `frees a strike that is not there, and holds it again`() {
        #expect(Rehearsal.play())
    }
}
