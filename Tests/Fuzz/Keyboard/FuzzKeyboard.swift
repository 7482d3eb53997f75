// Random events into a keyboard reader: no trap, no card that its format would refuse.

import EventLoop
import StationCore

private let formats = ["8H10D", "2H+4H", "6H8D", "4H+4H"].compactMap { name in
    PrintedForm(name: name).flatMap { KeyboardFormat(form: $0, technology: .em4100) }
}

/// Byte 0 picks layout and settings. Then each event is three bytes: kind and gap, code, value; or,
/// behind an FF, the next sixteen bytes as they are.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let choice = bytes.first else { return }
    let layout: InputEventLayout = choice & 1 == 0 ? .bits64 : .bits32
    var settings = KeyboardSettings(
        formats: choice & 2 == 0 ? formats : [], takesText: choice & 4 == 0)
    if choice & 8 != 0 { settings.sentinels = .init(first: 0x3b, last: 0x3f) }
    var reader = KeyboardReader(settings, layout: layout)
    var now = Instant(nanoseconds: 1_000_000_000)
    var input = bytes.dropFirst()
    while let kind = input.popFirst() {
        if kind == 0xff {
            for byte in input.prefix(16) { judge(reader.receive(byte, at: now), reader, settings) }
            input = input.dropFirst(16)
            continue
        }
        guard let code = input.popFirst(), let value = input.popFirst() else { break }
        now = now + .milliseconds(Int64(kind >> 4) * Int64(kind >> 4))
        if let deadline = reader.nextDeadline, now >= deadline {
            precondition(reader.expire(at: now) != nil, "keys that are due were not given up")
            precondition(reader.nextDeadline == nil, "keys are open that were given up")
        }
        let event = InputEvent(
            time: now, type: UInt16(kind & 3), code: UInt16(code), value: Int32(value & 3))
        judge(reader.take(event, at: now), reader, settings)
    }
}

/// What the reader vouches for must hold.
private func judge(_ read: KeyboardRead?, _ reader: KeyboardReader, _ settings: KeyboardSettings) {
    switch read {
    case .credential(let credential, _):
        precondition(!settings.formats.isEmpty, "a card without a format")
        precondition([24, 32].contains(credential.bitCount), "a number of another form")
    case .text:
        precondition(settings.takesText, "a text that is not taken")
        precondition(reader.text.description.utf8.count == reader.text.count, "no ASCII")
    case .diagnosed, nil:
        break
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
