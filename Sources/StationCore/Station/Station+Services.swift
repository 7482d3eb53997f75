// Services: a tap, a reading, a person's order reaches the machine it is for; what that wants is
// written down, and done when it is.
//
//   tap ─► decision ─► the machine's answer ─► entry ─► durable, or past its patience ─► the lock
//   reading ─► the machine ─► entries
//   whatever ends, makes safe or looks ───────────────────────────────────────────────► at once

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
        // Whose a box is, the journal may know better than the snapshot: it is asked first.
        guard services.isRecalled || journalState == .failed else {
            return refuse(.journalUnavailable, service, match, reader: reader, at: now)
        }
        let verdict = AccessDecision.use(
            record, isOpen: isOpen(service), calendar: calendar, policy: resolved.policy, now: now)
        let denial: Denial? = if case .denied(let reason) = verdict { reason } else { nil }
        let place = Int(service.index)
        let owner = UseOwner(key: record.id, holder: record.holder, source: .key)
        let answer = services.banks[place].answer(
            owner, denial: denial, mayEmpty: record.state != .lost, at: now)
        switch answer {
        case .refused(let reason):
            refuse(reason, service, match, reader: reader, at: now)
        case .end(let unit):
            feed(.end, to: ServicePart(service: place, unit: unit), at: now)
            reply(.comeIn, at: reader, now: now) { _ in .grantedRoom }
        case .assign(let unit):
            let part = ServicePart(service: place, unit: unit)
            // While the journal fails boxes open again, but none is given out.
            guard journalState != .failed, !barrier.isStrict || outbox.hasRoomForPrecious() else {
                return refuse(.journalUnavailable, service, match, reader: reader, at: now)
            }
            let ticket = write(
                .useBegan(service: service, unit: UInt8(clamping: unit), source: .key),
                key: record.id, holder: record.holder, at: now)
            admit(part, reader, behind: ticket, at: now)
            feed(.assign(owner), to: part, at: now)
        case .reopen(let unit, let isLast):
            let part = ServicePart(service: place, unit: unit)
            let ticket = write(
                .compartment(
                    service: service, unit: UInt8(clamping: unit), step: .reopened, by: .card),
                key: record.id, holder: record.holder, at: now)
            admit(part, reader, behind: ticket, at: now)
            feed(.open(.holder, isLast: isLast), to: part, at: now)
        }
    }

    private borrowing func isOpen(_ service: ServiceID) -> Bool {
        resolved.services[Int(service.index)].hours.map(schedules.isOpen) ?? true
    }

    /// What the lock is told next waits for an entry, unless nobody trusts the journal.
    private mutating func admit(
        _ part: ServicePart, _ reader: Int, behind ticket: Ticket?, at now: Instant
    ) {
        guard barrier.isStrict || barrier.isWaiting else {
            return reply(.comeIn, at: reader, now: now) { _ in .grantedRoom }
        }
        let until = now + barrier.patience
        services.waiting.append(
            ServiceBook.Waiting(
                part: part, reader: DeviceID(reader), ticket: ticket, until: until))
        actionsWaiting += 1
        deadlines.bringForward(serviceOwner, to: until)
    }

    mutating func refuse(
        _ reason: Denial, _ service: ServiceID, _ match: Match?, reader: Int, at now: Instant
    ) {
        counters.denials[Int(reason.rawValue)] &+= 1
        write(
            .useRefused(
                service: service, reader: DeviceID(reader), view: match?.view, reason: reason),
            key: match?.record.id ?? .empty, holder: match?.record.holder ?? .empty, at: now)
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

    /// Entries up to this one are durable.
    mutating func usesWritten(upTo ticket: Ticket, at now: Instant) {
        var place = 0
        while place < services.waiting.count {
            guard let own = services.waiting[place].ticket, own <= ticket else {
                place += 1
                continue
            }
            letGo(services.waiting.remove(at: place), at: now)
        }
    }

    private mutating func letGo(_ waiting: ServiceBook.Waiting, at now: Instant) {
        actionsWaiting -= 1
        if let reader = waiting.reader {
            reply(.comeIn, at: Int(reader.index), now: now) { _ in .grantedRoom }
        }
        // What was given back meanwhile is not opened.
        let box = services.banks[waiting.part.service].boxes[waiting.part.unit]
        if box.isOpening { perform(waiting.part, at: now) }
    }

    mutating func expireServices(at now: Instant) {
        var place = 0
        while place < services.waiting.count {
            guard services.waiting[place].until <= now else {
                place += 1
                continue
            }
            let waiting = services.waiting.remove(at: place)
            journalWasLate(at: now)
            if barrier.isStrict { lapse(waiting, at: now) } else { letGo(waiting, at: now) }
        }
        for service in services.banks.indices {
            for unit in services.banks[service].boxes.indices {
                let due = services.banks[service].boxes[unit].nextDeadline
                guard let due, due <= now else { continue }
                feed(.deadline, to: ServicePart(service: service, unit: unit), at: now)
            }
        }
        deadlines.set(serviceOwner, to: services.nextDeadline)
    }

    /// Strict stations: what could not be written down in time does not happen.
    private mutating func lapse(_ waiting: ServiceBook.Waiting, at now: Instant) {
        actionsWaiting -= 1
        feed(.orderRefused(isBusy: false), to: waiting.part, at: now)
        guard let reader = waiting.reader else { return }
        refuse(
            .journalUnavailable, ServiceID(waiting.part.service), nil, reader: Int(reader.index),
            at: now)
    }

    // MARK: What machines see and want

    /// A point was read.
    @inline(never)
    mutating func serve(_ reading: PointReading, _ device: Int, _ point: Int, at now: Instant) {
        for watcher in services.watchers(of: device, point) {
            let holds = watcher.holds(reading)
            switch watcher.meaning {
            case .closed: feed(.leaf(isClosed: holds), to: watcher.part, at: now)
            case .item: feed(.item(holds), to: watcher.part, at: now)
            }
        }
    }

    mutating func feed(
        _ input: Compartment.Input, to part: ServicePart, by authority: Authority? = nil,
        person: CrewMember? = nil, at now: Instant
    ) {
        let outputs = services.banks[part.service].handle(input, unit: part.unit, at: now)
        let service = ServiceID(part.service)
        let unit = UInt8(clamping: part.unit)
        for place in 0..<outputs.count {
            switch outputs[place] {
            case .open: want(part, at: now)
            case .told(let step):
                write(
                    .compartment(service: service, unit: unit, step: step, by: authority),
                    key: person?.id ?? .empty, holder: person?.name ?? .empty, at: now)
            case .ended(let end, let owner, let since):
                write(
                    .useEnded(
                        service: service, unit: unit, source: owner.source, end: end,
                        seconds: UInt32(clamping: (now - since).nanoseconds / 1_000_000_000),
                        amount: .once),
                    key: owner.key, holder: owner.holder, at: now)
            case nil: break
            }
        }
        let due = services.banks[part.service].boxes[part.unit].nextDeadline
        if let due { deadlines.bringForward(serviceOwner, to: due) }
    }

    /// A lock is to be told, unless that waits for an entry. Never from here: a driver may be in
    /// the middle of its answers.
    private mutating func want(_ part: ServicePart, at now: Instant) {
        guard !services.waiting.contains(where: { $0.part == part }) else { return }
        perform(part, at: now)
    }

    private mutating func perform(_ part: ServicePart, at now: Instant) {
        if services.toPerform.isEmpty { enqueue(.serviceOrders, at: now) }
        services.toPerform.append(part)
    }

    /// Tells devices what services want of them.
    @inline(never)
    mutating func performServiceOrders(at now: Instant) {
        let parts = services.toPerform
        services.toPerform.removeAll(keepingCapacity: true)
        for part in parts {
            let target = services.targets[part.service][part.unit]
            lastAction += 1
            let number = lastAction
            services.underway[number] = part
            let refusal = begin(
                ActionOrder(number: number, action: target.action, arguments: target.arguments),
                of: target.device, at: now)
            guard let refusal else { continue }
            services.underway[number] = nil
            feed(.orderRefused(isBusy: refusal == .busy), to: part, at: now)
        }
    }

    /// Whether the order that ended was a service's.
    mutating func serviceOrderEnded(_ report: ActionReport, at now: Instant) -> Bool {
        guard let part = services.underway.removeValue(forKey: report.number) else { return false }
        feed(.orderEnded(report.outcome), to: part, at: now)
        return true
    }
}
