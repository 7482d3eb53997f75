// Random edges into the Wiegand collector: no trap, no credential that its own format would refuse.

import EventLoop
import StationCore

/// One reader fed with edges of random times and values.
///
/// Byte 0 picks the pinned formats and the keypad; then each edge is two bytes: the line and a gap
/// of 0 to 32,767 times 2 µs, so that pulses, frames and pauses all come up. A gap of zero is an
/// edge that was lost.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let choice = bytes.first else { return }
    var formats: [WiegandFormat] = []
    for (index, format) in WiegandFormat.named.enumerated() where choice >> (index % 7) & 1 == 1 {
        if WiegandFormat.conflicts(in: formats + [format]).isEmpty,
            formats.count < WiegandFormat.perReader
        {
            formats.append(format)
        }
    }
    var collector = WiegandCollector(formats: formats, keypad: choice >> 7 == 1)
    var now = Instant(nanoseconds: 1_000_000_000)
    var index = 1
    while index + 1 < bytes.count {
        let word = Int64(bytes[index]) << 8 | Int64(bytes[index + 1])
        index += 2
        let gap = word & 0x7FFF
        if gap == 0 {
            collector.edgesLost()
            continue
        }
        now = now + Interval(nanoseconds: gap * 2_000)
        if let read = collector.bit(word >> 15 == 1, at: now) { judge(read, of: formats) }
    }
    if let deadline = collector.nextDeadline {
        precondition(collector.end(at: deadline) != nil, "a frame that is due did not end")
    }
    precondition(collector.nextDeadline == nil, "a frame is open that has ended")
}

/// What the collector vouches for must hold.
private func judge(_ read: WiegandRead, of formats: [WiegandFormat]) {
    switch read {
    case .credential(let credential, let format):
        precondition(formats.contains(format), "a format that the reader is not pinned to")
        precondition(Int(credential.bitCount) == format.bitCount, "a wrong bit count")
        precondition(format.parityPasses(credential.bits), "a credential with wrong parity")
        let again = format.encode(format.number(of: credential.bits))
        precondition(again == nil || again == credential.bits, "a number that is another card's")
    case .key, .diagnosed:
        break
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
