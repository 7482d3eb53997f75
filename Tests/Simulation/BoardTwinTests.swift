// Boards with protocols of their own, driven as a station drives them.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `Boards with protocols of their own` {
    private static func stage(
        _ id: String, echoes: Bool = false
    ) throws -> FieldBusStage {
        let profile = try #require(
            try DeviceProfile.all(in: Repository.root + "/Devices").first { $0.id == id })
        let (settings, baud) = try #require(try `The catalogue's boxes`.box(profile))
        return FieldBusStage([settings], baud: baud, echoes: echoes)
    }

    private static func action(_ name: String, of settings: BusDeviceSettings) throws -> Int {
        try #require(settings.actions.firstIndex { $0.name == name })
    }

    private static func state(_ stage: borrowing FieldBusStage, _ point: String) -> String? {
        let settings = stage.driver.settings(of: 0)
        guard let place = stage.reading(point).value?.mantissa,
            let point = settings.points.first(where: { $0.name == point })
        else { return nil }
        return point.states[Int(place)]
    }

    @Test(arguments: [false, true])
    func `a JUY board charges what it is told, and its bill is acknowledged`(
        echoes: Bool
    ) throws {
        var stage = try Self.stage("juy-q800m", echoes: echoes)
        let settings = stage.driver.settings(of: 0)
        stage.run(for: .seconds(15))
        let start = try Self.action("start", of: settings)
        let numbers = [
            ArgumentValue("port", DecimalNumber(3)), ArgumentValue("order", DecimalNumber(77)),
        ]
        #expect(stage.perform(start, numbers) == nil)
        stage.run(for: .seconds(5))
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
        #expect(Self.state(stage, "charging.3") == "charging")
        #expect(Self.state(stage, "charging.4") == "idle")
        #expect(stage.value("power.3") == "120")
        // What the board leaves out has no value; it is not 0.
        #expect(stage.reading("power.4").quality == .absent)
        let board = try #require(stage.line.boxes[0] as? JUYBox)
        board.fill(3, at: stage.now)
        stage.run(for: .seconds(20))
        #expect(Self.state(stage, "charging.3") == "idle")
        let told = stage.changes.filter { settings.points[$0.change.point].name == "ended.3" }
        #expect(told.count == 1)
        #expect(stage.value("bill_order.3") == "77")
        #expect(board.heardBills.count >= 1)
        let heard = board.heardBills.count
        stage.run(for: .seconds(60))
        #expect(board.heardBills.count == heard, "an acknowledged bill is not told again")
    }

    @Test func `a JUY board's bill is acknowledged when it is written down, and told once`() throws
    {
        var stage = try Self.stage("juy-q800m")
        let settings = stage.driver.settings(of: 0)
        stage.run(for: .seconds(15))
        let numbers = [
            ArgumentValue("port", DecimalNumber(3)), ArgumentValue("order", DecimalNumber(77)),
        ]
        #expect(stage.perform(try Self.action("start", of: settings), numbers) == nil)
        stage.run(for: .seconds(5))
        let board = try #require(stage.line.boxes[0] as? JUYBox)
        // The journal is silent: the board says its bill again and again.
        stage.acknowledges = false
        board.fill(3, at: stage.now)
        stage.run(for: .seconds(25))
        #expect(board.heardBills == [])
        stage.acknowledges = true
        stage.run(for: .seconds(20))
        #expect(board.heardBills == [77])
        let told = stage.changes.filter { settings.points[$0.change.point].name == "ended.3" }
        #expect(told.count == 1)
    }

    @Test func `a Dianchuan board times what it is told, and reports its end`() throws {
        var stage = try Self.stage("dianchuan-10")
        let settings = stage.driver.settings(of: 0)
        stage.run(for: .seconds(5))
        let start = try Self.action("start", of: settings)
        let arguments = [
            ArgumentValue("port", DecimalNumber(2)), ArgumentValue("minutes", DecimalNumber(1)),
        ]
        #expect(stage.perform(start, arguments) == nil)
        stage.run(for: .seconds(5))
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
        #expect(Self.state(stage, "socket.2") == "charging")
        #expect(stage.value("power.2") == "120.0")
        #expect(stage.value("left.2") == "1")
        // It charges already.
        #expect(stage.perform(start, arguments, number: 2) == nil)
        stage.run(for: .seconds(5))
        #expect(stage.reports.last?.report.outcome == .failed)
        stage.run(for: .seconds(70))
        #expect(Self.state(stage, "socket.2") == "idle")
        let board = try #require(stage.line.boxes[0] as? DianchuanBox)
        #expect(board.acknowledged == 1)
        let told = stage.changes.filter { settings.points[$0.change.point].name == "ended.2" }
        #expect(told.count == 1)
    }

    @Test func `a JBD board asleep is woken, and cuts what it is told to`() throws {
        var stage = try Self.stage("jbd-bms")
        let settings = stage.driver.settings(of: 0)
        stage.run(for: .seconds(8))
        #expect(stage.value("voltage") == "58.40")
        #expect(stage.value("temperature.1") == "20.0")
        #expect(stage.value("highest_cell") == "3.660")
        let action = try Self.action("set_outputs", of: settings)
        let arguments = [
            ArgumentValue("charging", DecimalNumber(0)),
            ArgumentValue("discharging", DecimalNumber(1)),
        ]
        #expect(stage.perform(action, arguments) == nil)
        stage.run(for: .seconds(8))
        #expect(stage.reports.map(\.report.outcome) == [.accepted])
        #expect(Self.state(stage, "charging") == "cut")
        #expect(Self.state(stage, "discharging") == "open")
    }

    @Test(arguments: ["juy-q800m", "dianchuan-10", "jbd-bms"])
    func `noise costs turns and invents nothing`(id: String) throws {
        var stage = try Self.stage(id)
        let settings = stage.driver.settings(of: 0)
        stage.line.noisePerMille = 100
        stage.run(for: .seconds(120))
        let states = stage.driver.readings(of: DeviceID(1))
        for (place, point) in settings.points.enumerated() where point.everyMilliseconds > 0 {
            #expect(states[place].quality != .outOfRange, "\(point.name)")
        }
        // One idle board in two minutes: nothing was ever told to charge, and no bill came.
        for change in stage.changes {
            let name = settings.points[change.change.point].name
            #expect(!name.hasPrefix("ended"), "\(name)")
        }
    }
}
