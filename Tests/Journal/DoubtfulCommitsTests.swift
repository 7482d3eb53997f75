// Which of the failed commits is in the file after all.

import EventLoop
import Testing

@testable import Journal

@Suite struct `Doubtful commits` {
    let store = StoreID(bits: 7)

    func at(_ sequence: UInt64, _ store: StoreID? = nil) -> Cursor {
        Cursor(store: store ?? self.store, sequence: sequence)
    }

    func attempt(
        _ entries: Int, notes: Int = 0, lost: UInt32 = 0
    ) -> DoubtfulCommits.Attempt {
        DoubtfulCommits.Attempt(notes: notes, entries: entries, lost: lost)
    }

    @Test func `are told by how many entries the file has won`() {
        var doubtful = DoubtfulCommits()
        doubtful.append(attempt(3), after: at(10))
        doubtful.append(attempt(5, notes: 1), after: at(10))
        #expect(doubtful.durable(upTo: at(10)) == nil)
        #expect(doubtful.durable(upTo: at(13)) == attempt(3))
        #expect(doubtful.durable(upTo: at(16)) == attempt(5, notes: 1))
        #expect(doubtful.durable(upTo: at(14)) == nil)
    }

    @Test func `are one entry longer when they told of losses, however many`() {
        var doubtful = DoubtfulCommits()
        doubtful.append(attempt(3, notes: 1, lost: 40), after: at(10))
        #expect(doubtful.durable(upTo: at(14)) == nil)
        #expect(doubtful.durable(upTo: at(15)) == attempt(3, notes: 1, lost: 40))
    }

    @Test func `cover the longest of them until the file was looked at`() {
        var doubtful = DoubtfulCommits()
        #expect(doubtful.entries == 0)
        doubtful.append(attempt(5), after: at(10))
        doubtful.append(attempt(3, notes: 4), after: at(10))
        #expect(doubtful.entries == 5)
        doubtful.removeAll()
        #expect(doubtful.entries == 0)
    }

    @Test func `count from the entry that all of them followed`() {
        var doubtful = DoubtfulCommits()
        doubtful.append(attempt(3), after: at(10))
        doubtful.append(attempt(4), after: at(12))
        #expect(doubtful.durable(upTo: at(13)) == nil)
        #expect(doubtful.durable(upTo: at(16)) == attempt(4))
    }

    @Test func `mean nothing to another store`() {
        var doubtful = DoubtfulCommits()
        doubtful.append(attempt(3), after: at(10))
        #expect(doubtful.durable(upTo: at(13, StoreID(bits: 8))) == nil)
        doubtful.removeAll()
        #expect(doubtful.durable(upTo: at(13)) == nil)
    }
}
