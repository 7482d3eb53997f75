// Noise and half-heard frames on a line: what they cost, and who may speak meanwhile.

import EventLoop
import StationCore
import Testing

@testable import Simulation

@Suite struct `Noise between frames` {
    private func exchange(boards: Int, at now: Instant) -> BusExchange {
        BusExchange(
            BusExchange.Line(baud: 9_600),
            seats: (1...boards).map {
                let box = Box.locks($0)
                return BusExchange.Seat(language: box.language, address: box.address)
            }, at: now)
    }

    @Test func `is no pause in which the master may speak, when half a frame has come`() {
        var now = Instant(nanoseconds: 1_000_000_000)
        var exchange = exchange(boards: 1, at: now)
        // 81 01 02 00: lock 2 of board 1 opened; its check comes with the adapter's next delivery.
        let frame: [UInt8] = [0x81, 0x01, 0x02, 0x00, 0x82]
        exchange.receive(Array(frame[..<2]).span.bytes, at: now)
        #expect(exchange.quietAfter >= now + .milliseconds(16))
        now = now + .milliseconds(16)
        exchange.receive(Array(frame[2...]).span.bytes, at: now)
        guard case .pushed(_, seat: 0)? = exchange.take() else {
            Issue.record("a push in two pieces was lost")
            return
        }
        #expect(exchange.quietAfter <= now + .milliseconds(4))
    }

    @Test func `without an end does not keep the line for ever`() {
        var now = Instant(nanoseconds: 1_000_000_000)
        var exchange = exchange(boards: 1, at: now)
        let start = now
        for _ in 0..<200 {
            exchange.receive([0x81].span.bytes, at: now)
            now = now + .milliseconds(10)
        }
        #expect(exchange.quietAfter <= start + .milliseconds(500))
    }

    @Test func `costs as much as it is long, not its square, however many boards push`() {
        func judged(_ count: Int, boards: Int) -> UInt64 {
            let now = Instant(nanoseconds: 1_000_000_000)
            var exchange = exchange(boards: boards, at: now)
            var chance = SplitMix64(seed: 7)
            // As a line of another speed looks: no byte of it begins a frame.
            let bytes = (0..<count).map { _ in UInt8(chance.below(0x70)) }
            exchange.receive(bytes.span.bytes, at: now)
            exchange.expire(at: now + .milliseconds(100))
            return exchange.judged
        }
        let short = judged(256, boards: 16)
        let long = judged(1_024, boards: 16)
        #expect(long <= short * 5)
        #expect(long <= 16 * 1_024)
    }
}
