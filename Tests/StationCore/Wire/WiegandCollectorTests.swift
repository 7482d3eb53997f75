// Frames in time: where they end, and what damaged ones are called.

import EventLoop
import Testing

@testable import StationCore

/// Plays pulses into a collector as a driver does.
struct WiegandPlayer {
    var collector: WiegandCollector
    var now = Instant(nanoseconds: 1_000_000_000)
    var reads: [WiegandRead] = []

    init(_ formats: [WiegandFormat], keypad: Bool = false) {
        collector = WiegandCollector(formats: formats, keypad: keypad)
    }

    mutating func edge(_ bit: Bool, after interval: Interval) {
        now = now + interval
        if let read = collector.bit(bit, at: now) { reads.append(read) }
    }

    mutating func play(_ bits: UInt128, _ count: Int, every interval: Interval) {
        for index in (0..<count).reversed() {
            edge(bits >> UInt128(index) & 1 == 1, after: interval)
        }
    }

    /// Waits for the deadline as the loop would, and returns how long that took.
    @discardableResult
    mutating func rest() -> Interval {
        guard let deadline = collector.nextDeadline else { return .zero }
        let waited = deadline - now
        now = max(now, deadline)
        if let read = collector.end(at: now) { reads.append(read) }
        return waited
    }

    mutating func playFrame(
        _ bits: UInt128, _ count: Int, every interval: Interval = .milliseconds(1)
    ) -> WiegandRead? {
        play(bits, count, every: interval)
        rest()
        return reads.last
    }
}

func card(_ format: WiegandFormat, _ bits: UInt128) -> WiegandRead {
    .credential(
        Credential(technology: .wiegand, bitCount: format.bitCount, bits: bits), format)
}

@Suite struct `A Wiegand frame` {
    static let frame = WiegandFormat.h10301.encode(facility: 111, number: 27_706)!
    let frame = Self.frame

    @Test(
        arguments: [
            (200, 1_000), (333, 1_000), (334, 1_002), (1_000, 3_000), (2_000, 6_000),
            (8_000, 24_000), (9_000, 25_000), (20_000, 25_000),
        ] as [(Int64, Int64)])
    func `ends three of its longest intervals after its last bit, within 1 and 25 ms`(
        interval: Int64, quiet: Int64
    ) {
        var player = WiegandPlayer([.h10301, .h10306])
        player.play(frame, 26, every: .microseconds(interval))
        #expect(player.rest() == .microseconds(quiet))
        #expect(player.reads == [card(.h10301, frame)])
    }

    @Test func `goes by its longest interval, not by its last`() {
        var player = WiegandPlayer([.h10301])
        for index in (0..<26).reversed() {
            let interval = index == 13 ? Interval.milliseconds(5) : .microseconds(200)
            player.edge(frame >> UInt128(index) & 1 == 1, after: interval)
        }
        #expect(player.rest() == .milliseconds(15))
        #expect(player.reads == [card(.h10301, frame)])
    }

    @Test func `with no pinned count ends after 25 ms`() {
        var player = WiegandPlayer([.h10301])
        player.play(frame, 25, every: .microseconds(200))
        #expect(player.rest() == .milliseconds(25))
        #expect(player.reads == [.diagnosed(.lostBits, bits: 25)])
    }

    @Test func `is not cut short by a longer one that shares its first bits`() {
        let long = WiegandFormat.h10306.encode(facility: 600, number: 27_706)!
        var player = WiegandPlayer([.h10301, .h10306])
        #expect(player.playFrame(long, 34, every: .microseconds(200)) == card(.h10306, long))
        #expect(player.playFrame(long, 34, every: .milliseconds(20)) == card(.h10306, long))
        #expect(player.reads.count == 2)
    }

    @Test func `is not ended by an early look at the clock`() {
        var player = WiegandPlayer([.h10301])
        player.play(frame, 26, every: .microseconds(500))
        let almost = player.collector.nextDeadline! + Interval(nanoseconds: -1)
        #expect(player.collector.end(at: almost) == nil)
        #expect(player.collector.end(at: almost + Interval(nanoseconds: 1)) != nil)
        #expect(player.collector.nextDeadline == nil)
        #expect(player.collector.end(at: .distantFuture) == nil)
    }

    @Test func `is told apart from the next one by time stamps when the loop was late`() {
        let other = WiegandFormat.h10301.encode(facility: 7, number: 1)!
        var player = WiegandPlayer([.h10301])
        player.play(frame, 26, every: .milliseconds(1))
        player.now = player.now + .milliseconds(30)
        player.play(other, 26, every: .milliseconds(1))
        let last = player.now
        player.rest()
        #expect(player.reads == [card(.h10301, frame), card(.h10301, other)])
        #expect(player.collector.lastEdge == last)
    }

    @Test func `remembers when its last edge fell`() {
        var player = WiegandPlayer([.h10301])
        player.play(frame, 26, every: .milliseconds(1))
        let last = player.now
        player.rest()
        #expect(player.collector.lastEdge == last)
    }

    @Test func `survives every format at both ends of the standard's intervals`() {
        var random = Xorshift(seed: 6)
        for format in WiegandFormat.named + [.raw32, .raw(128)!] {
            for interval in [Interval.microseconds(200), .milliseconds(20)] {
                let payload = random.next128() >> UInt128(128 - format.numberBits.count)
                let bits = format.encode(facility: 0, number: payload)!
                var player = WiegandPlayer([format])
                #expect(
                    player.playFrame(bits, format.bitCount, every: interval)
                        == card(format, bits))
            }
        }
    }
}

@Suite struct `A damaged Wiegand frame` {
    let frame = `A Wiegand frame`.frame

    @Test func `with a flipped bit fails its parity`() {
        for index in 0..<26 {
            var player = WiegandPlayer([.h10301])
            let read = player.playFrame(frame ^ 1 << UInt128(index), 26)
            #expect(read == .diagnosed(.parity, bits: 26))
        }
    }

    @Test func `that is not of a pinned count is never taken, even if its parity would pass`() {
        // The first 26 bits of this 34-bit frame are a right H10301 frame.
        let long = frame << 8 | 0b0110_1001
        var player = WiegandPlayer([.h10306])
        #expect(player.playFrame(frame, 26) == .diagnosed(.lostBits, bits: 26))
        #expect(player.playFrame(long << 1, 35) == .diagnosed(.extraBits, bits: 35))
    }

    @Test func `between two pinned counts is judged by the nearer one`() {
        var player = WiegandPlayer([.h10301, .h10306])
        #expect(player.playFrame(1, 27) == .diagnosed(.extraBits, bits: 27))
        #expect(player.playFrame(1, 29) == .diagnosed(.extraBits, bits: 29))
        #expect(player.playFrame(1, 30) == .diagnosed(.lostBits, bits: 30))
        #expect(player.playFrame(1, 33) == .diagnosed(.lostBits, bits: 33))
    }

    @Test func `of inverted bits means swapped lines, proven by three different cards in a row`() {
        var player = WiegandPlayer([.h10301])
        let cards = (1...3).map { WiegandFormat.h10301.encode(facility: 9, number: $0)! }
        for (index, bits) in cards.enumerated() {
            for _ in 0..<2 {  // The same card twice proves no more.
                let read = player.playFrame(WiegandFormat.h10301.inverted(bits), 26)
                #expect(read == .diagnosed(.linesSwapped, bits: 26))
                #expect(player.collector.swappedCards == index + 1)
            }
        }
        #expect(player.collector.swappedCards == WiegandCollector.swapProof)
        #expect(player.playFrame(frame, 26) == card(.h10301, frame))
        #expect(player.collector.swappedCards == 0)
    }

    /// esp-rfid issue 395 (1712142 shown as 15065073) and monkeyboard issue 36 (7384CF, 8C7B30).
    @Test(arguments: [(1_712_142, 15_065_073), (0x7384cf, 0x8c7b30)] as [(UInt128, UInt128)])
    func `explains numbers that are each other's complement`(right: UInt128, shown: UInt128) {
        let bits = WiegandFormat.h10301.encode(Number(layout: .bytes, width: 24, value: right))!
        let swapped = WiegandFormat.h10301.inverted(bits)
        #expect(WiegandFormat.h10301.number(of: swapped).value == shown)
        var player = WiegandPlayer([.h10301])
        #expect(player.playFrame(swapped, 26) == .diagnosed(.linesSwapped, bits: 26))
    }

    @Test func `of twice the bits, each one doubled, means that both edges are counted`() {
        // Ai-Thinker GPRS_C_SDK issue 471: 52 bits instead of 26.
        var player = WiegandPlayer([.h10301])
        for index in (0..<26).reversed() {
            let bit = frame >> UInt128(index) & 1 == 1
            player.edge(bit, after: .microseconds(900))
            player.edge(bit, after: .microseconds(100))
        }
        player.rest()
        #expect(player.reads == [.diagnosed(.doubledEdges, bits: 52)])
        // Two cards glued together are 52 bits as well, and something else.
        #expect(player.playFrame(frame << 26 | frame, 52) == .diagnosed(.extraBits, bits: 52))
    }

    @Test func `of one or two pulses is interference`() {
        var player = WiegandPlayer([.h10301], keypad: true)
        #expect(player.playFrame(0, 1) == .diagnosed(.glitch, bits: 1))
        #expect(player.playFrame(3, 2) == .diagnosed(.glitch, bits: 2))
        #expect(player.playFrame(frame, 26) == card(.h10301, frame))
    }

    @Test func `with a ringing pulse is read as if it had not rung`() {
        var player = WiegandPlayer([.h10301])
        for index in (0..<26).reversed() {
            let bit = frame >> UInt128(index) & 1 == 1
            player.edge(bit, after: .milliseconds(1))
            player.edge(bit, after: .microseconds(8))
            player.edge(bit, after: .microseconds(8))
        }
        player.rest()
        #expect(player.reads == [card(.h10301, frame)])
    }

    @Test func `with both lines low at once is a collision`() {
        var player = WiegandPlayer([.h10301])
        player.play(frame >> 13, 13, every: .milliseconds(1))
        player.edge(true, after: .milliseconds(1))
        player.edge(false, after: .microseconds(3))
        player.play(0, 11, every: .milliseconds(1))
        player.rest()
        #expect(player.reads == [.diagnosed(.collision, bits: 26)])
    }

    @Test func `with edges lost in the kernel is never taken, nor the one beside it`() {
        var player = WiegandPlayer([.h10301])
        player.play(frame, 26, every: .milliseconds(1))
        player.now = player.now + .milliseconds(30)
        player.collector.edgesLost()
        player.play(frame, 26, every: .milliseconds(1))
        player.rest()
        #expect(
            player.reads == [.diagnosed(.edgesLost, bits: 26), .diagnosed(.edgesLost, bits: 26)])
        #expect(player.playFrame(frame, 26) == card(.h10301, frame))
    }

    @Test func `of more than 128 bits overflows, and a line that never rests is told again`() {
        var player = WiegandPlayer([.h10301])
        player.play(0, 129, every: .microseconds(300))
        #expect(player.rest() == .milliseconds(25))
        #expect(player.reads == [.diagnosed(.overflow, bits: 129)])
        player.play(0, 2 * WiegandCollector.stormEdges, every: .microseconds(300))
        #expect(player.reads.count == 3)
        #expect(player.reads.last == .diagnosed(.overflow, bits: WiegandCollector.stormEdges))
    }

    @Test func `as the field reports them has its name`() {
        // fivdi/onoff issue 191: the first read after a start is 29 of 34 bits.
        var reader34 = WiegandPlayer([.h10306])
        #expect(reader34.playFrame(0x1234_5678, 29) == .diagnosed(.lostBits, bits: 29))
        // leosac issue 133: bursts of 2 to 6 bits.
        #expect(reader34.playFrame(2, 2) == .diagnosed(.glitch, bits: 2))
        for count in 3...6 {
            #expect(reader34.playFrame(2, count) == .diagnosed(.lostBits, bits: count))
        }
    }

    @Test func `never traps, and every burst gives exactly one read`() {
        var random = Xorshift(seed: 7)
        for _ in 0..<3_000 {
            var player = WiegandPlayer([.h10301, .h10302, .raw32], keypad: random.next() & 1 == 0)
            for _ in 0..<(1 + random.below(200)) {
                if random.below(50) == 0 { player.collector.edgesLost() }
                player.edge(
                    random.next() & 1 == 0, after: .microseconds(Int64(random.below(900))))
            }
            player.rest()
            #expect(!player.reads.isEmpty)
            #expect(player.collector.nextDeadline == nil)
        }
    }

    @Test func `never traps on time stamps that make no sense`() {
        var random = Xorshift(seed: 8)
        var collector = WiegandCollector(formats: [.h10301], keypad: true)
        for _ in 0..<20_000 {
            let time = Instant(nanoseconds: Int64(bitPattern: random.next()))
            _ = collector.bit(random.next() & 1 == 0, at: time)
            _ = collector.nextDeadline
            _ = collector.end(at: Instant(nanoseconds: Int64(bitPattern: random.next())))
        }
    }
}

@Suite struct `A keypad on a Wiegand reader` {
    @Test(arguments: KeypadKey.allCases)
    func `sends a key in four bits or in eight`(key: KeypadKey) {
        let code = UInt128(key.rawValue)
        var player = WiegandPlayer([.h10301], keypad: true)
        #expect(player.playFrame(code, 4) == .key(key))
        #expect(player.playFrame((~code & 15) << 4 | code, 8) == .key(key))
    }

    @Test func `never ends a key early beside cards, and does where there are none`() {
        var mixed = WiegandPlayer([.h10301], keypad: true)
        mixed.play(5, 4, every: .milliseconds(1))
        #expect(mixed.rest() == .milliseconds(25))
        var alone = WiegandPlayer([], keypad: true)
        alone.play(5, 4, every: .milliseconds(1))
        #expect(alone.rest() == .milliseconds(3))
        #expect(alone.reads == [.key(.five)])
    }

    @Test func `does not turn the start of a card into a key`() {
        let frame = `A Wiegand frame`.frame
        var player = WiegandPlayer([.h10301], keypad: true)
        #expect(player.playFrame(frame, 26, every: .milliseconds(20)) == card(.h10301, frame))
        #expect(player.reads.count == 1)
    }

    @Test func `that sends no key says so`() {
        var player = WiegandPlayer([.h10301], keypad: true)
        #expect(player.playFrame(12, 4) == .diagnosed(.keypad, bits: 4))
        #expect(player.playFrame(0b1010_1010, 8) == .diagnosed(.keypad, bits: 8))
        #expect(player.playFrame(5, 6) == .diagnosed(.keypad, bits: 6))
        var cardsOnly = WiegandPlayer([.h10301])
        #expect(cardsOnly.playFrame(5, 4) == .diagnosed(.lostBits, bits: 4))
    }
}
