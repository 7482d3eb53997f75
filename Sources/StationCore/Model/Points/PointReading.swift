// What a point says now, and how far it can be believed. Nothing is ever 0 for want of an answer.

public import EventLoop

/// A point's value with its quality.
public struct PointReading: Sendable, Equatable {
    /// How far a reading can be believed.
    public enum Quality: UInt8, Sendable, CaseIterable {
        /// Nobody has read it since the start.
        case unread = 0
        case good = 1
        /// A total that may lack what happened while nobody watched.
        case estimated = 2
        /// Its device does not answer; the value is the last one.
        case stale = 3
        /// Its device said something that cannot be; there is no value.
        case outOfRange = 4
        /// Its device says that it has none: a sensor that is unplugged.
        case absent = 5
    }

    /// A number; of a state its place in the point's `states`. `nil` without one.
    public var value: DecimalNumber?
    public var quality: Quality
    /// When the value was read.
    public var at: Instant

    public init(value: DecimalNumber?, quality: Quality, at: Instant) {
        self.value = value
        self.quality = quality
        self.at = at
    }

    /// A point before its first reading.
    public static let unread = PointReading(
        value: nil, quality: .unread, at: Instant(nanoseconds: 0))
}

extension PointSettings {
    /// What a raw number is: scaled, checked against range and sentinels, or a state's place.
    public func reading(of raw: Int64, at time: Instant) -> PointReading {
        if bad.contains(raw) { return PointReading(value: nil, quality: .absent, at: time) }
        if !states.isEmpty { return state(of: raw, at: time) }
        return scaled(DecimalNumber(raw), at: time)
    }

    /// The same of a number that comes with places, such as a float's: 1.0 is 1.
    public func reading(of raw: DecimalNumber, at time: Instant) -> PointReading {
        if let whole = raw.whole { return reading(of: whole, at: time) }
        guard states.isEmpty else {
            return PointReading(value: nil, quality: .outOfRange, at: time)
        }
        return scaled(raw, at: time)
    }

    private func scaled(_ raw: DecimalNumber, at time: Instant) -> PointReading {
        let none = PointReading(value: nil, quality: .outOfRange, at: time)
        guard var value = raw.multiplied(by: scale)?.adding(offset) else { return none }
        if !curve.isEmpty {
            let x = value.approximation
            let sum = curve.reversed().reduce(0.0) { $0 * x + $1.approximation }
            guard let curved = DecimalNumber(sum, places: places) else { return none }
            value = curved
        }
        guard let rounded = value.rounded(to: places), lowest.map({ $0 <= rounded }) ?? true,
            highest.map({ rounded <= $0 }) ?? true
        else { return none }
        return PointReading(value: rounded, quality: .good, at: time)
    }

    private func state(of raw: Int64, at time: Instant) -> PointReading {
        guard let place = meanings.first(where: { $0.raw == raw })?.state ?? otherwise else {
            return PointReading(value: nil, quality: .outOfRange, at: time)
        }
        return PointReading(value: DecimalNumber(Int64(place)), quality: .good, at: time)
    }
}
