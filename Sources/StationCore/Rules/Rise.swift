// How far a value has risen within a moving window: exact, and bounded whatever comes.
//
//   what is kept: the newest value, and before it only those that are lower than all after them
//      │        ·new          a value that is not above an older one makes that one forgotten:
//      │    ·                 it can never be the lowest again
//      │·
//      └─────window────►

import EventLoop

/// The newest value over the lowest of the window that ends with it.
struct Rise: Sendable {
    /// `check` refuses a window in which more values than this are read. If more come all the same,
    /// the lowest is remembered for a little longer than the window: it errs to the safe side.
    static let capacity = ResolvedStation.Limit.readingsPerRise

    private struct Low: Sendable {
        var value: DecimalNumber
        var at: Instant
    }

    let window: Interval
    private var lows: [Low] = []

    init(window: Interval) { self.window = window }

    mutating func take(_ value: DecimalNumber, at time: Instant) {
        while let last = lows.last, value <= last.value { lows.removeLast() }
        lows.append(Low(value: value, at: time))
        lows.removeFirst(lows.firstIndex { time <= $0.at + window } ?? 0)
        guard lows.count > Self.capacity else { return }
        lows[1].value = lows[0].value
        lows.removeFirst()
    }

    /// `nil` before the first value.
    var height: DecimalNumber? {
        guard let first = lows.first, let last = lows.last else { return nil }
        return last.value.adding(first.value.negated)
    }
}
