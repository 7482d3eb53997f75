// A hostile line: any bytes at any moment into the ACU, the recording and every codec of OSDP.

import EventLoop
import StationCore

/// An ACU with two readers that must be secured and one in the clear; what it says must hold.
private struct Witness {
    var bus: OSDPBus
    var outputs = OSDPOutputs()
    var now = Instant(nanoseconds: 1_000_000_000)
    /// What the ACU said last, so that an answer can be made for it.
    var command: [UInt8] = []
    var online: [Bool] = [false, false, false]
    var endless: [Bool] = [false, false, false]
    /// Moves that were begun and have not come to an end.
    var moves = 0
    var installing = false
    var seed: UInt8 = 1

    init() {
        // A key of the fuzzer's own; nothing that it feeds can be sealed under it but by chance.
        var key: OSDPKey?
        let bytes: [UInt8] = [1, 9, 2, 8, 3, 7, 4, 6, 5, 200, 100, 50, 25, 12, 77, 88]
        key = try? OSDPKey(bytes)
        bus = OSDPBus(
            OSDPBusSettings(
                baud: 115_200,
                peers: [
                    OSDPPeerSettings(address: 0, security: .enforced(key)),
                    OSDPPeerSettings(address: 1, security: .clear),
                    OSDPPeerSettings(address: 2, security: .enforced(nil)),
                ]), at: now)
    }

    mutating func hear() {
        for output in outputs.elements {
            switch output {
            case .transmit:
                precondition(outputs.frame.count >= 9, "less than a frame to send")
                precondition(outputs.frame[0] == OSDPFrame.mark, "a frame without its mark")
                command = Array(outputs.frame.dropFirst())
                precondition((try? OSDPFrame(command.span)) != nil, "our own frame is none")
            case .randomWanted:
                // Never the same twice, as the system's are.
                seed &+= 1
                let bytes = (0..<64).map { UInt8($0) &* 31 &+ seed }
                bus.replenish(with: bytes.span.bytes, at: now)
            case .setSpeed(let baud):
                precondition(OSDPCommunication.bauds.contains(baud), "no such speed")
            case .news(let peer, let news): hear(news, of: peer)
            }
        }
        outputs.removeAll()
    }

    mutating func hear(_ news: OSDPNews, of peer: Int) {
        switch news {
        case .online(let isSecure):
            precondition(!online[peer], "online twice")
            precondition(isSecure == (peer != 1), "in the clear, or secured without a key")
            // Nobody here has the key, so nobody can be in a channel.
            precondition(peer == 1, "a secure channel with a stranger")
            online[peer] = true
        case .offline: online[peer] = false
        case .endless(let isEndless):
            precondition(endless[peer] != isEndless, "told twice that it never stops")
            endless[peer] = isEndless
        case .card, .formattedCard, .keyed, .localStatus, .inputs, .outputs, .readers:
            precondition(online[peer], "believed outside a channel")
        case .keyProven: preconditionFailure("a key that nobody took is proven")
        case .keyChosen(let key):
            precondition(installing, "a key without install mode")
            precondition("\(key)" == "OSDPKey", "a key that shows itself")
        case .moved: break
        case .done(.communication), .refused(.communication, _), .lapsed(.communication):
            precondition(moves > 0, "a move ended that nobody began")
            moves -= 1
        case .identified, .described, .faulted, .recovered, .done, .refused, .lapsed,
            .installEnded:
            break
        }
    }

    mutating func step() {
        let deadline = bus.nextDeadline
        guard deadline != .distantFuture else { return }
        now = max(now, deadline)
        bus.expire(at: now, into: &outputs)
        hear()
    }

    mutating func receive(_ bytes: [UInt8]) {
        bus.receive(bytes.span.bytes, at: now, into: &outputs)
        hear()
    }

    /// A reply to the last command with a right address, sequence, length and check.
    mutating func answer(_ code: UInt8, _ block: UInt8, _ payload: ArraySlice<UInt8>) {
        guard command.count > 5 else { return }
        var bytes: [UInt8] = [0x53, command[1] | 0x80, 0, 0, command[4] & 3 | 4]
        if let kind = OSDPSecurityBlock.Kind(rawValue: block & 0x1F) {
            bytes[4] |= 8
            bytes += kind.hasMAC ? [2, kind.rawValue] : [3, kind.rawValue, block >> 7]
        }
        bytes.append(code)
        bytes += payload
        let count = bytes.count + 2
        bytes[2] = UInt8(truncatingIfNeeded: count)
        bytes[3] = UInt8(truncatingIfNeeded: count >> 8)
        let check = OSDPCheck.crc16.value(of: bytes.span)
        bytes += [UInt8(truncatingIfNeeded: check), UInt8(truncatingIfNeeded: check >> 8)]
        receive(bytes)
    }
}

/// Each step is an action byte and what it needs: silence, noise, an answer that is nearly right,
/// an order, install mode.
private func feed(_ bytes: [UInt8]) {
    var witness = Witness()
    var index = 0
    func next() -> UInt8 {
        defer { index += 1 }
        return index < bytes.count ? bytes[index] : 0
    }
    while index < bytes.count {
        let action = next()
        switch action % 8 {
        case 0, 1: witness.step()
        case 2:
            let count = min(Int(next()), bytes.count - min(index, bytes.count))
            witness.receive(Array(bytes[min(index, bytes.count)...].prefix(count)))
            index += count
        case 3, 4:
            let code = next()
            let block = next()
            let count = Int(next() & 63)
            let rest = bytes[min(index, bytes.count)...].prefix(count)
            witness.answer(code, action & 0x40 == 0 ? 0 : block, rest)
            index += count
        case 5:
            witness.now = witness.now + .milliseconds(Int64(next()))
            witness.bus.expire(at: witness.now, into: &witness.outputs)
            witness.hear()
        case 6 where action & 0x80 != 0: disturb(&witness, next(), next())
        case 6:
            let peer = Int(next() % 3)
            let buzz = OSDPBuzz(onTenths: next(), offTenths: 0, repetitions: 1)
            _ = witness.bus.submit(.buzz(buzz), to: peer, at: witness.now)
        default:
            let peer = Int(next() % 3)
            if witness.bus.install(peer, at: witness.now) == nil { witness.installing = true }
        }
        precondition(witness.bus.nextDeadline >= Instant(nanoseconds: 0), "before all time")
    }
    // Left alone, it goes on for ever without standing still.
    var still = 0
    for _ in 0..<50 {
        let before = witness.now
        witness.step()
        still = witness.now == before ? still + 1 : 0
        precondition(still < 20, "nothing changes and something is always due")
    }
}

/// What a crew or a cable does to a line in the middle of anything.
private func disturb(_ witness: inout Witness, _ what: UInt8, _ detail: UInt8) {
    let peer = Int(detail % 3)
    switch what % 6 {
    case 0:
        let place = OSDPCommunication(address: 10 + detail % 100, baud: 115_200)
        let submission = witness.bus.setCommunication(place, of: peer, at: witness.now)
        if submission == .queued { witness.moves += 1 }
    case 1:
        guard let text = OSDPDisplay("Closed for now  ", seconds: 6) else { return }
        _ = witness.bus.submit(.text(text), to: peer, at: witness.now)
    case 2: witness.bus.renew(peer, at: witness.now)
    case 3: witness.bus.setKeys(OSDPReaderKeys(key: nil), of: peer, at: witness.now)
    case 4:
        witness.bus.cancelInstall(peer, at: witness.now, into: &witness.outputs)
        witness.hear()
    default:
        // The plug comes out: whatever was begun has an end, and nobody is there.
        witness.bus.halt(at: witness.now, into: &witness.outputs)
        witness.hear()
        precondition(witness.moves == 0 && !witness.online.contains(true), "halted, and not told")
        precondition(!witness.endless.contains(true), "a fault outlives its reader")
        witness.now = witness.now + .milliseconds(Int64(detail) * 20)
        witness.bus.restart(at: witness.now)
    }
}

/// The recording reads anything, and finds the same however often it is asked.
private func record(_ bytes: [UInt8]) {
    var recording = OSDPRecording()
    var frames = 0
    for byte in bytes { frames += recording.add(byte).count }
    frames += recording.end().count
    precondition(frames <= bytes.count, "more frames than bytes")
    precondition(recording.end().isEmpty, "the end has an end")
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    feed(bytes)
    record(bytes)
    return 0
}
