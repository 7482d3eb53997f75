// A bus driver's ear for tests: bytes in pieces in, everything that they were in order out.

import Testing

@testable import StationCore

/// What a line's bytes were, as a driver would take them off.
struct BusHearing: Equatable, CustomStringConvertible {
    var answers: [BusAnswer] = []
    var pushes: [BusAnswer] = []
    var foreign: [Int] = []
    var damages: [BusDamage] = []
    var noise = 0
    /// Bytes that wait for more.
    var waiting = 0

    var description: String {
        "answers \(answers), pushes \(pushes), foreign \(foreign), damages \(damages), "
            + "noise \(noise), waiting \(waiting)"
    }
}

/// Takes off what each judgement says, until nothing is left but the beginning of something.
struct BusListener {
    let judge: (Span<UInt8>) -> BusJudgement
    private var window: [UInt8] = []
    private(set) var heard = BusHearing()

    init(_ judge: @escaping (Span<UInt8>) -> BusJudgement) { self.judge = judge }

    init(_ language: BusLanguage, after question: BusQuestion?, at address: Int) {
        self.init { language.judge($0, after: question, at: address) }
    }

    mutating func hear(_ bytes: some Sequence<UInt8>) {
        window += bytes
        while !window.isEmpty {
            let length: Int
            switch judge(window.span) {
            case .incomplete(let wanting):
                #expect(wanting >= 1)
                heard.waiting = window.count
                return
            case .answer(let answer, let count):
                heard.answers.append(answer)
                length = count
            case .push(let push, let count):
                heard.pushes.append(push)
                length = count
            case .foreign(let count):
                heard.foreign.append(count)
                length = count
            case .damaged(let damage, let count):
                heard.damages.append(damage)
                length = count
            case .noise(let count):
                heard.noise += count
                length = count
            }
            guard 1...window.count ~= length else {
                Issue.record("\(length) bytes taken off \(window.count)")
                return
            }
            window.removeFirst(length)
        }
        heard.waiting = 0
    }

    /// Takes one byte off what has begun, and looks at the rest, until nothing is left.
    mutating func giveUp() {
        while !window.isEmpty {
            window.removeFirst()
            heard.noise += 1
            hear([])
        }
    }
}

/// The same with a time-out at the end: what had begun and did not go on is looked through.
func heardAtLast(
    _ bytes: [UInt8], _ language: BusLanguage, after question: BusQuestion?, at address: Int = 1
) -> BusHearing {
    var listener = BusListener(language, after: question, at: address)
    listener.hear(bytes)
    listener.giveUp()
    return listener.heard
}

/// What the bytes are, whole; and the same however they are cut.
func heard(
    _ bytes: [UInt8], _ language: BusLanguage, after question: BusQuestion?, at address: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
) -> BusHearing {
    func run(_ parts: [ArraySlice<UInt8>]) -> BusHearing {
        var listener = BusListener(language, after: question, at: address)
        for part in parts { listener.hear(part) }
        return listener.heard
    }
    expectSameHoweverCut(bytes, sourceLocation: sourceLocation, run)
    return run([bytes[...]])
}

/// Random bytes, and good bytes with a few of them changed, never trap and are all accounted for.
func expectNeverTraps(
    _ language: BusLanguage, _ questions: [BusQuestion?], around good: [[UInt8]], seed: UInt64,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var random = Xorshift(seed: seed)
    for round in 0..<600 {
        var bytes = random.bytes(random.below(80))
        if round % 2 == 0, !good.isEmpty {
            bytes += good[random.below(good.count)]
            for _ in 0..<random.below(4) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
        }
        expectHearsWithoutTrap(bytes, language, sourceLocation)
        for question in questions {
            var listener = BusListener(language, after: question, at: random.below(3))
            while !bytes.isEmpty {
                let count = min(bytes.count, 1 + random.below(9))
                listener.hear(bytes.prefix(count))
                bytes.removeFirst(count)
            }
            #expect(listener.heard.waiting <= 4_096, sourceLocation: sourceLocation)
        }
    }
}

/// The box's side of the same bytes: each is taken off once.
private func expectHearsWithoutTrap(
    _ bytes: [UInt8], _ language: BusLanguage, _ sourceLocation: SourceLocation
) {
    var rest = bytes
    while !rest.isEmpty {
        let length: Int
        switch language.hear(rest.span, at: 1) {
        case .incomplete: length = 1
        case .question(_, let count), .foreign(let count), .noise(let count): length = count
        }
        guard 1...rest.count ~= length else {
            Issue.record("\(length) bytes off \(rest.count)", sourceLocation: sourceLocation)
            return
        }
        rest.removeFirst(length)
    }
}
