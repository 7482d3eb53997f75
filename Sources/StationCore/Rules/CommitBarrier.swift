// Durable before visible, bounded: grants wait here for their commit, but never for ever.
//
//   tap ─ decide ─ entry ──► journal ──► committed ─► release
//                    └─ commit_wait ─────────────────► release anyway, and taps stop waiting
//                                                      until three commits in a row were on time
//   what is given to somebody to keep ─ entry ─► committed ─► done; else it lapses

public import EventLoop

/// A grant, or an order that frees a lock, which waits for its entry to be durable.
public struct HeldGrant: Sendable, Equatable {
    /// Why somebody may pass.
    public enum Origin: Sendable, Equatable {
        /// The roster's name for a credential.
        case key(MatchForm)
        /// The same at a door with rules.
        case ruled(MatchForm)
        /// One use of a day pass, by its number.
        case pass(DayPassID, use: UInt16)
        /// A person's or the hub's word; `number` names it in the answer, and `word` counts the
        /// door's words that did not wait: a later one overtakes it.
        case order(DoorCommand, by: Authority, number: UInt64?, word: UInt32)
        /// A part of a service that a key's holder has already.
        case use(ServiceID, unit: UInt8, of: MatchForm)
        /// A part of a service that a person has opened.
        case word(ServiceID, unit: UInt8)
        /// A part of a service that becomes somebody's: without its entry nobody would know whose.
        case gift(ServiceID, unit: UInt8, of: MatchForm)
    }

    /// Of its entry; `nil` when that found no room, so that it will never be durable.
    public var ticket: Ticket?
    /// Of a use, no door: the first.
    public var door: DoorID
    /// Where it was presented; of an order, the lock.
    public var reader: DeviceID
    /// What was presented: the grant is decided again when it is let go.
    public var origin: Origin
    /// The credential's last edge, or when the order came.
    public var tappedAt: Instant
    /// When waiting ends.
    public var deadline: Instant
    /// Let go already; kept to see whether the commit was on time.
    public var isReleased: Bool

    public init(
        ticket: Ticket?, door: DoorID, reader: DeviceID, of origin: Origin, tappedAt: Instant,
        deadline: Instant, isReleased: Bool = false
    ) {
        self.ticket = ticket
        self.door = door
        self.reader = reader
        self.origin = origin
        self.tappedAt = tappedAt
        self.deadline = deadline
        self.isReleased = isReleased
    }
}

/// Holds grants between decision and release.
public struct CommitBarrier: ~Copyable, Sendable {
    /// More grants than this in one commit window cannot come from real doors.
    public static let capacity = 256
    /// More than all readers of services can ask for while one of them waits.
    public static let giftCapacity = 64
    /// Commits on time in a row before taps wait again.
    public static let commitsToTrust = 3

    /// What becomes of a grant.
    public enum Admission: Equatable, Sendable {
        /// It waits; `letGo` will return it.
        case held
        /// Do not wait: release now.
        case releaseNow
    }

    /// What a step of time or of the journal brings.
    public enum Outcome: Equatable, Sendable {
        case release(HeldGrant)
        /// Strict: the grant lapsed.
        case lapse(HeldGrant)
    }

    public let settings: JournalSettings
    /// Whether taps wait for the journal at present.
    public private(set) var isWaiting = true
    private var onTimeInARow = 0
    @usableFromInline var held = FixedQueue<HeldGrant>(capacity: Self.capacity)
    /// What is not done without its entry, however long others wait.
    private var gifts = FixedQueue<HeldGrant>(capacity: Self.giftCapacity)

    public init(_ settings: JournalSettings) {
        self.settings = settings
    }

    /// How long a grant waits at most.
    public var patience: Interval {
        switch settings.commitWait {
        case .bounded: .milliseconds(Int64(settings.commitWaitMilliseconds))
        case .strict: .milliseconds(Int64(settings.lapseMilliseconds))
        }
    }

    /// How long what is given to somebody waits for its entry.
    public var giftPatience: Interval { .milliseconds(Int64(settings.lapseMilliseconds)) }

    /// Whether there is room for one more of those.
    public var canGive: Bool { !gifts.isFull }

    /// Takes what is given to somebody once its entry is durable, and else lapses. Apart from
    /// grants: taps at doors do not pay for it.
    ///
    /// - Precondition: `canGive`.
    public mutating func give(_ gift: HeldGrant) {
        let isTaken = gifts.append(gift)
        precondition(isTaken, "more gifts than can wait")
    }

    /// Whether nothing is released that is not written.
    public var isStrict: Bool { settings.commitWait == .strict }

    /// Whether a grant may be made at all: a strict station without room has to deny.
    public var canAdmit: Bool {
        settings.commitWait == .bounded || !held.isFull
    }

    /// Takes a grant whose entry goes to the journal now.
    public mutating func admit(_ grant: HeldGrant) -> Admission {
        let isStrict = settings.commitWait == .strict
        var grant = grant
        grant.isReleased = !isWaiting && !isStrict
        guard held.append(grant) else { return .releaseNow }
        return grant.isReleased ? .releaseNow : .held
    }

    /// The journal has everything up to `ticket`. Call `next` until it returns nil.
    public mutating func committed(upTo ticket: Ticket, at now: Instant) {
        var covered = 0
        var late = false
        for place in 0..<held.count {
            let grant = held[place]
            guard let own = grant.ticket else { continue }
            guard own <= ticket else { break }
            covered += 1
            if grant.deadline <= now { late = true }
        }
        guard covered > 0 else { return }
        durable = ticket
        onTimeInARow = late ? 0 : onTimeInARow + 1
        if onTimeInARow >= Self.commitsToTrust { isWaiting = true }
    }

    /// The journal cannot write: from now on nobody waits (strict stations do).
    public mutating func failed() {
        onTimeInARow = 0
        if settings.commitWait == .bounded { isWaiting = false }
    }

    /// Whether the journal has a grant's entry. A grant is never shed on its way there, so one that
    /// got a ticket is durable as soon as a later one is; one without never is.
    public func isDurable(_ ticket: Ticket?) -> Bool {
        guard let ticket else { return false }
        return ticket <= durable
    }

    /// The newest ticket known to be durable.
    private var durable = Ticket(number: 0)

    /// The next grant that is due: committed, or past its patience. Oldest first.
    public mutating func next(at now: Instant) -> Outcome? {
        while let first = held.first {
            let isDurable = isDurable(first.ticket)
            let isLate = first.deadline <= now
            guard isDurable || isLate else { return nil }
            held.removeFirst(1)
            if first.isReleased {
                // Late and still not durable: keep it out of the way, its commit no longer counts.
                if !isDurable { missed() }
                continue
            }
            if isDurable { return .release(first) }
            missed()
            return settings.commitWait == .strict ? .lapse(first) : .release(first)
        }
        return nil
    }

    /// The next gift whose entry is among those up to `durable`, or whose patience is over.
    mutating func nextGift(upTo durable: Ticket?, at now: Instant) -> Outcome? {
        guard let first = gifts.first else { return nil }
        let isDurable = if let own = first.ticket, let durable { own <= durable } else { false }
        guard isDurable || first.deadline <= now else { return nil }
        gifts.removeFirst(1)
        return isDurable ? .release(first) : .lapse(first)
    }

    var nextGiftDeadline: Instant? { gifts.first?.deadline }

    private mutating func missed() {
        onTimeInARow = 0
        if settings.commitWait == .bounded { isWaiting = false }
    }

    /// When the oldest grant's patience ends.
    public var nextDeadline: Instant? { held.first?.deadline }

    /// The doors of grants that are not let go yet.
    public var doorsWaiting: DoorSet {
        var doors = DoorSet()
        for place in 0..<held.count where !held[place].isReleased {
            switch held[place].origin {
            case .key, .ruled, .pass, .order: doors.formUnion(DoorSet(held[place].door))
            case .use, .word, .gift: break
            }
        }
        return doors
    }

    /// How many grants wait or are watched.
    @inlinable public var count: Int { held.count }
}
