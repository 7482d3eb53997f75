// How a guard goes from one state to the next.

public import EventLoop

extension Guard {
    /// Advances the guard by one input. What it wants is returned in order; mostly that is nothing.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began:
            hasBegun = true
            for place in operands.indices where operands[place].heardAt == nil {
                operands[place].heardAt = now
            }
        case .read(let operand, let reading):
            take(reading, operand, at: now)
            look(operand, at: now, &outputs)
        case .ended(let order, let outcome): end(order, outcome, at: now)
        case .refused(let order, let isBusy): refuse(order, isBusy: isBusy, at: now)
        case .returned(let order): comeBack(order, at: now)
        case .present(let operand, let isPresent): meet(operand, isPresent, at: now)
        case .deadline: break
        case .recalled: recall(at: now, &outputs)
        case .forgotten:
            guard trip?.isRecalled == true else { break }
            finish(.ended, &outputs)
        case .reset: finish(.reset, &outputs)
        case .resetBlind:
            finish(.resetBlind, &outputs)
            beginProbation(at: now)
        case .neighbourReset: if isOnProbation, !stands { beginProbation(at: now) }
        }
        judge(at: now, &outputs)
        act(at: now, &outputs)
        endIfCalm(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    // MARK: Values

    private mutating func take(_ reading: PointReading, _ operand: Int, at now: Instant) {
        let wasThere = operands[operand].reading.isBelievable
        operands[operand].reading = reading
        if reading.isBelievable {
            hear(operand, at: reading.at)
        } else if wasThere, settings.lasting.contains(operand) {
            hear(operand, at: now)
        }
        endProbation()
        guard reading.isBelievable, let value = reading.value else { return }
        for (place, term) in settings.when.enumerated() where term.operand == operand {
            rises[place]?.take(value, at: reading.at)
        }
    }

    /// A box that is there says by itself what is new. What it said before it was lost is old all
    /// the same; it is missing while nobody could hear it.
    private mutating func meet(_ operand: Int, _ isPresent: Bool, at now: Instant) {
        guard settings.pushed.contains(operand), operands[operand].isPresent != isPresent else {
            return
        }
        operands[operand].isPresent = isPresent
        if !isPresent, !operands[operand].reading.isBelievable { hear(operand, at: now) }
    }

    /// From here on it is missed, but not before the probation is over: a box that starts comes
    /// and goes.
    private mutating func hear(_ operand: Int, at time: Instant) {
        let known = isOnProbation ? operands[operand].heardAt ?? time : time
        operands[operand].heardAt = max(known, time)
    }

    /// Everything was said again: what is lost from here on is missed as ever.
    private mutating func endProbation() {
        guard isOnProbation,
            settings.when.allSatisfy({ operands[$0.operand].reading.isBelievable })
        else { return }
        isOnProbation = false
        for term in settings.when {
            operands[term.operand].heardAt = operands[term.operand].reading.at
        }
    }

    /// Nobody minds for a while that values are missing which a person did without.
    private mutating func beginProbation(at now: Instant) {
        guard let silence = settings.silence else { return }
        isOnProbation = true
        for place in operands.indices where !operands[place].reading.isBelievable {
            operands[place].heardAt = now + max(.zero, Limit.probation - silence)
        }
    }

    enum Verdict { case holds, fails, unknown, silent }

    /// Nothing known says that it cannot hold, and something is missing: that is `unknown`, or
    /// `silent` once it has been missing for too long.
    func verdict(at now: Instant) -> Verdict {
        var (isUnknown, isSilent) = (false, false)
        for (place, term) in settings.when.enumerated() {
            let isOld = self.isOld(term.operand, at: now)
            if operands[term.operand].reading.isBelievable, !isOld, let holds = holds(place) {
                if !holds { return .fails }
            } else if isOld {
                isSilent = true
            } else {
                isUnknown = true
            }
        }
        return isSilent ? .silent : isUnknown ? .unknown : .holds
    }

    /// Whether a term holds of the last value, however old that is; `nil`: there is none.
    func holds(_ place: Int) -> Bool? {
        let term = settings.when[place]
        guard let value = operands[term.operand].reading.value else { return nil }
        guard term.window != nil else { return term.relation.holds(value, term.value) }
        return rises[place]?.height.map { term.relation.holds($0, term.value) }
    }

    /// Silence begins with the last value; of what is told when it changes, when that is lost.
    private func isOld(_ operand: Int, at now: Instant) -> Bool {
        dueOfSilence(operand).map { $0 <= now } ?? false
    }

    private func dueOfSilence(_ operand: Int) -> Instant? {
        guard let silence = settings.silence, let heardAt = operands[operand].heardAt,
            !(settings.lasting.contains(operand) && operands[operand].isUnmissed)
        else { return nil }
        return heardAt + silence
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        let verdict = verdict(at: now)
        switch (state, verdict) {
        case (.watching, .fails), (.watching, .unknown): break
        case (.watching, .holds):
            state = .building(since: now)
            if settings.delay <= .zero { trip(.tripped, at: now, &outputs) }
        case (.watching, .silent), (.building, .silent): trip(.silent, at: now, &outputs)
        case (.building, .fails): state = .watching
        // A value that is lost on the way makes nothing better.
        case (.building(let since), .holds), (.building(let since), .unknown):
            if since + settings.delay <= now { trip(.tripped, at: now, &outputs) }
        case (.tripped(var trip), .fails):
            trip.calmSince = trip.calmSince ?? now
            state = .tripped(trip)
        case (.tripped(var trip), .holds), (.tripped(var trip), .silent):
            trip.calmSince = nil
            // It is known first-hand now.
            trip.isRecalled = false
            state = .tripped(trip)
        // Nothing that is missing ends it: a socket that is cut says nothing of its heat. And calm
        // is what was seen, not what nobody saw.
        case (.tripped(var trip), .unknown):
            trip.calmSince = nil
            state = .tripped(trip)
        }
    }

    // MARK: Trips

    private mutating func trip(_ step: GuardStep, at now: Instant, _ outputs: inout [Output]) {
        begin(Trip(since: now), step, at: now, &outputs)
    }

    private mutating func recall(at now: Instant, _ outputs: inout [Output]) {
        guard !stands, settings.isLatching else { return }
        begin(Trip(since: now, isRecalled: true), .recalled, at: now, &outputs)
    }

    private mutating func begin(
        _ trip: Trip, _ step: GuardStep, at now: Instant, _ outputs: inout [Output]
    ) {
        var trip = trip
        isOnProbation = false
        outputs.append(.told(step))
        for order in ownOrders { ask(order, at: now, &outputs) }
        if settings.asksOuter {
            (trip.escalatedAt, trip.outerWaitsSince) = (now, now)
            for order in outerOrders { ask(order, at: now, &outputs) }
        }
        state = .tripped(trip)
    }

    /// What it had done must be done, however long its cause is over.
    private mutating func endIfCalm(at now: Instant, _ outputs: inout [Output]) {
        guard !settings.isLatching, let trip, let since = trip.calmSince,
            since + Limit.calm <= now, trip.isSecured || settings.own.isEmpty,
            trip.isOuterSecured || !settings.asksOuter
        else { return }
        finish(.ended, &outputs)
    }

    private mutating func finish(_ step: GuardStep, _ outputs: inout [Output]) {
        guard let trip else { return }
        if trip.isRaised { outputs.append(.cleared) }
        // A person's reset is written down already: nothing that speaks of it comes after that.
        if step == .ended, trip.againUntold > 0 {
            outputs.append(.told(.activeAgain, count: trip.againUntold))
        }
        outputs.append(.told(step))
        state = .watching
        for order in progress.indices { progress[order] = Progress() }
    }

    // MARK: Time

    /// When something changes although nothing comes; always after `now`.
    private func deadline(after now: Instant) -> Instant? {
        var next: Instant?
        func consider(_ time: Instant) { if time > now { next = Instant.earlier(next, time) } }
        for operand in operands.indices {
            if let silent = dueOfSilence(operand) { consider(silent) }
        }
        switch state {
        case .watching: break
        case .building(let since): consider(since + settings.delay)
        case .tripped(let trip):
            if !settings.isLatching, let calm = trip.calmSince { consider(calm + Limit.calm) }
            if let again = trip.againDue { consider(again) }
            if let untold = trip.unsafeDue { consider(untold) }
            if trip.isRaised, let done = trip.doneSince { consider(done + Limit.calm) }
            if !trip.isSecured { consider(trip.waitsSince + settings.patience) }
            if !trip.isOuterSecured, let waits = trip.outerWaitsSince {
                consider(waits + settings.outerPatience)
            }
            for order in progress where !order.isConfirmed && !order.isUnderway {
                if let rests = order.restsUntil { consider(rests) }
            }
        }
        return next
    }
}

extension Guard.Operand {
    /// Whether nothing of it is missing although nothing comes: it stays as it was said, or its box
    /// is there and has nothing new to say.
    fileprivate var isUnmissed: Bool {
        switch reading.quality {
        case .good, .estimated: true
        case .unread, .stale: isPresent
        case .outOfRange, .absent: false
        }
    }
}
