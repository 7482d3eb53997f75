// Reads the clocks of the machine and says how far the wall clock can be believed.

import CLinux
public import StationCore

/// Turns the kernel's clocks into a `Calendar`. The operating system sets the clock; we look.
public struct ClockObserver: Sendable {
    private let utcOffset: Int32
    private let floor: WallTime
    /// A simulator's clock is right by definition.
    private let isSimulated: Bool
    private var wasSynchronized = false

    /// - Parameter floor: the newest of build time and last anchor.
    public init(utcOffsetMinutes: Int, floor: WallTime, isSimulated: Bool = false) {
        utcOffset = Int32(clamping: utcOffsetMinutes * 60)
        self.floor = floor
        self.isSimulated = isSimulated
    }

    /// The clocks as they are now.
    public mutating func observe() -> Calendar {
        let monotonic = station_clock_monotonic()
        let wall = station_clock_realtime()
        let boot = station_clock_boottime()
        return Calendar(
            wallOffset: wall - monotonic, bootOffset: boot - monotonic,
            quality: quality(of: WallTime(milliseconds: wall / 1_000_000)), utcOffset: utcOffset,
            floor: floor)
    }

    private mutating func quality(of wall: WallTime) -> ClockQuality {
        // A time source outranks what we remember: an anchor can be wrong, the build time cannot.
        if isSimulated || station_clock_is_synchronized() == 1, wall >= Release.built {
            wasSynchronized = true
            return .synced
        }
        // A clock before the floor is wrong, whatever it says of itself.
        guard wall >= floor else { return .none }
        return wasSynchronized ? .holdover : .restored
    }
}
