// Orders at the edges: meters with passwords, boards that say no, and echoes that come late.

import EventLoop
import Profiles
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `Orders on a bus` {
    private static func settings(
        _ id: String, _ address: String, _ parameters: [(name: String, value: String)] = []
    ) throws -> BusDeviceSettings {
        try DeviceProfile.read(file: Repository.root + "/Devices/\(id).yaml")
            .bench(address: address, parameters: parameters)
    }

    private static func action(_ name: String, of settings: BusDeviceSettings) throws -> Int {
        try #require(settings.actions.firstIndex { $0.name == name })
    }

    @Test func `trip and close a meter's relay`() throws {
        let settings = try Self.settings("dlt645-relay", "000000000001")
        var stage = FieldBusStage([settings], baud: 2_400)
        stage.run(for: .seconds(5))
        let meter = try #require(stage.line.boxes[0] as? MeterBox)
        #expect(stage.perform(try Self.action("trip", of: settings)) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.last?.report.outcome == .accepted)
        #expect(!meter.isClosed)
        #expect(stage.perform(try Self.action("close", of: settings), number: 2) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.last?.report.outcome == .accepted)
        #expect(meter.isClosed)
    }

    @Test func `with a wrong password have failed, with the right one not`() throws {
        for (password, outcome) in [("123456", ActionOutcome.accepted), ("123457", .failed)] {
            let settings = try Self.settings(
                "dlt645-relay", "000000000001", [("password", password)])
            var stage = FieldBusStage([settings], baud: 2_400)
            let meter = try #require(stage.line.boxes[0] as? MeterBox)
            meter.password = 123_456
            stage.run(for: .seconds(5))
            #expect(stage.perform(try Self.action("trip", of: settings)) == nil)
            stage.run(for: .seconds(3))
            #expect(stage.reports.last?.report.outcome == outcome)
        }
    }

    @Test func `that write an item are taken by a meter with the password that its profile says`()
        throws
    {
        let settings = try Self.settings(
            "dlt645-relay", "000000000001", [("password", "654321")])
        var stage = FieldBusStage([settings], baud: 2_400)
        stage.run(for: .seconds(5))
        let seconds = ArgumentValue("seconds", DecimalNumber(8))
        #expect(stage.perform(try Self.action("set_page_seconds", of: settings), [seconds]) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.last?.report.outcome == .accepted)
    }

    /// Results 5 and 6 of a Dianchuan board are refusals; Modbus's exceptions of these numbers are
    /// not.
    @Test(arguments: [Int64(5), 6])
    func `that a board refuses are not sent again`(result: Int64) throws {
        let settings = try DeviceProfile.read(file: Repository.root + "/Devices/dianchuan-10.yaml")
            .bench(address: nil)
        let order = ActionOrder(
            number: 1, action: try Self.action("start", of: settings),
            arguments: [
                ArgumentValue("port", DecimalNumber(1)), ArgumentValue("minutes", DecimalNumber(1)),
            ])
        var run = try #require(BusActionRun(order, in: settings))
        let readings = BusReadings(settings.points)
        let now = Instant(nanoseconds: 0)
        guard case .tell = run.wish(readings, at: now) else {
            Issue.record("it wants nothing")
            return
        }
        run.told(.answered(.refused(code: Int(result))), isOptional: false, at: now)
        #expect(run.wish(readings, at: now) != .wait(until: now + BusActionRun.Limit.busyRest))
        if case .tell = run.wish(readings, at: now) { Issue.record("it is sent again") }
    }

    @Test func `that nobody answers wait for their echo, however late it comes`() {
        var exchange = BusExchange(
            BusExchange.Line(baud: 9_600, echoes: true),
            seats: [BusExchange.Seat(language: .codec(name: .juy), address: 0)],
            at: Instant(nanoseconds: 0))
        let bytes: [UInt8] = [0x5A, 0xA5, 0x05, 0, 0x82, 0, 0, 0x87]
        let start = Instant(nanoseconds: 1_000_000_000)
        exchange.ask(
            BusExchange.Request(
                seat: 0, question: .frame(name: "", fields: []), packet: bytes, patience: nil,
                rest: .milliseconds(5)), at: start)
        let first = exchange.nextDeadline ?? start
        exchange.expire(at: first)
        #expect(!exchange.isFree, "its echo is still to come")
        // A USB adapter's 16 ms later.
        exchange.receive(bytes.span.bytes, at: first + .milliseconds(16))
        let second = exchange.nextDeadline ?? start
        exchange.expire(at: second)
        #expect(exchange.isFree && exchange.counters.echoFaults == 0)
    }

    @Test func `and do not wait for an echo that never comes`() {
        var exchange = BusExchange(
            BusExchange.Line(baud: 9_600, echoes: true),
            seats: [BusExchange.Seat(language: .codec(name: .juy), address: 0)],
            at: Instant(nanoseconds: 0))
        let start = Instant(nanoseconds: 1_000_000_000)
        exchange.ask(
            BusExchange.Request(
                seat: 0, question: .frame(name: "", fields: []), packet: [1, 2, 3], patience: nil),
            at: start)
        for _ in 0..<3 { exchange.expire(at: exchange.nextDeadline ?? start) }
        #expect(exchange.isFree && exchange.counters.echoFaults == 1)
    }
}
