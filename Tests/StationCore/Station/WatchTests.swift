// A crew member looks at cards: what is shown, and that nothing changes by it.

import EventLoop
import Testing

@testable import StationCore

extension Gate {
    fileprivate var showsNothing: Bool {
        mutating get { station.takeWatchedCard().map { _ in false } ?? true }
    }
}

@Suite struct `Somebody who watches cards` {
    @Test func `sees what a key's card says, whose it is, and what the door decides`() throws {
        var gate = Gate()
        gate.station.watchCards(true)
        gate.tap(Gate.known)
        let shown = gate.station.takeWatchedCard()
        let card = try #require(shown)
        #expect(card.reader == Gate.reader && card.door == DoorID(0))
        #expect(card.credential.bits == Gate.known && card.format == .h10301)
        #expect(card.view == .full && card.key != .empty && card.holder != .empty)
        #expect(card.verdict == .granted(.none))
        let isQuiet = gate.showsNothing
        #expect(isQuiet)
        // The tap itself is as always.
        #expect(gate.names.first == "access.granted")
    }

    @Test func `sees why others are not let in`() throws {
        var gate = Gate()
        gate.station.watchCards(true)
        gate.tap(Gate.stranger)
        gate.run(for: .seconds(1))
        gate.tap(Gate.lost)
        var shown = gate.station.takeWatchedCard()
        let stranger = try #require(shown)
        #expect(stranger.view == nil && stranger.key == .empty)
        #expect(stranger.verdict == .denied(.unknown))
        shown = gate.station.takeWatchedCard()
        let lost = try #require(shown)
        #expect(lost.key != .empty && lost.verdict == .denied(.lost))
    }

    @Test func `sees the newest of many, and nothing of what came before or after`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.station.watchCards(true)
        var isQuiet = gate.showsNothing
        #expect(isQuiet)
        for number in 0..<12 {
            gate.tap(WiegandFormat.h10301.encode(facility: 9, number: UInt128(100 + number))!)
        }
        var seen = 0
        while gate.station.takeWatchedCard() != nil { seen += 1 }
        #expect(seen == Station.watchedCapacity)
        gate.tap(Gate.stranger)
        gate.station.watchCards(false)
        isQuiet = gate.showsNothing
        #expect(isQuiet)
        gate.run(for: .seconds(1))
        gate.tap(Gate.stranger)
        isQuiet = gate.showsNothing
        #expect(isQuiet)
    }
}
