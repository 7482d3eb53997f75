// A bank of sockets: who may begin where, and what a second tap does.

import EventLoop
import Testing

@testable import StationCore

/// A bank whose sockets obey at once and whose meters speak when the test says so.
private struct Bench {
    var bank: ChargingBank
    var now = Instant(nanoseconds: 1_000_000_000_000)
    var loads: [Int64]
    var isOn: [Bool]
    var outputs: [ChargingBank.Output] = []

    init(
        _ count: Int, perHolder: Int = 1, limit: Power? = nil,
        _ change: (inout Socket.Settings) -> Void = { _ in }
    ) {
        var settings = Socket.Settings(.ebike)
        change(&settings)
        bank = ChargingBank(
            ChargingBank.Settings(
                sockets: Array(repeating: settings, count: count), sessionsPerHolder: perHolder,
                groupLimit: limit))
        loads = Array(repeating: 0, count: count)
        isOn = Array(repeating: false, count: count)
        for place in 0..<count { tell(.socket(place, .recalled(nil, away: nil))) }
        run(5)
        outputs.removeAll()
    }

    mutating func tell(_ input: ChargingBank.Input) {
        var inputs = [input]
        while !inputs.isEmpty {
            for output in bank.handle(inputs.removeFirst(), at: now) {
                outputs.append(output)
                switch output {
                case .socket(let place, .switchOn(let order, _, _)):
                    isOn[place] = true
                    inputs.append(.socket(place, .orderEnded(order, .confirmed)))
                case .socket(let place, .switchOff(let order)):
                    isOn[place] = false
                    inputs.append(.socket(place, .orderEnded(order, .confirmed)))
                case .socket, .given, .taken, .refused: break
                }
            }
        }
    }

    mutating func run(_ seconds: Int) {
        for _ in 0..<seconds {
            now = now + .seconds(1)
            if let due = bank.nextDeadline, due <= now { tell(.deadline) }
            for place in loads.indices {
                let watts = DecimalNumber(isOn[place] ? loads[place] : 0)
                tell(.socket(place, .power(Outlet.reading(watts, at: now))))
                tell(.socket(place, .energy(Outlet.reading(DecimalNumber(100), at: now))))
            }
        }
    }

    mutating func tap(_ name: String, at socket: Int? = nil, quota: Energy? = nil) {
        outputs.removeAll()
        let owner = UseOwner(
            key: ShortText("key-" + name) ?? .empty, holder: ShortText(name) ?? .empty,
            source: .key)
        tell(.tapped(Socket.Request(owner, quota: quota), socket: socket))
    }

    /// Somebody taps who may begin nothing.
    mutating func leave(_ name: String, at socket: Int? = nil) {
        outputs.removeAll()
        let owner = UseOwner(
            key: ShortText("key-" + name) ?? .empty, holder: ShortText(name) ?? .empty,
            source: .key)
        tell(.endAsked(owner, socket: socket))
    }

    /// What the last tap came to.
    var answer: ChargingBank.Output? {
        outputs.last { if case .socket = $0 { false } else { true } }
    }
}

@Suite struct `A bank of sockets` {
    @Test func `only ends what somebody has who may begin nothing any more`() {
        var bench = Bench(3, perHolder: 2) { $0.hasPlug = true }
        for place in 0..<3 { bench.tell(.socket(place, .plug(false))) }
        bench.tell(.socket(0, .plug(true)))
        bench.tap("li")
        #expect(bench.answer == .given(0))
        // A fresh plug would be a second charge for anybody else.
        bench.tell(.socket(1, .plug(true)))
        bench.leave("li")
        #expect(bench.answer == .taken(0) && !bench.isOn[0] && !bench.isOn[1])
        bench.run(30)
        bench.leave("li")
        #expect(bench.answer == nil && !bench.isOn[1])
        bench.leave("li", at: 7)
        #expect(bench.answer == nil)
    }

    @Test func `gives the first free socket, and takes it back with the next tap`() {
        var bench = Bench(3)
        bench.tap("li")
        #expect(bench.answer == .given(0) && bench.isOn == [true, false, false])
        bench.tap("wang")
        #expect(bench.answer == .given(1))
        bench.loads = [100, 100, 0]
        bench.run(5)
        bench.tap("li")
        #expect(bench.answer == .taken(0) && bench.isOn == [false, true, false])
    }

    @Test func `gives the socket into which something was plugged before the tap`() {
        var bench = Bench(4) { $0.hasPlug = true }
        for place in 0..<4 { bench.tell(.socket(place, .plug(false))) }
        bench.tell(.socket(1, .plug(true)))
        bench.run(700)
        bench.tell(.socket(3, .plug(true)))
        bench.run(1)
        bench.tell(.socket(2, .plug(true)))
        bench.tap("li")
        #expect(bench.answer == .given(2))
        bench.tap("wang")
        #expect(bench.answer == .given(3))
        // What has stood plugged in for long is somebody else's.
        bench.tap("zhao")
        #expect(bench.answer == .given(0) && bench.bank.sockets[0].phase == .occupied)
    }

    @Test func `gives nobody a socket in which another one's battery still is`() {
        var bench = Bench(1) { $0.hasPlug = true }
        bench.tell(.socket(0, .plug(true)))
        bench.loads = [200]
        bench.tap("li")
        bench.run(5)
        bench.tap("li")
        bench.run(5)
        #expect(bench.bank.sockets[0].phase == .ended)
        bench.tap("wang")
        #expect(bench.answer == .refused(.noneFree))
        bench.tell(.socket(0, .plug(false)))
        bench.tap("wang")
        #expect(bench.answer == .given(0))
    }

    @Test func `lets each holder have one, or as many as the station says`() {
        var bench = Bench(3)
        bench.tap("li", at: 0)
        bench.tap("li", at: 1)
        #expect(bench.answer == .refused(.holderLimit))
        bench = Bench(3, perHolder: 2)
        bench.tap("li", at: 0)
        bench.tap("li", at: 1)
        #expect(bench.answer == .given(1))
        bench.tap("li", at: 2)
        #expect(bench.answer == .refused(.holderLimit))
        bench.tap("li", at: 0)
        #expect(bench.answer == .taken(0))
        bench.run(5)
        // Without a choice it is the one that began last.
        bench.tap("li")
        #expect(bench.answer == .taken(1))
    }

    @Test func `has nobody end what is not theirs`() {
        var bench = Bench(2)
        bench.tap("li", at: 0)
        bench.tap("wang", at: 0)
        #expect(bench.answer == .refused(.notYours) && bench.isOn[0])
        bench.tap("wang", at: 7)
        #expect(bench.answer == .refused(.noSocket))
        bench.tap("wang", at: -1)
        #expect(bench.answer == .refused(.noSocket))
    }

    @Test func `has a button end what a button began, and nothing else`() {
        var bench = Bench(2)
        let anybody = ChargingBank.Input.tapped(
            Socket.Request(UseOwner(source: .button)), socket: 0)
        bench.tell(anybody)
        #expect(bench.isOn[0])
        bench.tell(anybody)
        #expect(!bench.isOn[0])
        bench.tap("li", at: 1)
        bench.tell(.tapped(Socket.Request(UseOwner(source: .button)), socket: 1))
        #expect(bench.answer == .refused(.notYours) && bench.isOn[1])
    }

    @Test func `takes nobody more than its feed gives`() {
        var bench = Bench(4, limit: .watts(2_300))
        bench.loads = [300, 300, 0, 0]
        bench.tap("a")
        bench.tap("b")
        bench.tap("c")
        #expect(bench.answer == .refused(.groupLimit))
        #expect(bench.bank.reserve(at: bench.now) == .watts(2_000))
        // A charger that has shown what it takes leaves the rest to others.
        bench.run(70)
        #expect(bench.bank.reserve(at: bench.now) == .watts(600))
        bench.tap("c")
        #expect(bench.answer == .given(2))
        bench.tap("d")
        #expect(bench.answer == .refused(.groupLimit))
    }

    @Test func `says what stands against all of them`() {
        var bench = Bench(2)
        bench.tap("a", quota: .zero)
        #expect(bench.answer == .refused(.quota))
        for (input, refusal) in [
            (Socket.Input.open(false), Socket.Refusal.closed), (.mains(false), .noMains),
            (.guarded(true), .guarded), (.smoke(true), .smoke),
        ] {
            var other = bench
            other.tell(.all(input))
            other.tap("a")
            #expect(other.answer == .refused(refusal))
        }
        bench.tap("a")
        bench.tap("b")
        bench.tap("c")
        #expect(bench.answer == .refused(.noneFree) && bench.bank.freeCount == 0)
    }

    @Test func `ends all with smoke, in one step`() {
        var bench = Bench(40)
        for person in 0..<40 { bench.tap("p\(person)") }
        bench.loads = Array(repeating: 100, count: 40)
        bench.run(3)
        bench.outputs.removeAll()
        let outputs = bench.bank.handle(.all(.smoke(true)), at: bench.now)
        let offs = outputs.count {
            if case .socket(_, .switchOff) = $0 { true } else { false }
        }
        #expect(offs == 40)
    }

    @Test func `looks at each socket in time, however many there are`() {
        var bench = Bench(50)
        for person in 0..<50 { bench.tap("p\(person)") }
        bench.outputs.removeAll()
        bench.run(124)
        let ends = bench.outputs.count {
            if case .socket(_, .ended(_, .noLoad, _, _)) = $0 { true } else { false }
        }
        #expect(ends == 50)
    }

    @Test(arguments: 1...8)
    func `never gives one holder two sockets, nor one socket to two`(seed: UInt64) {
        var random = Xorshift(seed: seed)
        var bench = Bench(5, limit: .watts(3_500))
        for _ in 0..<400 {
            let name = "p\(random.below(8))"
            switch random.below(6) {
            case 0, 1: bench.tap(name)
            case 2: bench.tap(name, at: random.below(6))
            case 3: bench.loads[random.below(5)] = Int64(random.below(4)) * 250
            case 4: bench.tell(.all(.smoke(random.below(4) == 0)))
            default: bench.run(random.below(30))
            }
            let running = bench.bank.sockets.filter { $0.owner != nil && !$0.isEnding }
            let holders = running.compactMap { $0.owner?.holder }
            #expect(Set(holders).count == holders.count)
            for place in 0..<5 where bench.isOn[place] {
                #expect(bench.bank.sockets[place].owner != nil)
            }
        }
    }
}
