// Lights from dusk as true sentences.

import EventLoop
import Testing

@testable import StationCore

/// A group of lamps with time that the test moves.
private struct Lamps {
    var lights: DuskLight
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var obeys = true
    private(set) var burns = false
    private(set) var outputs: [DuskLight.Output] = []

    init(_ settings: DuskLight.Settings = DuskLight.Settings(), wasOn: Bool? = nil) {
        lights = DuskLight(settings)
        tell(.began(wasOn: wasOn))
    }

    mutating func tell(_ input: DuskLight.Input) {
        var waiting = lights.handle(input, at: now)
        while !waiting.isEmpty {
            let output = waiting.removeFirst()
            outputs.append(output)
            guard case .perform(let order) = output else { continue }
            if obeys { burns = order == .on }
            waiting += lights.handle(.ended(order, obeys ? .confirmed : .unknown), at: now)
        }
    }

    mutating func lux(_ value: Int64?) { tell(.lux(value.map { DecimalNumber($0) })) }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = lights.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }
}

@Suite struct `Dusk lights` {
    @Test func `burn once it is dark for a while, and not for a cloud or headlights`() {
        var lamps = Lamps()
        lamps.lux(500)
        lamps.lux(10)
        lamps.wait(.seconds(100))
        lamps.lux(300)
        lamps.wait(.seconds(100))
        #expect(!lamps.burns)
        lamps.lux(10)
        lamps.wait(.seconds(120))
        #expect(lamps.burns)
        // Their own light is no day.
        lamps.lux(50)
        lamps.wait(.seconds(1_000))
        #expect(lamps.burns)
        lamps.lux(200)
        lamps.wait(.seconds(119))
        #expect(lamps.burns)
        lamps.wait(.seconds(1))
        #expect(!lamps.burns)
    }

    @Test func `go by the hours while the sensor is silent`() {
        var lamps = Lamps()
        lamps.lux(500)
        lamps.tell(.hours(isDark: true))
        #expect(!lamps.burns)
        lamps.lux(nil)
        #expect(lamps.burns)
        #expect(lamps.lights.condition == .degraded(.meterMissing))
        lamps.tell(.hours(isDark: nil))
        #expect(lamps.burns)
        lamps.lux(500)
        lamps.wait(.seconds(120))
        #expect(!lamps.burns)
    }

    @Test func `are off where nobody wants them`() {
        var lamps = Lamps()
        lamps.lux(1)
        #expect(lamps.burns)
        lamps.tell(.wanted(false))
        #expect(!lamps.burns)
        lamps.tell(.wanted(true))
        #expect(lamps.burns)
    }

    @Test func `that burned go on burning after a restart`() {
        var lamps = Lamps(wasOn: true)
        lamps.tell(.deadline)
        #expect(lamps.burns)
        lamps.lux(1)
        lamps.wait(.seconds(500))
        #expect(lamps.burns)
        let fresh = Lamps()
        #expect(fresh.outputs.first == .perform(.off))
    }

    @Test func `are told again until they obey, and that they do not is told once`() {
        var lamps = Lamps(DuskLight.Settings(hasPoint: true))
        lamps.obeys = false
        lamps.lux(1)
        lamps.wait(.seconds(200))
        #expect(lamps.outputs.count { $0 == .perform(.on) } > 3)
        #expect(lamps.outputs.count { $0 == .raised } == 1)
        lamps.tell(.lamp(isOn: true))
        #expect(lamps.outputs.contains(.cleared))
        #expect(lamps.outputs.last == .cleared || lamps.outputs.contains(.became(isOn: true)))
        // Somebody switched them off by hand.
        lamps.obeys = true
        lamps.tell(.lamp(isOn: false))
        #expect(lamps.burns)
    }

    @Test(arguments: 0..<100)
    func `always have a wish, and a deadline ahead, whatever comes`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 61)
        var lamps = Lamps(DuskLight.Settings(hasPoint: seed % 2 == 0))
        for _ in 0..<300 {
            switch random.below(8) {
            case 0, 1: lamps.lux(Int64(random.below(100)))
            case 2: lamps.lux(nil)
            case 3: lamps.tell(.hours(isDark: [nil, true, false][random.below(3)]))
            case 4: lamps.tell(.wanted(random.below(2) == 0))
            case 5: lamps.tell(.lamp(isOn: [nil, true, false][random.below(3)]))
            case 6: lamps.obeys = random.below(4) > 0
            default: lamps.wait(.seconds(Int64(random.below(200))))
            }
            #expect(lamps.lights.nextDeadline.map { lamps.now < $0 } ?? true)
        }
        lamps.obeys = true
        lamps.tell(.wanted(true))
        lamps.lux(1)
        lamps.wait(.seconds(500))
        lamps.tell(.lamp(isOn: lamps.burns))
        #expect(lamps.burns && lamps.lights.isOn)
    }
}
