// A total as it outlives a restart: what was counted before, by the names of device and point.

/// What the next start has to know of a total, so that it goes on and never runs backwards.
///
/// Devices and points go by name, so that a changed station file finds those that it still has.
public struct KeptTotal: Sendable, Equatable {
    /// A station with more totals than this is refused. A hundred boards of ten sockets with a
    /// meter each.
    public static let capacity = 1_024

    public var device: String
    public var point: String
    /// The point's: a total in another unit is another total.
    public var unit: String
    /// Which count it is: of which meter, read how (`PointSettings.origin`). Another count begins
    /// somewhere else, whatever it says. `nil`: it was kept before that was.
    public var origin: UInt64?
    public var count: TotalCount

    public init(
        device: String, point: String, unit: String, origin: UInt64? = nil, count: TotalCount
    ) {
        self.device = device
        self.point = point
        self.unit = unit
        self.origin = origin
        self.count = count
    }
}

/// How far a total has got.
public struct TotalCount: Sendable, Equatable {
    /// What was counted before the device's own count began, in the point's unit.
    public var base: DecimalNumber
    /// What the device's own count said last; `nil`: nothing yet.
    public var last: DecimalNumber?
    /// Whether anybody knows what was counted before.
    public var isKnown = true
    /// Two counts that knew nothing of one another were added: whoever goes on from it says so. It
    /// is said once, and not kept.
    public var isSpliced = false

    /// Nobody knows what was counted, and nothing was since.
    public static let unknown: TotalCount = {
        var count = TotalCount()
        count.isKnown = false
        return count
    }()

    /// - Parameters:
    ///   - base: what the device's own count is added to.
    ///   - last: that count; `nil`: the next one is where it goes on from, whatever it is, unless
    ///     it is ours and begins with each run.
    public init(base: DecimalNumber = .zero, last: DecimalNumber? = nil) {
        self.base = base
        self.last = last
    }

    /// The whole.
    public var sum: DecimalNumber { last.flatMap { base.adding($0) } ?? base }
}
