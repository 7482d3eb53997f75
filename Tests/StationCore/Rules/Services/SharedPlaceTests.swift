// A place for one at a time as true sentences; and under whatever may come.

import EventLoop
import Testing

@testable import StationCore

/// A place with time that the test moves.
private struct Stall {
    var place: SharedPlace
    var now = Instant(nanoseconds: 1_000_000_000_000)
    private(set) var outputs: [SharedPlace.Output] = []

    init(_ settings: SharedPlace.Settings, isOpen: Bool = true) {
        place = SharedPlace(settings)
        tell(.began(nil))
        tell(.service(isOpen: isOpen))
    }

    var ended: [FinishedUse] {
        outputs.compactMap { if case .ended(let use) = $0 { use } else { nil } }
    }

    var began: [UseOwner] {
        outputs.compactMap { if case .began(let owner) = $0 { owner } else { nil } }
    }

    mutating func tell(_ input: SharedPlace.Input) {
        outputs += place.handle(input, at: now)
    }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = place.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }

    mutating func restart() {
        let kept = place.kept
        place = SharedPlace(place.settings)
        tell(.began(kept))
        tell(.service(isOpen: true))
    }
}

@Suite struct `A shared place` {
    private let seen = SharedPlace.Settings(hasSensor: true)

    @Test func `is in use from the moment somebody was there, until the moment they left`() {
        var stall = Stall(seen)
        let came = stall.now
        stall.tell(.occupied(true))
        stall.wait(.seconds(600))
        let left = stall.now
        stall.tell(.occupied(false))
        stall.wait(.seconds(30))
        #expect(stall.place.shown == .inUse)
        stall.wait(.seconds(30))
        #expect(stall.place.shown == .free)
        #expect(
            stall.ended == [
                FinishedUse(.somebody, since: came, until: left, amount: .once, end: .ended)
            ])
    }

    @Test func `is not used by whoever passes, nor left by whoever sits still`() {
        var stall = Stall(seen)
        stall.tell(.occupied(true))
        stall.wait(.seconds(3))
        stall.tell(.occupied(false))
        stall.wait(.seconds(100))
        #expect(stall.began.isEmpty)
        stall.tell(.occupied(true))
        stall.wait(.seconds(100))
        stall.tell(.occupied(false))
        stall.wait(.seconds(40))
        stall.tell(.occupied(true))
        stall.wait(.seconds(100))
        #expect(stall.began.count == 1)
        #expect(stall.ended.isEmpty)
    }

    @Test func `is taken and given back by a tap where nothing sees it`() {
        var stall = Stall(SharedPlace.Settings(hasSensor: false))
        stall.tell(.asked(.rider))
        #expect(stall.place.shown == .inUse)
        stall.tell(.asked(.other))
        #expect(stall.outputs.last == .refused(.inUse))
        stall.wait(.seconds(1_800))
        stall.tell(.asked(.rider))
        #expect(stall.ended.first?.end == .ended)
        #expect(stall.ended.first?.duration == .seconds(1_800))
        #expect(stall.place.shown == .free)
    }

    @Test func `counts a person who is seen and then taps once, with their key`() {
        var stall = Stall(seen)
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        stall.tell(.asked(.rider))
        stall.wait(.seconds(20))
        stall.tell(.occupied(false))
        stall.wait(.seconds(100))
        #expect(stall.began == [.somebody])
        #expect(stall.ended.map(\.owner) == [.rider])
    }

    @Test func `does not count the person again who tapped out and is still there`() {
        var stall = Stall(seen)
        stall.tell(.asked(.rider))
        stall.wait(.seconds(10))
        stall.tell(.occupied(true))
        stall.wait(.seconds(60))
        stall.tell(.asked(.rider))
        stall.wait(.seconds(60))
        #expect(stall.place.shown == .inUse)
        stall.tell(.occupied(false))
        stall.wait(.seconds(60))
        #expect(stall.began.count == 1)
        #expect(stall.place.shown == .free)
    }

    @Test func `taken by a tap and never used counts as none`() {
        var stall = Stall(seen)
        stall.tell(.occupied(false))
        stall.tell(.asked(.rider))
        stall.wait(.seconds(400))
        #expect(stall.ended.map(\.amount) == [UsageAmount(0, .times)])
        // Who is not seen since nothing sees any more may be there.
        stall.tell(.asked(.rider))
        stall.tell(.occupied(nil))
        stall.wait(.seconds(400))
        #expect(stall.ended.count == 1)
    }

    @Test func `alerts when somebody stays too long, and no more when they have left`() {
        var stall = Stall(SharedPlace.Settings(hasSensor: false, overstay: .seconds(600)))
        stall.tell(.asked(.rider))
        stall.wait(.seconds(599))
        #expect(!stall.outputs.contains(.raised))
        stall.wait(.seconds(1))
        #expect(stall.outputs.count { $0 == .raised } == 1)
        stall.wait(.seconds(6_000))
        #expect(stall.outputs.count { $0 == .raised } == 1)
        stall.tell(.stopped)
        #expect(stall.outputs.contains(.cleared))
        #expect(stall.ended.map(\.end) == [.stopped])
    }

    @Test func `that cannot be seen is unknown, never free, and a gap ends no use`() {
        var stall = Stall(seen)
        #expect(stall.place.shown == .unknown)
        stall.tell(.occupied(false))
        #expect(stall.place.shown == .free)
        stall.tell(.occupied(nil))
        #expect(stall.place.shown == .unknown)
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        stall.tell(.occupied(nil))
        stall.wait(.seconds(500))
        #expect(stall.place.shown == .inUse)
        #expect(stall.place.condition == .degraded(.meterMissing))
        #expect(stall.ended.isEmpty)
    }

    @Test func `out of order is out of order until a person says otherwise, restarts included`() {
        var stall = Stall(seen)
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        stall.tell(.outOfOrder(true))
        #expect(stall.ended.map(\.end) == [.stopped])
        stall.restart()
        #expect(stall.place.shown == .outOfOrder)
        stall.tell(.asked(.rider))
        #expect(stall.outputs.last == .refused(.outOfOrder))
        stall.tell(.occupied(true))
        stall.wait(.seconds(60))
        stall.tell(.outOfOrder(false))
        stall.wait(.seconds(60))
        #expect(stall.began.count == 1)
    }

    @Test func `goes on after a restart, or ends as interrupted when nobody is there any more`() {
        var stall = Stall(seen)
        let came = stall.now
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        stall.restart()
        #expect(stall.place.shown == .inUse)
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        stall.restart()
        stall.tell(.occupied(false))
        stall.wait(.seconds(60))
        #expect(stall.began.count == 1)
        #expect(stall.ended.map(\.end) == [.interrupted])
        #expect(stall.ended.first?.since == came)
        #expect(stall.ended.first?.amount.isEstimated == true)
    }

    @Test func `closed, it takes nobody by a tap and still counts who is there`() {
        var stall = Stall(seen, isOpen: false)
        stall.tell(.asked(.rider))
        #expect(stall.outputs.last == .refused(.serviceClosed))
        stall.tell(.occupied(true))
        stall.wait(.seconds(20))
        #expect(stall.began == [.somebody])
    }

    @Test(arguments: 0..<200)
    func `ends each use once and is never used by two, whatever comes`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 3)
        var stall = Stall(SharedPlace.Settings(hasSensor: seed % 3 > 0))
        for _ in 0..<300 {
            switch random.below(12) {
            case 0, 1: stall.tell(.occupied(true))
            case 2, 3: stall.tell(.occupied(false))
            case 4: stall.tell(.occupied(nil))
            case 5: stall.tell(.asked([.rider, .other, .passer][random.below(3)]))
            case 6: stall.tell(.guarded(random.below(5) == 0))
            case 7: stall.tell(.outOfOrder(random.below(5) == 0))
            case 8: stall.restart()
            case 9: stall.tell(.stopped)
            default: stall.wait(.seconds(Int64(random.below(200))))
            }
            let running = stall.began.count - stall.ended.count
            #expect(running == (stall.place.kept.use == nil ? 0 : 1), "seed \(seed)")
            if running == 1 { #expect(stall.place.shown != .free) }
            if let due = stall.place.nextDeadline { #expect(stall.now < due) }
        }
        let raised = stall.outputs.count { $0 == .raised }
        let cleared = stall.outputs.count { $0 == .cleared }
        #expect(raised >= cleared)
    }
}
