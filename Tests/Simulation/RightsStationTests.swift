// Services, hours and quotas of single keys, at a whole station.

import EventLoop
import Journal
import Simulation
import Testing

@testable import StationCore

private let water = QuotaSubject(ServiceID(0))
private let meals = QuotaSubject(ServiceID(1))

private func quota(
    _ subject: String, _ limit: UInt32, _ measure: QuotaMeasure = .uses,
    per period: QuotaPeriod = .day
) -> RosterTerms {
    RosterTerms(quotas: [RosterQuota(subject, measure, per: period, limit: limit)])
}

@Suite struct `A key with hours` {
    @Test func `opens doors in them and at no other time`() throws {
        let lodge = try Lodge([
            Lodge.row(1, RosterTerms(hours: "day")), Lodge.row(2, RosterTerms(hours: "night")),
            Lodge.row(3),
        ])
        for reader in ["gate-reader", "inner-reader"] {
            #expect(lodge.isLetIn(1, at: reader) && lodge.isLetIn(3, at: reader))
            #expect(!lodge.isLetIn(2, at: reader) && lodge.denials.last == .hours)
        }
        lodge.goTo(hours: 7)
        for reader in ["gate-reader", "inner-reader"] {
            #expect(lodge.isLetIn(2, at: reader) && lodge.isLetIn(3, at: reader))
            #expect(!lodge.isLetIn(1, at: reader) && lodge.denials.last == .hours)
        }
        #expect(lodge.denials.count == 4)
    }

    @Test func `keeps nobody inside`() throws {
        let lodge = try Lodge([
            Lodge.row(1, RosterTerms(hours: "night")), Lodge.row(2, quota("", 1)),
        ])
        #expect(lodge.isLetIn(1, at: "inner-out") && lodge.denials.isEmpty)
        #expect(!lodge.isLetIn(1, at: "inner-reader") && lodge.denials == [.hours])
        // Going out takes nothing of what one may come in.
        #expect(lodge.isLetIn(2, at: "inner-out") && lodge.isLetIn(2, at: "inner-reader"))
        #expect(lodge.isLetIn(2, at: "inner-out") && !lodge.isLetIn(2, at: "inner-reader"))
        try lodge.restart()
        #expect(lodge.isLetIn(2, at: "inner-out") && !lodge.isLetIn(2, at: "inner-reader"))
    }

    @Test func `that the station does not have opens nothing`() throws {
        let lodge = try Lodge([Lodge.row(1, RosterTerms(hours: "sauna"))])
        #expect(!lodge.isLetIn(1) && lodge.denials == [.hours])
        lodge.eat(1)
        #expect(lodge.denials == [.hours, .hours] && lodge.ends.isEmpty)
    }

    @Test func `begins services in them, and ends what it has begun at any time`() throws {
        let lodge = try Lodge([Lodge.row(1, RosterTerms(hours: "day"))])
        lodge.goTo(hours: 1.9999)
        lodge.tap(1, at: "tap-reader", wait: .milliseconds(100))
        #expect(lodge.isFlowing)
        // It is past six: the tap closes the valve, and the next one does not open it.
        lodge.goTo(hours: 2.0003)
        #expect(lodge.isFlowing)
        lodge.tap(1, at: "tap-reader")
        #expect(!lodge.isFlowing && lodge.denials.isEmpty)
        lodge.run(for: .seconds(16))
        lodge.tap(1, at: "tap-reader")
        #expect(!lodge.isFlowing && lodge.denials == [.hours])
    }

    @Test func `is decided again when the grant is let go`() throws {
        let lodge = try Lodge([Lodge.row(1, RosterTerms(hours: "day"))])
        lodge.goTo(hours: 1.99999)
        lodge.isSilent = true
        lodge.tap(1, at: "gate-reader", wait: .milliseconds(10))
        #expect(lodge.notes.count == 1)
        lodge.goTo(hours: 2.0001)
        #expect(lodge.releases == 0 && lodge.denials == [.hours])
    }

    @Test func `opens without a clock as the station's policy says`() throws {
        func lodge(_ policy: StationPolicy) throws -> Lodge {
            let lodge = try Lodge([Lodge.row(1, RosterTerms(hours: "night"))], policy: policy)
            lodge.clock.quality = .none
            lodge.observe()
            return lodge
        }
        let open = try lodge(StationPolicy())
        #expect(open.isLetIn(1) && open.notes == [.clockUntrusted])
        let strict = try lodge(StationPolicy(untrustedClock: .deny))
        #expect(!strict.isLetIn(1) && strict.denials == [.clockUntrusted])
    }
}

@Suite struct `A key with services` {
    @Test func `begins these and no other, and doors know nothing of it`() throws {
        let lodge = try Lodge([
            Lodge.row(1, RosterTerms(services: .named(["meals"]))),
            Lodge.row(2, RosterTerms(services: .named([]))), Lodge.row(3),
        ])
        #expect(lodge.isLetIn(1) && lodge.isLetIn(2))
        lodge.eat(1)
        #expect(lodge.ends.count == 1 && lodge.drink(1) == 0)
        #expect(lodge.denials == [.service])
        lodge.eat(2)
        #expect(lodge.denials == [.service, .service] && lodge.ends.count == 1)
        #expect(lodge.drink(3) >= 500)
    }
}

@Suite struct `A key with a quota` {
    @Test func `gets no more uses than that in a day, and again after midnight`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("water", 2))])
        #expect(lodge.drink(1) >= 500 && lodge.drink(1) >= 500)
        #expect(lodge.drink(1) == 0 && lodge.denials == [.quota])
        lodge.goTo(hours: 7.99)
        #expect(lodge.drink(1) == 0)
        lodge.goTo(hours: 8.01)
        #expect(lodge.drink(1) >= 500 && lodge.had(1, water).uses == 1)
    }

    @Test func `gets from a tap at most what is left of the day`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("water", 700, .millilitres))])
        #expect((500...506).contains(lodge.drink(1)))
        let rest = lodge.drink(1)
        #expect((194...203).contains(rest))
        #expect(lodge.ends.map(\.end) == [.delivered, .quota])
        #expect(lodge.drink(1) == 0 && lodge.denials == [.quota])
    }

    @Test func `counts by holder, whichever of their cards it is`() throws {
        let lodge = try Lodge([
            Lodge.row(1, quota("water", 2)), Lodge.row(2, holder: 1, quota("water", 2)),
            Lodge.row(3, holder: 1), Lodge.row(4, quota("water", 2)),
        ])
        #expect(lodge.drink(1) > 0 && lodge.drink(3) > 0)
        #expect(lodge.drink(2) == 0 && lodge.drink(1) == 0)
        #expect(lodge.denials == [.quota, .quota])
        // A card without one is not bound by it, and other people are other people.
        #expect(lodge.drink(3) > 0 && lodge.drink(4) > 0)
        #expect(lodge.had(1, water).uses == 3 && lodge.had(4, water).uses == 1)
    }

    @Test func `of a week or a month says that it is later than tomorrow`() throws {
        let week = try Lodge([Lodge.row(1, quota("water", 1, per: .week))])
        #expect(week.drink(1) > 0 && week.drink(1) == 0 && week.denials == [.quotaPeriod])
        // Sunday is the same week, Monday is not.
        week.goTo(hours: 10)
        #expect(week.drink(1) == 0)
        week.goTo(hours: 33)
        #expect(week.drink(1) > 0)
        let month = try Lodge([
            Lodge.row(
                1,
                RosterTerms(quotas: [
                    RosterQuota("water", .uses, per: .month, limit: 1),
                    RosterQuota("water", .uses, per: .day, limit: 1),
                ]))
        ])
        #expect(month.drink(1) > 0 && month.drink(1) == 0 && month.denials == [.quotaPeriod])
    }

    @Test func `of what is only begun is used up, and taken back is not`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("meals", 1)), Lodge.row(2, quota("meals", 1))])
        lodge.tap(1, at: "desk-reader")
        // Within the minute the same card takes it back: that is no use.
        lodge.tap(1, at: "desk-reader")
        lodge.run(for: .seconds(70))
        #expect(lodge.had(1, meals).uses == 0)
        lodge.eat(1)
        #expect(lodge.had(1, meals).uses == 1 && lodge.denials.isEmpty)
        lodge.eat(1)
        #expect(lodge.denials == [.quota])
        lodge.eat(2)
        #expect(lodge.ends.count == 3)
    }

    @Test func `at doors counts who is let in, at all of them together`() throws {
        let lodge = try Lodge([
            Lodge.row(1, quota("", 3)), Lodge.row(2, holder: 1, quota("", 3)), Lodge.row(3),
        ])
        #expect(lodge.isLetIn(1) && lodge.isLetIn(2, at: "inner-reader") && lodge.isLetIn(1))
        #expect(!lodge.isLetIn(2) && !lodge.isLetIn(1, at: "inner-reader"))
        #expect(lodge.denials == [.quota, .quota] && lodge.isLetIn(3))
        lodge.goTo(hours: 8.01)
        #expect(lodge.isLetIn(2) && lodge.had(1, .doors).uses == 1)
    }

    @Test func `does not count a door that stayed shut`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("", 1))])
        lodge.isSilent = true
        lodge.tap(1, at: "gate-reader", wait: .milliseconds(10))
        let order = lodge.station.ordered(
            .lockDown, door: Lodge.gate, by: .crew, number: 1, at: lodge.clock.now)
        #expect(order == .done(.lockedDown, isWritten: false))
        lodge.run(for: .seconds(1))
        #expect(lodge.releases == 0 && lodge.denials == [.lockdown])
        #expect(lodge.had(1, .doors).uses == 0)
    }

    @Test func `is a day's of the machine's own while nobody knows what day it is`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("water", 1))])
        lodge.clock.quality = .none
        lodge.observe()
        #expect(lodge.drink(1) > 0 && lodge.drink(1) == 0)
        lodge.save()
        try lodge.restart()
        #expect(lodge.drink(1) == 0 && lodge.denials == [.quota, .quota])
        lodge.run(for: .seconds(24 * 3_600))
        #expect(lodge.drink(1) > 0)
    }
}

@Suite struct `Quotas over a restart` {
    @Test func `are known from the snapshot, and from the entries after it`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("water", 3)), Lodge.row(2, quota("", 2))])
        #expect(lodge.drink(1) > 0 && lodge.isLetIn(2))
        lodge.save()
        #expect(lodge.drink(1) > 0 && lodge.isLetIn(2))
        try lodge.restart()
        #expect(lodge.had(1, water).uses == 2 && lodge.had(2, .doors).uses == 2)
        #expect(!lodge.isLetIn(2) && lodge.drink(1) > 0 && lodge.drink(1) == 0)
    }

    @Test func `are known from entries alone when there is no snapshot`() throws {
        let lodge = try Lodge([Lodge.row(1, quota("water", 1_200, .millilitres)), Lodge.row(3)])
        lodge.drink(1)
        #expect(lodge.isLetIn(3))
        lodge.drink(1)
        try lodge.restart()
        let had = lodge.had(1, water)
        #expect(had.uses == 2 && (1_000...1_012).contains(had.amount))
        #expect((188...203).contains(lodge.drink(1)))
        #expect(lodge.had(3, .doors).uses == 0)
    }

    @Test func `are counted once whenever the power goes`() throws {
        var random = SplitMix64(seed: 26)
        let lodge = try Lodge([
            Lodge.row(1, quota("water", 500)), Lodge.row(2, holder: 1, quota("", 500)),
        ])
        var (cups, visits) = (0, 0)
        for _ in 0..<60 {
            switch random.below(4) {
            case 0:
                lodge.drink(1, for: 2)
                cups += 1
            case 1:
                if lodge.isLetIn(2) { visits += 1 }
            case 2: lodge.save()
            default:
                // What is committed is known afterwards, and once.
                lodge.run(for: .seconds(2))
                try lodge.restart()
            }
            #expect(lodge.had(1, water).uses == cups && lodge.had(1, .doors).uses == visits)
        }
        #expect(cups > 5 && visits > 5)
    }

    @Test func `are never less than the medium knows, at any moment of a use`() throws {
        var random = SplitMix64(seed: 27)
        for _ in 0..<40 {
            let lodge = try Lodge([Lodge.row(1, quota("water", 2)), Lodge.row(2, quota("", 2))])
            lodge.save()
            let moment = Interval.milliseconds(Int64(random.below(30_000)))
            if random.below(2) == 0 { lodge.tap(2, at: "gate-reader", wait: .zero) }
            lodge.tap(1, at: "tap-reader", wait: .zero)
            for _ in 0..<40 where lodge.isFlowing {
                lodge.run(for: .milliseconds(15))
                if let line = lodge.flowLine {
                    lodge.station.edge(line, isActive: true, at: lodge.clock.now)
                }
            }
            lodge.tap(1, at: "tap-reader", wait: moment)
            if random.below(3) == 0 { lodge.save() }
            let before = (lodge.station.keptQuotas(), lodge.ends.count)
            try lodge.restart()
            lodge.run(for: .seconds(30))
            let had = (lodge.had(1, water).uses, lodge.had(2, .doors).uses)
            let kept = { (number: Int) in
                before.0.first { $0.holder == ShortText("h-\(number)") }?.day.uses ?? 0
            }
            #expect(had.0 >= kept(1) && had.1 >= kept(2))
            #expect(had.0 <= 1 && had.1 <= 1)
        }
    }
}
