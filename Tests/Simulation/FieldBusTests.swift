// Boxes on a line: who is asked when, what is believed, and who is not there.

import EventLoop
import Testing

@testable import Simulation
@testable import StationCore

@Suite struct `A field bus` {
    private func meterRegisters(_ box: ModbusBox?) {
        // 225.7 V, 0.108 A, 24.4 W, 38 Wh, no alarm.
        for (place, word) in [0x08D1, 0x006C, 0, 0x00F4, 0, 0x0026, 0, 0x01F4, 0x0064, 0]
            .enumerated()
        {
            box?[.input, place] = UInt16(word)
        }
    }

    @Test func `reads a meter's points, exact in their places`() {
        var stage = FieldBusStage([Box.meter(3)])
        meterRegisters(stage.line.boxes[0] as? ModbusBox)
        stage.run(for: .seconds(2))
        #expect(stage.value("voltage") == "225.7")
        #expect(stage.value("current") == "0.108")
        #expect(stage.value("power") == "24.4")
        #expect(stage.value("energy") == "38")
        #expect(stage.reading("overload").value == DecimalNumber(0))
        #expect(stage.words() == ["online"])
    }

    @Test func `asks for neighbours together, and for what is slow as seldom as it wants`() {
        var stage = FieldBusStage([Box.meter(3)])
        stage.run(for: .seconds(31))
        let reads = stage.line.sent.map { ($0.bytes[3], $0.bytes[5]) }
        // Everything but the alarm at first; then current and power, with the voltage every 5 s.
        #expect(reads[0] == (0, 7))
        #expect(reads[1] == (9, 1))
        #expect(reads.filter { $0 == (1, 4) }.count >= 22)
        #expect(reads.filter { $0.0 == 0 }.count >= 6)
        #expect(reads.filter { $0.0 == 9 }.count >= 30)
        #expect(!reads.contains { $0.0 + $0.1 > 7 && $0.0 < 9 })
    }

    @Test func `reads registers of nobody only where the profile allows holes`() {
        var stage = FieldBusStage([Box.meter(3, holes: 2)])
        for place in 7...8 { (stage.line.boxes[0] as? ModbusBox)?[.input, place] = 0 }
        stage.run(for: .seconds(1))
        #expect(stage.line.sent[0].bytes[3...5] == [0, 0, 10])
    }

    @Test func `keeps each point's interval`() {
        var stage = FieldBusStage([Box.meter(3), Box.relays(4, every: 500)])
        stage.run(for: .seconds(60))
        let box = stage.line.boxes[1] as? ModbusBox
        #expect((119...121).contains(box?.asked ?? 0))
    }

    @Test func `never says 0 for no answer`() {
        var stage = FieldBusStage([Box.meter(3)])
        meterRegisters(stage.line.boxes[0] as? ModbusBox)
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(5))
        #expect(stage.reading("power") == .unread)
        #expect(stage.words() == ["offline silent"])
        stage.line.boxes[0].isConnected = true
        stage.run(for: .seconds(120))
        #expect(stage.value("power") == "24.4")
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(10))
        #expect(stage.reading("power").quality == .stale)
        #expect(stage.reading("power").value == DecimalNumber(mantissa: 244, places: 1))
        #expect(
            stage.changes.allSatisfy { $0.change.reading.value != .zero || $0.change.point == 4 })
        #expect(stage.words() == ["offline silent", "online", "offline silent"])
    }

    @Test func `takes the silence of a meter without mains for a state`() {
        var stage = FieldBusStage([Box.meter(3, silence: .mainsOff)])
        stage.run(for: .seconds(3))
        #expect(stage.value("mains") == "1")
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(10))
        #expect(stage.value("mains") == "0")
        #expect(stage.reading("power").quality == .stale)
        #expect(!stage.words().contains { $0.hasPrefix("offline") })
    }

    @Test func `looks at once whether a meter has mains again when something was switched`() {
        var stage = FieldBusStage([Box.meter(3, silence: .mainsOff), Box.relays(4)])
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(600))
        #expect(stage.value("mains") == "0")
        stage.line.boxes[0].isConnected = true
        _ = stage.perform(0, [ArgumentValue("relay", .one)], by: 1)
        stage.run(for: .seconds(1))
        #expect(stage.value("mains") == "1")
        #expect(stage.reading("power").quality == .good)
    }

    @Test func `drops the echo by its count, also where the answer looks the same`() {
        // A lock that did not open answers with the very bytes of the request.
        var stage = FieldBusStage([Box.locks(1)], echoes: true)
        (stage.line.boxes[0] as? FrameBox)?.isStuck = true
        stage.run(for: .seconds(2))
        #expect(stage.perform(0, [ArgumentValue("lock", .one)]) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.map(\.report.outcome) == [.failed])
        (stage.line.boxes[0] as? FrameBox)?.isStuck = false
        #expect(stage.perform(0, [ArgumentValue("lock", .one)], number: 2) == nil)
        stage.run(for: .seconds(3))
        #expect(stage.reports.map(\.report.outcome) == [.failed, .confirmed])
        #expect(stage.driver.exchange.counters.echoFaults == 0)
    }

    @Test func `counts an echo that does not come`() {
        var stage = FieldBusStage(
            [ModbusBox(unit: 3, points: Box.meter(3).points)], settings: [Box.meter(3)],
            echoes: true, adapterEchoes: false)
        stage.run(for: .seconds(2))
        #expect(stage.driver.exchange.counters.echoFaults > 0)
        #expect(stage.words() != ["online"])
    }

    @Test func `finds an answer behind noise, and drops what follows it`() {
        var stage = FieldBusStage([Box.meter(3)])
        meterRegisters(stage.line.boxes[0] as? ModbusBox)
        for noise in [[0xFF], [0x03, 0x04], [0x00, 0x00, 0x03]] as [[UInt8]] {
            stage.line.boxes[0].misbehave(.noise(noise))
        }
        stage.run(for: .seconds(4))
        #expect(stage.value("power") == "24.4")
        #expect(stage.words() == ["online"])
        #expect(stage.count("timeouts") == 0)
    }

    @Test func `asks again after a damaged answer, at once`() {
        var stage = FieldBusStage([Box.meter(3)])
        meterRegisters(stage.line.boxes[0] as? ModbusBox)
        stage.run(for: .seconds(2))
        stage.line.boxes[0].misbehave(.damaged)
        let before = stage.count("garbled")
        stage.run(for: .seconds(1))
        #expect(stage.count("garbled") == before + 1)
        #expect(stage.words() == ["online"])
        let polls = (stage.line.boxes[0] as? ModbusBox)?.askedAt ?? []
        #expect(zip(polls, polls.dropFirst()).contains { $1 - $0 < .milliseconds(130) })
    }

    @Test func `does not take a late answer for the next question's`() {
        var stage = FieldBusStage([Box.relays(4, every: 400)])
        let box = stage.line.boxes[0] as? ModbusBox
        stage.run(for: .seconds(2))
        // Later than its time-out, and the coils change in between.
        box?.misbehave(.late(.milliseconds(450)))
        stage.run(for: .milliseconds(700))
        box?[.coil, 0] = 1
        stage.run(for: .seconds(2))
        #expect(stage.value("relay.1") == "1")
        #expect(stage.driver.exchange.counters.late == 1)
        #expect(stage.line.collisions == 0)
        #expect(stage.words() == ["online"])
    }

    @Test func `does not believe another unit's answer`() {
        var stage = FieldBusStage([Box.meter(5)])
        meterRegisters(stage.line.boxes[0] as? ModbusBox)
        for _ in 0..<2 { stage.line.boxes[0].misbehave(.wrongUnit) }
        stage.run(for: .milliseconds(350))
        #expect(stage.reading("power") == .unread)
        #expect(stage.driver.exchange.counters.foreign > 0)
    }

    @Test func `loses a box after three misses, and has it back`() {
        var stage = FieldBusStage([Box.meter(3), Box.relays(4)])
        stage.run(for: .seconds(3))
        for box in stage.line.boxes { box.misbehave(.lostAnswer) }
        stage.run(for: .seconds(5))
        #expect(stage.words() == ["online"])
        stage.line.boxes[0].isConnected = false
        stage.run(for: .seconds(10))
        #expect(stage.words() == ["online", "offline silent"])
        stage.line.boxes[0].isConnected = true
        stage.run(for: .seconds(90))
        #expect(stage.words() == ["online", "offline silent", "online"])
        #expect(stage.words(of: 1) == ["online"])
    }

    @Test func `tells a box that only mumbles from one that is silent`() {
        var stage = FieldBusStage([Box.meter(3)])
        stage.run(for: .seconds(2))
        for _ in 0..<20 { stage.line.boxes[0].misbehave(.damaged) }
        stage.run(for: .seconds(6))
        #expect(stage.words().dropFirst().first == "offline garbled")
    }

    @Test func `says everybody is gone when the line is`() {
        var stage = FieldBusStage([Box.meter(3), Box.relays(4)])
        stage.run(for: .seconds(2))
        stage.detach()
        #expect(
            stage.told.suffix(3).map(\.word) == ["raised lost", "offline lost", "offline lost"])
        #expect(stage.driver.nextDeadline == nil)
    }
}

@Suite struct `A line of many languages` {
    @Test func `has a meter of the Chinese standard, a lock board and a relay board on it`() {
        var stage = FieldBusStage([
            Box.electricityMeter(123_456_789_012), Box.locks(1), Box.relays(3),
        ])
        let meter = stage.line.boxes[0] as? MeterBox
        meter?.set(MeterItem(identifier: "00010000", bytes: 4), to: 11_228_026)
        meter?.set(MeterItem(identifier: "02010100", bytes: 2), to: 2_201)
        stage.run(for: .seconds(10))
        #expect(stage.value("energy") == "112280.26")
        #expect(stage.value("voltage") == "220.1")
        for place in 0..<3 { #expect(stage.words(of: place) == ["online"]) }
        // Somebody's door is pushed into the middle of the others' talk.
        for door in 1...4 {
            (stage.line.boxes[1] as? FrameBox)?.change("door.\(door)", to: 0)
            stage.run(for: .milliseconds(1_500))
            #expect(stage.value("door.\(door)", of: 1) == "0")
        }
        #expect(stage.words(of: 2) == ["online"])
    }

    @Test func `hears every push of a long read, and the end of the question among them`() {
        var stage = FieldBusStage([Box.locks(1, every: 60_000), Box.relays(3, every: 60_000)])
        stage.run(for: .seconds(3))
        _ = stage.perform(0, [ArgumentValue("relay", .one)], by: 1)
        let push: [UInt8] = [0x81, 0x01, 0x02, 0x00, 0x82]
        let answer: [UInt8] = [0x03, 0x05, 0x00, 0x00, 0xFF, 0x00]
        let bytes = (0..<400).flatMap { _ in push } + answer + ModbusBox.sum(answer[...])
        stage.feed(bytes)
        stage.run(for: .seconds(2))
        #expect(stage.value("door.2") == "0")
        #expect((stage.line.boxes[1] as? ModbusBox)?.writes.count == 1)
        #expect(stage.reports.map(\.report.outcome) == [.confirmed])
    }
}

@Suite struct `A register that is refused` {
    @Test func `at first contact is asked seldom, and its neighbours are not lost for it`() {
        var stage = FieldBusStage([Box.meter(3)])
        (stage.line.boxes[0] as? ModbusBox)?[.input, 6] = nil
        stage.run(for: .seconds(5))
        #expect(stage.reading("energy").quality == .absent)
        #expect(stage.reading("energy").value == nil)
        #expect(stage.value("power") == "0.0")
        #expect(stage.words() == ["online", "raised refusing"])
        let asked = stage.line.sent.filter { $0.bytes[3] == 5 }.count
        stage.run(for: .seconds(300))
        #expect(stage.line.sent.filter { $0.bytes[3] == 5 }.count - asked < 10)
        (stage.line.boxes[0] as? ModbusBox)?[.input, 6] = 0
        (stage.line.boxes[0] as? ModbusBox)?[.input, 5] = 7
        stage.run(for: .seconds(700))
        #expect(stage.value("energy") == "7")
        #expect(stage.words() == ["online", "raised refusing", "cleared refusing"])
    }

    @Test func `once, in service, is asked again as before`() {
        var stage = FieldBusStage([Box.relays(4)])
        stage.run(for: .seconds(3))
        stage.line.boxes[0].misbehave(.exception(2))
        let before = (stage.line.boxes[0] as? ModbusBox)?.asked ?? 0
        stage.run(for: .seconds(10))
        #expect(((stage.line.boxes[0] as? ModbusBox)?.asked ?? 0) - before >= 9)
        #expect(stage.value("relay.1") == "0")
        #expect(stage.words() == ["online"])
    }
}

@Suite struct `A point of a box` {
    @Test func `that an answer leaves out has no value, and not its last one`() {
        let points = [1, 2].map { (index: Int) in
            PointSettings(
                name: "power.\(index)", kind: .level, unit: "W",
                source: .fields(at: [FramePlace(frame: "ports", field: "power", index: index)]))
        }
        var readings = BusReadings(points)
        let question = BusQuestion.frame(name: "ports", fields: [])
        for (second, said) in [[1, 2], [1]].enumerated() {
            let now = Instant(nanoseconds: Int64(second) * 1_000_000_000)
            let answer = BusAnswer.frame(
                name: "ports", fields: said.map { BusField("power", 100, index: $0) })
            _ = readings.takeFrame(answer, to: question, at: now)
            readings.missUnsaid(in: answer, to: question, of: [0, 1], at: now)
        }
        #expect(readings.readings[0].value == DecimalNumber(100))
        #expect(readings.readings[1].value == nil && readings.readings[1].quality == .absent)
    }
}

@Suite struct `A total` {
    private func total(_ readings: [Int64], wrap: Int64? = nil) -> [BusTotal.Step] {
        var point = Box.meter(1).points[3]
        point.wrap = wrap
        var total = BusTotal(point)
        return readings.map { total.take(DecimalNumber($0)) }
    }

    @Test func `goes on across its device's wrap`() {
        #expect(
            total([9_999_950, 9_999_990, 5, 12], wrap: 9_999_990) == [
                .sum(DecimalNumber(9_999_950)), .sum(DecimalNumber(9_999_990)),
                .sum(DecimalNumber(9_999_996)), .sum(DecimalNumber(10_000_003)),
            ])
    }

    @Test func `does not run backwards for a slip, and goes on after a reset`() {
        #expect(
            total([100, 0, 101, 0, 2, 5]) == [
                .sum(DecimalNumber(100)), .doubtful, .sum(DecimalNumber(101)), .doubtful,
                .reset(DecimalNumber(103)), .sum(DecimalNumber(106)),
            ])
    }

    @Test func `that was reset by a person is told as such`() {
        var stage = FieldBusStage([Box.meter(3, every: 100)])
        let box = stage.line.boxes[0] as? ModbusBox
        box?.vendor = [([0x42], [0x42])]
        box?[.input, 5] = 500
        stage.run(for: .seconds(4))
        #expect(stage.perform(0) == nil)
        box?[.input, 5] = 0
        stage.run(for: .seconds(10))
        #expect(stage.reports.map(\.report.outcome) == [.accepted])
        #expect(stage.value("energy") == "500")
        #expect(stage.changes.filter(\.change.isReset).count == 1)
        #expect(
            stage.reading("energy").quality == .good
                || stage.reading("energy").quality == .estimated)
    }
}
