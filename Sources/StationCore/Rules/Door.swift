// A door: lock, leaf and alarms as one machine. It times the lock; the lock driver only obeys.
//
//   locked ──release──► accessed ──time, or the door opens (or closes)──► locked
//     │ ▲                  │ release again: extends, never stacks
//     │ └── closed ── open ┘
//     └─ opens with no release in its window, and the exit is watched ──► forced

public import EventLoop

/// One door's rules. Modes are ONVIF's; the decision who may pass is `AccessDecision`.
public struct Door: Sendable {
    public enum Input: Equatable, Sendable {
        /// A grant, the exit button or a command frees the door for this long.
        case release(ReleaseCause, for: Interval)
        /// The contact settled; the change began at `since`.
        case leaf(isClosed: Bool, since: Instant)
        /// The contact is not known any more.
        case leafUnknown
        case command(DoorCommand, by: Authority)
        /// A mode that is not the door's to judge: a fire's, or the one that stood before the
        /// start, learned after it.
        case recall(DoorMode, by: Authority)
        /// `nextDeadline` has come.
        case deadline
    }

    public enum Output: Equatable, Sendable {
        case free
        case hold
        case released(ReleaseCause)
        case secured
        case opened
        case closed
        case forced
        case heldOpenSoon
        case heldOpen
        case alarmEnded
        case grantUnused
        case modeChanged(DoorMode, by: Authority)
        /// The command makes no sense in this mode; nothing changed.
        case refused(DoorCommand)
    }

    /// What the rules need to know of a door's parts and times.
    public struct Settings: Equatable, Sendable {
        public var hasContact: Bool
        /// Opening without a release means force: only where leaving is seen as well.
        public var watchesForce: Bool
        public var relock: ResolvedDoor.Relock
        public var release: Interval
        public var open: Interval
        public var preAlarm: Interval

        public init(
            hasContact: Bool, watchesForce: Bool, relock: ResolvedDoor.Relock, release: Interval,
            open: Interval, preAlarm: Interval
        ) {
            self.hasContact = hasContact
            self.watchesForce = watchesForce
            self.relock = relock
            self.release = release
            self.open = open
            self.preAlarm = preAlarm
        }
    }

    /// After the door opened the lock stays free this long, so that a latch does not catch its own
    /// strike while the leaf still bounces.
    public static let relockDelay = Interval.milliseconds(500)
    /// A door pulled in the moment of relocking is not forced: contact and strike take their time.
    public static let forceTolerance = Interval.milliseconds(800)

    /// Whether and how long the lock is free.
    enum Lock: Equatable, Sendable {
        /// Holds since `since` (nil: since the start).
        case secured(since: Instant?)
        /// Free for one passage.
        case accessed(until: Instant, cause: ReleaseCause, isUsed: Bool)
        /// Free until the mode changes.
        case standing
    }

    /// The leaf as its contact shows it.
    enum Leaf: Equatable, Sendable {
        case unknown
        case closed
        /// Open; the next alarm step comes at `next`.
        case open(since: Instant, Alarm, next: Instant?)
    }

    /// How far an open door has alarmed.
    public enum Alarm: Equatable, Sendable {
        case none
        case forced
        case heldOpenSoon
        case heldOpen
    }

    struct State: Equatable, Sendable {
        /// The mode without the momentary `accessed`.
        var standing: DoorMode
        var lock: Lock
        var leaf: Leaf
    }

    public private(set) var settings: Settings
    private(set) var state: State

    /// - Parameter standing: the mode that survived the restart.
    public init(_ settings: Settings, standing: DoorMode = .locked) {
        self.settings = settings
        state = State(
            standing: standing, lock: Self.isFree(in: standing) ? .standing : .secured(since: nil),
            leaf: .unknown)
    }

    /// Whether the lock is free for as long as the mode lasts.
    static func isFree(in mode: DoorMode) -> Bool {
        switch mode {
        case .unlocked, .lockedOpen: true
        case .locked, .accessed, .blocked, .lockedDown: false
        }
    }

    /// Advances the machine by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> Outputs<Output> {
        let (next, outputs) = Self.transition(from: state, on: input, settings, at: now)
        state = next
        return outputs
    }

    /// It may stand open for so long from its next opening on; the warning comes as long before
    /// the end as ever.
    public mutating func mayStandOpen(for interval: Interval) { settings.open = interval }

    /// When `handle(.deadline)` is due, or `nil` to be left alone.
    public var nextDeadline: Instant? {
        let lock: Instant? =
            switch state.lock {
            case .secured, .standing: nil
            case .accessed(let until, _, _): until
            }
        guard case .open(_, _, let next?) = state.leaf else { return lock }
        return lock.map { min($0, next) } ?? next
    }

    /// The mode as ONVIF shows it.
    public var mode: DoorMode {
        if case .accessed = state.lock { return .accessed }
        return state.standing
    }

    /// The mode that a decision looks at, and that survives a restart.
    public var standingMode: DoorMode { state.standing }

    /// The standing mode once the door was told something; nil when its mode does not allow that.
    public func standingMode(after command: DoorCommand) -> DoorMode? {
        Self.standing(after: command, from: state.standing)
    }

    /// Whether the lock holds.
    public var isSecured: Bool {
        if case .secured = state.lock { return true }
        return false
    }

    /// Whether the leaf is closed; `nil` when there is no contact or it is not known.
    public var isClosed: Bool? {
        switch state.leaf {
        case .unknown: nil
        case .closed: true
        case .open: false
        }
    }

    public var alarm: Alarm {
        if case .open(_, let alarm, _) = state.leaf { return alarm }
        return .none
    }
}
