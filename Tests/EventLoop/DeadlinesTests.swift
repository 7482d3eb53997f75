// Deadlines come in (time, owner) order, whatever was set and cleared before.

import EventLoop
import Testing

@Suite struct `A table of deadlines` {
    private func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test func `come in the order of time, then of owner`() {
        var deadlines = Deadlines(owners: 4)
        deadlines.set(3, to: at(10))
        deadlines.set(1, to: at(20))
        deadlines.set(0, to: at(20))
        deadlines.set(2, to: at(5))
        var order: [Int] = []
        while let owner = deadlines.takeDue(at: at(20)) { order.append(owner) }
        #expect(order == [2, 3, 0, 1])
        #expect(deadlines.next == nil)
    }

    @Test func `that are not due stay`() {
        var deadlines = Deadlines(owners: 2)
        deadlines.set(0, to: at(10))
        #expect(deadlines.takeDue(at: at(9)) == nil)
        #expect(deadlines.next == at(10))
        #expect(deadlines.takeDue(at: at(10)) == 0)
    }

    @Test func `move and clear without a trace`() {
        var deadlines = Deadlines(owners: 3)
        for owner in 0..<3 { deadlines.set(owner, to: at(Int64(owner) * 10)) }
        deadlines.set(0, to: at(25))
        deadlines.set(1, to: nil)
        deadlines.set(1, to: nil)
        #expect(deadlines[1] == nil)
        #expect(deadlines.takeDue(at: at(100)) == 2)
        #expect(deadlines.takeDue(at: at(100)) == 0)
        #expect(deadlines.takeDue(at: at(100)) == nil)
    }

    @Test func `are brought forward and never put off`() {
        var deadlines = Deadlines(owners: 2)
        deadlines.bringForward(0, to: at(20))
        #expect(deadlines[0] == at(20))
        deadlines.bringForward(0, to: at(30))
        #expect(deadlines[0] == at(20))
        deadlines.bringForward(0, to: at(10))
        #expect(deadlines.next == at(10))
    }

    /// A dictionary, searched from end to end for every answer.
    private struct Naive {
        var times: [Int: Int64] = [:]

        mutating func takeDue(at now: Int64) -> Int? {
            let due = times.filter { $0.value <= now }
                .min { ($0.value, $0.key) < ($1.value, $1.key) }?.key
            if let due { times[due] = nil }
            return due
        }
    }

    @Test(arguments: [1, 2, 3, 17, 100])
    func `answer as a naive table does, whatever is asked of them`(owners: Int) {
        var deadlines = Deadlines(owners: owners)
        var naive = Naive()
        var seed = UInt64(owners)
        func next(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        var now: Int64 = 0
        for _ in 0..<20_000 {
            let owner = next(owners)
            // Few different times, so that owners meet at one of them.
            let time = now + Int64(next(40)) - 10
            switch next(6) {
            case 0, 1:
                deadlines.set(owner, to: at(time))
                naive.times[owner] = time
            case 2:
                deadlines.set(owner, to: nil)
                naive.times[owner] = nil
            case 3:
                deadlines.bringForward(owner, to: at(time))
                naive.times[owner] = min(naive.times[owner] ?? time, time)
            default:
                now += Int64(next(5))
                #expect(deadlines.takeDue(at: at(now)) == naive.takeDue(at: now))
            }
            #expect(deadlines[owner]?.nanoseconds == naive.times[owner])
            #expect(deadlines.next?.nanoseconds == naive.times.values.min())
        }
        #expect((0..<owners).allSatisfy { deadlines[$0]?.nanoseconds == naive.times[$0] })
    }

    @Test func `agree with a sorted list over ten thousand random changes`() {
        var deadlines = Deadlines(owners: 50)
        var model: [Int: Int64] = [:]
        var seed: UInt64 = 42
        func next(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }
        for _ in 0..<10_000 {
            let owner = Int(next(50))
            if next(4) == 0 {
                deadlines.set(owner, to: nil)
                model[owner] = nil
            } else {
                let time = Int64(next(1_000))
                deadlines.set(owner, to: at(time))
                model[owner] = time
            }
            #expect(deadlines.next?.nanoseconds == model.values.min())
        }
        let expected = model.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        var order: [Int] = []
        while let owner = deadlines.takeDue(at: at(1_000)) { order.append(owner) }
        #expect(order == expected)
    }
}
