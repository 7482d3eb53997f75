// A socket's heat: how high, and how fast it rises.

import EventLoop

/// The last temperature and the lowest one of the minute before it.
///
/// A sensor that jumps once is not a fire: a rise counts when two readings in a row show it. A
/// sensor that says nothing says nothing; that is its device's fault, not a temperature.
public struct HeatWatch: Equatable, Sendable {
    /// The span in which a rise is measured: the limit is told per minute.
    static let span = Interval.seconds(60)
    static let steps = 6
    private static let step = Interval.seconds(10)

    private struct Trough: Equatable {
        var begins: Instant
        var lowest: DecimalNumber
    }

    /// The lowest of each ten seconds; the newest at `place`.
    private var troughs: InlineArray<6, Trough?> = InlineArray(repeating: nil)
    private var place = 0
    private var risen = 0

    /// In °C; `nil`: nothing that can be believed was read.
    private(set) var last: DecimalNumber?
    /// Two readings in a row are so much above the lowest of the last minute.
    private(set) var isRising = false

    public init() {}

    public static func == (a: Self, b: Self) -> Bool {
        guard a.place == b.place, a.risen == b.risen, a.last == b.last, a.isRising == b.isRising
        else { return false }
        return a.troughs.indices.allSatisfy { a.troughs[$0] == b.troughs[$0] }
    }

    /// - Parameter limit: a rise of so much within the span is too fast; `nil`: none is.
    mutating func read(_ reading: PointReading, limit: DecimalNumber?) {
        guard reading.isBelievable, let value = reading.value else {
            (last, risen, isRising) = (nil, 0, false)
            return
        }
        last = value
        if let limit, let lowest = lowest(at: reading.at), let edge = lowest.adding(limit),
            edge <= value
        {
            risen = min(risen + 1, 2)
        } else {
            risen = 0
        }
        isRising = risen >= 2
        note(value, at: reading.at)
    }

    private func lowest(at now: Instant) -> DecimalNumber? {
        var lowest: DecimalNumber?
        for place in troughs.indices {
            guard let trough = troughs[place], now - trough.begins <= Self.span else { continue }
            lowest = lowest.map { min($0, trough.lowest) } ?? trough.lowest
        }
        return lowest
    }

    private mutating func note(_ value: DecimalNumber, at now: Instant) {
        if let trough = troughs[place], now - trough.begins < Self.step {
            if value < trough.lowest { troughs[place]?.lowest = value }
        } else {
            place = (place + 1) % Self.steps
            troughs[place] = Trough(begins: now, lowest: value)
        }
    }
}
