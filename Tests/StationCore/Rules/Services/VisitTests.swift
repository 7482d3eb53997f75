// Visits and vehicles as the reports define them: (in + out) / 2, merged by holder, never both.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A passage counter` {
    private func counted(_ outputs: [PassageCounter.Output]) -> Int64 {
        outputs.reduce(0) { if case .counted(let count, _) = $1 { $0 + count } else { $0 } }
    }

    @Test func `counts a coming and a going as one visit, and keeps the half`() {
        var counter = PassageCounter(.inAndOut)
        _ = counter.handle(.began(nil))
        _ = counter.handle(.total(.inward, .total(100)))
        #expect(counter.handle(.total(.outward, .total(90))) == [.found])
        #expect(counter.handle(.total(.inward, .total(101))).isEmpty)
        #expect(
            counter.handle(.total(.outward, .total(91))) == [.counted(1, isEstimated: false)])
        #expect(
            counter.handle(.total(.inward, .total(104))) == [.counted(1, isEstimated: false)])
        #expect(
            counter.handle(.total(.inward, .total(105))) == [.counted(1, isEstimated: false)])
        #expect(counter.count == 3)
    }

    @Test func `counts each vehicle of a lane, and half of a beam that all break twice`() {
        for (rule, count) in [(PassageCounter.Rule.each, 7), (.bothWays, 3)] {
            var counter = PassageCounter(rule)
            _ = counter.handle(.began(nil))
            _ = counter.handle(.total(.inward, .total(1_000)))
            #expect(counted(counter.handle(.total(.inward, .total(1_007)))) == Int64(count))
        }
    }

    @Test func `that says nothing has no count, and that is told`() {
        var counter = PassageCounter(.each)
        _ = counter.handle(.began(nil))
        #expect(counter.count == nil)
        #expect(counter.handle(.total(.inward, .total(5))) == [.found])
        #expect(counter.count == 0)
        #expect(counter.handle(.total(.inward, .missing)) == [.lost])
        #expect(counter.count == nil)
        #expect(counter.condition == .degraded(.meterMissing))
        let back = counter.handle(.total(.inward, .total(9)))
        #expect(back == [.counted(4, isEstimated: false), .found])
    }

    @Test func `set back, takes nothing away and goes on from there`() {
        var counter = PassageCounter(.each)
        _ = counter.handle(.began(nil))
        _ = counter.handle(.total(.inward, .total(50)))
        _ = counter.handle(.total(.inward, .total(60)))
        #expect(counter.handle(.total(.inward, .total(3))).isEmpty)
        #expect(counter.handle(.total(.inward, .total(5))) == [.counted(2, isEstimated: false)])
        #expect(counter.count == 12)
        #expect(counter.handle(.total(.inward, .total(.max))).count == 1)
        #expect(counter.handle(.total(.inward, .total(.min))).isEmpty)
        _ = counter.handle(.total(.inward, .total(.max)))
        #expect(counter.count == .max)
    }

    @Test func `counts the first who passes after its total was read, before it begins or after`() {
        var counter = PassageCounter(.inAndOut)
        #expect(counter.handle(.total(.inward, .total(0))).isEmpty)
        #expect(counter.handle(.total(.outward, .total(0))).isEmpty)
        #expect(counter.handle(.began(nil)) == [.found])
        #expect(counter.handle(.total(.inward, .total(1))).isEmpty)
        let out = counter.handle(.total(.outward, .total(1)))
        #expect(out == [.counted(1, isEstimated: false)])
    }

    @Test(arguments: 0..<100)
    func `counts the same with and without restarts, and never down`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 5)
        var counter = PassageCounter(.inAndOut)
        var told: Int64 = 0
        var totals: [Int64] = [70, 80]
        let first = totals
        _ = counter.handle(.began(nil))
        for place in 0..<2 {
            told += counted(
                counter.handle(.total(place == 0 ? .inward : .outward, .total(totals[place]))))
        }
        for _ in 0..<300 {
            let before = counter.kept.counted
            if random.below(10) == 0 {
                let kept = counter.kept
                counter = PassageCounter(.inAndOut)
                _ = counter.handle(.began(kept))
            }
            let place = random.below(2)
            totals[place] += Int64(random.below(4))
            let reading: MeterReading =
                random.below(10) == 0 ? .missing : .total(totals[place])
            told += counted(
                counter.handle(.total(place == 0 ? .inward : .outward, reading)))
            #expect(counter.kept.counted >= before)
        }
        for place in 0..<2 {
            told += counted(
                counter.handle(.total(place == 0 ? .inward : .outward, .total(totals[place]))))
        }
        #expect(told == (totals[0] - first[0] + totals[1] - first[1]) / 2, "seed \(seed)")
    }
}

@Suite struct `A visit` {
    private let start = Instant(nanoseconds: 0)
    private let holder = ShortText("h-1")!

    @Test func `is one for a holder who is seen again within half an hour`() {
        var merger = VisitMerger()
        var now = start
        let first = merger.see(holder, atEntrance: true, at: now)
        #expect(first)
        for _ in 0..<5 {
            now = now + .seconds(1_799)
            let again = merger.see(holder, atEntrance: false, at: now)
            #expect(!again)
        }
        now = now + .seconds(1_800)
        let next = merger.see(holder, atEntrance: true, at: now)
        #expect(next)
        #expect(merger.kept.visits == 2)
    }

    @Test func `of nobody in particular is the counter's, not a holder's`() {
        var merger = VisitMerger()
        let isVisit = merger.see(.empty, atEntrance: true, at: start)
        #expect(!isVisit)
        #expect(merger.kept == VisitMerger.Kept())
    }

    @Test func `with a key is never counted by the counter as well`() {
        // One holder goes in, out for a parcel, and in again; another comes by an open door and is
        // seen at the tap; three people without a card come and go.
        var merger = VisitMerger()
        _ = merger.see(holder, atEntrance: true, at: start)
        _ = merger.see(holder, atEntrance: true, at: start + .seconds(300))
        _ = merger.see(ShortText("h-2")!, atEntrance: false, at: start + .seconds(400))
        let count = VisitCount(
            withKey: merger.kept.visits, passages: merger.kept.passages,
            counted: (2 + 1 + 3) * 2 / 2)
        #expect(count == VisitCount(withKey: 2, withoutKey: 3))
        #expect(count.all == 5)
    }

    @Test func `without a counter is known with a key only: no data is not zero`() {
        let count = VisitCount(withKey: 4, passages: 4, counted: nil)
        #expect(count.withoutKey == nil)
        #expect(count.all == nil)
        // A counter that missed people takes nobody away.
        #expect(VisitCount(withKey: 4, passages: 4, counted: 1).all == 4)
    }

    @Test func `is remembered over a restart, and of so many holders only`() {
        var merger = VisitMerger()
        _ = merger.see(holder, atEntrance: true, at: start)
        var next = VisitMerger(merger.kept)
        let again = next.see(holder, atEntrance: false, at: start + .seconds(60))
        #expect(!again)
        for number in 0..<(VisitMerger.Limit.holders + 50) {
            _ = next.see(ShortText("x-\(number)")!, atEntrance: true, at: start + .seconds(61))
        }
        #expect(next.kept.seen.count == VisitMerger.Limit.holders)
        #expect(next.kept.visits == Int64(VisitMerger.Limit.holders + 51))
    }

    @Test(arguments: 0..<50)
    func `begins exactly where a holder was unseen for half an hour`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 21)
        var merger = VisitMerger()
        var last: [Int: Instant] = [:]
        var now = start
        var visits: Int64 = 0
        for _ in 0..<500 {
            now = now + .seconds(Int64(random.below(300)))
            let person = random.below(20)
            let isNew = last[person].map { $0 + .seconds(1_800) <= now } ?? true
            last[person] = now
            if isNew { visits += 1 }
            let told = merger.see(
                ShortText("h-\(person)")!, atEntrance: random.below(2) == 0, at: now)
            #expect(told == isNew)
            if random.below(9) == 0 { merger = VisitMerger(merger.kept) }
        }
        #expect(merger.kept.visits == visits)
        #expect(merger.kept.passages >= visits)
    }
}
