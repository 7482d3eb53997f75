// Random bytes into the meters' protocol: no trap, and the same however they are cut.

import FuzzBus
import StationCore

/// The first bytes choose a question, the others are the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var choices = Choices(bytes)
    let question: BusQuestion?
    switch choices.below(5) {
    case 0: question = nil
    case 1: question = .frame(name: DLT645.addressFrame, fields: [])
    case 2: question = .item(MeterItem(identifier: "02020100", bytes: 3, isSigned: true))
    case 3: question = .item(MeterItem(identifier: "00010000", bytes: choices.below(10)))
    default: question = .item(MeterItem(identifier: "00010000", bytes: 4))
    }
    checkStream(.dlt645, question, at: choices.below(2), choices.stream)
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
