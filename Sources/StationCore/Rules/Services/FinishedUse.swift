// One use that is over, and whether a service's device can do its work: what all machines here say.

public import EventLoop

/// A usage record but for its service and its dates: the caller knows both.
public struct FinishedUse: Sendable, Equatable {
    public var owner: UseOwner
    /// When it began and when it was over, which may be before it was noticed. A use that an
    /// earlier run began may have begun before this run's clock.
    public var since: Instant
    public var until: Instant
    public var amount: UsageAmount
    public var end: UseEnd

    public init(
        _ owner: UseOwner, since: Instant, until: Instant, amount: UsageAmount, end: UseEnd
    ) {
        self.owner = owner
        self.since = since
        self.until = max(since, until)
        self.amount = amount
        self.end = end
    }

    /// How long it took.
    public var duration: Interval { until - since }
}

/// A use that goes on, as the snapshot keeps it.
public struct RunningUse: Sendable, Equatable {
    public var owner: UseOwner
    /// In the clock of the run that recalls it.
    public var since: Instant

    public init(_ owner: UseOwner, since: Instant) {
        self.owner = owner
        self.since = since
    }
}

extension UseOwner {
    /// Somebody, seen by a sensor only.
    public static let somebody = UseOwner(source: .sensor)

    /// Whether both are one person, as far as anybody can tell: people with keys by their holder,
    /// else by the key; those at the same button are one.
    public func isSamePerson(as other: UseOwner) -> Bool {
        // A key that is given its holder later is the same key.
        if !holder.isEmpty, !other.holder.isEmpty { return holder == other.holder }
        if !key.isEmpty || !other.key.isEmpty { return key == other.key }
        return source == other.source
    }
}

/// Whether what a service needs works: one part of its availability, beside its hours.
public enum ServiceCondition: Sendable, Equatable {
    case working
    /// It can be used, and something wants attention.
    case degraded(Reason)
    case outOfOrder(Reason)

    public enum Reason: UInt8, Sendable, CaseIterable {
        /// The run has only begun, and nothing was said yet.
        case starting = 1
        /// A guard made it safe. Crew: see the guard.
        case guarded = 2
        /// Its device does not answer. Crew: see the device.
        case deviceMissing = 3
        /// Its device did not do what it was told. Crew: see valve, relay and line.
        case deviceFailed = 4
        /// What was to be closed is not known to be closed. Crew: go there now.
        case notSecured = 5
        /// What measures the use says nothing. Crew: see meter or sensor.
        case meterMissing = 6
        /// It was open and nothing came. Crew: see main valve, tank and filter.
        case noFlow = 7
        /// Something flows that nobody asked for. Crew: see the valve.
        case leaking = 8
        case supplyLow = 9
        case supplyEmpty = 10
        /// Crew: change the filter, then say so.
        case filterDue = 11
        /// The water's quality is poor. Crew: see filter and membrane.
        case poorWater = 12
        /// A person put it out of order.
        case byPerson = 13
        /// Crew: fill it up, then say so.
        case restockDue = 14
        /// It stands open. Crew: close it.
        case leftOpen = 15
        /// Too warm or too cold for too long. Crew: see the appliance.
        case outOfRange = 16
    }
}
