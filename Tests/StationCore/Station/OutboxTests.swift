// What is lost when the journal takes nothing: the cheap first, and every loss is counted.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `The outbox` {
    private let health = Event.edgesLost(device: DeviceID(0), count: 1)
    private let alarm = Event.forced(door: DoorID(0))
    private let grant = Event.granted(
        door: DoorID(0), reader: DeviceID(0), view: .full, note: .none)

    private func entry(_ number: Int, _ event: Event) -> Entry {
        Entry(
            ticket: Ticket(number: UInt64(number)), at: Instant(nanoseconds: 0),
            calendar: .unknown, event: event)
    }

    @Test func `keeps the precious through a flood of health entries`() {
        var outbox = Outbox()
        _ = outbox.append(entry(0, alarm))
        for number in 1..<Outbox.capacity { _ = outbox.append(entry(number, health)) }
        for number in 0..<100 {
            let refused = outbox.append(entry(10_000 + number, health))
            #expect(refused == .full)
            let taken = outbox.append(entry(20_000 + number, number % 2 == 0 ? grant : alarm))
            #expect(taken == .tookAPlace)
        }
        #expect(outbox.count == Outbox.capacity)
        #expect(outbox.lost == 200)
        // The newest health entries left, and the order is that of the tickets.
        let tickets = (0..<outbox.count).map { Int(outbox[$0].ticket.number) }
        #expect(tickets == Array(0..<Outbox.capacity - 100) + Array(20_000..<20_100))
    }

    @Test func `has no room for the precious when nothing else is left in it`() {
        var outbox = Outbox()
        for number in 0..<Outbox.capacity { _ = outbox.append(entry(number, grant)) }
        let hasRoom = outbox.hasRoomForPrecious()
        #expect(hasRoom == false)
        let refused = outbox.append(entry(9_999, grant))
        #expect(refused == .full)
        outbox.removeFirst(1)
        _ = outbox.append(entry(10_000, health))
        let hasRoomNow = outbox.hasRoomForPrecious()
        #expect(hasRoomNow == true)
        let taken = outbox.append(entry(10_001, grant))
        #expect(taken == .tookAPlace)
        #expect(outbox[outbox.count - 1].ticket.number == 10_001)
        #expect(outbox.lost == 2)
    }

    @Test func `of a strict station lets a health entry go for a grant`() {
        var gate = Gate(JournalSettings(commitWait: .strict))
        gate.isJournalTaking = false
        gate.station.edgesLost(1, of: Gate.contact, at: gate.now)
        gate.fillOutbox()
        gate.tap(Gate.known)
        #expect(gate.station.counters.grants == 1)
        #expect(gate.station.counters.entriesLost == 1)
        gate.isJournalTaking = true
        gate.settle()
        #expect(gate.count("device.edgesLost") == 0)
        #expect(gate.entries.last?.event.name == "access.granted")
        gate.commit()
        #expect(gate.releases == [.none])
    }
}
