// How far the wall clock is believed, from 1970 at boot to a hand that sets it.

import EventLoop
import StationCore
import Testing

@testable import Ports

@Suite struct `A clock observer` {
    /// A board's clocks: time passes, people and programs set the wall clock, the board sleeps.
    private final class Board {
        var observer: ClockObserver
        private var reading: ClockReading

        /// - Parameter wall: what the wall clock shows at first, in seconds.
        init(wall: Int64, floor: WallTime = Release.built) {
            observer = ClockObserver(utcOffsetMinutes: 480, floor: floor)
            reading = ClockReading(
                monotonic: 5_000_000_000, wall: wall * 1_000_000_000, boot: 5_000_000_000,
                isSynchronized: false)
        }

        func pass(_ seconds: Int64, partsPerMillion: Int64 = 0) {
            let passed = seconds * (1_000_000_000 + partsPerMillion * 1_000)
            reading.monotonic += passed
            reading.wall += passed
            reading.boot += passed
        }

        func suspend(_ seconds: Int64) {
            reading.wall += seconds * 1_000_000_000
            reading.boot += seconds * 1_000_000_000
            observer.stepped()
        }

        /// settimeofday: whoever calls it, the kernel says that the clock is not synchronised.
        func set(by milliseconds: Int64, isTold: Bool = true) {
            reading.wall += milliseconds * 1_000_000
            reading.isSynchronized = false
            if isTold { observer.stepped() }
        }

        func synchronize(_ isSynchronized: Bool = true) {
            reading.isSynchronized = isSynchronized
        }

        func look() -> ClockQuality { calendar().quality }
        func calendar() -> Calendar { observer.observe(reading) }
        var wall: WallTime { WallTime(milliseconds: reading.wall / 1_000_000) }
    }

    private let day: Int64 = 86_400
    private let today = Release.built.seconds + 90 * 86_400

    @Test func `believes nothing of 1970, and all of a time source`() {
        let board = Board(wall: 12)
        #expect(board.look() == .none)
        // The source steps it: decades at once.
        board.set(by: today * 1_000)
        #expect(board.look() == .restored)
        board.synchronize()
        #expect(board.look() == .synced)
        board.pass(16)
        #expect(board.look() == .synced)
    }

    @Test func `believes no synchronised clock that shows less than the build time`() {
        let board = Board(wall: 12)
        board.synchronize()
        #expect(board.look() == .none)
    }

    @Test func `takes a clock after the floor for restored, and one before it for none`() {
        let board = Board(wall: today, floor: WallTime(seconds: today - day))
        #expect(board.look() == .restored)
        board.set(by: -2 * day * 1_000)
        #expect(board.look() == .none)
    }

    @Test func `lets a clock coast after its source is gone, however it is slewed or sleeps`() {
        let board = Board(wall: today)
        board.synchronize()
        #expect(board.look() == .synced)
        board.synchronize(false)
        for _ in 0..<30 {
            board.pass(day, partsPerMillion: 500)
            #expect(board.look() == .holdover)
            board.suspend(3_600)
            #expect(board.look() == .holdover)
        }
    }

    @Test(arguments: [true, false], [3_600_000, -3_600_000, 86_400_000 * 400])
    func `does not take a clock that somebody set for one that coasts`(
        isTold: Bool, milliseconds: Int64
    ) {
        let board = Board(wall: today)
        board.synchronize()
        #expect(board.look() == .synced)
        board.pass(16)
        board.set(by: milliseconds, isTold: isTold)
        // Set back by an hour it is before what was seen already, and surely wrong.
        #expect(board.look() == (milliseconds < 0 ? .none : .restored))
        board.pass(day)
        #expect(board.look() == .restored)
        // Even set right again, it is only what somebody says, until a source agrees.
        board.set(by: -milliseconds, isTold: isTold)
        #expect(board.look() < .holdover)
        board.synchronize()
        #expect(board.look() == .synced)
        board.synchronize(false)
        #expect(board.look() == .holdover)
    }

    @Test func `forgives what cannot be seen, and a little more only when nobody set the clock`() {
        let board = Board(wall: today)
        board.synchronize()
        #expect(board.look() == .synced)
        board.set(by: 1_000, isTold: false)
        #expect(board.look() == .holdover)
        board.set(by: 50)
        #expect(board.look() < .holdover)
        board.synchronize()
        #expect(board.look() == .synced)
        board.set(by: 50)
        #expect(board.look() == .holdover)
    }

    @Test func `goes on trusting a source that steps the clock`() {
        let board = Board(wall: today)
        board.synchronize()
        #expect(board.look() == .synced)
        board.set(by: 5_000)
        board.synchronize()
        #expect(board.look() == .synced)
        board.synchronize(false)
        board.pass(day)
        #expect(board.look() == .holdover)
    }

    @Test func `raises its floor while a source disciplines the clock, and not otherwise`() {
        let board = Board(wall: today)
        board.synchronize()
        #expect(board.calendar().floor == board.wall)
        board.pass(200 * day)
        let last = board.wall
        #expect(board.calendar().floor == last)
        board.set(by: 400 * day * 1_000)
        #expect(board.calendar().floor == last)
        board.set(by: -500 * day * 1_000)
        #expect(board.calendar().floor == last)
        #expect(board.look() == .none)
        // A source outranks what was remembered, even when it was another source's.
        board.synchronize()
        #expect(board.calendar().floor == board.wall)
    }
}
