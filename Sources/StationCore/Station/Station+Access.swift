// A tap: from a credential to a decision, to the barrier, to the door.

import EventLoop

extension Station {
    /// Decides a tap. The credential lives for the length of this call.
    mutating func access(_ presentation: Presentation, reader: Int, at now: Instant) {
        let isNew = readers[reader].filter.isNewTap(presentation.credential, at: now)
        expectCounts(of: reader, by: now + TapFilter.retention)
        guard isNew else { return }
        if isWatched { watch(presentation, reader: reader, at: now) }
        if reader == enrolmentReader, enrols(presentation, reader: reader, at: now) {
            // No door waits for it: whoever watches sees at once what it is.
            if isWatched {
                settle(DeviceID(reader), presentedAt: presentation.at, forEnrolment: true)
            }
            return
        }
        let door: DoorID
        switch wiring.roles[reader] {
        case .readerIn(let id), .readerOut(let id): door = id
        case .service(let service):
            return ask(service, presentation, reader: reader, at: now)
        case .ruledIn(let id):
            return accessRuled(id, presentation, reader: reader, isEntry: true, at: now)
        case .ruledOut(let id):
            return accessRuled(id, presentation, reader: reader, isEntry: false, at: now)
        case .none, .lock, .contact, .exitButton: return
        }
        counters.taps &+= 1
        guard let key else {
            return refuseCounted(.noKey, at: door, reader: reader, now: now)
        }
        guard let match = match(presentation, reader: reader, key: key) else {
            return stranger(at: door, reader: reader, now: now)
        }
        switch decide(match.record, at: door, now: now) {
        case .granted(let note):
            grant(match, note, at: door, reader: reader, tappedAt: presentation.at, now: now)
        case .denied(let reason):
            turnAway(
                reason, match, at: door, reader: reader, tappedAt: presentation.at, now: now)
        }
    }

    /// A roster entry found for a credential.
    struct Match {
        var form: MatchForm
        var view: View
        var record: KeyRecord
    }

    /// Tries the reader's views in order; the first that the roster knows wins.
    func match(
        _ presentation: Presentation, reader: Int, key: StationKey
    ) -> Match? {
        let first = reader * View.perReader
        for place in first..<first + View.perReader {
            guard let view = wiring.views[place] else { return nil }
            guard
                let number = view.number(
                    of: presentation.credential, format: presentation.format)
            else { continue }
            let form = key.matchForm(of: number)
            if let record = record(of: form) {
                return Match(form: form, view: view, record: record)
            }
        }
        return nil
    }

    /// The key that a card is: the roster's word first, then the station's own.
    @inline(__always)
    func record(of form: MatchForm) -> KeyRecord? {
        if let record = roster?.find(form) { return record }
        return cards == nil ? nil : enrolledRecord(of: form)
    }

    /// Whether the door lets through whom the station lets through.
    func passage(_ note: GrantNote, at door: DoorID) -> Verdict {
        let verdict = AccessDecision.passage(note, in: doors[Int(door.index)].standingMode)
        let lock = wiring.locks[Int(door.index)]
        if case .granted = verdict, !deviceStates[Int(lock.index)].isAttached {
            return .denied(.lockUnavailable)
        }
        return verdict
    }

    func decide(_ record: KeyRecord?, at door: DoorID, now: Instant) -> Verdict {
        let verdict = AccessDecision.decide(
            record, at: door, in: doors[Int(door.index)].standingMode, calendar: calendar,
            policy: resolved.policy, now: now)
        let lock = wiring.locks[Int(door.index)]
        if case .granted = verdict, !deviceStates[Int(lock.index)].isAttached {
            return .denied(.lockUnavailable)
        }
        return verdict
    }

    private mutating func grant(
        _ match: Match, _ note: GrantNote, at door: DoorID, reader: Int, tappedAt: Instant,
        now: Instant
    ) {
        // A strict station promises that what it grants is written: no room, no grant.
        guard barrier.canAdmit, !barrier.isStrict || outbox.hasRoomForPrecious() else {
            if isWatched {
                settle(DeviceID(reader), presentedAt: tappedAt, as: .denied(.journalUnavailable))
            }
            return deny(
                .journalUnavailable, view: match.view, match.record, at: door, reader: reader,
                now: now)
        }
        counters.grants &+= 1
        let ticket = write(
            .granted(door: door, reader: DeviceID(reader), view: match.view, note: note),
            key: match.record.id, holder: match.record.holder, at: now)
        hold(
            HeldGrant(
                ticket: ticket, door: door, reader: DeviceID(reader), of: .key(match.form),
                tappedAt: tappedAt, deadline: now + barrier.patience), at: now)
    }

    /// A grant waits for its entry, or does not.
    @inline(__always)
    mutating func hold(_ held: HeldGrant, at now: Instant) {
        switch barrier.admit(held) {
        case .held:
            deadlines.bringForward(barrierOwner, to: held.deadline)
        case .releaseNow:
            counters.undurableReleases &+= 1
            journalWasLate(at: now)
            free(held, at: now)
        }
    }

    /// A held grant is let go: decided again, since the world may have changed while it waited.
    mutating func release(_ grant: HeldGrant, at now: Instant) {
        let isDurable = barrier.isDurable(grant.ticket)
        // Taps do not wait any more, whatever becomes of this one.
        if !isDurable { journalWasLate(at: now) }
        let verdict: Verdict
        switch grant.origin {
        // Who it is was written with the grant; only a denial says it again.
        case .key(let form): verdict = decide(rights(of: form), at: grant.door, now: now)
        case .pass:
            if doorBook.ruled.contains(DoorSet(grant.door)) {
                return releaseRuled(grant, isDurable: isDurable, at: now)
            }
            verdict = passage(.none, at: grant.door)
        case .ruled: return releaseRuled(grant, isDurable: isDurable, at: now)
        case .order(let command, let authority, let number, let word):
            let order = Order(command: command, door: grant.door, authority: authority)
            return release(order, number, word: word, grant, isDurable: isDurable, at: now)
        case .use, .word, .gift: return releaseUse(grant, isDurable: isDurable, at: now)
        }
        switch verdict {
        case .granted:
            if !isDurable { counters.undurableReleases &+= 1 }
            free(grant, at: now)
        case .denied(let reason): refuseAgain(grant, reason, isDurable: isDurable, at: now)
        }
    }

    /// A grant that came to nothing.
    mutating func withdraw(_ grant: HeldGrant, _ reason: Denial, at now: Instant) {
        let reader = Int(grant.reader.index)
        if isWatched {
            settle(grant.reader, presentedAt: grant.tappedAt, as: .denied(reason))
        }
        switch grant.origin {
        case .key(let form), .ruled(let form):
            deny(reason, view: nil, record(of: form), at: grant.door, reader: reader, now: now)
        case .pass(let id, let use):
            deny(reason, view: nil, key: id.text, at: grant.door, reader: reader, now: now)
            takeBack(use, of: id, at: grant.door, reader: reader, now: now)
        case .order(let command, let authority, let number, _):
            lapse(Order(command: command, door: grant.door, authority: authority), number, at: now)
        case .use, .word, .gift: withdrawUse(grant, reason, at: now)
        }
    }

    /// Strict stations: the grant could not be written down in time.
    mutating func lapse(_ grant: HeldGrant, at now: Instant) {
        journalWasLate(at: now)
        withdraw(grant, .journalUnavailable, at: now)
    }

    private mutating func free(_ grant: HeldGrant, at now: Instant) {
        let interval = doors[Int(grant.door.index)].settings.release
        let origin = GrantOrigin(ticket: grant.ticket, tappedAt: grant.tappedAt)
        enqueue(.door(grant.door, .release(.key, for: interval), grant: origin), at: now)
        reply(.comeIn, at: Int(grant.reader.index), now: now) { $0.welcome(grant, at: now) }
        if isWatched { settle(grant.reader, presentedAt: grant.tappedAt) }
    }

    mutating func deny(
        _ reason: Denial, view: View?, _ record: KeyRecord?, at door: DoorID, reader: Int,
        now: Instant
    ) {
        deny(
            reason, view: view, key: record?.id ?? .empty, holder: record?.holder ?? .empty,
            at: door, reader: reader, now: now)
    }

    mutating func deny(
        _ reason: Denial, view: View?, key: ShortText, holder: ShortText = .empty,
        at door: DoorID, reader: Int, now: Instant
    ) {
        counters.denials[Int(reason.rawValue)] &+= 1
        write(
            .denied(door: door, reader: DeviceID(reader), view: view, reason: reason),
            key: key, holder: holder, at: now)
        reply(reason, at: reader, now: now)
    }

    /// Nobody on the roster: written singly at first, then only counted.
    mutating func stranger(at door: DoorID, reader: Int, now: Instant) {
        refuseCounted(.unknown, at: door, reader: reader, now: now)
    }

    /// A denial that anybody with a card can cause at will: bounded by the strangers' limiter.
    mutating func refuseCounted(
        _ reason: Denial, at door: DoorID, reader: Int, now: Instant
    ) {
        let answer = floods[reader].strangers.sees(at: now)
        expectCounts(of: reader, by: now + FloodLimiter.window)
        switch answer {
        case .write:
            deny(reason, view: nil, nil, at: door, reader: reader, now: now)
        case .count:
            counters.denials[Int(Denial.rateLimited.rawValue)] &+= 1
            reply(.rateLimited, at: reader, now: now)
        }
    }

    /// A read that was no credential. Someone stands there: answer, unless it was interference.
    mutating func misread(
        _ diagnosis: ReadDiagnosis, _ bits: UInt16, reader: Int, at now: Instant
    ) {
        counters.diagnoses[Int(diagnosis.rawValue)] &+= 1
        readers[reader].badReads &+= 1
        let answer = floods[reader].misreads.sees(at: now)
        expectCounts(of: reader, by: now + FloodLimiter.window)
        if answer == .write {
            write(
                .readerDiagnosed(reader: DeviceID(reader), diagnosis: diagnosis, bits: bits),
                at: now)
        }
        switch diagnosis {
        case .glitch, .collision, .keypad:
            return
        case .parity, .linesSwapped, .doubledEdges, .lostBits, .extraBits, .overflow, .edgesLost,
            .damaged, .typed, .strangeCard, .halfUID, .takenAway, .unreadable:
            break
        }
        guard answer == .write else {
            counters.denials[Int(Denial.malformed.rawValue)] &+= 1
            reply(.malformed, at: reader, now: now)
            return
        }
        switch wiring.roles[reader] {
        case .readerIn(let door), .readerOut(let door), .ruledIn(let door), .ruledOut(let door):
            deny(.malformed, view: nil, nil, at: door, reader: reader, now: now)
        case .service(let service):
            refuse(.malformed, service, nil, reader: reader, at: now)
        case .none, .lock, .contact, .exitButton:
            break
        }
    }
}
