// How long a water filter lasts: by litres or by days, whichever is over first.

/// One filter's life. A person with that right says when it was changed; nothing else ends it.
public struct FilterLife: Sendable {
    public enum Limit {
        /// From so many percent on it is due soon: time to order one.
        public static let soon: Int64 = 90
    }

    public struct Settings: Equatable, Sendable {
        /// In mL and in days, as its maker says; `nil`: no such limit.
        public var millilitres: Int64?
        public var days: Int?

        public init(millilitres: Int64? = nil, days: Int? = nil) {
            self.millilitres = millilitres
            self.days = days
        }
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        /// All water that went through, in mL.
        case total(MeterReading)
        /// The date here; `nil`: nobody knows it.
        case today(CivilDate?)
        case changed(by: UseOwner)
    }

    public enum Output: Sendable, Equatable {
        /// A new stage, for the better or the worse. Crew: order one, or change it and say so.
        case became(Stage)
        /// An entry: who changed it, and how much the old one had filtered.
        case changed(by: UseOwner, millilitres: Int64)
    }

    public enum Stage: UInt8, Sendable, CaseIterable, Comparable {
        case good = 0
        case dueSoon = 1
        case due = 2

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        public var meter: MeterGain
        /// When it was put in; `nil`: nobody knew the date yet.
        public var since: CivilDate?

        public init(meter: MeterGain = MeterGain(), since: CivilDate? = nil) {
            self.meter = meter
            self.since = since
        }
    }

    public let settings: Settings
    public private(set) var kept = Kept()
    public private(set) var stage = Stage.good
    private var hasBegun = false
    private var last = MeterReading.missing
    private var today: CivilDate?

    public init(_ settings: Settings) { self.settings = settings }

    /// A filter that is due filters less, and the water still runs: people are thirsty.
    public var condition: ServiceCondition {
        stage == .due ? .degraded(.filterDue) : .working
    }

    /// How many days it is in use; `nil`: nobody knows.
    public var days: Int? {
        guard let since = kept.since, let today else { return nil }
        return max(0, today.dayNumber - since.dayNumber)
    }

    /// Advances the filter by one input. Time is a date here: it has no deadline, the caller says
    /// each new day.
    public mutating func handle(_ input: Input) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept):
            guard !hasBegun else { break }
            hasBegun = true
            self.kept = kept ?? Kept()
        case .total(let reading):
            last = reading
            _ = kept.meter.take(reading)
        case .today(let date): today = date
        case .changed(let owner):
            outputs.append(.changed(by: owner, millilitres: kept.meter.gained))
            kept = Kept(meter: MeterGain(from: last), since: today)
        }
        guard hasBegun else { return outputs }
        // The first day that is known is the day that it is known since.
        if kept.since == nil { kept.since = today }
        let next = max(
            Self.stage(kept.meter.gained, of: settings.millilitres),
            Self.stage(Int64(days ?? 0), of: settings.days.map(Int64.init)))
        if next != stage {
            stage = next
            outputs.append(.became(next))
        }
        return outputs
    }

    private static func stage(_ used: Int64, of limit: Int64?) -> Stage {
        guard let limit, limit > 0 else { return .good }
        if limit <= used { return .due }
        return limit / 100 * Limit.soon + limit % 100 * Limit.soon / 100 <= used ? .dueSoon : .good
    }
}
