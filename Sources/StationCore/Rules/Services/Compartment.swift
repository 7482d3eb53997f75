// One box of a locker: whose it is, how its door stands, and what is wrong with it.
//
//   free ──assign──► held ──the holder ends it, and closes the door──► free
//                     │ └─ something is left in it: it stays theirs
//                     └─ taps again: it opens again
//   opening: asked ─► seen open, or asked again while it is seen closed; three times ─► jammed
//
// A box of which nobody knows whose it is (the snapshot was lost) is nobody's, and never free: a
// person looks into it first.

public import EventLoop

/// One compartment's rules.
///
/// | output | the caller's duty |
/// |---|---|
/// | `open` | tells the lock to open; `orderEnded` or `orderRefused` comes back |
/// | `ended` | the use is over: its record |
/// | `told` | an entry in the journal |
public struct Compartment: Sendable {
    /// Every bound, with its reason.
    public enum Limit {
        /// A latch that caught on something gives way at the second or third pull, or not at all.
        public static let tries = 3
        /// After an order that nobody confirmed: lock boards are asked each second.
        public static let look = Interval.milliseconds(2_500)
        /// Between two tries: coils are meant for short pulses.
        public static let rest = Interval.seconds(1)
        /// A line that has too much to do is asked again after it.
        static let busyRest = Interval.milliseconds(200)
        /// A lock that is busy for this long is not reached.
        static let busyTries = 15
        /// An order of which nothing is heard any more; the longest that a line may need for one.
        static let answer = Interval.seconds(30)
        /// Between the closing and the word about what lies inside: scales need a second, and lines
        /// tell one after the other.
        public static let settle = Interval.seconds(3)
        /// Who taps twice before they have seen the door spring open wants nothing ended.
        public static let packing = Interval.seconds(5)
        /// Whose things may not be trapped: so long after the door was closed it opens once more.
        public static let second = Interval.seconds(1_800)
    }

    public struct Settings: Sendable, Equatable {
        /// How long the door may stand open.
        public var open: Interval
        /// How long somebody may have it; `nil`: as long as they like.
        public var tenancy: Interval?

        public init(open: Interval = .seconds(120), tenancy: Interval? = nil) {
            self.open = open
            self.tenancy = tenancy
        }
    }

    /// Why the door is opened.
    public enum Cause: Sendable, Equatable {
        /// It is given to somebody.
        case assigned
        /// Its holder wants to get at it.
        case holder
        /// A crew, a master or the hub has it opened.
        case order
    }

    public enum Input: Sendable, Equatable {
        /// It becomes somebody's, and opens.
        case assign(UseOwner)
        /// Its door opens. `isLast`: closing it ends the use, where nothing is left inside.
        case open(Cause, isLast: Bool)
        /// The holder ends it: at once when the door is closed, else when it is.
        case end
        /// A person looked into it: it is empty, and nobody's.
        case clear
        case block(Bool)
        /// The door as its sensor shows it; `nil`: not known. `readAt`: of one that is asked from
        /// time to time; `nil`: it is so now.
        case leaf(isClosed: Bool?, readAt: Instant?)
        /// Whether something lies in it; `nil`: not known, and what was known stays.
        case item(Bool?)
        case orderEnded(ActionOutcome)
        case orderRefused(isBusy: Bool)
        /// What was wanted may not be: no lock was told anything.
        case withdrawn
        /// What the run before knew, and since when somebody has had it, maybe before the start.
        case recalled(Kept, since: Instant)
        /// Nobody knows what the run before knew, unless the journal does.
        case doubted
        /// Whoever could know was asked.
        case doubtIsFinal
        case deadline
    }

    public enum Output: Sendable, Equatable {
        case open
        case ended(UseEnd, UseOwner, since: Instant)
        case told(CompartmentStep)
    }

    /// What outlives the run.
    public struct Kept: Sendable, Equatable {
        public var owner: UseOwner?
        public var isKnown: Bool
        public var isBlocked: Bool
        /// Once its door is closed the use is over.
        public var isEnding: Bool
        public var troubles: CompartmentTroubles

        public init(
            owner: UseOwner? = nil, isKnown: Bool = true, isBlocked: Bool = false,
            isEnding: Bool = false, troubles: CompartmentTroubles = []
        ) {
            self.owner = owner
            self.isKnown = isKnown
            self.isBlocked = isBlocked
            self.isEnding = isEnding
            self.troubles = troubles
        }
    }

    struct Tenancy: Sendable, Equatable {
        /// What its holder wants with the next closing.
        enum Ending: Sendable, Equatable {
            case none
            /// Once it was open.
            case onceOpened
            case whenClosed
        }

        var owner: UseOwner
        /// May lie before the start.
        var since: Instant
        var ending = Ending.none
    }

    enum Leaf: Sendable, Equatable {
        /// `openSince`: it was open when it was last seen.
        case unknown(openSince: Instant?)
        case closed
        case open(since: Instant)
    }

    struct Opening: Sendable, Equatable {
        enum Phase: Sendable, Equatable {
            case ordered(until: Instant)
            /// The order was not confirmed; `mayHaveOpened`: the board said that it would.
            case looking(since: Instant, until: Instant, mayHaveOpened: Bool)
            case resting(until: Instant)
        }

        var cause: Cause
        var attempt = 1
        var busy = 0
        /// The lock may have been told: it may have opened, and been closed again, unseen.
        var mayHaveReached = false
        var phase: Phase

        init(cause: Cause, at now: Instant) {
            self.cause = cause
            phase = .ordered(until: now + Limit.answer)
        }
    }

    struct State: Sendable {
        var tenancy: Tenancy?
        var isKnown = true
        var isBlocked = false
        var leaf = Leaf.unknown(openSince: nil)
        /// When the leaf was last seen as it is; `nil`: now.
        var leafReadAt: Instant?
        /// What its sensor said last.
        var item: Bool?
        var opening: Opening?
        /// For whom it was opened last, and when that was wanted; `nil`: nobody asked.
        var openedFor: (cause: Cause, at: Instant)?
        /// It was closed for good; what lies inside is asked then.
        var settlesAt: Instant?
        /// The door was asked to open and may be seen to, up to then.
        var expectedUntil: Instant?
        var troubles = CompartmentTroubles()
    }

    public let settings: Settings
    var state = State()

    public init(_ settings: Settings) { self.settings = settings }

    /// Whose it is; `nil`: nobody's.
    public var owner: UseOwner? { state.tenancy?.owner }
    public var troubles: CompartmentTroubles { state.troubles }
    public var isKnown: Bool { state.isKnown }
    public var isBlocked: Bool { state.isBlocked }
    /// `nil`: not known.
    public var isClosed: Bool? {
        switch state.leaf {
        case .unknown: nil
        case .closed: true
        case .open: false
        }
    }
    /// Since when it is somebody's.
    public var heldSince: Instant? { state.tenancy?.since }
    /// Whether closing the door ends the use.
    public var isEnding: Bool { state.tenancy?.ending == .whenClosed }
    /// Something was left in it by whoever had it.
    public var holdsForgotten: Bool { state.troubles.contains(.itemForgotten) }
    public var isOpening: Bool { state.opening != nil }

    /// Whether a tap of its holder at the open door ends the use: they have had it opened and have
    /// had time to pack. A door that nobody opened for them, or that is said to be open for ever,
    /// ends nothing.
    public func mayEnd(at now: Instant) -> Bool {
        guard case .open(let since) = state.leaf, let openedFor = state.openedFor,
            openedFor.cause != .order, state.troubles.isDisjoint(with: [.leftOpen, .forced])
        else { return false }
        return max(since, openedFor.at) + Limit.packing <= now
    }

    /// Whether it was opened for its holder a moment ago.
    public func isJustOpened(at now: Instant) -> Bool {
        guard case .open(let since) = state.leaf, let openedFor = state.openedFor,
            openedFor.cause != .order
        else { return false }
        return now < max(since, openedFor.at) + Limit.packing
    }

    /// Whether it may be given to somebody.
    public var isFree: Bool {
        state.tenancy == nil && state.isKnown && !state.isBlocked && state.opening == nil
            && state.troubles.isDisjoint(with: .keepsAway) && state.leaf == .closed
            && state.item != true
    }

    public var kept: Kept {
        Kept(
            owner: owner, isKnown: state.isKnown, isBlocked: state.isBlocked,
            isEnding: isEnding, troubles: state.troubles)
    }

    public var nextDeadline: Instant? {
        var next: Instant?
        switch state.opening?.phase {
        case .ordered(let until), .looking(_, let until, _), .resting(let until): next = until
        case nil: break
        }
        next = Instant.earlier(next, state.settlesAt)
        if case .open(let since) = state.leaf, !state.troubles.contains(.leftOpen) {
            next = Instant.earlier(next, since + settings.open)
        }
        if let tenancy = state.tenancy, let limit = settings.tenancy,
            !state.troubles.contains(.overtime)
        {
            next = Instant.earlier(next, tenancy.since + limit)
        }
        return next
    }
}

/// What is wrong with a box until somebody has done something about it.
public struct CompartmentTroubles: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It was asked to open three times and stayed closed.
    public static let jammed = Self(rawValue: 1)
    /// It opened and nobody had asked for it.
    public static let forced = Self(rawValue: 2)
    /// Its door is open longer than it may be.
    public static let leftOpen = Self(rawValue: 4)
    /// It was closed for good and something lies in it.
    public static let itemForgotten = Self(rawValue: 8)
    /// Somebody has it longer than they may.
    public static let overtime = Self(rawValue: 16)

    /// Nobody is given a box with one of these.
    static let keepsAway: Self = [.jammed, .forced, .leftOpen, .itemForgotten]
}
