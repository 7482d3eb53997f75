// Random bytes into 电川's charging boards: no trap, and the same however they are cut.

import FuzzBus
import StationCore

/// The first byte chooses a question, the others are the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var choices = Choices(bytes)
    let names = [
        "states", "start", "port", "limits", "stop", "automatic", "all", "version", "float",
        "floats", "end",
    ]
    let choice = choices.below(names.count + 1)
    let fields = ["port", "amount", "most", "full", "power", "seconds"].map { BusField($0, 1) }
    let question = choice == 0 ? nil : BusQuestion.frame(name: names[choice - 1], fields: fields)
    checkStream(.codec(name: .dianchuan), question, at: 0, choices.stream)
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
