// Cabinets, desks and lamps as services.

public import EventLoop

extension Cabinet: ServiceMachine {
    public init(_ settings: MachineSettings) {
        self.init(
            Settings(
                hasLock: settings.parts[0].order(.open) != nil,
                window: settings.interval(.window) ?? Limit.window,
                leftOpen: settings.interval(.leftOpen) ?? Limit.leftOpen,
                restockAfter: settings[.restockAfter]))
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _): return tell(.began(kept.first.map(recalled)), at: now)
        case .asked(let owner, _, _):
            let outputs = tell(.asked(owner), at: now)
            let isRefused = outputs.contains {
                if case .refused = $0 { true } else { false }
            }
            guard !isRefused else { return outputs }
            // Who opens a lock is written down before it opens, whether the leaf moves or not.
            let isUnlocked = outputs.contains {
                if case .perform = $0 { true } else { false }
            }
            let told: [ServiceOutput] = isUnlocked ? [.told(unit: 0, .unlocked, by: owner)] : []
            return told + outputs + [.given(unit: 0)]
        case .sensed(_, .closed, let sight): return tell(.contact(isClosed: sight.isTrue), at: now)
        case .open(let isOpen): return tell(.service(isOpen: isOpen), at: now)
        case .word(_, .restocked, let owner):
            return tell(.restock(isDue: false, by: owner), at: now)
        case .word(_, .restockDue, let owner):
            return tell(.restock(isDue: true, by: owner), at: now)
        case .deadline: return tell(.deadline, at: now)
        case .endAsked, .sensed, .orderEnded, .orderRefused, .guarded, .present, .word, .today:
            return []
        }
    }

    private mutating func tell(_ input: Input, at now: Instant) -> [ServiceOutput] {
        handle(input, at: now).map { output in
            switch output {
            case .unlock: .perform(unit: 0, .open, order: 0)
            case .began(let owner): .began(unit: 0, owner)
            case .ended(let use): .ended(unit: 0, use)
            case .notOpened(let owner): .told(unit: 0, .notOpened, by: owner)
            case .restocked(let owner): .told(unit: 0, .restocked, by: owner)
            case .raised(let fault): .raised(unit: 0, Self.fault(fault))
            case .cleared(let fault): .cleared(unit: 0, Self.fault(fault))
            case .refused(.serviceClosed): .refused(.hours)
            case .refused(.starting): .refused(.notReady)
            }
        }
    }

    private static func fault(_ fault: Fault) -> ServiceFault {
        switch fault {
        case .leftOpen: .leftOpen
        case .forced: .forced
        case .restockDue: .restockDue
        }
    }

    public func condition(of unit: Int) -> ServiceCondition { condition }
    public func owner(of unit: Int) -> UseOwner? { kept.use?.owner }

    /// uses since it was filled up, whether it is to be
    public func kept(at now: Instant) -> [KeptPart] {
        guard kept != Kept() else { return [] }
        return [
            KeptPart(
                unit: 0, owner: kept.use?.owner, since: kept.use?.since,
                numbers: [kept.uses, kept.isRestockDue ? 1 : 0])
        ]
    }

    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in
            part.take(news)
            let isWhole = part.numbers.count == 2
            var (uses, isDue) = isWhole ? (part.numbers[0], part.numbers[1]) : (0, 0)
            uses = uses.addingSaturating(news.begun)
            if news.steps.contains(.restocked) { (uses, isDue) = (news.begunSinceRestock, 0) }
            if let stands = news.stands(.restockDue) { isDue = stands ? 1 : 0 }
            part.numbers = uses == 0 && isDue == 0 ? [] : [uses, isDue]
        }
    }

    private func recalled(_ part: KeptPart) -> Kept {
        var kept = Kept()
        if let owner = part.owner, let since = part.since {
            kept.use = RunningUse(owner, since: since)
        }
        guard part.numbers.count == 2 else { return kept }
        kept.uses = max(0, part.numbers[0])
        kept.isRestockDue = part.numbers[1] == 1
        return kept
    }
}

extension Desk: ServiceMachine {
    public init(_ settings: MachineSettings) { self.init() }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            let acts = kept.compactMap { part in
                part.owner.map { RunningUse($0, since: part.since ?? now) }
            }
            return tell(.began(acts), at: now)
        case .asked(let owner, _, _): return tell(.tapped(owner), isAsked: true, at: now)
        // What was recorded can be taken back.
        case .endAsked(let owner, _): return tell(.takenBack(owner), isAsked: true, at: now)
        case .open(let isOpen): return tell(.service(isOpen: isOpen), at: now)
        case .word(_, .undo, let owner): return tell(.undo(nil, by: owner), at: now)
        case .deadline: return tell(.deadline, at: now)
        case .sensed, .orderEnded, .orderRefused, .guarded, .present, .word, .today: return []
        }
    }

    private mutating func tell(
        _ input: Input, isAsked: Bool = false, at now: Instant
    ) -> [ServiceOutput] {
        handle(input, at: now).flatMap { output -> [ServiceOutput] in
            switch output {
            case .began(let owner): [.began(unit: 0, owner), .given(unit: 0)]
            case .ended(let use): [.ended(unit: 0, use)]
            case .undone(_, let owner):
                [.told(unit: 0, .undone, by: owner)] + (isAsked ? [.taken(unit: 0)] : [])
            case .repeated: [.given(unit: 0)]
            case .refused(.serviceClosed): [.refused(.hours)]
            case .refused(.starting), .refused(.nothingToUndo): [.refused(.notReady)]
            }
        }
    }

    public func condition(of unit: Int) -> ServiceCondition { condition }
    /// Many people's at once: nobody's.
    public func owner(of unit: Int) -> UseOwner? { nil }

    public func kept(at now: Instant) -> [KeptPart] {
        kept.map { KeptPart(unit: 0, owner: $0.owner, since: $0.since) }
    }

    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.removeAll { part in part.owner.map(news.ended.contains) ?? true }
        kept += news.running.map { KeptPart(unit: 0, owner: $0.owner, since: $0.since) }
    }
}

extension DuskLight: ServiceMachine {
    public init(_ settings: MachineSettings) {
        let part = settings.parts[0]
        var own = Settings(hasSensor: part.sees(.lux), hasPoint: part.sees(.lit))
        own.dark = settings.number(.dark) ?? own.dark
        own.light = max(own.dark, settings.number(.light) ?? own.light)
        own.settle = settings.interval(.settle) ?? own.settle
        self.init(own)
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, _):
            tell(.began(wasOn: kept.first.map { $0.numbers == [1] }), at: now)
        case .sensed(_, .lux, let sight): tell(.lux(sight.value), at: now)
        case .sensed(_, .lit, let sight): tell(.lamp(isOn: sight.isTrue), at: now)
        // Its hours say when it is dark, for a sensor that says nothing.
        case .open(let isDark): tell(.hours(isDark: isDark), at: now)
        case .orderEnded(_, let role, _, let outcome):
            tell(.ended(role == .on ? .on : .off, outcome), at: now)
        case .orderRefused(_, let role, _, let isBusy):
            tell(.refused(role == .on ? .on : .off, isBusy: isBusy), at: now)
        case .deadline: tell(.deadline, at: now)
        case .asked, .endAsked, .sensed, .guarded, .present, .word, .today: []
        }
    }

    private mutating func tell(_ input: Input, at now: Instant) -> [ServiceOutput] {
        handle(input, at: now).compactMap { output in
            switch output {
            case .perform(let order): .perform(unit: 0, order == .on ? .on : .off, order: 0)
            // Its device's point says so, where there is one.
            case .became: nil
            case .raised: .raised(unit: 0, .lampsFail)
            case .cleared: .cleared(unit: 0, .lampsFail)
            }
        }
    }

    public func condition(of unit: Int) -> ServiceCondition { condition }
    public func owner(of unit: Int) -> UseOwner? { nil }

    public func kept(at now: Instant) -> [KeptPart] {
        [KeptPart(unit: 0, numbers: [isOn ? 1 : 0])]
    }
}
