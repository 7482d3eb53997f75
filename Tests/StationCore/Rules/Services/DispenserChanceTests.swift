// A tap under whatever may come, in any order: what holds at every step.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A dispenser under chance` {
    @Test(arguments: 0..<200)
    func `never gives more than was granted and a pulse, and ends each use once`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 1)
        var stand = TapStand(Dispenser.Settings(hasValvePoint: seed % 2 == 0))
        for _ in 0..<400 {
            act(&stand, &random)
            // Open, it is never beyond what was granted; a pulse is three millilitres here.
            if stand.isOpen, stand.obeys, case .open = stand.tap.state {
                #expect(stand.total - stand.openedAt <= stand.granted + 3, "seed \(seed)")
            }
            #expect(stand.began.count - stand.ended.count == (stand.tap.given == nil ? 0 : 1))
        }
        finish(&stand)
        #expect(stand.began.count == stand.ended.count, "seed \(seed)")
        #expect(!stand.isOpen)
        #expect(stand.ended.allSatisfy { $0.amount.value >= 0 })
    }

    /// All faults end, and time passes.
    private func finish(_ stand: inout TapStand) {
        (stand.obeys, stand.isMeterSilent, stand.isDry) = (true, false, false)
        stand.tell(.guarded(false))
        stand.tell(.device(isThere: true))
        stand.wait(.seconds(200))
    }

    private func act(_ stand: inout TapStand, _ random: inout Xorshift) {
        switch random.below(20) {
        case 0, 1, 2: stand.ask(.rider, Int64(random.below(600)))
        case 3: stand.ask(.passer, nil, quota: Int64(random.below(200)))
        case 4: stand.ask(.other, Int64(random.below(90)), isHot: true)
        case 5: stand.tell(.childLock(isHeld: random.below(2) == 0))
        case 6: stand.tell(.guarded(random.below(4) == 0))
        case 7: stand.tell(.service(isOpen: random.below(4) > 0))
        case 8: stand.tell(.device(isThere: random.below(4) > 0))
        case 9: stand.tell(.supply([.present, .low, .unknown, .empty][random.below(4)]))
        case 10: stand.isDry = random.below(3) == 0
        case 11: stand.obeys = random.below(3) > 0
        case 12: stand.isMeterSilent = random.below(5) == 0
        case 13: stand.tell(.stopped)
        case 14: stand.tell(.deadline)
        case 15: stand.restart()
        default: stand.wait(.milliseconds(Int64(random.below(8_000))))
        }
    }

    /// The same people at the same moments, with and without restarts.
    private func report(seed: Int, restarts: Bool) -> [FinishedUse] {
        var random = Xorshift(seed: UInt64(seed) + 77)
        var stand = TapStand()
        for _ in 0..<30 {
            stand.ask(.rider, Int64(50 + random.below(400)))
            stand.wait(.milliseconds(Int64(random.below(20_000))))
            let isCut = random.below(2) == 0
            if restarts, isCut { stand.restart() }
            stand.wait(.seconds(30))
        }
        return stand.ended
    }

    @Test(arguments: 0..<40)
    func `restarted at any moment tells the same uses, but for those it cut short`(_ seed: Int) {
        let whole = report(seed: seed, restarts: false)
        let cut = report(seed: seed, restarts: true)
        #expect(whole.allSatisfy { $0.end == .delivered })
        #expect(cut.map(\.since) == whole.map(\.since))
        for (use, same) in zip(cut, whole) {
            if use.end == .interrupted {
                #expect(use.amount.value < same.amount.value && use.amount.isEstimated)
            } else {
                #expect(use.end == same.end && use.amount.value == same.amount.value)
            }
        }
        #expect(cut.contains { $0.end == .interrupted })
    }

    @Test(arguments: 0..<100)
    func `closes in the step of whatever ends it, and until it is seen closed`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 9)
        var tap = Dispenser(Dispenser.Settings(hasValvePoint: true))
        var now = Instant(nanoseconds: 0)
        var total: Int64 = 0
        _ = tap.handle(.began(nil), at: now)
        _ = tap.handle(.ended(.close, .confirmed), at: now)
        for input in [Dispenser.Input.device(isThere: true), .service(isOpen: true)] {
            _ = tap.handle(input, at: now)
        }
        _ = tap.handle(.total(.total(total)), at: now)
        _ = tap.handle(.asked(.rider, Dispenser.Portion(millilitres: 500)), at: now)
        var closes = 0
        for _ in 0..<300 {
            let wasOpen: Bool = if case .open = tap.state { true } else { false }
            now = now + .milliseconds(Int64(random.below(3_000)))
            total += Int64(random.below(10))
            let input: Dispenser.Input =
                switch random.below(7) {
                case 0: .total(.total(total))
                case 1: .deadline
                case 2: .valve(isOpen: random.below(2) == 0 ? nil : true)
                case 3: .ended(.close, random.below(2) == 0 ? .unknown : .failed)
                case 4: .refused(.close, isBusy: random.below(2) == 0)
                case 5: .device(isThere: random.below(3) > 0)
                default: .deadline
                }
            let outputs = tap.handle(input, at: now)
            let isOpen: Bool = if case .open = tap.state { true } else { false }
            let asks = outputs.contains(.perform(.close, millilitres: nil))
            if wasOpen, !isOpen { #expect(outputs.first == .perform(.close, millilitres: nil)) }
            if asks { closes += 1 }
        }
        // Nothing ever confirmed it: it is asked again at least once a minute and its rest.
        #expect(closes > 5)
        #expect(tap.stands(.notClosed))
    }
}
