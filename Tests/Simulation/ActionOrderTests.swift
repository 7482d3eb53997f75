// A crew's order to a box: durable before it makes something active, answered when it has ended.

import EventLoop
import StationCore
import Testing

@testable import Simulation

@Suite struct `A crew's order to a box` {
    private let person = CrewMember(user: 1_000, name: "zhang")
    private let relay = [ArgumentValue("relay", DecimalNumber(3))]

    private func room() -> FieldBusGate {
        let gate = FieldBusGate([Box.relays(4)])
        gate.station.started(at: gate.now)
        gate.run(for: .seconds(3))
        return gate
    }

    private func relays(_ gate: FieldBusGate) -> ModbusBox? { gate.box(0) as? ModbusBox }

    private func ask(_ gate: FieldBusGate, _ action: Int, number: UInt64 = 7) {
        gate.station.asked(
            action, relay, of: DeviceID(1), by: .crew, person: person, number: number,
            at: gate.now)
        gate.settle()
    }

    @Test func `waits for its entry, then acts, and is answered with its outcome`() {
        let gate = room()
        gate.isJournalSilent = true
        ask(gate, 0)
        gate.run(for: .milliseconds(100))
        #expect(relays(gate)?[.coil, 2] == 0)
        gate.isJournalSilent = false
        gate.commit()
        gate.run(for: .seconds(2))
        #expect(relays(gate)?[.coil, 2] == 1)
        guard case (7, .ended(.confirmed, _, isWritten: true))? = gate.station.takeActionAnswer()
        else {
            Issue.record("the order was not answered as it should")
            return
        }
        let entry = gate.entries.first { $0.event.name == "action.ordered" }
        #expect(entry?.key == person.id && entry?.holder == ShortText("zhang"))
    }

    @Test func `acts unwritten when the journal is late, and says so`() {
        let gate = room()
        gate.isJournalSilent = true
        ask(gate, 0)
        gate.run(for: .seconds(2))
        #expect(relays(gate)?[.coil, 2] == 1)
        guard case (7, .ended(.confirmed, _, isWritten: false))? = gate.station.takeActionAnswer()
        else {
            Issue.record("an order that did not wait says that it did")
            return
        }
    }

    @Test func `that stops something waits for nobody`() {
        let gate = room()
        relays(gate)?[.coil, 2] = 1
        gate.isJournalSilent = true
        ask(gate, 1)
        gate.run(for: .milliseconds(100))
        #expect(relays(gate)?[.coil, 2] == 0)
    }

    @Test func `to a box whose line is gone is refused, and its entry says that it failed`() {
        let gate = room()
        gate.station.closed(ChannelID(0), .lost, at: gate.now)
        gate.settle()
        ask(gate, 1)
        guard case (7, .refused(.offline))? = gate.station.takeActionAnswer() else {
            Issue.record("nobody said that the line is gone")
            return
        }
        let outcomes = gate.entries.compactMap { entry -> ActionOutcome? in
            if case .actionEnded(_, _, _, let outcome) = entry.event { outcome } else { nil }
        }
        #expect(outcomes == [.failed])
    }
}
