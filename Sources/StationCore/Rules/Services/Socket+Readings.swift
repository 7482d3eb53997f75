// What values and boards say, what ends a session, and when to look again.

import EventLoop

extension Socket {
    // MARK: Values

    mutating func read(power reading: PointReading, at now: Instant, _ outputs: inout [Output]) {
        // What is missing is missing: the last value grows old, and a silent meter cuts.
        guard let value = Power(reading) else { return }
        let readAt = min(reading.at, now)
        count(value, at: readAt)
        power = (value, readAt)
        if settings.load <= value {
            take(relay.shown(isOn: true, readAt: readAt, at: now), at: now, &outputs)
        } else if !relay.isUnknown {
            take(relay.shown(isOn: false, readAt: readAt, at: now), at: now, &outputs)
        }
        seen(isLive: settings.stuck <= value, readAt: readAt, at: now, &outputs)
        guard let liveSince = relay.liveSince, liveSince < readAt else { return }
        draw(value, at: now, &outputs)
    }

    mutating func read(energy reading: PointReading) {
        if settings.energy == .total { total = Energy(reading) }
        // A board's count of the charge before stands until the new one has begun.
        if settings.energy == .charge, !relay.isOn, !isEnding { return }
        session?.count.read(reading)
    }

    /// Power between two readings is their mean; before the first one, the first.
    private mutating func count(_ value: Power, at readAt: Instant) {
        guard let from = session?.countsFrom, from < readAt else { return }
        if let power, from <= power.at {
            let mean = Power(milliwatts: (power.value + value).milliwatts / 2)
            session?.count.ran(mean, for: readAt - power.at)
        } else {
            session?.count.ran(value, for: readAt - from)
        }
    }

    mutating func stopCounting(at now: Instant) {
        guard let from = session?.countsFrom else { return }
        if let power, from <= power.at { session?.count.ran(power.value, for: now - power.at) }
        session?.countsFrom = nil
    }

    private mutating func draw(_ value: Power, at now: Instant, _ outputs: inout [Output]) {
        guard var session else { return }
        switch session.stage {
        case .reserved, .suspended, .returning, .ending: return
        case .waiting(_, let cause):
            guard settings.load <= value else { return }
            loaded(after: cause, at: now, &outputs)
            guard let loaded = self.session else { return }
            session = loaded
        case .drawing: break
        }
        if let cause = session.returned, isOther(value, session) {
            cut(Self.end(of: cause), at: now, &outputs)
            return
        }
        if let until = session.watchedUntil, until <= now {
            (session.returned, session.watchedUntil) = (nil, nil)
        }
        session.highest = max(session.highest, value)
        if settings.load <= value { session.lastLoad = value }
        session.overSince = settings.rated < value ? session.overSince ?? now : nil
        session.floatSince = value < settings.float ? session.floatSince ?? now : nil
        session.emptySince = value < settings.load ? session.emptySince ?? now : nil
        self.session = session
    }

    private func isOther(_ value: Power, _ session: Session) -> Bool {
        guard session.highest > .zero else { return false }
        let most = Power(milliwatts: session.highest.milliwatts / 4 * 5) + Limit.otherLoad
        return most < value
    }

    static func end(of cause: Return) -> UseEnd {
        switch cause {
        case .mains: .mainsLost
        case .restart: .interrupted
        }
    }

    /// A value shows whether the socket is live. It matters once it is said to be off: the first
    /// time off is told again; if it is live all the same some seconds later, its relay is stuck.
    private mutating func seen(
        isLive: Bool, readAt: Instant, at now: Instant, _ outputs: inout [Output]
    ) {
        let since = relay.offSince ?? (relay.isOffPromised ? relay.turningOffSince : nil)
        guard let since, since + OutletRelay.Limit.lag <= readAt else { return }
        guard isLive else {
            liveSince = nil
            return
        }
        guard let first = liveSince else {
            liveSince = now
            take(relay.turnOffAgain(at: now), at: now, &outputs)
            return
        }
        guard first + Limit.stuckTime <= now else { return }
        if !stands(.relayStuck) || since + OutletRelay.Limit.longestRest <= now {
            take(relay.turnOffAgain(at: now), at: now, &outputs)
        }
        raise(.relayStuck, &outputs)
        // It can neither be ended nor go on.
        cut(.deviceFailed, at: now, &outputs)
    }

    // MARK: Boards

    mutating func show(
        _ shown: Shown, readAt: Instant, at now: Instant, _ outputs: inout [Output]
    ) {
        switch shown {
        case .on, .off:
            let isOn = shown == .on
            clear(.broken, &outputs)
            take(relay.shown(isOn: isOn, readAt: readAt, at: now), at: now, &outputs)
            // A contact that is welded has power behind it whatever its board says.
            if isOn || !settings.isMetered {
                seen(isLive: isOn, readAt: readAt, at: now, &outputs)
            }
            if isOn {
                session?.offShownSince = nil
            } else if relay.isOn, let since = relay.liveSince,
                since + OutletRelay.Limit.lag <= readAt, session?.offShownSince == nil
            {
                session?.offShownSince = now
            }
        case .broken:
            raise(.broken, &outputs)
            cut(.deviceFailed, at: now, &outputs)
        case .stuck:
            raise(.relayStuck, &outputs)
            cut(.deviceFailed, at: now, &outputs)
        }
    }

    /// A board's word on its own session. One about an earlier session changes nothing.
    mutating func billed(
        _ end: UseEnd, order: UInt32?, _ took: PointReading?, at now: Instant,
        _ outputs: inout [Output]
    ) {
        guard session != nil, order == nil || order == relay.onOrder else { return }
        if let took { session?.count.bill(took) }
        switch session?.stage {
        case nil, .reserved, .ending: break
        case .waiting, .drawing, .suspended, .returning: cut(end, at: now, &outputs)
        }
    }

    // MARK: What ends a session

    /// The first that holds, the gravest first; `nil`: it goes on.
    func cause(at now: Instant) -> UseEnd? {
        guard let session, !isEnding else { return nil }
        if hasSmoke { return .smoke }
        if heat.isRising || heat.last.map({ settings.hot <= $0 }) ?? false {
            return .overTemperature
        }
        switch session.stage {
        case .ending: return nil
        case .reserved:
            if isGuarded { return .guarded }
            return session.began + settings.noLoadTime <= now ? .noLoad : nil
        case .waiting(let since, let cause):
            if isGuarded { return .guarded }
            if plug == false { return cause.map(Self.end) ?? .unplugged }
            if let end = liveCause(session, at: now) { return end }
            guard settings.isMetered, since + settings.noLoadTime <= now else { return nil }
            return cause.map(Self.end) ?? .noLoad
        case .drawing:
            if isGuarded { return .guarded }
            return drawingCause(session, at: now)
        case .suspended(let since):
            return isGuarded || plug == false || since + Limit.away <= now ? .mainsLost : nil
        case .returning(let since, let by):
            let isLate = by <= now || mains != false && since + Limit.look <= now
            return isGuarded || plug == false || isLate ? .interrupted : nil
        }
    }

    private func drawingCause(_ session: Session, at now: Instant) -> UseEnd? {
        if let over = session.overSince, over + settings.overloadTime <= now { return .overload }
        if plug == false { return .unplugged }
        if let end = liveCause(session, at: now) { return end }
        // What last drew the power of a full battery was full; what drew more was pulled out.
        let wasFull = session.lastLoad.map { $0 < settings.float } ?? false
        if let off = session.offShownSince, off + Limit.reason <= now {
            return wasFull ? .full : .deviceFailed
        }
        if let empty = session.emptySince, empty + settings.noLoadTime <= now {
            return wasFull ? .full : .unplugged
        }
        if let float = session.floatSince, float + settings.floatTime <= now { return .full }
        return nil
    }

    /// What ends a session that is switched on, whatever it draws.
    private func liveCause(_ session: Session, at now: Instant) -> UseEnd? {
        if let quota = session.request.quota, quota <= session.count.energy { return .quota }
        if session.until <= now { return session.isShare ? .quota : .timeLimit }
        if settings.isMetered, mains != false, let heard, heard + Limit.silence <= now {
            return .meterSilent
        }
        return nil
    }

    /// The meter's last word, or the moment since when one is due; `nil` while nothing is.
    private var heard: Instant? {
        guard let since = relay.liveSince else { return nil }
        return power.map { max($0.at, since) } ?? since
    }

    // MARK: Time

    /// When something changes although nothing comes; always after `now`.
    func deadline(after now: Instant) -> Instant? {
        var next: Instant?
        func consider(_ time: Instant?) {
            if let time, time > now { next = Instant.earlier(next, time) }
        }
        consider(relay.nextDeadline)
        if let since = relay.turningOffSince { consider(since + Limit.offPatience) }
        if let lastEnd, !settings.hasPlug { consider(lastEnd.at + Limit.shown) }
        guard let session else { return next }
        consider(session.until)
        if settings.isMetered, let heard { consider(heard + Limit.silence) }
        switch session.stage {
        case .reserved: consider(session.began + settings.noLoadTime)
        case .waiting(let since, _): consider(since + settings.noLoadTime)
        case .drawing:
            if let over = session.overSince { consider(over + settings.overloadTime) }
            if let float = session.floatSince { consider(float + settings.floatTime) }
            if let empty = session.emptySince { consider(empty + settings.noLoadTime) }
            if let off = session.offShownSince { consider(off + Limit.reason) }
        case .suspended(let since): consider(since + Limit.away)
        case .returning(let since, let by):
            consider(by)
            consider(since + Limit.recall)
            consider(since + Limit.look)
        case .ending(_, let since):
            consider(since + Limit.offPatience)
            if let off = relay.offSince { consider(off + Limit.settle) }
        }
        return next
    }
}
