// First in, first out, in room that was made once.

import Testing

@testable import StationCore

@Suite struct `A fixed queue` {
    @Test func `gives back in order what it took, and refuses what does not fit`() {
        var queue = FixedQueue<Int>(capacity: 3)
        for number in 1...3 {
            let isTaken = queue.append(number)
            #expect(isTaken)
        }
        let isTaken = queue.append(4)
        #expect(isTaken == false)
        #expect((0..<queue.count).map { queue[$0] } == [1, 2, 3])
        #expect(queue.popFirst() == 1)
        #expect(queue.first == 2)
        #expect(queue.popFirst() == 2)
        #expect(queue.popFirst() == 3)
        #expect(queue.popFirst() == nil)
    }

    @Test func `moves to the front when it reaches the end of its room`() {
        var queue = FixedQueue<Int>(capacity: 4)
        var expected: [Int] = []
        for number in 0..<1_000 {
            if expected.count == 4 {
                queue.removeFirst(1 + number % 3)
                expected.removeFirst(1 + number % 3)
            }
            let isTaken = queue.append(number)
            expected.append(number)
            #expect(isTaken)
            #expect((0..<queue.count).map { queue[$0] } == expected)
        }
        queue.removeFirst(99)
        #expect(queue.isEmpty == true)
    }

    @Test func `takes what cannot wait before all others, wherever they lie`() {
        var queue = FixedQueue<Int>(capacity: 4)
        var expected: [Int] = []
        for number in 0..<1_000 {
            if expected.count == 4 {
                let isTaken = queue.prepend(number)
                #expect(!isTaken)
                queue.removeFirst(1 + number % 4)
                expected.removeFirst(1 + number % 4)
            }
            let isTaken = number % 3 == 0 ? queue.append(number) : queue.prepend(number)
            expected.insert(number, at: number % 3 == 0 ? expected.count : 0)
            #expect(isTaken)
            #expect((0..<queue.count).map { queue[$0] } == expected)
        }
    }

    @Test func `finds the newest that fits and lets one leave from the middle`() {
        var queue = FixedQueue<Int>(capacity: 4)
        for number in [9, 1, 2, 3] { _ = queue.append(number) }
        queue.removeFirst(1)
        _ = queue.append(4)
        let odd = queue.lastIndex(before: 4) { $0 % 2 == 1 }
        #expect(odd == 2)
        let earlier = queue.lastIndex(before: 2) { $0 % 2 == 1 }
        #expect(earlier == 0)
        let none = queue.lastIndex(before: 0) { _ in true }
        #expect(none == nil)
        queue.remove(at: 2)
        #expect((0..<queue.count).map { queue[$0] } == [1, 2, 4])
        _ = queue.append(5)
        for _ in 0..<4 { queue.remove(at: 0) }
        #expect(queue.isEmpty == true)
    }

    @Test func `lets go of what it holds`() {
        final class Witness {}
        weak var first: Witness?
        weak var last: Witness?
        do {
            var queue = FixedQueue<Witness>(capacity: 2)
            let (one, two) = (Witness(), Witness())
            (first, last) = (one, two)
            _ = queue.append(one)
            _ = queue.append(two)
            queue.removeFirst(1)
        }
        #expect(first == nil)
        #expect(last == nil)
    }
}
