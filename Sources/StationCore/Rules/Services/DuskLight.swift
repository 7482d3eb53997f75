// Lights from dusk: by what a sensor sees, or by the hours when it says nothing.
//
//   lux   ‾‾‾‾\________/‾‾‾‾     dark below `dark` for a while; light above `light` for a while;
//   lamp  ____|‾‾‾‾‾‾‾‾‾‾|__     in between, and under a passing cloud, it stays as it is

public import EventLoop

/// One group of lamps.
public struct DuskLight: Sendable {
    /// Every default, with its reason.
    public enum Limit {
        /// Street lamps are switched on at about 10 to 20 lx.
        public static let dark = DecimalNumber(15)
        /// Well above it, so that the lamp's own light does not switch it off.
        public static let light = DecimalNumber(60)
        /// A cloud, or headlights, are over by then.
        public static let settle = Interval.seconds(120)
    }

    public struct Settings: Equatable, Sendable {
        public var dark: DecimalNumber
        public var light: DecimalNumber
        public var settle: Interval
        /// Without one the hours alone say when it is dark.
        public var hasSensor: Bool
        /// A point shows whether the lamps burn; without one the relay's word is taken.
        public var hasPoint: Bool

        public init(
            dark: DecimalNumber = Limit.dark, light: DecimalNumber = Limit.light,
            settle: Interval = Limit.settle, hasSensor: Bool = true, hasPoint: Bool = false
        ) {
            self.dark = dark
            self.light = max(dark, light)
            self.settle = settle
            self.hasSensor = hasSensor
            self.hasPoint = hasPoint
        }
    }

    public enum Order: UInt8, Sendable, CaseIterable {
        case on = 0
        case off = 1
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is whether they burned when the run before ended.
        case began(wasOn: Bool?)
        /// `nil`: the sensor says nothing.
        case lux(DecimalNumber?)
        /// Whether the hours say that it is dark; `nil`: there are none, or nobody knows the time.
        case hours(isDark: Bool?)
        /// Whether light is wanted at all: not in a station that is closed and empty.
        case wanted(Bool)
        case lamp(isOn: Bool?)
        case ended(Order, ActionOutcome)
        case refused(Order, isBusy: Bool)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        case perform(Order)
        /// The lamps are on or off, as far as anybody can tell.
        case became(isOn: Bool)
        /// They do not do what they are told. Crew: see relay and lamps.
        case raised
        case cleared
    }

    public let settings: Settings
    /// Whether it is dark, once somebody knew.
    public private(set) var isDark: Bool?
    /// What the snapshot keeps: whether they are to burn.
    public private(set) var isOn = false
    private var hasBegun = false
    private var isLuxKnown = false
    private var hoursAreDark: Bool?
    private var isWanted = true
    /// What the sensor says against `isDark`, and since when.
    private var turningSince: Instant?
    private var order: StandingOrder
    private var isFaulty = false
    private var isTold = false
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) {
        self.settings = settings
        order = StandingOrder(trustsWord: !settings.hasPoint)
    }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        if isFaulty { return .degraded(.deviceFailed) }
        return isLuxKnown || !settings.hasSensor ? .working : .degraded(.meterMissing)
    }

    /// Advances the lights by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let wasOn):
            guard !hasBegun else { break }
            hasBegun = true
            isOn = wasOn ?? false
            // Nobody stands in the dark because a program was started anew.
            if wasOn == true { isDark = true }
            order.want(at: now)
        case .lux(let value): see(value, at: now)
        case .hours(let isDark): hoursAreDark = isDark
        case .wanted(let isWanted): self.isWanted = isWanted
        case .lamp(let isLit): show(isLit, at: now)
        case .ended(let which, let outcome): if which == wish { order.ended(outcome, at: now) }
        case .refused(let which, let isBusy):
            if which == wish { order.refused(isBusy: isBusy, at: now) }
        case .deadline: break
        }
        if hasBegun { judge(at: now, &outputs) }
        nextDeadline = hasBegun ? deadline(after: now) : nil
        return outputs
    }

    private var wish: Order { isOn ? .on : .off }

    private mutating func see(_ value: DecimalNumber?, at now: Instant) {
        isLuxKnown = value != nil
        guard let value else {
            turningSince = nil
            return
        }
        let says: Bool? =
            if value < settings.dark {
                true
            } else if settings.light < value {
                false
            } else {
                nil
            }
        guard let isDark else {
            // The first word of a sensor counts at once; in between it is not yet dark.
            self.isDark = says ?? false
            return
        }
        if says == nil || says == isDark {
            turningSince = nil
        } else {
            turningSince = turningSince ?? now
        }
    }

    private mutating func show(_ isLit: Bool?, at now: Instant) {
        guard let isLit, settings.hasPoint else { return }
        if isLit == isOn { order.shown(at: now) } else if order.isDone { order.want(at: now) }
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        if isLuxKnown, let since = turningSince, since + settings.settle <= now {
            isDark = isDark.map { !$0 }
            turningSince = nil
        }
        if !isLuxKnown, let hoursAreDark { isDark = hoursAreDark }
        let next = isWanted && (isDark ?? false)
        if next != isOn {
            isOn = next
            isTold = false
            order.want(at: now)
        }
        if order.isDue(at: now) { outputs.append(.perform(wish)) }
        if order.isDone, !isTold {
            isTold = true
            outputs.append(.became(isOn: isOn))
        }
        let isLate = order.isLate(at: now)
        if isLate != isFaulty, isLate || order.isDone {
            isFaulty = isLate
            outputs.append(isLate ? .raised : .cleared)
        }
    }

    private func deadline(after now: Instant) -> Instant? {
        Instant.earlier(
            order.nextDeadline(after: now), turningSince.map { $0 + settings.settle })
    }
}
