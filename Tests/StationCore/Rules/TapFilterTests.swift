// One tap is one event, and guessing is slowed without delaying anybody who is known.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A tap filter` {
    private func card(_ bits: UInt128) -> Credential {
        Credential(technology: .wiegand, bitCount: 26, bits: bits)
    }
    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    /// Whether each read, card and milliseconds, begins a tap.
    private func taps(_ reads: [(UInt128, Int64)]) -> [Bool] {
        var filter = TapFilter()
        return reads.map { filter.isNewTap(card($0.0), at: at($0.1)) }
    }

    @Test func `takes a card that keeps lying on the reader for one tap`() {
        let reads = stride(from: Int64(0), to: 4_000, by: 400).map { (UInt128(1), $0) }
        #expect(taps(reads) == [true] + Array(repeating: false, count: 9))
    }

    @Test func `is armed again when the card has left`() {
        #expect(taps([(1, 0), (1, 700), (1, 1_401)]) == [true, false, true])
    }

    @Test func `takes two cards in one wallet for two taps, however often they alternate`() {
        let reads = (0..<20).map { (UInt128($0 % 2), Int64($0) * 300) }
        #expect(taps(reads).filter { $0 }.count == 2)
    }

    @Test func `forgets a card's bits soon after they can matter`() {
        var filter = TapFilter()
        #expect(filter.nextDeadline == nil)
        let first = UInt128(0x2D0_00F7)
        _ = filter.isNewTap(card(first), at: at(0))
        _ = filter.isNewTap(card(0x202_0002), at: at(500))
        #expect(filter.nextDeadline == at(1_400))
        filter.forget(at: at(1_399))
        #expect(holds(filter, first))
        filter.forget(at: at(1_400))
        #expect(!holds(filter, first))
        #expect(filter.nextDeadline == at(1_900))
        filter.forget(at: at(1_900))
        #expect(filter.nextDeadline == nil)
        // What was forgotten could not have been a repeat any more.
        let isNew = filter.isNewTap(card(first), at: at(1_901))
        #expect(isNew)
    }

    /// Whether the filter's memory holds these bits anywhere.
    private func holds(_ filter: TapFilter, _ bits: UInt128) -> Bool {
        let pattern = withUnsafeBytes(of: bits) { Array($0) }
        return withUnsafeBytes(of: filter) { memory in
            (0...memory.count - pattern.count).contains { start in
                memory[start..<start + pattern.count].elementsEqual(pattern)
            }
        }
    }

    @Test func `sees two cards as two taps however close`() {
        #expect(taps([(1, 0), (2, 30)]) == [true, true])
    }
}
