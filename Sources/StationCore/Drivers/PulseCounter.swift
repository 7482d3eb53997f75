// Counts the pulses of a meter on one line, and how fast they come.
//
//   Hall, clean      _|‾|_|‾|_|‾|_     each edge of one kind is a pulse, if the one before is
//                     1   2   3        at least the gap away
//   reed, bounces    _|‾|_|‾‾‾‾‾|_     a pulse is believed once it has stood for its settle time
//                             1        whose edges are the pulse's own; all others are chatter

import EventLoop

/// The pulses of one line since the start.
struct PulseCounter: Sendable {
    private let gap: Interval
    private let isSingleEdge: Bool
    /// Of a line whose pulses have to stand.
    private var level: SettledLevel?
    private(set) var count: Int64 = 0
    private var last: Instant?
    private(set) var rate = PulseRate()
    private(set) var chatter = Chatter()

    init(_ line: BoardLine) {
        gap = .microseconds(Int64(line.minimumGapMicroseconds))
        isSingleEdge = line.isSingleEdge
        if line.settleMilliseconds > 0 || line.clearMilliseconds > 0 {
            level = SettledLevel(
                settle: .milliseconds(Int64(line.settleMilliseconds)),
                clear: .milliseconds(Int64(line.clearMilliseconds)))
        }
    }

    /// Takes an edge. Returns whether it is the one that makes the line look broken.
    mutating func edge(isActive: Bool, at now: Instant) -> Bool {
        guard level != nil else {
            guard isSingleEdge || isActive else { return false }
            return pulse(at: now)
        }
        settle(at: now)
        let before = level?.level
        if case .settled(true, _)? = level?.observe(isActive: isActive, at: now), before == false {
            stood(at: now)
        }
        return chatter.edge(at: now)
    }

    /// A pulse was believed. Its two edges are what a line is for, however fast they come.
    private mutating func stood(at now: Instant) {
        chatter.forgive(2)
        _ = pulse(at: now)
    }

    /// The line was read: what stands already is no pulse.
    mutating func read(isActive: Bool, at now: Instant) {
        settle(at: now)
        _ = level?.observe(isActive: isActive, at: now)
    }

    /// A pulse that has stood long enough counts, however late anybody looks.
    mutating func settle(at now: Instant) {
        let before = level?.level
        if case .settled(true, _)? = level?.expire(at: now), before == false { stood(at: now) }
    }

    /// Returns whether too many come too soon.
    private mutating func pulse(at now: Instant) -> Bool {
        if let last, now - last < gap { return chatter.edge(at: now) }
        last = now
        count += 1
        rate.pulse(at: now)
        return false
    }

    mutating func calm(at now: Instant) -> Bool { chatter.calm(at: now) }

    mutating func tick(at now: Instant, window: Interval) -> Double {
        rate.tick(at: now, window: window)
    }

    /// The line is gone: what stands is not known.
    mutating func forget() {
        level?.forget()
        rate = PulseRate()
    }

    var nextDeadline: Instant? {
        Instant.earlier(level?.nextDeadline, chatter.nextDeadline)
    }
}

/// Pulses a second, measured between pulses: a slow meter's rate is known from two of them.
struct PulseRate: Sendable {
    private var first: Instant?
    private var last: Instant?
    private var fresh = 0
    /// The last pulse before the last look.
    private var reference: Instant?
    private(set) var hertz = 0.0

    mutating func pulse(at now: Instant) {
        if fresh == 0 { first = now }
        fresh += 1
        last = now
    }

    /// Looks at what came since the last look.
    ///
    /// - Parameter window: after so long without a pulse nothing flows.
    mutating func tick(at now: Instant, window: Interval) -> Double {
        defer { (reference, fresh) = (last, 0) }
        guard let last else { return 0 }
        guard fresh > 0, let first else {
            let silence = now - last
            // It cannot be faster than one pulse in the time that none came.
            hertz = silence > window ? 0 : min(hertz, 1 / max(silence.seconds, 0.000_001))
            return hertz
        }
        // A pause is not part of the flow that ended it.
        if let reference, first - reference <= window, reference < last {
            hertz = Double(fresh) / (last - reference).seconds
        } else if fresh > 1, first < last {
            hertz = Double(fresh - 1) / (last - first).seconds
        }
        return hertz
    }

    /// Whether another look would say something else.
    var isMoving: Bool { fresh > 0 || hertz > 0 }
}

extension Interval {
    fileprivate var seconds: Double { Double(nanoseconds) / 1_000_000_000 }
}
