// A bank of sockets as a service.

public import EventLoop

extension ChargingBank: ServiceMachine {
    public init(_ settings: MachineSettings) {
        let kind = settings[.type].flatMap { Socket.Kind.allCases[safe: Int($0)] } ?? .phone
        self.init(
            Settings(
                sockets: settings.parts.map { Socket.Settings(kind, settings, $0) },
                sessionsPerHolder: settings[.sessions].map { Int($0) } ?? 1,
                groupLimit: settings[.feed].map { Power(milliwatts: $0) }))
    }

    public mutating func take(_ input: ServiceInput, at now: Instant) -> [ServiceOutput] {
        switch input {
        case .began(let kept, let away):
            var outputs: [ServiceOutput] = []
            for unit in sockets.indices {
                let part = kept.first { $0.unit == unit }
                outputs += tell(
                    .socket(unit, .recalled(part.flatMap { recalled($0, now) }, away: away)),
                    at: now)
            }
            return outputs
        case .asked(let owner, let unit, let share):
            let request = Socket.Request(
                owner, quota: share?.wattHours.map { .wattHours($0) },
                share: share?.seconds.map { .seconds(min($0, Self.longestKept / 1_000)) })
            return tell(.tapped(request, socket: unit), at: now)
        case .endAsked(let owner, let unit):
            return tell(.endAsked(owner, socket: unit), at: now)
        case .sensed(let unit, let sense, let sight):
            return see(unit, sense, sight, at: now)
        case .orderEnded(let unit, _, let order, let outcome):
            return tell(.socket(unit, .orderEnded(order, outcome)), at: now)
        case .orderRefused(let unit, _, let order, let isBusy):
            return tell(.socket(unit, .orderRefused(order, isBusy: isBusy)), at: now)
        case .guarded(let unit, let stands):
            return tell(.socket(unit, .guarded(stands)), at: now)
        // Its meter's silence cuts, and orders that are lost are told again.
        case .present: return []
        case .open(let isOpen): return tell(.all(.open(isOpen)), at: now)
        case .word(let unit, .stop, _): return tell(.socket(unit, .endAsked(.stopped)), at: now)
        case .word(let unit, .reset, _): return tell(.socket(unit, .reset), at: now)
        case .word, .today: return []
        case .deadline: return tell(.deadline, at: now)
        }
    }

    private mutating func see(
        _ unit: Int, _ sense: Sense, _ sight: ServiceInput.Sight, at now: Instant
    ) -> [ServiceOutput] {
        switch (sense, sight) {
        case (.power, .number(let reading)): tell(.socket(unit, .power(reading)), at: now)
        case (.energy, .number(let reading)): tell(.socket(unit, .energy(reading)), at: now)
        case (.heat, .number(let reading)): tell(.socket(unit, .heat(reading)), at: now)
        case (.plugged, _): tell(.socket(unit, .plug(sight.isTrue)), at: now)
        case (.running, .holds(let isOn?, let at)):
            tell(.socket(unit, .shown(isOn ? .on : .off, readAt: at)), at: now)
        case (.broken, .holds(true?, let at)):
            tell(.socket(unit, .shown(.broken, readAt: at)), at: now)
        case (.mains, _): tell(.all(.mains(sight.isTrue)), at: now)
        // A smoke sensor that says nothing is a fault of its device, and guards see to it.
        case (.smoke, .holds(let isSmoke?, _)): tell(.all(.smoke(isSmoke)), at: now)
        default: []
        }
    }

    private mutating func tell(_ input: Input, at now: Instant) -> [ServiceOutput] {
        handle(input, at: now).map { output in
            switch output {
            case .socket(let unit, let output): Self.told(unit, output, at: now)
            case .given(let unit): .given(unit: unit)
            case .taken(let unit): .taken(unit: unit)
            case .refused(let refusal): .refused(Self.denial(refusal))
            }
        }
    }

    private static func told(
        _ unit: Int, _ output: Socket.Output, at now: Instant
    ) -> ServiceOutput {
        switch output {
        case .switchOn(let order, _, _): .perform(unit: unit, .on, order: order)
        case .switchOff(let order): .perform(unit: unit, .off, order: order)
        case .began(let owner): .began(unit: unit, owner)
        case .told(.charging): .told(unit: unit, .charging)
        case .told(.suspended): .told(unit: unit, .suspended)
        case .told(.resumed): .told(unit: unit, .resumed)
        case .told(.cut(let end)): .told(unit: unit, .cut, value: Int64(end.rawValue))
        case .told(.reset): .told(unit: unit, .reset)
        case .told(.notReset): .told(unit: unit, .notReset)
        case .ended(let owner, let end, let amount, let lasted):
            .ended(
                unit: unit,
                FinishedUse(
                    owner, since: now + (.zero - lasted), until: now, amount: amount, end: end))
        case .raised(let fault): .raised(unit: unit, Self.fault(fault))
        case .cleared(let fault): .cleared(unit: unit, Self.fault(fault))
        case .refused(let refusal): .refused(denial(refusal))
        }
    }

    private static func fault(_ fault: Socket.Fault) -> ServiceFault {
        switch fault {
        case .relayStuck: .relayStuck
        case .notOff: .notOff
        case .warm: .warm
        case .burning: .burning
        case .broken: .broken
        }
    }

    private static func denial(_ refusal: Socket.Refusal) -> Denial {
        switch refusal {
        case .occupied, .notYours: .inUse
        case .notReady: .notReady
        case .faulty, .warm, .guarded, .smoke, .noMains, .noSocket: .outOfOrder
        case .closed: .hours
        case .quota: .quota
        case .groupLimit, .noneFree: .noneFree
        case .holderLimit: .holderLimit
        }
    }

    // MARK: What others ask

    public func condition(of unit: Int) -> ServiceCondition {
        guard sockets[unit].isRecalled else { return .outOfOrder(.starting) }
        if sockets[unit].stands(.notOff) { return .outOfOrder(.notSecured) }
        return switch sockets[unit].refusal {
        // One that is just being switched off is free in a moment.
        case nil, .occupied, .closed, .quota, .groupLimit, .holderLimit, .noneFree, .noSocket,
            .notYours, .notReady:
            .working
        case .faulty: .outOfOrder(.deviceFailed)
        case .warm: .outOfOrder(.outOfRange)
        case .guarded, .smoke: .outOfOrder(.guarded)
        case .noMains: .outOfOrder(.supplyEmpty)
        }
    }

    public func owner(of unit: Int) -> UseOwner? { sockets[unit].owner }

    // MARK: What outlives the run

    private enum Flag {
        static let stuck: Int64 = 1
        static let burning: Int64 = 2
        static let gap: Int64 = 4
        static let on: Int64 = 8
        static let share: Int64 = 16
    }

    /// flags, quota or -1, ran and left in ms, counted and since in µWh, total or -1, highest, end
    private static let count = 9

    public func kept(at now: Instant) -> [KeptPart] {
        sockets.indices.compactMap { unit in
            let kept = sockets[unit].kept(at: now)
            guard kept != Socket.Kept() else { return nil }
            var flags = (kept.isStuck ? Flag.stuck : 0) | (kept.isBurning ? Flag.burning : 0)
            guard let session = kept.session else { return KeptPart(unit: unit, numbers: [flags]) }
            flags |= (session.hasGap ? Flag.gap : 0) | (session.wasOn ? Flag.on : 0)
            flags |= session.isShare ? Flag.share : 0
            return KeptPart(
                unit: unit, owner: session.owner, since: now + (.zero - session.ran),
                numbers: [
                    flags, session.quota?.microwattHours ?? -1,
                    session.ran.nanoseconds / 1_000_000, session.left.nanoseconds / 1_000_000,
                    session.counted.microwattHours, session.sinceTotal.microwattHours,
                    session.total?.microwattHours ?? -1, session.highest.milliwatts,
                    Int64(session.end?.rawValue ?? 0),
                ])
        }
    }

    public func learn(_ news: PartNews, of unit: Int, _ kept: inout [KeptPart]) {
        kept.update(unit) { part in
            var flags = part.numbers.first ?? 0
            // Of another charge only what is wrong with its socket is known.
            if part.take(news) { part.numbers = [] }
            for (fault, flag) in [(ServiceFault.relayStuck, Flag.stuck), (.burning, Flag.burning)] {
                guard let stands = news.stands(fault) else { continue }
                flags = stands ? flags | flag : flags & ~flag
            }
            if !part.numbers.isEmpty {
                part.numbers[0] = flags
            } else if flags & (Flag.stuck | Flag.burning) != 0 {
                part.numbers = [flags]
            }
        }
    }

    private func recalled(_ part: KeptPart, _ now: Instant) -> Socket.Kept {
        let flags = part.numbers.first ?? 0
        var kept = Socket.Kept(
            isStuck: flags & Flag.stuck != 0, isBurning: flags & Flag.burning != 0)
        guard let owner = part.owner else { return kept }
        let numbers = part.numbers
        guard numbers.count == Self.count, numbers.dropFirst(2).allSatisfy({ $0 >= -1 }) else {
            // The journal alone knows of it: that it was begun, and by whom.
            kept.session = Socket.Kept.Session(
                owner: owner, quota: nil, ran: part.since.map { now - $0 } ?? .zero, left: .zero,
                counted: .zero, sinceTotal: .zero, total: nil, hasGap: true, highest: .zero,
                wasOn: true, end: .interrupted)
            return kept
        }
        kept.session = Socket.Kept.Session(
            owner: owner, quota: Self.energy(numbers[1]),
            ran: .milliseconds(min(numbers[2], Self.longestKept)),
            left: .milliseconds(min(numbers[3], Self.longestKept)),
            counted: Self.energy(numbers[4]) ?? .zero, sinceTotal: Self.energy(numbers[5]) ?? .zero,
            total: Self.energy(numbers[6]), hasGap: flags & Flag.gap != 0,
            highest: Power(milliwatts: min(numbers[7], Power.limit.milliwatts)),
            wasOn: flags & Flag.on != 0, end: UInt8(exactly: numbers[8]).flatMap(UseEnd.init),
            isShare: flags & Flag.share != 0)
        return kept
    }

    /// No session is longer than a day; in ms, with room.
    private static let longestKept: Int64 = 7 * 86_400_000

    private static func energy(_ microwattHours: Int64) -> Energy? {
        guard microwattHours >= 0 else { return nil }
        return min(Energy(microwattHours: microwattHours), .limit)
    }
}

extension Socket.Settings {
    /// What the station file says; what it leaves out is the kind's.
    init(_ kind: Socket.Kind, _ settings: MachineSettings, _ part: PartSettings) {
        self.init(kind)
        func power(_ setting: ServiceSetting, _ own: Power) -> Power {
            settings[setting].map { Power(milliwatts: $0) } ?? own
        }
        rated = power(.rated, rated)
        float = power(.float, float)
        load = power(.load, load)
        floatTime = settings.interval(.floatTime) ?? floatTime
        noLoadTime = settings.interval(.noLoad) ?? noLoadTime
        longest = settings.interval(.longest) ?? longest
        warm = settings.number(.warm) ?? warm
        hot = settings.number(.hot) ?? hot
        burning = settings.number(.burning) ?? burning
        rise = settings.number(.rise) ?? rise
        isMetered = part.sees(.power)
        energy = part.sees(.energy) ? .total : .none
        hasPlug = part.sees(.plugged)
    }
}

extension Collection {
    /// The element there, if there is one.
    subscript(safe index: Index) -> Element? { indices.contains(index) ? self[index] : nil }
}
