// The checker of readers' answers, shown readers that say nothing, and readers that say enough.

import EventLoop
import StationCore
import Testing

@testable import Simulation

@Suite struct `The checker of readers' answers` {
    private let station = OSDPGate.resolved(
        (0..<2).map { place in
            OSDPReaderSettings(bus: 0, address: place, formats: ["26-h10301"], views: ["full"])
        })
    private let now = Instant(nanoseconds: 100_000_000_000)
    private let reader = DeviceID(1)

    private func card(
        at start: Instant, reader: DeviceID? = nil, isReadable: Bool = true
    ) -> Witness.Presentation {
        Witness.Presentation(
            key: .empty, state: .active, door: DoorID(0), reader: reader ?? self.reader,
            damage: nil, isReadable: isReadable, start: start, end: start + .milliseconds(600),
            distance: .milliseconds(1_500))
    }

    private var witness: Witness {
        Witness(doors: 2, chips: 1, devices: station.devices.count)
    }

    private func missed(
        _ answers: inout ExpectedAnswers, _ witness: Witness, after seconds: Int64
    ) -> Int {
        answers.overdue(witness, patience: .milliseconds(150), at: now + .seconds(seconds)).count
    }

    @Test func `bites a reader that says nothing, once`() {
        var answers = ExpectedAnswers(station)
        var witness = witness
        witness.presented(card(at: now))
        #expect(missed(&answers, witness, after: 1) == 0)
        #expect(missed(&answers, witness, after: 4) == 0)
        #expect(missed(&answers, witness, after: 5) == 1)
        #expect(missed(&answers, witness, after: 9) == 0)
    }

    @Test func `lets pass one that sounds, and is not content with its neighbour's sound`() {
        for sounding in [reader, DeviceID(2)] {
            var answers = ExpectedAnswers(station)
            var witness = witness
            witness.presented(card(at: now))
            #expect(missed(&answers, witness, after: 0) == 0)
            witness.sounded(sounding, at: now + .milliseconds(90))
            #expect(missed(&answers, witness, after: 6) == (sounding == reader ? 0 : 1))
        }
    }

    @Test func `asks nothing of a reader that cannot, is in trouble, or has two cards at once`() {
        var answers = ExpectedAnswers(station)
        var witness = witness
        witness.presented(card(at: now, isReadable: false))
        // The bus is no reader, nor is a strike.
        witness.presented(card(at: now, reader: DeviceID(0)))
        witness.presented(card(at: now, reader: DeviceID(3)))
        witness.presented(card(at: now, reader: DeviceID(2)))
        witness.presented(card(at: now + .milliseconds(400), reader: DeviceID(2)))
        #expect(missed(&answers, witness, after: 9) == 0)
        witness.presented(card(at: now + .seconds(20)))
        witness.troubled(reader, until: now + .seconds(21))
        #expect(missed(&answers, witness, after: 30) == 0)
        answers.forget()
        witness.presented(card(at: now + .seconds(40)))
        witness.chipChanged(at: now + .seconds(41))
        #expect(missed(&answers, witness, after: 50) == 0)
    }
}
