// A dispenser as a service: its tap, its filter, and the water's quality where probes show it.

public import EventLoop

/// One dispenser: a tap of water, the filter before it and the probes behind that.
public struct DispenserService: ServiceMachine {
    private(set) var tap: Dispenser
    private(set) var quality: WaterQuality?
    private(set) var filter: FilterLife?
    private let hasHot: Bool
    private var isLow: Bool?
    private var isEmpty: Bool?

    public init(_ settings: MachineSettings) {
        let part = settings.parts[0]
        tap = Dispenser(
            Dispenser.Settings(
                portion: settings[.portion]
                    ?? min(Dispenser.Limit.portion, part.mostMillilitres ?? .max),
                longest: settings.interval(.longest) ?? Dispenser.Limit.longest,
                noFlow: settings.interval(.noFlow) ?? Dispenser.Limit.noFlow,
                hasValvePoint: part.sees(.valveOpen)))
        if part.sees(.solidsAfter) {
            quality = WaterQuality(
                WaterQuality.Settings(
                    highest: settings.number(.solids) ?? WaterQuality.Limit.solids,
                    rejection: settings[.rejection]))
        }
        if settings[.filterLitres] != nil || settings[.filterDays] != nil {
            filter = FilterLife(
                FilterLife.Settings(
                    millilitres: settings[.filterLitres].map { $0 * 1_000 },
                    days: settings[.filterDays].map { Int($0) }))
        }
        hasHot = part.order(.openHot) != nil
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            return look(.began(kept.first.flatMap(recalledFilter)))
                + tell(.began(kept.first.flatMap(recalled)), at: now)
        case .asked(let owner, _, let share): return ask(owner, share, at: now)
        case .endAsked(let owner, _):
            let isTheirs = tap.isOpen && tap.kept.map { owner.isSamePerson(as: $0.owner) } ?? false
            return isTheirs ? ask(owner, nil, at: now) : []
        case .sensed(_, let sense, let sight): return see(sense, sight, at: now)
        case .orderEnded(_, let role, _, let outcome):
            return order(role).map { tell(.ended($0, outcome), at: now) } ?? []
        case .orderRefused(_, let role, _, let isBusy):
            return order(role).map { tell(.refused($0, isBusy: isBusy), at: now) } ?? []
        case .guarded(_, let stands): return tell(.guarded(stands), at: now)
        case .present(_, let isThere): return tell(.device(isThere: isThere), at: now)
        case .open(let isOpen): return tell(.service(isOpen: isOpen), at: now)
        case .word(_, .stop, _): return tell(.stopped, at: now)
        case .word(_, .filterChanged, let owner): return look(.changed(by: owner))
        case .word: return []
        case .today(let date): return look(.today(date))
        case .deadline: return tell(.deadline, at: now) + judge(.deadline, at: now)
        }
    }

    private mutating func ask(
        _ owner: UseOwner, _ share: UseShare?, at now: Instant
    ) -> [ServiceOutput] {
        let wasOpen = tap.isOpen
        // Hot water is what somebody wants who has just released its lock.
        let isHot = hasHot && tap.hotUntil.map { now < $0 } ?? false
        let portion = Dispenser.Portion(quota: share?.millilitres, isHot: isHot)
        var outputs = tell(.asked(owner, portion), at: now)
        if !wasOpen, tap.isOpen { outputs.append(.given(unit: 0)) }
        if wasOpen, !tap.isOpen { outputs.append(.taken(unit: 0)) }
        return outputs
    }

    private mutating func see(
        _ sense: Sense, _ sight: ServiceInput.Sight, at now: Instant
    ) -> [ServiceOutput] {
        switch sense {
        case .flow: return look(.total(sight.total)) + tell(.total(sight.total), at: now)
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

    private mutating func look(_ input: FilterLife.Input) -> [ServiceOutput] {
        let wasDue = filter?.stage == .due
        let outputs = filter?.handle(input) ?? []
        let isDue = filter?.stage == .due
        var told: [ServiceOutput] = outputs.compactMap { output in
            guard case .changed(let owner, _) = output else { return nil }
            return .told(unit: 0, .filterChanged, by: owner)
        }
        if isDue != wasDue {
            told.append(isDue ? .raised(unit: 0, .filterDue) : .cleared(unit: 0, .filterDue))
        }
        return told
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
        guard own == .working else { return own }
        if let quality, quality.verdict == .poor { return quality.condition }
        return filter?.condition ?? own
    }

    public func owner(of unit: Int) -> UseOwner? { tap.kept?.owner }

    // MARK: What outlives the run

    /// The filter's meter: last total or -1, gained, estimated; its first day or -1. Then of a use:
    /// granted, by quota, the meter's last total or -1, gained, estimated, why it was closing or 0.
    private static let filterCount = 4
    private static let count = 10

    public func kept(at now: Instant) -> [KeptPart] {
        let life = filter?.kept
        guard tap.kept != nil || life != nil else { return [] }
        var part = KeptPart(
            unit: 0, owner: tap.kept?.owner, since: tap.kept?.since,
            numbers: [
                life?.meter.last ?? -1, life?.meter.gained ?? 0,
                life?.meter.isEstimated == true ? 1 : 0,
                life?.since.map { Int64($0.dayNumber) } ?? -1,
            ])
        if let use = tap.kept {
            part.numbers += [
                use.granted, use.isQuota ? 1 : 0, use.meter.last ?? -1, use.meter.gained,
                use.meter.isEstimated ? 1 : 0, Int64(use.end?.rawValue ?? 0),
            ]
        }
        return [part]
    }

    /// Of another use only its beginning is known; the filter's numbers stay, unless it was a new
    /// one.
    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in
            if part.take(news) { part.numbers = Array(part.numbers.prefix(Self.filterCount)) }
            if news.steps.contains(.filterChanged) { part.numbers = [] }
        }
    }

    private func recalledFilter(_ part: KeptPart) -> FilterLife.Kept? {
        guard part.numbers.count >= Self.filterCount else { return nil }
        return FilterLife.Kept(
            meter: MeterGain(
                last: part.numbers[0] < 0 ? nil : part.numbers[0], gained: max(0, part.numbers[1]),
                isEstimated: part.numbers[2] == 1),
            since: part.numbers[3] < 0 ? nil : CivilDate(dayNumber: Int(part.numbers[3])))
    }

    private func recalled(_ part: KeptPart) -> Dispenser.Kept? {
        guard let owner = part.owner, let since = part.since else { return nil }
        var use = Dispenser.Kept(
            owner: owner, since: since, granted: tap.settings.portion, meter: MeterGain())
        guard part.numbers.count == Self.count else { return use }
        let numbers = part.numbers.dropFirst(Self.filterCount)
        use.granted = max(0, numbers[4])
        use.isQuota = numbers[5] == 1
        use.meter = MeterGain(
            last: numbers[6] < 0 ? nil : numbers[6], gained: max(0, numbers[7]),
            isEstimated: numbers[8] == 1)
        use.end = UInt8(exactly: numbers[9]).flatMap(UseEnd.init)
        return use
    }
}
