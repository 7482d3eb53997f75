// Random bytes into the battery boards' protocol: no trap, and the same however they are cut.

import FuzzBus
import StationCore

/// The first byte chooses a question, the others are the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var choices = Choices(bytes)
    let names = ["basic", "cells", "name", "counts", "mos", "mosV13", "none"]
    let choice = choices.below(names.count + 1)
    let fields = [
        BusField("charging", 1), BusField("discharging", 0), BusField("which", 1),
        BusField("what", 2),
    ]
    let question = choice == 0 ? nil : BusQuestion.frame(name: names[choice - 1], fields: fields)
    checkStream(.codec(name: .jbd), question, at: 0, choices.stream)
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
