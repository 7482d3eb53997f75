// Whether a service can be had now, and if not, why and until when: what a map and a rider need.

/// A service as anybody may see it.
public enum Availability: Sendable, Equatable {
    case open
    /// It can be had; something of it cannot, or wants attention.
    case degraded(ServiceCondition.Reason)
    /// By its hours, or by a master; until then, where somebody knows.
    case closed(until: WallTime?)
    case outOfOrder(ServiceCondition.Reason)

    /// The word on the wire.
    public var name: String {
        switch self {
        case .open: "open"
        case .degraded: "degraded"
        case .closed: "closed"
        case .outOfOrder: "outOfOrder"
        }
    }

    /// - Parameter parts: how each part does; none is a service that cannot be had.
    public init(isOpen: Bool, until: WallTime?, parts: some Sequence<ServiceCondition>) {
        guard isOpen else {
            self = .closed(until: until)
            return
        }
        var worst: ServiceCondition.Reason?
        var works = false
        var dead: ServiceCondition.Reason?
        for part in parts {
            switch part {
            case .working: works = true
            case .degraded(let reason):
                works = true
                worst = worst ?? reason
            case .outOfOrder(let reason): dead = dead ?? reason
            }
        }
        if !works {
            self = .outOfOrder(dead ?? .deviceMissing)
        } else if let reason = dead ?? worst {
            self = .degraded(reason)
        } else {
            self = .open
        }
    }
}

/// One part of a service as it is now. Who uses it is nobody's business.
public struct PartState: Sendable, Equatable {
    public var condition: ServiceCondition
    public var isInUse: Bool
    /// What stands, in order of their raw values.
    public var faults: [ServiceFault]

    public init(condition: ServiceCondition, isInUse: Bool, faults: [ServiceFault] = []) {
        self.condition = condition
        self.isInUse = isInUse
        self.faults = faults
    }

    /// Whether somebody could begin to use it now, hours apart.
    public var isFree: Bool {
        if isInUse { return false }
        return if case .outOfOrder = condition { false } else { true }
    }
}
