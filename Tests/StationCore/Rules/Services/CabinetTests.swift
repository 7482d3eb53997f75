// A cabinet as true sentences: who opened it, what is left open, forced, or to be filled up.

import EventLoop
import Testing

@testable import StationCore

/// A cabinet with time that the test moves.
private struct Chest {
    var cabinet: Cabinet
    var now = Instant(nanoseconds: 1_000_000_000_000)
    private(set) var outputs: [Cabinet.Output] = []

    init(_ settings: Cabinet.Settings) {
        cabinet = Cabinet(settings)
        tell(.began(nil))
        tell(.service(isOpen: true))
        tell(.contact(isClosed: true))
    }

    var ended: [FinishedUse] {
        outputs.compactMap { if case .ended(let use) = $0 { use } else { nil } }
    }

    var begun: Int { outputs.count { if case .began = $0 { true } else { false } } }

    mutating func tell(_ input: Cabinet.Input) { outputs += cabinet.handle(input, at: now) }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = cabinet.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }

    mutating func use() {
        tell(.contact(isClosed: false))
        wait(.seconds(5))
        tell(.contact(isClosed: true))
    }

    mutating func restart() {
        let kept = cabinet.kept
        cabinet = Cabinet(cabinet.settings)
        tell(.began(kept))
        tell(.service(isOpen: true))
    }
}

@Suite struct `A cabinet` {
    @Test func `is opened by whoever tapped before, and by nobody in particular else`() {
        var chest = Chest(Cabinet.Settings(hasLock: false))
        chest.tell(.asked(.rider))
        chest.wait(.seconds(4))
        chest.use()
        chest.wait(.seconds(60))
        chest.use()
        #expect(chest.ended.map(\.owner) == [.rider, .somebody])
        #expect(chest.ended.allSatisfy { $0.end == .ended && $0.duration == .seconds(5) })
        #expect(!chest.outputs.contains(.raised(.forced)))
    }

    @Test func `is not opened by a contact that bounces when it is shut`() {
        var chest = Chest(Cabinet.Settings(hasLock: true))
        chest.tell(.asked(.rider))
        chest.use()
        chest.wait(.milliseconds(15))
        chest.tell(.contact(isClosed: false))
        chest.wait(.milliseconds(1_000))
        chest.tell(.contact(isClosed: true))
        chest.wait(.seconds(10))
        #expect(chest.begun == 1 && !chest.outputs.contains(.raised(.forced)))
        // Open it was when it stays so.
        chest.tell(.contact(isClosed: false))
        chest.tell(.contact(isClosed: true))
        chest.wait(.milliseconds(15))
        chest.tell(.contact(isClosed: false))
        chest.wait(.seconds(2))
        #expect(chest.begun == 3 && chest.outputs.contains(.raised(.forced)))
    }

    @Test func `with a lock is forced when it opens without a tap, until it is closed`() {
        var chest = Chest(Cabinet.Settings(hasLock: true))
        chest.tell(.asked(.rider))
        #expect(chest.outputs.contains(.unlock))
        chest.use()
        #expect(!chest.outputs.contains(.raised(.forced)))
        chest.wait(.seconds(1))
        chest.tell(.contact(isClosed: false))
        #expect(chest.outputs.last == .raised(.forced))
        chest.tell(.contact(isClosed: true))
        #expect(chest.outputs.contains(.cleared(.forced)))
    }

    @Test func `that nobody opened after a tap belongs to nobody later`() {
        var chest = Chest(Cabinet.Settings(hasLock: true))
        chest.tell(.asked(.rider))
        chest.wait(.seconds(10))
        #expect(chest.outputs.last == .notOpened(.rider))
        chest.use()
        #expect(chest.ended.map(\.owner) == [.somebody])
    }

    @Test func `left open is told once, and over when it is closed`() {
        var chest = Chest(Cabinet.Settings(hasLock: false))
        chest.tell(.contact(isClosed: false))
        chest.wait(.seconds(119))
        #expect(!chest.outputs.contains(.raised(.leftOpen)))
        chest.wait(.seconds(1_000))
        #expect(chest.outputs.count { $0 == .raised(.leftOpen) } == 1)
        #expect(chest.cabinet.condition == .degraded(.leftOpen))
        chest.tell(.contact(isClosed: true))
        #expect(chest.outputs.contains(.cleared(.leftOpen)))
        #expect(chest.cabinet.condition == .working)
    }

    @Test func `wants filling up after so many uses, or when a master says so`() {
        var chest = Chest(Cabinet.Settings(hasLock: false, restockAfter: 3))
        for _ in 0..<3 { chest.use() }
        #expect(chest.outputs.count { $0 == .raised(.restockDue) } == 1)
        chest.restart()
        #expect(chest.cabinet.condition == .degraded(.restockDue))
        chest.tell(.restock(isDue: false, by: .rider))
        #expect(chest.outputs.last == .cleared(.restockDue))
        #expect(chest.cabinet.kept.uses == 0)
        chest.tell(.restock(isDue: true, by: .rider))
        #expect(chest.outputs.last == .raised(.restockDue))
    }

    @Test func `opened before a restart is the same use after it`() {
        var chest = Chest(Cabinet.Settings(hasLock: true))
        chest.tell(.asked(.rider))
        chest.tell(.contact(isClosed: false))
        chest.restart()
        chest.tell(.contact(isClosed: false))
        chest.wait(.seconds(10))
        chest.tell(.contact(isClosed: true))
        #expect(chest.begun == 1)
        #expect(chest.ended.map(\.end) == [.ended])
        chest.tell(.asked(.rider))
        chest.tell(.contact(isClosed: false))
        chest.restart()
        chest.tell(.contact(isClosed: true))
        #expect(chest.ended.map(\.end) == [.ended, .interrupted])
    }

    @Test func `closed, it is not unlocked, and found open at a start it was not forced`() {
        var chest = Chest(Cabinet.Settings(hasLock: true))
        chest.tell(.service(isOpen: false))
        chest.tell(.asked(.rider))
        #expect(chest.outputs.last == .refused(.serviceClosed))
        chest.restart()
        chest.tell(.contact(isClosed: false))
        #expect(!chest.outputs.contains(.raised(.forced)))
        #expect(chest.begun == 1)
    }

    @Test(arguments: 0..<200)
    func `ends each use once, whatever comes`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 41)
        var chest = Chest(Cabinet.Settings(hasLock: seed % 2 == 0, restockAfter: 7))
        for _ in 0..<300 {
            switch random.below(10) {
            case 0, 1: chest.tell(.asked(random.below(2) == 0 ? .rider : .other))
            case 2, 3: chest.tell(.contact(isClosed: false))
            case 4, 5: chest.tell(.contact(isClosed: true))
            case 6: chest.tell(.contact(isClosed: nil))
            case 7: chest.tell(.restock(isDue: random.below(2) == 0, by: .rider))
            case 8: chest.restart()
            default: chest.wait(.seconds(Int64(random.below(90))))
            }
            let running = chest.begun - chest.ended.count
            #expect(running == (chest.cabinet.kept.use == nil ? 0 : 1), "seed \(seed)")
            #expect(chest.cabinet.nextDeadline.map { chest.now < $0 } ?? true)
        }
    }
}
