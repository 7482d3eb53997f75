// A tap's rules as true sentences: who gets how much, what ends it, and what a restart finds.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A dispenser` {
    @Test func `gives what was asked for and tells it once, after what still ran`() {
        var stand = TapStand()
        stand.ask(.rider, 300)
        stand.wait(.seconds(15))
        #expect(stand.began == [.rider])
        #expect(stand.ended.count == 1)
        #expect(stand.ended.first?.end == .delivered)
        #expect(stand.ended.first?.amount == UsageAmount(300, .millilitres))
        #expect(!stand.isOpen)
        #expect(stand.tap.condition == .working)
    }

    @Test func `gives a person no more than is left of the quota, and says so`() {
        var stand = TapStand()
        stand.ask(.rider, 500, quota: 120)
        stand.wait(.seconds(10))
        #expect(stand.ended.first?.end == .quota)
        #expect(stand.ended.first?.amount.value == 120)
        stand.ask(.rider, 500, quota: 0)
        #expect(stand.refusals == [.quota])
    }

    @Test func `closes after a minute whatever was asked for`() {
        var stand = TapStand()
        stand.ask(.passer)
        stand.wait(.seconds(70), pulse: 1)
        #expect(stand.ended.map(\.end) == [.timeLimit])
        #expect(stand.ended.first?.duration == Dispenser.Limit.longest)
    }

    @Test func `ends when the same person asks again, and when anybody presses its button`() {
        var stand = TapStand()
        stand.ask(.rider, 1_000)
        stand.wait(.seconds(2))
        stand.ask(.other, 1_000)
        #expect(stand.refusals == [.inUse])
        #expect(stand.isOpen)
        stand.ask(.rider)
        #expect(!stand.isOpen)
        stand.wait(.seconds(5))
        stand.ask(.other, 1_000)
        stand.wait(.seconds(2))
        stand.ask(.passer)
        #expect(!stand.isOpen)
        stand.wait(.seconds(5))
        #expect(stand.ended.map(\.end) == [.ended, .ended])
    }

    @Test func `counts the first pulse and the slowest flow`() {
        var stand = TapStand()
        stand.ask(.rider, 9)
        for _ in 0..<3 {
            stand.isDry = true
            stand.wait(.seconds(3))
            stand.isDry = false
            stand.wait(.milliseconds(100))
        }
        stand.wait(.seconds(3))
        #expect(stand.ended.first?.end == .delivered)
        #expect(stand.ended.first?.amount.value == 9)
        #expect(stand.faults.isEmpty)
    }

    @Test func `closes when nothing flows, and its fault ends with the next water`() {
        var stand = TapStand()
        stand.isDry = true
        stand.ask(.rider, 300)
        stand.wait(.seconds(10))
        #expect(stand.ended.first?.end == .noFlow)
        #expect(stand.ended.first?.amount.value == 0)
        #expect(stand.faults == [.noFlow])
        #expect(stand.tap.condition == .degraded(.noFlow))
        stand.isDry = false
        stand.ask(.rider, 300)
        stand.wait(.seconds(1))
        #expect(stand.faults.isEmpty)
    }

    @Test func `counts what runs after closing to the use, and tells when that is much`() {
        var stand = TapStand()
        stand.ask(.rider, 30)
        stand.wait(.seconds(1))
        #expect(!stand.isOpen)
        stand.total += 40
        stand.wait(.seconds(3))
        #expect(stand.ended.first?.amount.value == 70)
        #expect(stand.steps == [.overrun(millilitres: 37)])
    }

    @Test func `gives hot water only once its child lock was held, one portion each time`() {
        var stand = TapStand()
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.refusals == [.hotLocked])
        stand.tell(.childLock(isHeld: true))
        stand.wait(.seconds(1))
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.refusals == [.hotLocked, .hotLocked])
        stand.wait(.seconds(1))
        #expect(stand.steps == [.hotReleased])
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.orders.last == .openHot)
        stand.wait(.seconds(12))
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.refusals.count == 3)
        // A button that is stuck is not pressed anew, however often it is read.
        stand.tell(.childLock(isHeld: true))
        stand.wait(.seconds(30))
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.refusals.count == 4)
    }

    @Test func `locks hot water again when nobody takes it in time`() {
        var stand = TapStand()
        stand.tell(.childLock(isHeld: true))
        stand.wait(.seconds(3))
        stand.tell(.childLock(isHeld: false))
        stand.wait(.seconds(10))
        #expect(stand.steps == [.hotReleased, .hotLocked])
        stand.ask(.passer, 200, isHot: true)
        #expect(stand.refusals == [.hotLocked])
    }

    @Test(arguments: [
        (Dispenser.Input.stopped, UseEnd.stopped),
        (.guarded(true), .guarded),
        (.service(isOpen: false), .closed),
        (.device(isThere: false), .deviceFailed),
        (.total(.missing), .meterSilent),
        (.supply(.empty), .noFlow),
    ])
    func `closes in the same step as the cause`(_ input: Dispenser.Input, _ end: UseEnd) {
        var stand = TapStand()
        stand.ask(.rider, 1_000)
        stand.wait(.seconds(1))
        stand.tell(input)
        #expect(stand.orders == [.close, .open, .close])
        #expect(!stand.isOpen)
        stand.wait(.seconds(12))
        #expect(stand.ended.map(\.end) == [end])
    }

    @Test func `is dry, and not guarded, when a guard sees first that nothing flows`() {
        var stand = TapStand()
        stand.isDry = true
        stand.ask(.rider, 300)
        stand.wait(.milliseconds(3_500))
        stand.tell(.guarded(true))
        stand.wait(.seconds(5))
        #expect(stand.ended.map(\.end) == [.noFlow])
        #expect(stand.tap.condition == .outOfOrder(.guarded))
    }

    @Test func `is not said to stand open while its device has yet to come`() {
        var tap = Dispenser(Dispenser.Settings(hasValvePoint: true))
        let start = Instant(nanoseconds: 0)
        _ = tap.handle(.began(nil), at: start)
        _ = tap.handle(.refused(.close, isBusy: false), at: start)
        _ = tap.handle(.deadline, at: start + .seconds(20))
        #expect(!tap.stands(.notClosed))
        let returned = tap.handle(.device(isThere: true), at: start + .seconds(30))
        #expect(returned == [.perform(.close, millilitres: nil)])
        _ = tap.handle(.deadline, at: start + .seconds(33))
        #expect(tap.stands(.notClosed))
        // What was being given when the run before ended may run still.
        var next = Dispenser(tap.settings)
        let kept = Dispenser.Kept(
            owner: .rider, since: start, granted: 100, meter: MeterGain(last: 5))
        _ = next.handle(.began(kept), at: start)
        _ = next.handle(.deadline, at: start + .seconds(3))
        #expect(next.stands(.notClosed))
    }

    @Test func `is told to close until the valve is closed, and is of no use till then`() {
        var stand = TapStand()
        stand.ask(.rider, 60)
        stand.obeys = false
        stand.wait(.seconds(20))
        #expect(stand.orders.count { $0 == .close } >= 4)
        #expect(stand.faults.contains(.notClosed))
        #expect(stand.tap.condition == .outOfOrder(.notSecured))
        #expect(stand.ended.count == 1)
        stand.ask(.other, 60)
        #expect(stand.refusals == [.notClosed])
        stand.obeys = true
        stand.wait(.seconds(40))
        #expect(!stand.isOpen)
        #expect(!stand.faults.contains(.notClosed))
    }

    @Test func `tells of water that flows without anybody, and that it belongs to nobody`() {
        var stand = TapStand()
        stand.isOpen = true
        stand.obeys = false
        stand.wait(.seconds(2))
        #expect(stand.faults.contains(.flowsClosed))
        stand.obeys = true
        stand.wait(.seconds(10))
        #expect(!stand.isOpen)
        stand.wait(.seconds(40))
        #expect(stand.faults.isEmpty)
        #expect(stand.ended.isEmpty)
        let unclaimed = stand.steps.contains { if case .unclaimed = $0 { true } else { false } }
        #expect(unclaimed)
    }

    @Test func `believes a board that measures by itself and is done a pulse early`() {
        var stand = TapStand()
        stand.ask(.rider, 300)
        stand.wait(.milliseconds(9_900))
        #expect(stand.isOpen)
        stand.isOpen = false
        stand.read()
        stand.wait(.seconds(5))
        #expect(stand.ended.first?.end == .delivered)
    }

    @Test func `never opens where nothing would count, and not before its run has begun`() {
        var tap = Dispenser(Dispenser.Settings(hasValvePoint: false))
        let now = Instant(nanoseconds: 5)
        let asked = Dispenser.Input.asked(.rider, Dispenser.Portion())
        #expect(tap.handle(asked, at: now) == [.refused(.starting)])
        #expect(tap.handle(.began(nil), at: now) == [.perform(.close, millilitres: nil)])
        _ = tap.handle(.ended(.close, .accepted), at: now)
        _ = tap.handle(.device(isThere: true), at: now)
        _ = tap.handle(.service(isOpen: true), at: now)
        #expect(tap.handle(asked, at: now) == [.refused(.meterMissing)])
        #expect(tap.condition == .outOfOrder(.meterMissing))
        _ = tap.handle(.total(.total(0)), at: now)
        #expect(tap.handle(asked, at: now).contains(.perform(.open, millilitres: 1_500)))
    }

    @Test func `after a restart closes first, and ends what ran as interrupted`() {
        var stand = TapStand()
        stand.ask(.rider, 1_000)
        stand.wait(.seconds(5))
        let orders = stand.orders.count
        stand.restart()
        #expect(stand.orders[orders] == .close)
        #expect(!stand.isOpen)
        stand.wait(.seconds(5))
        #expect(stand.ended.map(\.end) == [.interrupted])
        #expect(stand.ended.first?.amount == UsageAmount(150, .millilitres, isEstimated: true))
        #expect(stand.began.count == 1)
    }

    @Test func `set back, its meter takes nothing from the use`() {
        var stand = TapStand()
        stand.ask(.rider, 300)
        stand.wait(.seconds(5))
        stand.total = 0
        stand.wait(.seconds(10))
        let amount = stand.ended.first?.amount
        #expect(amount?.isEstimated == true)
        #expect((300...303).contains(amount?.value ?? 0))
    }
}
