// Time in a simulated world: it stands still until somebody moves it.

public import EventLoop
public import StationCore

/// The monotonic clock and the wall clock of a simulated machine.
///
/// One thread owns it; the journal's settings want a `Sendable` closure, hence the mark.
public final class VirtualClock: @unchecked Sendable {
    public private(set) var now: Instant
    /// Nanoseconds from the monotonic clock to the wall clock.
    public var wallOffset: Int64
    public var quality: ClockQuality

    /// - Parameter wall: the wall clock's time at the start; the machine has been up for a minute.
    public init(wall: WallTime, quality: ClockQuality = .synced) {
        now = Instant(nanoseconds: 60_000_000_000)
        wallOffset = wall.milliseconds * 1_000_000 - 60_000_000_000
        self.quality = quality
    }

    /// Moves on. A time that is past already changes nothing: this clock never goes back.
    public func advance(to instant: Instant) { now = max(now, instant) }

    public var wall: WallTime {
        WallTime(milliseconds: (now.nanoseconds + wallOffset) / 1_000_000)
    }
}
