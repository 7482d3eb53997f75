// Whatever comes over a line, the bus goes on, and finds everybody again when it is over.

import EventLoop
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `A line that goes mad` {
    private static func boxes() -> [BusDeviceSettings] {
        var sleeper = Box.relays(7, isIdempotent: false, every: 6_000)
        sleeper.timing.repeatsFirst = true
        return [
            Box.meter(1, every: 4_000, silence: .mainsOff), Box.locks(2, every: 5_000),
            Box.relays(3, every: 3_000), Box.electricityMeter(4), Box.locks(5, every: 7_000),
            sleeper,
        ]
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `costs no order its outcome, and everybody is back afterwards`(seed: UInt64) {
        var chance = SplitMix64(seed: seed)
        var stage = FieldBusStage(Self.boxes(), echoes: seed % 2 == 0)
        stage.keepsChanges = false
        var asked = 0
        for number in 1...100 {
            let box = stage.line.boxes[chance.below(6)]
            switch chance.below(12) {
            case 0: box.misbehave(.late(chance.between(.zero, .milliseconds(900))))
            case 1: box.misbehave(.cut(1 + chance.below(6)))
            case 2: box.misbehave(.damaged)
            case 3: box.misbehave(.wrongUnit)
            case 4: box.misbehave(.exception(UInt8(1 + chance.below(11))))
            case 5: box.misbehave(.lostAnswer)
            case 6: box.isConnected.toggle()
            case 7:
                let noise = (0..<chance.below(40)).map { _ in UInt8(chance.below(256)) }
                box.misbehave(.noise(noise))
            case 8:
                stage.line.disturb(
                    (0..<chance.below(700)).map { _ in UInt8(chance.below(256)) }, at: stage.now)
            case 9:
                stage.feed((0..<chance.below(2_000)).map { _ in UInt8(chance.below(256)) })
            case 10:
                let lock = ArgumentValue("lock", DecimalNumber(Int64(1 + chance.below(4))))
                if stage.perform(0, [lock], by: 1, number: UInt64(number)) == nil { asked += 1 }
            default:
                let relay = ArgumentValue("relay", DecimalNumber(Int64(1 + chance.below(8))))
                if stage.perform(0, [relay], by: 5, number: UInt64(number)) == nil { asked += 1 }
            }
            stage.run(for: chance.between(.zero, .milliseconds(1_500)))
        }
        // Calm: boxes are sound again, and the longest rest is over.
        for box in stage.line.boxes {
            box.isConnected = true
            box.mischief.removeAll()
        }
        stage.run(for: .seconds(1_300))
        #expect(stage.reports.count == asked)
        #expect(Set(stage.reports.map(\.report.number)).count == asked)
        for place in 0..<6 {
            #expect(stage.words(of: place).last { $0.contains("line") } == "online", "\(place)")
            let readings = stage.driver.readings(of: DeviceID(place + 1))
            let doubtful = readings.filter { !$0.isBelievable }
            #expect(doubtful.isEmpty, "\(place)")
        }
    }
}
