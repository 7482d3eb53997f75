// Boxes of a station: what becomes an entry, and what people see of them.

import EventLoop
import StationCore
import Testing

@testable import Simulation

@Suite struct `A station with boxes on a line` {
    private func meter(_ report: ReportSettings) -> BusDeviceSettings {
        var meter = Box.meter(3)
        for place in 0..<4 { meter.points[place].report = report }
        return meter
    }

    @Test func `writes down what changed enough, no sooner and no later than it should`() {
        let gate = FieldBusGate([
            meter(
                ReportSettings(
                    change: DecimalNumber(5), minimumMilliseconds: 10_000,
                    maximumMilliseconds: 60_000))
        ])
        let box = gate.box(0) as? ModbusBox
        gate.run(for: .seconds(30))
        // The first one is told.
        #expect(gate.told(2, of: 0).map(\.value) == [.zero])
        box?[.input, 3] = 40
        gate.run(for: .seconds(5))
        #expect(gate.told(2, of: 0).count == 1)
        box?[.input, 3] = 400
        gate.run(for: .seconds(5))
        #expect(gate.told(2, of: 0).last?.value == DecimalNumber(40))
        box?[.input, 3] = 800
        gate.run(for: .seconds(5))
        // Too soon after the last one, but not forgotten.
        #expect(gate.told(2, of: 0).last?.value == DecimalNumber(40))
        gate.run(for: .seconds(10))
        #expect(gate.told(2, of: 0).last?.value == DecimalNumber(80))
        let count = gate.told(2, of: 0).count
        gate.run(for: .seconds(600))
        #expect((9...10).contains(gate.told(2, of: 0).count - count))
    }

    @Test func `writes down every edge of a state, and no level without a threshold`() {
        let gate = FieldBusGate([Box.meter(3)])
        let box = gate.box(0) as? ModbusBox
        gate.run(for: .seconds(10))
        box?[.input, 9] = 0xFFFF
        box?[.input, 3] = 4_000
        gate.run(for: .seconds(10))
        box?[.input, 9] = 0
        gate.run(for: .seconds(10))
        #expect(gate.told(4, of: 0).map(\.value) == [.zero, .one, .zero])
        #expect(gate.told(2, of: 0).isEmpty)
        let classes = gate.entries.filter { $0.event.name == "point.changed" }
        #expect(classes.allSatisfy { $0.event.entryClass == .p1 })
    }

    @Test func `says that a box is gone, and shows its last values as old`() {
        let gate = FieldBusGate([Box.meter(3), Box.relays(4)])
        gate.run(for: .seconds(5))
        #expect(gate.station.deviceHealth[1].isAttached)
        gate.box(0).isConnected = false
        gate.run(for: .seconds(10))
        let health = gate.station.deviceHealth
        #expect(health[1].faults.map(\.fault) == [.silent])
        #expect(!health[1].isAttached)
        #expect(health[2].faults.isEmpty)
        #expect(health[1].points.prefix(4).allSatisfy { $0.quality == .stale })
        #expect(health[2].points.allSatisfy { $0.quality == .good })
        // Silence is the fault's entry, not one for each point.
        #expect(gate.names(of: 0).suffix(1) == ["device.faultRaised"])
    }

    @Test func `counts a state that flaps, and says how it ends`() {
        var flapping = Box.relays(4, every: 200)
        flapping.points.removeLast(7)
        let gate = FieldBusGate([flapping])
        let box = gate.box(0) as? ModbusBox
        for number in 0..<400 {
            box?[.coil, 0] = UInt16(number % 2)
            gate.run(for: .milliseconds(200))
        }
        box?[.coil, 0] = 1
        gate.run(for: .seconds(240))
        let changes = gate.names(of: 0).count { $0 == "point.changed" }
        #expect(changes < 200)
        #expect(gate.names(of: 0).contains("point.changesCounted"))
        #expect(gate.told(0, of: 0).last?.value == .one)
        #expect(gate.station.deviceHealth[1].faults.isEmpty)
    }

    @Test func `writes an order down before it acts, and its outcome after`() {
        let gate = FieldBusGate([Box.locks(1)])
        gate.run(for: .seconds(3))
        let order = gate.station.ordered(
            0, [ArgumentValue("lock", DecimalNumber(2))], of: DeviceID(1), by: .crew, at: gate.now)
        gate.settle()
        gate.run(for: .seconds(2))
        guard case .success(let number) = order else {
            Issue.record("the order was refused")
            return
        }
        let events = gate.entries.map(\.event)
        let asked = events.firstIndex(
            of: .actionOrdered(device: DeviceID(1), action: 0, number: number, by: .crew))
        let ended = events.firstIndex(
            of: .actionEnded(device: DeviceID(1), action: 0, number: number, outcome: .confirmed))
        #expect(asked != nil && ended != nil && asked! < ended!)
        #expect(gate.told(1, of: 0).last?.value == .zero)
    }

    @Test func `does not take a journal for silent that keeps samples for a minute`() {
        let gate = FieldBusGate([
            meter(ReportSettings(change: DecimalNumber(5), maximumMilliseconds: 3_000))
        ])
        gate.run(for: .seconds(5))
        gate.isJournalSilent = true
        gate.run(for: .seconds(60))
        #expect(gate.told(2, of: 0).count > 15)
        #expect(gate.station.faults.isEmpty)
        // An entry that it has to answer for soon.
        (gate.box(0) as? ModbusBox)?[.input, 9] = 0xFFFF
        gate.run(for: .seconds(12))
        #expect(gate.station.faults.map(\.fault) == [.journalSlow])
    }

    @Test func `shows the line's load and each box's latency`() throws {
        let gate = FieldBusGate([Box.meter(3), Box.relays(4)])
        gate.run(for: .seconds(60))
        let answers = gate.station.deviceHealth[1].counts.first { "\($0.name)" == "answers" }
        #expect(try #require(answers).value > 59)
        #expect((5...30).contains(try #require(gate.number("load", of: 0))))
        for box in 1...2 {
            #expect((5...64).contains(try #require(gate.number("latency", of: box))))
            let health = gate.station.deviceHealth[box].latency
            #expect(try #require(health).count > 59)
        }
    }

    @Test func `says what its line carries ten seconds after it came, and when it falls silent`() {
        let gate = FieldBusGate([Box.meter(3), Box.relays(4)])
        gate.run(for: .milliseconds(9_900))
        #expect(gate.reading("load", of: 0).quality == .unread)
        gate.run(for: .milliseconds(200))
        #expect(gate.reading("load", of: 0).quality == .good)
        let busy = gate.number("load", of: 0) ?? 0
        #expect(busy > 5)
        // Nobody answers: what is left are attempts, ever more rarely.
        for box in 0..<2 { gate.twin.line.boxes[box].isConnected = false }
        gate.run(for: .seconds(120))
        #expect(gate.reading("load", of: 0).quality == .good)
        let idle = gate.number("load", of: 0) ?? 100
        #expect(idle < busy / 2)
        gate.station.closed(ChannelID(0), .lost, at: gate.now)
        gate.settle()
        #expect(gate.reading("load", of: 0).quality == .stale)
    }

    @Test func `has no latency of a box that never answered, and an old one of one that is lost`() {
        let gate = FieldBusGate([Box.meter(3), Box.relays(4)])
        gate.twin.line.boxes[1].isConnected = false
        gate.run(for: .seconds(90))
        for name in ["latency", "latency_p99"] {
            #expect(gate.reading(name, of: 1).quality == .good)
            #expect(gate.reading(name, of: 2) == .unread)
        }
        #expect(gate.station.deviceHealth[2].latency?.count == 0)
        // A box that becomes slow is told to be within the minute after.
        (gate.box(0) as? ModbusBox)?.delay = .milliseconds(200)
        gate.run(for: .seconds(130))
        #expect((200...600).contains(gate.number("latency", of: 1) ?? 0))
        gate.twin.line.boxes[0].isConnected = false
        gate.run(for: .seconds(60))
        #expect(gate.reading("latency", of: 1).quality == .stale)
        gate.twin.line.boxes[0].isConnected = true
        gate.run(for: .seconds(600))
        #expect(gate.reading("latency", of: 1).quality == .good)
    }

    @Test func `says of a box that is back how it answers now`() {
        let gate = FieldBusGate([Box.meter(3)])
        gate.run(for: .seconds(3))
        (gate.box(0) as? ModbusBox)?.delay = .milliseconds(200)
        gate.run(for: .seconds(40))
        gate.box(0).isConnected = false
        gate.run(for: .seconds(10))
        #expect(gate.reading("latency", of: 1).quality == .stale)
        (gate.box(0) as? ModbusBox)?.delay = .milliseconds(5)
        gate.box(0).isConnected = true
        gate.run(for: .seconds(20))
        #expect((1...64).contains(gate.number("latency", of: 1) ?? 0))
    }

    @Test func `lets a guard look at what its line carries`() {
        var meter = Box.meter(3)
        meter.guards = [
            GuardSettings(
                name: "crowded",
                when: Condition(all: [
                    Comparison(
                        point: "load", relation: .greater,
                        value: Expression(plus: DecimalNumber(1)), device: 0),
                    Comparison(
                        point: "latency", relation: .greater,
                        value: Expression(plus: DecimalNumber(1))),
                ]))
        ]
        let gate = FieldBusGate([meter, Box.relays(4)])
        gate.run(for: .seconds(9))
        #expect(!gate.names(of: 0).contains("device.guard"))
        gate.run(for: .seconds(2))
        #expect(gate.names(of: 0).contains("device.guard"))
    }

    @Test func `has a total that a person's reset does not throw back`() {
        let gate = FieldBusGate([
            meter(ReportSettings(change: DecimalNumber(10), maximumMilliseconds: 600_000))
        ])
        let box = gate.box(0) as? ModbusBox
        box?[.input, 5] = 500
        gate.run(for: .seconds(40))
        box?[.input, 5] = 3
        gate.run(for: .seconds(100))
        #expect(gate.names(of: 0).count { $0 == "point.totalReset" } == 1)
        let told = gate.told(3, of: 0).compactMap(\.value)
        #expect(told == told.sorted())
        #expect(gate.station.deviceHealth[1].points[3].value == DecimalNumber(503))
    }
}
