// A key told lost at the station: over bundles, imports and restarts, until somebody lifts it.

import Control
import EventLoop
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `Keys that are told lost at the station` {
    private let hub: HubRig
    private let posts = Mailbox<Post>(capacity: 4_096)
    private let crew = CrewMember(user: 1_000, name: "li")

    init() throws {
        hub = try HubRig()
        try hub.trust()
    }

    private func clerk() throws -> Clerk {
        let clerk = try hub.clerk()
        clerk.use(posts: posts)
        return clerk
    }

    private func tell(_ word: KeyWord, _ id: String, _ clerk: Clerk) throws -> String? {
        switch clerk.answer(.tellKey(try #require(ShortText(id)), word, by: crew)) {
        case .done: return nil
        case .refused(.keyRefused(let reason)):
            #expect(!reason.text(.chinese).isEmpty && reason.text(.english) != reason.word)
            return reason.word
        default: return "?"
        }
    }

    private func apply(_ file: PassedFile, _ clerk: Clerk) throws {
        guard case .applied = clerk.answer(.applyRoster(file)) else {
            Issue.record("a roster was refused")
            return
        }
    }

    /// Gives a station everything that the clerk has posted, as the loop does.
    private func teach(_ station: inout Station) {
        let now = Instant(nanoseconds: 2)
        _ = posts.drain(limit: 256) { post in
            switch post {
            case .roster(let roster, let refused):
                station.replaced(roster: roster, refused: refused, isNew: true, at: now)
            case .toldKey(let key, let word, let tables, let user, let authority):
                station.told(word, of: key, tables, user: user, by: authority, at: now)
            case .confirmedKeys(let keys, let marks, let authority):
                station.confirmed(keys, leaving: marks, by: authority, at: now)
            case .enrolled(let cards, let receipt):
                station.enrolled(cards, receipt: receipt, at: now)
            default: break
            }
        }
    }

    /// What a tap of the key's card finds, in the table that is in force.
    private func state(_ id: String, _ clerk: Clerk) throws -> KeyState? {
        clerk.roster?.find(try hub.form(of: id))?.state
    }

    @Test func `stay so whatever a whole roster, a change or a CSV file says`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41, ["k-1", "k-2"]), clerk)
        #expect(try tell(.lost, "k-1", clerk) == nil)
        #expect(try tell(.blocked, "k-2", clerk) == nil)
        try apply(try hub.bundle(42, base: 41, ["k-1", "k-3"]), clerk)
        #expect(try state("k-1", clerk) == .lost)
        #expect(try state("k-2", clerk) == .blocked)
        #expect(try state("k-3", clerk) == .active)
        try apply(try hub.bundle(43, ["k-1", "k-2"]), clerk)
        #expect(try state("k-1", clerk) == .lost)
        let door = ControlRig.station.doors[0].name
        let csv = "key,holder,number,form,doors\nk-1,h-1,0040856634,8H10D,\(door)\n"
        guard
            case .imported(let outcome) = clerk.answer(
                .importRoster(try hub.passed(Array(csv.utf8)), partial: false, dry: false))
        else {
            Issue.record("no import")
            return
        }
        #expect(outcome.applied)
        #expect(clerk.roster?.key(try #require(ShortText("k-1")))?.state == .lost)
    }

    @Test func `are so after a restart, and a change is made of what the roster says`() throws {
        let first = try clerk()
        try apply(try hub.bundle(41, ["k-1", "k-2"]), first)
        #expect(try tell(.lost, "k-1", first) == nil)
        let digest = first.roster?.digest
        let second = try clerk()
        #expect(try state("k-1", second) == .lost)
        // The table on the medium is the hub's, so its digest is.
        #expect(second.roster?.digest == digest)
        try apply(try hub.bundle(42, base: 41, ["k-3"]), second)
        #expect(try state("k-1", second) == .lost)
        #expect(try tell(.lifted, "k-1", second) == nil)
        #expect(try state("k-1", second) == .active)
        let third = try clerk()
        #expect(try state("k-1", third) == .active)
        // Byte for byte what the whole roster would have been.
        let other = try HubRig()
        try other.trust()
        let plain = try other.clerk()
        try apply(try other.bundle(42, ["k-1", "k-2", "k-3"]), plain)
        #expect(third.roster?.digest == plain.roster?.digest)
    }

    @Test func `are the roster's once it says so itself, and may be active again then`() throws {
        let clerk = try clerk()
        var station = Station(ControlRig.station)
        try apply(try hub.bundle(41, ["k-1", "k-2"]), clerk)
        #expect(try tell(.lost, "k-1", clerk) == nil)
        #expect(try tell(.lost, "k-2", clerk) == nil)
        try apply(try hub.bundle(42, base: 41, ["k-1=blocked"]), clerk)
        #expect(clerk.marks.count == 1)
        #expect(try state("k-1", clerk) == .blocked)
        try apply(try hub.bundle(43, base: 42, ["k-1"]), clerk)
        #expect(try state("k-1", clerk) == .active)
        #expect(try state("k-2", clerk) == .lost)
        teach(&station)
        let told = (0..<station.outbox.count).map { station.outbox[$0] }.filter {
            $0.event.name == "key.told"
        }
        #expect(
            told.map(\.event) == [
                .keyTold(word: .lost, count: 1, user: 1_000, by: .crew),
                .keyTold(word: .lost, count: 1, user: 1_000, by: .crew),
                .keyTold(word: .confirmed, count: 1, user: nil, by: .hub),
            ])
        #expect(told.map { "\($0.key) \($0.holder)" } == ["k-1 h-k-1", "k-2 h-k-2", "k-1 h-k-1"])
        #expect(station.keyTables.marks == clerk.marks)
    }

    @Test func `are the roster's as well when the power was cut before that was noted`() throws {
        let first = try clerk()
        try apply(try hub.bundle(41, ["k-1"]), first)
        #expect(try tell(.lost, "k-1", first) == nil)
        let before = try #require(try hub.folder.disk.read(KeyMarksFile.name, limit: 4_096))
        try apply(try hub.bundle(42, base: 41, ["k-1=lost"]), first)
        try hub.folder.put(KeyMarksFile.name, before)
        let second = try clerk()
        #expect(try state("k-1", second) == .lost)
        try apply(try hub.bundle(43, base: 42, ["k-1"]), second)
        #expect(try state("k-1", second) == .active)
        #expect(second.marks.isEmpty)
    }

    @Test func `stay so while no roster has them, and when they come back`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41, ["k-1", "k-2"]), clerk)
        #expect(try tell(.lost, "k-1", clerk) == nil)
        try apply(try hub.bundle(42, ["k-2"]), clerk)
        #expect(try state("k-1", clerk) == nil)
        try apply(try hub.bundle(43, base: 42, ["k-1"]), clerk)
        #expect(try state("k-1", clerk) == .lost)
    }

    @Test func `are refused with a word when that is of no use`() throws {
        let clerk = try clerk()
        #expect(try tell(.lost, "k-1", clerk) == "noSuchKey")
        let ids = (0...KeyMarks.capacity).map { "k-\($0)" }
        try apply(try hub.bundle(41, ids), clerk)
        #expect(try tell(.lifted, "k-1", clerk) == "notMarked")
        for id in ids.dropLast() { #expect(try tell(.blocked, id, clerk) == nil) }
        #expect(try tell(.lost, ids[KeyMarks.capacity], clerk) == "tooManyMarks")
        // Another word of a key that is there takes no room.
        #expect(try tell(.lost, "k-7", clerk) == nil)
        #expect(try tell(.lifted, "k-9", clerk) == nil)
        #expect(try tell(.lost, ids[KeyMarks.capacity], clerk) == nil)
        #expect(try state("k-9", clerk) == .active)
        #expect(try state("k-7", try self.clerk()) == .lost)
    }

    @Test func `change nothing when the medium does not take them`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41, ["k-1"]), clerk)
        let lame = Clerk(
            station: ControlRig.station, directory: DiskDirectory(path: "/tmp/no/state"),
            key: try keyFile("city").key)
        lame.begin(roster: clerk.roster, cards: nil, marks: KeyMarks(), version: 41)
        #expect(try tell(.lost, "k-1", lame) == "notWritten")
        #expect(try state("k-1", lame) == .active && lame.marks.isEmpty)
    }

    @Test func `are told to be unknown when their file is damaged, and the file is kept`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41, ["k-1"]), clerk)
        #expect(try tell(.lost, "k-1", clerk) == nil)
        try hub.folder.damage(KeyMarksFile.name)
        var station = Station(ControlRig.station)
        let now = Instant(nanoseconds: 1)
        _ = Memory(hub.folder.disk, ControlRig.station)
            .teach(&station, from: hub.folder.disk, at: now)
        #expect(station.faults.map(\.fault).contains(.marksUnusable))
        #expect(hub.folder.names.contains { $0.hasPrefix(KeyMarksFile.name + ".") })
    }
}
