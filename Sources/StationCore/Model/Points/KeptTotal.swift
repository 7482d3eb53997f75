// A total as it outlives a restart: what was counted before, by the names of device and point.

/// What the next start has to know of a total, so that it goes on and never runs backwards.
///
/// Devices and points go by name, so that a changed station file finds those that it still has.
public struct KeptTotal: Sendable, Equatable {
    /// More totals than this are not kept. A hundred sockets of ten ports with a meter each.
    public static let capacity = 1_024

    public var device: String
    public var point: String
    /// The point's: a total in another unit is another total.
    public var unit: String
    public var count: TotalCount

    public init(device: String, point: String, unit: String, count: TotalCount) {
        self.device = device
        self.point = point
        self.unit = unit
        self.count = count
    }
}

/// How far a total has got.
public struct TotalCount: Sendable, Equatable {
    /// What was counted before the device's own count began, in the point's unit.
    public var base: DecimalNumber
    /// What the device's own count said last; `nil`: nothing yet.
    public var last: DecimalNumber?

    public init(base: DecimalNumber = .zero, last: DecimalNumber? = nil) {
        self.base = base
        self.last = last
    }

    /// The whole.
    public var sum: DecimalNumber { last.flatMap { base.adding($0) } ?? base }
}
