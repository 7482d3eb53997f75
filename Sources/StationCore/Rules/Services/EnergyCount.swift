// What one charge took: from a meter's total where there is one, else from power and time.

import EventLoop

/// The energy of one session.
///
/// A total is exact: it counts while nobody looks, also while the station is down. Between two of
/// its values, and without one, power times time stands in, and the amount is an estimate.
public struct EnergyCount: Equatable, Sendable {
    /// What a socket's energy point says.
    public enum Source: String, Equatable, Sendable, CaseIterable {
        /// Nothing: there is no such point.
        case none
        /// All that ever went through, whoever used it.
        case total
        /// What this charge took, from zero with each: boards that keep their own sessions.
        case charge
    }

    /// Power is held to last at most so long: after it a meter counts as silent.
    static let longestStep = Interval.seconds(30)

    public let source: Source
    /// By the total alone.
    private(set) var counted = Energy.zero
    /// By power and time, since the total last spoke.
    private(set) var sinceTotal = Energy.zero
    /// The total's last value; `nil`: it has not spoken yet.
    private(set) var last: Energy?
    /// When it was read.
    private(set) var readAt: Instant?
    /// Part of it was not seen.
    private(set) var hasGap: Bool
    /// A board has said how much it was, and has nothing to add.
    private(set) var isBilled = false

    /// - Parameter last: what the total said before the socket was switched on.
    public init(_ source: Source, from last: Energy?) {
        self.source = source
        switch source {
        case .none:
            self.last = nil
            hasGap = true
        case .total:
            self.last = last
            hasGap = last == nil
        case .charge:
            self.last = .zero
            hasGap = false
        }
    }

    /// One that goes on after a restart: a total tells what flowed meanwhile.
    init(_ source: Source, counted: Energy, sinceTotal: Energy, last: Energy?, hasGap: Bool) {
        self.source = source
        self.counted = counted
        self.sinceTotal = sinceTotal
        self.last = last
        self.hasGap = hasGap || source == .none || last == nil
    }

    /// So far.
    public var energy: Energy { counted + sinceTotal }
    public var isEstimated: Bool { hasGap || sinceTotal > .zero }

    public var amount: UsageAmount {
        UsageAmount(energy.wattHours, .wattHours, isEstimated: isEstimated)
    }

    /// The total was read.
    mutating func read(_ reading: PointReading) {
        guard source != .none, let value = Energy(reading) else { return }
        readAt = reading.at
        if reading.quality == .estimated { hasGap = true }
        guard let last else {
            // What ran before its first word stays an estimate.
            counted = energy
            sinceTotal = .zero
            self.last = value
            return
        }
        if last <= value {
            counted = counted + (value - last)
            sinceTotal = .zero
        } else {
            // It began anew: what power says of the gap is the best there is.
            counted = energy + (source == .charge ? value : .zero)
            sinceTotal = .zero
            hasGap = true
        }
        self.last = value
    }

    /// A board's own last word of its charge.
    mutating func bill(_ reading: PointReading) {
        guard source == .charge, Energy(reading) != nil else { return }
        read(reading)
        isBilled = true
    }

    /// So much flowed for so long.
    mutating func ran(_ power: Power, for interval: Interval) {
        let time = min(interval, Self.longestStep).microseconds
        guard time > 0 else { return }
        // 3.6 × 10^6: milliwatts times microseconds to millionths of a watt-hour.
        sinceTotal = sinceTotal + Energy(microwattHours: power.milliwatts * time / 3_600_000)
    }

    /// Whether nothing is to be learnt any more, the socket being off since then.
    func isComplete(offSince: Instant) -> Bool {
        source == .none || isBilled || readAt.map { offSince < $0 } ?? false
    }

    /// It is over; `offSince`: it is not certain that it is off.
    mutating func close(offSince: Instant?) {
        if let offSince, isComplete(offSince: offSince) { return }
        hasGap = true
    }
}
