// The decision at a door: every step in order, each with its own reason.

public import EventLoop

/// What a decision came to.
public enum Verdict: Equatable, Sendable {
    case granted(GrantNote)
    case denied(Denial)
}

/// Decides whether a key may pass a door now.
///
/// The order is the station's: on the roster, not lost or blocked, valid from and to, this door or
/// service, this time, quota, passback, second person. The first step that fails gives the reason.
public enum AccessDecision {
    /// - Parameters:
    ///   - key: what the roster knows of the credential; `nil` when nothing.
    ///   - mode: the door's standing mode.
    ///   - assurance: what the card proved at this tap.
    public static func decide(
        _ key: KeyRecord?, at door: DoorID, in mode: DoorMode, assurance: Assurance = .uid,
        calendar: Calendar, policy: StationPolicy, now: Instant
    ) -> Verdict {
        guard let key else { return .denied(.unknown) }
        switch key.state {
        case .active: break
        case .lost: return .denied(.lost)
        case .blocked: return .denied(.blocked)
        }
        let note: GrantNote
        switch validity(of: key, calendar: calendar, policy: policy, now: now) {
        case .granted(let found): note = found
        case .denied(let reason): return .denied(reason)
        }
        guard key.doors.contains(DoorSet(door)) else { return .denied(.door) }
        guard key.assurance <= assurance else { return .denied(.assurance) }
        return passage(note, in: mode)
    }

    /// Whether a key may pass a door now whose rights are not for every hour, or not for as often
    /// as its holder likes. All other keys have been decided by then.
    ///
    /// - Parameters:
    ///   - key: what the roster knows of the credential, and the doors that it opens at some time.
    ///   - terms: how its terms stand now.
    static func decide(
        _ key: KeyRecord, _ terms: TermsNow, at door: DoorID, in mode: DoorMode,
        assurance: Assurance = .uid, calendar: Calendar, policy: StationPolicy, now: Instant
    ) -> Verdict {
        let first = decide(
            key, at: door, in: .locked, assurance: assurance, calendar: calendar, policy: policy,
            now: now)
        guard case .granted(var note) = first else { return first }
        switch terms.hours {
        case .open: break
        case .shut: return .denied(.hours)
        case .unknown:
            if policy.untrustedClock == .deny { return .denied(.clockUntrusted) }
            note = .clockUntrusted
        }
        if let reason = terms.usedUp { return .denied(reason) }
        return passage(note, in: mode)
    }

    /// Whether a key may begin to use a service now. What its holder has there already is not
    /// asked here.
    static func use(
        _ key: KeyRecord, _ terms: TermsNow = TermsNow(), isOpen: Bool,
        assurance: Assurance = .uid, calendar: Calendar, policy: StationPolicy, now: Instant
    ) -> Verdict {
        switch key.state {
        case .active: break
        case .lost: return .denied(.lost)
        case .blocked: return .denied(.blocked)
        }
        let verdict = validity(of: key, calendar: calendar, policy: policy, now: now)
        guard case .granted(var note) = verdict else { return verdict }
        guard terms.isAllowed else { return .denied(.service) }
        guard key.assurance <= assurance else { return .denied(.assurance) }
        switch terms.hours {
        case .open: break
        case .shut: return .denied(.hours)
        case .unknown:
            if policy.untrustedClock == .deny { return .denied(.clockUntrusted) }
            note = .clockUntrusted
        }
        guard isOpen else { return .denied(.hours) }
        if let reason = terms.usedUp { return .denied(reason) }
        return .granted(note)
    }

    /// The last step: whether a door in this mode lets anybody through.
    @inline(__always)
    static func passage(_ note: GrantNote, in mode: DoorMode) -> Verdict {
        switch mode {
        case .locked, .unlocked, .accessed, .lockedOpen: .granted(note)
        case .blocked: .denied(.doorBlocked)
        case .lockedDown: .denied(.lockdown)
        }
    }

    /// Judges valid-from and valid-to by the calendar, or by the floor when it is not trusted.
    static func validity(
        of key: KeyRecord, calendar: Calendar, policy: StationPolicy, now: Instant
    ) -> Verdict {
        guard key.validFrom != nil || key.validTo != nil else { return .granted(.none) }
        guard calendar.isTrusted else { return untrusted(key, calendar, policy) }
        let time = calendar.wallTime(at: now)
        if let from = key.validFrom, time < from { return .denied(.notYetValid) }
        guard let end = key.validTo, end <= time else { return .granted(.none) }
        let grace = WallTime(milliseconds: end.milliseconds + Int64(policy.graceDays) * day)
        return time < grace ? .granted(.grace) : .denied(.expired)
    }

    /// It is certainly later than the floor: a key that ended before it has expired, and a key that
    /// begins after it may have begun. What cannot be known is admitted, and the entry says so.
    static func untrusted(
        _ key: KeyRecord, _ calendar: Calendar, _ policy: StationPolicy
    ) -> Verdict {
        switch policy.untrustedClock {
        case .deny:
            return .denied(.clockUntrusted)
        case .floor:
            if let end = key.validTo,
                end.milliseconds + Int64(policy.graceDays) * day <= calendar.floor.milliseconds
            {
                return .denied(.expired)
            }
            return .granted(.clockUntrusted)
        }
    }

    private static let day: Int64 = 86_400_000
}

/// How a right's terms stand at one moment; without any, all is as it was before there were terms.
struct TermsNow: Equatable, Sendable {
    enum Hours: Equatable, Sendable {
        case open
        case shut
        /// Nobody knows what time it is.
        case unknown
    }

    /// Whether the service is among those of the right.
    var isAllowed = true
    var hours = Hours.open
    /// Why nothing is left of the holder's share; `nil`: something is.
    var usedUp: Denial?
}

extension Denial {
    /// What the reader plays: *try again* when another tap may help, else *ask someone*.
    public var rhythm: Rhythm {
        switch self {
        case .malformed, .rateLimited, .journalUnavailable, .secondPerson, .inUse, .notReady,
            .hotLocked:
            .tryAgain
        case .unknown, .lost, .blocked, .notYetValid, .expired, .door, .service, .hours, .quota,
            .quotaPeriod, .passback, .assurance, .clockUntrusted, .lockdown, .doorBlocked,
            .interlock, .noKey, .lockUnavailable, .lockersFull, .outOfOrder, .noneFree,
            .holderLimit:
            .askSomeone
        }
    }
}
