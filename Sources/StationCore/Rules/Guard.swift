// A safety rule of a device: values in, orders out, until somebody or something confirms them.
//
//   watching ─holds─► building ─for so long─► tripped ──────────── over for 30 s ──► watching
//      ▲  └─ its values are silent for too long ─►┘ │ └ latched: a person's reset only
//      │                                            ▼
//      │                          own orders ─confirmed─► secured ─active again─► told again
//      └── reset ──                    └─ failed, lost, active again and again, or not in time
//                                             └─► the outer actuator ─confirmed─► secured
//                                                       └─ failed as well ─► fault: not secured
//
// Where nothing of its own helps the outer actuator is its own order, and there is no other. Where
// it is to help at once, it is told with the first order, and nothing is secured before it is.
//
// A latched one outlives the process: whoever keeps the station's state says `recalled` at the next
// start, and the orders go out again as soon as their devices are there.

public import EventLoop

/// One guard of a device.
///
/// | output | the caller's duty |
/// |---|---|
/// | `perform` | has the order carried out before anything else; `ended` or `refused` comes back |
/// | `told` | an entry in the journal; `count` says how often it happened since the last one |
/// | `raised`, `cleared` | the fault `notSecured` of the guard's device |
///
/// What became of an order is told to the trip that gave it, and to no later one.
public struct Guard: Sendable {
    /// Every bound, with its reason.
    public enum Limit {
        /// From the trip to a confirmation: a question that is repeated twice, and a look.
        public static let patience = Interval.seconds(3)
        /// What shows that an order is done may be late: a meter's rate lags behind by its window.
        /// A valve that lets go slowly and a wheel that coasts come on top.
        public static let slack = Interval.seconds(2)
        /// One that does not latch ends after so long without its cause: a value at its threshold
        /// does not switch a socket twice a second.
        public static let calm = Interval.seconds(30)
        /// Between two attempts at what is not confirmed; twice as long each time.
        static let firstRest = Interval.seconds(2)
        static let longestRest = Interval.seconds(60)
        /// A device that has too much to do is told again after it.
        static let busyRest = Interval.milliseconds(200)
        /// Between two entries that say that something is active again: a relay that chatters
        /// would fill the journal, and each is a whole snapshot.
        static let again = Interval.seconds(60)
        /// So often within that time, and the outer actuator has to act.
        static let timesAgain = 5
        /// After a blind reset nobody minds silence for so long, counted from the last reset of a
        /// guard of the device: whoever reset it has to switch on what gives the device its power,
        /// and the device has to start.
        static let probation = Interval.seconds(120)
    }

    /// A comparison with what one operand says.
    public struct Term: Sendable, Equatable {
        public var operand: Int
        public var relation: Comparison.Relation
        public var value: DecimalNumber
        /// Compared is how far the value lies above its lowest of so long; `nil`: the value itself.
        /// Of what trips it alone.
        public var window: Interval?

        public init(
            _ operand: Int, _ relation: Comparison.Relation, _ value: DecimalNumber,
            within window: Interval? = nil
        ) {
            self.operand = operand
            self.relation = relation
            self.value = value
            self.window = window
        }
    }

    public struct Settings: Sendable, Equatable {
        /// How many values it looks at.
        public var operands: Int
        /// Those that are told when they change, and not while they stay as they are.
        public var lasting: Set<Int>
        /// Of those the ones that a box says by itself: while it is there nothing is missing,
        /// whatever it has not said again.
        public var pushed: Set<Int> = []
        /// All must hold.
        public var when: [Term]
        public var delay: Interval
        /// Values that are missing for so long trip it.
        public var silence: Interval?
        public var isLatching: Bool
        /// What shows that each order is done; empty: its outcome alone does.
        public var own: [[Term]]
        public var outer: [[Term]]
        /// The outer orders are given with the own ones, and have to be confirmed as well.
        public var asksOuter = false
        /// Orders, own first, of which nobody sees what became: what shows that they are done is
        /// what their device was told.
        public var unseen: Set<Int> = []
        /// From the order to a confirmation, of the own ones and of the outer ones.
        public var patience = Limit.patience
        public var outerPatience = Limit.patience

        public init(
            operands: Int, lasting: Set<Int> = [], when: [Term], delay: Interval = .zero,
            silence: Interval? = nil, isLatching: Bool = false, own: [[Term]] = [],
            outer: [[Term]] = []
        ) {
            self.operands = operands
            self.lasting = lasting
            self.when = when
            self.delay = delay
            self.silence = silence
            self.isLatching = isLatching
            self.own = own
            self.outer = outer
        }
    }

    public enum Input: Sendable, Equatable {
        /// The station began to watch: values that never come are missing from here on.
        case began
        case read(operand: Int, PointReading)
        /// An order came to an end. Own orders first, then the outer ones.
        case ended(order: Int, ActionOutcome)
        /// It could not even begin.
        case refused(order: Int, isBusy: Bool)
        /// The device of an order is there again.
        case returned(order: Int)
        /// The device of an operand answers, or does not any more.
        case present(operand: Int, Bool)
        case deadline
        /// It stood when the run before ended.
        case recalled
        /// The journal knows that it was reset before the run before ended.
        case forgotten
        /// A person resets it: `refusal` was asked.
        case reset
        /// The same by a person who looked, since no values come.
        case resetBlind
        /// Another guard of its device was reset: what a person did without is waited for anew.
        case neighbourReset
    }

    public enum Output: Sendable, Equatable {
        case perform(order: Int)
        case told(GuardStep, count: Int = 1)
        case raised
        case cleared
    }

    enum State: Sendable, Equatable {
        case watching
        case building(since: Instant)
        case tripped(Trip)
    }

    struct Trip: Sendable, Equatable {
        var since: Instant
        /// From here on its patience counts.
        var waitsSince: Instant
        /// What tripped it is seen to be over from here on.
        var calmSince: Instant?
        var escalatedAt: Instant?
        /// From here on the outer one's patience counts; `nil`: it was not told.
        var outerWaitsSince: Instant?
        var isSecured = false
        var isOuterSecured = false
        var isOuterTold = false
        /// The fault stands.
        var isRaised = false
        /// It was raised more than once: it ends when nothing more was heard for a while.
        var isRaisedAgain = false
        /// Since when what was done is enough; `nil`: it is not.
        var doneSince: Instant?
        /// When it was last told that nothing confirms it, and whether that is to be told again.
        var unsafeToldAt: Instant?
        var isUnsafeUntold = false
        /// Known from the run before, not from a value.
        var isRecalled = false
        /// When it was last told that something is active again, and how often it was since.
        var againToldAt: Instant?
        var againUntold = 0
        /// When its own orders were last undone: the last few times alone.
        var undoneAt: [Instant] = []
        /// That was too often: the device cannot be held.
        var isRestless = false

        init(since: Instant, isRecalled: Bool = false) {
            (self.since, waitsSince, self.isRecalled) = (since, since, isRecalled)
        }

        /// When the next entry about that may be written, if there is something to tell.
        var againDue: Instant? {
            againUntold > 0 ? againToldAt.map { $0 + Limit.again } : nil
        }
        /// The same of one that says that nothing confirms it.
        var unsafeDue: Instant? {
            isUnsafeUntold ? unsafeToldAt.map { $0 + Limit.again } : nil
        }
    }

    struct Operand: Sendable, Equatable {
        var reading = PointReading.unread
        /// When it was last believable, or began to be waited for. Of one that lasts: when it
        /// ceased to be.
        var heardAt: Instant?
        /// Its device answers. Of what boxes say by themselves alone.
        var isPresent = false
    }

    struct Progress: Sendable, Equatable {
        var askedAt: Instant?
        var isUnderway = false
        var isConfirmed = false
        var hasFailed = false
        var attempts = 0
        /// It is told again then, if it is not confirmed.
        var restsUntil: Instant?
    }

    public let settings: Settings
    var state = State.watching
    var operands: [Operand]
    /// By the terms of `when`: of those that ask how far a value has risen.
    var rises: [Rise?]
    var progress: [Progress]
    var hasBegun = false
    /// A person did without values that have not come since.
    var isOnProbation = false
    public internal(set) var nextDeadline: Instant?

    /// - Precondition: every term's operand is below `settings.operands`. Without own orders there
    ///   are no outer ones.
    public init(_ settings: Settings) {
        var settings = settings
        // Nobody is there to be asked.
        if settings.outer.isEmpty { settings.asksOuter = false }
        self.settings = settings
        operands = Array(repeating: Operand(), count: settings.operands)
        rises = settings.when.map { $0.window.map { Rise(window: $0) } }
        progress = Array(
            repeating: Progress(), count: settings.own.count + settings.outer.count)
    }

    // MARK: What others may ask

    /// Whether it has tripped and is neither over nor reset.
    public var stands: Bool { trip != nil }
    public var since: Instant? { trip?.since }
    /// Whether what it had done counts as done, by its own device or the outer one.
    public var isSecured: Bool {
        trip.map { $0.isOuterSecured || $0.isSecured && !settings.asksOuter } ?? false
    }
    /// Whether that was seen, and not only told.
    public var isSeen: Bool {
        guard let trip else { return false }
        let isOwnSeen = trip.isSecured && !settings.asksOuter && isSeen(ownOrders)
        return isOwnSeen || trip.isOuterSecured && isSeen(outerOrders)
    }
    /// Whether its fault stands.
    public var isUnsecured: Bool { trip?.isRaised ?? false }
    /// Whether the outer actuator was told.
    public var isEscalated: Bool { trip?.escalatedAt != nil }
    /// What has to outlive the process.
    public var isLatched: Bool { settings.isLatching && stands }

    var trip: Trip? {
        if case .tripped(let trip) = state { trip } else { nil }
    }

    /// Whether it has anything done.
    public var acts: Bool { !settings.own.isEmpty }

    var ownOrders: Range<Int> { settings.own.indices }
    var outerOrders: Range<Int> { settings.own.count..<progress.count }

    /// Whether somebody sees what becomes of these orders.
    func isSeen(_ orders: Range<Int>) -> Bool {
        settings.unseen.isDisjoint(with: orders)
    }

    /// Why a person cannot reset it now; `nil`: it can be.
    ///
    /// A value of before may be as hot as ever, and one that its own order took away (a socket that
    /// was stopped has no heat) tells nothing: that its cause is over only a value of now says.
    public func refusal(at now: Instant) -> GuardRefusal? {
        guard stands else { return .notTripped }
        switch verdict(at: now) {
        case .holds: return .holds
        case .unknown, .silent: return .notKnown
        case .fails: return isSafe ? nil : .notSecured
        }
    }

    /// Whether values are missing without which nobody knows if its cause is over. Then a person
    /// who has looked may reset it all the same.
    public func isBlind(at now: Instant) -> Bool {
        switch verdict(at: now) {
        case .unknown, .silent: stands
        case .holds, .fails: false
        }
    }

    /// Why a person who has looked cannot reset it: what it had cut is seen to be active, there or
    /// at the outer one.
    public func blindRefusal(at now: Instant) -> GuardRefusal? {
        guard stands else { return .notTripped }
        let orders = settings.own + (isEscalated ? settings.outer : [])
        let isActive = orders.contains { order in
            order.contains { term in
                let reading = operands[term.operand].reading
                guard reading.isBelievable, let value = reading.value else { return false }
                return !term.relation.holds(value, term.value)
            }
        }
        return isActive ? .notSecured : nil
    }

    /// A device that was cut off from its power by the outer actuator confirms nothing; one that is
    /// there has to obey first, or the outer one would be switched on before a welded relay.
    private var isSafe: Bool {
        guard let trip else { return true }
        let isOwnDone = trip.isSecured || trip.isOuterSecured && isOwnSilent
        return isOwnDone && (trip.isOuterSecured || !settings.asksOuter)
    }

    /// Whether what is not confirmed is not heard of either.
    private var isOwnSilent: Bool {
        settings.own.indices.allSatisfy { order in
            progress[order].isConfirmed
                || !settings.own[order].isEmpty
                    && settings.own[order].allSatisfy {
                        !operands[$0.operand].reading.isBelievable
                    }
        }
    }

    /// Whether an order of the guard has made something safe that has to stay so.
    public func holdsSafe(order: Int) -> Bool {
        stands && (order < settings.own.count || isEscalated)
    }
}
