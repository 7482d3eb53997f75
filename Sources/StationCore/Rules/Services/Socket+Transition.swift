// How a socket goes from one state to the next.

public import EventLoop

extension Socket {
    /// Advances the socket by one input. What it wants is returned in order; mostly nothing.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .recalled(let kept, let away): recall(kept, away: away, at: now, &outputs)
        case .asked(let request): ask(request, at: now, &outputs)
        case .endAsked(let end): cut(end, at: now, &outputs)
        case .power(let reading): read(power: reading, at: now, &outputs)
        case .energy(let reading): read(energy: reading)
        case .heat(let reading): heat.read(reading, limit: settings.rise)
        case .plug(let isIn):
            if isIn == true, plug != true { pluggedAt = now }
            if isIn == false { (pluggedAt, lastEnd) = (nil, nil) }
            plug = isIn
        case .shown(let shown, let readAt): show(shown, readAt: readAt, at: now, &outputs)
        case .boardEnded(let end, let order, let took):
            billed(end, order: order, took, at: now, &outputs)
        case .orderEnded(let order, let outcome):
            take(relay.ended(order, outcome, at: now), at: now, &outputs)
        case .orderRefused(let order, let isBusy):
            take(relay.refused(order, isBusy: isBusy, at: now), at: now, &outputs)
        case .mains(let isThere):
            mains = isThere
            // What its device did not hear in the dark is told again now.
            if isThere == true { take(relay.hurry(at: now), at: now, &outputs) }
        case .guarded(let stands): isGuarded = stands
        case .smoke(let stands): hasSmoke = stands
        case .open(let isOpen):
            self.isOpen = isOpen
            if !isOpen { cut(.closed, at: now, &outputs) }
        case .reset: reset(&outputs)
        case .deadline: take(relay.deadline(at: now), at: now, &outputs)
        }
        judge(at: now, &outputs)
        return outputs
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        judgeHeat(at: now, &outputs)
        if let end = cause(at: now) { cut(end, at: now, &outputs) }
        goOn(at: now, &outputs)
        judgeRelay(at: now, &outputs)
        finish(at: now, &outputs)
        if !settings.hasPlug, let last = lastEnd, last.at + Limit.shown <= now { lastEnd = nil }
        nextDeadline = deadline(after: now)
    }

    // MARK: Sessions

    private mutating func ask(_ request: Request, at now: Instant, _ outputs: inout [Output]) {
        if let refusal {
            outputs.append(.refused(refusal))
            return
        }
        if request.isUsedUp {
            outputs.append(.refused(.quota))
            return
        }
        var time = request.time.map { min(max($0, .zero), settings.longest) } ?? settings.longest
        let isShare = request.share.map { $0 < time } ?? false
        if let share = request.share { time = min(time, share) }
        let isReserved = settings.hasPlug && plug == false
        lastEnd = nil
        session = Session(
            request: request, began: now, until: now + time,
            stage: isReserved ? .reserved : .waiting(since: now, nil),
            count: EnergyCount(settings.energy, from: total), isShare: isShare)
        outputs.append(.began(request.owner))
        if !isReserved { switchOn(at: now, &outputs) }
    }

    private mutating func switchOn(at now: Instant, _ outputs: inout [Output]) {
        session?.wasOn = true
        session?.countsFrom = now
        take(relay.turnOn(at: now), at: now, &outputs)
    }

    /// Off comes first; only then is anything said.
    mutating func cut(_ end: UseEnd, at now: Instant, _ outputs: inout [Output]) {
        guard session != nil, !isEnding else { return }
        take(relay.turnOff(at: now), at: now, &outputs)
        session?.stage = .ending(end, since: now)
        outputs.append(.told(.cut(end)))
    }

    /// What the relay wants, and what became of it.
    mutating func take(
        _ news: Outputs<OutletRelay.Output>, at now: Instant, _ outputs: inout [Output]
    ) {
        for place in 0..<news.count {
            switch news[place] {
            case nil: break
            case .switchOn(let order):
                guard let session else { break }
                let left = session.request.quota.map { max(.zero, $0 - session.count.energy) }
                outputs.append(
                    .switchOn(order: order, time: session.until - now, energy: left))
            case .switchOff(let order): outputs.append(.switchOff(order: order))
            case .turnedOn: session?.wasOn = true
            case .turnedOff: stopCounting(at: now)
            case .failed: cut(.deviceFailed, at: now, &outputs)
            }
        }
    }

    /// What holds a session up is over, or a plug has come.
    private mutating func goOn(at now: Instant, _ outputs: inout [Output]) {
        guard let session else { return }
        switch session.stage {
        case .reserved:
            guard plug != false, relay.isOff, mains != false else { return }
            self.session?.stage = .waiting(since: now, nil)
            switchOn(at: now, &outputs)
        case .waiting where mains == false, .drawing where mains == false:
            take(relay.turnOff(at: now), at: now, &outputs)
            self.session?.stage = .suspended(since: now)
            outputs.append(.told(.suspended))
        case .waiting(_, let cause):
            guard !settings.isMetered, relay.isOn else { return }
            loaded(after: cause, at: now, &outputs)
        case .suspended:
            guard mains == true, relay.isOff else { return }
            resume(.mains, at: now, &outputs)
        case .returning(let since, _):
            let isRead = since + Limit.recall <= now && !(settings.hasPlug && plug == nil)
            guard isRead, mains != false, relay.isOff || relay.isOn else { return }
            resume(.restart, at: now, &outputs)
        case .drawing, .ending: break
        }
    }

    private mutating func resume(
        _ cause: Return, at now: Instant, _ outputs: inout [Output]
    ) {
        // Nothing was plugged in yet when it was held up: there is no load to be the same.
        let hadLoad = (session?.highest ?? .zero) > .zero
        session?.stage = .waiting(since: now, hadLoad || !settings.isMetered ? cause : nil)
        clearTimers()
        if relay.isOff {
            switchOn(at: now, &outputs)
        } else {
            session?.countsFrom = now
        }
    }

    private mutating func clearTimers() {
        session?.overSince = nil
        session?.floatSince = nil
        session?.emptySince = nil
        session?.offShownSince = nil
    }

    mutating func loaded(after cause: Return?, at now: Instant, _ outputs: inout [Output]) {
        session?.stage = .drawing
        if session?.drawnSince == nil { session?.drawnSince = now }
        session?.returned = cause
        session?.watchedUntil = cause.map { _ in now + Limit.look }
        outputs.append(.told(cause == nil ? .charging : .resumed))
    }

    /// The use is over when it is off and counted, or when waiting for that is of no more use.
    private mutating func finish(at now: Instant, _ outputs: inout [Output]) {
        guard var session, case .ending(let end, let since) = session.stage else { return }
        let off = relay.offSince
        if session.wasOn {
            if let off {
                guard session.count.isComplete(offSince: off) || off + Limit.settle <= now else {
                    return
                }
            } else if now < since + Limit.offPatience {
                return
            }
            session.count.close(offSince: off)
        }
        let amount = session.wasOn ? self.amount(of: session) : none
        outputs.append(
            .ended(session.request.owner, end, amount, lasted: since - session.began))
        self.session = nil
        lastEnd = (end, now)
        if settings.hasPlug, plug == false { lastEnd = nil }
    }

    /// What was never switched on took nothing, and that is certain.
    private var none: UsageAmount {
        UsageAmount(0, settings.isMetered || settings.energy != .none ? .wattHours : .times)
    }

    // MARK: Faults

    mutating func raise(_ fault: Fault, _ outputs: inout [Output]) {
        guard !stands(fault) else { return }
        faults |= 1 << fault.rawValue
        outputs.append(.raised(fault))
    }

    mutating func clear(_ fault: Fault, _ outputs: inout [Output]) {
        guard stands(fault) else { return }
        faults &= ~(1 << fault.rawValue)
        outputs.append(.cleared(fault))
    }

    /// A person has looked. What is still so is not over because somebody says so.
    private mutating func reset(_ outputs: inout [Output]) {
        guard stands(.relayStuck) || stands(.burning) else { return }
        let isHot = heat.isRising || heat.last.map { settings.warm <= $0 } ?? false
        let isLive = liveSince != nil
        if !isLive { clear(.relayStuck, &outputs) }
        if !isHot { clear(.burning, &outputs) }
        let isReset = !stands(.relayStuck) && !stands(.burning)
        outputs.append(.told(isReset ? .reset : .notReset))
    }

    private mutating func judgeHeat(at now: Instant, _ outputs: inout [Output]) {
        guard let value = heat.last else { return }
        if settings.burning <= value || heat.isRising {
            if !stands(.burning) {
                // Whatever is known of the relay, it is told once more.
                if session == nil || isEnding {
                    let again = relay.isOff ? relay.turnOffAgain(at: now) : relay.turnOff(at: now)
                    take(again, at: now, &outputs)
                } else {
                    cut(.overTemperature, at: now, &outputs)
                }
            }
            raise(.burning, &outputs)
        }
        if settings.warm <= value {
            raise(.warm, &outputs)
        } else if let calm = value.adding(Limit.calm), calm <= settings.warm {
            clear(.warm, &outputs)
        }
    }

    private mutating func judgeRelay(at now: Instant, _ outputs: inout [Output]) {
        if let since = relay.turningOffSince {
            // In the dark nothing answers, and nothing flows.
            if since + Limit.offPatience <= now, mains != false { raise(.notOff, &outputs) }
        } else {
            clear(.notOff, &outputs)
        }
    }
}
