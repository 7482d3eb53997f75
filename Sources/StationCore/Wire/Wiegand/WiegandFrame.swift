// The pulses of one frame as they come in.
//
//        100 us     1 ms
//   D0 ──┐_┌─────────────────┐_┌───      a falling edge of D0 is a 0,
//   D1 ────────────┐_┌─────────────      of D1 a 1; only falling edges arrive
//        0         1         0

import EventLoop

/// One frame between its first edge and its end. Empty means: no frame is open.
struct WiegandFrame: Sendable {
    /// The bits so far, right-aligned; those past `Credential.bitCapacity` are only counted.
    private(set) var bits: UInt128 = 0
    private(set) var count = 0
    private(set) var lastEdge = Instant(nanoseconds: 0)
    private(set) var lastBit = false
    /// The longest interval between two bits, at most `WiegandTiming.longestGap`.
    private(set) var longestInterval = Interval.zero
    /// Both lines fell within one pulse.
    var collided = false
    /// The kernel dropped edges before or inside the frame.
    var edgesLost = false

    var isEmpty: Bool { count == 0 }
    var overflows: Bool { count > Credential.bitCapacity }

    mutating func append(_ bit: Bool, at time: Instant) {
        if count > 0 { longestInterval = max(longestInterval, time - lastEdge) }
        if count < Credential.bitCapacity { bits = bits << 1 | (bit ? 1 : 0) }
        count += 1
        lastEdge = time
        lastBit = bit
    }

    /// Appends at most `limit` bits while their intervals are neither a collision's nor a frame's
    /// end. Returns how many; everything stays in registers until it is over.
    /// - Precondition: the frame is not empty.
    @inline(__always)
    mutating func append(_ limit: Int, _ edge: (Int) -> (value: Bool, time: Instant)) -> Int {
        var (bits, last, longest) = (bits, lastEdge, longestInterval)
        let limit = min(limit, Credential.bitCapacity &- count)
        var taken = 0
        while taken < limit {
            let (value, time) = edge(taken)
            let interval = time - last
            guard interval >= WiegandTiming.shortestPulse, interval < WiegandTiming.longestGap
            else { break }
            longest = max(longest, interval)
            bits = bits << 1 | (value ? 1 : 0)
            last = time
            taken &+= 1
        }
        guard taken > 0 else { return 0 }
        (self.bits, lastEdge, longestInterval) = (bits, last, longest)
        count &+= taken
        lastBit = bits & 1 == 1
        return taken
    }

    /// Each bit twice, one after the other: what a line shows when both its edges are counted.
    var isDoubled: Bool {
        guard count % 2 == 0, !overflows else { return false }
        let unequal = (bits ^ (bits >> 1)) & 0x5555_5555_5555_5555_5555_5555_5555_5555
        return unequal == 0
    }
}

/// The times of the wire, from the SIA 26-bit standard's limits: pulse 20 to 100 us, interval
/// 200 us to 20 ms. Readers outside them exist (pulse 160 us), so only the two ends are used.
enum WiegandTiming {
    /// The shortest pulse. Two falling edges of one line closer than this are one pulse that rang:
    /// a second pulse cannot even have ended. Two of different lines are a collision: the lines
    /// never pulse together, and nobody knows which came first.
    static let shortestPulse = Interval.microseconds(20)
    /// Longer than the longest interval: after it a frame has ended, whatever it has.
    static let longestGap = Interval.milliseconds(25)
    /// A complete frame is believed no earlier than this after its last bit.
    static let shortestQuiet = Interval.milliseconds(1)
    /// A complete frame is believed after so many of its longest intervals.
    static let quietIntervals: Int64 = 3
}
