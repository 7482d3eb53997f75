// A CCID reader that is not there: it answers as its script says, late, twice, cut, or not at all.

import EventLoop

@testable import StationCore

/// The device's end of the pipes, for one slot, and what it may do wrong.
struct ScriptedDevice {
    struct Card: Equatable {
        var uid: [UInt8]
        var atr: [UInt8] = hex("3B8F8001804F0CA000000306030001000000006A")
        /// What it answers to GET UID in place of UID and 9000.
        var answer: [UInt8]?
    }

    var card: Card?
    var isPowered = false
    var delay = Interval.milliseconds(2)
    /// Commands that it ignores from now on.
    var deafFor = 0
    /// Power-ons that fail from now on, with this error.
    var mutePowerOns = 0
    /// Time extensions before each answer to GET UID, and their factor.
    var extensions = 0
    var factor: UInt8 = 1
    /// Messages before each answer that nobody asked for.
    var stale: [[UInt8]] = []
    /// The bits of bStatus in answers to pseudo-APDUs without a card, and their bError.
    var errorByte: UInt8 = 0
    var firmware = "ACR122U214"
    /// In place of its next answer.
    var nonsense: [[UInt8]] = []
    var received: [[UInt8]] = []

    var presence: UInt8 { card == nil ? 2 : isPowered ? 0 : 1 }

    /// The messages that it sends to one command, each so long after it.
    mutating func answer(_ message: [UInt8]) -> [(after: Interval, bytes: [UInt8])] {
        received.append(message)
        if deafFor > 0 {
            deafFor -= 1
            return []
        }
        if !nonsense.isEmpty { return [(delay, nonsense.removeFirst())] }
        var answers: [(after: Interval, bytes: [UInt8])] = stale.map { (delay, $0) }
        var wait = delay
        if message[0] == 0x6f, extensions > 0 {
            for _ in 0..<extensions {
                answers.append((wait, reply(0x80, message, [], status: 0x80, error: factor)))
                wait = wait + .seconds(1)
            }
        }
        answers.append((wait, answered(message)))
        return answers
    }

    private mutating func answered(_ message: [UInt8]) -> [UInt8] {
        switch message[0] {
        case 0x62:
            guard let card, mutePowerOns == 0 else {
                mutePowerOns = max(0, mutePowerOns - 1)
                return reply(0x80, message, [], status: 0x40 | presence, error: 0xfe)
            }
            isPowered = true
            return reply(0x80, message, card.atr)
        case 0x63:
            isPowered = false
            return reply(0x81, message, [])
        case 0x65: return reply(0x81, message, [])
        case 0x6b: return reply(0x83, message, hex("E100000001") + [message.last ?? 0])
        case 0x6f: return reply(0x80, message, apdu(Array(message.dropFirst(10))))
        default: return reply(0x81, message, [], status: 0x40 | presence, error: 0)
        }
    }

    private func apdu(_ apdu: [UInt8]) -> [UInt8] {
        switch Array(apdu.prefix(3)) {
        case hex("FFCA00"):
            guard let card else { return hex("6300") }
            return card.answer ?? card.uid + hex("9000")
        case hex("FF0048"): return Array(firmware.utf8)
        case hex("FF0051"): return [0x90, apdu[3]]
        case hex("FF0040"), hex("FF0052"): return hex("9000")
        default: return hex("6A81")
        }
    }

    func reply(
        _ type: UInt8, _ to: [UInt8], _ data: [UInt8], status: UInt8? = nil, error: UInt8? = nil
    ) -> [UInt8] {
        [type, UInt8(data.count), 0, 0, 0, to[5], to[6], status ?? presence]
            + [error ?? errorByte, 0] + data
    }
}

/// A machine, a scripted device, and the time between them.
struct CCIDStage {
    var reader: CCIDReader
    var device = ScriptedDevice()
    var now = Instant(nanoseconds: 1_000_000_000)
    /// All outputs but `.send`, with their time.
    var outputs: [(at: Instant, output: CCIDReaderOutput)] = []
    /// The pipe cuts everything to pieces of so many bytes.
    var cut = Int.max
    private var agenda: [(at: Instant, isInterrupt: Bool, bytes: [UInt8])] = []

    init(_ family: CCIDFamily = .generic) { reader = CCIDReader(family: family) }

    var told: [CCIDReaderOutput] { outputs.map(\.output) }
    var sent: [[UInt8]] { device.received }
    /// Bytes 0 and 10...: the types and payloads of what was sent, without numbers.
    var commands: [String] {
        sent.map { Hex.upper([$0[0]]) + Hex.upper($0.dropFirst(10)) }
    }

    mutating func attach(
        _ descriptor: [UInt8] = `A class descriptor`.acr122u, hasInterrupts: Bool = true
    ) throws {
        perform(
            reader.attached(
                try CCIDClassDescriptor(descriptor), hasInterrupts: hasInterrupts, at: now))
    }

    /// Attaches and waits until it is ready; forgets what led to that.
    mutating func start(
        _ descriptor: [UInt8] = `A class descriptor`.acr122u, hasInterrupts: Bool = true
    ) throws {
        try attach(descriptor, hasInterrupts: hasInterrupts)
        run(for: .milliseconds(100))
        precondition(reader.isWatching, "the reader did not start: \(told)")
        outputs = []
        device.received = []
    }

    mutating func put(_ card: ScriptedDevice.Card, telling: Bool = true) {
        device.card = card
        device.isPowered = false
        if telling { interrupt(hex("5003")) }
    }

    mutating func takeAway(telling: Bool = true) {
        device.card = nil
        device.isPowered = false
        if telling { interrupt(hex("5002")) }
    }

    mutating func interrupt(_ bytes: [UInt8]) {
        agenda.append((now, true, bytes))
        run(for: .zero)
    }

    mutating func hear(_ bytes: [UInt8], after delay: Interval = .zero) {
        agenda.append((now + delay, false, bytes))
    }

    mutating func detach() {
        agenda = []
        perform(reader.detached(at: now))
    }

    /// Lets time pass, event by event.
    mutating func run(for interval: Interval) {
        let end = now + interval
        while true {
            let next = agenda.indices.min { agenda[$0].at < agenda[$1].at }
            let arrival = next.map { agenda[$0].at } ?? .distantFuture
            let deadline = reader.nextDeadline ?? .distantFuture
            guard min(arrival, deadline) <= end else { break }
            now = max(now, min(arrival, deadline))
            if let next, arrival <= deadline {
                let event = agenda.remove(at: next)
                if event.isInterrupt {
                    perform(reader.notify(event.bytes.span.bytes, at: now))
                } else {
                    deliver(event.bytes)
                }
            } else {
                perform(reader.expire(at: now))
            }
        }
        now = end
    }

    private mutating func deliver(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(cut))
            rest = rest.dropFirst(piece.count)
            var place = 0
            while place < piece.count {
                var outputs = Outputs<CCIDReaderOutput>()
                let part = Array(piece[place...])
                place += reader.receive(part.span.bytes, at: now, into: &outputs)
                perform(outputs)
            }
        }
    }

    mutating func perform(_ outputs: Outputs<CCIDReaderOutput>) {
        for output in outputs.all {
            guard output == .send else {
                self.outputs.append((now, output))
                continue
            }
            for (delay, bytes) in device.answer(reader.outgoing.bytes) {
                agenda.append((now + delay, false, bytes))
            }
        }
    }
}

extension CCIDStage {
    /// Asks for lights, as a driver does.
    mutating func play(_ command: PseudoAPDU) -> Outputs<CCIDReaderOutput> {
        let outputs = reader.signal(command, at: now)
        perform(outputs)
        return outputs
    }
}
