// Uses of an appliance as true sentences: what a level and a total show, and what they do not.

import EventLoop
import Testing

@testable import StationCore

/// An appliance with time that the test moves; power runs its meter.
private struct Plug {
    var appliance: ApplianceUse
    var now = Instant(nanoseconds: 1_000_000_000_000)
    private(set) var outputs: [ApplianceUse.Output] = []

    init(_ settings: ApplianceUse.Settings = ApplianceUse.Settings()) {
        appliance = ApplianceUse(settings)
        tell(.began(nil))
    }

    var ended: [FinishedUse] {
        outputs.compactMap { if case .ended(let use) = $0 { use } else { nil } }
    }

    var begun: Int { outputs.count { if case .began = $0 { true } else { false } } }

    mutating func tell(_ input: ApplianceUse.Input) {
        outputs += appliance.handle(input, at: now)
    }

    mutating func watts(_ watts: Int64?) { tell(.level(watts.map { DecimalNumber($0) })) }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = appliance.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }

    mutating func restart() {
        let kept = appliance.kept
        appliance = ApplianceUse(appliance.settings)
        tell(.began(kept))
    }
}

@Suite struct `An appliance` {
    @Test func `is used once while its power comes and goes, for so many watt-hours`() {
        var plug = Plug()
        plug.tell(.total(.total(5_000)))
        plug.watts(2)
        plug.wait(.seconds(60))
        // Its clock draws a little all day: that is nobody's.
        plug.tell(.total(.total(5_004)))
        let began = plug.now
        for _ in 0..<3 {
            plug.watts(900)
            plug.wait(.seconds(10))
            plug.watts(3)
            plug.wait(.seconds(10))
        }
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.tell(.total(.total(5_012)))
        let over = plug.now
        plug.watts(3)
        plug.wait(.seconds(100))
        #expect(
            plug.ended == [
                FinishedUse(
                    .somebody, since: began, until: over, amount: UsageAmount(8, .wattHours),
                    end: .ended)
            ])
    }

    @Test func `is not used by a spark, nor by power between its thresholds`() {
        var plug = Plug()
        plug.watts(900)
        plug.wait(.seconds(1))
        plug.watts(2)
        plug.wait(.seconds(60))
        plug.watts(10)
        plug.wait(.seconds(60))
        #expect(plug.begun == 0)
        plug.watts(20)
        plug.wait(.seconds(60))
        plug.watts(10)
        plug.wait(.seconds(60))
        #expect(plug.appliance.isInUse)
    }

    @Test func `counts what it drew before it was sure that it is used`() {
        var plug = Plug(ApplianceUse.Settings(start: .seconds(30)))
        plug.tell(.total(.total(100)))
        plug.watts(2_000)
        plug.wait(.seconds(20))
        plug.tell(.total(.total(111)))
        plug.wait(.seconds(20))
        plug.watts(0)
        plug.wait(.seconds(30))
        #expect(plug.ended.first?.amount == UsageAmount(11, .wattHours))
    }

    @Test func `without a total counts as one use, and never as none`() {
        var plug = Plug()
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.watts(0)
        plug.wait(.seconds(60))
        #expect(plug.ended.first?.amount == .once)
        // A contact is used while it shows use, and at once.
        var door = Plug(.contact)
        door.watts(1)
        door.wait(.seconds(7))
        door.watts(0)
        #expect(door.ended.first?.duration == .seconds(7))
        #expect(door.ended.first?.amount == .once)
    }

    @Test func `whose meter falls silent was used until it was last seen`() {
        var plug = Plug()
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.watts(900)
        let seen = plug.now
        plug.wait(.seconds(5))
        plug.watts(nil)
        plug.wait(.seconds(29))
        #expect(plug.ended.isEmpty)
        plug.wait(.seconds(1))
        #expect(plug.ended.map(\.end) == [.meterSilent])
        #expect(plug.ended.first?.until == seen)
        #expect(plug.ended.first?.amount.isEstimated == true)
    }

    @Test func `whose power was taken away is used again only once it was off`() {
        var plug = Plug()
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.tell(.cut(.guarded))
        #expect(plug.ended.map(\.end) == [.guarded])
        plug.watts(900)
        plug.wait(.seconds(10))
        #expect(plug.begun == 1)
        plug.watts(0)
        plug.watts(900)
        plug.wait(.seconds(10))
        #expect(plug.begun == 2)
    }

    @Test func `goes on after a restart, or ends interrupted with what its meter counted`() {
        var plug = Plug()
        plug.tell(.total(.total(100)))
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.restart()
        plug.watts(900)
        plug.wait(.seconds(10))
        #expect(plug.begun == 1)
        plug.restart()
        plug.tell(.total(.total(140)))
        plug.watts(0)
        plug.wait(.seconds(60))
        #expect(plug.begun == 1)
        #expect(plug.ended.map(\.end) == [.interrupted])
        #expect(plug.ended.first?.amount == UsageAmount(40, .wattHours, isEstimated: true))
        plug.restart()
        plug.wait(.seconds(100))
        #expect(plug.ended.count == 1)
    }

    @Test func `that nothing is heard of after a restart is not in use for ever`() {
        var plug = Plug()
        plug.watts(900)
        plug.wait(.seconds(10))
        plug.restart()
        plug.wait(.seconds(30))
        #expect(plug.ended.map(\.end) == [.interrupted])
    }

    @Test(arguments: 0..<200)
    func `ends each use once, and its amounts are never more than its meter counted`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 11)
        var plug = Plug()
        var total: Int64 = 0
        for _ in 0..<300 {
            switch random.below(10) {
            case 0, 1, 2: plug.watts([0, 3, 10, 20, 900][random.below(5)])
            case 3: plug.watts(nil)
            case 4, 5:
                total += Int64(random.below(20))
                plug.tell(.total(.total(total)))
            case 6: plug.tell(.total(.missing))
            case 7: plug.tell(.cut(.closed))
            case 8: plug.restart()
            default: plug.wait(.seconds(Int64(random.below(60))))
            }
            let running = plug.begun - plug.ended.count
            #expect(running == (plug.appliance.isInUse ? 1 : 0), "seed \(seed)")
            if let due = plug.appliance.nextDeadline { #expect(plug.now < due) }
        }
        let told = plug.ended.filter { $0.amount.unit == .wattHours }.map(\.amount.value)
        #expect(told.allSatisfy { $0 >= 0 })
        #expect(told.reduce(0, +) <= total)
    }
}

@Suite struct `A range` {
    private let fridge = RangeWatch.Settings(
        lowest: DecimalNumber(0), highest: DecimalNumber(8), patience: .seconds(600))

    @Test func `is told when it was left for long enough, and for how long when it is over`() {
        var watch = RangeWatch(fridge)
        var now = Instant(nanoseconds: 0)
        #expect(watch.handle(.value(DecimalNumber(9)), at: now).isEmpty)
        #expect(watch.nextDeadline == now + .seconds(600))
        now = now + .seconds(600)
        #expect(watch.handle(.deadline, at: now) == [.raised(.above)])
        now = now + .seconds(100)
        #expect(
            watch.handle(.value(DecimalNumber(8)), at: now) == [.cleared(outside: .seconds(700))])
        #expect(watch.condition == .working)
    }

    @Test func `is not left by a door that was open for a while`() {
        var watch = RangeWatch(fridge)
        let now = Instant(nanoseconds: 0)
        _ = watch.handle(.value(DecimalNumber(12)), at: now)
        #expect(watch.handle(.value(DecimalNumber(7)), at: now + .seconds(500)).isEmpty)
        #expect(watch.handle(.value(DecimalNumber(12)), at: now + .seconds(501)).isEmpty)
        #expect(watch.handle(.deadline, at: now + .seconds(1_100)).isEmpty)
    }

    @Test func `missing values neither raise nor clear, and their time does not count`() {
        var watch = RangeWatch(fridge)
        let now = Instant(nanoseconds: 0)
        _ = watch.handle(.value(DecimalNumber(-1)), at: now)
        _ = watch.handle(.value(nil), at: now + .seconds(300))
        #expect(watch.nextDeadline == nil)
        #expect(watch.handle(.deadline, at: now + .seconds(5_000)).isEmpty)
        _ = watch.handle(.value(DecimalNumber(-1)), at: now + .seconds(5_000))
        #expect(watch.nextDeadline == now + .seconds(5_300))
        #expect(watch.handle(.deadline, at: now + .seconds(5_300)) == [.raised(.below)])
        #expect(watch.handle(.value(nil), at: now + .seconds(5_400)).isEmpty)
        #expect(watch.condition == .degraded(.outOfRange))
    }
}
