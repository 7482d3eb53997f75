// What a station's electricity costs: watt-hours by tariff period, and money in whole fen.

public import EventLoop

/// Energy and cost by tariff period, from a total in watt-hours.
///
/// A price is in 1/100 fen a kilowatt-hour (0.5653 yuan: 5,653), so one watt-hour costs so many
/// 1/100,000 fen: integers throughout. Each period's money is rounded once, when it is asked for,
/// and nothing is lost between readings.
public struct Tariff: Sendable {
    public enum Limit {
        /// Peak, high, flat, valley, deep valley, and as many for another season.
        public static let periods = 12
        /// A meter that was not read for so long before may have counted for the period before.
        public static let late = Interval.seconds(60)
        /// 1/100 fen of a kilowatt-hour: 100 yuan, more than any.
        public static let price: Int64 = 1_000_000
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        /// A period begins; `nil`: nobody knows the time. What was drawn since the last reading
        /// belongs to it.
        case period(Int?)
        case total(MeterReading)
        /// What a kilowatt-hour costs from now on, in 1/100 fen. What was drawn is not rated anew.
        case price(Int, Int64)
    }

    public enum Output: Sendable, Equatable {
        /// The meter was set back or exchanged: what it counted meanwhile is not known.
        case setBack
        /// So much was drawn while nobody knew the period; it is kept apart and has no price.
        case unrated(wattHours: Int64)
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        /// In order of the periods; what nobody could rate is the last one.
        public var shares: [Share]
        /// The meter's last total.
        public var last: Int64?

        public init(shares: [Share], last: Int64?) {
            self.shares = shares
            self.last = last
        }
    }

    /// One period's part.
    public struct Share: Sendable, Equatable {
        public var wattHours: Int64
        /// In 1/100,000 fen.
        public var cost: Int64
        /// Part of it may belong to another period: the meter was read late.
        public var isEstimated: Bool

        public init(wattHours: Int64 = 0, cost: Int64 = 0, isEstimated: Bool = false) {
            self.wattHours = wattHours
            self.cost = cost
            self.isEstimated = isEstimated
        }

        /// The cost in whole fen, rounded half up.
        public var fen: Int64 { cost.addingSaturating(50_000) / 100_000 }
    }

    /// In order of the periods; what nobody could rate is the last one.
    public private(set) var shares: [Share]
    private var prices: [Int64]
    private var period: Int?
    private var meter = MeterGain()
    private var hasBegun = false
    private var readAt: Instant?
    /// Whether the meter was read in this period.
    private var isRead = false

    /// - Parameter prices: of each period, in 1/100 fen a kilowatt-hour; cut to `Limit.price`, and
    ///   to `Limit.periods` of them.
    public init(prices: [Int64]) {
        self.prices = prices.prefix(Limit.periods).map(Self.bounded)
        shares = Array(repeating: Share(), count: self.prices.count + 1)
    }

    private static func bounded(_ price: Int64) -> Int64 { min(max(0, price), Limit.price) }

    public var kept: Kept { Kept(shares: shares, last: meter.last) }

    /// What nobody could rate, since nobody knew the time.
    public var unrated: Share { shares[shares.count - 1] }

    /// All periods together; the sum of their watt-hours and their costs, rounded once.
    public var sum: Share {
        shares.reduce(into: Share()) { sum, share in
            sum.wattHours = sum.wattHours.addingSaturating(share.wattHours)
            sum.cost = sum.cost.addingSaturating(share.cost)
            sum.isEstimated = sum.isEstimated || share.isEstimated
        }
    }

    /// Takes one input. It has no deadline: the hours say when a period begins.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        switch input {
        case .began(let kept):
            guard !hasBegun else { break }
            hasBegun = true
            guard let kept else { break }
            meter.last = kept.last
            // More or fewer periods than before: what cannot be placed keeps its sum.
            for (place, share) in kept.shares.enumerated() {
                let isLast = place == kept.shares.count - 1
                add(share, to: isLast || place >= prices.count ? prices.count : place)
            }
        case .period(let period):
            let known = period.flatMap { prices.indices.contains($0) ? $0 : nil }
            guard known != self.period else { break }
            self.period = known
            isRead = false
        case .total(let reading): return count(reading, at: now)
        case .price(let place, let price):
            guard prices.indices.contains(place) else { break }
            prices[place] = Self.bounded(price)
        }
        return []
    }

    private mutating func count(_ reading: MeterReading, at now: Instant) -> [Output] {
        guard case .total(let total, _) = reading else { return [] }
        let isSetBack = meter.last.map { total < $0 } ?? false
        let added = meter.take(reading)
        let isLate = !isRead && readAt.map { $0 + Limit.late < now } ?? true
        (isRead, readAt) = (true, now)
        if added > 0 {
            let price = period.map { prices[$0] } ?? 0
            let (cost, overflows) = added.multipliedReportingOverflow(by: price)
            add(
                Share(
                    wattHours: added, cost: overflows ? .max : cost,
                    isEstimated: isLate || meter.isEstimated),
                to: period ?? prices.count)
            meter.isEstimated = false
        }
        if isSetBack { return [.setBack] }
        return added > 0 && period == nil ? [.unrated(wattHours: added)] : []
    }

    private mutating func add(_ share: Share, to place: Int) {
        shares[place].wattHours = shares[place].wattHours.addingSaturating(share.wattHours)
        shares[place].cost = shares[place].cost.addingSaturating(share.cost)
        shares[place].isEstimated = shares[place].isEstimated || share.isEstimated
    }
}
