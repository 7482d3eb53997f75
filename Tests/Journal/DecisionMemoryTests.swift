// Pauses and hours for today over a restart: in the snapshot's bytes, and in what entries add.

import EventLoop
import Testing

@testable import Journal
@testable import StationCore

@Suite struct `What people decided, over a restart` {
    private let until = WallTime(seconds: 1_795_250_000)
    private static let stretches = DayHours(
        [DaySpan("8:00-12:00"), DaySpan("22:00-02:00")].compactMap(\.self))
    private var memory: DecisionMemory {
        DecisionMemory(
            pauses: [
                .init(service: "lockers", pause: ServicePause(.repair)),
                .init(service: "shower", pause: ServicePause(.cleaning, until: until)),
            ],
            changes: [
                .init(
                    hours: "rooms",
                    change: .today(CivilDate(dayNumber: 20_778), Self.stretches)),
                .init(hours: "rooms", change: .severeWeather(until: until)),
                .init(hours: "gate", change: .today(CivilDate(dayNumber: -1), .closed)),
            ])
    }

    private func snapshot(_ memory: DecisionMemory) -> StateSnapshot {
        StateSnapshot(
            last: nil, wallAnchor: WallTime(seconds: 1_795_000_000), doors: [],
            uses: UseMemory(decisions: memory))
    }

    @Test func `comes back from the snapshot as it was`() {
        #expect(StateSnapshot(snapshot(memory).encoded()[...])?.uses.decisions == memory)
    }

    @Test func `is refused cut short, anywhere, and with what follows it`() {
        let bytes = snapshot(memory).encoded()
        for length in 0..<bytes.count { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
    }

    @Test func `is refused with a reason, a kind or a day that there is not`() {
        let bytes = snapshot(memory).encoded()
        let lockers = Array("lockers".utf8)
        let place = bytes.indices.first { bytes[$0...].starts(with: lockers) } ?? 0
        var other = bytes
        other[place + lockers.count] = 9
        #expect(StateSnapshot(other[...]) == nil)
        let rooms = Array("rooms".utf8)
        let kind = (bytes.indices.first { bytes[$0...].starts(with: rooms) } ?? 0) + rooms.count
        other = bytes
        other[kind] = 3
        #expect(StateSnapshot(other[...]) == nil)
        other = bytes
        // The first stretch ends before it begins.
        other[kind + 6] = 0x05
        #expect(StateSnapshot(other[...]) == nil)
    }

    private func recall(_ events: [Event]) throws -> DecisionFacts {
        let directory = try TemporaryDirectory()
        let written = events.enumerated().map { index, event in
            entry(UInt64(index + 1), event, key: "uid:1000", holder: "zhang")
        }
        let stored = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        var recollection = Recollection(names)
        for entry in stored { recollection.take(entry) }
        return recollection.useFacts.decisions
    }

    private func paused(_ pause: ServicePause) -> Event {
        .servicePart(
            service: ServiceID(0), unit: 0, step: .paused, value: pause.packed, by: .crew)
    }

    private let unpaused = Event.servicePart(
        service: ServiceID(0), unit: 0, step: .unpaused, value: 0, by: .crew)

    @Test func `is what the newest entries say`() throws {
        let pause = ServicePause(.weather, until: until)
        var facts = try recall([paused(ServicePause(.repair)), unpaused, paused(pause)])
        #expect(facts.pauses[0] == .some(pause))
        facts = try recall([paused(pause), unpaused])
        #expect(facts.pauses[0] == .some(nil))
        facts = try recall([paused(ServicePause(.other))])
        #expect(facts.pauses[0] == .some(ServicePause(.other)))
    }

    @Test func `of hours is the newest of each kind since they were taken back`() throws {
        let date = CivilDate(dayNumber: 20_778)
        let morning = DayHours([DaySpan("8:00-12:00")].compactMap(\.self))
        func changed(_ change: HoursChange?) throws -> Event {
            .hoursChanged(hours: 0, try #require(HoursNote(change)), by: .crew)
        }
        let facts = try recall([
            changed(.severeWeather(until: WallTime(seconds: 1))), changed(nil),
            changed(.today(date, .closed)), changed(.severeWeather(until: until)),
            changed(.today(date, morning)),
        ])
        #expect(
            facts.changes[0] == [
                nil, .severeWeather(until: until), .today(date, morning),
            ])
    }

    @Test func `is no news of the part whose entry bears it`() throws {
        let directory = try TemporaryDirectory()
        let written = [entry(1, paused(ServicePause(.repair)))]
        let stored = try withStore(settings(directory)) { store throws in
            _ = try store.commit(written.span)
            return try store.readAll()
        }
        var recollection = Recollection(names)
        for entry in stored { recollection.take(entry) }
        #expect(recollection.useFacts.facts.isEmpty)
    }
}
