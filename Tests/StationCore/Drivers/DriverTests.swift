// Drivers one by one: facts in, facts and line values out.

import EventLoop
import Testing

@testable import StationCore

/// Feeds a driver and returns what it answered, as text that a test can compare.
private func feed(
    _ driver: inout some Driver, _ input: DriverInput, at now: Instant
) -> [String] {
    var outputs = DriverOutputs()
    driver.handle(input, at: now, into: &outputs)
    var texts: [String] = []
    while let output = outputs.popFirst() { texts.append("\(output)") }
    return texts
}

@Suite struct `A settled level` {
    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `believes a change once it has stood still, and dates it to its beginning`() {
        var level = SettledLevel(settle: .milliseconds(30))
        _ = level.observe(isActive: true, at: at(0))
        #expect(level.expire(at: at(30)) == .settled(isActive: true, since: at(0)))
        _ = level.observe(isActive: false, at: at(100))
        _ = level.observe(isActive: true, at: at(110))
        _ = level.observe(isActive: false, at: at(120))
        #expect(level.expire(at: at(149)) == nil)
        #expect(level.level == true)
        #expect(level.expire(at: at(150)) == .settled(isActive: false, since: at(100)))
    }

    @Test func `does not notice a glitch`() {
        var level = SettledLevel(settle: .milliseconds(30))
        _ = level.observe(isActive: true, at: at(0))
        _ = level.expire(at: at(30))
        _ = level.observe(isActive: false, at: at(100))
        _ = level.observe(isActive: true, at: at(105))
        #expect(level.expire(at: at(135)) == nil)
        #expect(level.level == true)
        #expect(level.nextDeadline == nil)
    }

    @Test func `without a settle time believes at once`() {
        var level = SettledLevel(settle: .zero)
        #expect(level.observe(isActive: true, at: at(0)) == .settled(isActive: true, since: at(0)))
        #expect(level.observe(isActive: true, at: at(1)) == nil)
    }
}

@Suite struct `A lock driver` {
    private let start = Instant(nanoseconds: 0)

    private func lock(_ kind: LockSettings.Kind) -> LockDriver {
        LockDriver(LockSettings(kind: kind, safety: .pull, duty: .intermittent))
    }

    @Test func `gives a strike current to free it, and a maglock current to hold it`() {
        var strike = lock(.strike)
        _ = feed(&strike, .attached, at: start)
        let freed = "\(DriverOutput.setLine(terminal: 0, isActive: true))"
        let held = "\(DriverOutput.setLine(terminal: 0, isActive: false))"
        #expect(feed(&strike, .command(.free), at: start) == [freed])
        #expect(feed(&strike, .command(.hold), at: start) == [held])
        var maglock = lock(.maglock)
        _ = feed(&maglock, .attached, at: start)
        #expect(feed(&maglock, .command(.free), at: start) == [held])
        #expect(feed(&maglock, .command(.hold), at: start) == [freed])
    }

    @Test func `says again what it wants when its line comes back`() {
        var strike = lock(.strike)
        #expect(feed(&strike, .command(.free), at: start).isEmpty)
        #expect(feed(&strike, .attached, at: start).count == 1)
    }

    @Test func `holds its door as soon as its line comes, whatever the safe value was`() {
        var maglock = lock(.maglock)
        let held = "\(DriverOutput.setLine(terminal: 0, isActive: true))"
        #expect(feed(&maglock, .attached, at: start) == [held])
    }
}

@Suite struct `A rhythm` {
    /// The line's changes as (milliseconds, value), until silence.
    private func changes(_ rhythm: Rhythm) -> [(Int64, Bool)] {
        var player = RhythmPlayer()
        var changes = [(Int64(0), player.play(rhythm, at: Instant(nanoseconds: 0)))]
        while let due = player.nextDeadline {
            if let value = player.expire(at: due) {
                changes.append((due.nanoseconds / 1_000_000, value))
            }
        }
        return changes
    }

    @Test func `of coming in is one long, of trying again two short, of asking three short`() {
        #expect(changes(.comeIn).map(\.0) == [0, 600])
        #expect(changes(.tryAgain).map(\.0) == [0, 150, 300, 450])
        #expect(changes(.askSomeone).map(\.0) == [0, 150, 300, 450, 600, 750])
        for rhythm in Rhythm.allCases { #expect(changes(rhythm).last?.1 == false) }
    }
}

@Suite struct `A Wiegand driver` {
    private func reader(_ formats: [String] = ["26-h10301"]) -> WiegandDriver {
        WiegandDriver(
            WiegandSettings(formats: formats, views: ["full"], keypad: false),
            terminals: [0, 1, 2, 3])
    }

    private func play(
        _ bits: String, into driver: inout WiegandDriver, from start: Instant
    ) -> [String] {
        var now = start
        var answers: [String] = []
        for bit in bits {
            answers += feed(
                &driver, .edge(terminal: bit == "1" ? 1 : 0, isActive: false), at: now)
            now = now + .milliseconds(1)
        }
        if let due = driver.nextDeadline { answers += feed(&driver, .deadline, at: due) }
        return answers
    }

    /// H10301 123/4567 (proxmark3 tools/pm3_tests.sh).
    private let card = "10111101100010001110101110"

    @Test func `presents a card with the time of its last edge`() {
        var driver = reader()
        let answers = play(card, into: &driver, from: Instant(nanoseconds: 0))
        #expect(answers.count == 1)
        #expect(answers[0].contains("presented"))
        #expect(answers[0].contains("25000000"))
    }

    @Test func `tells swapped wires after three different cards, and their end`() {
        var driver = reader()
        // H10301 123/4567, 1/1 and 104/123, every bit inverted.
        let cards: [UInt128] = [0x2F6_23AE, 0x202_0002, 0x2D0_00F7]
        var answers: [String] = []
        for (place, card) in cards.enumerated() {
            let inverted = String((~card & 0x3FF_FFFF) | 1 << 26, radix: 2).dropFirst()
            answers += play(
                String(inverted), into: &driver,
                from: Instant(nanoseconds: Int64(place) * 1_000_000_000))
        }
        #expect(answers.filter { $0.contains("raised") }.count == 1)
        let right = play(card, into: &driver, from: Instant(nanoseconds: 9_000_000_000))
        #expect(right.contains { $0.contains("cleared") })
    }

    @Test func `counts lost edges and does not guess the card`() {
        var driver = reader()
        _ = feed(&driver, .edge(terminal: 0, isActive: false), at: Instant(nanoseconds: 0))
        #expect(
            feed(&driver, .edgesLost(count: 3), at: Instant(nanoseconds: 1)).contains {
                $0.contains("lost(3)")
            })
        let answers = play(
            String(card.dropFirst(4)), into: &driver, from: Instant(nanoseconds: 1_000_000))
        #expect(answers.contains { $0.contains("edgesLost") })
    }

    @Test func `hears the same from edges one by one, in batches, and all at once`() {
        var random = Xorshift(seed: 26)
        for _ in 0..<200 {
            let edges = Self.noisyCards(&random)
            let single = Self.heard(edges, in: repeatElement(1, count: edges.count))
            var cuts: [Int] = []
            while cuts.reduce(0, +) < edges.count { cuts.append(1 + Int(random.next() % 40)) }
            #expect(Self.heard(edges, in: cuts) == single)
            #expect(Self.heard(edges, in: [edges.count]) == single)
        }
    }

    /// Cards, some cut short or with a pulse too many, with intervals of all kinds.
    private static func noisyCards(_ random: inout Xorshift) -> [LineEdge] {
        var now = Instant(nanoseconds: 1_000_000_000)
        var edges: [LineEdge] = []
        for _ in 0..<4 {
            let card: UInt128 = random.next() % 2 == 0 ? 0x2F6_23AE : 0x202_0002
            for bit in (0..<26 - Int(random.next() % 8 == 0 ? 3 : 0)).reversed() {
                let isOne = card >> UInt128(bit) & 1 == 1
                edges.append(LineEdge(terminal: isOne ? 1 : 0, isActive: false, at: now))
                let kind = random.next() % 64
                now = now + .microseconds(kind == 0 ? 5 : kind == 1 ? 24_000 : 1_000)
            }
            now = now + .milliseconds(Int64(2 + random.next() % 60))
        }
        return edges
    }

    /// What a driver answers to edges that come in batches of those sizes.
    private static func heard(_ edges: [LineEdge], in sizes: some Sequence<Int>) -> [String] {
        var driver = WiegandDriver(
            WiegandSettings(formats: ["26-h10301"], views: ["full"], keypad: false), terminals: [])
        var outputs = DriverOutputs()
        var heard: [String] = []
        var first = 0
        for size in sizes {
            var batch = edges[first..<min(edges.count, first + size)]
            first += batch.count
            while !batch.isEmpty {
                let taken = driver.take(Array(batch).span, into: &outputs)
                while let output = outputs.popFirst() { heard.append("\(output)") }
                batch = batch.dropFirst(taken)
            }
        }
        driver.handle(
            .deadline, at: Instant(nanoseconds: 100_000_000_000), into: &outputs)
        while let output = outputs.popFirst() { heard.append("\(output)") }
        return heard
    }

    @Test func `plays the answer on light and sound alike`() {
        var driver = reader()
        let on = feed(&driver, .command(.feedback(.comeIn)), at: Instant(nanoseconds: 0))
        #expect(on.count == 2)
        let off = feed(&driver, .deadline, at: Instant(nanoseconds: 0) + Rhythm.long)
        #expect(off.count == 2)
    }
}

@Suite struct `A contact driver` {
    @Test func `that chatters is told, and believed again after a calm window`() {
        var driver = ContactDriver(settleMilliseconds: 30)
        var told: [String] = []
        for edge in 0..<200 {
            told += feed(
                &driver, .edge(terminal: 0, isActive: edge % 2 == 0),
                at: Instant(nanoseconds: Int64(edge) * 1_000_000))
        }
        #expect(told.filter { $0.contains("raised") }.count == 1)
        var turns = 0
        while let due = driver.nextDeadline, turns < 10 {
            told += feed(&driver, .deadline, at: due)
            turns += 1
        }
        #expect(told.contains { $0.contains("cleared") })
    }
}
