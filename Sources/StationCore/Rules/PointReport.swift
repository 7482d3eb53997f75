// When a point's value is worth an entry: as far from the last one that was told, as seldom, as
// often as its profile says.

import EventLoop

/// What was told of one point, and when the next is told.
struct PointReport: Sendable {
    enum Verdict: Equatable, Sendable {
        /// Nothing is written.
        case quiet
        /// A level or a total is told.
        case sample
        /// A state changed, or an event happened.
        case change
    }

    private let kind: PointSettings.Kind
    private let settings: ReportSettings
    private var told: PointReading?
    private var toldAt = Instant(nanoseconds: 0)

    init(_ point: PointSettings) {
        kind = point.kind
        settings = point.report
    }

    /// Whether a reading is worth an entry. `told` has to follow when it was written.
    ///
    /// A change that comes too soon is not lost: the next reading is compared with what was told.
    func verdict(on reading: PointReading, at now: Instant) -> Verdict {
        switch reading.quality {
        // Its device's fault says it.
        case .unread, .stale: return .quiet
        case .good, .estimated, .outOfRange, .absent: break
        }
        if kind == .event { return reading.value == nil ? .quiet : .change }
        guard isNews(reading, at: now) else { return .quiet }
        return kind == .state ? .change : .sample
    }

    private func isNews(_ reading: PointReading, at now: Instant) -> Bool {
        guard let told else { return isEverTold }
        let age = now - toldAt
        guard age >= .milliseconds(Int64(settings.minimumMilliseconds)) else { return false }
        if settings.maximumMilliseconds > 0,
            age >= .milliseconds(Int64(settings.maximumMilliseconds))
        {
            return true
        }
        guard isEverTold else { return false }
        guard let value = reading.value, let last = told.value else {
            return (reading.value == nil) != (told.value == nil)
        }
        if kind == .state { return value != last }
        guard let change = settings.change, let difference = value.adding(last.negated) else {
            return false
        }
        return change <= (difference < .zero ? difference.negated : difference)
    }

    /// A level without thresholds is there to be looked at, not to be written down.
    private var isEverTold: Bool {
        kind == .state || settings.change != nil || settings.maximumMilliseconds > 0
    }

    /// An entry says so now.
    mutating func told(_ reading: PointReading, at now: Instant) {
        told = reading
        toldAt = now
    }
}
