// Services with machines: taps, buttons, values go in; entries, orders, answers come out.
//
//   a use is written down in the tick in which it begins, and nothing waits for that: what is
//   given is counted afterwards, and a start ends what it finds begun (decision 22)

public import EventLoop

extension Station {
    // MARK: What somebody asks

    /// Somebody with a key taps for a service.
    mutating func askMachine(
        _ service: ServiceID, _ match: Match, reader: Int, at now: Instant
    ) {
        let record = match.record
        let place = Int(service.index)
        let owner = UseOwner(key: record.id, holder: record.holder, source: .key)
        let unit = machines.unit(at: reader)
        let isForAnybody = machines.isForAnybody(place)
        let (denial, share) = isForAnybody ? (nil, nil) : mayBegin(service, match, owner, at: now)
        // What somebody has begun they end, whatever became of their key; but whoever found the
        // card does not, nor gets what is owed for it.
        if let denial, !Self.mayEmpty(record) {
            return refuse(denial, service, match, reader: reader, at: now)
        }
        let input: ServiceInput =
            denial == nil
            ? .asked(owner, unit: unit, share: share) : .endAsked(owner, unit: unit)
        var isAnswered = false
        for output in machines.take(input, place, at: now) {
            switch output {
            case .refused(let reason):
                isAnswered = true
                // Which of the holder's shares is used up is known better here.
                let reason = reason == .quota ? whoseQuota(service, match, at: now) : reason
                refuse(reason, service, match, reader: reader, at: now)
            case .given:
                isAnswered = true
                reply(.comeIn, at: reader, now: now) { _ in .partGiven }
            case .taken:
                isAnswered = true
                reply(.comeIn, at: reader, now: now) { _ in .partTaken }
            default: carry(output, of: place, at: now)
            }
        }
        if let denial, !isAnswered { refuse(denial, service, match, reader: reader, at: now) }
        lookAgain(at: place)
    }

    /// Why a key may not begin another use, and how much it may have of it.
    private mutating func mayBegin(
        _ service: ServiceID, _ match: Match, _ owner: UseOwner, at now: Instant
    ) -> (Denial?, UseShare?) {
        guard let terms = terms(of: match.form), !terms.quotas.isEmpty else {
            return (denial(of: match.record, match.form, service, asksQuota: false, at: now), nil)
        }
        let running = machines.kept(Int(service.index), at: now).count { part in
            part.owner.map(owner.isSamePerson) ?? false
        }
        let denial = denial(
            of: match.record, match.form, service, asksQuota: true,
            running: UInt32(clamping: running), at: now)
        let share = share(terms, of: match.record.passbackHolder, QuotaSubject(service), at: now)
        // Two at once would have what is left for one, each.
        let isOne = resolved.services[Int(service.index)].settings.units.count == 1
        if denial == nil, share != nil, running > 0, !isOne { return (.holderLimit, share) }
        return (denial, share)
    }

    /// Which of a holder's quotas has nothing left.
    private mutating func whoseQuota(
        _ service: ServiceID, _ match: Match, at now: Instant
    ) -> Denial {
        denial(of: match.record, match.form, service, asksQuota: true, at: now) ?? .quota
    }

    /// A button that anybody may press is held, or is not.
    private mutating func press(_ part: ServicePart, _ isHeld: Bool?, at now: Instant) {
        guard let isHeld else { return }
        let place = machines.place(of: part)
        let wasHeld = machines.pressed[place]
        machines.pressed[place] = isHeld
        // What is held when it is first seen is stuck, or wet, or somebody's hand since before.
        guard isHeld, wasHeld == false else { return }
        tell(.asked(UseOwner(source: .button), unit: part.unit), to: part.service, at: now)
    }

    /// A person says something of a part of a service. Who said it is an entry, whatever comes of
    /// it.
    ///
    /// - Returns: why it does nothing; `nil`: it was told.
    public mutating func told(
        _ word: PartWord, of unit: Int, in service: ServiceID, by person: CrewMember?,
        at now: Instant
    ) -> PartWordRefusal? {
        let place = Int(service.index)
        guard resolved.services.indices.contains(place),
            case .machine(let settings) = resolved.services[place].settings,
            settings.parts.indices.contains(unit)
        else { return .noSuchPart }
        let known = settings.kind.shape.words
        guard known.contains(word) else { return .unknownWord(known) }
        guard machines.hasBegun else { return .starting }
        let owner = UseOwner(
            key: person?.id ?? .empty, holder: person?.name ?? .empty, source: .command)
        var outputs = machines.take(.word(unit: unit, word, by: owner), place, at: now)
        let isNamed = outputs.contains { output in
            if case .told(_, _, _, let who?) = output { who == owner } else { false }
        }
        if !isNamed, let step = word.step {
            outputs.insert(.told(unit: unit, step, by: owner), at: 0)
        }
        for output in outputs { carry(output, of: place, at: now) }
        lookAgain(at: place)
        return nil
    }

    // MARK: What machines see

    /// A point was read.
    mutating func serveMachines(
        _ reading: PointReading, _ device: Int, _ point: Int, at now: Instant
    ) {
        for watcher in machines.watchers(of: device, point) {
            let sight = watcher.sight(reading)
            if watcher.sense == .button {
                press(watcher.part, sight.isTrue, at: now)
            } else {
                tell(
                    .sensed(unit: watcher.part.unit, watcher.sense, sight),
                    to: watcher.part.service, at: now)
            }
        }
    }

    /// A guard trips, or stands no longer.
    mutating func guardMoved(_ rule: Int, at now: Instant) {
        for part in machines.parts(guardedBy: rule) {
            tell(.guarded(unit: part.unit, isGuarded(part)), to: part.service, at: now)
        }
    }

    private borrowing func isGuarded(_ part: ServicePart) -> Bool {
        machines.guards(of: part).contains { guards.rules[$0].stands }
    }

    /// A device is there, or is not.
    mutating func serveMachines(_ device: Int, isThere: Bool, at now: Instant) {
        for part in machines.performers[device] {
            tell(.present(unit: part.unit, isThere), to: part.service, at: now)
        }
    }

    /// Hours have changed, maybe.
    mutating func followServiceHours(at now: Instant) {
        guard machines.hasBegun else { return }
        for service in machines.services where machines.isMachine(service) {
            let isOpen = isOpen(ServiceID(service))
            guard machines.openness[service] != isOpen else { continue }
            machines.openness[service] = isOpen
            tell(.open(isOpen), to: service, at: now)
        }
    }

    /// All is known of the run before that anybody knows, or nobody waits for it any more.
    mutating func beginMachines(at now: Instant) {
        guard !machines.isEmpty, !machines.hasBegun else { return }
        for service in machines.services where machines.isMachine(service) {
            for unit in resolved.services[service].settings.units.indices {
                let part = ServicePart(service: service, unit: unit)
                if isGuarded(part) { tell(.guarded(unit: unit, true), to: service, at: now) }
            }
            let isOpen = isOpen(ServiceID(service))
            machines.openness[service] = isOpen
            tell(.open(isOpen), to: service, at: now)
            let kept = machines.kept[service]
            tell(.began(kept, away: machines.away), to: service, at: now)
        }
        machines.hasBegun = true
        machines.kept = machines.kept.map { _ in [] }
        tellDate(at: now)
    }

    /// A clock was observed, or a new day has come.
    mutating func tellDate(at now: Instant) {
        guard machines.hasBegun else { return }
        machines.dayEndsAt = nil
        var date: CivilDate?
        if calendar.isTrusted {
            let local = calendar.wallTime(at: now).seconds + Int64(calendar.utcOffset)
            let today = CivilDate(localSeconds: local)
            let left = Int64(today.dayNumber + 1) * 86_400 - local
            machines.dayEndsAt = now + .seconds(max(1, left))
            date = today
        }
        guard date != machines.date else { return }
        machines.date = date
        for service in machines.services where machines.isMachine(service) {
            tell(.today(date), to: service, at: now)
        }
    }

    mutating func expireMachines(at now: Instant) {
        if let due = machines.dayEndsAt, due <= now { tellDate(at: now) }
        for service in machines.services {
            guard let due = machines.nextDeadline(of: service), due <= now else { continue }
            tell(.deadline, to: service, at: now)
        }
        for service in machines.services where machines.isMachine(service) {
            for unit in resolved.services[service].settings.units.indices {
                endCount(of: ServicePart(service: service, unit: unit), at: now)
            }
        }
    }

    /// A minute is over: what was only counted is told.
    private mutating func endCount(of part: ServicePart, at now: Instant) {
        let place = machines.place(of: part)
        guard let due = machines.floods[place].nextDeadline, due <= now,
            let count = machines.floods[place].expire(at: now).count
        else { return }
        write(Self.flapping(part, Int64(count)), at: now)
    }

    private static func flapping(_ part: ServicePart, _ count: Int64) -> Event {
        .servicePart(
            service: ServiceID(part.service), unit: UInt16(clamping: part.unit), step: .flapping,
            value: count, by: nil)
    }

    // MARK: What machines want

    private mutating func tell(_ input: ServiceInput, to service: Int, at now: Instant) {
        for output in machines.take(input, service, at: now) {
            carry(output, of: service, at: now)
        }
        lookAgain(at: service)
    }

    private mutating func lookAgain(at service: Int) {
        guard let due = machines.nextDeadline(of: service) else { return }
        deadlines.bringForward(serviceOwner, to: due)
    }

    private mutating func carry(_ output: ServiceOutput, of service: Int, at now: Instant) {
        let id = ServiceID(service)
        switch output {
        case .perform(let unit, let role, let order, let amount):
            let part = ServicePart(service: service, unit: unit)
            if machines.toPerform.isEmpty { enqueue(.serviceOrders, at: now) }
            machines.toPerform.append(
                MachineBook.Doing(part: part, role: role, order: order, amount: amount))
        case .began(let unit, let owner):
            let part = ServicePart(service: service, unit: unit)
            guard isTold(owner, at: part, now) else { return }
            write(
                .useBegan(service: id, unit: UInt16(clamping: unit), source: owner.source),
                key: owner.key, holder: owner.holder, at: now)
        case .ended(let unit, let use):
            let place = machines.place(of: ServicePart(service: service, unit: unit))
            let wasMuted = machines.muted[place]
            machines.muted[place] = false
            if wasMuted, use.owner.source == .sensor { return }
            let seconds = UInt32(clamping: use.duration.nanoseconds / 1_000_000_000)
            let amount = use.end.wasUsed ? use.amount : .none
            let ticket = write(
                .useEnded(
                    service: id, unit: UInt16(clamping: unit), source: use.owner.source,
                    end: use.end, seconds: seconds, amount: amount),
                key: use.owner.key, holder: use.owner.holder, at: now)
            countUse(of: use.owner, id, seconds: seconds, amount, ticket, at: now)
        case .told(let unit, let step, let value, let owner):
            let part = ServicePart(service: service, unit: unit)
            if step == .claimed, let owner { claimed(part, by: owner, at: now) }
            write(
                .servicePart(
                    service: id, unit: UInt16(clamping: unit), step: step, value: value,
                    by: owner.map { $0.source == .command ? .crew : .card }),
                key: owner?.key ?? .empty, holder: owner?.holder ?? .empty, at: now)
        case .raised(let unit, let fault):
            fail(ServicePart(service: service, unit: unit), fault, true, at: now)
        case .cleared(let unit, let fault):
            fail(ServicePart(service: service, unit: unit), fault, false, at: now)
        // Nobody stands at a reader.
        case .given, .taken: break
        case .refused(let reason): counters.denials[Int(reason.rawValue)] &+= 1
        }
    }

    /// A use that was only counted is somebody's: it gets its beginning.
    private mutating func claimed(
        _ part: ServicePart, by owner: UseOwner, at now: Instant
    ) {
        let place = machines.place(of: part)
        guard machines.muted[place] else { return }
        machines.muted[place] = false
        write(
            .useBegan(
                service: ServiceID(part.service), unit: UInt16(clamping: part.unit),
                source: owner.source), key: owner.key, holder: owner.holder, at: now)
    }

    private mutating func fail(
        _ part: ServicePart, _ fault: ServiceFault, _ stands: Bool, at now: Instant
    ) {
        machines.note(fault, stands, of: part)
        write(
            .serviceFault(
                service: ServiceID(part.service), unit: UInt16(clamping: part.unit), fault,
                stands: stands), at: now)
    }

    /// Whether a use gets entries: what nobody asked for, and more often than people come, is only
    /// counted.
    private mutating func isTold(
        _ owner: UseOwner, at part: ServicePart, _ now: Instant
    ) -> Bool {
        guard owner.source == .sensor else { return true }
        let place = machines.place(of: part)
        let wasFlooding = machines.floods[place].isFlooding
        let answer = machines.floods[place].sees(at: now)
        if let due = machines.floods[place].nextDeadline {
            deadlines.bringForward(serviceOwner, to: due)
        }
        guard answer == .count else { return true }
        machines.muted[place] = true
        if !wasFlooding {
            write(Self.flapping(part, 0), at: now)
        }
        return false
    }

    /// Tells devices what machines want of them.
    mutating func performMachineOrders(at now: Instant) {
        let doings = machines.toPerform
        machines.toPerform.removeAll(keepingCapacity: true)
        for var doing in doings {
            guard let target = machines.target(of: doing) else { continue }
            lastAction += 1
            (doing.number, doing.since) = (lastAction, now)
            machines.began(doing)
            let refusal = begin(
                ActionOrder(
                    number: doing.number, action: target.action,
                    arguments: arguments(of: target, for: doing)),
                of: target.device, at: now)
            guard let refusal, machines.ended(doing.number, at: now) != nil else { continue }
            tell(
                .orderRefused(
                    unit: doing.part.unit, doing.role, order: doing.order,
                    isBusy: refusal == .busy), to: doing.part.service, at: now)
        }
    }

    /// What the station file says, but for numbers that only the use knows: how much (`ml`), and
    /// the number by which a board tells of its session (`order`).
    private borrowing func arguments(
        of target: ServiceBook.Target, for doing: MachineBook.Doing
    ) -> [ArgumentValue] {
        let action = resolved.devices[Int(target.device.index)].driver.actions[target.action]
        return target.arguments.map { given in
            guard let bounds = action.arguments.first(where: { $0.name == given.name }) else {
                return given
            }
            var number: DecimalNumber?
            switch given.name {
            case "ml": number = doing.amount.map { min(given.value, DecimalNumber($0)) }
            case "order": number = DecimalNumber(Int64(doing.order))
            default: break
            }
            guard let number else { return given }
            let bounded = max(bounds.lowest, min(bounds.highest, number))
            return ArgumentValue(given.name, bounded)
        }
    }

    /// Whether the order that ended was a machine's.
    mutating func machineOrderEnded(_ report: ActionReport, at now: Instant) -> Bool {
        guard let doing = machines.ended(report.number, at: now) else { return false }
        tell(
            .orderEnded(
                unit: doing.part.unit, doing.role, order: doing.order, report.outcome),
            to: doing.part.service, at: now)
        return true
    }

    // MARK: What others ask, and what outlives the run

    /// What the next run has to know of a service with a machine.
    public borrowing func keptParts(of service: Int, at now: Instant) -> [KeptPart] {
        machines.kept(service, at: now)
    }

    /// What the run before knew of a service; each word stands for all before it.
    ///
    /// - Parameter away: how long the station was away; `nil`: nobody knows.
    public mutating func recalled(_ parts: [KeptPart], of service: Int, away: Interval?) {
        guard resolved.services.indices.contains(service), machines.isMachine(service),
            !machines.hasBegun
        else { return }
        let units = resolved.services[service].settings.units.indices
        machines.kept[service] = parts.filter { units.contains($0.unit) }
        machines.away = away
    }

    /// An entry was written so long ago: the snapshot may be older than the run's end.
    public mutating func wasAway(atMost away: Interval) {
        guard !machines.hasBegun else { return }
        machines.away = min(machines.away ?? away, away)
    }

    /// What entries say of a part beyond the snapshot.
    public mutating func recalled(_ news: PartNews, of unit: Int, in service: Int) {
        guard resolved.services.indices.contains(service), !machines.hasBegun,
            resolved.services[service].settings.units.indices.contains(unit)
        else { return }
        machines.learn(news, ServicePart(service: service, unit: unit))
    }
}
