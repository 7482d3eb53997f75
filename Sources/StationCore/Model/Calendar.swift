// The one place in the core where the monotonic clock meets the wall clock.

public import EventLoop

/// What is known of the wall clock, as the world last told it.
///
/// The operating system sets the clock; `stationd` observes it and hands the observation to the
/// rules as an event, so a decision never reads a clock itself.
public struct Calendar: Equatable, Sendable {
    /// Nanoseconds from the monotonic clock to CLOCK_REALTIME.
    public var wallOffset: Int64
    /// Nanoseconds from the monotonic clock to CLOCK_BOOTTIME (the time asleep).
    public var bootOffset: Int64
    public var quality: ClockQuality
    /// The station's fixed offset from UTC, in seconds. China has no summer time.
    public var utcOffset: Int32
    /// The newest of build time and last anchor: it is certainly not earlier than this.
    public var floor: WallTime

    public init(
        wallOffset: Int64, bootOffset: Int64, quality: ClockQuality, utcOffset: Int32,
        floor: WallTime
    ) {
        self.wallOffset = wallOffset
        self.bootOffset = bootOffset
        self.quality = quality
        self.utcOffset = utcOffset
        self.floor = floor
    }

    /// Before anything was observed: the floor stands in.
    public static let unknown = Calendar(
        wallOffset: 0, bootOffset: 0, quality: .none, utcOffset: 8 * 3_600,
        floor: WallTime(milliseconds: 0))

    /// Whether validity dates and hours may be judged by this clock.
    public var isTrusted: Bool { quality >= .holdover }

    /// The wall clock as read, right or wrong.
    public func wallTime(at instant: Instant) -> WallTime {
        WallTime(milliseconds: (instant.nanoseconds &+ wallOffset) / 1_000_000)
    }

    /// CLOCK_BOOTTIME at that instant, in nanoseconds.
    public func bootTime(at instant: Instant) -> Int64 { instant.nanoseconds &+ bootOffset }
}
