// Something that is used without asking: a microwave, a kettle, a fridge door, an air pump, a hand
// dryer, a heater, a water tap with a meter and no valve.
//
//   level   ____/‾‾‾‾‾\_/‾‾‾‾‾‾\______________
//   use         |<-- one use ->|        begins after `start`, ends after `pause` without, and
//                                       both count from the moment that the level showed

public import EventLoop

/// Uses of an appliance, as a metered socket, a meter or a contact shows them.
public struct ApplianceUse: Sendable {
    /// Every default, with its reason.
    public enum Limit {
        /// Lamps and clocks of appliances stay below 5 W, motors and heaters are above 30 W.
        public static let on = DecimalNumber(15)
        public static let off = DecimalNumber(8)
        /// A plug that is pushed in sparks; a meter's reading may be one that went wrong.
        public static let start = Interval.seconds(2)
        /// A microwave at half power rests for up to 20 s in between.
        public static let pause = Interval.seconds(30)
        /// Without a level for so long, nobody can say that it is still used.
        public static let silence = Interval.seconds(30)
    }

    public struct Settings: Equatable, Sendable {
        /// From here on it is used; below `off` it is not; in between it stays what it was.
        public var on: DecimalNumber
        public var off: DecimalNumber
        public var start: Interval
        public var pause: Interval
        public var silence: Interval
        /// What its total counts; without a total each use is counted as one.
        public var unit: UsageUnit

        public init(
            on: DecimalNumber = Limit.on, off: DecimalNumber = Limit.off,
            start: Interval = Limit.start, pause: Interval = Limit.pause,
            silence: Interval = Limit.silence, unit: UsageUnit = .wattHours
        ) {
            self.on = on
            self.off = min(on, off)
            self.start = start
            self.pause = pause
            self.silence = silence
            self.unit = unit
        }

        /// A contact: the caller gives 1 while it shows use, and 0 while it does not.
        public static let contact = Settings(
            on: .one, off: .one, start: .zero, pause: .zero, unit: .times)
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        /// Power, flow, or a contact as 1 and 0; `nil`: nobody knows.
        case level(DecimalNumber?)
        case total(MeterReading)
        /// Somebody or something takes its power away, and this is why.
        case cut(UseEnd)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        case began(UseOwner)
        case ended(FinishedUse)
    }

    /// What outlives the process during a use.
    public struct Kept: Sendable, Equatable {
        /// In the clock of the run that recalls it.
        public var since: Instant
        public var meter: MeterGain

        public init(since: Instant, meter: MeterGain) {
            self.since = since
            self.meter = meter
        }
    }

    private enum Level: Sendable, Equatable {
        case unknown
        case on
        case off
    }

    public let settings: Settings
    /// What the snapshot keeps; `nil`: it is not used.
    public private(set) var kept: Kept?
    private var hasBegun = false
    private var level = Level.unknown
    /// Since when the level is what it is.
    private var levelAt: Instant
    /// When it was last known to be on.
    private var onAt: Instant?
    /// When it is over if it does not go on.
    private var overAt: Instant?
    /// The meter when the level rose: what is drawn before a use counts as one is part of it.
    private var rising = MeterGain()
    private var last = MeterReading.missing
    /// The use is the run before's, and no level has shown yet whether it goes on.
    private var isRecalled = false
    /// Its power was taken away: it must be seen off before it can be used again.
    private var mustRest = false
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) {
        self.settings = settings
        levelAt = Instant(nanoseconds: 0)
    }

    /// Whether somebody uses it.
    public var isInUse: Bool { kept != nil }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        return level == .unknown ? .degraded(.meterMissing) : .working
    }

    /// Advances it by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept): begin(kept, at: now)
        case .level(let value): take(value, at: now)
        case .total(let reading):
            last = reading
            _ = rising.take(reading)
            _ = kept?.meter.take(reading)
        case .cut(let end):
            mustRest = level != .off
            finish(end, until: now, &outputs)
        case .deadline: break
        }
        judge(at: now, &outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    private mutating func begin(_ kept: Kept?, at now: Instant) {
        guard !hasBegun else { return }
        hasBegun = true
        levelAt = now
        self.kept = kept
        isRecalled = kept != nil
    }

    private mutating func take(_ value: DecimalNumber?, at now: Instant) {
        let next: Level =
            if let value {
                if value >= settings.on {
                    .on
                } else if value < settings.off {
                    .off
                } else {
                    level == .on || (level == .unknown && isInUse) ? .on : .off
                }
            } else {
                .unknown
            }
        if next == .on { onAt = now }
        if next == .off { mustRest = false }
        guard next != level else { return }
        if next == .on {
            isRecalled = false
            rising = MeterGain(from: last)
        }
        // What was on before a gap is not known to have lasted.
        overAt = level == .on ? now : onAt ?? now
        level = next
        levelAt = now
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        guard hasBegun else { return }
        switch (level, isInUse) {
        case (.on, false):
            guard !mustRest, levelAt + settings.start <= now else { return }
            kept = Kept(since: levelAt, meter: rising)
            outputs.append(.began(.somebody))
        case (.off, true):
            guard levelAt + settings.pause <= now else { return }
            finish(isRecalled ? .interrupted : .ended, until: overAt ?? levelAt, &outputs)
        case (.unknown, true):
            guard levelAt + settings.silence <= now else { return }
            finish(
                isRecalled ? .interrupted : .meterSilent, until: onAt ?? levelAt, &outputs)
        case (.on, true), (.off, false), (.unknown, false): break
        }
    }

    private mutating func finish(
        _ end: UseEnd, until: Instant, _ outputs: inout [Output]
    ) {
        guard let use = kept else { return }
        kept = nil
        let isEstimated = use.meter.isEstimated || level == .unknown || isRecalled
        isRecalled = false
        // Without a total nobody knows how much it was; that it was once is known.
        let isMetered = settings.unit != .times && use.meter.last != nil
        outputs.append(
            .ended(
                FinishedUse(
                    .somebody, since: use.since, until: until,
                    amount: isMetered
                        ? UsageAmount(use.meter.gained, settings.unit, isEstimated: isEstimated)
                        : UsageAmount(1, .times, isEstimated: isEstimated),
                    end: end)))
    }

    private func deadline(after now: Instant) -> Instant? {
        let due: Instant? =
            switch (level, isInUse) {
            case (.on, false): mustRest ? nil : levelAt + settings.start
            case (.off, true): levelAt + settings.pause
            case (.unknown, true): levelAt + settings.silence
            case (.on, true), (.off, false), (.unknown, false): nil
            }
        return due.flatMap { now < $0 ? $0 : nil }
    }
}
