// A swap cabinet: a charged battery for an empty one, and nobody's battery is lost in it.

import EventLoop
import Testing

@testable import StationCore

/// A cabinet with doors and batteries, and a rider before it.
struct SwapBench {
    static let rider = UseOwner(
        key: ShortText("k1") ?? .empty, holder: ShortText("h1") ?? .empty, source: .key)
    static let other = UseOwner(
        key: ShortText("k2") ?? .empty, holder: ShortText("h2") ?? .empty, source: .key)
    static let charged = SwapCabinet.Content.battery(
        charge: 98, heat: DecimalNumber(25), isOurs: true)
    static let spent = SwapCabinet.Content.battery(
        charge: 7, heat: DecimalNumber(30), isOurs: true)

    var cabinet: SwapCabinet
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var contents: [SwapCabinet.Content]
    /// Their locks do not let go.
    var jams: Set<Int> = []
    var outputs: [SwapCabinet.Output] = []

    /// 0 is empty, the others are charged.
    init(_ count: Int = 3) {
        contents = Array(repeating: Self.charged, count: count)
        contents[0] = .empty
        cabinet = SwapCabinet(compartments: count)
        start(nil)
    }

    mutating func start(_ kept: SwapCabinet.Kept?) {
        tell(.recalled(kept))
        for place in contents.indices {
            tell(.door(place, isClosed: true))
            tell(.content(place, contents[place]))
        }
    }

    mutating func tell(_ input: SwapCabinet.Input) {
        var inputs = [input]
        while !inputs.isEmpty {
            for output in cabinet.handle(inputs.removeFirst(), at: now) {
                outputs.append(output)
                guard case .open(let place) = output else { continue }
                inputs.append(.opened(place, .accepted))
                if !jams.contains(place) { inputs.append(.door(place, isClosed: false)) }
            }
        }
    }

    mutating func put(_ content: SwapCabinet.Content, into place: Int) {
        contents[place] = content
        tell(.content(place, content))
    }

    mutating func shut(_ place: Int) { tell(.door(place, isClosed: true)) }

    mutating func wait(_ seconds: Int64) {
        let end = now + .seconds(seconds)
        while let due = cabinet.nextDeadline, due <= end {
            now = due
            tell(.deadline)
        }
        now = end
    }

    /// The compartment that is open for the person, if one is.
    var openPlace: Int? { cabinet.present?.place?.0 }
    var steps: [SwapCabinet.Step] {
        outputs.compactMap { if case .told(let step) = $0 { step } else { nil } }
    }
    var ends: [UseEnd] {
        outputs.compactMap { if case .ended(_, let end, _) = $0 { end } else { nil } }
    }
    var refusals: [SwapCabinet.Refusal] {
        outputs.compactMap { if case .refused(let refusal) = $0 { refusal } else { nil } }
    }
}

@Suite struct `A swap cabinet` {
    @Test func `gives a charged battery for an empty one`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        #expect(bench.outputs.first == .began(SwapBench.rider) && bench.openPlace == 0)
        bench.put(SwapBench.spent, into: 0)
        bench.shut(0)
        #expect(bench.openPlace == 1)
        bench.put(.empty, into: 1)
        #expect(bench.steps == [.putIn(0), .wasPutIn(0), .take(1), .wasTaken(1)])
        #expect(bench.outputs.last == .ended(SwapBench.rider, .delivered, .once))
        bench.shut(1)
        #expect(!bench.cabinet.isOccupied && bench.cabinet.freeCount == 1)
        #expect(bench.cabinet.chargedCount == 1, "the spent one is not given")
    }

    @Test func `gives the fullest one`() {
        var bench = SwapBench()
        bench.put(.battery(charge: 100, heat: nil, isOurs: true), into: 2)
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.shut(0)
        #expect(bench.openPlace == 2)
    }

    @Test func `wakes a battery's electronics before it judges them`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.put(.unknown, into: 0)
        bench.shut(0)
        bench.wait(10)
        #expect(bench.openPlace == 0 && bench.steps == [.putIn(0)])
        bench.put(SwapBench.spent, into: 0)
        #expect(bench.openPlace == 1)
    }

    @Test(arguments: [
        SwapCabinet.Content.unknown,
        .battery(charge: 50, heat: DecimalNumber(46), isOurs: true),
        .battery(charge: 50, heat: nil, isOurs: false),
    ])
    func `hands back what it does not know, what is hot, and what is not its own`(
        content: SwapCabinet.Content
    ) {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.put(content, into: 0)
        bench.shut(0)
        bench.wait(21)
        #expect(bench.steps.last == .takeBack(0) && bench.openPlace == 0)
        bench.put(.empty, into: 0)
        #expect(bench.outputs.last == .ended(SwapBench.rider, .ended, UsageAmount(0, .times)))
    }

    @Test func `keeps what says nothing for whose it is, until it speaks or is taken`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.put(.unknown, into: 0)
        bench.shut(0)
        bench.wait(21)
        bench.shut(0)
        bench.wait(21)
        #expect(bench.steps.last == .owed(0) && bench.ends.isEmpty)
        // Nothing charged is given for what may be no battery at all.
        bench.tell(.tapped(SwapBench.rider))
        #expect(bench.openPlace == 0)
        bench.shut(0)
        bench.put(SwapBench.spent, into: 0)
        #expect(bench.openPlace == 1)
        bench.put(.empty, into: 1)
        #expect(bench.ends == [.delivered])
    }

    @Test func `ends when nothing was put in`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.shut(0)
        bench.wait(19)
        #expect(bench.cabinet.isOccupied, "a sensor may take its time")
        bench.wait(2)
        #expect(bench.ends == [.ended])

        bench.tell(.tapped(SwapBench.rider))
        bench.wait(121)
        #expect(bench.ends == [.ended, .ended] && bench.cabinet.stands(.leftOpen, at: 0))
        bench.shut(0)
        #expect(bench.outputs.last == .cleared(0, .leftOpen))
    }

    @Test func `owes a battery to who walked away without one`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.shut(0)
        bench.shut(1)
        #expect(bench.steps.last == .owed(1) && bench.ends.isEmpty)
        #expect(!bench.cabinet.isOccupied && bench.cabinet.isHeld(0))
        // Whatever the hours and the guards say: it is theirs.
        bench.tell(.open(false))
        bench.tell(.guarded(true))
        bench.tell(.tapped(SwapBench.other))
        #expect(bench.refusals == [.guarded])
        bench.tell(.tapped(SwapBench.rider))
        #expect(bench.openPlace == 1)
        bench.put(.empty, into: 1)
        #expect(bench.ends == [.delivered])
    }

    @Test func `gives their own back when no other is charged any more`() {
        var bench = SwapBench(2)
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.put(SwapBench.spent, into: 1)
        bench.shut(0)
        #expect(bench.openPlace == 0 && bench.steps.last == .takeBack(0))
        bench.put(.empty, into: 0)
        #expect(bench.ends == [.ended])
    }

    @Test func `tries a door three times, then another one`() {
        var bench = SwapBench()
        bench.jams = [1]
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.shut(0)
        bench.wait(10)
        #expect(bench.outputs.count { $0 == .open(1) } == 3)
        #expect(bench.cabinet.stands(.jammed, at: 1) && bench.openPlace == 2)
        bench.put(.empty, into: 2)
        #expect(bench.ends == [.delivered])
        bench.tell(.reset(1))
        #expect(!bench.cabinet.stands(.jammed, at: 1))
    }

    @Test func `owes it when no door opens at all, and ends when none could be put in`() {
        var bench = SwapBench(2)
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.jams = [0, 1]
        bench.shut(0)
        bench.wait(30)
        #expect(bench.ends.isEmpty && bench.steps.last == .owed(0))
        bench.tell(.settled(SwapBench.rider))
        #expect(bench.ends == [.stopped])

        bench = SwapBench(2)
        bench.jams = [0]
        bench.tell(.tapped(SwapBench.rider))
        bench.wait(10)
        #expect(bench.ends == [.deviceFailed])
    }

    @Test func `does not wait where the lock says that it failed`() {
        var bench = SwapBench()
        bench.jams = [0]
        bench.tell(.tapped(SwapBench.rider))
        bench.tell(.opened(0, .failed))
        #expect(bench.outputs.count { $0 == .open(0) } == 2)
    }

    @Test func `says why it takes nobody`() {
        var bench = SwapBench(2)
        bench.tell(.tapped(UseOwner(source: .button)))
        bench.put(SwapBench.spent, into: 1)
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.charged, into: 0)
        bench.tell(.tapped(SwapBench.rider))
        bench.put(.empty, into: 0)
        bench.put(SwapBench.charged, into: 1)
        bench.tell(.smoke(true))
        bench.tell(.tapped(SwapBench.rider))
        bench.tell(.smoke(false))
        bench.tell(.open(false))
        bench.tell(.tapped(SwapBench.rider))
        bench.tell(.open(true))
        bench.tell(.tapped(SwapBench.rider))
        bench.tell(.tapped(SwapBench.other))
        #expect(
            bench.refusals == [.anonymous, .noneCharged, .noneFree, .smoke, .closed, .occupied])
        var fresh = SwapCabinet(compartments: 2)
        #expect(fresh.handle(.tapped(SwapBench.rider), at: bench.now) == [.refused(.notReady)])
    }

    @Test func `tells a forced door from one that a person has opened`() {
        var bench = SwapBench()
        bench.tell(.expected(1))
        bench.tell(.door(1, isClosed: false))
        #expect(!bench.cabinet.stands(.forced, at: 1))
        bench.tell(.door(2, isClosed: false))
        #expect(bench.cabinet.stands(.forced, at: 2))
        bench.tell(.reset(2))
        #expect(bench.outputs.last == .cleared(2, .forced))
    }

    @Test func `is not troubled by compartments that do not exist`() {
        var bench = SwapBench()
        bench.outputs.removeAll()
        for place in [-1, 3, 9_999] {
            bench.tell(.door(place, isClosed: false))
            bench.tell(.content(place, .empty))
            bench.tell(.reset(place))
            bench.tell(.expected(place))
            bench.tell(.opened(place, .failed))
        }
        #expect(bench.outputs.isEmpty && !bench.cabinet.stands(.forced, at: 77))
    }

    // MARK: A restart

    @Test func `knows after a restart who put what where`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        bench.put(SwapBench.spent, into: 0)
        bench.shut(0)
        // The charged one is still there when the power fails.
        bench.cabinet = SwapCabinet(compartments: 3)
        bench.start(SwapCabinet.Kept(exchanges: []))
        #expect(bench.ends.isEmpty)

        var other = SwapBench()
        other.tell(.tapped(SwapBench.rider))
        other.put(SwapBench.spent, into: 0)
        other.shut(0)
        let kept = other.cabinet.kept
        #expect(kept.exchanges.first?.returned == 0 && kept.exchanges.first?.giving == 1)
        for isTaken in [false, true] {
            var bench = other
            bench.outputs.removeAll()
            if isTaken { bench.contents[1] = .empty }
            bench.cabinet = SwapCabinet(compartments: 3)
            bench.start(kept)
            #expect(bench.ends == (isTaken ? [.delivered] : []))
            guard !isTaken else { continue }
            bench.tell(.tapped(SwapBench.rider))
            #expect(bench.openPlace == 1)
        }
    }

    @Test func `interrupts what had not begun to matter`() {
        var bench = SwapBench()
        bench.tell(.tapped(SwapBench.rider))
        let kept = bench.cabinet.kept
        bench.cabinet = SwapCabinet(compartments: 3)
        bench.outputs.removeAll()
        bench.start(kept)
        #expect(bench.ends == [.interrupted])
    }

    @Test func `takes no place from a snapshot that it does not have`() {
        var bench = SwapBench()
        bench.cabinet = SwapCabinet(compartments: 2)
        bench.contents.removeLast()
        bench.start(
            SwapCabinet.Kept(exchanges: [
                SwapCabinet.Kept.Exchange(
                    owner: SwapBench.rider, returned: 7, returning: nil, giving: nil,
                    isAccepted: true)
            ]))
        #expect(bench.ends == [.interrupted])
    }

    // MARK: Whatever happens

    /// Riders who do this or that, doors that jam, electronics that sleep, and restarts: whoever
    /// came with a battery has one in hand whenever their exchange ends.
    @Test(arguments: 1...60)
    func `leaves nobody without a battery`(seed: UInt64) throws {
        var random = Xorshift(seed: seed)
        var bench = SwapBench(5)
        bench.contents[1] = .empty
        bench.tell(.content(1, .empty))
        let people = (0..<4).map { number in
            UseOwner(
                key: ShortText("k\(number)") ?? .empty, holder: ShortText("h\(number)") ?? .empty,
                source: .key)
        }
        var hands = [1, 1, 1, 1]
        var open: Set<Int> = []
        var ended = 0
        for _ in 0..<600 {
            let before = bench.outputs.count
            let person = bench.cabinet.present.flatMap { people.firstIndex(of: $0.owner) }
            let standing = bench.cabinet.present?.place
            switch random.below(10) {
            case 0, 1: bench.tell(.tapped(people[random.below(4)]))
            case 2, 3, 4, 5:
                guard let person, let place = standing, !bench.jams.contains(place.0) else { break }
                let content = bench.contents[place.0]
                if place.1 == .returning, hands[person] == 1, content == .empty {
                    hands[person] = 0
                    bench.put(random.below(6) == 0 ? .unknown : SwapBench.spent, into: place.0)
                } else if place.1 != .returning, hands[person] == 0, content != .empty {
                    hands[person] = 1
                    bench.put(.empty, into: place.0)
                }
                if random.below(4) != 0 { bench.shut(place.0) }
            case 6: bench.wait(Int64(random.below(40)))
            case 7:
                bench.jams = random.below(3) == 0 ? [random.below(5)] : []
                for place in 0..<5 { bench.tell(.reset(place)) }
            case 8:
                // Between two visits what was put in is charged.
                for place in 0..<5 where bench.contents[place] == SwapBench.spent {
                    bench.put(SwapBench.charged, into: place)
                }
                for place in 0..<5 where !bench.jams.contains(place) { bench.shut(place) }
            default:
                guard random.below(3) == 0 else { break }
                let kept = bench.cabinet.kept
                bench.cabinet = SwapCabinet(compartments: 5)
                bench.start(kept)
                bench.wait(25)
            }
            for output in bench.outputs[before...] {
                guard case .began(let owner) = output else { continue }
                #expect(open.insert(people.firstIndex(of: owner) ?? -1).inserted)
            }
            for output in bench.outputs[before...] {
                guard case .ended(let owner, _, _) = output,
                    let person = people.firstIndex(of: owner)
                else { continue }
                ended += 1
                let isWhole = open.remove(person) != nil && hands[person] == 1
                try #require(isWhole)
            }
            let isOpen = (0..<4).allSatisfy { hands[$0] == 1 || open.contains($0) }
            try #require(isOpen)
        }
        #expect(ended > 5)
        let inside = bench.contents.count { $0 != .empty }
        #expect(inside + hands.reduce(0, +) == 3 + 4, "no battery is made or lost")
    }
}
