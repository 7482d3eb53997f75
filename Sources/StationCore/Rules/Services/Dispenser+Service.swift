// A dispenser as a service: its tap, and the water's quality where probes show it.

public import EventLoop

/// One dispenser: a tap of water and the probes behind its filter.
public struct DispenserService: ServiceMachine {
    private(set) var tap: Dispenser
    private(set) var quality: WaterQuality?
    private let hasHot: Bool
    private var isLow: Bool?
    private var isEmpty: Bool?

    public init(_ settings: MachineSettings) {
        let part = settings.parts[0]
        tap = Dispenser(
            Dispenser.Settings(
                portion: settings[.portion] ?? Dispenser.Limit.portion,
                longest: settings.interval(.longest) ?? Dispenser.Limit.longest,
                noFlow: settings.interval(.noFlow) ?? Dispenser.Limit.noFlow,
                hasValvePoint: part.sees(.valveOpen)))
        if part.sees(.solidsAfter) {
            quality = WaterQuality(
                WaterQuality.Settings(
                    highest: settings.number(.solids) ?? WaterQuality.Limit.solids,
                    rejection: settings[.rejection]))
        }
        hasHot = part.order(.openHot) != nil
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _): return tell(.began(kept.first.flatMap(recalled)), at: now)
        case .asked(let owner, _): return ask(owner, at: now)
        case .sensed(_, let sense, let sight): return see(sense, sight, at: now)
        case .orderEnded(_, let role, _, let outcome):
            return order(role).map { tell(.ended($0, outcome), at: now) } ?? []
        case .orderRefused(_, let role, _, let isBusy):
            return order(role).map { tell(.refused($0, isBusy: isBusy), at: now) } ?? []
        case .guarded(_, let stands): return tell(.guarded(stands), at: now)
        case .present(_, let isThere): return tell(.device(isThere: isThere), at: now)
        case .open(let isOpen): return tell(.service(isOpen: isOpen), at: now)
        case .word(_, .stop, _): return tell(.stopped, at: now)
        case .word: return []
        case .deadline: return tell(.deadline, at: now) + judge(.deadline, at: now)
        }
    }

    private mutating func ask(_ owner: UseOwner, at now: Instant) -> [ServiceOutput] {
        let wasOpen = tap.isOpen
        // Hot water is what somebody wants who has just released its lock.
        let isHot = hasHot && tap.hotUntil.map { now < $0 } ?? false
        var outputs = tell(.asked(owner, Dispenser.Portion(isHot: isHot)), at: now)
        if !wasOpen, tap.isOpen { outputs.append(.given(unit: 0)) }
        if wasOpen, !tap.isOpen { outputs.append(.taken(unit: 0)) }
        return outputs
    }

    private mutating func see(
        _ sense: Sense, _ sight: ServiceInput.Sight, at now: Instant
    ) -> [ServiceOutput] {
        switch sense {
        case .flow: return tell(.total(sight.total), at: now)
        case .valveOpen: return tell(.valve(isOpen: sight.isTrue), at: now)
        case .childLock: return tell(.childLock(isHeld: sight.isTrue ?? false), at: now)
        case .low:
            isLow = sight.isTrue
            return tell(.supply(supply), at: now)
        case .empty:
            isEmpty = sight.isTrue
            return tell(.supply(supply), at: now)
        case .solidsBefore: return judge(.before(sight.value), at: now)
        case .solidsAfter: return judge(.after(sight.value), at: now)
        default: return []
        }
    }

    private var supply: Dispenser.Supply {
        if isEmpty == true { return .empty }
        if isLow == true { return .low }
        return isEmpty == nil && isLow == nil ? .unknown : .present
    }

    private mutating func judge(
        _ input: WaterQuality.Input, at now: Instant
    ) -> [ServiceOutput] {
        let wasPoor = quality?.verdict == .poor
        guard quality?.handle(input, at: now).isEmpty == false else { return [] }
        let isPoor = quality?.verdict == .poor
        guard wasPoor != isPoor else { return [] }
        return [isPoor ? .raised(unit: 0, .poorWater) : .cleared(unit: 0, .poorWater)]
    }

    private mutating func tell(_ input: Dispenser.Input, at now: Instant) -> [ServiceOutput] {
        tap.handle(input, at: now).map { output in
            switch output {
            case .perform(let order, let amount):
                .perform(unit: 0, Self.role(order), order: 0, amount: amount)
            case .began(let owner): .began(unit: 0, owner)
            case .ended(let use): .ended(unit: 0, use)
            case .told(.hotReleased): .told(unit: 0, .hotReleased)
            case .told(.hotLocked): .told(unit: 0, .hotLocked)
            case .told(.overrun(let amount)): .told(unit: 0, .overrun, value: amount)
            case .told(.unclaimed(let amount)): .told(unit: 0, .unclaimed, value: amount)
            case .told(.openAgain): .told(unit: 0, .openAgain)
            case .raised(let fault): .raised(unit: 0, Self.fault(fault))
            case .cleared(let fault): .cleared(unit: 0, Self.fault(fault))
            case .refused(let refusal): .refused(Self.denial(refusal))
            }
        }
    }

    private func order(_ role: OrderRole) -> Dispenser.Order? {
        switch role {
        case .open: .open
        case .openHot: .openHot
        case .close: .close
        case .on, .off: nil
        }
    }

    private static func role(_ order: Dispenser.Order) -> OrderRole {
        switch order {
        case .open: .open
        case .openHot: .openHot
        case .close: .close
        }
    }

    private static func fault(_ fault: Dispenser.Fault) -> ServiceFault {
        switch fault {
        case .noFlow: .noFlow
        case .notClosed: .notClosed
        case .flowsClosed: .flowsClosed
        case .notOpened: .notOpened
        }
    }

    private static func denial(_ refusal: Dispenser.Refusal) -> Denial {
        switch refusal {
        case .serviceClosed: .hours
        case .guarded, .deviceMissing, .meterMissing, .noWater: .outOfOrder
        case .notClosed, .nothingAsked, .starting: .notReady
        case .inUse: .inUse
        case .hotLocked: .hotLocked
        case .quota: .quota
        }
    }

    // MARK: What others ask

    public var nextDeadline: Instant? {
        Instant.earlier(tap.nextDeadline, quality?.nextDeadline)
    }

    public func condition(of unit: Int) -> ServiceCondition {
        let own = tap.condition
        guard own == .working, let quality, quality.verdict == .poor else { return own }
        return quality.condition
    }

    public func owner(of unit: Int) -> UseOwner? { tap.kept?.owner }

    public func isUsing(_ owner: UseOwner, unit: Int?) -> Bool {
        tap.isOpen && tap.kept.map { owner.isSamePerson(as: $0.owner) } ?? false
    }

    // MARK: What outlives the run

    /// granted, by quota, the meter's last total or -1, gained, estimated, why it was closing or 0
    private static let count = 6

    public func kept(at now: Instant) -> [KeptPart] {
        guard let use = tap.kept else { return [] }
        return [
            KeptPart(
                unit: 0, owner: use.owner, since: use.since,
                numbers: [
                    use.granted, use.isQuota ? 1 : 0, use.meter.last ?? -1, use.meter.gained,
                    use.meter.isEstimated ? 1 : 0, Int64(use.end?.rawValue ?? 0),
                ])
        ]
    }

    private func recalled(_ part: KeptPart) -> Dispenser.Kept? {
        guard let owner = part.owner, let since = part.since else { return nil }
        var use = Dispenser.Kept(
            owner: owner, since: since, granted: tap.settings.portion, meter: MeterGain())
        guard part.numbers.count == Self.count else { return use }
        use.granted = max(0, part.numbers[0])
        use.isQuota = part.numbers[1] == 1
        use.meter = MeterGain(
            last: part.numbers[2] < 0 ? nil : part.numbers[2], gained: max(0, part.numbers[3]),
            isEstimated: part.numbers[4] == 1)
        use.end = UInt8(exactly: part.numbers[5]).flatMap(UseEnd.init)
        return use
    }
}
