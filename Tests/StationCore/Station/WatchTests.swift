// A crew member looks at cards: what is shown, and that nothing changes by it.

import EventLoop
import Testing

@testable import StationCore

/// A gate, and somebody who looks at its cards.
private struct Watcher: ~Copyable {
    var gate: Gate
    var seen: UInt64

    init(_ journal: JournalSettings = JournalSettings()) {
        gate = Gate(journal)
        gate.station.watchCards(true)
        seen = gate.station.newestCard
    }

    /// The next card that was not shown yet.
    mutating func look(at reader: DeviceID? = nil) -> WatchedCard? {
        guard let (number, card) = gate.station.watchedCard(after: seen, at: reader) else {
            return nil
        }
        seen = number
        return card
    }
}

@Suite struct `Somebody who watches cards` {
    @Test func `sees what a key's card says, whose it is, and what the door decides`() throws {
        var watcher = Watcher()
        watcher.gate.tap(Gate.known)
        // The grant waits for its entry, and may still come to nothing.
        let early = watcher.look()
        #expect(early == nil)
        watcher.gate.commit()
        let shown = watcher.look()
        let card = try #require(shown)
        #expect(card.reader == Gate.reader && card.door == DoorID(0))
        #expect(card.credential.bits == Gate.known && card.format == .h10301)
        #expect(card.view == .full && card.key != .empty && card.holder != .empty)
        #expect(card.verdict == .granted(.none) && card.code == nil)
        let other = watcher.look()
        #expect(other == nil)
        // The tap itself is as always.
        #expect(watcher.gate.names.first == "access.granted")
    }

    @Test func `sees why others are not let in`() throws {
        var watcher = Watcher()
        watcher.gate.tap(Gate.stranger)
        watcher.gate.run(for: .seconds(1))
        watcher.gate.tap(Gate.lost)
        var shown = watcher.look()
        let stranger = try #require(shown)
        #expect(stranger.view == nil && stranger.key == .empty)
        #expect(stranger.verdict == .denied(.unknown))
        shown = watcher.look()
        let lost = try #require(shown)
        #expect(lost.key != .empty && lost.verdict == .denied(.lost))
    }

    @Test(arguments: [false, true])
    func `sees what came of a grant, not what was meant to`(isFull: Bool) throws {
        var watcher = Watcher(JournalSettings(commitWait: .strict))
        watcher.gate.station.answered(.failed, at: watcher.gate.now)
        if isFull { watcher.gate.fillOutbox() }
        watcher.gate.tap(Gate.known)
        watcher.gate.run(for: .seconds(4))
        let shown = watcher.look()
        #expect(try #require(shown).verdict == .denied(.journalUnavailable))
        #expect(watcher.gate.strikeValues.isEmpty)
    }

    @Test func `sees a card that is locked out while its grant waits`() throws {
        var watcher = Watcher()
        watcher.gate.tap(Gate.known)
        watcher.gate.station.ordered(
            .lockDown, door: DoorID(0), by: .crew, at: watcher.gate.now)
        watcher.gate.settle()
        watcher.gate.commit()
        let shown = watcher.look()
        #expect(try #require(shown).verdict == .denied(.lockdown))
    }

    @Test func `sees the newest of many, and nothing of what came before or after`() {
        var gate = Gate()
        gate.tap(Gate.known)
        gate.station.watchCards(true)
        var shown = gate.station.watchedCard(after: 0)
        #expect(shown == nil)
        for number in 0..<12 {
            gate.tap(WiegandFormat.h10301.encode(facility: 9, number: UInt128(100 + number))!)
        }
        var seen: [UInt64] = []
        while let (number, _) = gate.station.watchedCard(after: seen.last ?? 0) {
            seen.append(number)
        }
        #expect(seen == Array(5...12))
        #expect(seen.count == CardTray.capacity)
        gate.tap(Gate.stranger)
        gate.station.watchCards(false)
        shown = gate.station.watchedCard(after: 0)
        #expect(shown == nil)
        gate.run(for: .seconds(1))
        gate.tap(Gate.stranger)
        shown = gate.station.watchedCard(after: 0)
        #expect(shown == nil)
    }

    @Test func `is not shown what is old, nor what was at another reader`() {
        var watcher = Watcher()
        watcher.gate.tap(Gate.stranger)
        let elsewhere = watcher.look(at: Gate.strike)
        #expect(elsewhere == nil)
        watcher.gate.run(for: .seconds(12))
        watcher.gate.station.forgetCards(after: .seconds(10), at: watcher.gate.now)
        let old = watcher.look(at: Gate.reader)
        #expect(old == nil)
    }

    @Test func `is written down with whose card they saw`() throws {
        var watcher = Watcher()
        let person = CrewMember(user: 1_000, name: "zhang")
        watcher.gate.tap(Gate.stranger)
        watcher.gate.run(for: .seconds(1))
        watcher.gate.tap(Gate.lost)
        while let card = watcher.look() {
            watcher.gate.station.showed(card, to: person, at: watcher.gate.now)
        }
        watcher.gate.settle()
        let shown = watcher.gate.entries.filter { $0.event.name == "access.cardShown" }
        #expect(shown.map(\.event) == [.cardShown(reader: Gate.reader, user: 1_000)])
        #expect(shown.map(\.key) == [ShortText("k2")] && shown.map(\.holder) == [ShortText("h-k2")])
    }
}
