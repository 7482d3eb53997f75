// Which faults stand, of a device or of the station itself, and since when.

import EventLoop

/// A set of faults with their times; no allocation.
///
/// A fault may have two causes at once: it stands until the last of those who raised it is
/// satisfied, and is told once.
struct StandingFaults: Sendable {
    /// Who watches over a fault, and alone ends what it began.
    enum Owner: Int, CaseIterable {
        /// The device's driver, by what it sees; the station itself.
        case driver
        /// The presence of a member of a bus.
        case presence
        /// The limit of what is written singly.
        case flood
    }

    /// One bit per `Fault.rawValue`, for each owner.
    private var owned = InlineArray<3, UInt32>(repeating: 0)
    private var times = InlineArray<32, Instant>(repeating: Instant(nanoseconds: 0))

    @inline(__always)
    private var bits: UInt32 { owned[0] | owned[1] | owned[2] }

    @inline(__always)
    var isEmpty: Bool { bits == 0 }

    /// Inlined, since a call would copy all the times.
    @inline(__always)
    func has(_ fault: Fault) -> Bool { bits & 1 << UInt32(fault.rawValue) != 0 }

    /// Returns false when it stands already.
    mutating func raise(_ fault: Fault, by owner: Owner = .driver, at now: Instant) -> Bool {
        let isNew = !has(fault)
        owned[owner.rawValue] |= 1 << UInt32(fault.rawValue)
        guard isNew else { return false }
        times[Int(fault.rawValue)] = now
        return true
    }

    /// Returns false when it did not stand, or stands for another owner.
    mutating func clear(_ fault: Fault, by owner: Owner = .driver) -> Bool {
        guard has(fault) else { return false }
        owned[owner.rawValue] &= ~(1 << UInt32(fault.rawValue))
        return !has(fault)
    }

    /// All that stand, in the order of their kinds.
    var list: [(fault: Fault, since: Instant)] {
        Fault.allCases.compactMap { has($0) ? ($0, times[Int($0.rawValue)]) : nil }
    }
}
