// A USB reader's driver between the station and a scripted reader: descriptors, cards, answers.

import EventLoop
import Testing

@testable import StationCore

/// A driver with a scripted device at the end of its channel, as a port would have it.
private struct Bench {
    var driver: CCIDDriver
    var device = ScriptedDevice()
    var now = Instant(nanoseconds: 1_000_000_000)
    var heard: [DriverOutput] = []
    var resets = 0
    private var agenda: [(at: Instant, pipe: Pipe, bytes: [UInt8])] = []

    init(_ family: String = "acr122u", terminals: Set<Int> = []) {
        driver = CCIDDriver(
            CCIDSettings(family: family, views: ["full"]), terminals: terminals)
    }

    mutating func plug(_ bytes: [UInt8]? = nil) {
        let descriptor =
            bytes
            ?? CCIDClassDescriptor.handover(`A class descriptor`.acr122u, hasInterrupts: true)
        var outputs = DriverOutputs()
        let taken = driver.receive(
            descriptor.span.bytes, on: .descriptor, at: now, into: &outputs)
        #expect(taken == descriptor.count)
        feed(.attached)
    }

    mutating func start() {
        plug()
        run(for: .milliseconds(100))
        heard = []
        device.received = []
    }

    mutating func feed(_ input: DriverInput) {
        var outputs = DriverOutputs()
        driver.handle(input, at: now, into: &outputs)
        take(&outputs)
    }

    mutating func put(_ card: ScriptedDevice.Card) {
        device.card = card
        device.isPowered = false
        agenda.append((now, .notification, hex("5003")))
        run(for: .milliseconds(20))
    }

    mutating func run(for interval: Interval) {
        let end = now + interval
        while true {
            let next = agenda.indices.min { agenda[$0].at < agenda[$1].at }
            let arrival = next.map { agenda[$0].at } ?? .distantFuture
            let deadline = driver.nextDeadline ?? .distantFuture
            guard min(arrival, deadline) <= end else { break }
            now = max(now, min(arrival, deadline))
            if let next, arrival <= deadline {
                let event = agenda.remove(at: next)
                deliver(event.bytes, on: event.pipe)
            } else {
                feed(.deadline)
            }
        }
        now = end
    }

    private mutating func deliver(_ bytes: [UInt8], on pipe: Pipe) {
        var rest = bytes
        while !rest.isEmpty {
            var outputs = DriverOutputs()
            let taken = driver.receive(rest.span.bytes, on: pipe, at: now, into: &outputs)
            rest.removeFirst(taken)
            take(&outputs)
        }
    }

    private mutating func take(_ outputs: inout DriverOutputs) {
        while let output = outputs.popFirst() {
            switch output {
            case .write:
                guard let packet = outputs.popPacket() else { continue }
                for (delay, bytes) in device.answer(packet.bytes) {
                    agenda.append((now + delay, .data, bytes))
                }
            case .reset: resets += 1
            default: heard.append(output)
            }
        }
    }

    /// What was heard, in words.
    var words: [String] {
        heard.map { output in
            switch output {
            case .presented(let presentation):
                "presented \(CardText.text(of: presentation.credential) ?? "")"
            case .diagnosed(let diagnosis, _): "diagnosed \(diagnosis)"
            case .raised(let fault): "raised \(fault)"
            case .cleared(let fault): "cleared \(fault)"
            case .setLine(let terminal, let isActive): "line \(terminal) \(isActive ? 1 : 0)"
            default: "?"
            }
        }
    }

    var commands: [String] { device.received.map { Hex.upper($0.dropFirst(10)) } }
}

@Suite struct `A driver of a USB reader` {
    @Test func `presents a card from its first sign on`() throws {
        var bench = Bench()
        bench.start()
        let tap = bench.now
        bench.put(.rider)
        #expect(bench.words == ["presented iso14443:04A1B2C3D4E5F6"])
        guard case .presented(let presentation)? = bench.heard.first else { return }
        #expect(presentation.at == tap)
        #expect(presentation.format == nil)
    }

    @Test func `needs the descriptor that the port hands over`() {
        var bench = Bench()
        bench.plug(hex("3621"))
        #expect(bench.words == ["raised wrongModel"])
        bench.feed(.detached(.lost))
        #expect(bench.words == ["raised wrongModel", "cleared wrongModel", "raised lost"])
        bench.heard = []
        bench.plug()
        bench.run(for: .milliseconds(100))
        bench.put(.rider)
        #expect(bench.words.count == 1)
    }

    @Test func `refuses a reader that it cannot use`() {
        var descriptor = `A class descriptor`.qemu
        descriptor.replaceSubrange(40...43, with: [0, 0, 0, 0])
        var bench = Bench("generic")
        bench.plug(CCIDClassDescriptor.handover(descriptor, hasInterrupts: true))
        #expect(bench.words == ["raised wrongModel"])
    }

    @Test func `asks often where the port has no interrupt pipe`() {
        var bench = Bench("generic")
        bench.plug(
            CCIDClassDescriptor.handover(`A class descriptor`.acr122u, hasInterrupts: false))
        bench.run(for: .seconds(1))
        #expect(bench.device.received.count > 8)
        var slow = Bench("generic")
        slow.plug()
        slow.run(for: .seconds(1))
        #expect(slow.device.received.count == 1)
    }

    @Test func `has an ACR122U play the rhythm by itself`() {
        var bench = Bench()
        bench.start()
        for rhythm in Rhythm.allCases {
            bench.feed(.command(.feedback(rhythm)))
            bench.run(for: .seconds(1))
        }
        #expect(
            bench.commands.filter { $0.hasPrefix("FF0040") } == [
                "FF0040AC0406000101", "FF00405C0402020201", "FF00405C0402020301",
            ])
        #expect(bench.words.isEmpty)
    }

    @Test func `plays the rhythm on an ACR1252U, light and sound`() {
        var bench = Bench("acr1252u")
        bench.start()
        bench.feed(.command(.feedback(.tryAgain)))
        bench.run(for: .seconds(1))
        #expect(
            bench.commands.filter { $0.hasPrefix("E0") } == [
                "E00000290101", "E0000028010F", "E00000290100",
                "E00000290101", "E0000028010F", "E00000290100",
            ])
        bench.device.received = []
        bench.feed(.command(.feedback(.comeIn)))
        bench.run(for: .seconds(1))
        #expect(
            bench.commands.filter { $0.hasPrefix("E0") }
                == ["E00000290102", "E0000028013C", "E00000290100"])
    }

    @Test func `plays the rhythm on the board's lines where they are wired`() {
        var bench = Bench("generic", terminals: [0, 1])
        bench.start()
        bench.feed(.command(.feedback(.comeIn)))
        bench.run(for: .milliseconds(600))
        #expect(bench.words == ["line 0 1", "line 1 1", "line 0 0", "line 1 0"])
    }

    @Test func `has a silent reader reset, and tells it once`() {
        var bench = Bench()
        bench.start()
        bench.device.deafFor = .max
        bench.run(for: .seconds(20))
        #expect(bench.words == ["raised silent"])
        #expect(bench.resets >= 2)
        bench.device.deafFor = 0
        bench.plug()
        bench.run(for: .milliseconds(100))
        #expect(bench.words == ["raised silent", "cleared silent"])
    }

    @Test(
        arguments: [
            ("6300", "unreadable"), ("6A81", "unreadable"), ("8804A3C69000", "halfUID"),
            ("01020304059000", "strangeCard"),
        ])
    func `says why a card is none`(answer: String, diagnosis: String) {
        var bench = Bench()
        bench.start()
        var card = ScriptedDevice.Card.rider
        card.answer = hex(answer)
        bench.put(card)
        bench.run(for: .seconds(1))
        #expect(bench.words == ["diagnosed \(diagnosis)"])
    }

    @Test func `asks for another try when a card left too soon`() {
        var bench = Bench()
        bench.start()
        bench.device.mutePowerOns = 1
        bench.put(.rider)
        bench.device.card = nil
        bench.run(for: .seconds(1))
        #expect(bench.words == ["diagnosed takenAway"])
    }
}
