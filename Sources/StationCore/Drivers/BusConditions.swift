// Whether something holds of a box's points, by what they last said.

import EventLoop

/// What a condition is judged by.
struct BusCircumstances {
    let readings: BusReadings
    let arguments: [ArgumentValue]
    /// Values of the points when the action began; empty where nothing can be gained.
    var begun: [PointReading] = []
    /// Readings from before it say nothing.
    var since: Instant?
    /// Of those that are told when they change the last one counts, once it had the time to.
    var now = Instant(nanoseconds: 0)

    /// `nil`: a point that it needs has no value, or none that is new enough.
    func verdict(on condition: Condition) -> Bool? {
        for comparison in condition.all {
            guard let holds = holds(comparison) else { return nil }
            if !holds { return false }
        }
        return true
    }

    private func holds(_ comparison: Comparison) -> Bool? {
        guard let place = place(of: comparison),
            let value = value(of: place, isGain: comparison.isGain),
            let other = number(comparison.value)
        else { return nil }
        return comparison.relation.holds(value, other)
    }

    /// The point that a comparison is about.
    func place(of comparison: Comparison) -> Int? {
        guard let index = comparison.index else { return readings.place(of: comparison.point) }
        return place(of: comparison.point, numbered: index)
    }

    /// A point by its name: `door.3`; or `door.lock`, where `lock` is an argument.
    func place(of name: String) -> Int? {
        if let place = readings.place(of: name) { return place }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return place(
            of: String(name[..<dot]), numbered: String(name[name.index(after: dot)...]))
    }

    private func place(of name: String, numbered argument: String) -> Int? {
        guard let number = self.argument(argument)?.rounded(to: 0) else { return nil }
        return readings.place(of: "\(name).\(number.mantissa)")
    }

    func places(of condition: Condition) -> [Int] {
        condition.all.compactMap { place(of: $0) }
    }

    private func value(of place: Int, isGain: Bool) -> DecimalNumber? {
        let reading = readings.readings[place]
        guard reading.isBelievable, let value = reading.value, counts(place) else { return nil }
        guard isGain else { return value }
        guard begun.indices.contains(place) else { return nil }
        // A meter that we alone count had counted nothing before its first value.
        var first = begun[place].value
        if first == nil, case .pulses = readings.points[place].source { first = .zero }
        return first.flatMap { value.adding($0.negated) }
    }

    private func counts(_ place: Int) -> Bool {
        guard let since else { return true }
        guard let lag = readings.lags[place] else { return since <= readings.readings[place].at }
        return since + lag <= now
    }

    func number(_ expression: Expression) -> DecimalNumber? {
        guard let name = expression.argument else { return expression.plus }
        return argument(name)?.multiplied(by: expression.times)?.adding(expression.plus)
    }

    private func argument(_ name: String) -> DecimalNumber? {
        arguments.first { $0.name == name }?.value
    }
}

extension PointReading {
    /// Whether the value may be acted upon.
    public var isBelievable: Bool {
        switch quality {
        case .good, .estimated: true
        case .unread, .stale, .outOfRange, .absent: false
        }
    }
}
