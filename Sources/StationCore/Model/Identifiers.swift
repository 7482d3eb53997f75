// Who is who inside a resolved station: small numbers with a type each, and short text by value.

/// A device's place in `ResolvedStation.devices`.
public struct DeviceID: Hashable, Comparable, Sendable {
    public let index: UInt16
    @inlinable public init(_ index: Int) { self.index = UInt16(index) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// A door's place in `ResolvedStation.doors`, at most `DoorSet.capacity - 1`.
public struct DoorID: Hashable, Comparable, Sendable {
    public let index: UInt8
    @inlinable public init(_ index: Int) { self.index = UInt8(index) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// A line's place in `ResolvedStation.lines`.
public struct LineID: Hashable, Comparable, Sendable {
    public let index: UInt16
    @inlinable public init(_ index: Int) { self.index = UInt16(index) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// A journal entry's number inside one run of the core. The store turns tickets into sequences.
public struct Ticket: Hashable, Comparable, Sendable {
    public let number: UInt64
    @inlinable public init(number: UInt64) { self.number = number }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

/// The doors of one station as a set, one bit each.
public struct DoorSet: OptionSet, Hashable, Sendable {
    /// How many doors one station may have: one bit each in a word.
    public static let capacity = 64

    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public init(_ door: DoorID) { rawValue = 1 << UInt64(door.index) }

    /// Every door there is or will be.
    @inlinable public static var all: Self { Self(rawValue: .max) }
}
