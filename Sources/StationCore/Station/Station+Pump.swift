// How consequences travel: driver outputs to rules, rules to drivers, entries to the outbox.

public import EventLoop

extension Station {
    /// Runs queued work until quiet or `steps` are used. Returns whether it is quiet.
    public mutating func pump(steps: Int, at now: Instant) -> Bool {
        var left = steps
        while let item = work.popFirst() {
            left -= 1
            switch item {
            case .driver(let device, let command):
                if let bus = wiring.buses[Int(device.index)] {
                    pass(command, to: device, on: bus, at: now)
                } else {
                    feed(.command(command), to: Int(device.index), at: now)
                }
            case .sentence(let reader, let sentence):
                show(sentence, at: reader, now: now)
            case .door(let door, let input, let grant):
                step(door, input, grant, at: now)
            case .quietDoor(let door, let input):
                step(door, input, nil, isCounted: true, at: now)
            case .ruledDoor(let door, let input, let grant):
                stepRuled(door, input, grant, at: now)
            case .quietRuledDoor(let door, let input):
                stepRuled(door, input, nil, isCounted: true, at: now)
            case .guardOrders: performGuardOrders(at: now)
            case .serviceOrders: performServiceOrders(at: now)
            }
            if left == 0, !work.isEmpty { return false }
        }
        let lost = outbox.takeLost()
        if lost > 0 { write(.entriesLost(count: lost), at: now) }
        return true
    }

    mutating func enqueue(_ item: Work, at now: Instant) {
        let isTaken = work.append(item)
        precondition(isTaken, "two machines of the core feed each other")
    }

    /// The same before all that waits: what a guard wants done.
    @inline(never)
    mutating func enqueueFirst(_ item: Work) {
        let isTaken = work.prepend(item)
        precondition(isTaken, "two machines of the core feed each other")
    }

    /// Something for a door to know, whichever way it goes.
    mutating func enqueue(
        _ input: Door.Input, of door: DoorID, grant: GrantOrigin? = nil, at now: Instant
    ) {
        enqueue(
            doorBook.ruled.contains(DoorSet(door))
                ? .ruledDoor(door, input, grant: grant) : .door(door, input, grant: grant),
            at: now)
    }

    /// Gives a driver one input and routes what it answers.
    mutating func feed(_ input: DriverInput, to device: Int, at now: Instant) {
        deadlines.set(device, to: drivers[device].advance(by: input, at: now, into: &answers))
        routeAnswers(of: device, at: now)
    }

    /// Gives a driver its edges. What it answers is routed with the time of the edge that made it
    /// answer, so that a late loop decides as a punctual one.
    mutating func feed(_ edges: Span<LineEdge>, to device: Int) {
        var done = 0
        while done < edges.count {
            let step = drivers[device].advance(by: edges.extracting(done...), into: &answers)
            done += step.taken
            deadlines.set(device, to: step.nextDeadline)
            routeAnswers(of: device, at: edges[done - 1].at)
        }
    }

    mutating func routeAnswers(of device: Int, at now: Instant) {
        while let answer = answers.popAnswer() {
            route(answer.output, from: answer.member.map { Int($0.index) } ?? device, at: now)
        }
    }

    /// Turns a driver's answer into work, an entry or a line setting. Never feeds a driver itself:
    /// the list of answers is in use. One copy for all who call it: a tap finds the caches cold.
    @inline(never)
    private mutating func route(_ output: DriverOutput, from device: Int, at now: Instant) {
        switch output {
        case .presented(let presentation):
            readers[device].goodReads &+= 1
            access(presentation, reader: device, at: now)
        case .keyed:
            break  // Keys are decoded and counted; what they open comes with PIN rules.
        case .scanned:
            if let text = answers.popPacket() { scanned(text, reader: device, at: now) }
        case .diagnosed(let diagnosis, let bits):
            misread(diagnosis, bits, reader: device, at: now)
        case .settled(let isActive, let since):
            settled(isActive, since: since, device: device, at: now)
        case .unsettled:
            if case .contact(let door) = wiring.roles[device] {
                enqueue(.leafUnknown, of: door, at: now)
            }
        case .setLine(let terminal, let isActive):
            guard let line = wiring.lines[device * Wiring.terminals + Int(terminal)] else { return }
            let isTaken = lineSettings.append(LineSetting(line: line, isActive: isActive))
            precondition(isTaken, "a pump set more lines than it has steps")
        case .raised(let fault): raise(fault, of: device, at: now)
        case .cleared(let fault): clear(fault, of: device, at: now)
        case .lost(let count): lostEdges(count, device: device, at: now)
        case .online: came(device, at: now)
        case .offline(let fault): left(device, fault, at: now)
        case .insecure(let flaw): isDoubted(device, flaw, at: now)
        case .wantsKeeping:
            deviceStates[device].wantsKeeping = true
            isAsking = true
        case .serviced(let service): ended(service, at: device, now: now)
        case .write:
            orderWrite(by: device)
        case .reset: order(.reset, by: device)
        case .speed(let baud): order(.speed(baud), by: device)
        case .pointsRead: takePoints(of: device, at: now)
        case .actionEnded: takeReports(of: device, at: now)
        case .wantsRandom:
            deviceStates[device].wantsRandom = true
            isAsking = true
        }
    }

    private mutating func settled(
        _ isActive: Bool, since: Instant, device: Int, at now: Instant
    ) {
        switch wiring.roles[device] {
        case .contact(let door):
            leafChanged(door, isClosed: isActive, since: since, device: device, at: now)
        case .exitButton(let door) where isActive:
            exitPressed(door, device: device, at: now)
        case .exitButton, .none, .readerIn, .readerOut, .ruledIn, .ruledOut, .lock, .service:
            break
        }
    }

    /// Advances a door by one input. `grant` is the grant or order behind a release; what comes of
    /// an input that is only counted is not written.
    mutating func step(
        _ door: DoorID, _ input: Door.Input, _ grant: GrantOrigin?, isCounted: Bool = false,
        at now: Instant
    ) {
        let outputs = doors[Int(door.index)].handle(input, at: now)
        deadlines.set(doorOwner(door), to: doors[Int(door.index)].nextDeadline)
        for index in 0..<outputs.count {
            guard let output = outputs[index] else { break }
            if isCounted, isInCount(output, of: door, outputs) { continue }
            perform(output, of: door, grant, at: now)
        }
    }

    mutating func perform(
        _ output: Door.Output, of door: DoorID, _ grant: GrantOrigin?, at now: Instant
    ) {
        switch output {
        case .free: enqueue(.driver(wiring.locks[Int(door.index)], .free), at: now)
        case .hold: enqueue(.driver(wiring.locks[Int(door.index)], .hold), at: now)
        case .released(let cause): released(door, cause, grant, at: now)
        case .secured: write(.secured(door: door), at: now)
        case .opened: write(.opened(door: door), at: now)
        case .closed: write(.closed(door: door), at: now)
        case .forced: write(.forced(door: door), at: now)
        case .heldOpenSoon: write(.heldOpenSoon(door: door), at: now)
        case .heldOpen: write(.heldOpen(door: door), at: now)
        case .alarmEnded: write(.alarmEnded(door: door), at: now)
        case .grantUnused: write(.grantUnused(door: door), at: now)
        case .modeChanged(let mode, let authority):
            doorBook.stands(door, by: authority)
            write(.modeChanged(door: door, mode: mode, by: authority), at: now)
        case .refused:
            break  // The command's own entry stands; the sender sees the unchanged mode.
        }
    }

    private mutating func released(
        _ door: DoorID, _ cause: ReleaseCause, _ grant: GrantOrigin?, at now: Instant
    ) {
        counters.releases &+= 1
        let latency = grant.map { now - $0.tappedAt } ?? .zero
        var note = GrantNote.none
        if let grant {
            if cause == .key { counters.releaseLatency.observe(latency) }
            if !barrier.isDurable(grant.ticket) { note = .journalSlow }
        }
        write(
            .released(
                door: door, cause: cause, grant: grant?.ticket, latency: latency, note: note),
            at: now)
    }

    // MARK: Faults and entries

    mutating func raise(
        _ fault: Fault, of device: Int, by owner: StandingFaults.Owner = .driver, at now: Instant
    ) {
        guard deviceStates[device].faults.raise(fault, by: owner, at: now) else { return }
        write(.faultRaised(device: DeviceID(device), fault: fault), at: now)
    }

    mutating func clear(
        _ fault: Fault, of device: Int, by owner: StandingFaults.Owner = .driver, at now: Instant
    ) {
        guard deviceStates[device].faults.clear(fault, by: owner) else { return }
        write(.faultCleared(device: DeviceID(device), fault: fault), at: now)
    }

    /// Writes an entry. Returns its ticket, or `nil` when it found no room and was counted as lost.
    @discardableResult
    mutating func write(
        _ event: Event, key: ShortText = .empty, holder: ShortText = .empty, at now: Instant
    ) -> Ticket? {
        let ticket = Ticket(number: nextTicket)
        let entry = Entry(
            ticket: ticket, at: now, calendar: calendar, event: event, key: key, holder: holder)
        switch outbox.append(entry) {
        case .taken: break
        case .tookAPlace: counters.entriesLost &+= 1
        case .full:
            counters.entriesLost &+= 1
            return nil
        }
        nextTicket += 1
        counters.entries &+= 1
        return ticket
    }
}
