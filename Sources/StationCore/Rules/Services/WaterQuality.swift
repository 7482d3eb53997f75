// What two probes say of water: the solids dissolved in it before and after a filter.

public import EventLoop

/// Total dissolved solids (TDS, mg/L) of the water given, and the rejection of the filter before.
public struct WaterQuality: Sendable {
    /// Every default, with its source.
    public enum Limit {
        /// GB 5749 allows drinking water 1,000 mg/L of dissolved solids.
        public static let solids = DecimalNumber(1_000)
        /// Poor for so long: the first cup after a pause is worse than what follows, since salts
        /// creep through a membrane at rest.
        public static let patience = Interval.seconds(120)
    }

    public struct Settings: Equatable, Sendable {
        /// More than that after the filter is poor, in mg/L.
        public var highest: DecimalNumber
        /// Less than that held back is poor, in tenths of a percent; `nil`: there is no probe
        /// before the filter, or the filter is none that holds salts back.
        public var rejection: Int64?
        public var patience: Interval

        public init(
            highest: DecimalNumber = Limit.solids, rejection: Int64? = nil,
            patience: Interval = Limit.patience
        ) {
            self.highest = highest
            self.rejection = rejection
            self.patience = patience
        }
    }

    public enum Input: Sendable, Equatable {
        /// In mg/L; `nil`: the probe says nothing.
        case before(DecimalNumber?)
        case after(DecimalNumber?)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        case became(Verdict)
    }

    public enum Verdict: UInt8, Sendable, CaseIterable {
        /// A probe that is needed says nothing, or what cannot be.
        case unknown = 0
        case good = 1
        /// Crew: see filter and membrane.
        case poor = 2
    }

    public let settings: Settings
    public private(set) var verdict = Verdict.unknown
    private var before: DecimalNumber?
    private var after: DecimalNumber?
    private var poorSince: Instant?
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) { self.settings = settings }

    public var condition: ServiceCondition {
        switch verdict {
        case .good: .working
        case .unknown: .degraded(.meterMissing)
        case .poor: .degraded(.poorWater)
        }
    }

    /// How much the filter holds back, in tenths of a percent, 0 to 1,000; `nil`: a probe says
    /// nothing, or what it says cannot be.
    public var rejection: Int64? {
        guard let before, let after, before > .zero, after >= .zero else { return nil }
        // More behind the filter than before it: it holds back nothing, or the probes are swapped.
        guard after <= before else { return 0 }
        return Int64(((1 - after.approximation / before.approximation) * 1_000).rounded())
    }

    /// Takes one input. What is missing makes the verdict unknown at once, and nothing poor.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        switch input {
        case .before(let value): before = value
        case .after(let value): after = value
        case .deadline: break
        }
        let momentary = judge()
        if momentary == .poor { poorSince = poorSince ?? now } else { poorSince = nil }
        var next = momentary
        if let since = poorSince, now < since + settings.patience {
            // Not for long yet: as it was, if anything was known.
            next = verdict
            nextDeadline = since + settings.patience
        } else {
            nextDeadline = nil
        }
        guard next != verdict else { return [] }
        verdict = next
        return [.became(next)]
    }

    private func judge() -> Verdict {
        guard let after, after >= .zero else { return .unknown }
        if let least = settings.rejection {
            guard let rejection else { return .unknown }
            if rejection < least { return .poor }
        }
        return settings.highest < after ? .poor : .good
    }
}
