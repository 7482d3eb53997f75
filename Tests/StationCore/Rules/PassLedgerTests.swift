// A pass is good so often, and no more than are remembered.

import Testing

@testable import StationCore

@Suite struct `A ledger of day passes` {
    private let monday = WallTime(seconds: 1_795_248_000)
    private var tuesday: WallTime { WallTime(seconds: monday.seconds + 86_400) }

    private func pass(_ nonce: UInt64, quota: UInt8 = 2) -> DayPass {
        DayPass(
            issuer: DayPassIssuer.ID(bits: 7), scope: .station(ShortText("gate")!),
            validFrom: monday, validTo: tuesday, quota: quota, nonce: nonce)!
    }

    @Test func `counts uses up to the quota`() {
        var ledger = PassLedger()
        let uses = (0..<4).map { _ in ledger.take(pass(1), at: monday) }
        #expect(uses == [1, 2, nil, nil])
        #expect(ledger.take(pass(2), at: monday) == 1)
    }

    @Test func `takes a use back that let nobody through`() {
        var ledger = PassLedger()
        _ = ledger.take(pass(1, quota: 1), at: monday)
        ledger.giveBack(pass(1).id)
        ledger.giveBack(pass(1).id)
        #expect(ledger.uses.map(\.counted) == [0])
        // Another use, and another number.
        #expect(ledger.take(pass(1, quota: 1), at: monday) == 2)
        #expect(ledger.take(pass(1, quota: 1), at: monday) == nil)
    }

    @Test func `gives no number twice, however many are taken back`() {
        var ledger = PassLedger()
        var given: [UInt16] = []
        for _ in 0..<40 {
            while let use = ledger.take(pass(1), at: monday) { given.append(use) }
            ledger.giveBack(pass(1).id)
        }
        #expect(given == Array(1...UInt16(given.count)))
        #expect(given.count == 41)
        // Nor after a restart that knows all of it.
        var next = PassLedger()
        for use in ledger.uses { next.recall(use) }
        #expect(next.take(pass(1), at: monday) == UInt16(given.count) + 1)
    }

    @Test func `makes room by forgetting what is over, and by nothing else`() {
        var ledger = PassLedger()
        for nonce in 0..<UInt64(PassLedger.capacity) { _ = ledger.take(pass(nonce), at: monday) }
        #expect(ledger.take(pass(9_999), at: monday) == nil)
        #expect(ledger.take(pass(3), at: monday) == 2)
        #expect(ledger.take(pass(9_999), at: tuesday) == 1)
        #expect(ledger.uses.count == 1)
    }

    @Test func `believes the higher count of an earlier run`() {
        var ledger = PassLedger()
        _ = ledger.take(pass(1), at: monday)
        ledger.recall(.init(id: pass(1).id, uses: 2, end: tuesday))
        ledger.recall(.init(id: pass(1).id, uses: 1, end: tuesday))
        ledger.recall(.init(id: pass(5).id, uses: 1, end: tuesday))
        #expect(ledger.uses.map(\.uses) == [2, 1])
    }

    @Test func `names passes so that a journal gives them back`() {
        let id = DayPassID(issuer: DayPassIssuer.ID(bits: 0xDEAD_BEEF), nonce: .max - 5)
        #expect(id.text.description.utf8.count == 20)
        #expect(DayPassID(id.text) == id)
        #expect(DayPassID(ShortText("NOPASS")!) == nil)
        #expect(DayPassID(ShortText("key-0001")!) == nil)
    }
}
