// Time as the core knows it: points and spans of the monotonic clock, in nanoseconds.

/// A point on the monotonic clock, in nanoseconds since an unknown origin (the boot, on Linux).
///
/// Only differences mean anything; `WallTime` is for people.
public struct Instant: Comparable, Hashable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Later than every deadline.
    @inlinable
    public static var distantFuture: Self { Self(nanoseconds: .max) }

    @inlinable
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The earlier of two, where nil is never.
    @inlinable
    public static func earlier(_ a: Self?, _ b: Self?) -> Self? {
        guard let a else { return b }
        guard let b else { return a }
        return min(a, b)
    }

    /// Saturates: a deadline past the end of time is the end of time.
    @inlinable
    public static func + (a: Self, b: Interval) -> Self {
        let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
        return Self(nanoseconds: overflow ? (b.nanoseconds < 0 ? .min : .max) : sum)
    }

    @inlinable
    public static func - (a: Self, b: Self) -> Interval {
        Interval(nanoseconds: a.nanoseconds &- b.nanoseconds)
    }
}

/// A span of time in nanoseconds. `Duration` is for the edges, where its cost does not matter.
public struct Interval: Comparable, Hashable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable
    public static var zero: Self { Self(nanoseconds: 0) }
    @inlinable
    public static func seconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000_000) }
    @inlinable
    public static func milliseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000) }
    @inlinable
    public static func microseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000) }

    @inlinable
    public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    @inlinable
    public static func + (a: Self, b: Self) -> Self {
        Self(nanoseconds: a.nanoseconds + b.nanoseconds)
    }
    @inlinable
    public static func - (a: Self, b: Self) -> Self {
        Self(nanoseconds: a.nanoseconds - b.nanoseconds)
    }
    @inlinable
    public static func * (a: Self, count: Int64) -> Self {
        Self(nanoseconds: a.nanoseconds * count)
    }

    /// Whole milliseconds, rounded down.
    @inlinable
    public var milliseconds: Int64 { nanoseconds / 1_000_000 }
    /// Whole microseconds, rounded down.
    @inlinable
    public var microseconds: Int64 { nanoseconds / 1_000 }
}
