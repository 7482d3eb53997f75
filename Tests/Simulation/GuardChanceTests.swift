// Guards under whatever happens: values, wires, welded relays, people, restarts; all by chance.

import EventLoop
import Journal
import StationCore
import Testing

@testable import Simulation

/// A room that lives on when its core does not: boxes keep what they are.
private struct ChanceRoom {
    private(set) var gate: FieldBusGate
    var chance: SplitMix64
    /// Whether the guard stood, as far as anybody outside can know.
    private(set) var stood = false
    private(set) var trips = 0
    private(set) var restarts = 0

    init(seed: UInt64) {
        chance = SplitMix64(seed: seed)
        gate = FieldBusGate(Self.boxes())
        gate.station.started(at: gate.now)
        gate.run(for: .seconds(3))
    }

    private static func boxes() -> [BusDeviceSettings] {
        var meter = Box.meter(3, every: 500)
        meter.guards = [
            GuardSettings(
                name: "overload",
                when: Condition(all: [
                    Comparison(
                        point: "power", relation: .greater,
                        value: Expression(plus: DecimalNumber(2_000)))
                ]),
                orders: [
                    DeviceOrder(
                        device: 2, action: "off",
                        arguments: [ArgumentValue("relay", DecimalNumber(3))])
                ], isLatching: true)
        ]
        meter.outer = DeviceOrder(
            device: 3, action: "off", arguments: [ArgumentValue("relay", .one)])
        return [meter, Box.relays(4), Box.relays(5)]
    }

    func box(_ place: Int) -> ModbusBox {
        guard let box = gate.box(place) as? ModbusBox else {
            preconditionFailure("every box of this room speaks Modbus")
        }
        return box
    }

    var isLatched: Bool { !GuardMemory(of: gate.station).latches.isEmpty }
    /// Somebody could be hurt: the socket has power.
    var isLive: Bool { box(1)[.coil, 2] == 1 && box(2)[.coil, 0] == 1 }

    mutating func order(_ action: Int, _ relay: Int64, of box: Int) {
        _ = gate.station.ordered(
            action, [ArgumentValue("relay", DecimalNumber(relay))], of: DeviceID(box + 1),
            by: .crew, at: gate.now)
        gate.settle()
    }

    /// The process dies at any moment and comes back with what was kept.
    mutating func restart() {
        let memory = GuardMemory(of: gate.station)
        let old = (0..<3).map { box($0) }
        let next = FieldBusGate(Self.boxes(), memory: memory)
        for place in 0..<3 {
            guard let box = next.box(place) as? ModbusBox else { continue }
            for address in 0..<10 {
                box[.input, address] = old[place][.input, address]
                box[.coil, address] = old[place][.coil, address]
            }
            box.isConnected = old[place].isConnected
            box.isStuck = old[place].isStuck
        }
        gate = next
        restarts += 1
    }

    mutating func step() {
        switch chance.below(14) {
        case 0, 1: box(0)[.input, 3] = UInt16(chance.below(30_000))
        case 2: box(0).isConnected.toggle()
        case 3: box(1).isConnected.toggle()
        case 4: box(1).isStuck.toggle()
        case 5, 6, 7: order(0, 3, of: 1)
        case 8: order(0, 1, of: 2)
        case 9: box(1).misbehave(.lostAnswer)
        case 10: box(1).misbehave(.damaged)
        case 11: restart()
        case 12:
            box(0)[.input, 3] = 100
            let refusal = gate.station.resetGuard(0, of: DeviceID(1), by: .crew, at: gate.now)
            gate.settle()
            if refusal == nil { stood = false }
        default: box(0).misbehave(.cut(3))
        }
        gate.run(for: chance.between(.zero, .milliseconds(2_500)))
        if stood { #expect(isLatched, "a guard was forgotten") }
        if isLatched, !stood {
            stood = true
            trips += 1
        }
    }
}

@Suite struct `Guards under whatever happens` {
    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `are never forgotten, and nothing that they watch stays on`(seed: UInt64) {
        var room = ChanceRoom(seed: seed)
        for _ in 0..<120 {
            room.step()
            guard room.isLatched else { continue }
            // The contactor never fails here, so within seconds somebody has cut it off: three for
            // the device, and what the line takes for a box that is dead.
            room.box(2).isConnected = true
            if room.isLive {
                room.gate.run(for: .seconds(12))
                #expect(room.isLatched && !room.isLive, "seed \(seed)")
            }
        }
        #expect(room.trips + room.restarts > 2)
    }
}
