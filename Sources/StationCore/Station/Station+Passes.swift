// A code at a reader: a day pass that is good here and now, or why it is not.

import EventLoop

/// What a station knows of day passes.
struct PassDesk: Sendable {
    /// Whose signatures it believes; none, and every pass is a stranger's.
    var issuers: [DayPassIssuer] = []
    var ledger = PassLedger()
    /// By reader: which telephone is still held to it.
    var filters: [PassFilter]
    let station: ShortText
    let district: ShortText?

    init(_ identity: StationIdentity, devices: Int) {
        filters = Array(repeating: PassFilter(), count: devices)
        station = ShortText(identity.id) ?? .empty
        district = identity.district.flatMap { ShortText($0) }
    }
}

extension Station {
    // MARK: What it is told

    /// Whose day passes are good here from now on.
    public mutating func trusts(_ issuers: [DayPassIssuer]) { passDesk.issuers = issuers }

    /// An earlier run let a pass through.
    public mutating func recalled(_ use: PassLedger.Use) { passDesk.ledger.recall(use) }

    /// Uses of day passes: what has to survive a restart.
    public var passUses: [PassLedger.Use] { passDesk.ledger.uses }

    // MARK: A code is read

    /// Decides a scanned code. The signature costs a third of a millisecond on a small board, and
    /// an array or two: nobody rides through a gate with a code.
    mutating func scanned(_ text: Packet, reader: Int, at now: Instant) {
        let pass: DayPass
        do throws(DayPassRefusal) {
            pass = try SignedDayPass.parse(
                text.withBytes { String(decoding: $0, as: UTF8.self) }
            ).verified(by: passDesk.issuers)
        } catch {
            if isWatched {
                let isDamaged = error.isDamage
                watch(
                    .other(length: text.count), .denied(isDamaged ? .malformed : .unknown),
                    reader: reader, at: now)
            }
            return refuse(error, reader: reader, at: now)
        }
        readers[reader].goodReads &+= 1
        guard passDesk.filters[reader].isNewShowing(pass.id, at: now),
            let door = wiring.door(of: reader)
        else { return }
        if isWatched { watch(.pass(pass.id), nil, reader: reader, at: now) }
        counters.taps &+= 1
        switch decide(pass, at: door, now: now) {
        case .granted(let note):
            if doorBook.ruled.contains(DoorSet(door)) {
                return admitRuled(pass, note, at: door, reader: reader, now: now)
            }
            admit(pass, note, at: door, reader: reader, now: now)
        case .denied(let reason): deny(pass, reason, at: door, reader: reader, now: now)
        }
    }

    /// A code that nobody vouches for: anybody can show one.
    private mutating func refuse(_ refusal: DayPassRefusal, reader: Int, at now: Instant) {
        if refusal.isDamage { return misread(.damaged, 0, reader: reader, at: now) }
        guard let door = wiring.door(of: reader) else { return }
        counters.taps &+= 1
        refuseCounted(.unknown, at: door, reader: reader, now: now)
    }

    /// Place and time, as for a key; then the door.
    private func decide(_ pass: DayPass, at door: DoorID, now: Instant) -> Verdict {
        var note = GrantNote.none
        var time = calendar.wallTime(at: now)
        if !calendar.isTrusted {
            guard resolved.policy.untrustedClock == .floor else { return .denied(.clockUntrusted) }
            // It is certainly later than the floor; whether it has begun nobody knows.
            time = max(calendar.floor, pass.validFrom)
            note = .clockUntrusted
        }
        switch pass.refusal(at: passDesk.station, in: passDesk.district, on: time) {
        case nil: break
        case .early: return .denied(.notYetValid)
        case .late: return .denied(.expired)
        default: return .denied(.door)
        }
        return passage(note, at: door)
    }

    /// The same at a door with rules: a pass is a holder of its own, and comes in as a rider.
    private mutating func admitRuled(
        _ pass: DayPass, _ note: GrantNote, at door: DoorID, reader: Int, now: Instant
    ) {
        let isEntry = if case .ruledIn = wiring.roles[reader] { true } else { false }
        let holder = pass.id.text
        doorBook[door].partner = nil
        switch ruling(holder, note, at: door, isEntry: isEntry, now: now) {
        case .denied(let reason): deny(pass, reason, at: door, reader: reader, now: now)
        case .granted(let note):
            let person = SecondPerson.Person(holder, nil)
            guard !isEntry || hasCompany(person, at: door, now: now) else {
                return deny(pass, .secondPerson, at: door, reader: reader, now: now)
            }
            admit(pass, note, at: door, reader: reader, now: now)
        }
    }

    private mutating func admit(
        _ pass: DayPass, _ note: GrantNote, at door: DoorID, reader: Int, now: Instant
    ) {
        guard barrier.canAdmit, !barrier.isStrict || outbox.hasRoomForPrecious() else {
            return deny(pass, .journalUnavailable, at: door, reader: reader, now: now)
        }
        let today = calendar.isTrusted ? calendar.wallTime(at: now) : calendar.floor
        guard let use = passDesk.ledger.take(pass, at: today) else {
            return deny(pass, .quota, at: door, reader: reader, now: now)
        }
        counters.grants &+= 1
        let release = doors[Int(door.index)].settings.release
        passDesk.filters[reader].letIn(pass.id, for: release, at: now)
        let ticket = write(
            .passGranted(
                door: door, reader: DeviceID(reader), use: use, validTo: pass.validTo, note: note),
            key: pass.id.text, at: now)
        let held = HeldGrant(
            ticket: ticket, door: door, reader: DeviceID(reader), of: .pass(pass.id, use: use),
            tappedAt: now, deadline: now + barrier.patience)
        if doorBook.ruled.contains(DoorSet(door)) {
            holdRuled(held, at: now)
        } else {
            hold(held, at: now)
        }
    }

    private mutating func deny(
        _ pass: DayPass, _ reason: Denial, at door: DoorID, reader: Int, now: Instant
    ) {
        if isWatched { settle(DeviceID(reader), presentedAt: now, as: .denied(reason)) }
        switch reason {
        // A pass is genuine for ever: a picture of an old one must not fill the journal. The person
        // is told what is wrong every time.
        case .expired, .notYetValid, .door, .quota:
            let answer = floods[reader].strangers.sees(at: now)
            expectCounts(of: reader, by: now + FloodLimiter.window)
            guard answer == .count else { break }
            counters.denials[Int(reason.rawValue)] &+= 1
            reply(reason, at: reader, now: now)
            return
        default: break
        }
        deny(reason, view: nil, key: pass.id.text, at: door, reader: reader, now: now)
    }

    /// A use that was written down and came to nothing does not count, and a restart knows it.
    mutating func takeBack(
        _ use: UInt16, of id: DayPassID, at door: DoorID, reader: Int, now: Instant
    ) {
        passDesk.filters[reader].turnedAway(id, at: now)
        guard let known = passDesk.ledger.giveBack(id) else { return }
        write(
            .passWithdrawn(
                door: door, reader: DeviceID(reader), use: use, withdrawn: known.withdrawn,
                validTo: known.end), key: id.text, at: now)
    }
}

extension DayPassRefusal {
    /// Whether the text was not read as it is.
    fileprivate var isDamage: Bool {
        switch self {
        case .cutShort, .character, .tooLong: true
        case .notAPass, .version, .content, .unknownIssuer, .signature, .elsewhere, .early, .late:
            false
        }
    }
}

extension DayPassID {
    /// The name that `text` has written.
    public init?(_ text: ShortText) {
        let characters = text.withBytes { Array($0) }
        guard let bytes = try? Base32.decode(characters[...]), bytes.count == 12 else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(
            issuer: DayPassIssuer.ID(bits: UInt32(number(bytes[..<4]))), nonce: number(bytes[4...]))
    }
}
