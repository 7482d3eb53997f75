// A serial line or a keyboard reader and nothing else: opens it as the station does and says what
// it hears.
//
//   channel-probe [--for SECONDS] keyboard [--form 8H10D] [SOCKET]
//   channel-probe [--for SECONDS] pn532|rdm6300 PATH [BAUD]
//
//   12.041 opened
//   12.388 ready PN532 1.6
//   14.902 presented iso14443 04A1B2C3D4E5F6
//   15.871 closed lost

import CLinux
import EventLoop
import Glibc
import Ports
import StationCore

/// What the bytes of the channel mean.
enum Machine {
    case pn532(PN532Reader)
    case rdm6300(EM4100Reader)
    case keyboard(KeyboardReader)
}

/// One channel: what it says goes into the machine, what the machine says goes out.
struct Probe: ChannelSink {
    var machine: Machine
    /// Packets for the line.
    var packets: [Packet] = []

    mutating func opened(_ channel: ChannelID, at now: Instant) {
        say("opened")
        switch machine {
        case .pn532(var reader):
            if reader.begin(at: now) { hear(reader.outputs) }
            machine = .pn532(reader)
        case .rdm6300(var reader):
            reader.reset()
            machine = .rdm6300(reader)
        case .keyboard(var reader):
            reader.reset()
            machine = .keyboard(reader)
        }
    }

    mutating func closed(_ channel: ChannelID, _ fault: Fault, at now: Instant) {
        say("closed \(fault)")
        if case .pn532(var reader) = machine {
            reader.halt()
            machine = .pn532(reader)
        }
    }

    mutating func received(
        _ bytes: RawSpan, on pipe: Pipe, of channel: ChannelID, at now: Instant
    ) {
        switch machine {
        case .pn532(var reader):
            for offset in bytes.byteOffsets {
                let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
                if reader.receive(byte, at: now) { hear(reader.outputs) }
            }
            machine = .pn532(reader)
        case .rdm6300(var reader):
            reader.receive(bytes, at: now) { hear($0) }
            machine = .rdm6300(reader)
        case .keyboard(var reader):
            reader.receive(bytes, at: now) { hear($0, $1) }
            machine = .keyboard(reader)
        }
    }

    var nextDeadline: Instant? {
        switch machine {
        case .pn532(let reader): reader.nextDeadline
        case .rdm6300(let reader): reader.nextDeadline
        case .keyboard(let reader): reader.nextDeadline
        }
    }

    mutating func expire(at now: Instant) {
        switch machine {
        case .pn532(var reader):
            if reader.expire(at: now) { hear(reader.outputs) }
            machine = .pn532(reader)
        case .rdm6300(var reader):
            if let read = reader.expire(at: now) { hear(read) }
            machine = .rdm6300(reader)
        case .keyboard(var reader):
            if let read = reader.expire(at: now) { hear(read, reader.text) }
            machine = .keyboard(reader)
        }
    }

    private mutating func hear(_ outputs: PN532Outputs) {
        for index in 0..<outputs.count {
            switch outputs[index] {
            case .send(let packet): packets.append(Packet(packet.bytes))
            case .presented(let target): present(target.credential)
            case .ready(let firmware): say("ready PN532 \(firmware.version).\(firmware.revision)")
            case .raised(let trouble): say("raised \(trouble)")
            case .cleared(let trouble): say("cleared \(trouble)")
            case .damaged(let damage): say("damaged \(damage)")
            }
        }
    }

    private func hear(_ read: EM4100Read) {
        switch read {
        case .credential(let credential): present(credential)
        case .diagnosed(let diagnosis): say("diagnosed \(diagnosis)")
        }
    }

    private func hear(_ read: KeyboardRead, _ text: KeyedText) {
        switch read {
        case .credential(let credential, _): present(credential)
        case .text: say("text \(text)")
        case .diagnosed(let diagnosis, let keys): say("diagnosed \(diagnosis) \(keys)")
        }
    }

    private func present(_ credential: Credential) {
        let digits = String(credential.bits, radix: 16, uppercase: true)
        let missing = Int(credential.bitCount) / 4 - digits.utf8.count
        let uid = String(repeating: "0", count: max(0, missing)) + digits
        say("presented \(credential.technology) \(uid)")
    }
}

func monotonic() -> Instant { Instant(nanoseconds: station_clock_monotonic()) }

func say(_ text: String) {
    let milliseconds = monotonic().nanoseconds / 1_000_000
    let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
    let line = "\(milliseconds / 1_000).\(fraction) \(text)\n"
    line.utf8CString.withUnsafeBytes { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count - 1) }
}

/// What the command line asks for; `nil` when it makes no sense.
func wish(
    _ words: inout ArraySlice<String>
) -> (link: ResolvedChannel.Link, machine: Machine)? {
    switch words.popFirst() {
    case "keyboard":
        var formats: [KeyboardFormat] = []
        if words.first == "--form" {
            words.removeFirst()
            guard let form = words.popFirst().flatMap({ PrintedForm(name: $0) }),
                let format = KeyboardFormat(form: form, technology: .em4100)
            else { return nil }
            formats.append(format)
        }
        let settings = KeyboardSettings(formats: formats, takesText: true)
        return (
            .keyboard(KeyboardLink(socket: words.popFirst() ?? "")),
            .keyboard(KeyboardReader(settings))
        )
    case "pn532":
        guard let path = words.popFirst() else { return nil }
        let baud = words.popFirst().flatMap { Int($0) } ?? 115_200
        return (.serial(SerialLink(path: path, baud: baud)), .pn532(PN532Reader()))
    case "rdm6300":
        guard let path = words.popFirst() else { return nil }
        let baud = words.popFirst().flatMap { Int($0) } ?? 9_600
        return (.serial(SerialLink(path: path, baud: baud)), .rdm6300(EM4100Reader(.rdm6300)))
    default:
        return nil
    }
}

func run() throws -> Int32 {
    var words = CommandLine.arguments.dropFirst()
    var end = Instant.distantFuture
    if words.first == "--for" {
        words.removeFirst()
        guard let seconds = words.popFirst().flatMap({ Int64($0) }) else { return 64 }
        end = monotonic() + .seconds(seconds)
    }
    guard let wish = wish(&words), words.isEmpty else { return 64 }
    let signals = [SIGTERM, SIGINT].withUnsafeBufferPointer {
        station_signal_watch($0.baseAddress, Int32($0.count))
    }
    let selector = try EpollSelector()
    _ = try selector.add(signals, token: 0)
    let channel = ResolvedChannel(port: "probe", link: wish.link, device: 0)
    let bank = try ChannelBank([channel], selector: selector, firstToken: 1) { _, error in
        say("trouble \(error)")
    }
    var probe = Probe(machine: wish.machine)
    while monotonic() < end, station_signal_next(signals) <= 0 {
        let now = monotonic()
        bank.expire(into: &probe, at: now)
        if let due = probe.nextDeadline, due <= now { probe.expire(at: now) }
        while !probe.packets.isEmpty {
            let packet = probe.packets.removeFirst()
            packet.withBytes {
                bank.carryOut(.write(OrderBytes($0)), on: ChannelID(0), into: &probe, at: now)
            }
        }
        let deadlines = [bank.nextDeadline, probe.nextDeadline, end].compactMap { $0 }
        var ready: [Readiness] = []
        selector.wait(
            from: now, until: deadlines.min().flatMap { $0 == .distantFuture ? nil : $0 },
            into: &ready)
        for one in ready where one.token > 0 && selector.isCurrent(one.registration) {
            while bank.read(one, into: &probe, at: monotonic()) == .more {}
        }
    }
    bank.stop()
    say("stopped")
    return 0
}

do {
    exit(try run())
} catch {
    say("cannot watch anything: \(error)")
    exit(1)
}
