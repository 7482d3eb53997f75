// How many came by: visits 人次 at a door's beam, vehicles 台次 at a bay's loop.

/// Counts passages from one or two totals that only grow.
///
/// A visit is a coming and a going, so visits are (in + out) / 2: whoever is missed one way counts
/// half, and the rest of a division is kept for the next one. What is counted never goes down.
public struct PassageCounter: Sendable {
    public enum Way: UInt8, Sendable, CaseIterable {
        /// The only one of a counter that does not tell ways apart.
        case inward = 0
        case outward = 1
    }

    public enum Rule: UInt8, Sendable, CaseIterable {
        /// Each passage is one: a loop in a lane, a turnstile.
        case each = 0
        /// Two totals, in and out: (in + out) / 2.
        case inAndOut = 1
        /// One beam that everybody breaks twice: total / 2.
        case bothWays = 2

        /// How many passages make one.
        var divisor: Int64 { self == .each ? 1 : 2 }
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        case total(Way, MeterReading)
    }

    public enum Output: Sendable, Equatable {
        /// So many more came; anonymous, for the usage of the day.
        case counted(Int64, isEstimated: Bool)
        /// Nobody counts any more: what the day shows lacks something. Crew: see beam and line.
        case lost
        case found
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        /// By way.
        public var inward: MeterGain
        public var outward: MeterGain
        /// What was told as `counted` of them.
        public var counted: Int64

        public init(
            inward: MeterGain = MeterGain(), outward: MeterGain = MeterGain(), counted: Int64 = 0
        ) {
            self.inward = inward
            self.outward = outward
            self.counted = counted
        }
    }

    public let rule: Rule
    public private(set) var kept = Kept()
    private var isKnown = [false, false]
    private var wasKnown = false
    private var hasBegun = false
    /// What the totals said before it began, by way: who passes first is counted from there.
    private var early = [MeterReading.missing, .missing]

    public init(_ rule: Rule) { self.rule = rule }

    /// What was counted since the counter is there; `nil`: it says nothing now, which is not 0.
    public var count: Int64? { isCounting ? kept.counted : nil }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        return isCounting ? .working : .degraded(.meterMissing)
    }

    private var isCounting: Bool { isKnown[0] && (rule != .inAndOut || isKnown[1]) }

    /// Takes one input. Time is the caller's: a count has none.
    public mutating func handle(_ input: Input) -> [Output] {
        switch input {
        case .began(let kept):
            guard !hasBegun else { return [] }
            hasBegun = true
            self.kept = kept ?? Kept()
            return Way.allCases.flatMap { way in
                let reading = early[Int(way.rawValue)]
                return reading == .missing ? [] : take(way, reading)
            }
        case .total(let way, let reading):
            guard way == .inward || rule == .inAndOut else { return [] }
            guard hasBegun else {
                early[Int(way.rawValue)] = reading
                return []
            }
            return take(way, reading)
        }
    }

    private mutating func take(_ way: Way, _ reading: MeterReading) -> [Output] {
        var outputs: [Output] = []
        var meter = way == .inward ? kept.inward : kept.outward
        let wasEstimated = meter.isEstimated
        meter.isEstimated = false
        _ = meter.take(reading)
        let isEstimated = meter.isEstimated
        meter.isEstimated = wasEstimated || isEstimated
        if way == .inward { kept.inward = meter } else { kept.outward = meter }
        isKnown[Int(way.rawValue)] = reading != .missing

        let passages = kept.inward.gained.addingSaturating(kept.outward.gained)
        let news = (passages / rule.divisor).subtractingSaturating(kept.counted)
        if news > 0 {
            kept.counted = kept.counted.addingSaturating(news)
            outputs.append(.counted(news, isEstimated: isEstimated))
        }
        if isCounting != wasKnown {
            wasKnown = isCounting
            outputs.append(isCounting ? .found : .lost)
        }
        return outputs
    }
}
