// What electricity costs as true sentences: by period, in whole fen, and nothing lost.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A tariff` {
    private let start = Instant(nanoseconds: 0)

    /// 0.5653 yuan by day and 0.3583 by night a kilowatt-hour: a household's in Anhui.
    private func tariff() -> Tariff {
        var tariff = Tariff(prices: [5_653, 3_583])
        _ = tariff.handle(.began(nil), at: start)
        return tariff
    }

    @Test func `rates what was drawn by the period in which it was drawn`() {
        var tariff = tariff()
        _ = tariff.handle(.period(0), at: start)
        _ = tariff.handle(.total(.total(10_000)), at: start)
        _ = tariff.handle(.total(.total(13_000)), at: start + .seconds(10))
        _ = tariff.handle(.period(1), at: start + .seconds(15))
        _ = tariff.handle(.total(.total(15_000)), at: start + .seconds(20))
        // 3 kWh x 56.53 fen = 169.59 fen; 2 kWh x 35.83 fen = 71.66 fen.
        #expect(tariff.shares.map(\.wattHours) == [3_000, 2_000, 0])
        #expect(tariff.shares.map(\.fen) == [170, 72, 0])
        #expect(tariff.sum.fen == 241)
        #expect(!tariff.sum.isEstimated)
    }

    @Test func `loses nothing however small the steps are`() {
        var tariff = tariff()
        _ = tariff.handle(.period(0), at: start)
        for wattHours in 0...1_000 {
            _ = tariff.handle(.total(.total(Int64(wattHours))), at: start)
        }
        #expect(tariff.shares[0].cost == 5_653_000)
        #expect(tariff.shares[0].fen == 57)
    }

    @Test func `keeps what nobody could rate apart, without a price`() {
        var tariff = tariff()
        _ = tariff.handle(.total(.total(0)), at: start)
        #expect(
            tariff.handle(.total(.total(700)), at: start + .seconds(1))
                == [.unrated(wattHours: 700)])
        #expect(tariff.unrated == Tariff.Share(wattHours: 700))
        _ = tariff.handle(.period(9), at: start + .seconds(2))
        _ = tariff.handle(.total(.total(900)), at: start + .seconds(3))
        #expect(tariff.unrated.wattHours == 900)
    }

    @Test func `says when a period's part is an estimate, since the meter was silent`() {
        var tariff = tariff()
        _ = tariff.handle(.period(0), at: start)
        _ = tariff.handle(.total(.total(0)), at: start)
        _ = tariff.handle(.total(.missing), at: start + .seconds(10))
        _ = tariff.handle(.period(1), at: start + .seconds(3_600))
        _ = tariff.handle(.total(.total(2_000)), at: start + .seconds(3_700))
        #expect(tariff.shares[1].isEstimated)
        #expect(!tariff.shares[0].isEstimated)
        #expect(tariff.sum.isEstimated)
    }

    @Test func `set back takes nothing away, and a new price rates nothing anew`() {
        var tariff = tariff()
        _ = tariff.handle(.period(0), at: start)
        _ = tariff.handle(.total(.total(5_000)), at: start)
        _ = tariff.handle(.total(.total(6_000)), at: start)
        #expect(tariff.handle(.total(.total(0)), at: start) == [.setBack])
        _ = tariff.handle(.price(0, 10_000), at: start)
        _ = tariff.handle(.total(.total(1_000)), at: start)
        #expect(tariff.shares[0].cost == 5_653_000 + 10_000_000)
        #expect(tariff.shares[0].isEstimated)
    }

    @Test func `goes on after a restart, with what was drawn meanwhile and other periods too`() {
        var tariff = tariff()
        _ = tariff.handle(.period(0), at: start)
        _ = tariff.handle(.total(.total(1_000)), at: start)
        _ = tariff.handle(.total(.total(3_000)), at: start)
        var next = Tariff(prices: [5_653])
        _ = next.handle(.began(tariff.kept), at: start)
        _ = next.handle(.period(0), at: start)
        _ = next.handle(.total(.total(3_500)), at: start)
        #expect(next.sum.wattHours == 2_500)
        #expect(next.shares[0].isEstimated)
    }

    @Test func `never traps on what a meter or a price list may say`() {
        var tariff = Tariff(prices: [.max, -5] + Array(repeating: 1, count: 50))
        #expect(tariff.shares.count == Tariff.Limit.periods + 1)
        _ = tariff.handle(.began(nil), at: start)
        _ = tariff.handle(.period(0), at: start)
        for total in [Int64.min, .max, 0, .max, .min, .max] {
            _ = tariff.handle(.total(.total(total)), at: start)
        }
        #expect(tariff.shares[0].wattHours == .max)
        #expect(tariff.sum.fen > 0)
    }

    @Test(arguments: 0..<100)
    func `is the sum of what the meter counted, whatever comes`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 71)
        var tariff = tariff()
        var total: Int64 = 0
        var now = start
        _ = tariff.handle(.total(.total(0)), at: now)
        for _ in 0..<300 {
            now = now + .seconds(Int64(random.below(100)))
            total += Int64(random.below(50))
            let before = tariff.sum
            switch random.below(6) {
            case 0: _ = tariff.handle(.period([nil, 0, 1][random.below(3)]), at: now)
            case 1: _ = tariff.handle(.total(.missing), at: now)
            case 2:
                let kept = tariff.kept
                tariff = Tariff(prices: [5_653, 3_583])
                _ = tariff.handle(.began(kept), at: now)
            default: _ = tariff.handle(.total(.total(total)), at: now)
            }
            #expect(before.wattHours <= tariff.sum.wattHours && before.cost <= tariff.sum.cost)
        }
        _ = tariff.handle(.total(.total(total)), at: now)
        #expect(tariff.sum.wattHours == total, "seed \(seed)")
    }
}
