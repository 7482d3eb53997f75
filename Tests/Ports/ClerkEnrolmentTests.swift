// The clerk keeps enrolled cards: over restarts, beside a roster, and told when they are unusable.

import Control
import EventLoop
import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite final class `Cards that the clerk keeps` {
    private let folder: StateFolder
    private let key: StationKey
    private let crew = CrewMember(user: 1_000, name: "li")
    private let posts = Mailbox<Post>(capacity: 64)

    init() throws {
        folder = try StateFolder()
        key = try #require(try keyFile("a").key)
        try KeyFile.write(keyFile("a"), in: folder.disk, keeping: false)
        try folder.put(Memory.rosterName, rosterFile("a", version: 4))
    }

    /// What a start finds.
    private struct Start {
        let clerk: Clerk
        let rosterVersion: UInt64?
        let cards: Roster?
        let holder: ShortText?
        let faults: [Fault]
    }

    private func start() -> Start {
        let memory = Memory(folder.disk, ControlRig.station)
        var station = Station(ControlRig.station)
        let version = memory.teach(&station, from: folder.disk, at: Instant(nanoseconds: 1))
        let clerk = Clerk(station: ControlRig.station, directory: folder.disk, key: memory.key)
        clerk.begin(
            roster: station.currentRoster, cards: station.enrolledCards,
            marks: station.keyTables.marks, version: version)
        clerk.use(posts: posts)
        return Start(
            clerk: clerk, rosterVersion: station.currentRoster?.version,
            cards: station.enrolledCards,
            holder: station.knownKey(ShortText("k11") ?? .empty)?.holder,
            faults: station.faults.map(\.fault))
    }

    private func task(_ id: String, form: UInt64, rights: EnrolmentRights? = nil) throws
        -> EnrolmentTask
    {
        let own = EnrolmentRights.own(
            holder: try #require(ShortText("h9")), doors: [ControlRig.station.doors[0].name],
            validFrom: 0, validTo: .max)
        return EnrolmentTask(
            receipt: UInt32(form),
            order: EnrolmentOrder(
                reader: DeviceID(0), key: try #require(ShortText(id)), rights: rights ?? own),
            forms: [EnrolledForm(form: MatchForm(high: form, low: form), shapes: .bytes4)],
            key: key)
    }

    /// The newest post of enrolled cards.
    private func kept() -> Roster? {
        var found: Roster?
        _ = posts.drain(limit: 64) { post in
            switch post {
            case .enrolled(let cards, _): found = cards
            case .withdrawn(_, let cards, _), .cards(let cards, _, _, _): found = cards
            default: break
            }
        }
        return found
    }

    @Test func `are there after each restart, one more each time`() throws {
        for number in 1...3 {
            let clerk = start().clerk
            clerk.enrol(try task("k\(number + 10)", form: UInt64(number)))
            #expect(kept()?.count == number)
        }
        let found = start()
        #expect(found.cards?.count == 3)
        #expect(found.cards?.version == 3)
        #expect(found.holder == ShortText("h9"))
    }

    @Test func `go when they are withdrawn, which others do not`() throws {
        let clerk = start().clerk
        clerk.enrol(try task("k8", form: 1))
        clerk.enrol(try task("k9", form: 2))
        let id = try #require(ShortText("k8"))
        _ = try clerk.withdraw(id, by: crew)
        #expect(kept()?.count == 1)
        let found = start()
        #expect(found.cards?.key(id) == nil)
        #expect(found.cards?.count == 1)
        #expect(throws: ControlError.noCards(key: "k8")) { try found.clerk.withdraw(id, by: crew) }
    }

    @Test func `belong to a roster that has their key, and are told to the loop`() throws {
        let clerk = start().clerk
        clerk.enrol(try task("k1-own", form: 1))
        _ = kept()
        let builder = RosterBuilder(key: key, version: 9)
        var next = builder
        try next.add(
            RosterRow(
                id: try #require(ShortText("k1-own")), holder: try #require(ShortText("h9")),
                form: MatchForm(high: 77, low: 0), doors: .every))
        let roster = try RosterFile.decode(
            next.build().file, doors: ControlRig.station.doors.map(\.name))
        let settled = try clerk.settleCards(by: roster, removed: [])
        guard case .cards(let cards, let confirmed, let refused, .crew)? = settled else {
            Issue.record("not confirmed")
            return
        }
        #expect(confirmed == [ShortText("k1-own")] && refused.isEmpty)
        let own = try #require(cards.find(MatchForm(high: 1, low: 1)))
        #expect(own.doors == [])
        // Nothing changes a second time.
        let again = try clerk.settleCards(by: roster, removed: []) != nil
        #expect(!again)
    }

    @Test func `are none when the medium does not take them`() throws {
        let clerk = Clerk(
            station: ControlRig.station, directory: DiskDirectory(path: "/tmp/no/state"),
            key: key)
        clerk.use(posts: posts)
        clerk.enrol(try task("k8", form: 1))
        var answers = 0
        _ = posts.drain(limit: 8) { post in
            if case .enrolled(nil, 1) = post { answers += 1 }
        }
        #expect(answers == 1)
        #expect(throws: ControlError.noCards(key: "k8")) {
            try clerk.withdraw(try #require(ShortText("k8")), by: crew)
        }
    }

    @Test func `are told to be of no use when their file is damaged`() throws {
        let clerk = start().clerk
        clerk.enrol(try task("k8", form: 1))
        try folder.damage(Memory.cardsName)
        let found = start()
        #expect(found.cards == nil)
        #expect(found.faults == [.cardsUnusable])
        // The roster is none the worse, and the next card does not take the old file's place.
        #expect(found.rosterVersion == 4)
        found.clerk.enrol(try task("k9", form: 2))
        #expect(kept()?.count == 1)
        #expect(folder.names.contains { $0.hasPrefix(Memory.cardsName + ".") })
    }

    @Test func `get no rights of their own when a roster came with their key meanwhile`() throws {
        let clerk = start().clerk
        // k1 is on the roster that this folder has.
        clerk.enrol(try task("k1", form: 5))
        let own = try #require(kept()?.find(MatchForm(high: 5, low: 5)))
        #expect(own.doors == [] && own.holder == ShortText("h1"))
    }

    @Test func `can be withdrawn while a newer station key waits for its roster`() throws {
        let clerk = start().clerk
        clerk.enrol(try task("k8", form: 1))
        _ = try clerk.install(keyFile("b"), isNew: false)
        _ = try clerk.withdraw(try #require(ShortText("k8")), by: crew)
        #expect(kept()?.count == 0)
    }
}
