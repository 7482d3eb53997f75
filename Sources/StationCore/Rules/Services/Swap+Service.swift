// A swap cabinet as a service: doors, batteries and what they say; a charged one for an empty one.

public import EventLoop

/// One cabinet. Its exchanges are uses of the whole of it: entries name the first compartment, and
/// its steps the one that somebody stands before.
public struct SwapService: ServiceMachine {
    private(set) var cabinet: SwapCabinet
    /// What is known of what is in each compartment.
    private struct Known {
        var isOccupied: Bool?
        var charge: Int?
        var heat: DecimalNumber?
        var isOurs: Bool?
    }

    private var known: [Known]
    /// By compartment: the cabinet is free again when none of them is guarded any more.
    private var guarded: [Bool]
    private let hasCharge: [Bool]
    private let hasOurs: [Bool]
    /// When each exchange that goes on began, oldest first.
    private var begun: [RunningUse] = []

    public init(_ settings: MachineSettings) {
        cabinet = SwapCabinet(compartments: settings.parts.count)
        known = settings.parts.map { _ in Known() }
        guarded = settings.parts.map { _ in false }
        hasCharge = settings.parts.map { $0.sees(.charge) }
        hasOurs = settings.parts.map { $0.sees(.ours) }
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            begun = kept.compactMap { part in
                part.owner.map { RunningUse($0, since: part.since ?? now) }
            }
            return tell(
                .recalled(SwapCabinet.Kept(exchanges: kept.compactMap(Self.recalled))), at: now)
        case .asked(let owner, _, _):
            return tell(.tapped(owner), at: now)
        // Who has put a battery in comes to theirs, whatever became of their key.
        case .endAsked(let owner, _):
            let isOwed = cabinet.owed.contains { ChargingBank.isSame($0.owner, owner) }
            return isOwed ? tell(.tapped(owner), at: now) : []
        case .sensed(let unit, let sense, let sight): return see(unit, sense, sight, at: now)
        case .orderEnded(let unit, _, _, let outcome):
            return tell(.opened(unit, outcome), at: now)
        case .orderRefused(let unit, _, _, _): return tell(.opened(unit, .failed), at: now)
        // What guards one compartment is reason enough to give out no battery of the others.
        case .guarded(let unit, let stands):
            guard guarded.indices.contains(unit) else { return [] }
            guarded[unit] = stands
            return tell(.guarded(guarded.contains(true)), at: now)
        case .open(let isOpen): return tell(.open(isOpen), at: now)
        case .word(let unit, .reset, _): return tell(.reset(unit), at: now)
        case .word(let unit, .settled, _):
            let owner = owner(of: unit)
            return owner.map { tell(.settled($0), at: now) } ?? []
        case .present, .word, .today: return []
        case .deadline: return tell(.deadline, at: now)
        }
    }
    private mutating func see(
        _ unit: Int, _ sense: Sense, _ sight: ServiceInput.Sight, at now: Instant
    ) -> [ServiceOutput] {
        guard known.indices.contains(unit) else { return [] }
        switch (sense, sight) {
        case (.closed, _): return tell(.door(unit, isClosed: sight.isTrue), at: now)
        // A smoke sensor that says nothing is a fault of its device, and guards see to it.
        case (.smoke, .holds(let isSmoke?, _)): return tell(.smoke(isSmoke), at: now)
        case (.occupied, _): known[unit].isOccupied = sight.isTrue
        case (.charge, _):
            let charge = sight.value?.rounded(to: 0)?.whole
            known[unit].charge = charge.map { Int(clamping: $0) }
        case (.heat, _): known[unit].heat = sight.value
        case (.ours, _): known[unit].isOurs = sight.isTrue
        default: return []
        }
        return tell(.content(unit, content(of: unit)), at: now)
    }

    private func content(of unit: Int) -> SwapCabinet.Content {
        let known = known[unit]
        guard let isOccupied = known.isOccupied else { return .unknown }
        guard isOccupied else { return .empty }
        guard let isOurs = hasOurs[unit] ? known.isOurs : true else { return .unknown }
        // Its electronics sleep at first: nobody judges it before they have spoken.
        if hasCharge[unit], known.charge == nil { return .unknown }
        return .battery(charge: known.charge, heat: known.heat, isOurs: isOurs)
    }

    private mutating func tell(_ input: SwapCabinet.Input, at now: Instant) -> [ServiceOutput] {
        var outputs: [ServiceOutput] = []
        for output in cabinet.handle(input, at: now) {
            switch output {
            case .open(let unit): outputs.append(.perform(unit: unit, .open, order: 0))
            case .began(let owner):
                begun.append(RunningUse(owner, since: now))
                outputs.append(.began(unit: 0, owner))
            case .told(let step): outputs += told(step)
            case .ended(let owner, let end, let amount):
                let place = begun.firstIndex { $0.owner == owner }
                let since = place.map { begun.remove(at: $0).since } ?? now
                outputs.append(
                    .ended(
                        unit: 0,
                        FinishedUse(owner, since: since, until: now, amount: amount, end: end)))
            case .raised(let unit, let fault):
                outputs.append(.raised(unit: unit, Self.fault(fault)))
            case .cleared(let unit, let fault):
                outputs.append(.cleared(unit: unit, Self.fault(fault)))
            case .refused(let refusal): outputs.append(.refused(Self.denial(refusal)))
            }
        }
        return outputs
    }

    /// A step, and the answer to whoever tapped for it.
    private func told(_ step: SwapCabinet.Step) -> [ServiceOutput] {
        func told(_ unit: Int, _ step: ServiceStep) -> ServiceOutput {
            .told(unit: unit, step, by: owner(of: unit) ?? cabinet.present?.owner)
        }
        return switch step {
        case .putIn(let unit): [told(unit, .putIn), .given(unit: unit)]
        case .wasPutIn(let unit): [told(unit, .wasPutIn)]
        case .takeBack(let unit): [told(unit, .takeBack), .given(unit: unit)]
        case .take(let unit): [told(unit, .take), .given(unit: unit)]
        case .wasTaken(let unit): [told(unit, .wasTaken)]
        case .owed(let unit): [told(unit, .owed)]
        case .tryingAnother(let unit): [told(unit, .tryingAnother)]
        }
    }

    private static func fault(_ fault: SwapCabinet.Fault) -> ServiceFault {
        switch fault {
        case .jammed: .jammed
        case .leftOpen: .leftOpen
        case .forced: .forced
        }
    }

    private static func denial(_ refusal: SwapCabinet.Refusal) -> Denial {
        switch refusal {
        case .occupied: .inUse
        case .noneFree, .noneCharged: .noneFree
        case .guarded, .smoke: .outOfOrder
        case .closed: .hours
        case .notReady, .anonymous: .notReady
        }
    }

    // MARK: What others ask

    public var nextDeadline: Instant? { cabinet.nextDeadline }

    public func condition(of unit: Int) -> ServiceCondition {
        if !cabinet.isRecalled { return .outOfOrder(.starting) }
        if cabinet.isGuarded || cabinet.hasSmoke { return .outOfOrder(.guarded) }
        if cabinet.stands(.jammed, at: unit) { return .outOfOrder(.deviceFailed) }
        return content(of: unit) == .unknown ? .degraded(.meterMissing) : .working
    }

    /// Whoever stands before it, or has put a battery in and is owed another one.
    public func owner(of unit: Int) -> UseOwner? {
        if let present = cabinet.present, present.place?.0 == unit || present.returned == unit {
            return present.owner
        }
        return cabinet.owed.first { $0.returned == unit }?.owner
    }

    // MARK: What outlives the run

    /// where their battery is, what stood open for it, what stood open for another; or -1 each;
    /// whether another one is theirs
    private static let count = 4

    public func kept(at now: Instant) -> [KeptPart] {
        cabinet.kept.exchanges.map { exchange in
            let places = [exchange.returned, exchange.returning, exchange.giving]
            return KeptPart(
                unit: 0, owner: exchange.owner,
                since: begun.first { $0.owner == exchange.owner }?.since,
                numbers: places.map { Int64($0 ?? -1) } + [exchange.isAccepted ? 1 : 0])
        }
    }

    /// Many may be owed a battery at once; one exchange at a time goes on, and steps are its own.
    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.removeAll { part in part.owner.map(news.ended.contains) ?? true }
        for use in news.running where !kept.contains(where: { $0.owner == use.owner }) {
            kept.append(KeptPart(unit: 0, owner: use.owner, since: use.since))
        }
        let steps: [ServiceStep] = [.putIn, .wasPutIn, .takeBack, .take, .owed]
        guard let last = news.steps.last(where: steps.contains), let newest = kept.indices.last
        else { return }
        if kept[newest].numbers.count != Self.count { kept[newest].numbers = [-1, -1, -1, 0] }
        switch last {
        case .putIn: kept[newest].numbers[1] = Int64(unit)
        case .take: (kept[newest].numbers[2], kept[newest].numbers[3]) = (Int64(unit), 1)
        // Where their own one is.
        default: kept[newest].numbers[0] = Int64(unit)
        }
    }

    private static func recalled(_ part: KeptPart) -> SwapCabinet.Kept.Exchange? {
        guard let owner = part.owner else { return nil }
        guard part.numbers.count == count else {
            return SwapCabinet.Kept.Exchange(
                owner: owner, returned: nil, returning: nil, giving: nil, isAccepted: false)
        }
        let places = part.numbers.prefix(3).map { $0 < 0 ? nil : Int(clamping: $0) }
        return SwapCabinet.Kept.Exchange(
            owner: owner, returned: places[0], returning: places[1], giving: places[2],
            isAccepted: part.numbers[3] == 1)
    }
}
