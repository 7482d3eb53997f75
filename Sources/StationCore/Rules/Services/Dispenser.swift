// One tap of water: a valve that is open for one person at a time, and a meter that counts.
//
//   idle ──asked──► open ──volume, quota, 60 s, pressed again, nothing flows, a guard──► closing
//    ▲                                                                                      │
//    └────────────── valve closed, and quiet for 2 s: the use is over ◄─────────────────────┘
//
// The valve is closed first and everything else comes after it, at a start as well: what was being
// given when the run before ended is closed, counted, and ends `interrupted`.

public import EventLoop

/// A tap's rules: who gets how much, and when the valve closes.
///
/// | output | the caller's duty |
/// |---|---|
/// | `perform` | the order is carried out, `close` before all else; `ended`, `refused` come back |
/// | `began`, `ended` | a use in the journal; each one ends once |
/// | `told` | an entry, or a line for the person at the tap |
/// | `raised`, `cleared` | a fault of the tap's device |
/// | `refused` | an answer for whoever asked |
public struct Dispenser: Sendable {
    /// Every bound, with its source.
    public enum Limit {
        /// A tap gives for so long at most: small valves' coils are rated for 60 to 120 s.
        public static let longest = Interval.seconds(60)
        /// What a person gets who names no amount, in mL: the most that dispensers give at once.
        public static let portion: Int64 = 1_500
        /// Open for so long and no pulse: the guard of a tap with a flow meter says the same.
        public static let noFlow = Interval.seconds(4)
        /// One pulse of a YF-S201 (450 a litre), rounded up, in mL.
        public static let pulse: Int64 = 3
        /// What runs after closing belongs to the use until nothing came for so long.
        public static let afterRun = Interval.seconds(2)
        /// A use is told as over after so long, whatever valve and meter say: somebody waits.
        public static let closing = Interval.seconds(10)
        /// The child lock is held for so long before it lets hot water go: 2 to 3 s on dispensers.
        public static let childLockHold = Interval.seconds(2)
        /// And then so long is left to press the tap.
        public static let hotWindow = Interval.seconds(10)
        /// What flows unasked, in mL, before it is more than a drop and its rounding.
        public static let stray: Int64 = 20
        /// A board that still looks whether the valve closed after the use before is told again
        /// after `StandingOrder.Limit.busyRest`, so often: looking takes five seconds.
        public static let busyTries = 30
        /// Nothing flowed unasked for so long: it has stopped.
        public static let calm = Interval.seconds(30)
    }

    /// What one person asks for.
    public struct Portion: Equatable, Sendable {
        /// In mL; `nil`: as long as the person stands there, within the tap's own limits.
        public var millilitres: Int64?
        /// What is left of the holder's share, in mL; `nil`: there is no quota.
        public var quota: Int64?
        public var isHot: Bool

        public init(millilitres: Int64? = nil, quota: Int64? = nil, isHot: Bool = false) {
            self.millilitres = millilitres
            self.quota = quota
            self.isHot = isHot
        }
    }

    /// What the caller maps to actions of the tap's devices.
    public enum Order: UInt8, Sendable, CaseIterable {
        /// Not idempotent, since it may carry an amount: it is never done twice for one use.
        case open = 0
        case openHot = 1
        case close = 2
    }

    public enum Supply: Sendable, Equatable {
        case unknown
        case empty
        case low
        case present
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept, without uses whose end it told.
        case began(Kept?)
        /// A tap or the button. From the same person, or from the button, it ends what runs.
        case asked(UseOwner, Portion)
        /// A person with that right ends it.
        case stopped
        case childLock(isHeld: Bool)
        /// The meter's total in mL.
        case total(MeterReading)
        /// The valve as a point shows it; `nil`: it says nothing.
        case valve(isOpen: Bool?)
        case supply(Supply)
        /// Whether any guard of the tap stands.
        case guarded(Bool)
        /// Whether the service is open, by its hours and its masters.
        case service(isOpen: Bool)
        /// Whether the tap's device answers.
        case device(isThere: Bool)
        case ended(Order, ActionOutcome)
        case refused(Order, isBusy: Bool)
        /// `nextDeadline` has come.
        case deadline
    }

    public enum Output: Sendable, Equatable {
        /// With an amount in mL where the order has one.
        case perform(Order, millilitres: Int64?)
        case began(UseOwner)
        case ended(FinishedUse)
        case told(Step)
        case raised(Fault)
        case cleared(Fault)
        case refused(Refusal)
    }

    public enum Step: Sendable, Equatable {
        /// The child lock is released: hot water is there for `Settings.hotWindow`.
        case hotReleased
        case hotLocked
        /// More came than was granted and a pulse, by so much; it is in the use's amount.
        case overrun(millilitres: Int64)
        /// So much flowed without a use; it belongs to nobody.
        case unclaimed(millilitres: Int64)
        /// The valve was closed, and is seen open: it is told again.
        case openAgain
    }

    public enum Fault: UInt8, Sendable, CaseIterable {
        /// The valve was open and nothing came.
        case noFlow = 0
        /// Nothing confirms that the valve is closed. Crew: close the main valve now.
        case notClosed = 1
        /// Water flows that nobody asked for. Crew: see the valve; the main valve stops it.
        case flowsClosed = 2
        /// The valve did not open.
        case notOpened = 3
    }

    public enum Refusal: UInt8, Error, Sendable, CaseIterable {
        case serviceClosed = 0
        case guarded = 1
        case deviceMissing = 2
        /// Nothing would count what is given.
        case meterMissing = 3
        case noWater = 4
        /// The valve of the use before is not closed yet.
        case notClosed = 5
        /// Somebody else is being served.
        case inUse = 6
        case hotLocked = 7
        case quota = 8
        /// Less than one millilitre was asked for.
        case nothingAsked = 9
        /// The run has only begun.
        case starting = 10
    }

    /// How one tap is made. Intervals are positive.
    public struct Settings: Equatable, Sendable {
        public var portion: Int64
        public var longest: Interval
        public var noFlow: Interval
        public var pulse: Int64
        /// A point shows whether the valve is open; without one the device's word is taken.
        public var hasValvePoint: Bool
        /// Zero: the child lock's own point says when it is released.
        public var childLockHold: Interval
        public var hotWindow: Interval

        public init(
            portion: Int64 = Limit.portion, longest: Interval = Limit.longest,
            noFlow: Interval = Limit.noFlow, pulse: Int64 = Limit.pulse, hasValvePoint: Bool,
            childLockHold: Interval = Limit.childLockHold, hotWindow: Interval = Limit.hotWindow
        ) {
            self.portion = portion
            self.longest = longest
            self.noFlow = noFlow
            self.pulse = pulse
            self.hasValvePoint = hasValvePoint
            self.childLockHold = childLockHold
            self.hotWindow = hotWindow
        }
    }

    /// What outlives the process while somebody is being served.
    public struct Kept: Sendable, Equatable {
        public var owner: UseOwner
        /// In the clock of the run that recalls it.
        public var since: Instant
        public var granted: Int64
        public var isQuota: Bool
        public var meter: MeterGain
        /// Why it was closing already.
        public var end: UseEnd?

        public init(
            owner: UseOwner, since: Instant, granted: Int64, isQuota: Bool = false,
            meter: MeterGain, end: UseEnd? = nil
        ) {
            self.owner = owner
            self.since = since
            self.granted = granted
            self.isQuota = isQuota
            self.meter = meter
            self.end = end
        }
    }

    enum State: Sendable, Equatable {
        /// Before `began`.
        case starting
        case idle
        case open(Flow)
        case closing(Kept, Closing)
    }

    /// What runs while the valve is open.
    struct Flow: Sendable, Equatable {
        var use: Kept
        /// When the valve was seen open, or its device said so.
        var openedAt: Instant?
        var flowedAt: Instant?
        /// The valve's own point said that it is open.
        var wasSeenOpen = false
        /// How it is opened, and when that was told last.
        var order: Order
        var toldAt: Instant
        /// Its device had something else to do: it is told again then, so often.
        var againAt: Instant?
        var busy = 0
    }

    struct Closing: Sendable, Equatable {
        var since: Instant
        /// Nothing flowed, and the valve was closed, from here on.
        var quietSince: Instant?
        /// Whether the meter said anything in this run: at a start there is no count without it.
        var isMeterHeard: Bool
    }

    public let settings: Settings
    var state = State.starting
    var close: StandingOrder
    /// It was opened, and nothing confirmed since that it is closed.
    var mayBeOpen = false
    /// What the inputs said last.
    var meter = MeterReading.missing
    var supply = Supply.unknown
    var stands = false
    var isServing = false
    var isThere = false
    var isLockHeld = false
    var childLockSince: Instant?
    var hotUntil: Instant?
    /// What flowed without a use: since it began to flow, and when it flowed last.
    var stray = MeterGain()
    var strayAt: Instant?
    var faults: [Bool]
    /// When `handle(.deadline)` is due, or `nil` to be left alone.
    public internal(set) var nextDeadline: Instant?

    public init(_ settings: Settings) {
        self.settings = settings
        close = StandingOrder(trustsWord: !settings.hasValvePoint)
        faults = Array(repeating: false, count: Fault.allCases.count)
    }

    /// What the snapshot keeps; `nil`: nobody is being served.
    public var kept: Kept? {
        switch state {
        case .starting, .idle: nil
        case .open(let flow): flow.use
        case .closing(let use, _): use
        }
    }

    var isOpen: Bool { if case .open = state { true } else { false } }

    /// What was given so far to whoever is being served, in mL.
    public var given: Int64? { kept?.meter.gained }

    public func stands(_ fault: Fault) -> Bool { faults[Int(fault.rawValue)] }

    /// Whether it can serve, apart from its hours.
    public var condition: ServiceCondition {
        if state == .starting { return .outOfOrder(.starting) }
        if stands { return .outOfOrder(.guarded) }
        if stands(.notClosed) { return .outOfOrder(.notSecured) }
        if !isThere { return .outOfOrder(.deviceMissing) }
        if meter == .missing { return .outOfOrder(.meterMissing) }
        if supply == .empty { return .outOfOrder(.supplyEmpty) }
        if stands(.flowsClosed) { return .degraded(.leaking) }
        if stands(.notOpened) { return .degraded(.deviceFailed) }
        if stands(.noFlow) { return .degraded(.noFlow) }
        return supply == .low ? .degraded(.supplyLow) : .working
    }
}
