// Who is inside: found, forgotten, bounded.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `Who is inside` {
    private func holder(_ number: Int) -> ShortText { ShortText("h-\(number)") ?? .empty }

    @Test func `is known until they go out, or their time is over`() {
        var ledger = PassbackLedger()
        let now = Instant(nanoseconds: 0)
        let end = now + .seconds(60)
        let found1 = ledger.enters(holder(1), 0, until: end, at: now)
        #expect(found1 == nil)
        #expect(ledger.isInside(holder(1), 0, at: now))
        #expect(!ledger.isInside(holder(1), 1, at: now))
        #expect(!ledger.isInside(holder(1), 0, at: end))
        #expect(ledger.stays(at: end).isEmpty)
        let found2 = ledger.leaves(holder(1), 0)?.until
        #expect(found2 == end)
        #expect(!ledger.isInside(holder(1), 0, at: now))
        let found3 = ledger.leaves(holder(1), 0)
        #expect(found3 == nil)
    }

    @Test func `is found among a thousand others that come and go`() {
        var ledger = PassbackLedger()
        var model: Set<Int> = []
        var random = Xorshift(seed: 3)
        let now = Instant(nanoseconds: 0)
        for _ in 0..<20_000 {
            let number = Int(random.next() % 1_000)
            if random.next() % 2 == 0 {
                ledger.enters(holder(number), 2, until: now + .seconds(1), at: now)
                model.insert(number)
            } else {
                ledger.leaves(holder(number), 2)
                model.remove(number)
            }
            #expect(ledger.count == model.count)
        }
        for number in 0..<1_000 {
            #expect(ledger.isInside(holder(number), 2, at: now) == model.contains(number))
        }
    }

    @Test func `is bounded, and those who end first are forgotten first`() {
        var ledger = PassbackLedger()
        let now = Instant(nanoseconds: 0)
        for number in 0..<5_000 {
            ledger.enters(
                holder(number), 0, until: now + .seconds(Int64(number) + 1), at: now)
            #expect(ledger.count <= PassbackLedger.capacity)
        }
        #expect(ledger.isInside(holder(4_999), 0, at: now))
        #expect(!ledger.isInside(holder(0), 0, at: now))
    }

    @Test func `is forgotten by area`() {
        var ledger = PassbackLedger()
        let now = Instant(nanoseconds: 0)
        for number in 0..<100 {
            ledger.enters(
                holder(number), UInt8(number % 2), until: now + .seconds(9), at: now)
        }
        let found4 = ledger.forget(1)
        #expect(found4 == 50)
        #expect(ledger.count == 50)
        #expect(ledger.isInside(holder(2), 0, at: now))
        #expect(!ledger.isInside(holder(3), 1, at: now))
        let found5 = ledger.forget(nil)
        #expect(found5 == 50)
        #expect(ledger.stays(at: now).isEmpty)
    }

    @Test func `is nobody where no door asks`() {
        var ledger = PassbackLedger(isUsed: false)
        let now = Instant(nanoseconds: 0)
        ledger.enters(holder(1), 0, until: now + .seconds(1), at: now)
        #expect(!ledger.isInside(holder(1), 0, at: now))
        let found6 = ledger.forget(nil)
        #expect(found6 == 0)
    }
}
