// A table holds what it was made with, changes it in place, and lets go of it at its end.

import Testing

@testable import StationCore

@Suite struct `A fixed table` {
    @Test func `holds its elements in their order`() {
        let table = FixedTable([3, 1, 2])
        #expect(table.count == 3)
        #expect(table.indices.map { table[$0] } == [3, 1, 2])
        #expect(FixedTable<Int>([]).indices.isEmpty)
    }

    @Test func `changes one element and no other`() {
        var table = FixedTable([[1], [2], [3]])
        table[1].append(4)
        #expect(table.indices.map { table[$0] } == [[1], [2, 4], [3]])
    }

    @Test func `lets go of each element once`() {
        final class Token {}
        weak var watched: Token?
        do {
            let token = Token()
            watched = token
            let table = FixedTable([token, token])
            #expect(table[1] === token)
        }
        #expect(watched == nil)
    }
}
