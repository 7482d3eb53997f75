// Random bytes into the readers of 125 kHz cards: no trap, no card that its checksum would refuse.

import EventLoop
import StationCore

/// Byte 0 picks the framing; then FF is a pause, and every other byte is one of the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let choice = bytes.first else { return }
    let framing = EM4100Framing.allCases[Int(choice) % EM4100Framing.allCases.count]
    var reader = EM4100Reader(framing)
    var now = Instant(nanoseconds: 1_000_000_000)
    var diagnoses = 0
    var pauses = 0
    for byte in bytes.dropFirst() {
        var read: EM4100Read?
        if byte == 0xff {
            now = now + .milliseconds(150)
            pauses += 1
            read = reader.expire(at: now)
            precondition(reader.nextDeadline == nil, "a frame is open that has ended")
        } else {
            read = reader.receive(byte, at: now)
        }
        switch read {
        case .credential(let credential): judge(credential, framing)
        case .diagnosed: diagnoses += 1
        case nil: break
        }
    }
    precondition(
        diagnoses <= 2 * pauses + bytes.count / 10 + 1, "a disturbance was told more than once")
}

/// What the reader vouches for must hold.
private func judge(_ credential: Credential, _ framing: EM4100Framing) {
    switch credential.technology {
    case .em4100: precondition(credential.bitCount == 40, "an id that is not five bytes")
    case .iso14443, .iso14443b:
        precondition(framing == .gwiot7941, "a UID from a reader of ids")
        precondition(credential.bitCount == 32 || credential.bitCount == 56, "no UID's length")
    case .wiegand, .iso15693, .keypad: preconditionFailure("a card that it cannot read")
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
