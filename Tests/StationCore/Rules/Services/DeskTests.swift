// A desk as true sentences: one tap is one act, and a minute to take it back.

import EventLoop
import Testing

@testable import StationCore

@Suite struct `A desk` {
    private let start = Instant(nanoseconds: 1_000_000_000_000)
    private let master = UseOwner(
        key: ShortText("m-1")!, holder: ShortText("hm")!, source: .command)

    private func desk() -> Desk {
        var desk = Desk()
        _ = desk.handle(.began([]), at: start)
        _ = desk.handle(.service(isOpen: true), at: start)
        return desk
    }

    private func ended(_ outputs: [Desk.Output]) -> [FinishedUse] {
        outputs.compactMap { if case .ended(let use) = $0 { use } else { nil } }
    }

    @Test func `records an act at the tap, and lets it stand after a minute`() {
        var desk = desk()
        #expect(desk.handle(.tapped(.rider), at: start) == [.began(.rider)])
        #expect(desk.nextDeadline == start + .seconds(60))
        #expect(desk.handle(.deadline, at: start + .seconds(59)).isEmpty)
        let outputs = desk.handle(.deadline, at: start + .seconds(60))
        #expect(
            outputs == [
                .ended(FinishedUse(.rider, since: start, until: start, amount: .once, end: .ended))
            ])
        #expect(desk.nextDeadline == nil)
    }

    @Test func `takes an act back for the same key, and for nobody else's`() {
        var desk = desk()
        _ = desk.handle(.tapped(.rider), at: start)
        #expect(desk.handle(.tapped(.rider), at: start + .seconds(1)) == [.repeated])
        #expect(desk.handle(.tapped(.other), at: start + .seconds(5)) == [.began(.other)])
        let outputs = desk.handle(.tapped(.rider), at: start + .seconds(20))
        #expect(outputs.first == .undone(.rider, by: .rider))
        #expect(ended(outputs).first?.amount == UsageAmount(0, .times))
        #expect(ended(outputs).first?.end == .stopped)
        #expect(desk.kept.map(\.owner) == [.other])
    }

    @Test func `takes it back for a master, and not once it stands`() {
        var desk = desk()
        _ = desk.handle(.tapped(.rider), at: start)
        _ = desk.handle(.tapped(.other), at: start + .seconds(10))
        let outputs = desk.handle(.undo(UseOwner.rider.key, by: master), at: start + .seconds(30))
        #expect(outputs.first == .undone(.rider, by: master))
        let late = desk.handle(.undo(nil, by: master), at: start + .seconds(70))
        #expect(ended(late).map(\.end) == [.ended])
        #expect(late.last == .refused(.nothingToUndo))
    }

    @Test func `refuses while it is closed, and lets what was recorded be taken back`() {
        var desk = desk()
        _ = desk.handle(.tapped(.rider), at: start)
        _ = desk.handle(.service(isOpen: false), at: start + .seconds(5))
        #expect(
            desk.handle(.tapped(.other), at: start + .seconds(6)) == [.refused(.serviceClosed)])
        #expect(desk.handle(.tapped(.rider), at: start + .seconds(7)).count == 2)
    }

    @Test func `with more acts than it can hold lets the oldest stand`() {
        var desk = desk()
        var stood = 0
        for number in 0..<40 {
            let owner = UseOwner(key: ShortText("k\(number)")!, source: .key)
            stood += ended(desk.handle(.tapped(owner), at: start)).count
        }
        #expect(stood == 40 - Desk.Limit.pending)
        #expect(desk.kept.count == Desk.Limit.pending)
    }

    @Test(arguments: 0..<100)
    func `ends each act once, restarted at any moment`(_ seed: Int) {
        var random = Xorshift(seed: UInt64(seed) + 31)
        var desk = desk()
        var now = start
        var (began, ended, undone) = (0, 0, 0)
        for _ in 0..<300 {
            now = now + .milliseconds(Int64(random.below(20_000)))
            var outputs: [Desk.Output] = []
            switch random.below(8) {
            case 0:
                let kept = desk.kept
                desk = Desk()
                outputs = desk.handle(.began(kept), at: now)
                outputs += desk.handle(.service(isOpen: true), at: now)
            case 1: outputs = desk.handle(.undo(nil, by: master), at: now)
            case 2: outputs = desk.handle(.deadline, at: now)
            case 3: outputs = desk.handle(.tapped(.passer), at: now)
            default:
                outputs = desk.handle(.tapped(random.below(2) == 0 ? .rider : .other), at: now)
            }
            for output in outputs {
                switch output {
                case .began: began += 1
                case .ended(let use):
                    ended += 1
                    #expect(use.amount.value == (use.end == .ended ? 1 : 0))
                case .undone: undone += 1
                case .repeated, .refused: break
                }
            }
            #expect(began - ended == desk.kept.count, "seed \(seed)")
            #expect(desk.nextDeadline.map { now < $0 } ?? true)
        }
        #expect(undone > 0)
    }
}
