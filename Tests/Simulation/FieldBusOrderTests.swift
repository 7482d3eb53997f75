// What boxes are told: at once, in order, each with an outcome, and never twice by mistake.

import EventLoop
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `An order to a box` {
    private static let one = [ArgumentValue("lock", .one)]

    @Test func `is confirmed when the contact follows the coil`() {
        var stage = FieldBusStage([Box.locks(1)])
        stage.run(for: .seconds(3))
        #expect(stage.value("door.1") == "1")
        #expect(stage.perform(0, Self.one, number: 9) == nil)
        stage.run(for: .seconds(1))
        #expect(
            stage.reports.map(\.report) == [
                ActionReport(device: DeviceID(1), number: 9, action: 0, outcome: .confirmed)
            ])
        #expect(stage.value("door.1") == "0")
        #expect(stage.value("door.2") == "1")
    }

    @Test func `that was seen not to be done has failed`() {
        var stage = FieldBusStage([Box.locks(1)])
        (stage.line.boxes[0] as? FrameBox)?.isStuck = true
        stage.run(for: .seconds(1))
        _ = stage.perform(0, Self.one)
        stage.run(for: .seconds(2))
        #expect(stage.reports.map(\.report.outcome) == [.failed])
    }

    @Test func `to a silent box is unknown, and was sent once`() {
        var stage = FieldBusStage([Box.locks(1)])
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(1))
        _ = stage.perform(0, Self.one)
        stage.run(for: .seconds(10))
        #expect(stage.reports.map(\.report.outcome) == [.unknown])
        #expect(stage.line.sent.filter { $0.bytes[0] == 0x8A }.count == 1)
    }

    @Test func `whose answer is lost is not sent again, but looked after`() {
        var stage = FieldBusStage([Box.locks(1)])
        stage.run(for: .milliseconds(5_020))
        stage.line.boxes[0].misbehave(.lostAnswer)
        _ = stage.perform(0, Self.one)
        stage.run(for: .seconds(3))
        let board = stage.line.boxes[0] as? FrameBox
        #expect(board?.done.count == 1)
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
    }

    @Test func `that may be repeated is, when its answer is lost`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .milliseconds(2_500))
        stage.line.boxes[0].misbehave(.lostAnswer)
        _ = stage.perform(0, [ArgumentValue("relay", DecimalNumber(3))])
        stage.run(for: .seconds(2))
        let box = stage.line.boxes[0] as? ModbusBox
        #expect(box?.writes.count == 2)
        #expect(box?[.coil, 2] == 1)
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
    }

    @Test func `is not merged with another one, whatever they say`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .seconds(2))
        for number in 1...6 {
            let relay = DecimalNumber(number % 2 == 0 ? 1 : 2)
            #expect(
                stage.perform(0, [ArgumentValue("relay", relay)], number: UInt64(number)) == nil)
        }
        stage.run(for: .seconds(3))
        #expect((stage.line.boxes[0] as? ModbusBox)?.writes.map(\.address) == [1, 0, 1, 0, 1, 0])
        #expect(stage.reports.map(\.report.number) == [1, 2, 3, 4, 5, 6])
        #expect(stage.reports.allSatisfy { $0.report.outcome == .confirmed })
    }

    @Test func `with a strange number is refused, and nothing is sent`() {
        var stage = FieldBusStage([Box.locks(1)])
        stage.run(for: .seconds(1))
        #expect(stage.perform(0, [ArgumentValue("lock", DecimalNumber(9))]) == .arguments)
        #expect(stage.perform(0) == .arguments)
        #expect(stage.perform(7, Self.one) == .noAction)
        stage.run(for: .seconds(1))
        #expect(!stage.line.sent.contains { $0.bytes[0] == 0x8A })
    }

    @Test func `beyond as many as may wait is refused, none is dropped`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .seconds(1))
        let answers = (1...20).map { number in
            stage.perform(
                0, [ArgumentValue("relay", .one)], number: UInt64(number))
        }
        #expect(answers.filter { $0 == .busy }.count == 4)
        stage.run(for: .seconds(10))
        #expect(stage.reports.count == 16)
    }

    @Test func `that the line takes with it has an outcome all the same`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .seconds(1))
        for number in 1...3 {
            _ = stage.perform(0, [ArgumentValue("relay", .one)], number: UInt64(number))
        }
        stage.detach()
        #expect(stage.reports.map(\.report.outcome) == [.unknown, .failed, .failed])
    }

    @Test func `brings a lost box back when it is answered`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .seconds(2))
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(60))
        #expect(stage.words() == ["online", "offline silent"])
        stage.line.boxes[0].isConnected = true
        _ = stage.perform(0, [ArgumentValue("relay", .one)])
        stage.run(for: .seconds(1))
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
        #expect(stage.words() == ["online", "offline silent", "online"])
    }

    @Test func `that may not be repeated wakes a sleeper with a question first`() {
        var settings = Box.relays(4, isIdempotent: false, every: 30_000)
        settings.timing.repeatsFirst = true
        var stage = FieldBusStage([settings])
        stage.run(for: .seconds(20))
        // It sleeps: whatever comes first is lost.
        stage.line.boxes[0].misbehave(.lostAnswer)
        let before = stage.line.sent.count
        _ = stage.perform(0, [ArgumentValue("relay", .one)])
        stage.run(for: .seconds(2))
        let sent = stage.line.sent[before...].map { $0.bytes[1] }
        #expect(sent.starts(with: [1, 5]))
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
        #expect((stage.line.boxes[0] as? ModbusBox)?.writes.count == 1)
    }

    @Test func `to everybody is answered by nobody`() {
        var everybody = Box.relays(0)
        everybody.points = []
        everybody.actions = [
            ActionSettings(
                name: "off",
                steps: [
                    .write(
                        table: .coil, address: Expression(plus: DecimalNumber(0xFF)),
                        values: [Expression()])
                ], isIdempotent: true)
        ]
        var stage = FieldBusStage([Box.relays(4), everybody])
        stage.run(for: .seconds(1))
        _ = stage.perform(0, by: 1)
        stage.run(for: .seconds(1))
        #expect(stage.reports.map(\.report.outcome) == [.accepted])
        #expect((stage.line.boxes[0] as? ModbusBox)?.writes.map(\.address) == [0xFF])
        #expect(stage.line.collisions == 0)
    }
}

@Suite struct `A box that speaks by itself` {
    @Test func `is heard at any time, also while another one is asked`() {
        var stage = FieldBusStage([Box.locks(1, every: 60_000), Box.locks(2, every: 60_000)])
        stage.run(for: .seconds(3))
        let quiet = stage.count("requests")
        (stage.line.boxes[1] as? FrameBox)?.change("door.3", to: 0)
        stage.run(for: .milliseconds(100))
        #expect(stage.value("door.3", of: 1) == "0")
        #expect(stage.value("door.3", of: 0) == "1")
        #expect(stage.count("requests") == quiet)
        // And in the middle of somebody else's exchange.
        _ = stage.perform(0, [ArgumentValue("lock", .one)])
        stage.run(for: .milliseconds(12))
        (stage.line.boxes[1] as? FrameBox)?.change("door.4", to: 0)
        stage.run(for: .seconds(2))
        #expect(stage.value("door.4", of: 1) == "0")
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
    }

    @Test func `is there, although nobody asks it`() {
        var settings = Box.locks(1)
        for place in settings.points.indices { settings.points[place].everyMilliseconds = 0 }
        var stage = FieldBusStage([settings])
        stage.run(for: .seconds(2))
        #expect(stage.line.sent.isEmpty)
        (stage.line.boxes[0] as? FrameBox)?.change("door.2", to: 0)
        stage.run(for: .milliseconds(100))
        #expect(stage.words().last == "online")
        #expect(stage.value("door.2") == "0")
    }
}
