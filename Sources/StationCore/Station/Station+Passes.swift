// A code at a reader: a day pass that is good here and now, or why it is not.

import EventLoop

/// What a station knows of day passes.
struct PassDesk: Sendable {
    /// Whose signatures it believes; none, and every pass is a stranger's.
    var issuers: [DayPassIssuer] = []
    var ledger = PassLedger()
    let station: ShortText
    let district: ShortText?

    init(_ identity: StationIdentity) {
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
            let signed = try SignedDayPass.parse(
                text.withBytes { String(decoding: $0, as: UTF8.self) })
            // One read, one use: a scanner reads a telephone that is held before it many times.
            guard readers[reader].filter.isNewTap(signed.claim.id.presence, at: now) else { return }
            expectCounts(of: reader, by: now + TapFilter.retention)
            pass = try signed.verified(by: passDesk.issuers)
        } catch {
            return refuse(error, reader: reader, at: now)
        }
        readers[reader].goodReads &+= 1
        guard let door = wiring.door(of: reader) else { return }
        counters.taps &+= 1
        switch decide(pass, at: door, now: now) {
        case .granted(let note): admit(pass, note, at: door, reader: reader, now: now)
        case .denied(let reason): deny(pass, reason, at: door, reader: reader, now: now)
        }
    }

    /// A code that nobody vouches for: anybody can show one.
    private mutating func refuse(_ refusal: DayPassRefusal, reader: Int, at now: Instant) {
        switch refusal {
        case .cutShort, .character, .tooLong: misread(.damaged, 0, reader: reader, at: now)
        case .notAPass, .version, .content, .unknownIssuer, .signature, .elsewhere, .early, .late:
            guard let door = wiring.door(of: reader) else { return }
            counters.taps &+= 1
            refuseCounted(.unknown, at: door, reader: reader, now: now)
        }
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
        let ticket = write(
            .passGranted(
                door: door, reader: DeviceID(reader), use: use, validTo: pass.validTo, note: note),
            key: pass.id.text, at: now)
        hold(
            HeldGrant(
                ticket: ticket, door: door, reader: DeviceID(reader), of: .pass(pass.id),
                tappedAt: now, deadline: now + barrier.patience), at: now)
    }

    private mutating func deny(
        _ pass: DayPass, _ reason: Denial, at door: DoorID, reader: Int, now: Instant
    ) {
        deny(reason, view: nil, key: pass.id.text, at: door, reader: reader, now: now)
    }
}

extension DayPassID {
    /// Stands for the pass where cards are told apart: it is on the reader, or it is not.
    fileprivate var presence: Credential {
        Credential(
            technology: .keypad, bitCount: 96, bits: UInt128(issuer.bits) << 64 | UInt128(nonce))
    }

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
