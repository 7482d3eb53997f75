// A hostile USB reader: its bytes, its timing and its plug against the machine that drives it.

import EventLoop
import StationCore

/// A descriptor that every reader here can be used with (ACR122U's, as in its own tests).
private let descriptor: [UInt8] = [
    0x36, 0x21, 0x00, 0x01, 0x00, 0x07, 0x02, 0x00, 0x00, 0x00, 0xa0, 0x0f, 0x00, 0x00, 0xa0, 0x0f,
    0x00, 0x00, 0x00, 0x00, 0x2a, 0x00, 0x00, 0x90, 0xd0, 0x03, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x00, 0x02, 0x00, 0x0f, 0x01, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
]

/// The machine, the time, and what must hold of everything that it says.
private struct Witness {
    var reader: CCIDReader
    var now = Instant(nanoseconds: 1_000_000_000)
    var isCardTold = false
    var trouble: CCIDTrouble?
    /// The last command, whose answer a device could make.
    var command: [UInt8] = []

    mutating func hear(_ outputs: Outputs<CCIDReaderOutput>) {
        for index in 0..<outputs.count {
            guard let output = outputs[index] else { continue }
            switch output {
            case .send:
                command = reader.outgoing.bytes
                precondition(command.count >= 10, "less than a header to send")
            case .presented(let credential, _, let since):
                precondition(!isCardTold, "two cards without a departure between them")
                precondition(since <= now, "a card from the future")
                precondition([32, 56, 64, 80].contains(credential.bitCount), "no UID's length")
                isCardTold = true
            case .left:
                precondition(isCardTold, "a card left that was never there")
                isCardTold = false
            case .raised(let new):
                precondition(trouble == nil, "two troubles at once")
                trouble = new
            case .cleared(let old):
                precondition(trouble == old, "a trouble ended that was not")
                trouble = nil
            case .ready, .diagnosed, .resetDevice: break
            }
        }
        precondition(trouble == reader.trouble, "the reader's trouble is not the told one")
    }

    mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) {
        var rest = bytes
        while rest.count > 0 {
            var outputs = Outputs<CCIDReaderOutput>()
            let taken = reader.receive(rest.span.bytes, at: now, into: &outputs)
            precondition(taken > 0 && taken <= rest.count, "bytes taken twice, or not at all")
            hear(outputs)
            rest = UnsafeBufferPointer(rebasing: rest[taken...])
        }
    }

    /// Lets time pass as the loop does, deadline by deadline.
    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = reader.nextDeadline, due <= end {
            now = max(now, due)
            hear(reader.expire(at: now))
            precondition(reader.nextDeadline.map { $0 > now } ?? true, "a deadline stands still")
        }
        now = end
    }
}

/// Byte 0 picks family and pipes. Then operations of one byte, some with bytes of their own.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let choice = bytes.first, let good = try? CCIDClassDescriptor(descriptor) else { return }
    let families = CCIDFamily.allCases
    var witness = Witness(reader: CCIDReader(family: families[Int(choice) % families.count]))
    var index = 1
    func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        let end = min(bytes.count, index + count)
        defer { index = end }
        return UnsafeBufferPointer(rebasing: bytes[index..<end])
    }
    while index < bytes.count {
        let operation = bytes[index]
        index += 1
        let size = Int(operation >> 3)
        switch operation & 7 {
        case 0: witness.receive(take(size))
        case 1: witness.hear(witness.reader.notify(take(size % 12).span.bytes, at: witness.now))
        case 2: witness.wait(.milliseconds(Int64(size)))
        case 3: witness.wait(.milliseconds(Int64(size) * 200))
        case 4:
            witness.hear(
                witness.reader.attached(
                    good, hasInterrupts: choice & 0x80 == 0, at: witness.now))
        case 5:
            if size == 31 {
                witness.hear(witness.reader.detached(at: witness.now))
            } else {
                let signal = ACR122U.signal(.red, pulse: .milliseconds(100), times: UInt8(size))
                witness.hear(witness.reader.signal(signal, at: witness.now))
            }
        default:
            // The right answer's header, with a status and data of the fuzzer's choice.
            guard witness.command.count >= 10, let asked = CCIDCommand(rawValue: witness.command[0])
            else { continue }
            let status = take(2)
            let data = take(size)
            let answer =
                [asked.answer.rawValue, UInt8(data.count), 0, 0, 0]
                + [witness.command[5], witness.command[6], status.first ?? 0, status.last ?? 0, 0]
                + data
            answer.withUnsafeBufferPointer { witness.receive($0) }
        }
    }
    witness.wait(.seconds(100))
    if let message = try? CCIDMessage(Array(bytes)), case .descriptor(let found) = message {
        _ = found.refusal(forSlot: choice)
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
