// Random drawings of frames and random bytes: no trap, and the same however they are cut.

import FuzzBus
import StationCore

/// A known board, or frames drawn by the first bytes; the others are the line's.
private func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    var choices = Choices(bytes)
    let language: FrameLanguageSettings
    let choice = choices.below(6)
    switch choice {
    case 0: language = .lockboard8A
    case 1: language = .wkly
    case 2: language = .kerong
    default: language = drawn(&choices)
    }
    let names = ["open", "query", "queryAll", "f0", "f1"]
    var question: BusQuestion?
    if choices.below(4) > 0 {
        let fields = ["lock", "a", "b"].map { BusField($0, Int64(choices.below(8))) }
        question = .frame(name: names[choices.below(names.count)], fields: fields)
    }
    checkStream(
        .frames(language), question, at: choices.below(3), choices.stream, canSayAgain: choice < 3)
}

private func drawn(_ choices: inout Choices) -> FrameLanguageSettings {
    let kinds = FrameCheck.Kind.allCases
    let check =
        choices.below(4) == 0
        ? nil
        : FrameCheck(
            kind: kinds[choices.below(kinds.count)], from: choices.below(4),
            before: choices.below(3))
    let roles: [FrameSettings.Role] = [.request, .request, .reply, .push, .push]
    let frames = roles.enumerated().map { place, role in
        FrameSettings(
            name: "f\(place)", role: role,
            tokens: (0..<choices.below(7)).map { _ in token(&choices) },
            reply: choices.below(3) == 0 ? nil : role == .push ? "f1" : "f2")
    }
    return FrameLanguageSettings(check: check, frames: frames)
}

private func token(_ choices: inout Choices) -> FrameToken {
    let names = ["a", "b", "address", "c"]
    let name = names[choices.below(names.count)]
    let form = FieldForm(
        bytes: choices.below(10), isLittleEndian: choices.below(2) == 0,
        isSigned: choices.below(2) == 0, isBCD: choices.below(3) == 0)
    switch choices.below(8) {
    case 0: return .field(name: name, form: form)
    case 1: return .list(name: name, form: form, count: choices.below(5) - 1)
    case 2: return .bits(name: name, count: choices.below(20) - 1, isHighFirst: form.isBCD)
    case 3: return .nibbles(high: name, low: choices.below(2) == 0 ? "" : "a")
    case 4: return .length(form: form, plus: choices.below(5) - 2)
    case 5: return .skipped(count: choices.below(4) - 1)
    case 6: return .check
    default: return .bytes(these: (0..<choices.below(4)).map { _ in choices.byte() })
    }
}

/// libFuzzer's entry.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    feed(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
    return 0
}
