// What is there or is not: Wi-Fi, a network cable, the mains. Told when it is gone for a while.

public import EventLoop

/// One condition that has to hold for people to have something.
public struct LinkWatch: ServiceMachine {
    public enum Limit {
        /// A router that starts anew is back by then.
        public static let patience = Interval.seconds(120)
    }

    private let patience: Interval
    private var isUp: Bool?
    private var downSince: Instant?
    private var isDown = false
    private var hasBegun = false

    public init(_ settings: MachineSettings) {
        patience = settings.interval(.patience) ?? Limit.patience
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began:
            hasBegun = true
            if isUp != true { downSince = downSince ?? now }
        case .sensed(_, .up, let sight):
            isUp = sight.isTrue
            downSince = isUp == true ? nil : downSince ?? now
        case .deadline: break
        case .asked, .endAsked, .sensed, .orderEnded, .orderRefused, .guarded, .present, .open,
            .word, .today:
            return []
        }
        guard hasBegun else { return [] }
        let isGone = downSince.map { $0 + patience <= now } ?? false
        guard isGone != isDown else { return [] }
        isDown = isGone
        return [isGone ? .raised(unit: 0, .linkDown) : .cleared(unit: 0, .linkDown)]
    }

    public var nextDeadline: Instant? {
        isDown || !hasBegun ? nil : downSince.map { $0 + patience }
    }

    public func condition(of unit: Int) -> ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        return isDown ? .outOfOrder(.deviceMissing) : .working
    }

    public func owner(of unit: Int) -> UseOwner? { nil }
    public func kept(at now: Instant) -> [KeptPart] { [] }
}
