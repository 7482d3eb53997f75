// Power and energy as sockets count them: whole numbers, bounded, never below zero.

/// Electric power, in milliwatts.
public struct Power: Comparable, Hashable, Sendable {
    public var milliwatts: Int64

    public init(milliwatts: Int64) { self.milliwatts = milliwatts }
    public static func watts(_ count: Int64) -> Self { Self(milliwatts: count * 1_000) }

    /// What no outlet carries; a meter that says more is not believed.
    public static let limit = Power.watts(100_000)

    /// What a meter says in watts; `nil` when it says nothing that can be believed. A meter that is
    /// wired the other way round measures as well: its sign is dropped.
    public init?(_ reading: PointReading) {
        guard reading.isBelievable, let milli = reading.value?.rounded(to: 3)?.mantissa,
            milli.magnitude <= Self.limit.milliwatts.magnitude
        else { return nil }
        milliwatts = abs(milli)
    }

    public static let zero = Power(milliwatts: 0)
    public static func < (a: Self, b: Self) -> Bool { a.milliwatts < b.milliwatts }
    public static func + (a: Self, b: Self) -> Self {
        Self(milliwatts: a.milliwatts + b.milliwatts)
    }
}

/// Electric energy, in millionths of a watt-hour.
public struct Energy: Comparable, Hashable, Sendable {
    public var microwattHours: Int64

    public init(microwattHours: Int64) { self.microwattHours = microwattHours }
    public static func wattHours(_ count: Int64) -> Self { Self(microwattHours: count * 1_000_000) }

    /// A gigawatt-hour: what no outlet sees in its life. A meter that says more is not believed.
    public static let limit = Energy.wattHours(1_000_000_000)

    /// What a meter says in watt-hours; `nil` when it says nothing that can be believed.
    public init?(_ reading: PointReading) {
        guard reading.isBelievable, let micro = reading.value?.rounded(to: 6)?.mantissa,
            0 <= micro, micro <= Self.limit.microwattHours
        else { return nil }
        microwattHours = micro
    }

    public static let zero = Energy(microwattHours: 0)
    /// To the nearest, halves up.
    public var wattHours: Int64 { (microwattHours + 500_000) / 1_000_000 }

    public static func < (a: Self, b: Self) -> Bool { a.microwattHours < b.microwattHours }
    /// Saturates: a total that jumps about must not end the process.
    public static func + (a: Self, b: Self) -> Self {
        let (sum, overflows) = a.microwattHours.addingReportingOverflow(b.microwattHours)
        return overflows ? .limit : Self(microwattHours: sum)
    }
    public static func - (a: Self, b: Self) -> Self {
        Self(microwattHours: a.microwattHours - b.microwattHours)
    }
}
