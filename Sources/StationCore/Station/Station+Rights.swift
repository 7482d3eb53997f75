// Rights with terms: services, hours and quotas of a key, beside its doors.
//
//   tap ─► the decision of every tap ─► not this door ─► has its right terms? ─► this door, this
//      time, quota ─► entry ─► barrier ─► decided again ─► freed, and counted
//
// A set of rights with hours, or with a quota at doors, opens no door by itself: so whoever has
// none pays for nothing here, and whoever has some comes by the way of those who are refused.

import EventLoop

extension Station {
    // MARK: Terms

    /// On which terms a card's key opens what it opens; `nil`: on none.
    @inline(never)
    borrowing func terms(of form: MatchForm) -> RightsTerms? {
        if let roster, !roster.terms.isEmpty, let place = roster.place(of: form) {
            return roster.terms(at: place)
        }
        return cards == nil ? nil : enrolledTerms(of: form)
    }

    /// The same of a card that was enrolled here: it has the rights of its key, which are the
    /// roster's where that has it.
    @inline(never)
    private borrowing func enrolledTerms(of form: MatchForm) -> RightsTerms? {
        guard let cards, let own = cards.place(of: form) else { return nil }
        if let roster {
            if roster.place(of: form) != nil { return nil }
            if let place = roster.place(of: cards.key(at: own).id) {
                return roster.terms(at: place)
            }
        }
        var terms = cards.terms(at: own)
        terms?.isEnrolled = true
        return terms
    }

    /// Where the quotas of terms are.
    private func table(of terms: RightsTerms) -> Roster? { terms.isEnrolled ? cards : roster }

    /// How terms stand now, for a holder who asks for one subject.
    ///
    /// - Parameter running: uses of it that the holder has begun and not ended.
    mutating func stand(
        _ terms: RightsTerms, of holder: ShortText, _ subject: QuotaSubject, running: UInt32 = 0,
        at now: Instant
    ) -> TermsNow {
        var stand = TermsNow()
        if let service = subject.service { stand.isAllowed = terms.allows(ServiceID(service)) }
        switch terms.hours {
        case .always: break
        case .unknown: stand.hours = .shut
        case .named(let place):
            stand.hours =
                !calendar.isTrusted ? .unknown : schedules.isOpen(Int(place)) ? .open : .shut
        }
        guard !terms.quotas.isEmpty, let roster = table(of: terms) else { return stand }
        let today = quotaDay(at: now)
        let account = quotas.account(of: holder, subject, on: today)
        for place in terms.quotas where roster.quotas[place].subject == subject {
            let quota = roster.quotas[place]
            let used = account.of(quota.period).of(quota.measure)
            // What is being used is one use, however much it will be.
            guard quota.limit <= (quota.measure == .uses ? used &+ running : used) else { continue }
            // The longest says when there is something again.
            if stand.usedUp != .quotaPeriod { stand.usedUp = quota.period.usedUp }
        }
        return stand
    }

    /// What is left of a holder's share of a service; `nil`: there is no bound.
    mutating func share(
        _ terms: RightsTerms, of holder: ShortText, _ subject: QuotaSubject, at now: Instant
    ) -> UseShare? {
        guard !terms.quotas.isEmpty, let roster = table(of: terms) else { return nil }
        let today = quotaDay(at: now)
        let account = quotas.account(of: holder, subject, on: today)
        var share = UseShare()
        for place in terms.quotas where roster.quotas[place].subject == subject {
            let quota = roster.quotas[place]
            let tally = account.of(quota.period)
            let used = tally.of(quota.measure)
            let left = Int64(quota.limit - min(quota.limit, used))
            switch quota.measure {
            case .uses: break
            case .millilitres: share.millilitres = min(share.millilitres ?? left, left)
            case .wattHours: share.wattHours = min(share.wattHours ?? left, left)
            case .minutes:
                let seconds = max(0, Int64(quota.limit) * 60 - Int64(tally.seconds))
                share.seconds = min(share.seconds ?? seconds, seconds)
            }
        }
        return share == UseShare() ? nil : share
    }

    /// The station's day. While nobody knows what day it is, a day is twenty-four hours of a run of
    /// the machine, from the earliest day on that it can be: a power cut gives nobody a new share,
    /// and nobody waits for a clock for more than a day.
    mutating func quotaDay(at now: Instant) -> CivilDate {
        let wall =
            calendar.isTrusted
            ? calendar.wallTime(at: now).seconds
            : calendar.floor.seconds + max(0, calendar.bootTime(at: now)) / 1_000_000_000
        let today = CivilDate(localSeconds: wall + Int64(calendar.utcOffset))
        quotas.turn(to: today)
        return today
    }

    // MARK: Doors

    /// A key whose rights have terms is judged by them; every other is refused as it was. Nobody is
    /// kept inside by hours that are over, or by a quota.
    mutating func limited(
        _ reason: Denial, _ form: MatchForm, at door: DoorID, reader: DeviceID, now: Instant
    ) -> Verdict {
        guard reason == .door, let terms = terms(of: form), terms.isLimitedAtDoors,
            var record = record(of: form)
        else { return .denied(reason) }
        record.doors = terms.doors
        let stand =
            isExit(reader) ? TermsNow() : stand(terms, of: record.passbackHolder, .doors, at: now)
        let verdict = AccessDecision.decide(
            record, stand, at: door, in: doors[Int(door.index)].standingMode, calendar: calendar,
            policy: resolved.policy, now: now)
        let lock = wiring.locks[Int(door.index)]
        if case .granted = verdict, !deviceStates[Int(lock.index)].isAttached {
            return .denied(.lockUnavailable)
        }
        return verdict
    }

    /// A tap at a plain door that was refused: with terms it may yet be granted.
    @inline(never)
    mutating func turnAway(
        _ reason: Denial, _ match: Match, at door: DoorID, reader: Int, tappedAt: Instant,
        now: Instant
    ) {
        switch limited(reason, match.form, at: door, reader: DeviceID(reader), now: now) {
        case .denied(let reason):
            deny(reason, view: match.view, match.record, at: door, reader: reader, now: now)
        case .granted(let note):
            guard barrier.canAdmit, !barrier.isStrict || outbox.hasRoomForPrecious() else {
                if isWatched {
                    settle(
                        DeviceID(reader), presentedAt: tappedAt, as: .denied(.journalUnavailable))
                }
                return deny(
                    .journalUnavailable, view: match.view, match.record, at: door, reader: reader,
                    now: now)
            }
            counters.grants &+= 1
            let ticket = write(
                .granted(door: door, reader: DeviceID(reader), view: match.view, note: note),
                key: match.record.id, holder: match.record.holder, at: now)
            let held = HeldGrant(
                ticket: ticket, door: door, reader: DeviceID(reader), of: .key(match.form),
                tappedAt: tappedAt, deadline: now + barrier.patience)
            switch barrier.admit(held) {
            case .held: deadlines.bringForward(barrierOwner, to: held.deadline)
            case .releaseNow:
                counters.undurableReleases &+= 1
                journalWasLate(at: now)
                freeLimited(held, match.form, at: now)
            }
        }
    }

    /// A held grant that was refused when it was let go: with terms it may yet be freed.
    @inline(never)
    mutating func refuseAgain(
        _ grant: HeldGrant, _ reason: Denial, isDurable: Bool, at now: Instant
    ) {
        guard case .key(let form) = grant.origin else {
            return withdraw(grant, reason, at: now)
        }
        switch limited(reason, form, at: grant.door, reader: grant.reader, now: now) {
        case .denied(let reason): withdraw(grant, reason, at: now)
        case .granted:
            if !isDurable { counters.undurableReleases &+= 1 }
            freeLimited(grant, form, at: now)
        }
    }

    private mutating func freeLimited(_ grant: HeldGrant, _ form: MatchForm, at now: Instant) {
        let interval = doors[Int(grant.door.index)].settings.release
        let origin = GrantOrigin(ticket: grant.ticket, tappedAt: grant.tappedAt)
        enqueue(.door(grant.door, .release(.key, for: interval), grant: origin), at: now)
        reply(.comeIn, at: Int(grant.reader.index), now: now) { $0.welcome(grant, at: now) }
        if isWatched { settle(grant.reader, presentedAt: grant.tappedAt) }
        countPassage(form, grant, at: now)
    }

    /// Somebody is let in, whose rights say how often. Who goes out is not.
    mutating func countPassage(_ form: MatchForm, _ grant: HeldGrant, at now: Instant) {
        guard !isExit(grant.reader), let terms = terms(of: form), terms.countsAtDoors,
            let record = record(of: form)
        else { return }
        count(QuotaTally(uses: 1), of: record.passbackHolder, .doors, grant.ticket, at: now)
    }

    /// Whether one goes out by that reader.
    borrowing func isExit(_ reader: DeviceID) -> Bool {
        switch wiring.roles[Int(reader.index)] {
        case .readerOut, .ruledOut: true
        case .readerIn, .ruledIn, .service, .none, .lock, .contact, .exitButton: false
        }
    }

    // MARK: Counting

    private mutating func count(
        _ tally: QuotaTally, of holder: ShortText, _ subject: QuotaSubject, _ ticket: Ticket?,
        at now: Instant
    ) {
        let wasPending = quotas.isPending
        let today = quotaDay(at: now)
        quotas.count(
            tally, of: holder, subject, on: today,
            ticket: barrier.isDurable(ticket) ? nil : ticket)
        // Commits ask one number whether anybody waits for them.
        if quotas.isPending, !wasPending { actionsWaiting += 1 }
    }

    /// Entries up to this one are durable.
    mutating func quotasWritten(upTo ticket: Ticket) {
        guard quotas.isPending else { return }
        quotas.committed(upTo: ticket)
        if !quotas.isPending { actionsWaiting -= 1 }
    }

    /// A use has ended, and its entry is written.
    @inline(never)
    mutating func countUse(
        of owner: UseOwner, _ service: ServiceID, seconds: UInt32, _ amount: UsageAmount,
        _ ticket: Ticket?, at now: Instant
    ) {
        guard owner.source == .key, countsUses(of: service) else { return }
        let holder = owner.holder.isEmpty ? owner.key : owner.holder
        count(
            QuotaTally(amount, seconds: seconds), of: holder, QuotaSubject(service), ticket,
            at: now)
    }

    // MARK: What outlives the run

    /// What the next run has to know.
    public borrowing func keptQuotas() -> [QuotaAccount] { quotas.kept }

    /// What the run before knew of a holder.
    ///
    /// - Parameter isSum: it comes on top of what is known.
    public mutating func recalled(_ account: QuotaAccount, isSum: Bool) {
        quotas.recall(account, isSum: isSum)
    }

    /// Whether a key's rights say how often its holder may pass doors.
    public borrowing func countsAtDoors(_ key: ShortText) -> Bool {
        if let roster, let place = roster.place(of: key) {
            return roster.terms(at: place)?.countsAtDoors ?? false
        }
        guard let cards, let place = cards.place(of: key) else { return false }
        return cards.terms(at: place)?.countsAtDoors ?? false
    }

    /// Whether anybody's rights say how much of a service they may have.
    public borrowing func countsUses(of service: ServiceID) -> Bool {
        let subject = QuotaSubject(service)
        return roster?.hasQuotas(of: subject) == true || cards?.hasQuotas(of: subject) == true
    }

    /// The day that counts at present.
    public mutating func currentQuotaDay(at now: Instant) -> CivilDate { quotaDay(at: now) }
}

extension Roster {
    /// Whether anybody has a quota of it.
    func hasQuotas(of subject: QuotaSubject) -> Bool { quotas.contains { $0.subject == subject } }
}

extension QuotaPeriod {
    /// Why nobody gets any more.
    fileprivate var usedUp: Denial {
        switch self {
        case .day: .quota
        case .week, .month: .quotaPeriod
        }
    }
}

extension QuotaTally {
    /// One use. What took nothing is none: a tap that stayed dry, an act that was taken back, a
    /// socket into which nothing was plugged. A telephone may draw for a while without a watt-hour.
    public init(_ amount: UsageAmount, seconds: UInt32) {
        let isDrawn = amount.unit == .wattHours && seconds >= Self.briefest
        guard amount.value > 0 || isDrawn else {
            self.init()
            return
        }
        self.init(
            uses: 1, amount: amount.unit == .times ? 0 : UInt32(clamping: amount.value),
            seconds: seconds)
    }

    /// Three minutes: a socket without a load ends after two.
    private static let briefest: UInt32 = 180
}
