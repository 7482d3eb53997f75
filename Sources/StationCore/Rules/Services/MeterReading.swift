// What a meter's total says, and what it gained: missing is missing, and nothing counts down.

/// A total in whole units: millilitres, watt-hours, passages.
public enum MeterReading: Sendable, Equatable {
    /// Nobody knows: not read yet, silent, absent, or out of range.
    case missing
    /// `isEstimated`: it may lack what happened while nobody watched.
    case total(Int64, isEstimated: Bool = false)

    /// - Parameter unitsPerWhole: such as 1,000 for millilitres from a point in litres.
    public init(_ reading: PointReading, unitsPerWhole: Int64 = 1) {
        guard reading.isBelievable,
            let units = reading.value?.multiplied(by: DecimalNumber(unitsPerWhole)),
            let whole = units.rounded(to: 0)
        else {
            self = .missing
            return
        }
        self = .total(whole.mantissa, isEstimated: reading.quality == .estimated)
    }
}

/// What a total gained since somebody began to look at it.
///
/// The first reading is where it begins. A total that goes down was set back or exchanged: it
/// begins anew from there, and what it gained meanwhile is not known.
public struct MeterGain: Sendable, Equatable {
    /// The last known total; `nil` before the first one.
    public var last: Int64?
    /// Never negative, never goes down.
    public var gained: Int64
    /// Part of it was not seen.
    public var isEstimated: Bool
    /// The last total was an estimate already. From one to the next nothing is estimated then: a
    /// total that lost something once is exact in what it gains later.
    private var isLastEstimated = false

    public init(last: Int64? = nil, gained: Int64 = 0, isEstimated: Bool = false) {
        self.last = last
        self.gained = gained
        self.isEstimated = isEstimated
    }

    /// Begins at what a reading says.
    public init(from reading: MeterReading) {
        self.init()
        _ = take(reading)
    }

    /// Takes a reading, and says what it adds.
    public mutating func take(_ reading: MeterReading) -> Int64 {
        guard case .total(let total, let isEstimated) = reading else { return 0 }
        defer { (last, isLastEstimated) = (total, isEstimated) }
        guard let last else { return 0 }
        if isEstimated, !isLastEstimated { self.isEstimated = true }
        guard last <= total else {
            self.isEstimated = true
            return 0
        }
        let added = total.subtractingSaturating(last)
        gained = gained.addingSaturating(added)
        return added
    }
}

extension Int64 {
    /// A counter at its end stays there: bytes from outside never trap.
    func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    func subtractingSaturating(_ other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other < 0 ? .max : .min) : difference
    }
}
