// One box: a lock that does not do it, a line that is silent, a restart.

import EventLoop
import StationCore
import Testing

@Suite struct `A box that does not open` {
    @Test func `is tried three times and then jammed, and nobody's when it was just given`() {
        var bank = LockerTwin(2)
        bank.locks[0] = .stays
        bank.tap("li")
        bank.wait(.seconds(10))
        #expect(bank.pulls[0] == 3)
        #expect(bank.steps(of: 0) == [.jammed])
        #expect(bank.ends.map(\.end) == [.deviceFailed])
        #expect(bank.tap("li") == .assign(unit: 1))
    }

    @Test func `stays its holder's when their things are inside`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.locks[0] = .stays
        bank.tap("li")
        bank.wait(.seconds(10))
        #expect(bank.bank.boxes[0].troubles == .jammed)
        #expect(bank.bank.boxes[0].owner?.holder == ShortText("li"))
        bank.locks[0] = .opens
        bank.tap("li")
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `is asked again only where it is seen to be closed`() {
        var bank = LockerTwin()
        bank.locks[0] = .silent
        bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
        #expect(bank.tap("li") == .assign(unit: 1))
        bank.tell(.open(.order, isLast: false), 0)
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 1)
        #expect(bank.steps(of: 0) == [.unreachable])
    }

    @Test func `is asked again when its answer was lost and it is seen to be closed`() {
        var bank = LockerTwin()
        bank.locks[0] = .silent
        bank.tap("li")
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 3)
        #expect(bank.steps(of: 0) == [.jammed])
    }

    @Test func `ends nothing when it is opened by somebody else the next day`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.locks[0] = .stays
        bank.tap("li", denial: .expired)
        bank.wait(.seconds(60))
        #expect(bank.steps(of: 0).last == .jammed)
        bank.locks[0] = .opens
        bank.tell(.open(.order, isLast: false), 0)
        bank.close(0)
        #expect(bank.ends.isEmpty)
        #expect(bank.bank.boxes[0].owner?.holder == ShortText("li"))
    }

    @Test func `may have opened unseen, and stays whose it is`() {
        var bank = LockerTwin()
        bank.locks[0] = .silent
        bank.tap("li")
        bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 1)
        #expect(bank.steps(of: 0) == [.unreachable])
        #expect(bank.ends.isEmpty)
        bank.close(0)
        #expect(bank.tap("wang") == .assign(unit: 1))
        bank.locks[0] = .opens
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
    }

    @Test func `is not asked again because of what was read before`() {
        var bank = LockerTwin()
        bank.tell(.leaf(isClosed: true, readAt: bank.now), 0)
        bank.wait(.seconds(1))
        bank.locks[0] = .silent
        bank.tap("li")
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 1)
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `is given up when nobody says any more what became of the order`() {
        var box = Compartment(Compartment.Settings())
        var now = Instant(nanoseconds: 1_000_000_000)
        _ = box.handle(.leaf(isClosed: true, readAt: now), at: now)
        let owner = UseOwner(key: ShortText("k")!, source: .key)
        #expect(box.handle(.assign(owner), at: now).all == [.open])
        now = now + .seconds(30)
        #expect(box.nextDeadline == now)
        #expect(box.handle(.deadline, at: now).all == [.told(.unreachable)])
        #expect(box.owner == owner && !box.isOpening)
    }

    @Test func `and was told nothing is nobody's again`() {
        var box = Compartment(Compartment.Settings())
        let now = Instant(nanoseconds: 1_000_000_000)
        _ = box.handle(.leaf(isClosed: true, readAt: nil), at: now)
        let owner = UseOwner(key: ShortText("k")!, source: .key)
        _ = box.handle(.assign(owner), at: now)
        #expect(
            box.handle(.withdrawn, at: now).all == [.ended(.notWritten, owner, since: now)])
        #expect(box.isFree)
    }

    @Test func `is not jammed because its line had too much to do`() {
        var bank = LockerTwin()
        bank.locks[0] = .busy
        bank.tap("li")
        bank.wait(.seconds(2))
        bank.locks[0] = .opens
        bank.wait(.seconds(1))
        #expect(bank.bank.boxes[0].isClosed == false)
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }
}

@Suite struct `A box by itself` {
    @Test func `is forced when it opens and nobody asked`() {
        var bank = LockerTwin()
        bank.tell(.leaf(isClosed: false, readAt: nil), 1)
        #expect(bank.steps(of: 1) == [.forced])
        bank.close(1)
        // A person looks before anybody else gets it.
        #expect(!bank.bank.boxes[1].isFree)
        bank.tell(.clear, 1)
        #expect(bank.bank.boxes[1].isFree)
    }

    @Test func `is told once while its line blinks`() {
        var bank = LockerTwin()
        bank.tap("li")
        for _ in 0..<5 {
            bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
            bank.tell(.leaf(isClosed: false, readAt: nil), 0)
        }
        bank.wait(.seconds(120))
        #expect(bank.steps(of: 0) == [.opened, .leftOpen])
        bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
        bank.close(0)
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `that was to end when it is closed does so in the next run`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tapToEnd("li")
        let kept = bank.bank.boxes[0].kept
        #expect(kept.isEnding)
        var box = Compartment(Compartment.Settings())
        _ = box.handle(.recalled(kept, since: bank.now), at: bank.now)
        let outputs = box.handle(.leaf(isClosed: true, readAt: nil), at: bank.now).all
        #expect(outputs.contains { if case .ended(.ended, _, _) = $0 { true } else { false } })
    }

    @Test func `is told to be unknown once nobody is left to ask`() {
        var bank = LockerTwin(1)
        bank.tell(.doubted, 0)
        #expect(bank.steps(of: 0).isEmpty)
        bank.tell(.doubtIsFinal, 0)
        #expect(bank.steps(of: 0) == [.unknown])
    }

    @Test func `is told once when it is left open, and is well when it is closed`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.wait(.seconds(600))
        #expect(bank.steps(of: 0) == [.opened, .leftOpen])
        bank.close(0)
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `is told once when somebody has it too long`() {
        var bank = LockerTwin(3, .init(tenancy: .seconds(86_400)))
        bank.tap("li")
        bank.close(0)
        bank.wait(.seconds(3 * 86_400))
        #expect(bank.steps(of: 0).filter { $0 == .overtime }.count == 1)
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `is nobody's and never free while nobody knows whose it was`() {
        var bank = LockerTwin(1)
        bank.tell(.doubted, 0)
        #expect(bank.tap("li") == .refused(.lockersFull))
        bank.tell(.clear, 0)
        #expect(bank.tap("li") == .assign(unit: 0))
    }

    @Test func `is whose it was before the restart`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        let kept = bank.bank.boxes[0].kept
        let since = bank.bank.boxes[0].heldSince
        var next = LockerTwin()
        next.tell(.recalled(kept, since: since!), 0)
        #expect(next.tap("li") == .reopen(unit: 0, isLast: false))
        #expect(next.tap("wang") == .assign(unit: 1))
    }

    @Test func `that is out of use is given to nobody, and opens for whom it holds`() {
        var bank = LockerTwin(1)
        bank.tap("li")
        bank.close(0)
        bank.tell(.block(true), 0)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.tapToEnd("li")
        bank.close(0)
        #expect(bank.tap("wang") == .refused(.lockersFull))
    }
}
