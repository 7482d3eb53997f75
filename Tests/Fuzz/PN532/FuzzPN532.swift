// Random bytes into a PN532's machine: no trap, no stop, and whatever is sent is a frame.

import EventLoop
import StationCore

/// Byte 0 of each step says what happens: time passes, the chip answers as it should (with the next
/// byte as a fault in it), or the next bytes come as they are.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var reader = PN532Reader()
    var now = Instant(nanoseconds: 1_000_000_000)
    var asked: UInt8 = 0
    var input = bytes[...]
    func judge(_ hasOutputs: Bool) {
        guard hasOutputs else { return }
        reader.outputs.inOrder { output in
            switch output {
            case .send(let packet): asked = command(in: packet) ?? asked
            case .presented(let target):
                precondition([32, 56, 80].contains(target.credential.bitCount), "no UID's length")
            case .ready, .raised, .cleared, .damaged: break
            }
        }
    }
    judge(reader.begin(at: now))
    while let step = input.popFirst() {
        switch step & 3 {
        case 0:
            now = reader.nextDeadline ?? now
            judge(reader.expire(at: now))
        case 1, 2:
            let length = Int(step >> 2)
            var answer = PN532Frame.ackBytes
            answer += PN532Frame.encode(.chip, [asked &+ 1] + input.prefix(length))
            if step & 3 == 2, let fault = input.first { answer[Int(fault) % answer.count] ^= step }
            input = input.dropFirst(length)
            for byte in answer { judge(reader.receive(byte, at: now)) }
        default:
            for byte in input.prefix(Int(step >> 2)) { judge(reader.receive(byte, at: now)) }
            input = input.dropFirst(Int(step >> 2))
        }
        precondition(reader.nextDeadline != nil, "a machine that waits for nothing")
    }
}

/// The code of a packet's command; what is sent must be frames, whole ones.
private func command(in packet: PN532Packet) -> UInt8? {
    var deframer = PN532Deframer()
    var code: UInt8?
    var frames = 0
    for byte in packet.bytes {
        deframer.append(byte)
        while let frame = deframer.next() {
            frames += 1
            switch frame {
            case .information(.host, _): code = deframer.data(0)
            case .ack, .nack: break
            case .information(.chip, _), .error, .damaged:
                preconditionFailure("sent what no host sends")
            }
        }
    }
    precondition(frames == 1, "a packet is one frame")
    return code
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
