// What a guard has done: asked, confirmed, undone and asked again, and when somebody else acts.

import EventLoop

extension Guard {
    mutating func ask(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        progress[order].askedAt = now
        progress[order].isUnderway = true
        progress[order].restsUntil = nil
        outputs.append(.perform(order: order))
    }

    mutating func end(_ order: Int, _ outcome: ActionOutcome, at now: Instant) {
        guard stands, progress[order].isUnderway else { return }
        progress[order].isUnderway = false
        switch outcome {
        case .confirmed: confirm(order)
        // What was shown meanwhile counts more than an answer that was lost.
        case .accepted, .failed, .unknown: if !progress[order].isConfirmed { rest(order, at: now) }
        }
    }

    mutating func refuse(_ order: Int, isBusy: Bool, at now: Instant) {
        guard stands, progress[order].isUnderway else { return }
        progress[order].isUnderway = false
        if isBusy {
            progress[order].restsUntil = now + Limit.busyRest
        } else {
            rest(order, at: now)
        }
    }

    /// What it refused while it was not there says nothing about it now.
    mutating func comeBack(_ order: Int, at now: Instant) {
        progress[order].restsUntil = now
        progress[order].hasFailed = false
        guard var trip, trip.isRecalled else { return }
        if trip.escalatedAt == nil {
            trip.waitsSince = now
        } else if settings.asksOuter, outerOrders.contains(order) {
            trip.outerWaitsSince = now
        }
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

    // MARK: What is seen

    /// A value that was read shows that an order is done, or that it is undone.
    mutating func look(_ operand: Int, at now: Instant, _ outputs: inout [Output]) {
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

    /// Told at once, and then once a minute with how often it was.
    private mutating func noteAgain(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        guard var trip else { return }
        // So long it has to be confirmed again.
        if ownOrders.contains(order) {
            if trip.isSecured { trip.waitsSince = now }
            trip.isSecured = false
            trip.undoneAt.append(now)
            if trip.undoneAt.count > Limit.timesAgain { trip.undoneAt.removeFirst() }
            if trip.undoneAt.count == Limit.timesAgain, now <= trip.undoneAt[0] + Limit.again {
                trip.isRestless = true
            }
        } else {
            if trip.isOuterSecured { trip.outerWaitsSince = now }
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

    // MARK: What follows

    private var ownStep: GuardStep { isSeen(ownOrders) ? .secured : .unseen }
    private var outerStep: GuardStep { isSeen(outerOrders) ? .outerSecured : .outerUnseen }

    /// What a guard that stands does next.
    mutating func act(at now: Instant, _ outputs: inout [Output]) {
        guard var trip else { return }
        if !trip.isSecured, ownOrders.allSatisfy({ progress[$0].isConfirmed }) {
            trip.isSecured = true
            if !ownOrders.isEmpty, trip.againUntold == 0 { outputs.append(.told(ownStep)) }
        }
        if let due = trip.againDue, due <= now {
            tellAgain(&trip, at: now, &outputs)
            if trip.isSecured {
                outputs.append(.told(ownStep))
            } else if trip.isOuterSecured {
                outputs.append(.told(outerStep))
            }
        }
        escalate(&trip, at: now, &outputs)
        if trip.escalatedAt != nil, !trip.isOuterSecured,
            outerOrders.allSatisfy({ progress[$0].isConfirmed })
        {
            trip.isOuterSecured = true
            if trip.againUntold == 0 || !trip.isOuterTold { outputs.append(.told(outerStep)) }
            trip.isOuterTold = true
        }
        alarm(&trip, at: now, &outputs)
        state = .tripped(trip)
        for order in ownOrders { askAgain(order, at: now, &outputs) }
        if trip.escalatedAt != nil {
            for order in outerOrders { askAgain(order, at: now, &outputs) }
        }
    }

    /// Lines come some moments after a start: what cannot be told yet has not failed.
    private func isFailing(_ trip: Trip, at now: Instant) -> Bool {
        let hasFailed = !trip.isRecalled && ownOrders.contains { progress[$0].hasFailed }
        return !trip.isSecured && (hasFailed || trip.waitsSince + settings.patience <= now)
    }

    private func isOuterFailing(_ trip: Trip, at now: Instant) -> Bool {
        guard let since = trip.outerWaitsSince else { return false }
        let isExcused = trip.isRecalled && settings.asksOuter
        let hasFailed = !isExcused && outerOrders.contains { progress[$0].hasFailed }
        return hasFailed || since + settings.outerPatience <= now
    }

    private mutating func escalate(
        _ trip: inout Trip, at now: Instant, _ outputs: inout [Output]
    ) {
        guard trip.escalatedAt == nil, !outerOrders.isEmpty,
            isFailing(trip, at: now) || trip.isRestless
        else { return }
        (trip.escalatedAt, trip.outerWaitsSince) = (now, now)
        outputs.append(.told(.escalated))
        for order in outerOrders { ask(order, at: now, &outputs) }
    }

    /// The fault stands while nothing confirms that it is safe. What flaps is told once a minute,
    /// and its fault ends when it has held for a while.
    private func alarm(_ trip: inout Trip, at now: Instant, _ outputs: inout [Output]) {
        let isDone = trip.isOuterSecured || trip.isSecured && !settings.asksOuter
        trip.doneSince = isDone ? trip.doneSince ?? now : nil
        if let since = trip.doneSince {
            guard trip.isRaised, !trip.isRaisedAgain || since + Limit.calm <= now else { return }
            (trip.isRaised, trip.isUnsafeUntold) = (false, false)
            return outputs.append(.cleared)
        }
        let isLate =
            outerOrders.isEmpty ? isFailing(trip, at: now) : isOuterFailing(trip, at: now)
        if isLate, !trip.isRaised {
            trip.isRaisedAgain = trip.unsafeToldAt != nil
            (trip.isRaised, trip.isUnsafeUntold) = (true, true)
            outputs.append(.raised)
        }
        guard trip.isUnsafeUntold, (trip.unsafeDue ?? now) <= now else { return }
        (trip.isUnsafeUntold, trip.unsafeToldAt) = (false, now)
        outputs.append(.told(.notSecured))
    }

    private mutating func askAgain(_ order: Int, at now: Instant, _ outputs: inout [Output]) {
        guard !progress[order].isConfirmed, !progress[order].isUnderway else { return }
        if let rests = progress[order].restsUntil, now < rests { return }
        ask(order, at: now, &outputs)
    }
}
