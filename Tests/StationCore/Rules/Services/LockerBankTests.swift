// A bank of lockers: whose box opens at a tap, what goes wrong with boxes, and nobody's things
// trapped whatever comes in any order.

import EventLoop
import StationCore
import Testing

/// A bank with twins of its boxes: a lock that opens, stays closed, or answers nothing.
private struct Bank {
    enum Lock { case opens, stays, silent, busy }

    var bank: LockerBank
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var locks: [Lock]
    private(set) var told: [(unit: Int, step: CompartmentStep)] = []
    private(set) var ends: [(unit: Int, end: UseEnd, holder: ShortText)] = []
    private(set) var pulls: [Int]

    init(_ count: Int = 3, _ settings: Compartment.Settings = .init()) {
        bank = LockerBank(Array(repeating: settings, count: count))
        locks = Array(repeating: .opens, count: count)
        pulls = Array(repeating: 0, count: count)
        for unit in 0..<count { tell(.leaf(isClosed: true), unit) }
    }

    mutating func tell(_ input: Compartment.Input, _ unit: Int) {
        let outputs = bank.handle(input, unit: unit, at: now)
        for output in outputs.all {
            switch output {
            case .open: pull(unit)
            case .told(let step): told.append((unit, step))
            case .ended(let end, let owner, _): ends.append((unit, end, owner.holder))
            }
        }
    }

    private mutating func pull(_ unit: Int) {
        pulls[unit] += 1
        switch locks[unit] {
        case .opens:
            tell(.orderEnded(.confirmed), unit)
            tell(.leaf(isClosed: false), unit)
        case .stays: tell(.orderEnded(.failed), unit)
        case .silent: tell(.orderEnded(.unknown), unit)
        case .busy: tell(.orderRefused(isBusy: true), unit)
        }
    }

    /// Somebody taps; what it means is done.
    @discardableResult
    mutating func tap(
        _ holder: String, key: String = "k", denial: Denial? = nil, mayEmpty: Bool = true
    ) -> LockerBank.Answer {
        let owner = UseOwner(
            key: ShortText(key)!, holder: ShortText(holder)!, source: .key)
        let answer = bank.answer(owner, denial: denial, mayEmpty: mayEmpty, at: now)
        switch answer {
        case .assign(let unit):
            tell(.assign(owner), unit)
        case .reopen(let unit, let isLast): tell(.open(.holder, isLast: isLast), unit)
        case .end(let unit): tell(.end, unit)
        case .refused: break
        }
        return answer
    }

    mutating func close(_ unit: Int) { tell(.leaf(isClosed: true), unit) }

    mutating func wait(_ interval: Interval) {
        let end = now + interval
        while let due = bank.nextDeadline, due <= end {
            now = max(now, due)
            for unit in bank.boxes.indices {
                if let own = bank.boxes[unit].nextDeadline, own <= now { tell(.deadline, unit) }
            }
        }
        now = end
    }

    func steps(of unit: Int) -> [CompartmentStep] {
        told.filter { $0.unit == unit }.map(\.step)
    }
}

@Suite struct `A bank of lockers` {
    @Test func `gives a free box and opens it`() {
        var bank = Bank()
        #expect(bank.tap("li") == .assign(unit: 0))
        #expect(bank.bank.boxes[0].owner?.holder == ShortText("li"))
        #expect(bank.bank.boxes[0].isClosed == false)
        #expect(bank.bank.free == 2)
    }

    @Test func `opens the same box again, and no second one`() {
        var bank = Bank()
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.close(0)
        #expect(bank.ends.isEmpty)
        #expect(bank.pulls == [2, 0, 0])
    }

    @Test func `ends with a tap while the door is open, and closing it`() {
        var bank = Bank()
        bank.tap("li")
        #expect(bank.tap("li") == .end(unit: 0))
        #expect(bank.ends.isEmpty)
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
        #expect(bank.bank.boxes[0].owner == nil)
    }

    @Test func `ends at once by the button when its door is closed and it is empty`() {
        var bank = Bank()
        bank.tap("li")
        bank.close(0)
        bank.tell(.end, 0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `opens for what is inside when its button is pressed`() {
        var bank = Bank()
        bank.tap("li")
        bank.tell(.item(true), 0)
        bank.close(0)
        bank.tell(.end, 0)
        #expect(bank.ends.isEmpty)
        #expect(bank.bank.boxes[0].isClosed == false)
        bank.tell(.item(false), 0)
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `keeps what was forgotten for its holder`() {
        var bank = Bank()
        bank.tap("li")
        bank.tell(.item(true), 0)
        bank.tap("li")
        bank.close(0)
        #expect(bank.steps(of: 0).last == .itemForgotten)
        #expect(bank.ends.isEmpty)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.tell(.item(false), 0)
        bank.tap("li")
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `knows a key without a holder by itself`() {
        var bank = Bank()
        bank.tap("", key: "k-1")
        bank.close(0)
        #expect(bank.tap("", key: "k-2") == .assign(unit: 1))
        bank.close(1)
        #expect(bank.tap("", key: "k-1") == .reopen(unit: 0, isLast: false))
    }

    @Test func `is full when every box is somebody's`() {
        var bank = Bank(2)
        bank.tap("li")
        bank.tap("wang")
        #expect(bank.tap("zhao") == .refused(.lockersFull))
    }

    @Test func `gives the box that has been free longest`() {
        var bank = Bank(2)
        bank.tap("li")
        bank.tap("li")
        bank.close(0)
        bank.wait(.seconds(1))
        #expect(bank.tap("wang") == .assign(unit: 1))
    }

    @Test func `gives back the box of a minute ago`() {
        var bank = Bank(3)
        bank.tap("li")
        bank.tap("li")
        bank.close(0)
        bank.wait(.seconds(60))
        #expect(bank.tap("li") == .assign(unit: 0))
    }
}

@Suite struct `Things in a locker` {
    @Test func `are had by a holder whose key is over, once, and the use ends with it`() {
        var bank = Bank()
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("li", denial: .expired) == .reopen(unit: 0, isLast: true))
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
        bank.wait(.seconds(1_700))
        #expect(bank.tap("li", denial: .expired) == .reopen(unit: 0, isLast: true))
        bank.close(0)
        bank.wait(.seconds(101))
        #expect(bank.tap("li", denial: .expired) == .refused(.expired))
    }

    @Test func `are not had with a card that was reported lost`() {
        var bank = Bank()
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("li", denial: .lost, mayEmpty: false) == .refused(.lost))
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `are not shown to the next holder's neighbour`() {
        var bank = Bank(1)
        bank.tap("li")
        bank.tap("li")
        bank.close(0)
        bank.tap("wang")
        bank.close(0)
        #expect(bank.tap("li", denial: .expired) == .refused(.expired))
    }
}

@Suite struct `A box that does not open` {
    @Test func `is tried three times and then jammed, and nobody's when it was just given`() {
        var bank = Bank(2)
        bank.locks[0] = .stays
        bank.tap("li")
        bank.wait(.seconds(10))
        #expect(bank.pulls[0] == 3)
        #expect(bank.steps(of: 0) == [.jammed])
        #expect(bank.ends.map(\.end) == [.deviceFailed])
        #expect(bank.tap("li") == .assign(unit: 1))
    }

    @Test func `stays its holder's when their things are inside`() {
        var bank = Bank()
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
        var bank = Bank()
        bank.locks[0] = .silent
        bank.tell(.leaf(isClosed: nil), 0)
        #expect(bank.tap("li") == .assign(unit: 1))
        bank.tell(.open(.order, isLast: false), 0)
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 1)
        #expect(bank.steps(of: 0) == [.unreachable])
    }

    @Test func `is asked again when its answer was lost and it is seen to be closed`() {
        var bank = Bank()
        bank.locks[0] = .silent
        bank.tap("li")
        bank.wait(.seconds(60))
        #expect(bank.pulls[0] == 3)
        #expect(bank.steps(of: 0) == [.jammed])
    }

    @Test func `is not jammed because its line had too much to do`() {
        var bank = Bank()
        bank.locks[0] = .busy
        bank.tap("li")
        bank.locks[0] = .opens
        bank.wait(.seconds(1))
        #expect(bank.bank.boxes[0].isClosed == false)
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }
}

@Suite struct `A box by itself` {
    @Test func `is forced when it opens and nobody asked`() {
        var bank = Bank()
        bank.tell(.leaf(isClosed: false), 1)
        #expect(bank.steps(of: 1) == [.forced])
        bank.close(1)
        // A person looks before anybody else gets it.
        #expect(!bank.bank.boxes[1].isFree)
        bank.tell(.clear, 1)
        #expect(bank.bank.boxes[1].isFree)
    }

    @Test func `is told once when it is left open, and is well when it is closed`() {
        var bank = Bank()
        bank.tap("li")
        bank.wait(.seconds(600))
        #expect(bank.steps(of: 0) == [.opened, .leftOpen])
        bank.close(0)
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `is told once when somebody has it too long`() {
        var bank = Bank(3, .init(tenancy: .seconds(86_400)))
        bank.tap("li")
        bank.close(0)
        bank.wait(.seconds(3 * 86_400))
        #expect(bank.steps(of: 0).filter { $0 == .overtime }.count == 1)
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `is nobody's and never free while nobody knows whose it was`() {
        var bank = Bank(1)
        bank.tell(.unknown, 0)
        #expect(bank.tap("li") == .refused(.lockersFull))
        bank.tell(.clear, 0)
        #expect(bank.tap("li") == .assign(unit: 0))
    }

    @Test func `is whose it was before the restart`() {
        var bank = Bank()
        bank.tap("li")
        bank.close(0)
        let kept = bank.bank.boxes[0].kept
        let since = bank.bank.boxes[0].heldSince
        var next = Bank()
        next.tell(.recalled(kept, since: since!), 0)
        #expect(next.tap("li") == .reopen(unit: 0, isLast: false))
        #expect(next.tap("wang") == .assign(unit: 1))
    }

    @Test func `that is out of use is given to nobody, and opens for whom it holds`() {
        var bank = Bank(1)
        bank.tap("li")
        bank.close(0)
        bank.tell(.block(true), 0)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("wang") == .refused(.lockersFull))
    }
}

@Suite struct `Lockers and chance` {
    /// A generator of our own: the test's events, the same each time.
    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    private static func play(_ dice: inout Dice, _ bank: inout Bank) {
        let unit = dice.roll(bank.locks.count)
        let holder = "h\(dice.roll(5))"
        switch dice.roll(14) {
        case 0, 1, 2, 3: bank.tap(holder)
        case 4: bank.tap(holder, denial: .expired)
        case 5, 6, 7: bank.close(unit)
        case 8: bank.tell(.item(dice.roll(3) == 0), unit)
        case 9: bank.locks[unit] = [.opens, .stays, .silent, .busy][dice.roll(4)]
        case 10: bank.tell(.leaf(isClosed: dice.roll(2) == 0 ? nil : false), unit)
        case 11: bank.tell(.open(.order, isLast: false), unit)
        case 12: bank.tell(.end, unit)
        default: bank.wait(.seconds(Int64(dice.roll(4_000))))
        }
    }

    @Test(arguments: 1...60)
    func `never give a box to two, nor two to one, nor lose whose it is`(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        var bank = Bank(4, .init(tenancy: .seconds(20_000)))
        for _ in 0..<600 {
            let before = bank.bank.boxes.map { $0.owner?.holder }
            let endsBefore = bank.ends.count
            Self.play(&dice, &bank)
            let holders = bank.bank.boxes.compactMap { $0.owner?.holder }
            #expect(Set(holders).count == holders.count)
            for unit in before.indices {
                let after = bank.bank.boxes[unit].owner?.holder
                guard let holder = before[unit], after != holder else { continue }
                // It changed hands only over the end of a use.
                #expect(bank.ends[endsBefore...].contains { $0.unit == unit })
                _ = holder
            }
        }
    }

    @Test(arguments: 1...60)
    func `never trap anybody's things`(seed: Int) throws {
        var dice = Dice(state: UInt64(seed) &* 77)
        var bank = Bank(4)
        for _ in 0..<300 {
            Self.play(&dice, &bank)
            for unit in bank.bank.boxes.indices {
                guard let owner = bank.bank.boxes[unit].owner else { continue }
                // Whatever has happened: with a lock that works, their tap opens it, whatever
                // became of their key.
                var copy = bank
                copy.wait(.seconds(60))
                guard copy.bank.boxes[unit].owner == owner else { continue }
                copy.locks[unit] = .opens
                copy.tell(.leaf(isClosed: true), unit)
                guard copy.bank.boxes[unit].owner == owner else { continue }
                let holder = try #require(String(validating: owner.holder))
                copy.tap(holder, denial: .expired)
                #expect(copy.bank.boxes[unit].isClosed == false)
            }
        }
    }
}

extension String {
    fileprivate init?(validating text: ShortText) { self = text.description }
}
