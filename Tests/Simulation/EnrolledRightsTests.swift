// Cards that were enrolled at the door by a template: hours, services and quotas at a station.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A card that was enrolled by a template` {
    private func lodge(
        _ terms: RosterTerms, roster: [RosterRow] = [Lodge.row(9)]
    ) throws -> Lodge {
        let lodge = try Lodge(roster)
        try lodge.enrol([Lodge.row(1, terms)])
        return lodge
    }

    @Test func `opens doors in its hours and at no other time`() throws {
        let lodge = try lodge(RosterTerms(hours: "day"))
        #expect(lodge.isLetIn(1) && lodge.isLetIn(1, at: "inner-reader") && lodge.isLetIn(9))
        lodge.goTo(hours: 7)
        #expect(!lodge.isLetIn(1) && lodge.denials == [.hours])
        #expect(!lodge.isLetIn(1, at: "inner-reader") && lodge.isLetIn(9))
    }

    @Test func `begins the services that it names and no other`() throws {
        let lodge = try lodge(RosterTerms(services: .named(["water"])))
        lodge.eat(1)
        #expect(lodge.denials == [.service])
        lodge.tap(1, at: "tap-reader", wait: .milliseconds(100))
        #expect(lodge.isFlowing && lodge.denials == [.service])
    }

    @Test func `has a quota of its own, counted with every other card of its holder`() throws {
        let terms = RosterTerms(quotas: [RosterQuota("", .uses, per: .day, limit: 2)])
        // The roster's own quotas are others, in a table of their own.
        let other = RosterTerms(quotas: [RosterQuota("", .uses, per: .day, limit: 1)])
        let lodge = try lodge(terms, roster: [Lodge.row(9, other)])
        #expect(lodge.isLetIn(1) && lodge.isLetIn(1))
        #expect(!lodge.isLetIn(1) && lodge.denials == [.quota])
        #expect(lodge.isLetIn(9))
        #expect(!lodge.isLetIn(9) && lodge.denials == [.quota, .quota])
        lodge.goTo(hours: 25)
        #expect(lodge.isLetIn(1))
    }

    @Test func `is counted although the roster has no quotas`() throws {
        let lodge = try lodge(
            RosterTerms(quotas: [RosterQuota("meals", .uses, per: .day, limit: 1)]))
        lodge.eat(1)
        #expect(lodge.denials.isEmpty)
        lodge.eat(1)
        #expect(lodge.denials == [.quota])
    }

    @Test func `has the roster's rights from when that has its key`() throws {
        let lodge = try Lodge([Lodge.row(9, RosterTerms(hours: "day"))])
        var row = Lodge.row(1, RosterTerms(hours: "night"))
        (row.id, row.holder) = (try #require(ShortText("k-9")), try #require(ShortText("h-9")))
        try lodge.enrol([row])
        #expect(lodge.isLetIn(1))
        lodge.goTo(hours: 7)
        #expect(!lodge.isLetIn(1) && lodge.denials == [.hours])
    }
}
