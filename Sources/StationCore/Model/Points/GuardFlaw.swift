// What can be wrong with a guard, whoever wrote it: a profile, a station file, a resolved file.

/// Why a guard is refused.
public enum GuardFlaw: Error, Equatable, Sendable {
    /// It watches what there is not, or what guards cannot watch.
    case watched
    /// It has something done that cannot be, or whose success nobody sees.
    case order
    /// What shows that an order is done holds whenever the guard trips: it would be done before it
    /// began, and the outer actuator would never be told.
    case doneBefore(action: String)
    /// Between two readings of a point passes more time than `silent` allows.
    case silentBetweenPolls(point: String, everyMilliseconds: Int)
    /// None of its values would ever be missed: nobody asks their boxes.
    case neverSilent
    /// A point is not read often enough for a rise in so long, or too often.
    case riseUnseen(point: String, everyMilliseconds: Int)
    /// Only levels rise.
    case riseOfNoLevel(point: String)
}

/// As much of a device as guards may name.
public struct GuardedDevice {
    public var points: [PointSettings]
    public var actions: [ActionSettings]

    public init(points: [PointSettings], actions: [ActionSettings]) {
        self.points = points
        self.actions = actions
    }

    /// Whether anybody would notice that it says nothing any more: lines are held and files looked
    /// at; boxes are asked, if they can be.
    fileprivate var isMissed: Bool {
        points.contains { point in
            switch point.source {
            case .line, .pulses, .rate, .file: true
            case .register, .fields, .item: point.everyMilliseconds > 0
            }
        }
    }

    fileprivate func action(of order: DeviceOrder) -> ActionSettings? {
        actions.first { $0.name == order.action && $0.accepts(order.arguments) }
    }

    /// Whether what shows that an order is done is more than what we said ourselves: of a line that
    /// is set here its point says what it was told, whatever the relay behind it does.
    ///
    /// - Parameter known: what is said of the device's points already when the order is given. What
    ///   may be so before is no sign: a wheel that stands says that no water comes, and where that
    ///   is why the valve is closed it cannot tell whether it closed.
    public func sees(_ order: DeviceOrder, knowing known: [Comparison] = []) -> Bool {
        guard let confirmed = action(of: order)?.confirmed else { return false }
        let outputs = Set(actions.flatMap { $0.linesSet(among: actions) })
        return confirmed.all.contains { comparison in
            guard let (name, value) = comparison.told(with: order.arguments) else { return true }
            let isDistrusted = known.contains {
                $0.point == name && $0.riseMilliseconds == nil
                    && $0.relation.mayMeet($0.value.plus, comparison.relation, value)
            }
            guard !isDistrusted else { return false }
            guard let point = points.first(where: { $0.name == name }),
                case .line(let terminal) = point.source
            else { return true }
            return !outputs.contains(terminal)
        }
    }
}

extension GuardSettings {
    private typealias Limit = ResolvedStation.Limit

    /// What is wrong with it, as it stands in its station.
    ///
    /// - Parameters:
    ///   - outer: who acts for its device; `nil`: nobody, or that is not known yet.
    ///   - device: the station's devices, by their places; `nil` is its own.
    public func flaw(
        outer: DeviceOrder?, _ device: (Int?) -> GuardedDevice?
    ) -> GuardFlaw? {
        var isAnyMissed = false
        for comparison in when.all {
            guard let watched = device(comparison.device),
                let point = watched.points.first(where: { $0.name == comparison.point }),
                comparison.index == nil, !comparison.isGain, comparison.value.argument == nil
            else { return .watched }
            if let flaw = flaw(of: comparison, point) { return flaw }
            if watched.isMissed { isAnyMissed = true }
        }
        if silentMilliseconds != nil, !isAnyMissed { return .neverSilent }
        for order in orders + (asksOuter ? outer.map { [$0] } ?? [] : []) {
            guard let action = device(order.device)?.action(of: order),
                let confirmed = action.confirmed
            else { return .order }
            if isDone(order, confirmed) { return .doneBefore(action: action.name) }
        }
        return nil
    }

    /// Whether more than our own word, and than the values that it distrusts, shows that one of its
    /// orders, or the outer one, is done.
    ///
    /// - Parameters:
    ///   - target: whom the order is for.
    ///   - owner: the place of its own device, for which `nil` stands in orders and comparisons.
    public func sees(_ order: DeviceOrder, of target: GuardedDevice, owner: Int) -> Bool {
        let known = when.all.filter { ($0.device ?? owner) == (order.device ?? owner) }
        return target.sees(order, knowing: known)
    }

    private func flaw(of comparison: Comparison, _ point: PointSettings) -> GuardFlaw? {
        let every = point.everyMilliseconds
        if let window = comparison.riseMilliseconds {
            guard comparison.relation == .atLeast, comparison.value.plus > .zero else {
                return .watched
            }
            guard point.kind == .level else { return .riseOfNoLevel(point: point.name) }
            guard Limit.riseMilliseconds.contains(window), every > 0,
                every * Limit.leastReadingsPerRise <= window,
                window <= every * Limit.readingsPerRise
            else { return .riseUnseen(point: point.name, everyMilliseconds: every) }
        }
        if let silence = silentMilliseconds, !point.isLasting,
            silence < every * Limit.pollsPerSilence
        {
            return .silentBetweenPolls(point: point.name, everyMilliseconds: every)
        }
        return nil
    }

    /// Whether what trips it says already what shows that an order is done.
    private func isDone(_ order: DeviceOrder, _ confirmed: Condition) -> Bool {
        confirmed.all.allSatisfy { wanted in
            guard let (point, value) = wanted.told(with: order.arguments) else { return false }
            return when.all.contains { known in
                known.riseMilliseconds == nil && known.point == point
                    && known.device == order.device
                    && known.relation.implies(known.value.plus, wanted.relation, value)
            }
        }
    }
}

extension Comparison {
    /// The point and the value that it means for an order with these numbers; `nil`: it depends on
    /// what was before.
    func told(with arguments: [ArgumentValue]) -> (point: String, value: DecimalNumber)? {
        guard !isGain else { return nil }
        func number(_ name: String) -> DecimalNumber? {
            arguments.first { $0.name == name }?.value
        }
        var point = point
        if let index {
            guard let value = number(index)?.rounded(to: 0) else { return nil }
            point += ".\(value.mantissa)"
        }
        guard let name = value.argument else { return (point, value.plus) }
        guard let product = number(name)?.multiplied(by: value.times),
            let sum = product.adding(value.plus)
        else { return nil }
        return (point, sum)
    }
}

extension PointSettings {
    /// Whether a box says it by itself when it is new, and nobody asks.
    public var isPushed: Bool {
        switch source {
        case .register, .fields, .item: everyMilliseconds == 0
        case .line, .pulses, .rate, .file: false
        }
    }

    /// Whether it is told when it changes, and not while it stays as it is: lines, meters that
    /// stand still, and what a box says by itself.
    public var isLasting: Bool {
        switch source {
        case .line, .pulses, .rate: true
        case .register, .fields, .item, .file: everyMilliseconds == 0
        }
    }
}
