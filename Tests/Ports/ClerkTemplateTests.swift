// Cards enrolled by a template, until a hub's roster takes them over or refuses them.

import Control
import EventLoop
import Journal
import Testing

@testable import Ports
@testable import StationCore

@Suite struct `Cards enrolled by a template` {
    private let hub: HubRig
    private let posts = Mailbox<Post>(capacity: 64)
    private let rights = EnrolledRights(
        doors: .named([ControlRig.station.doors[0].name]),
        terms: RosterTerms(quotas: [RosterQuota("", .uses, per: .day, limit: 4)]), role: .deputy)

    init() throws {
        hub = try HubRig()
        try hub.trust()
    }

    private func clerk() throws -> Clerk {
        let clerk = try hub.clerk()
        clerk.use(posts: posts)
        return clerk
    }

    /// - Parameter numbers: names whose match forms `HubRig` gives the keys of bundles.
    private func enrol(_ id: String, _ numbers: [String], _ clerk: Clerk) throws {
        let order = EnrolmentOrder(
            reader: DeviceID(0), key: try #require(ShortText(id)),
            rights: .template(
                holder: try #require(ShortText("h9")), rights, validFrom: 0, validTo: .max))
        let forms = try numbers.map {
            EnrolledForm(form: try hub.form(of: $0), shapes: .bytesMore)
        }
        let key = try #require(try keyFile("city").key)
        clerk.enrol(EnrolmentTask(receipt: 1, order: order, forms: forms, key: key))
    }

    private func apply(_ file: PassedFile, _ clerk: Clerk) throws {
        guard case .applied = clerk.answer(.applyRoster(file)) else {
            Issue.record("a roster was refused")
            return
        }
    }

    /// What became of cards by the last roster.
    private func settled() -> (confirmed: [String], refused: [String])? {
        var last: (confirmed: [String], refused: [String])?
        _ = posts.drain(limit: 64) { post in
            if case .cards(_, let confirmed, let refused, .hub) = post {
                last = (confirmed.map { "\($0)" }, refused.map { "\($0)" })
            }
        }
        return last
    }

    private func own(_ name: String, _ clerk: Clerk) throws -> StationCore.KeyRecord? {
        clerk.cards?.find(try hub.form(of: name))
    }

    @Test func `have its rights over a restart and a roster that does not know them`() throws {
        let first = try clerk()
        try apply(try hub.bundle(41), first)
        try enrol("k-9", ["k-9"], first)
        try apply(try hub.bundle(42, ["k-1", "k-2"]), first)
        #expect(settled() == nil)
        let second = try clerk()
        let card = try #require(try own("k-9", second))
        #expect(card.role == .deputy && card.holder == ShortText("h9"))
        let cards = try #require(second.cards)
        #expect(cards.namedRights.map(\.terms) == [rights.terms])
        #expect(cards.namedRights.map(\.doors) == [rights.doors])
    }

    @Test func `are the roster's once it has their number, and retire`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41), clerk)
        try enrol("k-9", ["k-9"], clerk)
        try apply(try hub.bundle(42, base: 41, ["k-9"]), clerk)
        let told = try #require(settled())
        #expect(told.confirmed == ["k-9"] && told.refused == [])
        #expect(try own("k-9", clerk) == nil && clerk.cards?.count == 0)
        // Nothing of the template comes back when the roster lets go of the key.
        try apply(try hub.bundle(43, ["k-1"]), clerk)
        #expect(try own("k-9", clerk) == nil && settled() == nil)
    }

    @Test func `are another key's when the roster says so, whichever number a reader sees`() throws
    {
        let clerk = try clerk()
        try apply(try hub.bundle(41), clerk)
        // One card with two numbers; the hub knows one of them, under an id of its own.
        try enrol("k-9", ["city-7", "other-view"], clerk)
        try apply(try hub.bundle(42, base: 41, ["city-7"]), clerk)
        #expect(try #require(settled()).confirmed == ["k-9"])
        #expect(try own("city-7", clerk) == nil)
        let other = try #require(try own("other-view", clerk))
        #expect(other.id == ShortText("city-7") && other.doors == [] && other.role == .rider)
    }

    @Test(arguments: ["k-9=blocked", "k-9=lost"])
    func `are none any more when the roster names them refused`(_ word: String) throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41), clerk)
        try enrol("k-9", ["k-9", "other-view"], clerk)
        try apply(try hub.bundle(42, base: 41, [word]), clerk)
        let told = try #require(settled())
        #expect(told.confirmed == [] && told.refused == ["k-9"])
        #expect(clerk.cards?.count == 0)
    }

    @Test func `are none any more when the roster takes their key off`() throws {
        let clerk = try clerk()
        try apply(try hub.bundle(41), clerk)
        try enrol("k-9", ["k-9"], clerk)
        try apply(try hub.bundle(42, base: 41, ["k-2"], remove: ["k-9"]), clerk)
        #expect(try #require(settled()).refused == ["k-9"])
        #expect(clerk.cards?.count == 0)
    }

    @Test func `are told as entries`() throws {
        var station = Station(ControlRig.station)
        let key = try #require(try keyFile("city").key)
        let empty = try RosterFile.decode(
            RosterBuilder(key: key, version: 2).build().file, for: RosterPlaces(ControlRig.station))
        let many = (0..<18).map { ShortText("k-\($0)") ?? .empty }
        station.settled(
            empty, confirmed: many, refused: [try #require(ShortText("x"))], by: .hub,
            at: Instant(nanoseconds: 1))
        let events = (0..<station.outbox.count).map { station.outbox[$0].event }
        #expect(events.first == .cardsWithdrawn(user: nil, by: .hub))
        #expect(events.count { $0 == .cardsConfirmed(count: 1, by: .hub) } == 16)
        #expect(events.last == .cardsConfirmed(count: 2, by: .hub))
    }
}
