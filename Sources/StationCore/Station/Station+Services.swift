// Services: a tap, a reading, a person's order reaches the machine it is for; what that wants is
// written down, and done when it is.
//
//   tap ─► decision ─► the machine's answer ─► entry ─► barrier ─► decided again ─► the lock
//   reading ─► the machine ─► entries, at most so many a minute
//   whatever ends, makes safe or looks ─────────────────────────────────────────────► at once

import EventLoop

extension Station {
    // MARK: A tap

    /// Somebody taps at a service's reader.
    @inline(never)
    mutating func ask(
        _ service: ServiceID, _ presentation: Presentation, reader: Int, at now: Instant
    ) {
        counters.taps &+= 1
        guard let key else { return refuseStranger(.noKey, service, reader: reader, at: now) }
        guard let match = match(presentation, reader: reader, key: key) else {
            return refuseStranger(.unknown, service, reader: reader, at: now)
        }
        let record = match.record
        if machines.isMachine(Int(service.index)) {
            return askMachine(service, match, reader: reader, at: now)
        }
        // Whose a box is, the journal may know better than the snapshot: it is asked first.
        guard services.isRecalled || knowsNoMore(at: now) else {
            return refuse(.journalUnavailable, service, match, reader: reader, at: now)
        }
        let place = Int(service.index)
        let owner = UseOwner(key: record.id, holder: record.holder, source: .key)
        // A box that one has was one's share: it is opened as often as one likes.
        let denial = denial(
            of: record, match.form, service,
            asksQuota: services.banks[place].box(of: owner) == nil, at: now)
        let answer = services.banks[place].answer(
            owner, denial: denial, mayEmpty: Self.mayEmpty(record), at: now)
        switch answer {
        case .refused(let reason):
            refuse(reason, service, match, reader: reader, at: now)
        case .end(let unit):
            feed(.end, to: ServicePart(service: place, unit: unit), at: now)
            reply(.comeIn, at: reader, now: now) { _ in .grantedRoom }
        case .wait:
            reply(.comeIn, at: reader, now: now) { _ in .grantedRoom }
        case .assign(let unit):
            give(ServicePart(service: place, unit: unit), to: owner, match, reader, at: now)
        case .reopen(let unit, let isLast):
            let part = ServicePart(service: place, unit: unit)
            guard barrier.canAdmit, !barrier.isStrict || outbox.hasRoomForPrecious() else {
                return refuse(.journalUnavailable, service, match, reader: reader, at: now)
            }
            let ticket = write(
                .compartment(
                    service: service, unit: UInt16(clamping: unit), step: .reopened, by: .card),
                key: record.id, holder: record.holder, at: now)
            let isWanted = feed(.open(.holder, isLast: isLast), to: part, isHeld: true, at: now)
            guard isWanted else { return }
            holdUse(
                HeldGrant(
                    ticket: ticket, use: part, reader: DeviceID(reader), of: match.form,
                    at: now, deadline: now + barrier.patience), at: now)
        }
    }

    /// Whether a service may be begun: by its hours, and by those who look after it.
    borrowing func isOpen(_ service: ServiceID) -> Bool {
        let place = Int(service.index)
        return services.pauses[place] == nil
            && resolved.services[place].hours.map(schedules.isOpen) ?? true
    }

    /// Why a key may not begin a use now; `nil`: it may.
    ///
    /// - Parameters:
    ///   - asksQuota: whether it is another use than those that were counted, or will be.
    ///   - running: uses that its holder has begun there.
    mutating func denial(
        of record: KeyRecord, _ form: MatchForm, _ service: ServiceID, asksQuota: Bool,
        running: UInt32 = 0, at now: Instant
    ) -> Denial? {
        var stand = TermsNow()
        if let terms = terms(of: form) {
            stand = self.stand(
                terms, of: record.passbackHolder, QuotaSubject(service), running: running, at: now)
            if !asksQuota { stand.usedUp = nil }
        }
        let verdict = AccessDecision.use(
            record, stand, isOpen: isOpen(service), calendar: calendar, policy: resolved.policy,
            now: now)
        return if case .denied(let reason) = verdict { reason } else { nil }
    }

    /// Whether a card gets its holder's things out although it may not begin anything: neither one
    /// that was reported lost does, nor one that proved less than its key asks for.
    static func mayEmpty(_ record: KeyRecord) -> Bool {
        record.state != .lost && record.assurance <= .uid
    }

    /// The journal will not say more than the snapshot did, or not soon: who holds a box gets at
    /// it. None is given out.
    private borrowing func knowsNoMore(at now: Instant) -> Bool {
        journalState == .failed || services.waitsUntil.map { $0 <= now } ?? false
    }

    /// A free box becomes somebody's. Without the entry nobody would know whose: it does not open
    /// before that is durable.
    private mutating func give(
        _ part: ServicePart, to owner: UseOwner, _ match: Match, _ reader: Int, at now: Instant
    ) {
        let service = ServiceID(part.service)
        guard services.isRecalled, journalState != .failed, barrier.canGive,
            outbox.hasRoomForPrecious()
        else { return refuse(.journalUnavailable, service, match, reader: reader, at: now) }
        let ticket = write(
            .useBegan(service: service, unit: UInt16(clamping: part.unit), source: .key),
            key: owner.key, holder: owner.holder, at: now)
        feed(.assign(owner), to: part, isHeld: true, at: now)
        let gift = HeldGrant(
            ticket: ticket, gift: part, reader: DeviceID(reader), to: match.form, at: now,
            deadline: now + barrier.giftPatience)
        barrier.give(gift)
        actionsWaiting += 1
        deadlines.bringForward(serviceOwner, to: gift.deadline)
    }

    mutating func refuse(
        _ reason: Denial, _ service: ServiceID, _ match: Match?, reader: Int, at now: Instant
    ) {
        refuse(reason, service, match?.record, view: match?.view, reader: reader, at: now)
    }

    private mutating func refuse(
        _ reason: Denial, _ service: ServiceID, _ record: KeyRecord?, view: View?, reader: Int,
        at now: Instant
    ) {
        counters.denials[Int(reason.rawValue)] &+= 1
        write(
            .useRefused(service: service, reader: DeviceID(reader), view: view, reason: reason),
            key: record?.id ?? .empty, holder: record?.holder ?? .empty, at: now)
        reply(reason, at: reader, now: now)
    }

    /// Nobody on the roster, as at a door: written singly at first, then only counted.
    private mutating func refuseStranger(
        _ reason: Denial, _ service: ServiceID, reader: Int, at now: Instant
    ) {
        let answer = floods[reader].strangers.sees(at: now)
        expectCounts(of: reader, by: now + FloodLimiter.window)
        switch answer {
        case .write: refuse(reason, service, nil, reader: reader, at: now)
        case .count:
            counters.denials[Int(Denial.rateLimited.rawValue)] &+= 1
            reply(.rateLimited, at: reader, now: now)
        }
    }

    // MARK: Waiting for the entry

    /// A lock that is to be told waits for its entry, or does not.
    mutating func holdUse(_ use: HeldGrant, at now: Instant) {
        switch barrier.admit(use) {
        case .held: deadlines.bringForward(barrierOwner, to: use.deadline)
        case .releaseNow:
            journalWasLate(at: now)
            open(use, isDurable: false, at: now)
        }
    }

    /// A held use is let go: judged again, since the world may have changed while it waited.
    @inline(never)
    mutating func releaseUse(_ use: HeldGrant, isDurable: Bool, at now: Instant) {
        guard let part = use.part else { return }
        let service = ServiceID(part.service)
        let record = use.form.flatMap { rights(of: $0) }
        let reason: Denial? =
            switch use.origin {
            case .gift(_, _, let form):
                record.map { denial(of: $0, form, service, asksQuota: false, at: now) } ?? .unknown
            case .use: record.map { Self.mayEmpty($0) ? nil : .lost } ?? .unknown
            case .word, .key, .ruled, .pass, .order: nil
            }
        if let reason { return withdrawUse(use, reason, at: now) }
        open(use, isDurable: isDurable, at: now)
    }

    private mutating func open(_ use: HeldGrant, isDurable: Bool, at now: Instant) {
        guard let part = use.part else { return }
        if !isDurable { counters.undurableReleases &+= 1 }
        // What a person has cleared meanwhile is not opened.
        let isOpening = services.banks[part.service].boxes[part.unit].isOpening
        if use.form != nil {
            let reader = Int(use.reader.index)
            if isOpening {
                reply(.comeIn, at: reader, now: now) { _ in .grantedRoom }
            } else {
                reply(.journalUnavailable, at: reader, now: now)
            }
        }
        if isOpening { perform(part, at: now) }
    }

    /// Nothing was told to a lock, and nothing will be.
    @inline(never)
    mutating func withdrawUse(_ use: HeldGrant, _ reason: Denial, at now: Instant) {
        guard let part = use.part else { return }
        feed(.withdrawn, to: part, at: now)
        guard let form = use.form else { return }
        refuse(
            reason, ServiceID(part.service), record(of: form), view: nil,
            reader: Int(use.reader.index), at: now)
    }

    /// Entries up to this one are durable; `nil`: time has passed.
    @inline(never)
    mutating func giftsWritten(upTo ticket: Ticket?, at now: Instant) {
        while let outcome = barrier.nextGift(upTo: ticket, at: now) {
            actionsWaiting -= 1
            switch outcome {
            case .release(let gift): releaseUse(gift, isDurable: true, at: now)
            case .lapse(let gift):
                journalWasLate(at: now)
                withdrawUse(gift, .journalUnavailable, at: now)
            }
        }
    }

    mutating func expireServices(at now: Instant) {
        giftsWritten(upTo: nil, at: now)
        lookAtPauses(at: now)
        lookAtNotice(at: now)
        for service in services.banks.indices {
            for unit in services.banks[service].boxes.indices {
                let part = ServicePart(service: service, unit: unit)
                endCount(of: part, at: now)
                let due = services.banks[service].boxes[unit].nextDeadline
                guard let due, due <= now else { continue }
                feed(.deadline, to: part, at: now)
            }
        }
        if !machines.isEmpty {
            if !machines.hasBegun, knowsNoMore(at: now) { beginMachines(at: now) }
            expireMachines(at: now)
        }
        if let due = services.toldLateAt, due <= now {
            services.toldLateAt = nil
            raise(.usesUnknown, at: now)
        }
        var next = Instant.earlier(services.nextDeadline, barrier.nextGiftDeadline)
        next = Instant.earlier(Instant.earlier(next, pauseDeadline), noticeDeadline)
        if !machines.isEmpty {
            next = Instant.earlier(next, machines.nextDeadline)
            if !machines.hasBegun { next = Instant.earlier(next, services.waitsUntil) }
        }
        deadlines.set(serviceOwner, to: next)
    }

    // MARK: What machines see and want

    /// A point was read.
    @inline(never)
    mutating func serve(_ reading: PointReading, _ device: Int, _ point: Int, at now: Instant) {
        if !machines.isEmpty { serveMachines(reading, device, point, at: now) }
        for watcher in services.watchers(of: device, point) {
            let holds = watcher.holds(reading)
            switch watcher.meaning {
            case .closed:
                let readAt = watcher.isAsked ? reading.at : nil
                feed(.leaf(isClosed: holds, readAt: readAt), to: watcher.part, at: now)
            case .item: feed(.item(holds), to: watcher.part, at: now)
            }
        }
    }

    /// One part of a service takes an input.
    ///
    /// - Parameter isHeld: a lock that is to be told waits for the barrier.
    /// - Returns: whether a lock is to be told.
    @discardableResult
    mutating func feed(
        _ input: Compartment.Input, to part: ServicePart, by authority: Authority? = nil,
        person: CrewMember? = nil, isHeld: Bool = false, at now: Instant
    ) -> Bool {
        let outputs = services.banks[part.service].handle(input, unit: part.unit, at: now)
        let service = ServiceID(part.service)
        let unit = UInt16(clamping: part.unit)
        var isWanted = false
        for place in 0..<outputs.count {
            switch outputs[place] {
            case .open:
                isWanted = true
                if !isHeld { perform(part, at: now) }
            case .told(let step):
                guard !step.isSeen || isWritten(part, at: now) else { continue }
                write(
                    .compartment(service: service, unit: unit, step: step, by: authority),
                    key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
            case .ended(let end, let owner, let since):
                let seconds = UInt32(clamping: (now - since).nanoseconds / 1_000_000_000)
                let amount: UsageAmount = end.wasUsed ? .once : .none
                let ticket = write(
                    .useEnded(
                        service: service, unit: unit, source: owner.source, end: end,
                        seconds: seconds, amount: amount),
                    key: owner.key, holder: owner.holder, at: now)
                countUse(of: owner, service, seconds: seconds, amount, ticket, at: now)
            case nil: break
            }
        }
        let due = services.banks[part.service].boxes[part.unit].nextDeadline
        if let due { deadlines.bringForward(serviceOwner, to: due) }
        return isWanted
    }

    /// Whether what a sensor shows gets an entry of its own; more than people cause is counted.
    private mutating func isWritten(_ part: ServicePart, at now: Instant) -> Bool {
        let place = services.place(of: part)
        let wasFlooding = services.floods[place].isFlooding
        let answer = services.floods[place].sees(at: now)
        if let due = services.floods[place].nextDeadline {
            deadlines.bringForward(serviceOwner, to: due)
        }
        if answer == .count, !wasFlooding { write(part, .flapping, at: now) }
        return answer == .write
    }

    private mutating func write(_ part: ServicePart, _ step: CompartmentStep, at now: Instant) {
        write(
            .compartment(
                service: ServiceID(part.service), unit: UInt16(clamping: part.unit), step: step,
                by: nil), at: now)
    }

    /// A minute is over: what was counted is told, and how the door stands after all of it.
    private mutating func endCount(of part: ServicePart, at now: Instant) {
        let place = services.place(of: part)
        guard let due = services.floods[place].nextDeadline, due <= now,
            let count = services.floods[place].expire(at: now).count
        else { return }
        write(.pointsCounted(device: services.contacts[place], count: count), at: now)
        switch services.banks[part.service].boxes[part.unit].isClosed {
        case true?: write(part, .closed, at: now)
        case false?: write(part, .opened, at: now)
        case nil: break
        }
    }

    /// A lock is to be told. Never from here: a driver may be in the middle of its answers.
    private mutating func perform(_ part: ServicePart, at now: Instant) {
        // One that is being told is not told twice.
        guard !services.isUnderway(part, at: now) else { return }
        if services.toPerform.isEmpty { enqueue(.serviceOrders, at: now) }
        services.toPerform.append(part)
    }

    /// Tells devices what services want of them.
    @inline(never)
    mutating func performServiceOrders(at now: Instant) {
        if !machines.toPerform.isEmpty { performMachineOrders(at: now) }
        let parts = services.toPerform
        services.toPerform.removeAll(keepingCapacity: true)
        for part in parts {
            let target = services.targets[part.service][part.unit]
            lastAction += 1
            let number = lastAction
            services.underway.append(
                ServiceBook.Underway(number: number, part: part, at: now))
            let refusal = begin(
                ActionOrder(number: number, action: target.action, arguments: target.arguments),
                of: target.device, at: now)
            guard let refusal else { continue }
            services.underway.removeAll { $0.number == number }
            feed(.orderRefused(isBusy: refusal == .busy), to: part, at: now)
        }
    }

    /// Whether the order that ended was a service's.
    mutating func serviceOrderEnded(_ report: ActionReport, at now: Instant) -> Bool {
        if !machines.isEmpty, machineOrderEnded(report, at: now) { return true }
        guard
            let place = services.underway.firstIndex(where: { $0.number == report.number })
        else { return false }
        let part = services.underway.remove(at: place).part
        feed(.orderEnded(report.outcome), to: part, at: now)
        return true
    }
}
