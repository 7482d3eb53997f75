// The station key on the medium: what an installation keeps, and what the next start makes of it.

import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `A station key's file` {
    private let folder: StateFolder

    init() throws { folder = try StateFolder() }

    /// A clerk as the daemon makes one at a start.
    private func clerk() -> Clerk {
        let memory = Memory(folder.disk, ControlRig.station)
        let clerk = Clerk(station: ControlRig.station, directory: folder.disk, key: memory.key)
        var station = Station(ControlRig.station)
        let version = memory.teach(&station, from: folder.disk, at: Instant(nanoseconds: 1))
        clerk.begin(roster: station.currentRoster, cards: nil, marks: KeyMarks(), version: version)
        return clerk
    }

    private func install(_ epochs: String...) throws {
        let clerk = clerk()
        for epoch in epochs { _ = try clerk.install(keyFile(epoch), isNew: false) }
    }

    private func epoch(_ name: String) throws -> String? {
        try KeyFile.read(in: folder.disk, name).map { "\($0.epoch)" }
    }

    @Test func `comes back as it was written, for its owner only`() throws {
        // The umask is every thread's and is left alone; the mode does not depend on it.
        try KeyFile.write(keyFile("alpha"), in: folder.disk, keeping: false)
        var status = stat()
        #expect(stat(folder.disk.path(of: KeyFile.name), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        let found = try #require(try KeyFile.read(in: folder.disk)?.key)
        let written = try #require(try keyFile("alpha").key)
        #expect(found.isSame(as: written))
        #expect(folder.names == [KeyFile.name])
    }

    @Test func `is refused when a digit of its secret is a sign`() throws {
        let digits = String(repeating: "07", count: StationKey.secretBytes - 1)
        for pair in ["+7", "-0", " 7"] {
            let text = "stationd-key 1\nepoch alpha\nsecret \(digits)\(pair)\n"
            #expect(throws: KeyFile.Failure.malformed(.secret)) {
                try KeyFile.parse(Array(text.utf8))
            }
        }
    }

    @Test func `of the roster in force is kept while others wait`() throws {
        try install("alpha")
        try folder.put(Memory.rosterName, rosterFile("alpha", version: 7))
        // The second installation is the same key again, the third one another that waits too; a
        // restart lies between the third and the fourth.
        try install("beta", "beta", "gamma")
        try install("delta")
        #expect(try epoch(KeyFile.name) == "delta")
        #expect(try epoch(KeyFile.previousName) == "alpha")
        let next = folder.restarted()
        #expect(next.rosterVersion == 7)
        #expect(next.keyEpoch == ShortText("alpha"))
        #expect(next.nextVersion == 7)
        // The first roster of the key that waits ends the waiting.
        try folder.put(Memory.rosterName, rosterFile("delta", version: 8))
        #expect(folder.restarted().keyEpoch == ShortText("delta"))
        try install("echo")
        #expect(try epoch(KeyFile.previousName) == "delta")
        #expect(folder.restarted().rosterVersion == 8)
    }

    @Test func `may become the one before again`() throws {
        try install("alpha")
        try folder.put(Memory.rosterName, rosterFile("alpha", version: 3))
        try install("beta", "alpha")
        #expect(try epoch(KeyFile.name) == "alpha")
        #expect(folder.restarted().rosterVersion == 3)
    }

    @Test func `installed again changes no file`() throws {
        try install("alpha")
        try folder.put(Memory.rosterName, rosterFile("alpha", version: 1))
        var before = stat()
        #expect(stat(folder.disk.path(of: KeyFile.name), &before) == 0)
        try install("alpha")
        try KeyFile.write(keyFile("alpha"), in: folder.disk, keeping: true)
        var after = stat()
        #expect(stat(folder.disk.path(of: KeyFile.name), &after) == 0)
        #expect(before.st_ino == after.st_ino)
        #expect(folder.names == [Memory.rosterName, KeyFile.name])
    }

    @Test func `that is damaged leaves the pair before it in force`() throws {
        try install("alpha")
        try folder.put(Memory.rosterName, rosterFile("alpha", version: 5))
        try install("beta")
        try folder.put(KeyFile.name, Array("stationd-key 1\n".utf8))
        let next = folder.restarted()
        #expect(next.memory.key == nil)
        #expect(next.rosterVersion == 5)
        #expect(next.keyEpoch == ShortText("alpha"))
        #expect(next.nextVersion == 5)
    }
}
