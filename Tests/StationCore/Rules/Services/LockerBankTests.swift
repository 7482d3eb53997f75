// A bank of lockers: whose box opens at a tap, what goes wrong with boxes, and nobody's things
// trapped whatever comes in any order.

import EventLoop
import StationCore
import Testing

@Suite struct `A bank of lockers` {
    @Test func `gives a free box and opens it`() {
        var bank = LockerTwin()
        #expect(bank.tap("li") == .assign(unit: 0))
        #expect(bank.bank.boxes[0].owner?.holder == ShortText("li"))
        #expect(bank.bank.boxes[0].isClosed == false)
        #expect(bank.bank.free == 2)
    }

    @Test func `opens the same box again, and no second one`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.close(0)
        #expect(bank.ends.isEmpty)
        #expect(bank.pulls == [2, 0, 0])
    }

    @Test func `ends with a tap while the door is open, and closing it`() {
        var bank = LockerTwin()
        bank.tap("li")
        #expect(bank.tapToEnd("li") == .end(unit: 0))
        #expect(bank.ends.isEmpty)
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
        #expect(bank.bank.boxes[0].owner == nil)
    }

    @Test func `ends at once by the button when its door is closed and it is empty`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.tell(.end, 0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `opens for what is inside when its button is pressed`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tell(.item(true), 0)
        bank.close(0)
        bank.tell(.end, 0)
        #expect(bank.ends.isEmpty)
        #expect(bank.bank.boxes[0].isClosed == false)
        bank.tell(.item(false), 0)
        bank.close(0)
        bank.wait(.seconds(3))
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `keeps what was forgotten for its holder`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tell(.item(true), 0)
        bank.tapToEnd("li")
        bank.close(0)
        bank.wait(.seconds(3))
        #expect(bank.steps(of: 0).last == .itemForgotten)
        #expect(bank.ends.isEmpty)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.tell(.item(false), 0)
        bank.tapToEnd("li")
        bank.close(0)
        bank.wait(.seconds(3))
        #expect(bank.ends.map(\.end) == [.ended])
        #expect(bank.bank.boxes[0].troubles.isEmpty)
    }

    @Test func `asks what lies inside after the closing, not before`() {
        var bank = LockerTwin()
        for late in [true, false] {
            bank.tap("li")
            bank.tell(.item(!late), 0)
            bank.tapToEnd("li")
            bank.close(0)
            bank.wait(.seconds(1))
            bank.tell(.item(late), 0)
            bank.wait(.seconds(2))
            #expect(bank.bank.boxes[0].holdsForgotten == late)
            #expect(bank.ends.isEmpty == late)
            guard late else { continue }
            bank.tap("li")
            bank.close(0)
        }
    }

    @Test func `ends when what was forgotten is taken out late`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tell(.item(true), 0)
        bank.tapToEnd("li")
        bank.close(0)
        bank.wait(.seconds(10))
        #expect(bank.ends.isEmpty)
        bank.tell(.item(false), 0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `opens the box of a minute ago for what shows up in it`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tapToEnd("li")
        bank.close(0)
        bank.tell(.item(true), 0)
        #expect(bank.steps(of: 0).last == .itemForgotten)
        #expect(bank.tap("wang") == .assign(unit: 1))
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: true))
        bank.tell(.item(false), 0)
        bank.close(0)
        #expect(bank.bank.boxes[0].isFree)
    }

    @Test func `does not open a second time while it opens`() {
        var bank = LockerTwin()
        bank.locks[0] = .silent
        bank.tap("li")
        #expect(bank.tap("li") == .wait(unit: 0))
        #expect(bank.pulls[0] == 1)
    }

    @Test func `does not end for who taps twice before they have packed`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.wait(.seconds(1))
        #expect(bank.tap("li") == .wait(unit: 0))
        bank.close(0)
        #expect(bank.ends.isEmpty)
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `opens though its contact says that it is open`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.wait(.seconds(60))
        // A torn wire.
        bank.tell(.leaf(isClosed: false, readAt: nil), 0)
        #expect(bank.steps(of: 0).last == .forced)
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.tell(.open(.order, isLast: false), 0)
        #expect(bank.pulls[0] == 3)
        bank.wait(.seconds(600))
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.close(0)
        #expect(bank.ends.isEmpty && bank.bank.boxes[0].owner != nil)
    }

    @Test func `ends nothing because somebody else had it opened`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.tell(.open(.order, isLast: false), 0)
        bank.wait(.seconds(20))
        #expect(bank.tap("li") == .reopen(unit: 0, isLast: false))
        bank.close(0)
        #expect(bank.ends.isEmpty)
    }

    @Test func `ends though its line was silent when the door was closed`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.tapToEnd("li")
        bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `does not end for whom it has to open first`() {
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        bank.locks[0] = .busy
        bank.tap("li", denial: .expired)
        bank.tell(.leaf(isClosed: nil, readAt: nil), 0)
        bank.close(0)
        #expect(bank.ends.isEmpty)
        bank.locks[0] = .opens
        bank.wait(.seconds(1))
        bank.close(0)
        #expect(bank.ends.map(\.end) == [.ended])
    }

    @Test func `knows a key without a holder by itself`() {
        var bank = LockerTwin()
        bank.tap("", key: "k-1")
        bank.close(0)
        #expect(bank.tap("", key: "k-2") == .assign(unit: 1))
        bank.close(1)
        #expect(bank.tap("", key: "k-1") == .reopen(unit: 0, isLast: false))
    }

    @Test func `is full when every box is somebody's`() {
        var bank = LockerTwin(2)
        bank.tap("li")
        bank.tap("wang")
        #expect(bank.tap("zhao") == .refused(.lockersFull))
    }

    @Test func `gives the box that has been free longest`() {
        var bank = LockerTwin(2)
        bank.tap("li")
        bank.tapToEnd("li")
        bank.close(0)
        bank.wait(.seconds(1))
        #expect(bank.tap("wang") == .assign(unit: 1))
    }

    @Test func `gives back the box of a minute ago`() {
        var bank = LockerTwin(3)
        bank.tap("li")
        bank.tapToEnd("li")
        bank.close(0)
        bank.wait(.seconds(60))
        #expect(bank.tap("li") == .assign(unit: 0))
    }
}

@Suite struct `Things in a locker` {
    @Test func `are had by a holder whose key is over, once, and the use ends with it`() {
        var bank = LockerTwin()
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
        var bank = LockerTwin()
        bank.tap("li")
        bank.close(0)
        #expect(bank.tap("li", denial: .lost, mayEmpty: false) == .refused(.lost))
        #expect(bank.bank.boxes[0].owner != nil)
    }

    @Test func `are not shown to the next holder's neighbour`() {
        var bank = LockerTwin(1)
        bank.tap("li")
        bank.tapToEnd("li")
        bank.close(0)
        bank.tap("wang")
        bank.close(0)
        #expect(bank.tap("li", denial: .expired) == .refused(.expired))
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

    private static func play(_ dice: inout Dice, _ bank: inout LockerTwin) {
        let unit = dice.roll(bank.locks.count)
        let holder = "h\(dice.roll(5))"
        switch dice.roll(14) {
        case 0, 1, 2, 3: bank.tap(holder)
        case 4: bank.tap(holder, denial: .expired)
        case 5, 6, 7: bank.close(unit)
        case 8: bank.tell(.item(dice.roll(3) == 0), unit)
        case 9: bank.locks[unit] = [.opens, .stays, .silent, .busy][dice.roll(4)]
        case 10: bank.tell(.leaf(isClosed: dice.roll(2) == 0 ? nil : false, readAt: nil), unit)
        case 11: bank.tell(.open(.order, isLast: false), unit)
        case 12: bank.tell(.end, unit)
        default: bank.wait(.seconds(Int64(dice.roll(4_000))))
        }
    }

    @Test(arguments: 1...60)
    func `never give a box to two, nor two to one, nor lose whose it is`(seed: Int) {
        var dice = Dice(state: UInt64(seed))
        var bank = LockerTwin(4, .init(tenancy: .seconds(20_000)))
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
        var bank = LockerTwin(4)
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
                copy.tell(.leaf(isClosed: true, readAt: nil), unit)
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
