// The kernel's readiness as the loop gets it: in time, once, and for whoever registered.

import CLinux
import EventLoop
import Glibc
import Testing

@testable import Ports

/// How often the finer wait was asked of a kernel that lacks it. Only one test asks.
nonisolated(unsafe) private var refusals = 0

@Suite(.serialized) struct `A selector on epoll` {
    private func eventFile() -> Int32 { station_eventfd_create() }

    private func wait(_ selector: EpollSelector, _ interval: Interval?) -> [Readiness] {
        var ready: [Readiness] = []
        let start = selector.now()
        selector.wait(from: start, until: interval.map { start + $0 }, into: &ready)
        return ready
    }

    /// The shortest of many waits: the machine may be busy in some.
    private func shortestWait(_ selector: EpollSelector, _ interval: Interval) -> Interval {
        var shortest = Interval.seconds(60)
        for _ in 0..<50 {
            let start = selector.now()
            #expect(wait(selector, interval).isEmpty)
            shortest = min(shortest, selector.now() - start)
        }
        return shortest
    }

    @Test func `waits 300 microseconds, and neither none nor a millisecond`() throws {
        let shortest = shortestWait(try EpollSelector(), .microseconds(300))
        #expect(shortest >= .microseconds(300))
        #expect(shortest < .microseconds(900))
    }

    @Test func `waits whole milliseconds, rounded up, where the kernel cannot do finer`() throws {
        refusals = 0
        let selector = try EpollSelector { _, _, _, _ in
            refusals += 1
            return -ENOSYS
        }
        #expect(shortestWait(selector, .microseconds(300)) >= .microseconds(900))
        #expect(refusals == 1, "it was asked again although it had said that it cannot")
        let file = eventFile()
        defer { close(file) }
        let registration = try selector.add(file, token: 5)
        _ = station_eventfd_signal(file)
        #expect(wait(selector, .seconds(20)).map(\.registration) == [registration])
        #expect(wait(selector, nil).map(\.token) == [5])
        #expect(wait(selector, .zero).map(\.token) == [5])
    }

    @Test func `does not wait for a deadline that is past`() throws {
        let selector = try EpollSelector()
        let file = eventFile()
        defer { close(file) }
        _ = try selector.add(file, token: 1)
        for past in [Interval.zero, .microseconds(-1), .seconds(-100)] {
            #expect(wait(selector, past).isEmpty)
        }
        _ = station_eventfd_signal(file)
        #expect(wait(selector, .seconds(-100)).map(\.token) == [1], "it looks all the same")
    }

    @Test func `reports all that are ready, at most a turn's worth at once`() throws {
        let selector = try EpollSelector()
        let limit = EventLoopLimits.readinessPerTick
        let files = (0..<limit + 10).map { _ in eventFile() }
        defer { for file in files { close(file) } }
        for (token, file) in files.enumerated() {
            _ = try selector.add(file, token: UInt32(token))
            _ = station_eventfd_signal(file)
        }
        var seen = Set<UInt32>()
        for _ in 0..<3 {
            let ready = wait(selector, .zero)
            #expect(ready.count == limit)
            seen.formUnion(ready.map(\.token))
        }
        #expect(seen.count == files.count, "the kernel takes turns among the ready ones")
    }

    @Test func `reports nothing of a descriptor that was removed`() throws {
        let selector = try EpollSelector()
        let (kept, removed) = (eventFile(), eventFile())
        defer { for file in [kept, removed] { close(file) } }
        _ = try selector.add(kept, token: 1)
        let registration = try selector.add(removed, token: 2)
        for file in [kept, removed] { _ = station_eventfd_signal(file) }
        selector.remove(removed, registration)
        #expect(!selector.isCurrent(registration))
        #expect(wait(selector, .zero).map(\.token) == [1])
        // Removing twice is harmless, also when somebody else has the slot by then.
        let next = try selector.add(removed, token: 3)
        selector.remove(removed, registration)
        #expect(selector.isCurrent(next))
        #expect(Set(wait(selector, .zero).map(\.token)) == [1, 3])
    }

    @Test func `tells the end of a pipe from something to read`() throws {
        let selector = try EpollSelector()
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        _ = try selector.add(ends[0], token: 7)
        #expect(write(ends[1], "x", 1) == 1)
        #expect(wait(selector, .seconds(20)).map(\.isHangup) == [false])
        close(ends[1])
        #expect(wait(selector, .seconds(20)).map(\.isHangup) == [true])
    }

    @Test func `says why a descriptor cannot be watched, and keeps no place for it`() throws {
        let selector = try EpollSelector()
        #expect(throws: EpollSelector.Failure(errno: EBADF)) {
            try selector.add(-1, token: 1)
        }
        let file = eventFile()
        defer { close(file) }
        #expect(try selector.add(file, token: 2).slot == 0)
    }
}
