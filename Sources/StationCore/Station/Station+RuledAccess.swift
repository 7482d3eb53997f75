// A tap at a door with rules: the same decision as at any other, then who is inside, the other
// doors of an interlock, and the second person.
//
//   on the roster, not lost or blocked, valid, this door, this time, quota, its mode ─► its lock
//      ─► passback ─► interlock ─► second person ─► entry ─► barrier ─► decided again ─► freed

import EventLoop

extension Station {
    @inline(never)
    mutating func accessRuled(
        _ door: DoorID, _ presentation: Presentation, reader: Int, isEntry: Bool, at now: Instant
    ) {
        counters.taps &+= 1
        doorBook[door].partner = nil
        guard let key else {
            return refuseCounted(.noKey, at: door, reader: reader, now: now)
        }
        guard let match = match(presentation, reader: reader, key: key) else {
            return stranger(at: door, reader: reader, now: now)
        }
        let holder = match.record.passbackHolder
        var verdict = decide(match.record, at: door, now: now)
        if case .denied(let reason) = verdict {
            verdict = limited(
                reason, match.form, at: door, reader: DeviceID(reader), now: now)
        }
        if case .granted(let note) = verdict {
            verdict = ruling(holder, note, at: door, isEntry: isEntry, now: now)
        }
        let person = SecondPerson.Person(holder, match.form)
        if case .granted = verdict, isEntry, !hasCompany(person, at: door, now: now) {
            verdict = .denied(.secondPerson)
        }
        guard case .granted(let note) = verdict else {
            guard case .denied(let reason) = verdict else { return }
            return denyRuled(reason, match, at: door, reader: reader, presentation.at, now: now)
        }
        guard barrier.canAdmit, !barrier.isStrict || outbox.hasRoomForPrecious() else {
            return denyRuled(
                .journalUnavailable, match, at: door, reader: reader, presentation.at, now: now)
        }
        counters.grants &+= 1
        let ticket = write(
            .granted(door: door, reader: DeviceID(reader), view: match.view, note: note),
            key: match.record.id, holder: match.record.holder, at: now)
        holdRuled(
            HeldGrant(
                ticket: ticket, door: door, reader: DeviceID(reader), of: .ruled(match.form),
                tappedAt: presentation.at, deadline: now + barrier.patience), at: now)
    }

    private mutating func denyRuled(
        _ reason: Denial, _ match: Match, at door: DoorID, reader: Int, _ tappedAt: Instant,
        now: Instant
    ) {
        if isWatched {
            settle(DeviceID(reader), presentedAt: tappedAt, as: .denied(reason))
        }
        deny(reason, view: match.view, match.record, at: door, reader: reader, now: now)
    }

    // MARK: What the rules say

    /// Passback and interlock. Whoever goes out is never refused.
    borrowing func ruling(
        _ holder: ShortText, _ note: GrantNote, at door: DoorID, isEntry: Bool, now: Instant
    ) -> Verdict {
        guard isEntry else { return .granted(note) }
        var note = note
        if let rule = doorBook[door].rules.passback,
            doorBook.passbacks.isInside(holder, doorBook[door].area, at: now)
        {
            guard rule.kind == .soft else { return .denied(.passback) }
            note = .passback
        }
        return isInterlocked(door) ? .denied(.interlock) : .granted(note)
    }

    /// Whether another door of its interlock is open, or free to be opened. A leaf that nobody
    /// knows of counts by its lock: a broken contact must not shut a whole building.
    borrowing func isInterlocked(_ door: DoorID) -> Bool {
        guard doorBook.ruled.contains(DoorSet(door)) else { return false }
        let others = doorBook[door].others
        guard !others.isEmpty else { return false }
        for place in doors.indices where others.contains(DoorSet(DoorID(place))) {
            let other = DoorID(place)
            if !doors[place].isSecured || doors[place].isClosed == false
                || doorBook[other].warden.isWithheld
            {
                return true
            }
        }
        return false
    }

    /// Whether another holder has tapped just before, where two are wanted.
    mutating func hasCompany(
        _ person: SecondPerson.Person, at door: DoorID, now: Instant
    ) -> Bool {
        guard let time = doorBook[door].rules.secondPersonMilliseconds else { return true }
        let partner = doorBook[door].second.taps(
            person, within: .milliseconds(Int64(time)), at: now)
        doorBook[door].partner = partner
        return partner != nil
    }

    // MARK: The barrier

    /// A grant waits for its entry, or does not.
    mutating func holdRuled(_ held: HeldGrant, at now: Instant) {
        doorBook[held.door].pairs(held.ticket)
        switch barrier.admit(held) {
        case .held:
            deadlines.bringForward(barrierOwner, to: held.deadline)
        case .releaseNow:
            counters.undurableReleases &+= 1
            journalWasLate(at: now)
            freeRuled(held, at: now)
        }
    }

    /// A held grant is let go: decided again, all but the second person, who has been here.
    @inline(never)
    mutating func releaseRuled(_ grant: HeldGrant, isDurable: Bool, at now: Instant) {
        var verdict: Verdict
        let holder: ShortText
        switch grant.origin {
        case .ruled(let form):
            let record = record(of: form)
            verdict = decide(record, at: grant.door, now: now)
            if case .denied(let reason) = verdict {
                verdict = limited(
                    reason, form, at: grant.door, reader: grant.reader, now: now)
            }
            holder = record?.passbackHolder ?? .empty
        case .pass(let id, _):
            verdict = passage(.none, at: grant.door)
            holder = id.text
        case .key, .order, .use, .word, .gift: return
        }
        if case .granted(let note) = verdict {
            verdict = ruling(
                holder, note, at: grant.door, isEntry: !isExit(grant.reader), now: now)
        }
        if case .granted = verdict, !stillHasCompany(grant, at: now) {
            verdict = .denied(.secondPerson)
        }
        switch verdict {
        case .granted:
            if !isDurable { counters.undurableReleases &+= 1 }
            freeRuled(grant, at: now)
        case .denied(let reason):
            _ = doorBook[grant.door].takePartner(of: grant.ticket)
            withdraw(grant, reason, at: now)
        }
    }

    /// Whether the other one, where two are wanted, may still pass: their card may have been
    /// reported lost meanwhile, too.
    private mutating func stillHasCompany(_ grant: HeldGrant, at now: Instant) -> Bool {
        guard let form = doorBook[grant.door].partner(of: grant.ticket)?.form else { return true }
        var verdict = decide(record(of: form), at: grant.door, now: now)
        if case .denied(let reason) = verdict {
            verdict = limited(reason, form, at: grant.door, reader: grant.reader, now: now)
        }
        return if case .granted = verdict { true } else { false }
    }

    private mutating func freeRuled(_ grant: HeldGrant, at now: Instant) {
        var (holder, role, isSlow) = (ShortText.empty, KeyRole.rider, false)
        switch grant.origin {
        case .ruled(let form):
            if let record = record(of: form) {
                (holder, role) = (record.passbackHolder, record.role)
            }
            isSlow = needsTime(form)
            countPassage(form, grant, at: now)
        case .pass(let id, _): holder = id.text
        case .key, .order, .use, .word, .gift: break
        }
        let door = grant.door
        let interval = release(of: door, isSlow: isSlow)
        let origin = GrantOrigin(ticket: grant.ticket, tappedAt: grant.tappedAt)
        // At once: the next grant of this tick asks whether this door is open.
        stepRuled(door, .release(.key, for: interval), origin, at: now)
        reply(.comeIn, at: Int(grant.reader.index), now: now) { $0.welcome(grant, at: now) }
        if isWatched { settle(grant.reader, presentedAt: grant.tappedAt) }
        let isEntry = !isExit(grant.reader)
        if let first = doorBook[door].takePartner(of: grant.ticket) {
            passes(first.holder, door, isEntry: isEntry, at: now)
            if let form = first.form { countPassage(form, grant, at: now) }
        }
        passes(holder, door, isEntry: isEntry, at: now)
        if isEntry { arrived(role, at: door, now: now) }
    }

    /// Whether a card's holder needs more time: the roster's word, whichever of their cards it is.
    private borrowing func needsTime(_ form: MatchForm) -> Bool {
        if let roster, let isSlow = roster.isSlow(form) { return isSlow }
        guard let cards, let record = cards.find(form) else { return false }
        if let roster, let place = roster.place(of: record.id) { return roster.isSlow(at: place) }
        return cards.isSlow(form) ?? false
    }

    // MARK: Who is inside

    /// Somebody goes through, until it turns out that nobody did. Through a leaf that is open
    /// already they do: nothing would show that they did not.
    mutating func passes(
        _ holder: ShortText, _ door: DoorID, isEntry: Bool, at now: Instant
    ) {
        guard let passage = passage(of: holder, door, isEntry: isEntry, at: now),
            doors[Int(door.index)].isClosed == true
        else { return }
        if doorBook[door].passages.count == DoorBook.Limit.passages {
            doorBook[door].passages.removeFirst()
        }
        doorBook[door].passages.append(passage)
    }

    /// An earlier run let somebody through; only the last of them may turn out not to have gone.
    mutating func recalledPassage(
        of holder: ShortText, _ door: DoorID, isEntry: Bool, at now: Instant
    ) {
        let passage = passage(of: holder, door, isEntry: isEntry, at: now)
        doorBook[door].passages = passage.map { [$0] } ?? []
    }

    private mutating func passage(
        of holder: ShortText, _ door: DoorID, isEntry: Bool, at now: Instant
    ) -> DoorBook.Passage? {
        guard let rule = doorBook[door].rules.passback, !holder.isEmpty else { return nil }
        let area = doorBook[door].area
        let before: PassbackLedger.Stay?
        if isEntry {
            before = doorBook.passbacks.enters(
                holder, area, until: now + .seconds(Int64(rule.forgetSeconds)), at: now)
        } else {
            before = doorBook.passbacks.leaves(holder, area)
        }
        return DoorBook.Passage(holder: holder, before: before)
    }

    /// The lock holds again. If the leaf has not moved, nobody went through.
    mutating func lockHolds(of door: DoorID) {
        if doors[Int(door.index)].isClosed == true {
            takeBackPassages(of: door)
        } else {
            doorBook[door].passages = []
        }
    }

    mutating func takeBackPassages(of door: DoorID) {
        let passages = doorBook[door].passages
        doorBook[door].passages = []
        for passage in passages.reversed() {
            if let before = passage.before {
                doorBook.passbacks.enters(
                    before.holder, before.area, until: before.until, at: Instant(nanoseconds: 0))
            } else {
                doorBook.passbacks.leaves(passage.holder, doorBook[door].area)
            }
        }
    }
}

extension DoorBook.Ruled {
    /// The grant is for two, if the one who was decided on came with somebody.
    fileprivate mutating func pairs(_ ticket: Ticket?) {
        guard let first = partner else { return }
        partner = nil
        guard let ticket else { return }
        if pairs.count == DoorBook.Limit.pairs { pairs.removeFirst() }
        pairs.append(DoorBook.Pair(ticket: ticket, first: first))
    }

    /// Who comes in with the holder of that grant.
    func partner(of ticket: Ticket?) -> SecondPerson.Person? {
        guard let ticket else { return nil }
        return pairs.first { $0.ticket == ticket }?.first
    }

    /// The same, and they are not kept any longer.
    mutating func takePartner(of ticket: Ticket?) -> SecondPerson.Person? {
        guard let ticket,
            let place = pairs.firstIndex(where: { $0.ticket == ticket })
        else { return nil }
        return pairs.remove(at: place).first
    }
}

extension KeyRecord {
    /// Passback and the second person go by holder; a key without one is its own.
    var passbackHolder: ShortText { holder.isEmpty ? id : holder }
}
