// Why a door stayed shut, one reason each; the sentence a rider reads is in `Wording`.

/// The reason of a denial, in the order in which a decision looks for them.
///
/// Raw values are stored in journals and sent to hubs: never renumber, only add.
public enum Denial: UInt8, Sendable, CaseIterable {
    /// The read was damaged: parity, bit count, lost edges.
    case malformed = 1
    /// Too many unknown credentials at this reader; never given to a known one.
    case rateLimited = 2
    /// Not on the roster.
    case unknown = 3
    /// Reported lost.
    case lost = 4
    /// Blocked by a master, a crew or the hub.
    case blocked = 5
    /// Valid from a later date.
    case notYetValid = 6
    /// Valid to an earlier date, grace included.
    case expired = 7
    /// Not for this door.
    case door = 8
    /// Not at this time.
    case hours = 9
    /// The holder's quota of the day is used up.
    case quota = 10
    /// The holder is inside already, as far as the records show.
    case passback = 11
    /// A second person did not tap in time.
    case secondPerson = 12
    /// This door's right needs a card that can prove itself.
    case assurance = 13
    /// The clock is not trusted and the station's policy is to wait for it.
    case clockUntrusted = 14
    /// The grant could not be written down in time and the station is strict.
    case journalUnavailable = 15
    /// The door is locked down.
    case lockdown = 16
    /// The door is blocked: out of use by somebody's decision.
    case doorBlocked = 17
    /// Another door of the interlock is open.
    case interlock = 18
    /// No station key: nothing can be matched.
    case noKey = 19
    /// The lock's output line is not there: the door cannot be freed by us.
    case lockUnavailable = 20
    /// No box of the lockers is free.
    case lockersFull = 21
    /// Somebody else is being served.
    case inUse = 22
    /// What gives it is out of order, or a guard stands: no water, no power, nothing that counts.
    case outOfOrder = 23
    /// None of a service's parts is free.
    case noneFree = 24
    /// Not yet: the one before is being ended, or the station has only begun.
    case notReady = 25
    /// The holder uses as many as one may.
    case holderLimit = 26
    /// Hot water wants its child lock released first.
    case hotLocked = 27
    /// Not for this service.
    case service = 28
    /// The holder's quota of the week or the month is used up.
    case quotaPeriod = 29

    /// The name in the journal and on the wire.
    public var name: String {
        switch self {
        case .malformed: "malformed"
        case .rateLimited: "rateLimited"
        case .unknown: "unknown"
        case .lost: "lost"
        case .blocked: "blocked"
        case .notYetValid: "notYetValid"
        case .expired: "expired"
        case .door: "door"
        case .hours: "hours"
        case .quota: "quota"
        case .passback: "passback"
        case .secondPerson: "secondPerson"
        case .assurance: "assurance"
        case .clockUntrusted: "clockUntrusted"
        case .journalUnavailable: "journalUnavailable"
        case .lockdown: "lockdown"
        case .doorBlocked: "doorBlocked"
        case .interlock: "interlock"
        case .noKey: "noKey"
        case .lockUnavailable: "lockUnavailable"
        case .lockersFull: "lockersFull"
        case .inUse: "inUse"
        case .outOfOrder: "outOfOrder"
        case .noneFree: "noneFree"
        case .notReady: "notReady"
        case .holderLimit: "holderLimit"
        case .hotLocked: "hotLocked"
        case .service: "service"
        case .quotaPeriod: "quotaPeriod"
        }
    }

    /// The rider's sentence in the wording catalogue.
    public var wording: Wording.ID {
        switch self {
        case .malformed: .deniedMalformed
        case .rateLimited: .deniedRate
        case .unknown, .noKey: .deniedUnknown
        case .lost: .deniedLost
        case .blocked: .deniedBlocked
        case .notYetValid: .deniedNotYet
        case .expired: .deniedExpired
        case .door: .deniedDoor
        case .hours: .deniedHours
        case .quota: .deniedQuota
        case .passback: .deniedPassback
        case .secondPerson: .secondWait
        case .assurance: .deniedAssurance
        case .clockUntrusted: .deniedClock
        case .journalUnavailable, .lockUnavailable: .deniedJournal
        case .lockdown, .doorBlocked, .interlock: .deniedLockdown
        case .lockersFull: .lockerFull
        case .inUse: .partInUse
        case .outOfOrder: .partOutOfOrder
        case .noneFree: .partNoneFree
        case .notReady: .deniedJournal
        case .holderLimit: .partHolderLimit
        case .hotLocked: .partHotLocked
        case .service: .deniedService
        case .quotaPeriod: .deniedQuotaPeriod
        }
    }
}
