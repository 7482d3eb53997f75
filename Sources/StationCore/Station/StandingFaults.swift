// Which faults stand, of a device or of the station itself, and since when.

import EventLoop

/// A set of faults with their times; no allocation.
struct StandingFaults: Sendable {
    /// One bit per `Fault.rawValue`.
    private var bits: UInt32 = 0
    private var times = InlineArray<32, Instant>(repeating: Instant(nanoseconds: 0))

    @inline(__always)
    var isEmpty: Bool { bits == 0 }

    /// Inlined, since a call would copy all the times.
    @inline(__always)
    func has(_ fault: Fault) -> Bool { bits & 1 << UInt32(fault.rawValue) != 0 }

    /// Returns false when it stands already.
    mutating func raise(_ fault: Fault, at now: Instant) -> Bool {
        guard !has(fault) else { return false }
        bits |= 1 << UInt32(fault.rawValue)
        times[Int(fault.rawValue)] = now
        return true
    }

    /// Returns false when it did not stand.
    mutating func clear(_ fault: Fault) -> Bool {
        guard has(fault) else { return false }
        bits &= ~(1 << UInt32(fault.rawValue))
        return true
    }

    /// All that stand, in the order of their kinds.
    var list: [(fault: Fault, since: Instant)] {
        Fault.allCases.compactMap { has($0) ? ($0, times[Int($0.rawValue)]) : nil }
    }
}
