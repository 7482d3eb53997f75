// Identifiers, the ticket map and the counters.

import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `An identifier` {
    @Test func `is 32 hexadecimal digits, zeros in front included`() {
        let text = "00ff0123456789abcdef00000000000a"
        #expect(StoreID(text)?.description == text)
        #expect(StoreID(text.uppercased())?.description == text)
        for bad in ["", "00", text + "0", "g" + text.dropFirst(), "-" + text.dropFirst()] {
            #expect(StoreID(bad) == nil)
        }
    }

    @Test func `of a boot may have the kernel's hyphens`() {
        #expect(
            BootID("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9")?.description
                == "0a1b2c3d4e5f60718293a4b5c6d7e8f9")
    }
}

@Suite struct `A commit queue` {
    private let now = Instant(nanoseconds: 0)

    @Test func `keeps to its room however long it is never quite empty`() {
        var queue = CommitQueue()
        var next: UInt64 = 1
        for _ in 0..<10_000 {
            for _ in 0..<256 {
                _ = queue.append(entry(next), at: now)
                next += 1
            }
            queue.removeFirst(255)
        }
        #expect(queue.count > 255)
        #expect(queue.room <= 4 * CommitQueue.capacity)
    }

    @Test func `keeps its order when it moves to the front`() {
        var queue = CommitQueue()
        for number in UInt64(1)...10 { _ = queue.append(entry(number), at: now) }
        queue.removeFirst(4)
        #expect(queue.first(2).map(\.ticket.number) == [5, 6])
        queue.removeFirst(3)
        #expect(queue.first(9).map(\.ticket.number) == [8, 9, 10])
        _ = queue.append(entry(11), at: now)
        #expect(queue.first(9).map(\.ticket.number) == [8, 9, 10, 11])
        queue.removeFirst(4)
        #expect(queue.isEmpty)
        #expect(queue.due == nil)
    }
}

@Suite struct `A ticket map` {
    @Test func `finds recent tickets across runs and forgets old ones`() {
        var map = TicketMap()
        #expect(map.sequence(of: Ticket(number: 0)) == nil)
        for run in UInt64(0)..<20 {
            for step in UInt64(0)..<3 {
                map.record(Ticket(number: run * 100 + step), run * 10 + step + 1)
            }
        }
        #expect(map.sequence(of: Ticket(number: 1_902)) == 193)
        #expect(map.sequence(of: Ticket(number: 400)) == 41)
        #expect(map.sequence(of: Ticket(number: 300)) == nil)
        #expect(map.sequence(of: Ticket(number: 1_903)) == nil)
        map.record(.ofStore, 999)
        #expect(map.sequence(of: .ofStore) == nil)
    }
}

@Suite struct `A latency histogram` {
    @Test func `gives the bound of the bucket that a share lies in`() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        for _ in 0..<98 { histogram.record(.microseconds(100)) }
        histogram.record(.milliseconds(5))
        histogram.record(.seconds(100))
        #expect(histogram.quantile(0.5) == .microseconds(128))
        #expect(histogram.quantile(0.99) == .microseconds(8_192))
        #expect(histogram.quantile(1) == nil)
        #expect(histogram.counts.reduce(0, +) == 100)
        #expect(histogram.total == 100)
    }
}

@Suite struct `Recent times` {
    @Test func `forget what is long ago`() {
        var recent = RecentTimes()
        #expect(recent.summary == nil)
        recent.record(.seconds(9))
        #expect(
            recent.summary == .init(median: .seconds(9), p99: .seconds(9), max: .seconds(9)))
        for number in 1...Int64(RecentTimes.capacity) { recent.record(.milliseconds(number)) }
        #expect(recent.summary?.max == .milliseconds(256))
        #expect(recent.summary?.median == .milliseconds(128))
        #expect(recent.summary?.p99 == .milliseconds(253))
    }
}

@Suite struct `An error` {
    @Test(arguments: JournalError.Kind.allCases)
    func `says what to do about it in both languages`(kind: JournalError.Kind) {
        let remedy = JournalError(kind, "x").remedy
        #expect(remedy.chinese.unicodeScalars.contains { $0.value >= 0x4E00 })
        #expect(remedy.english.utf8.count > 10)
    }
}
