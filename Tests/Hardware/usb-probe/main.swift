// A USB card reader and nothing else: opens it as the station does and says what happens.
//
//   usb-probe [--family generic|acr122u|acr1252u] [--for SECONDS] [PATH]
//
//   12.041 attached 1-1 072f:2200 ACR122U PICC Interface
//   12.388 ready ACR122U214
//   14.902 presented iso14443 04A1B2C3D4E5F6 after 6 ms
//   15.871 left

import CLinux
import EventLoop
import Glibc
import Ports
import StationCore

/// One reader: what the USB thread says goes into the machine, what the machine says goes out.
struct Probe {
    var reader: CCIDReader
    let readers: USBReaders
    var session: UInt32 = 0

    mutating func take(_ event: USBEvent, at now: Instant) {
        switch event {
        case .attached(_, let session, let info):
            self.session = session
            let taken = info.takenFrom.map { ", taken from \($0)" } ?? ""
            let kind = "\(hex(info.vendor)):\(hex(info.product))"
            say("attached \(info.path) \(kind) \(info.name)\(taken)")
            hear(
                reader.attached(info.descriptor, hasInterrupts: info.hasInterrupts, at: now),
                at: now)
        case .received(_, let session, let block) where session == self.session:
            block.withBytes { bytes in
                var place = 0
                while place < bytes.byteCount {
                    var outputs = Outputs<CCIDReaderOutput>()
                    place += reader.receive(
                        bytes.extracting(place..<bytes.byteCount), at: now, into: &outputs)
                    hear(outputs, at: now)
                }
            }
        case .notified(_, let session, let block) where session == self.session:
            hear(block.withBytes { reader.notify($0, at: now) }, at: now)
        case .received, .notified, .alive:
            break
        case .detached(_, _, let end):
            hear(reader.detached(at: now), at: now)
            say("detached \(end)")
        case .unavailable(_, let obstacle):
            hear(reader.detached(at: now), at: now)
            say("unavailable \(obstacle.sentence(.english))")
            say("unavailable \(obstacle.sentence(.chinese))")
        }
    }

    mutating func hear(_ outputs: Outputs<CCIDReaderOutput>, at now: Instant) {
        for index in 0..<outputs.count {
            guard let output = outputs[index] else { continue }
            switch output {
            case .send:
                let packet = reader.outgoing.withBytes { Packet($0) }
                _ = readers.send(packet, to: 0, session: session)
            case .resetDevice:
                say("reset")
                _ = readers.reset(0, session: session)
            case .ready: say("ready \(reader.firmware)")
            case .presented(let credential, _, let since):
                let digits = String(credential.bits, radix: 16, uppercase: true)
                let missing = Int(credential.bitCount) / 4 - digits.utf8.count
                let uid = String(repeating: "0", count: max(0, missing)) + digits
                let wait = (now - since).milliseconds
                say("presented \(credential.technology) \(uid) after \(wait) ms")
            case .left: say("left")
            case .diagnosed(let diagnosis): say("diagnosed \(diagnosis)")
            case .raised(let trouble): say("raised \(trouble)")
            case .cleared(let trouble): say("cleared \(trouble)")
            }
        }
    }

    private func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}

func monotonic() -> Instant { Instant(nanoseconds: station_clock_monotonic()) }

func say(_ text: String) {
    let milliseconds = monotonic().nanoseconds / 1_000_000
    let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
    let line = "\(milliseconds / 1_000).\(fraction) \(text)\n"
    line.utf8CString.withUnsafeBytes { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count - 1) }
}

func run() -> Int32 {
    var words = CommandLine.arguments.dropFirst()
    var family = CCIDFamily.generic
    var end = Instant.distantFuture
    var binding = USBBinding.only
    while let word = words.popFirst() {
        switch word {
        case "--family":
            guard let name = words.popFirst(), let known = CCIDFamily(rawValue: name) else {
                return 64
            }
            family = known
        case "--for":
            guard let text = words.popFirst(), let seconds = Int64(text) else { return 64 }
            end = monotonic() + .seconds(seconds)
        default:
            guard let path = USBPath(word) else { return 64 }
            binding = .path(path)
        }
    }
    let signals = [SIGTERM, SIGINT].withUnsafeBufferPointer {
        station_signal_watch($0.baseAddress, Int32($0.count))
    }
    let readers = USBReaders(bindings: [binding])
    var probe = Probe(reader: CCIDReader(family: family), readers: readers)
    var doors = [readers.events.descriptor, signals].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while monotonic() < end, station_signal_next(signals) <= 0 {
        let deadline = min(end, probe.reader.nextDeadline ?? .distantFuture)
        let left = max(0, (deadline - monotonic()).nanoseconds)
        let patience =
            deadline == .distantFuture ? -1 : Int32(min(60_000, (left + 999_999) / 1_000_000))
        poll(&doors, nfds_t(doors.count), patience)
        _ = readers.events.drain(limit: 64) { probe.take($0, at: monotonic()) }
        let now = monotonic()
        if let due = probe.reader.nextDeadline, due <= now {
            probe.hear(probe.reader.expire(at: now), at: now)
        }
    }
    readers.stop()
    say("stopped")
    return 0
}

exit(run())
