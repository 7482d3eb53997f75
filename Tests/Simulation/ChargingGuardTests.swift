// The guards of a charging board as it is shipped: heat that its own order takes away, and a
// contactor that takes its power.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

/// A JUY board that charges at its third socket, and the contactor before it.
private struct Shed {
    static let board = 0
    static let main = 1

    let gate: FieldBusGate
    let settings: BusDeviceSettings
    let twin: JUYBox
    let contactor: ModbusBox

    init() throws {
        let profile = try #require(
            try DeviceProfile.all(in: Repository.root + "/Devices").first { $0.id == "juy-q800m" })
        let (found, baud) = try #require(try `The catalogue's boxes`.box(profile))
        var settings = found
        settings.outer = DeviceOrder(
            device: 2, action: "off", arguments: [ArgumentValue("relay", .one)])
        self.settings = settings
        gate = FieldBusGate([settings, Box.relays(5)], baud: baud)
        twin = try #require(gate.box(Self.board) as? JUYBox)
        contactor = try #require(gate.box(Self.main) as? ModbusBox)
        gate.station.started(at: gate.now)
        contactor[.coil, 0] = 1
        gate.run(for: .seconds(15))
        try order(
            "start", [ArgumentValue("port", DecimalNumber(3)), ArgumentValue("order", .one)],
            of: Self.board)
        gate.run(for: .seconds(5))
        #expect(reading("charging.3").value == .one)
    }

    func order(_ name: String, _ arguments: [ArgumentValue], of box: Int) throws {
        let actions = gate.station.resolved.devices[box + 1].driver.actions
        let place = try #require(actions.firstIndex { $0.name == name })
        _ = try gate.station.ordered(
            place, arguments, of: DeviceID(box + 1), by: .crew, at: gate.now
        ).get()
        gate.settle()
    }

    func reading(_ point: String) -> PointReading { gate.reading(point, of: Self.board + 1) }

    /// The socket's contact has so many degrees.
    func heat(_ degrees: Double) throws {
        let point = try #require(settings.points.first { $0.name == "heat.3" })
        twin.put(degrees, at: point)
    }

    /// What one guard did, oldest first.
    func steps(of name: String) -> [GuardStep] {
        gate.entries.compactMap { entry in
            guard case .guarded(_, let rule, let step, _, _) = entry.event,
                settings.guards[Int(rule)].name == name
            else { return nil }
            return step
        }
    }

    var standing: [Int] {
        gate.station.guardStates.filter { $0.since != nil }.map(\.rule)
    }

    func reset(_ rule: Int, isBlind: Bool = false) -> GuardRefusal? {
        defer { gate.settle() }
        return gate.station.resetGuard(
            rule, of: DeviceID(1), isBlind: isBlind, by: .crew, at: gate.now)
    }

    func faults() -> [Fault] { gate.station.deviceHealth[1].faults.map(\.fault) }
}

@Suite struct `A charging board's guards` {
    @Test func `want somebody who has looked at a socket that was stopped at 55 degrees`() throws {
        let shed = try Shed()
        try shed.heat(56)
        shed.gate.run(for: .seconds(10))
        #expect(shed.steps(of: "too_hot_3") == [.tripped, .secured])
        #expect(shed.contactor[.coil, 0] == 1)
        // The board says nothing of a socket that does not charge.
        #expect(shed.reading("heat.3").quality == .absent)
        let rule = try #require(shed.settings.guards.firstIndex { $0.name == "too_hot_3" })
        #expect(shed.reset(rule) == .notKnown)
        #expect(shed.reset(rule, isBlind: true) == nil)
        #expect(shed.steps(of: "too_hot_3").last == .resetBlind)
    }

    @Test func `open the contactor at 60 degrees, are done by that, and are reset one by one`()
        throws
    {
        let shed = try Shed()
        let twin = shed.twin
        shed.contactor.onWrite = { _, _, values in twin.isConnected = values != [0] }
        try shed.heat(61)
        // The contactor is on a line of its own and is faster.
        for _ in 0..<10_000 where shed.steps(of: "burning_3").isEmpty {
            shed.gate.run(for: .milliseconds(1))
        }
        twin.isConnected = false
        shed.gate.run(for: .seconds(120))
        #expect(shed.contactor[.coil, 0] == 0)
        #expect(shed.steps(of: "burning_3") == [.tripped, .outerSecured])
        #expect(shed.steps(of: "too_hot_3") == [.tripped, .escalated, .outerSecured])
        #expect(!shed.faults().contains(.notSecured))
        // A person has looked, and takes a minute for each.
        let standing = shed.standing
        #expect(standing.count > 2)
        for rule in standing {
            #expect(shed.reset(rule) == .notKnown)
            #expect(shed.reset(rule, isBlind: true) == nil)
            shed.gate.run(for: .seconds(60))
        }
        #expect(shed.standing == [])
        try shed.heat(25)
        try shed.order("on", [ArgumentValue("relay", .one)], of: Shed.main)
        shed.gate.run(for: .seconds(300))
        #expect(shed.contactor[.coil, 0] == 1 && shed.standing == [])
        #expect(shed.reading("heat.3").value == DecimalNumber(25))
    }
}
