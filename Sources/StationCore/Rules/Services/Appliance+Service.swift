// What is only watched, as services: appliances, and values that stay within bounds.

public import EventLoop

extension ApplianceUse: ServiceMachine {
    public init(_ settings: MachineSettings) {
        let isContact = settings.parts[0].sights.contains { sight in
            if sight.sense == .level, case .holds = sight.source { true } else { false }
        }
        var own = isContact ? Settings.contact : Settings()
        own.on = settings.number(.on) ?? own.on
        own.off = min(own.on, settings.number(.off) ?? own.off)
        own.start = settings.interval(.start) ?? own.start
        own.pause = settings.interval(.pause) ?? own.pause
        if let unit = settings[.unit].flatMap({ UsageUnit.allCases[safe: Int($0)] }) {
            own.unit = unit
        } else if !settings.parts[0].sees(.total) {
            own.unit = .times
        }
        self.init(own)
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _): tell(.began(kept.first.flatMap(recalled)), at: now)
        case .sensed(_, .level, .holds(let isOn, _)):
            tell(.level(isOn.map { $0 ? .one : .zero }), at: now)
        case .sensed(_, .level, let sight): tell(.level(sight.value), at: now)
        case .sensed(_, .total, let sight): tell(.total(sight.total), at: now)
        case .guarded(_, true): tell(.cut(.guarded), at: now)
        case .word(_, .stop, _): tell(.cut(.stopped), at: now)
        case .deadline: tell(.deadline, at: now)
        case .asked, .endAsked, .sensed, .orderEnded, .orderRefused, .guarded, .present, .open,
            .word, .today:
            []
        }
    }

    private mutating func tell(_ input: Input, at now: Instant) -> [ServiceOutput] {
        handle(input, at: now).map { output in
            switch output {
            case .began(let owner): .began(unit: 0, owner)
            case .ended(let use): .ended(unit: 0, use)
            }
        }
    }

    public func condition(of unit: Int) -> ServiceCondition { condition }
    public func owner(of unit: Int) -> UseOwner? { isInUse ? .somebody : nil }

    /// the meter's last total or -1, gained, estimated
    public func kept(at now: Instant) -> [KeptPart] {
        guard let use = kept else { return [] }
        return [
            KeptPart(
                unit: 0, owner: .somebody, since: use.since,
                numbers: [
                    use.meter.last ?? -1, use.meter.gained, use.meter.isEstimated ? 1 : 0,
                ])
        ]
    }

    private func recalled(_ part: KeptPart) -> Kept? {
        guard part.owner != nil, let since = part.since else { return nil }
        guard part.numbers.count == 3 else {
            return Kept(since: since, meter: MeterGain(isEstimated: true))
        }
        return Kept(
            since: since,
            meter: MeterGain(
                last: part.numbers[0] < 0 ? nil : part.numbers[0], gained: max(0, part.numbers[1]),
                isEstimated: part.numbers[2] == 1))
    }
}

extension RangeWatch: ServiceMachine {
    public init(_ settings: MachineSettings) {
        var own = Settings(
            lowest: settings.number(.lowest), highest: settings.number(.highest))
        own.patience = settings.interval(.patience) ?? own.patience
        self.init(own)
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        let before = raised
        let outputs: [Output] =
            switch input {
            case .sensed(_, .value, let sight): handle(.value(sight.value), at: now)
            case .deadline: handle(.deadline, at: now)
            case .began, .asked, .endAsked, .sensed, .orderEnded, .orderRefused, .guarded, .present,
                .open, .word, .today:
                []
            }
        return outputs.map { output in
            switch output {
            case .raised(.below): .raised(unit: 0, .tooCold)
            case .raised(.above): .raised(unit: 0, .tooWarm)
            case .cleared: .cleared(unit: 0, before == .below ? .tooCold : .tooWarm)
            }
        }
    }

    public func condition(of unit: Int) -> ServiceCondition { condition }
    public func owner(of unit: Int) -> UseOwner? { nil }
    public func kept(at now: Instant) -> [KeptPart] { [] }
}
