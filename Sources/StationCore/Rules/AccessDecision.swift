// The decision at a door: every step in order, each with its own reason.

public import EventLoop

/// What a decision came to.
public enum Verdict: Equatable, Sendable {
    case granted(GrantNote)
    case denied(Denial)
}

/// Decides whether a key may pass a door now.
///
/// The order is the station's: on the roster, not lost or blocked, valid from and to, this door,
/// this time, quota, passback, second person. The first step that fails gives the reason.
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

    /// Whether a key may begin to use a service now. What its holder has there already is not
    /// asked here.
    public static func use(
        _ key: KeyRecord, isOpen: Bool, assurance: Assurance = .uid, calendar: Calendar,
        policy: StationPolicy, now: Instant
    ) -> Verdict {
        switch key.state {
        case .active: break
        case .lost: return .denied(.lost)
        case .blocked: return .denied(.blocked)
        }
        let verdict = validity(of: key, calendar: calendar, policy: policy, now: now)
        guard case .granted = verdict else { return verdict }
        guard key.assurance <= assurance else { return .denied(.assurance) }
        return isOpen ? verdict : .denied(.hours)
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

extension Denial {
    /// What the reader plays: *try again* when another tap may help, else *ask someone*.
    public var rhythm: Rhythm {
        switch self {
        case .malformed, .rateLimited, .journalUnavailable, .secondPerson, .inUse, .notReady,
            .hotLocked:
            .tryAgain
        case .unknown, .lost, .blocked, .notYetValid, .expired, .door, .hours, .quota, .passback,
            .assurance, .clockUntrusted, .lockdown, .doorBlocked, .interlock, .noKey,
            .lockUnavailable, .lockersFull, .outOfOrder, .noneFree, .holderLimit:
            .askSomeone
        }
    }
}
