// What a station counted in a span of days: asked for by people and hubs, kept by the journal.

/// What totals are about. Raw values are stored in journals: never renumber.
public enum UsageSubject: UInt8, Sendable, CaseIterable {
    /// A service of the station file.
    case service = 1
    /// Who was let in at a door: the service is entry.
    case door = 2
    /// Visits 到站人次 of people with a key or a pass, at the whole station.
    case visits = 3
    /// Entries that were lost before they were written: what the day shows lacks them.
    case lost = 4

    /// The word on the wire.
    public var name: String {
        switch self {
        case .service: "service"
        case .door: "door"
        case .visits: "visits"
        case .lost: "lostEntries"
        }
    }
}

/// Sums of uses.
public struct UsageTotals: Sendable, Equatable {
    /// Uses that came about.
    public var uses: Int64
    /// Uses that came to nothing, which `uses` does not hold.
    public var failed: Int64
    /// How long they took together, in seconds.
    public var seconds: Int64
    /// How much they were together, in the row's unit; of visits: passages at counted entrances.
    public var quantity: Int64
    /// Uses of which part of the amount was not seen.
    public var estimated: Int64

    public init(
        uses: Int64 = 0, failed: Int64 = 0, seconds: Int64 = 0, quantity: Int64 = 0,
        estimated: Int64 = 0
    ) {
        self.uses = uses
        self.failed = failed
        self.seconds = seconds
        self.quantity = quantity
        self.estimated = estimated
    }

    public mutating func add(_ other: Self) {
        uses = uses.addingSaturating(other.uses)
        failed = failed.addingSaturating(other.failed)
        seconds = seconds.addingSaturating(other.seconds)
        quantity = quantity.addingSaturating(other.quantity)
        estimated = estimated.addingSaturating(other.estimated)
    }
}

/// How totals are put together. Raw values are words on the wire.
public enum UsageGrouping: String, Sendable, CaseIterable {
    /// Each day by itself.
    case day
    /// All days together.
    case service
    /// Each hour of each day by itself.
    case hour

    /// How many days one question may be about: what a reply has room for. Hours are kept for 90
    /// days and days for three years.
    public var daysLimit: Int {
        switch self {
        case .day: 92
        case .service: 1_096
        case .hour: 7
        }
    }
}

/// A question about totals.
public struct UsageQuestion: Sendable, Equatable {
    /// First and last day, in station time.
    public let days: ClosedRange<CivilDate>
    public let grouping: UsageGrouping

    /// - Returns: `nil` when the days are more than `daysLimit`, or run backwards.
    public init?(from: CivilDate, to: CivilDate, by grouping: UsageGrouping) {
        guard from <= to, to.dayNumber - from.dayNumber < grouping.daysLimit else { return nil }
        days = from...to
        self.grouping = grouping
    }
}

/// What was counted of one thing in one day, one hour, or the whole span.
public struct UsageGroup: Sendable, Equatable {
    /// How it was asked for, and what it was counted in.
    public struct Row: Sendable, Equatable {
        /// `nil`: nobody asked, as for what was lost.
        public var source: UseSource?
        public var unit: UsageUnit
        public var totals: UsageTotals

        public init(source: UseSource?, unit: UsageUnit, totals: UsageTotals) {
            self.source = source
            self.unit = unit
            self.totals = totals
        }
    }

    /// `nil`: of all days together. Of what is not dated: the last day that was known before it.
    public var day: CivilDate?
    /// 0 to 23; `nil`: of the whole day.
    public var hour: Int?
    public var subject: UsageSubject
    /// The service's or the door's name; empty for the station's.
    public var name: String
    /// No clock could be believed then: it happened on `day` or later.
    public var isUndated: Bool
    /// In how many hours of the span the station was up and had it. 0 without rows: 无数据.
    public var measuredHours: Int
    public var rows: [Row]

    public init(
        day: CivilDate?, hour: Int? = nil, subject: UsageSubject, name: String,
        isUndated: Bool = false, measuredHours: Int = 0, rows: [Row] = []
    ) {
        self.day = day
        self.hour = hour
        self.subject = subject
        self.name = name
        self.isUndated = isUndated
        self.measuredHours = measuredHours
        self.rows = rows
    }

    /// Whether anybody looked: else it is 无数据, and never 0.
    public var isMeasured: Bool { measuredHours > 0 || !rows.isEmpty }
}
