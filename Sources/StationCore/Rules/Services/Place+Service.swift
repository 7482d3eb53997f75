// Toilets, showers, beds, bays: the places of one service.

public import EventLoop

/// Places of one kind; each is its own.
public struct PlaceService: ServiceMachine {
    private(set) var places: [SharedPlace]

    public init(_ settings: MachineSettings) {
        places = settings.parts.map { part in
            SharedPlace(
                SharedPlace.Settings(
                    hasSensor: part.sees(.occupied),
                    arrival: settings.interval(.arrival) ?? SharedPlace.Limit.arrival,
                    leaving: settings.interval(.leaving) ?? SharedPlace.Limit.leaving,
                    coming: settings.interval(.coming) ?? SharedPlace.Limit.coming,
                    overstay: settings.interval(.overstay) ?? SharedPlace.Limit.overstay))
        }
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            let recalled = places.indices.map { unit in
                kept.first { $0.unit == unit }.map(Self.recalled)
            }
            return each(at: now) { .began(recalled[$0]) }
        case .asked(let owner, let unit, _): return ask(owner, unit, at: now)
        case .endAsked(let owner, let unit):
            guard let own = own(of: owner), unit == nil || unit == own else { return [] }
            return ask(owner, own, at: now)
        case .sensed(let unit, .occupied, let sight):
            return tell(unit, .occupied(sight.isTrue), at: now)
        case .guarded(let unit, let stands): return tell(unit, .guarded(stands), at: now)
        case .open(let isOpen): return each(at: now) { _ in .service(isOpen: isOpen) }
        case .word(let unit, .stop, _): return tell(unit, .stopped, at: now)
        case .word(let unit, .outOfOrder, let owner):
            return tell(unit, .outOfOrder(true), at: now)
                + [.told(unit: unit, .outOfOrder, by: owner)]
        case .word(let unit, .inOrder, let owner):
            return tell(unit, .outOfOrder(false), at: now)
                + [.told(unit: unit, .inOrder, by: owner)]
        case .deadline: return each(at: now) { _ in .deadline }
        case .sensed, .orderEnded, .orderRefused, .present, .word, .today: return []
        }
    }

    /// One's own place is given back; else the first free one is taken.
    private mutating func ask(
        _ owner: UseOwner, _ named: Int?, at now: Instant
    ) -> [ServiceOutput] {
        guard
            let unit = named ?? own(of: owner) ?? places.firstIndex(where: { $0.shown == .free })
                ?? places.indices.first
        else { return [] }
        let before = places[unit].kept.use?.owner
        let outputs = tell(unit, .asked(owner), at: now)
        if outputs.contains(where: { if case .refused = $0 { true } else { false } }) {
            // Of several nobody is told about the first.
            return named == nil && places.count > 1 ? [.refused(.noneFree)] : outputs
        }
        let isTheirs = places[unit].kept.use?.owner == owner && before != owner
        return outputs + [isTheirs ? .given(unit: unit) : .taken(unit: unit)]
    }

    private func own(of owner: UseOwner) -> Int? {
        places.firstIndex { place in
            place.kept.use.map { owner.isSamePerson(as: $0.owner) } ?? false
        }
    }

    private mutating func each(
        at now: Instant, _ input: (Int) -> SharedPlace.Input
    ) -> [ServiceOutput] {
        places.indices.flatMap { tell($0, input($0), at: now) }
    }

    private mutating func tell(
        _ unit: Int, _ input: SharedPlace.Input, at now: Instant
    ) -> [ServiceOutput] {
        places[unit].handle(input, at: now).compactMap { output in
            switch output {
            case .began(let owner): .began(unit: unit, owner)
            case .claimed(let owner): .told(unit: unit, .claimed, by: owner)
            case .ended(let use): .ended(unit: unit, use)
            case .raised: .raised(unit: unit, .overstay)
            case .cleared: .cleared(unit: unit, .overstay)
            case .changed: nil
            case .refused(.inUse): .refused(.inUse)
            case .refused(.outOfOrder): .refused(.outOfOrder)
            case .refused(.serviceClosed): .refused(.hours)
            case .refused(.starting): .refused(.notReady)
            }
        }
    }

    // MARK: What others ask

    public var nextDeadline: Instant? {
        places.reduce(nil) { Instant.earlier($0, $1.nextDeadline) }
    }

    public func condition(of unit: Int) -> ServiceCondition { places[unit].condition }
    public func owner(of unit: Int) -> UseOwner? { places[unit].kept.use?.owner }

    // MARK: What outlives the run

    /// whether it is out of order
    public func kept(at now: Instant) -> [KeptPart] {
        places.indices.compactMap { unit in
            let kept = places[unit].kept
            guard kept != SharedPlace.Kept() else { return nil }
            return KeptPart(
                unit: unit, owner: kept.use?.owner, since: kept.use?.since,
                numbers: [kept.isOutOfOrder ? 1 : 0])
        }
    }

    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in
            part.take(news)
            switch news.steps.last(where: { $0 == .outOfOrder || $0 == .inOrder }) {
            case .outOfOrder?: part.numbers = [1]
            case .inOrder?: part.numbers = part.owner == nil ? [] : [0]
            default: break
            }
        }
    }

    private static func recalled(_ part: KeptPart) -> SharedPlace.Kept {
        var kept = SharedPlace.Kept(isOutOfOrder: part.numbers == [1])
        if let owner = part.owner, let since = part.since {
            kept.use = RunningUse(owner, since: since)
        }
        return kept
    }
}
