// What every language of a bus must keep, whatever the line says: shared by their fuzzers.

import StationCore

/// Everything that a stream was, in order.
private struct Hearing: Equatable {
    var answers: [BusAnswer] = []
    var pushes: [BusAnswer] = []
    var foreign: [Int] = []
    var damages: [BusDamage] = []
    var noise = 0
    var waiting = 0
}

private struct Listener {
    let language: BusLanguage
    let question: BusQuestion?
    let address: Int
    var window: [UInt8] = []
    var hearing = Hearing()

    mutating func hear(_ bytes: some Sequence<UInt8>) {
        window += bytes
        hearing.waiting = 0
        while !window.isEmpty {
            let length: Int
            switch language.judge(window.span, after: question, at: address) {
            case .incomplete(let wanting):
                precondition(wanting >= 1, "it waits for nothing")
                hearing.waiting = window.count
                return
            case .answer(let answer, let count):
                precondition(question != nil, "an answer to no question")
                hearing.answers.append(answer)
                length = count
            case .push(let push, let count):
                hearing.pushes.append(push)
                length = count
            case .foreign(let count):
                hearing.foreign.append(count)
                length = count
            case .damaged(let damage, let count):
                hearing.damages.append(damage)
                length = count
            case .noise(let count):
                hearing.noise += count
                length = count
            }
            precondition(1...window.count ~= length, "it takes off what is not there")
            window.removeFirst(length)
        }
    }
}

/// Takes bytes from the front, as a fuzzer's choices; zeros when they are used up.
public struct Choices {
    private var rest: ArraySlice<UInt8>

    public init(_ bytes: UnsafeBufferPointer<UInt8>) { rest = Array(bytes)[...] }

    public mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
    public mutating func below(_ bound: Int) -> Int { Int(byte()) % bound }
    public mutating func word() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }
    public var stream: [UInt8] { Array(rest) }
}

/// The same bytes mean the same, whole and one by one; nothing is taken off that is not there; and
/// what is told of acknowledgements and of the box's side does not trap.
///
/// - Parameter canSayAgain: no two frames of the language look alike, so what was understood can be
///   said by a box and is understood again.
public func checkStream(
    _ language: BusLanguage, _ question: BusQuestion?, at address: Int, _ bytes: [UInt8],
    canSayAgain: Bool = true
) {
    var whole = Listener(language: language, question: question, address: address)
    whole.hear(bytes)
    var dripped = Listener(language: language, question: question, address: address)
    for byte in bytes { dripped.hear([byte]) }
    precondition(whole.hearing == dripped.hearing, "it depends on how the bytes were cut")
    for push in whole.hearing.pushes { _ = language.acknowledgement(of: push, at: address) }
    if let question {
        _ = try? language.packet(for: question, to: address)
        _ = language.longestReply(to: question)
        _ = language.reply(to: question, at: address)
        for answer in whole.hearing.answers where canSayAgain {
            saidAgain(answer, language, question, address)
        }
    }
    var rest = bytes[...]
    while !rest.isEmpty {
        let heard = Array(rest)
        switch language.hear(heard.span, at: address) {
        case .incomplete: rest.removeFirst()
        case .question(_, let length), .foreign(let length), .noise(let length):
            precondition(1...rest.count ~= length, "the box takes off what is not there")
            rest.removeFirst(length)
        }
    }
}

/// What was understood can be said by a box, and is understood again.
private func saidAgain(
    _ answer: BusAnswer, _ language: BusLanguage, _ question: BusQuestion, _ address: Int
) {
    guard let bytes = language.bytes(of: answer, to: question, at: address) else { return }
    var listener = Listener(language: language, question: question, address: address)
    listener.hear(bytes)
    precondition(listener.hearing.answers.count == 1, "a box's own answer is not understood")
}
