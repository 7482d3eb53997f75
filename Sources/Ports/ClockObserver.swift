// Says how far the wall clock can be believed, from one look at the clocks to the next.
//
//   look: synchronised ─────────────────────────────► synced; the offset is remembered
//   not, and the offset is where it was then ────────► holdover
//   not, and somebody set the clock since ───────────► restored, or none before the floor

import CLinux
public import StationCore

/// The machine's clocks, read one right after the other, in nanoseconds.
public struct ClockReading: Sendable {
    public var monotonic: Int64
    public var wall: Int64
    /// CLOCK_BOOTTIME: the monotonic clock and the time asleep.
    public var boot: Int64
    /// Whether the kernel says that a time source disciplines the wall clock.
    public var isSynchronized: Bool

    public init(monotonic: Int64, wall: Int64, boot: Int64, isSynchronized: Bool) {
        self.monotonic = monotonic
        self.wall = wall
        self.boot = boot
        self.isSynchronized = isSynchronized
    }

    /// The clocks as they are now.
    public static func now() -> ClockReading {
        ClockReading(
            monotonic: station_clock_monotonic(), wall: station_clock_realtime(),
            boot: station_clock_boottime(),
            isSynchronized: station_clock_is_synchronized() == 1)
    }
}

/// Turns the kernel's clocks into a `Calendar`. The operating system sets the clock; we look.
public struct ClockObserver: Sendable {
    /// How far a coasting clock may have moved against the boot-time clock, in nanoseconds, before
    /// somebody must have set it.
    ///
    /// Slewing moves both alike, and sleep counts for both, so only two readings that were torn
    /// apart and a leap second (1 s) remain. Whoever sets a clock by less does no harm.
    public static let driftBound: Int64 = 2_000_000_000
    /// The same when the kernel said that the clock was set: only the tear is left.
    public static let tearBound: Int64 = 100_000_000

    private let utcOffset: Int32
    /// The newest time that is certainly past.
    private var floor: WallTime
    /// A simulator's clock is right by definition.
    private let isSimulated: Bool
    /// From boot time to wall clock when it was last synchronised; nil once it was set since.
    private var trustedOffset: Int64?
    private var wasStepped = false

    /// - Parameter floor: the newest of build time and last anchor.
    public init(utcOffsetMinutes: Int, floor: WallTime, isSimulated: Bool = false) {
        utcOffset = Int32(clamping: utcOffsetMinutes * 60)
        self.floor = floor
        self.isSimulated = isSimulated
    }

    /// Somebody set the clock, or it went on after sleep; the next look tells which.
    public mutating func stepped() { wasStepped = true }

    /// What the clocks say, and how far to believe it.
    public mutating func observe(_ reading: ClockReading) -> Calendar {
        let quality = quality(of: reading)
        return Calendar(
            wallOffset: reading.wall - reading.monotonic,
            bootOffset: reading.boot - reading.monotonic, quality: quality,
            utcOffset: utcOffset, floor: floor)
    }

    private mutating func quality(of reading: ClockReading) -> ClockQuality {
        defer { wasStepped = false }
        let wall = WallTime(milliseconds: reading.wall / 1_000_000)
        let offset = reading.wall - reading.boot
        // A time source outranks what we remember: an anchor can be wrong, the build time cannot.
        if isSimulated || reading.isSynchronized, wall >= Release.built {
            trustedOffset = offset
            floor = wall
            return .synced
        }
        if let trusted = trustedOffset {
            let moved = (offset - trusted).magnitude
            if moved < (wasStepped ? Self.tearBound : Self.driftBound) { return .holdover }
            trustedOffset = nil
        }
        // A clock before the floor is wrong, whatever it says of itself.
        return wall >= floor ? .restored : .none
    }
}
