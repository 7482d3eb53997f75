// Outputs that a board drops by itself: kept on while the station lives, and no longer.

import EventLoop
import Testing

@testable import Simulation
@testable import StationCore

/// A relay board whose pulses of ten seconds are renewed.
private struct Kept {
    let gate: FieldBusGate

    init(
        withAllOff: Bool = false, strange: (table: RegisterPlace.Table, number: Int)? = nil
    ) {
        var relays = Box.relays(4, every: 500)
        var keep = relays.actions[0]
        keep.name = "keep"
        keep.steps = [
            .write(
                table: .coil,
                address: Expression(argument: "relay", plus: DecimalNumber(0x1FF)),
                values: [Expression(plus: DecimalNumber(100))]),
            .read(points: ["relay.relay"]),
        ]
        var dark = keep.confirmed
        dark?.all[0].value = Expression(plus: .zero)
        keep.failed = dark
        keep.selfTimedMilliseconds = 10_000
        keep.renewedUntil = "off"
        keep.safety = .board
        relays.actions.append(keep)
        if let address = strange {
            // Another register, or another coil that nothing is known of.
            relays.actions.append(
                ActionSettings(
                    name: "strange",
                    steps: [
                        .write(
                            table: address.table,
                            address: Expression(plus: DecimalNumber(Int64(address.number))),
                            values: [Expression(plus: .zero)])
                    ], isIdempotent: true))
        }
        if withAllOff {
            var off = relays.actions[1]
            (off.name, off.safety, off.confirmed, off.failed) = ("all_off", nil, nil, nil)
            relays.actions.append(off)
        }
        gate = FieldBusGate([relays])
        let box = box
        box.onWrite = { _, address, _ in
            if address >= 0x200 { box[.coil, address - 0x200] = 1 }
        }
        gate.station.started(at: gate.now)
        gate.run(for: .seconds(3))
    }

    var box: ModbusBox {
        guard let box = gate.box(0) as? ModbusBox else {
            preconditionFailure("a relay board speaks Modbus")
        }
        return box
    }

    /// How often the pulse of relay 3 was given.
    var pulses: Int { box.writes.count { $0.address == 0x202 } }

    /// What became of the first order, each time that something did.
    var outcomes: [ActionOutcome] {
        var first: UInt64?
        return gate.entries.compactMap { entry in
            switch entry.event {
            case .actionOrdered(_, _, let number, _): first = first ?? number
            case .actionEnded(_, _, let number, let outcome) where number == first:
                return outcome
            default: break
            }
            return nil
        }
    }

    @discardableResult
    func orderStrange() -> Result<UInt64, ActionRefusal> {
        defer { gate.settle() }
        return gate.station.ordered(3, of: DeviceID(1), by: .crew, at: gate.now)
    }

    @discardableResult
    func order(_ action: Int) -> Result<UInt64, ActionRefusal> {
        defer { gate.settle() }
        return gate.station.ordered(
            action, [ArgumentValue("relay", DecimalNumber(3))], of: DeviceID(1), by: .crew,
            at: gate.now)
    }
}

@Suite struct `An output that is kept on` {
    @Test func `is told again three times in the board's own time, without an entry each`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(60))
        #expect((17...20).contains(kept.pulses))
        #expect(kept.gate.names(of: 0).count { $0.hasPrefix("action.") } == 2)
    }

    @Test func `is let go by the action that ends it`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(10))
        kept.order(1)
        kept.gate.run(for: .seconds(1))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect(kept.pulses == count && kept.box[.coil, 2] == 0)
        #expect(kept.outcomes == [.confirmed])
    }

    @Test func `is kept on whatever else its box is told`() {
        let kept = Kept(strange: (.holding, 0x4000))
        kept.order(2)
        kept.gate.run(for: .seconds(10))
        kept.orderStrange()
        kept.gate.run(for: .seconds(1))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect((17...20).contains(kept.pulses - count) && kept.outcomes == [.confirmed])
    }

    @Test func `is not kept on when all may have been told to be off, and that is an entry`() {
        let kept = Kept(strange: (.coil, 0xFF))
        kept.order(2)
        kept.gate.run(for: .seconds(10))
        kept.orderStrange()
        kept.gate.run(for: .seconds(1))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect(kept.pulses == count && kept.outcomes == [.confirmed, .failed])
    }

    @Test func `is let go by whatever else makes nothing active`() {
        let kept = Kept(withAllOff: true)
        kept.order(2)
        kept.gate.run(for: .seconds(10))
        kept.order(3)
        kept.gate.run(for: .seconds(1))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect(kept.outcomes == [.confirmed, .failed])
        #expect(kept.pulses == count && kept.box[.coil, 2] == 0)
    }

    @Test func `stays kept when it is ordered once more, and that is refused`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(5))
        for _ in 0..<16 { kept.order(0) }
        guard case .failure(.busy) = kept.order(2) else {
            Issue.record("a box took more orders than it can have waiting")
            return
        }
        kept.gate.run(for: .seconds(10))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect((17...20).contains(kept.pulses - count))
    }

    @Test func `is kept for the second order once that is done, with an entry each`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(5))
        kept.order(2)
        kept.gate.run(for: .seconds(60))
        #expect(kept.gate.station.renewals.count == 1)
        #expect((18...23).contains(kept.pulses))
        let ended = kept.gate.entries.compactMap { entry -> ActionOutcome? in
            if case .actionEnded(_, _, _, let outcome) = entry.event { outcome } else { nil }
        }
        #expect(ended == [.confirmed, .confirmed])
        kept.order(1)
        kept.gate.run(for: .seconds(1))
        let count = kept.pulses
        kept.gate.run(for: .seconds(30))
        #expect(kept.pulses == count)
    }

    @Test func `is refused when a station keeps on as many as it can`() {
        let kept = Kept()
        for relay in 0..<Station.renewalCapacity {
            kept.gate.station.renewals.append(
                Renewal(
                    device: DeviceID(1), action: 2,
                    arguments: [ArgumentValue("relay", DecimalNumber(Int64(100 + relay)))],
                    order: UInt64(1_000 + relay), selfTime: .seconds(10),
                    next: .distantFuture))
        }
        guard case .failure(.busy) = kept.order(2) else {
            Issue.record("an output is switched on that nobody keeps on")
            return
        }
        #expect(kept.pulses == 0)
    }

    @Test func `is told late without an entry, when it was let go of meanwhile`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(1))
        while kept.gate.station.renewals.first?.underway == nil {
            kept.gate.run(for: .milliseconds(1))
        }
        kept.order(1)
        kept.gate.run(for: .seconds(5))
        var ordered: [UInt64] = []
        var ended: [UInt64] = []
        for entry in kept.gate.entries {
            switch entry.event {
            case .actionOrdered(_, _, let number, _): ordered.append(number)
            case .actionEnded(_, _, let number, _): ended.append(number)
            default: break
            }
        }
        #expect(ordered.count == 2 && ended == ordered)
        #expect(kept.gate.station.strayRenewals.isEmpty)
    }

    @Test func `is kept for the second order when the first came to nothing`() {
        let kept = Kept()
        let box = kept.box
        var told = 0
        box.onWrite = { _, address, _ in
            guard address >= 0x200 else { return }
            told += 1
            if told > 1 { box[.coil, address - 0x200] = 1 }
        }
        kept.order(2)
        kept.order(2)
        kept.gate.run(for: .seconds(60))
        let ended = kept.gate.entries.compactMap { entry -> ActionOutcome? in
            if case .actionEnded(_, _, _, let outcome) = entry.event { outcome } else { nil }
        }
        #expect(ended == [.failed, .confirmed])
        #expect(kept.pulses > 15)
    }

    @Test func `stays kept through a silence in which it is ordered once more`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(1))
        while kept.gate.station.renewals.first?.underway == nil {
            kept.gate.run(for: .milliseconds(1))
        }
        kept.box.isConnected = false
        kept.order(2)
        for _ in 0..<55 where kept.gate.station.renewals.first?.successor != nil {
            kept.gate.run(for: .milliseconds(100))
        }
        // Neither the renewal nor the second order was answered.
        let renewal = kept.gate.station.renewals.first
        #expect(renewal?.doneAt != nil && renewal?.successor == nil)
        kept.box.isConnected = true
        kept.gate.run(for: .seconds(5))
        let count = kept.pulses
        kept.gate.run(for: .seconds(60))
        #expect((17...20).contains(kept.pulses - count) && kept.outcomes == [.confirmed])
    }

    @Test func `is kept for an order that came meanwhile, when the board's time is over`() {
        let kept = Kept()
        func ended(_ number: UInt64, _ outcome: ActionOutcome) {
            let report = ActionReport(
                device: DeviceID(1), number: number, action: 2, outcome: outcome)
            _ = kept.gate.station.renewalEnded(report, at: kept.gate.now)
            kept.gate.settle()
        }
        let now = kept.gate.now
        kept.gate.station.renewals = [
            Renewal(
                device: DeviceID(1), action: 2,
                arguments: [ArgumentValue("relay", DecimalNumber(3))], order: 1_001,
                selfTime: .seconds(10), doneAt: now + .seconds(-11), next: now,
                underway: (1_002, now + .seconds(-1)), successor: (1_003, now))
        ]
        ended(1_002, .unknown)
        let tellsDropped = kept.gate.entries.contains {
            if case .actionEnded(_, _, 1_001, .failed) = $0.event { true } else { false }
        }
        #expect(tellsDropped)
        #expect(kept.gate.station.renewals.map(\.order) == [1_003])
        ended(1_003, .confirmed)
        #expect(kept.gate.station.renewals.first?.doneAt == now)
        // It was the first then: nobody knows that it is on.
        kept.gate.station.renewals[0].doneAt = nil
        kept.gate.station.renewals[0].underway = (1_003, now)
        ended(1_003, .unknown)
        #expect(kept.gate.station.renewals.isEmpty)
    }

    @Test func `stays kept when what may let go of it is refused, and not when its end is`() {
        for (action, isKept) in [(3, true), (1, false)] {
            let kept = Kept(withAllOff: true)
            kept.order(2)
            kept.gate.run(for: .seconds(5))
            for _ in 0..<16 { kept.order(0) }
            guard case .failure(.busy) = kept.order(action) else {
                Issue.record("a box took more orders than it can have waiting")
                return
            }
            #expect(kept.gate.station.renewals.isEmpty != isKept)
            #expect(kept.outcomes == [.confirmed])
        }
    }

    @Test func `is not kept when nobody saw it come on`() {
        let kept = Kept()
        kept.box.onWrite = nil
        kept.order(2)
        kept.gate.run(for: .seconds(60))
        #expect(kept.pulses == 1)
    }

    @Test func `survives a lost renewal or two, and is told as dropped after the board's time`() {
        let kept = Kept()
        kept.order(2)
        kept.gate.run(for: .seconds(5))
        kept.box.isConnected = false
        kept.gate.run(for: .seconds(4))
        kept.box.isConnected = true
        kept.gate.run(for: .seconds(30))
        let count = kept.pulses
        #expect(count > 6)
        kept.box.isConnected = false
        kept.gate.run(for: .seconds(30))
        kept.box.isConnected = true
        kept.gate.run(for: .seconds(120))
        #expect(kept.pulses <= count + 2)
        let ended = kept.gate.entries.compactMap { entry -> ActionOutcome? in
            if case .actionEnded(_, _, _, let outcome) = entry.event { outcome } else { nil }
        }
        #expect(ended == [.confirmed, .failed])
    }
}
