// Guards of a station: a value on the wire, an order on the wire, and what people read of it.

import EventLoop
import Journal
import Testing

@testable import Simulation
@testable import StationCore

/// A meter, its relay board, and the board with the main contactor; all on one line.
private struct Room {
    static let meter = 0
    static let relays = 1
    static let main = 2

    let gate: FieldBusGate

    /// - Parameters:
    ///   - asksOuter: the contactor opens at once, and the relay is told nothing.
    ///   - asksBoth: both are told at once.
    ///   - twins: it has a second guard like the first one.
    init(
        latch: Bool = true, silent: Int? = nil, every: Int = 500, asksOuter: Bool = false,
        asksBoth: Bool = false, twins: Bool = false
    ) {
        var meter = Box.meter(3, every: every)
        meter.guards = (twins ? ["overload", "twin"] : ["overload"]).map { name in
            GuardSettings(
                name: name,
                when: Condition(all: [
                    Comparison(
                        point: "power", relation: .greater,
                        value: Expression(plus: DecimalNumber(2_000)))
                ]), silentMilliseconds: silent,
                orders: asksOuter
                    ? []
                    : [
                        DeviceOrder(
                            device: 2, action: "off",
                            arguments: [ArgumentValue("relay", DecimalNumber(3))])
                    ], asksOuter: asksOuter || asksBoth, isLatching: latch)
        }
        meter.outer = DeviceOrder(
            device: 3, action: "off", arguments: [ArgumentValue("relay", .one)])
        gate = FieldBusGate([meter, Box.relays(4), Box.relays(5)])
        gate.station.started(at: gate.now)
        relays[.coil, 2] = 1
        contactor[.coil, 0] = 1
        gate.run(for: .seconds(5))
    }

    var box: ModbusBox { modbus(Self.meter) }
    var relays: ModbusBox { modbus(Self.relays) }
    var contactor: ModbusBox { modbus(Self.main) }

    private func modbus(_ place: Int) -> ModbusBox {
        guard let box = gate.box(place) as? ModbusBox else {
            preconditionFailure("every box of this room speaks Modbus")
        }
        return box
    }

    func overload(_ isOver: Bool = true) { box[.input, 3] = isOver ? 25_000 : 1_000 }

    /// What the guard did, oldest first.
    var steps: [GuardStep] {
        gate.entries.compactMap { entry in
            if case .guarded(_, _, let step, _, _) = entry.event { step } else { nil }
        }
    }

    func faults() -> [Fault] { gate.station.deviceHealth[1].faults.map(\.fault) }

    func order(_ action: Int, _ relay: Int64, of box: Int) -> Result<UInt64, ActionRefusal> {
        defer { gate.settle() }
        return gate.station.ordered(
            action, [ArgumentValue("relay", DecimalNumber(relay))], of: DeviceID(box + 1),
            by: .crew, at: gate.now)
    }

    func reset(
        _ rule: Int = 0, isBlind: Bool = false, by authority: Authority = .crew
    ) -> GuardRefusal? {
        defer { gate.settle() }
        return gate.station.resetGuard(
            rule, of: DeviceID(1), isBlind: isBlind, by: authority,
            person: CrewMember(user: 1_000, name: "zhang"), at: gate.now)
    }
}

@Suite struct `A station's guard` {
    @Test func `cuts in the tick in which the value comes, and is done when that is seen`() {
        let room = Room()
        let writes = room.relays.writes.count
        room.overload()
        room.gate.run(for: .seconds(2))
        #expect(room.steps == [.tripped, .secured])
        #expect(room.relays[.coil, 2] == 0 && room.contactor[.coil, 0] == 1)
        #expect(room.relays.writes.count == writes + 1)
        #expect(room.faults() == [.guardStands])
        // On the wire with the next free moment of the line after the value was read.
        let tripped = room.gate.entries.first { $0.event.name == "device.guard" }?.at
        let written = room.gate.twin.line.sent.first { $0.bytes.prefix(2) == [4, 5] }?.at
        if let tripped, let written { #expect(written - tripped < .milliseconds(10)) }
        #expect(tripped != nil && written != nil)
    }

    @Test func `has the outer one act when the relay does not obey, and says so`() {
        let room = Room()
        room.relays.isStuck = true
        room.overload()
        room.gate.run(for: .seconds(4))
        #expect(room.steps == [.tripped, .escalated, .outerSecured])
        #expect(room.relays[.coil, 2] == 1 && room.contactor[.coil, 0] == 0)
        #expect(room.faults() == [.guardStands])
    }

    @Test func `has the outer one act when the relay board is dead, within seconds`() {
        let room = Room()
        room.relays.isConnected = false
        room.gate.run(for: .seconds(10))
        room.overload()
        room.gate.run(for: .seconds(4))
        #expect(room.steps == [.tripped, .escalated, .outerSecured])
        #expect(room.contactor[.coil, 0] == 0)
        // It comes back and is told at once.
        room.relays.isConnected = true
        room.gate.run(for: .seconds(60))
        #expect(room.relays[.coil, 2] == 0)
        #expect(room.steps.last == .secured)
    }

    @Test func `whose own device cannot help has the outer one act at once`() {
        let room = Room(asksOuter: true)
        room.overload()
        room.gate.run(for: .seconds(2))
        #expect(room.steps == [.tripped, .secured])
        #expect(room.relays[.coil, 2] == 1 && room.contactor[.coil, 0] == 0)
        room.contactor.isStuck = true
        room.contactor[.coil, 0] = 1
        room.gate.run(for: .seconds(10))
        #expect(room.steps.suffix(2) == [.activeAgain, .notSecured])
    }

    @Test func `that cut its own meter off is reset by who has looked, and by nobody from afar`() {
        let room = Room()
        room.relays.isStuck = true
        room.overload()
        room.gate.run(for: .seconds(2))
        // What hangs behind the contactor falls silent with it.
        room.box.isConnected = false
        room.relays.isConnected = false
        room.gate.run(for: .seconds(30))
        #expect(room.steps == [.tripped, .escalated, .outerSecured])
        #expect(room.reset() == .notKnown)
        #expect(room.reset(isBlind: true, by: .hub) == .notKnown)
        #expect(room.reset(isBlind: true) == nil)
        #expect(room.steps.suffix(3) == [.notReset, .notReset, .resetBlind])
        let last = room.gate.entries.last { $0.event.name == "device.guard" }
        #expect(last?.key == ShortText("uid:1000"))
        #expect(GuardMemory(of: room.gate.station).latches == [])
        // Its power comes back, and it is hot still.
        guard case .success = room.order(0, 1, of: Room.main) else {
            Issue.record("the contactor stays cut after its guard was reset")
            return
        }
        room.box.isConnected = true
        room.gate.run(for: .seconds(120))
        #expect(room.steps.contains(.resetBlind) && room.steps.last != .resetBlind)
        #expect(room.contactor[.coil, 0] == 0)
    }

    @Test func `that opens the contactor with its relay is safe when the relay lost its power`() {
        let room = Room(asksBoth: true)
        // The relay board hangs behind the contactor.
        let relays = room.relays
        room.contactor.onWrite = { _, _, _ in relays.isConnected = false }
        room.relays.isStuck = true
        room.overload()
        room.gate.run(for: .seconds(30))
        #expect(room.contactor[.coil, 0] == 0)
        #expect(room.steps == [.tripped, .outerSecured])
        #expect(room.faults() == [.guardStands])
        // Its meter is fed from before the contactor: the person need not go without values.
        room.overload(false)
        room.gate.run(for: .seconds(5))
        #expect(room.reset() == nil)
    }

    @Test func `has two minutes from the last reset on, when several of a device are`() {
        let room = Room(silent: 10_000, twins: true)
        room.box.isConnected = false
        room.gate.run(for: .seconds(60))
        #expect(room.steps.filter { $0 == .silent }.count == 2)
        #expect(room.reset(0, isBlind: true) == nil)
        room.gate.run(for: .seconds(100))
        #expect(room.reset(1, isBlind: true) == nil)
        room.gate.run(for: .seconds(119))
        #expect(room.steps.suffix(2) == [.resetBlind, .resetBlind])
        room.gate.run(for: .seconds(5))
        #expect(room.steps.filter { $0 == .silent }.count == 4)
    }

    @Test func `is not reset on a word of before the line was cut, but by who has looked`() {
        let room = Room()
        room.overload()
        room.gate.run(for: .seconds(2))
        room.overload(false)
        room.gate.run(for: .seconds(2))
        room.box.isConnected = false
        room.gate.run(for: .seconds(600))
        #expect(room.reset() == .notKnown)
        #expect(room.reset(isBlind: true, by: .hub) == .notKnown)
        #expect(room.reset(isBlind: true) == nil)
        #expect(room.steps.last == .resetBlind)
    }

    @Test func `does not miss what a box says by itself while the box is there`() {
        var meter = Box.meter(3, every: 500)
        var alarm = meter.points[4]
        (alarm.name, alarm.everyMilliseconds) = ("alarm", 0)
        meter.points.append(alarm)
        meter.guards = [
            GuardSettings(
                name: "alarm",
                when: Condition(all: [
                    Comparison(point: "alarm", relation: .equal, value: Expression(plus: .one))
                ]), silentMilliseconds: 10_000)
        ]
        let gate = FieldBusGate([meter])
        func isStanding() -> Bool { gate.station.guardStates[0].since != nil }
        gate.station.started(at: gate.now)
        gate.run(for: .seconds(60))
        #expect(!isStanding())
        let box = gate.box(0) as? ModbusBox
        box?.isConnected = false
        gate.run(for: .seconds(8))
        box?.isConnected = true
        gate.run(for: .seconds(120))
        #expect(!isStanding())
        box?.isConnected = false
        gate.run(for: .seconds(30))
        #expect(isStanding())
    }

    @Test func `is not told by a later trip's name what became of an earlier trip's order`() {
        let room = Room(latch: false)
        room.overload()
        while room.gate.station.guards.underway.isEmpty { room.gate.run(for: .milliseconds(1)) }
        let late = room.gate.station.guards.underway
        room.gate.run(for: .seconds(2))
        room.overload(false)
        room.gate.run(for: .seconds(40))
        #expect(room.steps == [.tripped, .secured, .ended])
        room.overload()
        while room.gate.station.guards.underway.isEmpty { room.gate.run(for: .milliseconds(1)) }
        for (number, order) in late {
            room.gate.station.guards.underway[number] = order
            let isOurs = room.gate.station.guardOrderEnded(
                ActionReport(device: DeviceID(2), number: number, action: 1, outcome: .unknown),
                at: room.gate.now)
            #expect(isOurs)
        }
        room.gate.run(for: .seconds(2))
        #expect(room.steps == [.tripped, .secured, .ended, .tripped, .secured])
    }

    @Test func `is served before all that waits`() {
        let room = Room()
        room.gate.station.enqueue(.sentence(DeviceID(1), .deniedRate), at: room.gate.now)
        room.gate.station.watch(
            PointReading(value: DecimalNumber(2_500), quality: .good, at: room.gate.now), 1, 2,
            at: room.gate.now)
        guard case .guardOrders? = room.gate.station.work.first else {
            Issue.record("a guard's order waits for a sentence")
            return
        }
    }

    @Test func `tells a crew to go there when nobody obeys`() {
        let room = Room()
        room.relays.isStuck = true
        room.contactor.isStuck = true
        room.overload()
        room.gate.run(for: .seconds(10))
        #expect(room.steps == [.tripped, .escalated, .notSecured])
        #expect(room.faults() == [.guardStands, .notSecured])
        room.contactor.isStuck = false
        room.gate.run(for: .seconds(60))
        #expect(room.faults() == [.guardStands])
    }

    @Test func `lets nobody switch on what it has cut, and others as they like`() {
        let room = Room()
        room.overload()
        room.gate.run(for: .seconds(2))
        guard case .failure(.guarded) = room.order(0, 3, of: Room.relays) else {
            Issue.record("a relay that a guard has cut was switched on")
            return
        }
        guard case .success = room.order(0, 4, of: Room.relays) else {
            Issue.record("another relay was not switched on")
            return
        }
        room.gate.run(for: .seconds(2))
        #expect(room.relays[.coil, 2] == 0 && room.relays[.coil, 3] == 1)
    }

    @Test func `ends an order that waits to switch on what it cuts`() {
        let room = Room()
        room.relays.isConnected = false
        room.gate.run(for: .seconds(2))
        _ = room.order(0, 3, of: Room.relays)
        room.overload()
        room.gate.run(for: .seconds(1))
        room.relays.isConnected = true
        room.gate.run(for: .seconds(60))
        #expect(room.relays[.coil, 2] == 0)
    }

    @Test func `cuts again what somebody switches on at the box itself`() {
        let room = Room()
        room.overload()
        room.gate.run(for: .seconds(2))
        room.relays[.coil, 2] = 1
        room.gate.run(for: .seconds(4))
        #expect(room.relays[.coil, 2] == 0)
        #expect(room.steps == [.tripped, .secured, .activeAgain, .secured])
    }

    @Test func `trips when the meter is silent while nobody knows that it is off`() {
        let room = Room(latch: false, silent: 10_000)
        room.box.isConnected = false
        room.gate.run(for: .seconds(9))
        #expect(room.steps.isEmpty)
        room.gate.run(for: .seconds(5))
        #expect(room.steps == [.silent, .secured])
        #expect(room.relays[.coil, 2] == 0)
        room.box.isConnected = true
        room.gate.run(for: .seconds(90))
        #expect(room.steps == [.silent, .secured, .ended])
        #expect(room.faults() == [])
    }

    @Test func `is reset by a person who is named, when its cause is over`() {
        let room = Room()
        room.overload()
        room.gate.run(for: .seconds(2))
        #expect(room.reset() == .holds)
        room.overload(false)
        room.gate.run(for: .seconds(2))
        #expect(room.reset() == nil)
        #expect(room.steps == [.tripped, .secured, .notReset, .reset])
        let last = room.gate.entries.last { $0.event.name == "device.guard" }
        #expect(last?.key == ShortText("uid:1000") && last?.holder == ShortText("zhang"))
        #expect(room.faults() == [])
        guard case .success = room.order(0, 3, of: Room.relays) else {
            Issue.record("a relay stays cut after its guard was reset")
            return
        }
    }

    @Test func `that latched stands after a restart, and cuts what came on meanwhile`() {
        let room = Room()
        room.overload()
        room.gate.run(for: .seconds(2))
        let memory = GuardMemory(of: room.gate.station)
        #expect(memory.latches == [.init(device: "box-1", rule: "overload")])

        let next = Room.restarted(room, memory)
        next.relays[.coil, 2] = 1
        next.overload(false)
        next.gate.run(for: .seconds(5))
        #expect(next.steps == [.recalled, .secured])
        #expect(next.relays[.coil, 2] == 0)
        next.gate.run(for: .seconds(3_600))
        #expect(next.faults() == [.guardStands])
        #expect(next.reset() == nil)
        #expect(GuardMemory(of: next.gate.station).latches == [])
    }
}

extension Room {
    /// The same room with a new core, which knows what was kept.
    static func restarted(_ room: Room, _ memory: GuardMemory) -> Room {
        var meter = Box.meter(3, every: 500)
        meter.guards = room.gate.station.resolved.devices[1].driver.guards
        meter.outer = room.gate.station.resolved.devices[1].driver.outer
        return Room(
            gate: FieldBusGate([meter, Box.relays(4), Box.relays(5)], memory: memory))
    }

    private init(gate: FieldBusGate) { self.gate = gate }
}
