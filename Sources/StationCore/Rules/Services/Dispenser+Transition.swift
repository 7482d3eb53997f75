// How a tap goes from one state to the next: the input first, then what time and values ask for.

public import EventLoop

extension Dispenser {
    /// Advances the tap by one input. What it wants is returned in order, a closing valve first.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept): begin(kept, at: now)
        case .asked(let owner, let portion): ask(owner, portion, at: now, &outputs)
        case .stopped: end(.stopped, at: now)
        case .childLock(let isHeld): hold(isHeld, at: now)
        case .total(let reading): count(reading, at: now, &outputs)
        case .valve(let isOpen): if let isOpen { see(isOpen: isOpen, at: now, &outputs) }
        case .supply(let supply):
            self.supply = supply
            if supply == .empty { end(.noFlow, at: now) }
        case .guarded(let stands):
            self.stands = stands
            if stands { end(isDry(at: now) ? .noFlow : .guarded, at: now) }
        case .service(let isOpen):
            isServing = isOpen
            if !isOpen { end(.closed, at: now) }
        case .device(let isThere):
            self.isThere = isThere
            if isThere { close.returned(at: now) } else { end(.deviceFailed, at: now) }
        case .ended(.close, let outcome): close.ended(outcome, at: now)
        case .ended(.open, let outcome), .ended(.openHot, let outcome):
            opened(outcome, at: now, &outputs)
        case .refused(.close, let isBusy): close.refused(isBusy: isBusy, at: now)
        case .refused(_, let isBusy): openRefused(isBusy: isBusy, at: now)
        case .deadline: break
        }
        judge(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    /// When something changes although nothing comes; always after `now`.
    private func deadline(after now: Instant) -> Instant? {
        var next = state == .starting ? nil : close.nextDeadline(after: now)
        func consider(_ time: Instant?) {
            if let time, now < time { next = Instant.earlier(next, time) }
        }
        if let childLockSince { consider(childLockSince + settings.childLockHold) }
        consider(hotUntil)
        if let strayAt { consider(strayAt + Limit.calm) }
        switch state {
        case .starting, .idle: break
        case .open(let flow):
            consider(flow.use.since + settings.longest)
            consider(noFlowAt(flow))
            consider(flow.againAt)
        case .closing(_, let closing):
            consider(closing.since + Limit.closing)
            if let quiet = closing.quietSince { consider(quiet + Limit.afterRun) }
        }
        return next
    }

    // MARK: Who is served

    private mutating func begin(_ kept: Kept?, at now: Instant) {
        guard state == .starting else { return }
        close.want(at: now)
        guard var use = kept else {
            state = .idle
            return
        }
        if use.end == nil { use.end = .interrupted }
        mayBeOpen = true
        // A total may have lost its last second with the power.
        use.meter.isEstimated = true
        state = .closing(use, Closing(since: now, quietSince: nil, isMeterHeard: false))
    }

    private mutating func ask(
        _ owner: UseOwner, _ portion: Portion, at now: Instant, _ outputs: inout [Output]
    ) {
        if case .open(let flow) = state,
            owner.source == .button || owner.isSamePerson(as: flow.use.owner)
        {
            return end(.ended, at: now)
        }
        if let refusal = refusal(of: portion, at: now) {
            outputs.append(.refused(refusal))
            return
        }
        let wanted = min(portion.millilitres ?? settings.portion, settings.portion)
        let granted = min(wanted, portion.quota ?? wanted)
        let use = Kept(
            owner: owner, since: now, granted: granted, isQuota: granted < wanted,
            meter: MeterGain(from: meter))
        let order: Order = portion.isHot ? .openHot : .open
        state = .open(Flow(use: use, order: order, toldAt: now))
        close.drop()
        mayBeOpen = true
        outputs.append(.began(owner))
        outputs.append(.perform(order, millilitres: granted))
        // Each portion of hot water is released by itself.
        if portion.isHot { lockHot(&outputs) }
    }

    /// Why nobody gets that now; `nil`: it may be given.
    public func refusal(of portion: Portion, at now: Instant) -> Refusal? {
        switch state {
        case .starting: return .starting
        case .open: return .inUse
        case .closing: return .notClosed
        case .idle: break
        }
        if !isServing { return .serviceClosed }
        if stands { return .guarded }
        if !isThere { return .deviceMissing }
        if supply == .empty { return .noWater }
        if meter == .missing { return .meterMissing }
        if !close.isDone { return .notClosed }
        if let quota = portion.quota, quota < 1 { return .quota }
        if let asked = portion.millilitres, asked < 1 { return .nothingAsked }
        if portion.isHot, hotUntil.map({ $0 <= now }) ?? true { return .hotLocked }
        return nil
    }

    /// Closes the valve if it is open; why it did first is the reason of the use's end.
    private mutating func end(_ end: UseEnd, at now: Instant) {
        guard case .open(let flow) = state else { return }
        var use = flow.use
        use.end = end
        close.want(at: now)
        state = .closing(use, Closing(since: now, quietSince: nil, isMeterHeard: true))
    }

    private mutating func hold(_ isHeld: Bool, at now: Instant) {
        if !isHeld { childLockSince = nil } else if !isLockHeld { childLockSince = now }
        isLockHeld = isHeld
    }

    private mutating func lockHot(_ outputs: inout [Output]) {
        guard hotUntil != nil else { return }
        hotUntil = nil
        outputs.append(.told(.hotLocked))
    }

    // MARK: What meter and valve say

    private mutating func count(
        _ reading: MeterReading, at now: Instant, _ outputs: inout [Output]
    ) {
        meter = reading
        let isKnown = reading != .missing
        switch state {
        case .starting: break
        case .idle: countStray(reading, at: now, &outputs)
        case .open(var flow):
            if flow.use.meter.take(reading) > 0 {
                flow.flowedAt = now
                flow.openedAt = flow.openedAt ?? now
                clear(.noFlow, &outputs)
                clear(.notOpened, &outputs)
            }
            state = .open(flow)
            if !isKnown {
                end(.meterSilent, at: now)
            } else if flow.use.meter.gained >= flow.use.granted {
                end(flow.use.isQuota ? .quota : .delivered, at: now)
            }
        case .closing(var use, var closing):
            if use.meter.take(reading) > 0 { closing.quietSince = nil }
            closing.isMeterHeard = closing.isMeterHeard || isKnown
            state = .closing(use, closing)
        }
    }

    private mutating func countStray(
        _ reading: MeterReading, at now: Instant, _ outputs: inout [Output]
    ) {
        guard stray.take(reading) > 0 else { return }
        strayAt = now
        guard stray.gained >= Limit.stray, !stands(.flowsClosed) else { return }
        raise(.flowsClosed, &outputs)
        close.want(at: now)
    }

    private mutating func see(isOpen: Bool, at now: Instant, _ outputs: inout [Output]) {
        if case .open(var flow) = state {
            if isOpen {
                flow.openedAt = flow.openedAt ?? now
                flow.wasSeenOpen = true
                clear(.notOpened, &outputs)
                state = .open(flow)
            } else if flow.wasSeenOpen {
                end(selfClosed(flow, at: now), at: now)
            }
        } else if !isOpen {
            close.shown(at: now)
        } else if close.isDone, isServing, state != .starting {
            // A crew that tests the valve pauses the service first.
            outputs.append(.told(.openAgain))
            close.want(at: now)
        }
    }

    /// Why a valve closed by itself: a board that measures is done a pulse before we see it.
    private func selfClosed(_ flow: Flow, at now: Instant) -> UseEnd {
        if flow.use.granted - settings.pulse <= flow.use.meter.gained {
            return flow.use.isQuota ? .quota : .delivered
        }
        return flow.use.since + settings.longest <= now + .seconds(1) ? .timeLimit : .deviceFailed
    }

    private mutating func opened(
        _ outcome: ActionOutcome, at now: Instant, _ outputs: inout [Output]
    ) {
        guard case .open(var flow) = state else { return }
        switch outcome {
        case .confirmed, .accepted:
            if !settings.hasValvePoint { flow.openedAt = flow.openedAt ?? now }
            state = .open(flow)
        case .failed, .unknown:
            let reason: UseEnd =
                flow.wasSeenOpen && flow.use.meter.gained == 0
                ? .noFlow : selfClosed(flow, at: now)
            raise(
                reason == .noFlow ? .noFlow : .notOpened, if: flow.use.meter.gained == 0, &outputs)
            end(reason, at: now)
        }
    }

    /// Nothing was sent. What is only busy is told again in a moment; whatever else it is, somebody
    /// stands there and presses again.
    private mutating func openRefused(isBusy: Bool, at now: Instant) {
        guard case .open(var flow) = state else { return }
        guard isBusy, flow.busy < Limit.busyTries else { return end(.deviceFailed, at: now) }
        flow.busy += 1
        flow.againAt = now + StandingOrder.Limit.busyRest
        state = .open(flow)
    }

    // MARK: What time asks for

    private func noFlowAt(_ flow: Flow) -> Instant {
        (flow.flowedAt ?? flow.openedAt ?? flow.toldAt) + settings.noFlow
    }

    /// A guard of the device may see a second before this machine that nothing flows.
    private func isDry(at now: Instant) -> Bool {
        guard case .open(let flow) = state else { return false }
        return noFlowAt(flow) <= now + .seconds(1)
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        judgeOpen(at: now, &outputs)
        if state != .starting, close.isDue(at: now) {
            outputs.insert(.perform(.close, millilitres: nil), at: 0)
        }
        judgeClosing(at: now, &outputs)
        if close.isLate(at: now) {
            // Devices come some moments after a start: what was never open has not failed.
            raise(.notClosed, if: isThere || mayBeOpen, &outputs)
        } else if close.isDone {
            mayBeOpen = mayBeOpen && isOpen
            clear(.notClosed, &outputs)
        }
        if let since = childLockSince, since + settings.childLockHold <= now {
            // Held on, or stuck, it is not a new release.
            childLockSince = nil
            hotUntil = now + settings.hotWindow
            outputs.append(.told(.hotReleased))
        }
        if let until = hotUntil, until <= now { lockHot(&outputs) }
        if let last = strayAt, last + Limit.calm <= now {
            outputs.append(.told(.unclaimed(millilitres: stray.gained)))
            clear(.flowsClosed, &outputs)
            (stray.gained, strayAt) = (0, nil)
        }
    }

    private mutating func judgeOpen(at now: Instant, _ outputs: inout [Output]) {
        guard case .open(var flow) = state else { return }
        if flow.use.since + settings.longest <= now {
            end(.timeLimit, at: now)
        } else if let again = flow.againAt {
            guard again <= now else { return }
            (flow.againAt, flow.toldAt) = (nil, now)
            state = .open(flow)
            outputs.append(.perform(flow.order, millilitres: flow.use.granted))
        } else if noFlowAt(flow) <= now {
            let isOpened = flow.openedAt != nil
            raise(isOpened ? .noFlow : .notOpened, &outputs)
            end(isOpened ? .noFlow : .deviceFailed, at: now)
        }
    }

    /// A use is over when its valve is closed and nothing runs any more; or when that takes too
    /// long, and the valve goes on being told.
    private mutating func judgeClosing(at now: Instant, _ outputs: inout [Output]) {
        guard case .closing(let use, var closing) = state else { return }
        if close.isDone, closing.isMeterHeard, closing.quietSince == nil {
            closing.quietSince = now
            state = .closing(use, closing)
        }
        let isQuiet = closing.quietSince.map { $0 + Limit.afterRun <= now } ?? false
        guard isQuiet || closing.since + Limit.closing <= now else { return }
        let amount = UsageAmount(
            use.meter.gained, .millilitres,
            isEstimated: use.meter.isEstimated || !closing.isMeterHeard)
        outputs.append(
            .ended(
                FinishedUse(
                    use.owner, since: use.since, until: closing.since, amount: amount,
                    end: use.end ?? .interrupted)))
        let over = use.meter.gained.subtractingSaturating(
            use.granted.addingSaturating(settings.pulse))
        if over > 0 { outputs.append(.told(.overrun(millilitres: over))) }
        stray.last = use.meter.last
        state = .idle
    }

    // MARK: Faults

    private mutating func raise(
        _ fault: Fault, if holds: Bool = true, _ outputs: inout [Output]
    ) {
        guard holds, !stands(fault) else { return }
        faults[Int(fault.rawValue)] = true
        outputs.append(.raised(fault))
    }

    private mutating func clear(_ fault: Fault, _ outputs: inout [Output]) {
        guard stands(fault) else { return }
        faults[Int(fault.rawValue)] = false
        outputs.append(.cleared(fault))
    }
}
