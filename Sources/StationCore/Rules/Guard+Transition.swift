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
        case .deadline: break
        case .recalled: recall(at: now, &outputs)
        case .forgotten:
            guard trip?.isRecalled == true else { break }
            finish(.ended, &outputs)
        case .reset: finish(.reset, &outputs)
        case .resetBlind:
            finish(.resetBlind, &outputs)
            beginProbation(at: now)
        }
        judge(at: now, &outputs)
        act(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    // MARK: Values

    private mutating func take(_ reading: PointReading, _ operand: Int, at now: Instant) {
        let wasThere = operands[operand].reading.isBelievable
        operands[operand].reading = reading
        if reading.isBelievable {
            operands[operand].heardAt = reading.at
        } else if wasThere, settings.lasting.contains(operand) {
            operands[operand].heardAt = now
        }
        guard reading.isBelievable, let value = reading.value else { return }
        for (place, term) in settings.when.enumerated() where term.operand == operand {
            rises[place]?.take(value, at: reading.at)
        }
    }

    /// Nobody minds for a while that values are missing which a person did without.
    private mutating func beginProbation(at now: Instant) {
        guard let silence = settings.silence else { return }
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
            !(settings.lasting.contains(operand) && operands[operand].reading.isBelievable)
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
        // A person's reset is written down already: nothing that speaks of it comes after that.
        if step == .ended, trip.againUntold > 0 {
            outputs.append(.told(.activeAgain, count: trip.againUntold))
        }
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

    /// What it refused while it was not there says nothing about it now.
    private mutating func comeBack(_ order: Int, at now: Instant) {
        progress[order].restsUntil = now
        progress[order].hasFailed = false
        guard var trip, trip.isRecalled, trip.escalatedAt == nil else { return }
        trip.waitsSince = now
        state = .tripped(trip)
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
                noteAgain(order, at: now, &outputs)
                ask(order, at: now, &outputs)
            }
        }
    }

    /// Told at once, and then once a minute with how often it was.
    private mutating func noteAgain(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        guard var trip else { return }
        if order < settings.own.count {
            // So long it has to be confirmed again.
            if trip.isSecured { trip.waitsSince = now }
            trip.isSecured = false
        } else {
            trip.isOuterSecured = false
        }
        trip.againUntold += 1
        if (trip.againDue ?? now) <= now { tellAgain(&trip, at: now, &outputs) }
        state = .tripped(trip)
    }

    private func tellAgain(_ trip: inout Trip, at now: Instant, _ outputs: inout [Output]) {
        outputs.append(.told(.activeAgain, count: trip.againUntold))
        (trip.againToldAt, trip.againUntold) = (now, 0)
    }

    /// `nil`: nothing that was read since then says so.
    private func isShown(_ terms: [Term], since: Instant) -> Bool? {
        var areAllRead = !terms.isEmpty
        for term in terms {
            let reading = operands[term.operand].reading
            guard reading.isBelievable, since < reading.at, let value = reading.value else {
                areAllRead = false
                continue
            }
            if !term.relation.holds(value, term.value) { return false }
        }
        return areAllRead ? true : nil
    }

    /// What a guard that stands does next.
    private mutating func act(at now: Instant, _ outputs: inout [Output]) {
        guard var trip else { return }
        let own = settings.own.indices
        let outer = settings.own.count..<progress.count
        let isLate = trip.waitsSince + Limit.patience <= now
        let isRestless = trip.againUntold >= Limit.timesAgain
        if !trip.isSecured, own.allSatisfy({ progress[$0].isConfirmed }) {
            trip.isSecured = true
            if !own.isEmpty, trip.againUntold == 0 { outputs.append(.told(.secured)) }
        }
        if let due = trip.againDue, due <= now {
            tellAgain(&trip, at: now, &outputs)
            if trip.isSecured {
                outputs.append(.told(.secured))
            } else if trip.isOuterSecured {
                outputs.append(.told(.outerSecured))
            }
        }
        // Lines come some moments after a start: what cannot be told yet has not failed.
        let hasFailed = !trip.isRecalled && own.contains { progress[$0].hasFailed }
        let isFailing = !trip.isSecured && (hasFailed || isLate)
        if isFailing || isRestless, trip.escalatedAt == nil, !outer.isEmpty {
            trip.escalatedAt = now
            outputs.append(.told(.escalated))
            for order in outer { ask(order, at: now, &outputs) }
        }
        if let escalatedAt = trip.escalatedAt, !trip.isOuterSecured {
            if outer.allSatisfy({ progress[$0].isConfirmed }) {
                trip.isOuterSecured = true
                if trip.againUntold == 0 || !trip.isOuterTold {
                    outputs.append(.told(.outerSecured))
                }
                trip.isOuterTold = true
            } else if !trip.isSecured, !trip.isRaised,
                outer.contains(where: { progress[$0].hasFailed })
                    || escalatedAt + Limit.patience <= now
            {
                raise(&trip, &outputs)
            }
        } else if outer.isEmpty, isFailing, !trip.isRaised {
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
        for operand in operands.indices {
            if let silent = dueOfSilence(operand) { consider(silent) }
        }
        switch state {
        case .watching: break
        case .building(let since): consider(since + settings.delay)
        case .tripped(let trip):
            if !settings.isLatching, let calm = trip.calmSince { consider(calm + Limit.calm) }
            if let again = trip.againDue { consider(again) }
            if !trip.isSecured {
                consider(trip.waitsSince + Limit.patience)
                if let escalated = trip.escalatedAt { consider(escalated + Limit.patience) }
            }
            for order in progress where !order.isConfirmed && !order.isUnderway {
                if let rests = order.restsUntil { consider(rests) }
            }
        }
        return next
    }
}
