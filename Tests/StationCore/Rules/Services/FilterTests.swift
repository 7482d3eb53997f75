// A filter's life and its water's quality as true sentences.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A filter` {
    private let settings = FilterLife.Settings(millilitres: 1_000_000, days: 180)
    private let first = CivilDate(year: 2026, month: 3, day: 1)!

    private func filter() -> FilterLife {
        var filter = FilterLife(settings)
        _ = filter.handle(.began(nil))
        _ = filter.handle(.today(first))
        _ = filter.handle(.total(.total(77_000)))
        return filter
    }

    @Test func `is due soon and due by litres`() {
        var filter = filter()
        #expect(filter.handle(.total(.total(976_999))).isEmpty)
        #expect(filter.handle(.total(.total(977_000))) == [.became(.dueSoon)])
        #expect(filter.handle(.total(.missing)).isEmpty)
        #expect(filter.handle(.total(.total(1_077_000))) == [.became(.due)])
        #expect(filter.condition == .degraded(.filterDue))
    }

    @Test func `is due by days, whichever is first`() {
        var filter = filter()
        #expect(filter.handle(.today(first.adding(days: 162))) == [.became(.dueSoon)])
        #expect(filter.handle(.today(nil)) == [.became(.good)])
        #expect(filter.days == nil)
        #expect(filter.handle(.today(first.adding(days: 180))) == [.became(.due)])
    }

    @Test func `begins anew only when a person says that it was changed`() {
        var filter = filter()
        _ = filter.handle(.total(.total(1_500_000)))
        _ = filter.handle(.total(.total(10)))
        #expect(filter.stage == .due)
        let outputs = filter.handle(.changed(by: .rider))
        #expect(outputs == [.changed(by: .rider, millilitres: 1_423_000), .became(.good)])
        #expect(filter.handle(.total(.total(900_009))).isEmpty)
        #expect(filter.handle(.total(.total(900_010))) == [.became(.dueSoon)])
    }

    @Test func `is as old after a restart, and counts what ran meanwhile`() {
        var filter = filter()
        _ = filter.handle(.total(.total(500_000)))
        var next = FilterLife(settings)
        _ = next.handle(.began(filter.kept))
        _ = next.handle(.total(.total(600_000)))
        #expect(next.kept.meter.gained == 523_000)
        _ = next.handle(.today(first.adding(days: 10)))
        #expect(next.days == 10)
    }

    @Test func `put in while nobody knew the date, is as old as the date is known`() {
        var filter = FilterLife(settings)
        _ = filter.handle(.began(nil))
        _ = filter.handle(.changed(by: .rider))
        #expect(filter.days == nil)
        _ = filter.handle(.today(first))
        #expect(filter.days == 0)
    }
}

@Suite struct `Water` {
    private let start = Instant(nanoseconds: 0)

    @Test func `is good while its filter holds enough back, and poor after a while of less`() {
        var water = WaterQuality(WaterQuality.Settings(rejection: 900))
        #expect(water.handle(.before(DecimalNumber(200)), at: start).isEmpty)
        #expect(water.verdict == .unknown)
        #expect(water.handle(.after(DecimalNumber(14)), at: start) == [.became(.good)])
        #expect(water.rejection == 930)
        #expect(water.handle(.after(DecimalNumber(40)), at: start).isEmpty)
        #expect(water.nextDeadline == start + .seconds(120))
        #expect(water.handle(.deadline, at: start + .seconds(119)).isEmpty)
        #expect(water.handle(.deadline, at: start + .seconds(120)) == [.became(.poor)])
        #expect(water.condition == .degraded(.poorWater))
        #expect(
            water.handle(.after(DecimalNumber(10)), at: start + .seconds(130))
                == [.became(.good)])
    }

    @Test func `is not poor for one cup after a pause`() {
        var water = WaterQuality(WaterQuality.Settings(rejection: 900))
        _ = water.handle(.before(DecimalNumber(200)), at: start)
        _ = water.handle(.after(DecimalNumber(14)), at: start)
        _ = water.handle(.after(DecimalNumber(60)), at: start)
        #expect(water.handle(.after(DecimalNumber(14)), at: start + .seconds(60)).isEmpty)
        #expect(water.nextDeadline == nil)
    }

    @Test func `whose probe is silent is unknown, neither good nor poor`() {
        var water = WaterQuality(WaterQuality.Settings(rejection: 900))
        _ = water.handle(.before(DecimalNumber(200)), at: start)
        _ = water.handle(.after(DecimalNumber(14)), at: start)
        #expect(water.handle(.before(nil), at: start) == [.became(.unknown)])
        #expect(water.rejection == nil)
        // A probe in the air says 0: nothing to divide by.
        #expect(water.handle(.before(.zero), at: start).isEmpty)
        #expect(water.rejection == nil)
    }

    @Test func `with one probe is judged by it alone`() {
        var water = WaterQuality(WaterQuality.Settings(patience: .zero))
        #expect(water.handle(.after(DecimalNumber(300)), at: start) == [.became(.good)])
        #expect(water.handle(.after(DecimalNumber(1_001)), at: start) == [.became(.poor)])
        #expect(water.handle(.after(DecimalNumber(-1)), at: start) == [.became(.unknown)])
    }
}
