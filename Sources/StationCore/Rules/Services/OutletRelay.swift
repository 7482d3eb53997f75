// One relay behind orders: switched on once and never blindly, switched off until that is certain.
//
//   unknown ──turnOff──► turningOff ─confirmed, or seen to be off─► off ──turnOn──► turningOn
//      ▲                     ▲ ▲ └ failed, lost, refused: again, ever more rarely        │
//      └ at the start        │ └──────────────────────── turnOff ── on ◄────confirmed────┤
//                            └── failed, or nobody knows and nothing shows it ◄──────────┘

public import EventLoop

/// A switched outlet as its owner sees it; orders go to a device and come back with an outcome.
///
/// | output | the caller's duty |
/// |---|---|
/// | `switchOn`, `switchOff` | tells the device; `ended` or `refused` with that number comes back |
/// | `turnedOn`, `turnedOff` | nothing: news |
/// | `failed` | it was not switched on, or nobody knows: ends the use, and calls `turnOff` |
public struct OutletRelay: Equatable, Sendable {
    /// Every bound, with its reason.
    public enum Limit {
        /// An answer to "on" was lost: so long values may show that it was done.
        public static let look = Interval.seconds(5)
        /// A device with too much to do is told again after it, so often.
        static let busyRest = Interval.milliseconds(200)
        static let busyTries = 25
        /// Between two attempts at "off"; twice as long each time. A guard's orders rest so too.
        static let firstRest = Interval.seconds(2)
        static let longestRest = Interval.seconds(60)
        /// No outcome for so long is as good as a lost one.
        static let answer = Interval.seconds(30)
        /// A device that only ever says that it will is believed when it has said so three times.
        static let promises = 3
        /// A value read so soon after the switching may still be from before it.
        static let lag = Interval.seconds(3)
    }

    public enum Output: Equatable, Sendable {
        case switchOn(order: UInt32)
        case switchOff(order: UInt32)
        case turnedOn
        case turnedOff
        case failed
    }

    /// Something that was told, or is about to be told again.
    struct Telling: Equatable, Sendable {
        /// Underway; `nil`: it rests.
        var order: UInt32?
        var since: Instant
        var attempts = 0
        /// Gives up waiting for the outcome, or the rest is over.
        var next: Instant
        /// How often the device said that it would.
        var promises = 0
        /// An order to switch on whose outcome is still to come: it may yet be carried out.
        var isOnUnderway = false
    }

    enum State: Equatable, Sendable {
        /// Nobody knows, since the start.
        case unknown
        case off(since: Instant)
        case turningOn(Telling)
        /// The answer was lost; what is read decides.
        case doubtful(since: Instant)
        case on(since: Instant)
        case turningOff(Telling)
    }

    private(set) var state = State.unknown
    private var number: UInt32 = 0
    /// The last order to switch on.
    private(set) var onOrder: UInt32?
    let isIdempotent: Bool

    /// - Parameter isIdempotent: whether switching on twice is as good as once.
    public init(isIdempotent: Bool) { self.isIdempotent = isIdempotent }

    // MARK: What others may ask

    /// Known to be off, and when it became so.
    public var offSince: Instant? { if case .off(let since) = state { since } else { nil } }
    public var isOff: Bool { offSince != nil }
    /// On, or meant to be and perhaps on already; since when.
    public var liveSince: Instant? {
        switch state {
        case .unknown, .off, .turningOff: nil
        case .turningOn(let telling): telling.since
        case .doubtful(let since), .on(let since): since
        }
    }
    public var isUnknown: Bool { state == .unknown }
    public var isOn: Bool { if case .on = state { true } else { false } }
    /// Since when it is told to be off and is not known to be.
    public var turningOffSince: Instant? {
        if case .turningOff(let telling) = state { telling.since } else { nil }
    }
    /// Whether the device has said that it is off, or would be, although that is not certain.
    public var isOffPromised: Bool {
        if case .turningOff(let telling) = state { telling.promises > 0 } else { false }
    }

    /// When `deadline` is due.
    public var nextDeadline: Instant? {
        switch state {
        case .unknown, .off, .on: nil
        case .turningOn(let telling), .turningOff(let telling): telling.next
        case .doubtful(let since): since + Limit.look
        }
    }

    // MARK: Orders

    /// - Precondition: it is known to be off.
    mutating func turnOn(at now: Instant) -> Outputs<Output> {
        precondition(isOff, "a relay is switched on only from a known state")
        return tellOn(Telling(since: now, next: now), at: now)
    }

    /// Off is never waited for, and never taken as done before it is.
    mutating func turnOff(at now: Instant) -> Outputs<Output> {
        switch state {
        case .off, .turningOff: Outputs()
        case .unknown, .doubtful, .on: tellOff(Telling(since: now, next: now), at: now)
        case .turningOn(let telling):
            tellOff(
                Telling(since: now, next: now, isOnUnderway: telling.order != nil), at: now)
        }
    }

    /// It is seen to be live although it is known to be off: off is told again.
    mutating func turnOffAgain(at now: Instant) -> Outputs<Output> {
        isOff ? tellOff(Telling(since: now, next: now), at: now) : Outputs()
    }

    /// Something has changed for the better: nothing rests any longer.
    mutating func hurry(at now: Instant) -> Outputs<Output> {
        guard case .turningOff(let telling) = state, telling.order == nil else { return Outputs() }
        return tellOff(telling, at: now)
    }

    private mutating func tellOn(_ telling: Telling, at now: Instant) -> Outputs<Output> {
        number &+= 1
        onOrder = number
        var telling = telling
        telling.order = number
        telling.attempts += 1
        telling.next = now + Limit.answer
        state = .turningOn(telling)
        return Outputs(.switchOn(order: number))
    }

    private mutating func tellOff(_ telling: Telling, at now: Instant) -> Outputs<Output> {
        number &+= 1
        var telling = telling
        telling.order = number
        telling.attempts += 1
        telling.next = now + Limit.answer
        state = .turningOff(telling)
        return Outputs(.switchOff(order: number))
    }

    // MARK: What comes back

    mutating func ended(
        _ order: UInt32, _ outcome: ActionOutcome, at now: Instant
    ) -> Outputs<Output> {
        switch state {
        case .unknown, .off, .doubtful, .on: return Outputs()
        case .turningOn(var telling):
            guard telling.order == order else { return Outputs() }
            telling.order = nil
            switch outcome {
            case .confirmed, .accepted:
                state = .on(since: now)
                return Outputs(.turnedOn)
            case .failed:
                state = .turningOn(telling)
                return Outputs(.failed)
            case .unknown:
                if isIdempotent, telling.attempts < Limit.promises {
                    return tellOn(telling, at: now)
                }
                state = .doubtful(since: now)
                return Outputs()
            }
        case .turningOff(var telling):
            if telling.isOnUnderway, order == onOrder {
                telling.isOnUnderway = false
                state = .turningOff(telling)
                // It may have been carried out after "off" was.
                return outcome == .failed ? Outputs() : tellOff(telling, at: now)
            }
            guard telling.order == order else { return Outputs() }
            return endedOff(telling, outcome, at: now)
        }
    }

    private mutating func endedOff(
        _ telling: Telling, _ outcome: ActionOutcome, at now: Instant
    ) -> Outputs<Output> {
        var telling = telling
        telling.order = nil
        switch outcome {
        case .confirmed, .accepted:
            telling.promises += 1
            let isEnough = outcome == .confirmed || telling.promises >= Limit.promises
            if isEnough, !telling.isOnUnderway {
                state = .off(since: now)
                return Outputs(.turnedOff)
            }
            telling.next = now + Limit.firstRest
        case .failed, .unknown:
            telling.next = now + Self.rest(after: telling.attempts)
        }
        state = .turningOff(telling)
        return Outputs()
    }

    private static func rest(after attempts: Int) -> Interval {
        min(Limit.longestRest, Limit.firstRest * (1 << Int64(min(max(attempts - 1, 0), 5))))
    }

    /// It could not even begin: nothing was sent.
    mutating func refused(_ order: UInt32, isBusy: Bool, at now: Instant) -> Outputs<Output> {
        switch state {
        case .unknown, .off, .doubtful, .on: return Outputs()
        case .turningOn(var telling):
            guard telling.order == order else { return Outputs() }
            telling.order = nil
            telling.next = now + Limit.busyRest
            state = .turningOn(telling)
            if !isBusy || telling.attempts >= Limit.busyTries { return Outputs(.failed) }
        case .turningOff(var telling):
            if telling.isOnUnderway, order == onOrder {
                telling.isOnUnderway = false
            } else if telling.order == order {
                telling.order = nil
                telling.next = now + (isBusy ? Limit.busyRest : Self.rest(after: telling.attempts))
            }
            state = .turningOff(telling)
        }
        return Outputs()
    }

    /// A value shows whether it is on. Only what was read after the last switching counts.
    mutating func shown(isOn: Bool, readAt: Instant, at now: Instant) -> Outputs<Output> {
        switch (state, isOn) {
        case (.unknown, true):
            state = .on(since: now)
            return Outputs(.turnedOn)
        case (.unknown, false):
            state = .off(since: now)
            return Outputs(.turnedOff)
        case (.doubtful(let since), true) where since < readAt:
            state = .on(since: now)
            return Outputs(.turnedOn)
        case (.turningOff(let telling), false):
            guard telling.promises > 0, !telling.isOnUnderway, telling.since + Limit.lag <= readAt
            else { return Outputs() }
            state = .off(since: now)
            return Outputs(.turnedOff)
        case (.off, _), (.on, _), (.turningOn, _), (.doubtful, _), (.turningOff, true):
            return Outputs()
        }
    }

    mutating func deadline(at now: Instant) -> Outputs<Output> {
        switch state {
        case .unknown, .off, .on: return Outputs()
        case .doubtful(let since):
            return since + Limit.look <= now ? Outputs(.failed) : Outputs()
        case .turningOn(let telling):
            guard telling.next <= now else { return Outputs() }
            return telling.order == nil ? tellOn(telling, at: now) : Outputs(.failed)
        case .turningOff(var telling):
            guard telling.next <= now else { return Outputs() }
            // An order to switch on that is silent for so long is lost, as this one is.
            if telling.since + Limit.answer <= now { telling.isOnUnderway = false }
            return tellOff(telling, at: now)
        }
    }
}
