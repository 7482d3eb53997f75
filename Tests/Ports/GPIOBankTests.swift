// Chips come late, leave, fail and hang: the bank tells it, and the loop waits for none of them.

import EventLoop
import Glibc
import StationCore
import Testing

@testable import Ports

@Suite struct `A bank of GPIO lines` {
    @Test func `tells a chip that is missing at the start, and takes it when it appears`() throws {
        var gate = try GPIOGate(chips: ["reader", "contact"])
        #expect(gate.errors == [.noChip(label: "strike")])
        #expect(gate.faults(of: GPIOGate.strike) == [.missing])
        #expect(gate.station.deviceHealth[GPIOGate.reader].isAttached)
        gate.pass(.seconds(1))
        #expect(gate.faults(of: GPIOGate.strike) == [.missing])
        gate.kernel.chips["strike"] = 0
        gate.pass(.seconds(2))
        #expect(gate.faults(of: GPIOGate.strike) == [])
        #expect(gate.station.deviceHealth[GPIOGate.strike].isAttached)
    }

    @Test func `looks for a missing chip ever more rarely, and never less than every 30 s`() throws
    {
        var gate = try GPIOGate(chips: ["reader", "contact"])
        var openings: [Int64] = []
        let start = gate.now
        for _ in 0..<200 {
            gate.pass(.seconds(1), isAnswering: false)
            let questions = gate.questions()
            for case .open in questions { openings.append((gate.now - start).milliseconds / 1_000) }
            gate.answer(questions)
        }
        #expect(openings == [1, 3, 7, 15, 31, 61, 91, 121, 151, 181])
    }

    @Test(arguments: [ENODEV, EIO])
    func `notices a chip that leaves by a read`(number: Int32) throws {
        var gate = try GPIOGate()
        gate.kernel.broken["reader"] = number
        #expect(gate.read(GPIOGate.reader) == .drained)
        #expect(gate.faults(of: GPIOGate.reader) == [.lost])
        gate.kernel.broken["reader"] = nil
        gate.pass(.seconds(1))
        #expect(gate.faults(of: GPIOGate.reader) == [])
    }

    @Test(arguments: [ENODEV, EIO])
    func `notices a chip that leaves by setting a line`(number: Int32) throws {
        var gate = try GPIOGate()
        gate.kernel.broken["strike"] = number
        let setting = LineSetting(line: LineID(2), isActive: true)
        gate.bank.set(setting, into: &gate.station, at: gate.now)
        #expect(gate.faults(of: GPIOGate.strike) == [.lost])
        #expect(gate.kernel.settings.isEmpty)
        gate.kernel.broken["strike"] = nil
        gate.pass(.seconds(1))
        #expect(gate.station.deviceHealth[GPIOGate.strike].isAttached)
        gate.bank.set(setting, into: &gate.station, at: gate.now)
        #expect(gate.kernel.settings.map(\.bits) == [1])
    }

    @Test func `notices a chip that leaves in silence, and asks no chip on the loop`() throws {
        var gate = try GPIOGate()
        gate.kernel.chips["contact"] = nil
        gate.pass(GPIOBank.probePeriod, isAnswering: false)
        #expect(gate.kernel.looks == 0, "the loop asked a chip itself")
        let questions = gate.questions()
        #expect(questions.count == 3)
        gate.answer(questions)
        #expect(gate.kernel.looks == 3)
        #expect(gate.faults(of: GPIOGate.contact) == [.lost])
        #expect(gate.faults(of: GPIOGate.reader) == [])
    }

    @Test func `tells a worker that hangs, waits for it without haste, and takes its answer`()
        throws
    {
        var gate = try GPIOGate()
        gate.pass(GPIOBank.probePeriod, isAnswering: false)
        let questions = gate.questions()
        // A line fails meanwhile: it is looked for once the worker is back.
        gate.kernel.broken["strike"] = EIO
        gate.bank.set(
            LineSetting(line: LineID(2), isActive: true), into: &gate.station, at: gate.now)
        for _ in 0..<5 {
            gate.pass(GPIOBank.probePeriod, isAnswering: false)
            #expect(gate.bank.nextDeadline > gate.now, "the loop would spin")
        }
        #expect(gate.questions().isEmpty, "a port has one question under way")
        #expect(gate.station.faults.map(\.fault) == [.stuck])
        gate.kernel.broken["strike"] = nil
        gate.answer(questions)
        #expect(gate.station.faults.isEmpty)
        gate.pass(.seconds(1))
        #expect(gate.station.deviceHealth[GPIOGate.strike].isAttached)
    }

    @Test func `hears no answer about lines that it gave up`() throws {
        var gate = try GPIOGate()
        gate.pass(GPIOBank.probePeriod, isAnswering: false)
        let old = gate.questions()
        gate.kernel.broken["contact"] = EIO
        _ = gate.read(GPIOGate.contact)
        #expect(gate.faults(of: GPIOGate.contact) == [.lost])
        // All three answer; the contact's old lines say that they are gone, which is known.
        gate.answer(old)
        gate.kernel.broken["contact"] = nil
        gate.pass(.seconds(1))
        #expect(gate.faults(of: GPIOGate.contact) == [])
    }

    @Test func `gives every output its safe value at the end`() throws {
        let gate = try GPIOGate()
        gate.bank.makeSafe(at: gate.now)
        #expect(gate.kernel.settings.map(\.chip) == ["strike"])
        #expect(gate.kernel.settings.map(\.bits) == [0])
        #expect(gate.bank.isSettled)
    }
}

@Suite struct `Lines of a chip behind a bus` {
    private let strike = LineID(2)

    private func gate() throws -> GPIOGate { try GPIOGate(slow: ["strike"]) }

    @Test func `are set by the chip's worker, never by the loop`() throws {
        var gate = try gate()
        gate.set(strike, true)
        #expect(gate.kernel.settings.isEmpty, "the loop set the line itself")
        let questions = gate.questions()
        #expect(questions.count == 1)
        // While that is under way nothing else is: order is kept.
        gate.set(strike, false)
        #expect(gate.questions().isEmpty)
        gate.answer(questions)
        gate.answer(gate.questions())
        #expect(gate.kernel.settings.map(\.bits) == [1, 0])
        #expect(gate.bank.isSettled)
        #expect(gate.faults(of: GPIOGate.strike) == [])
    }

    @Test func `are not freed late for somebody who has gone`() throws {
        var gate = try gate()
        let asked = gate.now
        gate.set(strike, true)
        let questions = gate.questions()
        // The bus hangs for a minute. The door's grant is told to be worth nothing long before.
        gate.pass(GPIOBank.longestSetting, isAnswering: false)
        #expect(gate.faults(of: GPIOGate.strike) == [.lost])
        gate.set(strike, false)
        gate.kernel.delay = .seconds(60)
        gate.answer(questions, begun: asked)
        // Freed when the bus came back, and made safe in the same breath.
        #expect(gate.kernel.settings.map(\.bits) == [1, 0])
        #expect(gate.bank.isSettled)
        gate.kernel.delay = .milliseconds(1)
        gate.pass(.seconds(2))
        #expect(gate.faults(of: GPIOGate.strike) == [])
        gate.set(strike, true)
        gate.answer(gate.questions())
        #expect(gate.kernel.settings.map(\.bits) == [1, 0, 1])
    }

    @Test func `are not freed late when the bus hung in the question before`() throws {
        var gate = try gate()
        gate.pass(GPIOBank.probePeriod, isAnswering: false)
        let asked = gate.questions()
        gate.set(strike, true)
        let setting = gate.questions()
        gate.pass(GPIOBank.longestSetting, isAnswering: false)
        #expect(gate.faults(of: GPIOGate.strike) == [.lost])
        gate.now = gate.now + .seconds(5)
        gate.answer(asked + setting)
        #expect(gate.kernel.settings.map(\.bits) == [0])
        // Its lines are the kernel's again before they are asked for anew.
        gate.pass(.seconds(2))
        #expect(gate.faults(of: GPIOGate.strike) == [])
        #expect(gate.bank.isSettled)
    }

    @Test func `that hang for long are a fault that ends with them`() throws {
        var gate = try gate()
        gate.set(strike, true)
        let questions = gate.questions()
        gate.pass(GPIOBank.longestAnswer, isAnswering: false)
        #expect(gate.station.faults.map(\.fault) == [.stuck])
        #expect(gate.bank.nextDeadline > gate.now, "the loop would spin")
        gate.answer(questions)
        gate.pass(.seconds(31))
        #expect(gate.station.faults.isEmpty)
    }

    @Test func `that cannot be set are lost and looked for again`() throws {
        var gate = try gate()
        gate.kernel.broken["strike"] = EIO
        gate.set(strike, true)
        gate.answer(gate.questions())
        #expect(gate.faults(of: GPIOGate.strike) == [.lost])
        gate.kernel.broken["strike"] = nil
        gate.pass(.seconds(1))
        #expect(gate.faults(of: GPIOGate.strike) == [])
    }

    @Test func `are made safe at the end, whatever else was to be done`() throws {
        var gate = try gate()
        gate.set(strike, true)
        let first = gate.questions()
        gate.set(strike, true)
        let now = gate.now
        gate.bank.makeSafe(at: now)
        #expect(!gate.bank.isSettled)
        for question in first + gate.questions() {
            gate.bank.wasSet(question.answer(by: gate.kernel) { now }, at: now)
        }
        for question in gate.questions() {
            gate.bank.wasSet(question.answer(by: gate.kernel) { now }, at: now)
        }
        #expect(gate.kernel.settings.map(\.bits) == [1, 0])
        #expect(gate.bank.isSettled)
    }

    @Test func `keep the order in which they were last set`() {
        var settings = GPIOSettings()
        let now = Instant(nanoseconds: 1)
        func line(_ port: Int, _ bit: UInt64, _ isActive: Bool) -> GPIOSettings.Setting {
            .init(port: port, mask: 1 << bit, bits: isActive ? 1 << bit : 0)
        }
        settings.append(line(0, 0, true), at: now)
        #expect(settings.next()?.setting == line(0, 0, true))
        settings.append(line(0, 0, false), at: now)
        settings.append(line(1, 0, true), at: now)
        settings.append(line(1, 1, true), at: now)
        settings.append(line(1, 0, false), at: now)
        settings.append(line(2, 0, true), at: now)
        settings.forget(2)
        #expect(settings.next() == nil)
        var order: [GPIOSettings.Setting] = []
        settings.ended()
        while let (next, _) = settings.next() {
            order.append(next)
            settings.ended()
        }
        #expect(order == [line(0, 0, false), line(1, 1, true), line(1, 0, false)])
        #expect(settings.isIdle)
    }
}

@Suite struct `A GPIO port` {
    @Test func `begins with the levels that its lines had when they were opened`() throws {
        var gate = try GPIOGate(chips: ["reader", "strike"])
        gate.kernel.chips["contact"] = 1
        gate.pass(.seconds(1))
        #expect(gate.settledLeaf() == true)
    }

    @Test func `counts the edges that the kernel dropped`() throws {
        var gate = try GPIOGate()
        gate.kernel.edge(on: "reader", number: 1, at: gate.now)
        gate.kernel.edge(on: "reader", line: 1, number: 2, at: gate.now + .milliseconds(1))
        gate.kernel.edge(on: "reader", number: 6, at: gate.now + .milliseconds(2))
        #expect(gate.read(GPIOGate.reader) == .drained)
        #expect(gate.station.deviceHealth[GPIOGate.reader].edgesLost == 3)
        #expect(gate.station.counters.edges == 3)
    }

    @Test func `takes the number after the highest for the next one`() throws {
        var gate = try GPIOGate()
        // As after four thousand million edges: the number begins again at 0.
        gate.kernel.edge(on: "reader", number: .max, at: gate.now)
        _ = gate.read(GPIOGate.reader)
        let before = gate.station.deviceHealth[GPIOGate.reader].edgesLost
        gate.kernel.edge(on: "reader", number: 0, at: gate.now + .milliseconds(1))
        _ = gate.read(GPIOGate.reader)
        #expect(gate.station.deviceHealth[GPIOGate.reader].edgesLost == before)
    }

    @Test func `asks for levels after a loss, and tells those of lines without an edge since`()
        throws
    {
        var gate = try GPIOGate()
        #expect(gate.settledLeaf() == false)
        // The gap shows on another line than the contact's: nobody knows how that is now.
        gate.kernel.edge(on: "contact", line: 9, number: 4, at: gate.now)
        gate.kernel.chips["contact"] = 1
        _ = gate.read(GPIOGate.contact)
        #expect(gate.kernel.looks == 0, "the loop asked a chip itself")
        gate.answer(gate.questions())
        #expect(gate.settledLeaf() == true)
    }

    @Test func `believes an edge more than levels that were asked for before it`() throws {
        var gate = try GPIOGate()
        #expect(gate.settledLeaf() == false)
        gate.kernel.edge(on: "contact", line: 9, number: 4, at: gate.now)
        _ = gate.read(GPIOGate.contact)
        let questions = gate.questions()
        #expect(questions.count == 1)
        // The leaf closes after the worker looked and before its answer is heard.
        gate.kernel.edge(on: "contact", number: 5, isActive: true, at: gate.now)
        _ = gate.read(GPIOGate.contact)
        gate.answer(questions)
        #expect(gate.settledLeaf() == true)
    }

    @Test func `reads so many edges in a turn and no more`() throws {
        var gate = try GPIOGate()
        for number in 1...2_000 {
            gate.kernel.edge(
                on: "reader", number: UInt32(number), at: gate.now + .microseconds(Int64(number)))
        }
        #expect(gate.read(GPIOGate.reader) == .more)
        #expect(gate.station.counters.edges == UInt64(GPIOPort.edgesPerTick))
        #expect(gate.read(GPIOGate.reader) == .drained)
        #expect(gate.station.counters.edges == 2_000)
    }
}
