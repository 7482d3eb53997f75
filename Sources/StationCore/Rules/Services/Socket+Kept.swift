// What of a socket outlives the process, and how it goes on with it.

public import EventLoop

extension Socket {
    /// For the snapshot. Instants die with the boot: spans and amounts do not.
    public struct Kept: Equatable, Sendable {
        public struct Session: Equatable, Sendable {
            public var owner: UseOwner
            public var quota: Energy?
            /// How long it has run, and how long it may yet.
            public var ran: Interval
            public var left: Interval
            /// By the total, which stood at `total` then; by power and time since.
            public var counted: Energy
            public var sinceTotal: Energy
            public var total: Energy?
            public var hasGap: Bool
            public var highest: Power
            public var wasOn: Bool
            /// It was being ended for that reason.
            public var end: UseEnd?
            /// It is over when the holder's share of time is.
            public var isShare: Bool

            public init(
                owner: UseOwner, quota: Energy?, ran: Interval, left: Interval, counted: Energy,
                sinceTotal: Energy, total: Energy?, hasGap: Bool, highest: Power, wasOn: Bool,
                end: UseEnd?, isShare: Bool = false
            ) {
                self.owner = owner
                self.quota = quota
                self.ran = ran
                self.left = left
                self.counted = counted
                self.sinceTotal = sinceTotal
                self.total = total
                self.hasGap = hasGap
                self.highest = highest
                self.wasOn = wasOn
                self.end = end
                self.isShare = isShare
            }
        }

        public var session: Session?
        /// Out of service until a person has looked.
        public var isStuck: Bool
        public var isBurning: Bool

        public init(session: Session? = nil, isStuck: Bool = false, isBurning: Bool = false) {
            self.session = session
            self.isStuck = isStuck
            self.isBurning = isBurning
        }
    }

    /// To be kept after every `began` and `ended`. How long the station was away is said by the
    /// newest entry that the next run reads; what power and time stand in for is lost since this
    /// was taken, and a meter's total tells it.
    public func kept(at now: Instant) -> Kept {
        Kept(
            session: session.map { session in
                var end: UseEnd?
                if case .ending(let reason, _) = session.stage { end = reason }
                return Kept.Session(
                    owner: session.request.owner, quota: session.request.quota,
                    ran: now - session.began, left: session.until - now,
                    counted: session.count.counted, sinceTotal: session.count.sinceTotal,
                    total: session.count.last, hasGap: session.count.hasGap,
                    highest: session.highest, wasOn: session.wasOn, end: end,
                    isShare: session.isShare)
            }, isStuck: stands(.relayStuck), isBurning: stands(.burning))
    }

    /// The station begins. Without a snapshot nothing is known, so it is switched off: whoever
    /// keeps the journal ends a use that has no end there as `interrupted`.
    ///
    /// A session goes on if the station was away for ten minutes at most and nothing stands
    /// against it; whatever else there was ends as it would have, or as `interrupted`.
    mutating func recall(
        _ kept: Kept?, away: Interval?, at now: Instant, _ outputs: inout [Output]
    ) {
        guard !isRecalled else { return }
        isRecalled = true
        if kept?.isStuck == true { raise(.relayStuck, &outputs) }
        if kept?.isBurning == true { raise(.burning, &outputs) }
        guard let kept = kept?.session else {
            take(relay.turnOff(at: now), at: now, &outputs)
            return
        }
        let away = away.flatMap { $0 < .zero ? nil : $0 }
        let gone = away ?? .zero
        let by = now + (Limit.away - gone)
        var end = kept.end
        if end == nil, away == nil || by <= now { end = .interrupted }
        session = Session(
            request: Request(kept.owner, quota: kept.quota),
            began: now + (.zero - bounded(kept.ran) - gone),
            until: now + (bounded(kept.left) - gone),
            stage: end.map { .ending($0, since: now) } ?? .returning(since: now, by: by),
            count: EnergyCount(
                settings.energy, counted: kept.counted, sinceTotal: kept.sinceTotal,
                last: kept.total, hasGap: kept.hasGap),
            highest: kept.highest, wasOn: kept.wasOn, isShare: kept.isShare)
        // A board that goes on by itself shows what it does; all else is switched off first.
        if end == nil, settings.runsOn { return }
        take(relay.turnOff(at: now), at: now, &outputs)
        if let end { outputs.append(.told(.cut(end))) }
    }

    /// A snapshot is checked, but not every number in it is a sensible one.
    private func bounded(_ span: Interval) -> Interval {
        min(max(span, .zero), settings.longest)
    }
}
