// Sixteen cards at once, each bit 200 us after the one before.

import EventLoop
import Journal
import Simulation
import StationCore
import Testing

@Suite struct `Sixteen Wiegand readers` {
    @Test(arguments: [0, 50])
    func `send at once, 200 us a bit, and no bit is lost`(longTicksPerMille: Int) throws {
        let stage = try Stage(doors: 16, seed: 16)
        stage.selector.longTicksPerMille = longTicksPerMille
        var loop = stage.loop()
        for round in 0..<40 {
            let start = stage.clock.now + .seconds(1)
            for reader in stage.plant.readers {
                let pace = VirtualReader(
                    device: reader.device, zero: reader.zero, one: reader.one,
                    formats: reader.formats, views: reader.views, width: .microseconds(100),
                    gap: .microseconds(100))
                let person = stage.people.residents[
                    (Int(reader.device.index) + round * 7) % stage.people.residents.count]
                // The wire may carry what no roster knows: the bits are what counts here.
                let bits = try #require(person.frame(at: pace, filler: 1))
                stage.plant.play(pace.pulses(bits.bits, count: bits.count), on: pace, at: start)
            }
            stage.run(&loop, until: start + .seconds(9))
        }
        let counters = loop.room.station.counters
        #expect(counters.edges >= 40 * 16 * 26)
        #expect(counters.taps == 40 * 16)
        #expect(counters.edgesLost == 0)
        #expect(ReadDiagnosis.allCases.allSatisfy { counters.diagnoses[Int($0.rawValue)] == 0 })
        #expect(stage.plant.droppedEdges == 0)
    }
}
