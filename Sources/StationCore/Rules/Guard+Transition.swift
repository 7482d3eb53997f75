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
            take(reading, operand)
            look(operand, at: now, &outputs)
        case .ended(let order, let outcome): end(order, outcome, at: now)
        case .refused(let order, let isBusy): refuse(order, isBusy: isBusy, at: now)
        case .returned(let order): progress[order].restsUntil = now
        case .deadline: break
        case .recalled: recall(at: now, &outputs)
        case .forgotten:
            guard trip?.isRecalled == true else { break }
            finish(.ended, &outputs)
        case .reset: finish(.reset, &outputs)
        }
        judge(at: now, &outputs)
        act(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    // MARK: Values

    private mutating func take(_ reading: PointReading, _ operand: Int) {
        operands[operand].reading = reading
        if reading.isBelievable { operands[operand].heardAt = reading.at }
    }

    enum Verdict { case holds, fails, unknown, silent }

    /// Nothing known says that it cannot hold, and something is missing: that is `unknown`, or
    /// `silent` once it has been missing for too long.
    func verdict(at now: Instant) -> Verdict {
        var (isUnknown, isSilent) = (false, false)
        for term in settings.when {
            let operand = operands[term.operand]
            let isOld = self.isOld(operand, at: now)
            if operand.reading.isBelievable, !isOld, let value = operand.reading.value {
                if !term.relation.holds(value, term.value) { return .fails }
            } else if isOld {
                isSilent = true
            } else {
                isUnknown = true
            }
        }
        return isSilent ? .silent : isUnknown ? .unknown : .holds
    }

    private func isOld(_ operand: Operand, at now: Instant) -> Bool {
        guard let silence = settings.silence, let heardAt = operand.heardAt else { return false }
        return now - heardAt >= silence
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
            let since = trip.calmSince ?? now
            trip.calmSince = since
            state = .tripped(trip)
            let isSafe = trip.isSecured || settings.own.isEmpty
            if !settings.isLatching, isSafe, since + Limit.calm <= now {
                finish(.ended, &outputs)
            }
        case (.tripped(var trip), .holds), (.tripped(var trip), .silent):
            trip.calmSince = nil
            // It is known first-hand now.
            trip.isRecalled = false
            state = .tripped(trip)
        // Nothing that is missing ends it: a socket that is cut says nothing of its heat.
        case (.tripped, .unknown): break
        }
    }

    // MARK: Trips

    private mutating func trip(_ step: GuardStep, at now: Instant, _ outputs: inout [Output]) {
        state = .tripped(Trip(since: now))
        outputs.append(.told(step))
        for order in settings.own.indices { ask(order, at: now, &outputs) }
    }

    private mutating func recall(at now: Instant, _ outputs: inout [Output]) {
        guard !stands, settings.isLatching else { return }
        state = .tripped(Trip(since: now, isRecalled: true))
        outputs.append(.told(.recalled))
        for order in settings.own.indices { ask(order, at: now, &outputs) }
    }

    private mutating func finish(_ step: GuardStep, _ outputs: inout [Output]) {
        guard let trip else { return }
        if trip.isRaised { outputs.append(.cleared) }
        outputs.append(.told(step))
        state = .watching
        for order in progress.indices { progress[order] = Progress() }
    }

    // MARK: Orders

    private mutating func ask(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        progress[order].askedAt = now
        progress[order].isUnderway = true
        progress[order].restsUntil = nil
        outputs.append(.perform(order: order))
    }

    private mutating func end(_ order: Int, _ outcome: ActionOutcome, at now: Instant) {
        guard stands, progress[order].isUnderway else { return }
        progress[order].isUnderway = false
        switch outcome {
        case .confirmed: confirm(order)
        // What was shown meanwhile counts more than an answer that was lost.
        case .accepted, .failed, .unknown: if !progress[order].isConfirmed { rest(order, at: now) }
        }
    }

    private mutating func refuse(_ order: Int, isBusy: Bool, at now: Instant) {
        guard stands, progress[order].isUnderway else { return }
        progress[order].isUnderway = false
        if isBusy {
            progress[order].restsUntil = now + Limit.busyRest
        } else {
            rest(order, at: now)
        }
    }

    private mutating func confirm(_ order: Int) {
        progress[order].isConfirmed = true
        progress[order].hasFailed = false
        progress[order].attempts = 0
        progress[order].restsUntil = nil
    }

    private mutating func rest(_ order: Int, at now: Instant) {
        progress[order].hasFailed = true
        let attempts = min(progress[order].attempts, 5)
        progress[order].attempts = attempts + 1
        progress[order].restsUntil =
            now + min(Limit.longestRest, Limit.firstRest * (1 << Int64(attempts)))
    }

    /// A value that was read shows that an order is done, or that it is undone.
    private mutating func look(_ operand: Int, at now: Instant, _ outputs: inout [Output]) {
        guard stands else { return }
        for (order, terms) in (settings.own + settings.outer).enumerated()
        where terms.contains(where: { $0.operand == operand }) {
            guard let askedAt = progress[order].askedAt,
                let isShown = isShown(terms, since: askedAt)
            else { continue }
            if isShown {
                confirm(order)
            } else if progress[order].isConfirmed, !progress[order].isUnderway {
                progress[order].isConfirmed = false
                outputs.append(.told(.activeAgain))
                if var trip {
                    if order < settings.own.count { trip.isSecured = false }
                    if order >= settings.own.count { trip.isOuterSecured = false }
                    // So long it has to be confirmed again.
                    trip.since = now
                    state = .tripped(trip)
                }
                ask(order, at: now, &outputs)
            }
        }
    }

    /// `nil`: nothing that was read since then says so.
    private func isShown(_ terms: [Term], since: Instant) -> Bool? {
        guard !terms.isEmpty else { return nil }
        var all = true
        for term in terms {
            let reading = operands[term.operand].reading
            guard reading.isBelievable, since < reading.at, let value = reading.value else {
                return nil
            }
            if !term.relation.holds(value, term.value) { all = false }
        }
        return all
    }

    /// What a guard that stands does next.
    private mutating func act(at now: Instant, _ outputs: inout [Output]) {
        guard var trip else { return }
        let own = settings.own.indices
        let outer = settings.own.count..<progress.count
        let isLate = trip.since + Limit.patience <= now
        if !trip.isSecured, own.allSatisfy({ progress[$0].isConfirmed }) {
            trip.isSecured = true
            if !own.isEmpty { outputs.append(.told(.secured)) }
        }
        // Lines come some moments after a start: what cannot be told yet has not failed.
        let hasFailed = !trip.isRecalled && own.contains { progress[$0].hasFailed }
        let isFailing = hasFailed || isLate
        if !trip.isSecured, isFailing, trip.escalatedAt == nil, !outer.isEmpty {
            trip.escalatedAt = now
            outputs.append(.told(.escalated))
            for order in outer { ask(order, at: now, &outputs) }
        }
        if let escalatedAt = trip.escalatedAt, !trip.isOuterSecured {
            if outer.allSatisfy({ progress[$0].isConfirmed }) {
                trip.isOuterSecured = true
                outputs.append(.told(.outerSecured))
            } else if !trip.isSecured, !trip.isRaised,
                outer.contains(where: { progress[$0].hasFailed })
                    || escalatedAt + Limit.patience <= now
            {
                raise(&trip, &outputs)
            }
        } else if outer.isEmpty, isFailing, !trip.isSecured, !trip.isRaised {
            raise(&trip, &outputs)
        }
        if trip.isRaised, trip.isSecured || trip.isOuterSecured {
            trip.isRaised = false
            outputs.append(.cleared)
        }
        state = .tripped(trip)
        for order in own { askAgain(order, at: now, &outputs) }
        if trip.escalatedAt != nil { for order in outer { askAgain(order, at: now, &outputs) } }
    }

    private mutating func raise(_ trip: inout Trip, _ outputs: inout [Output]) {
        trip.isRaised = true
        outputs.append(.raised)
        outputs.append(.told(.notSecured))
    }

    private mutating func askAgain(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        guard !progress[order].isConfirmed, !progress[order].isUnderway else { return }
        if let rests = progress[order].restsUntil, now < rests { return }
        ask(order, at: now, &outputs)
    }

    // MARK: Time

    /// When something changes although nothing comes; always after `now`.
    private func deadline(after now: Instant) -> Instant? {
        var next: Instant?
        func consider(_ time: Instant) { if time > now { next = Instant.earlier(next, time) } }
        if let silence = settings.silence {
            for operand in operands { if let heard = operand.heardAt { consider(heard + silence) } }
        }
        switch state {
        case .watching: break
        case .building(let since): consider(since + settings.delay)
        case .tripped(let trip):
            if !settings.isLatching, let calm = trip.calmSince { consider(calm + Limit.calm) }
            if !trip.isSecured {
                consider(trip.since + Limit.patience)
                if let escalated = trip.escalatedAt { consider(escalated + Limit.patience) }
            }
            for order in progress where !order.isConfirmed && !order.isUnderway {
                if let rests = order.restsUntil { consider(rests) }
            }
        }
        return next
    }
}
