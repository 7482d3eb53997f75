// One switched and metered outlet: who charges, how much, and everything that ends it.
//
//   idle ──asked──► reserved ─plug─► waiting ──load──► drawing ─┬─ power low for long ──► full
//    ▲     (no plug sensor: waiting)   │ ▲               │ │    └─ 20 other causes ──► ended
//    │                          120 s  │ └ mains back ┐  │ └ mains lost
//    │                                 ▼              │  ▼        │
//    └── off is certain, counted ◄── ending ◄─────────┴── suspended ── 10 min ──► ending
//
// Whatever the cause, off is asked in the step in which the cause is known, and again until it is
// certain; the use ends when the meter has said how much it was.

public import EventLoop

/// One socket's rules. Which socket somebody gets is `ChargingBank`'s.
///
/// | output | the caller's duty |
/// |---|---|
/// | `switchOff` | tells the device first; `orderEnded` or `orderRefused` with its number follows |
/// | `switchOn` | the same in its turn; a board with sessions of its own is told time and energy |
/// | `began`, `ended` | an entry; one `ended` for each `began`, also over a restart |
/// | `told` | an entry |
/// | `raised`, `cleared` | a fault of the service |
/// | `refused` | the answer to who asked |
public struct Socket: Sendable {
    public enum Input: Equatable, Sendable {
        /// The first input of all: what was kept, and how long ago; `nil`: nobody knows. Guards,
        /// smoke and mains that stand are told before it.
        case recalled(Kept?, away: Interval?)
        case asked(Request)
        /// The holder, a person or the hours end it; `.ended`, `.stopped`, `.closed`.
        case endAsked(UseEnd)
        /// In watts.
        case power(PointReading)
        /// In watt-hours.
        case energy(PointReading)
        /// In °C.
        case heat(PointReading)
        /// Whether a plug is in; `nil`: not known.
        case plug(Bool?)
        case shown(Shown, readAt: Instant)
        /// A board ended its session by itself; `order` if it repeats the number of its start, and
        /// what it took if it says so.
        case boardEnded(UseEnd, order: UInt32?, took: PointReading?)
        case orderEnded(UInt32, ActionOutcome)
        /// It could not even begin: nothing was sent.
        case orderRefused(UInt32, isBusy: Bool)
        /// Whether there is power before the relay; `nil`: not known.
        case mains(Bool?)
        /// A guard of its device stands, or none does any more.
        case guarded(Bool)
        case smoke(Bool)
        case open(Bool)
        /// A person has looked.
        case reset
        case deadline
    }

    public enum Output: Equatable, Sendable {
        case switchOn(order: UInt32, time: Interval, energy: Energy?)
        case switchOff(order: UInt32)
        case began(UseOwner)
        case told(Step)
        case ended(UseOwner, UseEnd, UsageAmount, lasted: Interval)
        case raised(Fault)
        case cleared(Fault)
        case refused(Refusal)
    }

    /// Why a session goes on that was held up: it ends so if its load is not there any more.
    enum Return: Equatable, Sendable { case mains, restart }

    enum Stage: Equatable, Sendable {
        /// For a plug; the relay is off.
        case reserved
        /// Switched on, or about to be; nothing has drawn power yet.
        case waiting(since: Instant, Return?)
        case drawing
        /// The mains are gone; the relay is off, or is told to be.
        case suspended(since: Instant)
        /// From the run before; nobody knows yet how things stand.
        case returning(since: Instant, by: Instant)
        /// Off is asked; the meter's last word is awaited.
        case ending(UseEnd, since: Instant)
    }

    struct Session: Equatable, Sendable {
        var request: Request
        /// Before the start if it is from the run before.
        var began: Instant
        /// When it is over at the latest.
        var until: Instant
        var stage: Stage
        var count: EnergyCount
        /// The most that it ever drew.
        var highest = Power.zero
        /// Something has drawn power since.
        var drawnSince: Instant?
        /// The last power that was a load.
        var lastLoad: Power?
        /// Over the rated power since.
        var overSince: Instant?
        /// Below the float power since.
        var floatSince: Instant?
        /// Without load since.
        var emptySince: Instant?
        /// The board shows that it is off, and has not said why.
        var offShownSince: Instant?
        /// It was switched on at least once.
        var wasOn = false
        /// What flows is counted from here on; `nil` while the relay is known to be off.
        var countsFrom: Instant?
        /// It went on after that; until `watchedUntil` its load must look like the one before.
        var returned: Return?
        var watchedUntil: Instant?
        /// It is over when the holder's share of time is, and not the socket's.
        var isShare = false
    }

    public let settings: Settings
    var session: Session?
    var relay: OutletRelay
    var heat = HeatWatch()
    /// The last power that can be believed.
    var power: (value: Power, at: Instant)?
    /// The total's last word; `nil` once its device does not answer.
    var total: Energy?
    var plug: Bool?
    /// When the plug came that is in.
    public internal(set) var pluggedAt: Instant?
    var mains: Bool?
    var isRecalled = false
    var isGuarded = false
    var hasSmoke = false
    var isOpen = true
    /// What its device says of it.
    var isBroken = false
    /// Power, or a state, shows it live although it is off.
    var liveSince: Instant?
    /// A bit for each fault that stands.
    var faults: UInt8 = 0
    /// How the last one ended, until its plug is pulled.
    var lastEnd: (end: UseEnd, at: Instant)?
    /// When `deadline` is due; an early one is harmless.
    public internal(set) var nextDeadline: Instant?

    public init(_ settings: Settings) {
        self.settings = settings
        relay = OutletRelay(isIdempotent: settings.isIdempotent)
    }

    // MARK: What others may ask

    public var owner: UseOwner? { session?.request.owner }
    /// A plug has come and nobody has asked yet; it is not what an ended session left behind.
    public var hasNewPlug: Bool { session == nil && plug == true && lastEnd == nil }
    /// Something is known to be plugged in.
    public var isPlugged: Bool { plug == true }
    /// What an ended session left behind is still there, as far as that can be known.
    public var hasOldLoad: Bool { session == nil && lastEnd != nil }
    /// Whether the session is over but for the counting.
    public var isEnding: Bool {
        if case .ending = session?.stage { true } else { false }
    }
    public var began: Instant? { session?.began }

    public func stands(_ fault: Fault) -> Bool { faults & (1 << fault.rawValue) != 0 }

    /// What the session has taken so far.
    public var amount: UsageAmount? { session.map { amount(of: $0) } }

    func amount(of session: Session) -> UsageAmount {
        settings.isMetered || settings.energy != .none ? session.count.amount : .once
    }

    public var phase: Phase {
        if stands(.relayStuck) || stands(.notOff) || stands(.burning) || stands(.broken) {
            return .fault
        }
        switch session?.stage {
        case nil:
            if let lastEnd { return lastEnd.end == .full ? .full : .ended }
            return plug == true ? .occupied : .idle
        case .reserved, .waiting, .returning: return .occupied
        case .drawing, .suspended: return .charging
        case .ending(let end, _): return end == .full ? .full : .ended
        }
    }

    /// What its feed has to give for it: its most so far once that is known, else all it may take.
    public func reserve(at now: Instant) -> Power {
        guard let session, !isEnding else { return .zero }
        guard let drawnSince = session.drawnSince, drawnSince + Limit.ramp <= now else {
            return settings.rated
        }
        return min(session.highest, settings.rated)
    }

    /// Why nobody can begin here now; `nil`: somebody can.
    public var refusal: Refusal? {
        if session != nil { return isEnding ? .notReady : .occupied }
        if hasSmoke { return .smoke }
        if isGuarded { return .guarded }
        if stands(.relayStuck) || stands(.burning) || stands(.broken) || liveSince != nil {
            return .faulty
        }
        if !isOpen { return .closed }
        if mains == false { return .noMains }
        if stands(.warm) { return .warm }
        return isRecalled && relay.isOff ? nil : .notReady
    }
}
