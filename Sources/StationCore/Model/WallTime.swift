// Time for people, and how far it can be believed.

/// Milliseconds since 1970-01-01 00:00 UTC, as some clock said.
public struct WallTime: Comparable, Hashable, Sendable {
    public var milliseconds: Int64

    @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    @inlinable public init(seconds: Int64) { milliseconds = seconds * 1_000 }

    @inlinable public var seconds: Int64 { milliseconds / 1_000 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
}

/// What stands behind a wall-clock reading. Raw values are stored in journals: never renumber.
public enum ClockQuality: UInt8, Comparable, Sendable, CaseIterable {
    /// Nobody set this clock.
    case none = 0
    /// Restored from a file or a register at boot: earlier than the truth.
    case restored = 1
    /// Set by the hub's time, or synchronised once and coasting since.
    case holdover = 2
    /// The kernel says that a time source disciplines it.
    case synced = 3

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The word that people and the API see.
    public var name: String {
        switch self {
        case .none: "none"
        case .restored: "restored"
        case .holdover: "holdover"
        case .synced: "synced"
        }
    }
}
