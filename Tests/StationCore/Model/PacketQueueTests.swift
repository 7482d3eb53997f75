// Packets in a queue: in order, whole, never more than fit.

import Testing

@testable import StationCore

@Suite struct `A queue of packets` {
    private func append(_ bytes: [UInt8], to queue: inout PacketQueue) -> Bool {
        bytes.withUnsafeBytes { queue.append($0) }
    }

    @Test func `gives back what it was given, for as long as it is used`() {
        var queue = PacketQueue(capacity: 700)
        var random = Xorshift(seed: 7)
        var expected: [[UInt8]] = []
        var room = 700
        for _ in 0..<20_000 {
            if random.next() % 2 == 0 {
                let count = Int(random.next() % 300)
                let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let isTaken = append(bytes, to: &queue)
                #expect(isTaken == (count + 2 <= room))
                if isTaken {
                    expected.append(bytes)
                    room -= count + 2
                }
            } else {
                let oldest = queue.popFirst { Array($0) }
                #expect(oldest == expected.first)
                if !expected.isEmpty { room += expected.removeFirst().count + 2 }
            }
            let isEmpty = queue.isEmpty
            #expect(isEmpty == expected.isEmpty)
        }
    }

    @Test func `takes the longest packet there is, and an empty one`() {
        var queue = PacketQueue(capacity: 516)
        let long = [UInt8](repeating: 3, count: Packet.capacity)
        var isTaken = append(long, to: &queue)
        #expect(isTaken)
        isTaken = append([1], to: &queue)
        #expect(!isTaken)
        isTaken = append([], to: &queue)
        #expect(isTaken)
        let packets = [
            queue.popFirst { Packet($0) }, queue.popFirst { Packet($0) },
            queue.popFirst { Packet($0) },
        ]
        #expect(packets == [Packet(long), Packet(), nil])
    }
}
