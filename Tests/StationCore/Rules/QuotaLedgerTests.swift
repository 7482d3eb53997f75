// What holders have had: days, weeks, months, restarts, and more holders than there is room for.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `What a holder has had` {
    private let water = QuotaSubject(ServiceID(1))
    private let charge = QuotaSubject(ServiceID(2))
    private let cup = QuotaTally(uses: 1, amount: 300, seconds: 20)
    /// A Wednesday.
    private let today = CivilDate(year: 2026, month: 9, day: 30)!

    private func holder(_ number: Int) -> ShortText { ShortText("h-\(number)")! }

    private func account(
        _ ledger: QuotaLedger, _ subject: QuotaSubject? = nil, on date: CivilDate
    ) -> QuotaAccount {
        ledger.account(of: holder(1), subject ?? water, on: date)
    }

    @Test func `adds up by holder and service`() {
        var ledger = QuotaLedger()
        ledger.count(cup, of: holder(1), water, on: today)
        ledger.count(cup, of: holder(1), water, on: today)
        ledger.count(cup, of: holder(2), water, on: today)
        let own = account(ledger, on: today)
        #expect(own.day == QuotaTally(uses: 2, amount: 600, seconds: 40))
        #expect(own.week == own.day && own.month == own.day)
        #expect(account(ledger, charge, on: today).day == QuotaTally())
        #expect(own.day.of(.uses) == 2 && own.day.of(.millilitres) == 600)
        #expect(QuotaTally(seconds: 119).of(.minutes) == 1)
    }

    @Test func `begins anew with its day, its week and its month, each by itself`() {
        var ledger = QuotaLedger()
        ledger.count(cup, of: holder(1), water, on: today)
        // Thursday is another day and another month, and the same week.
        let next = account(ledger, on: today.adding(days: 1))
        #expect(next.day == QuotaTally() && next.week == cup && next.month == QuotaTally())
        let monday = account(ledger, on: today.adding(days: 5))
        #expect(monday.week == QuotaTally())
        var september = QuotaLedger()
        september.count(cup, of: holder(1), water, on: today.adding(days: -2))
        let last = account(september, on: today)
        #expect(last.day == QuotaTally() && last.week == cup && last.month == cup)
        #expect(account(september, on: today.adding(days: 365)).month == QuotaTally())
    }

    @Test func `is given back by no clock that goes back, and not kept for ever either`() {
        var ledger = QuotaLedger()
        ledger.count(cup, of: holder(1), water, on: today)
        let before = today.adding(days: -30)
        #expect(account(ledger, on: before).day == cup)
        ledger.count(cup, of: holder(1), water, on: before)
        #expect(account(ledger, on: before).day.uses == 2)
        #expect(account(ledger, on: before.adding(days: 1)).day == QuotaTally())
        // Nobody came on that day: it is over all the same.
        var other = QuotaLedger()
        other.turn(to: today)
        other.count(cup, of: holder(1), water, on: today)
        other.turn(to: before)
        other.turn(to: before.adding(days: 1))
        #expect(account(other, on: before.adding(days: 1)).day == QuotaTally())
    }

    @Test func `is in a snapshot only once its entry is durable`() {
        var ledger = QuotaLedger()
        ledger.count(cup, of: holder(1), water, on: today, ticket: Ticket(number: 5))
        ledger.count(cup, of: holder(1), water, on: today, ticket: Ticket(number: 7))
        #expect(account(ledger, on: today).day.uses == 2)
        #expect(ledger.isPending && ledger.kept.map(\.day.uses) == [0])
        ledger.committed(upTo: Ticket(number: 6))
        #expect(ledger.kept.map(\.day.uses) == [1] && ledger.kept.map(\.month.uses) == [1])
        ledger.committed(upTo: Ticket(number: 7))
        #expect(!ledger.isPending && ledger.kept.map(\.day) == [cup + cup])
    }

    @Test func `takes back from a snapshot what was of the day before from that day alone`() {
        var ledger = QuotaLedger()
        let monday = CivilDate(year: 2026, month: 9, day: 28)!
        ledger.count(cup, of: holder(1), water, on: monday, ticket: Ticket(number: 1))
        ledger.count(cup, of: holder(1), water, on: monday.adding(days: 1))
        let kept = ledger.kept[0]
        #expect(kept.day == cup && kept.week == cup && kept.month == cup)
    }

    @Test func `from the run before is the most of what was told twice, or comes on top`() {
        let known = QuotaAccount(
            holder: holder(1), subject: water, date: today, day: cup, week: cup + cup, month: cup)
        var ledger = QuotaLedger()
        ledger.recall(known, isSum: false)
        ledger.recall(known, isSum: false)
        #expect(account(ledger, on: today) == known)
        ledger.recall(known, isSum: true)
        #expect(account(ledger, on: today).day.uses == 2)
        #expect(account(ledger, on: today).week.uses == 4)
        // Of a day that is over nothing is added to today.
        var old = known
        old.date = today.adding(days: -1)
        ledger.recall(old, isSum: true)
        #expect(account(ledger, on: today).day.uses == 2)
        #expect(account(ledger, on: today).week.uses == 6)
    }

    @Test func `of more holders than there is room for is forgotten of those gone longest`() {
        var ledger = QuotaLedger()
        for number in 0..<QuotaLedger.capacity {
            let date = today.adding(days: number == 77 ? 1 : number % 2 == 0 ? 0 : 1)
            ledger.count(cup, of: holder(number), water, on: date)
        }
        #expect(ledger.count == QuotaLedger.capacity)
        ledger.count(cup, of: holder(10_000), water, on: today.adding(days: 1))
        #expect(ledger.count == QuotaLedger.capacity - QuotaLedger.capacity / 8 + 1)
        let date = today.adding(days: 1)
        #expect(ledger.account(of: holder(77), water, on: date).day == cup)
        #expect(ledger.account(of: holder(10_000), water, on: date).day == cup)
        #expect(ledger.account(of: holder(0), water, on: date).week == QuotaTally())
    }

    @Test func `agrees with plain sums over chance`() {
        var random = Xorshift(seed: 31)
        var ledger = QuotaLedger()
        var sums: [Int: [Int: UInt32]] = [:]
        var day = 0
        for _ in 0..<5_000 {
            if random.below(40) == 0 { day += random.below(3) }
            let number = random.below(60)
            let uses = UInt32(random.below(3))
            ledger.count(
                QuotaTally(uses: uses), of: holder(number), water, on: today.adding(days: day))
            sums[number, default: [:]][day, default: 0] += uses
            let asked = random.below(60)
            let known = ledger.account(of: holder(asked), water, on: today.adding(days: day))
            #expect(known.day.uses == sums[asked]?[day] ?? 0)
            // Wednesday is the third day of its week.
            let week = (0...day).filter { ($0 + 2) / 7 == (day + 2) / 7 }
            #expect(known.week.uses == week.reduce(0) { $0 + (sums[asked]?[$1] ?? 0) })
        }
    }

    @Test func `never runs over`() {
        var ledger = QuotaLedger()
        let most = QuotaTally(uses: .max, amount: .max, seconds: .max)
        for _ in 0..<3 { ledger.count(most, of: holder(1), water, on: today) }
        #expect(account(ledger, on: today).month == most)
    }
}
