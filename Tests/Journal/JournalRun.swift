// A recorder that a test drives through hours and days.

import EventLoop
import StationCore

@testable import Journal

/// A recorder with its clock.
struct JournalRun: ~Copyable {
    var recorder: Recorder
    var now: Instant

    init(_ settings: StoreSettings, at now: Instant = Instant(nanoseconds: 0)) {
        recorder = Recorder(settings: settings)
        self.now = now
        settle()
    }

    /// Does everything that is due now.
    mutating func settle() { while recorder.advance(to: now, { _ in }) {} }

    /// Does everything that is due until then, each thing in its time.
    mutating func pass(until end: Instant) {
        while let due = recorder.nextDeadline, due <= end {
            now = max(now, due)
            settle()
        }
        now = end
    }

    /// Whether the entry was taken; it is written at once if its class wants that.
    mutating func write(_ entry: Entry) -> Bool {
        let isTaken = recorder.take(entry, at: now)
        settle()
        return isTaken
    }

    mutating func usage(_ question: UsageQuestion) throws(JournalError) -> [UsageGroup] {
        var reading = try recorder.beginReading(question)
        while !reading.isFinished { try recorder.advance(&reading) }
        return reading.groups
    }
}
