// One order on its way: step by step, with an outcome whatever happens.
//
//   [write or frame]──answer──►[wait]──►[read]──► seen as asked: confirmed
//          │                                      seen otherwise: failed
//          └─ lost: sent again if twice is as good as once; else what is seen tells,
//             and where nothing is seen the outcome is unknown

import EventLoop

/// What an order wants next.
enum BusWish: Sendable, Equatable {
    /// The line, for a question that makes something happen.
    case tell(BusQuestion)
    /// The line, for points that are to be read again.
    case read([Int])
    case wait(until: Instant)
    /// A line of the board; `wasSet` goes on.
    case set(terminal: Int, isActive: Bool)
    case done(ActionOutcome)
}

/// An order that waits or is being carried out.
struct BusActionRun: Sendable {
    /// How many of what.
    enum Limit {
        /// Orders that wait for one box.
        static let orders = 16
        /// Those of its guards come on top.
        static let urgentOrders = 64
        /// Steps with those of the actions within.
        static let steps = 64
        static let depth = ActionSettings.depth
        /// How often a question is sent again that may be.
        static let repeats = 2
        /// How often points are read until they say whether it was done.
        static let looks = 4
        /// Between two looks.
        static let pause = Interval.milliseconds(50)
        /// So long for a point that nobody can ask for.
        static let patience = Interval.seconds(1)
        /// So long at most for what shows it late, on top of how late that is: as long as guards
        /// wait (`Guard.Limit.slack`).
        static let slack = Interval.seconds(2)
        /// A box that is busy is told again after it.
        static let busyRest = Interval.milliseconds(150)
        static let busyTimes = 5
    }

    /// A step with the numbers that it is told with.
    fileprivate struct Step: Sendable {
        let step: ActionStep
        let arguments: [ArgumentValue]
    }

    let order: ActionOrder
    let settings: ActionSettings
    private let steps: [Step]
    /// Modbus alone has codes that are no refusals.
    private let isModbus: Bool
    /// What a board's lines say is known, and nobody can be asked.
    private let asks: Bool
    private var place = 0
    /// When the current step began to wait.
    private var until: Instant?
    private var begun: [PointReading] = []
    /// When something was last sent that makes something happen.
    private(set) var actedAt: Instant?
    private var resends = 0
    private var busyTimes = 0
    private var looks = 0
    private var nextLook: Instant?
    /// What it was told last got an answer, or is a telling that nobody answers.
    private var isAnswered = false
    /// An answer was lost: it may have been done, or not.
    private var isDoubtful = false
    private var isRefused = false
    private(set) var hasBegun = false

    /// `nil` when a step cannot be: actions that go round in a circle, numbers that are not there.
    init?(_ order: ActionOrder, in device: BusDeviceSettings) {
        guard device.actions.indices.contains(order.action) else { return nil }
        settings = device.actions[order.action]
        isModbus = device.language.isModbus
        asks = device.language != .board
        self.order = order
        guard
            let steps = Self.flat(
                settings.steps, order.arguments, device, depth: Limit.depth)
        else { return nil }
        self.steps = steps
    }

    /// What it does, those of actions within it too.
    var allSteps: [ActionStep] { steps.map(\.step) }

    private static func flat(
        _ steps: [ActionStep], _ arguments: [ArgumentValue], _ device: BusDeviceSettings,
        depth: Int
    ) -> [Step]? {
        var list: [Step] = []
        for step in steps {
            guard case .perform(let name, let values) = step else {
                list.append(Step(step: step, arguments: arguments))
                continue
            }
            let outer = BusCircumstances(readings: BusReadings([]), arguments: arguments)
            var inner: [ArgumentValue] = []
            for value in values {
                guard let number = outer.number(value.value) else { return nil }
                inner.append(ArgumentValue(value.name, number))
            }
            guard depth > 0, let action = device.actions.first(where: { $0.name == name }),
                let more = flat(action.steps, inner, device, depth: depth - 1)
            else { return nil }
            list += more
        }
        return list.count <= Limit.steps ? list : nil
    }

    /// What the order wants now. Asked again whenever something has changed.
    mutating func wish(_ readings: BusReadings, at now: Instant) -> BusWish {
        if !hasBegun {
            hasBegun = true
            begun = readings.readings
        }
        while place < steps.count {
            let step = steps[place]
            switch step.step {
            case .write, .raw, .send:
                if let until, now < until { return .wait(until: until) }
                guard let question = try? step.step.question(arguments: step.numbers) else {
                    isRefused = true
                    next()
                    continue
                }
                return .tell(question)
            case .wait(let milliseconds):
                let end = until ?? now + .milliseconds(Int64(milliseconds))
                until = end
                guard end <= now else { return .wait(until: end) }
                next()
            case .read(let names):
                // One look; `looked` goes on.
                let circumstances = circumstances(readings, step.arguments)
                let points = names.compactMap { circumstances.place(of: $0) }
                guard !points.isEmpty else {
                    next()
                    continue
                }
                return .read(points)
            case .until(let condition, let milliseconds):
                let end = until ?? now + .milliseconds(Int64(milliseconds))
                until = end
                let circumstances = circumstances(
                    readings, step.arguments, since: actedAt, at: now)
                if circumstances.verdict(on: condition) == true || end <= now {
                    next()
                    continue
                }
                guard asks else {
                    let points = circumstances.places(of: condition)
                    return .wait(until: nextSight(of: points, readings, before: end, at: now))
                }
                if let nextLook, now < nextLook { return .wait(until: min(nextLook, end)) }
                return .read(circumstances.places(of: condition))
            case .set(let terminal, let isActive):
                return .set(terminal: terminal, isActive: isActive)
            case .perform:
                // Actions within were put in their place.
                isRefused = true
                next()
            }
        }
        return conclusion(readings, at: now)
    }

    private func circumstances(
        _ readings: BusReadings, _ arguments: [ArgumentValue], since: Instant? = nil,
        at now: Instant = Instant(nanoseconds: 0)
    ) -> BusCircumstances {
        BusCircumstances(
            readings: readings, arguments: arguments, begun: begun, since: since, now: now)
    }

    /// When what a board's points say counts next; whatever changes is looked at by itself.
    private func nextSight(
        of points: [Int], _ readings: BusReadings, before end: Instant, at now: Instant
    ) -> Instant {
        guard let actedAt else { return end }
        let times = points.compactMap { readings.lags[$0] }.map { actedAt + $0 }
        return times.filter { now < $0 }.min().map { min($0, end) } ?? end
    }

    /// After the last step: what is seen tells.
    private mutating func conclusion(_ readings: BusReadings, at now: Instant) -> BusWish {
        if isRefused { return .done(.failed) }
        guard settings.confirmed != nil || settings.failed != nil else {
            return .done(isDoubtful || !isAnswered ? .unknown : .accepted)
        }
        let circumstances = circumstances(
            readings, order.arguments, since: actedAt, at: now)
        if let condition = settings.confirmed, circumstances.verdict(on: condition) == true {
            return .done(.confirmed)
        }
        let points =
            (settings.confirmed.map { circumstances.places(of: $0) } ?? [])
            + (settings.failed.map { circumstances.places(of: $0) } ?? [])
        let lag = points.compactMap { readings.lags[$0] }.max() ?? .zero
        // What shows it late is a meter: a valve lets go slowly, and its wheel coasts.
        let end = until ?? now + max(Limit.patience, min(lag, Limit.slack)) + lag
        until = end
        // Not after a first glance of ours: locks and valves take their time.
        let hasWaited = looksItself || (asks ? looks >= 2 : end <= now)
        if hasWaited, let condition = settings.failed,
            circumstances.verdict(on: condition) == true
        {
            return .done(.failed)
        }
        guard now < end, !points.isEmpty, !asks || looks < Limit.looks else {
            let isAccepted = isAnswered && !isDoubtful && settings.failed == nil
            return .done(isAccepted ? .accepted : .unknown)
        }
        guard asks else {
            return .wait(until: nextSight(of: points, readings, before: end, at: now))
        }
        if let nextLook, now < nextLook { return .wait(until: min(nextLook, end)) }
        return .read(points)
    }

    /// Whether the profile itself says how long to wait, or where to look, after it acted.
    private var looksItself: Bool {
        guard let acted = steps.firstIndex(where: { $0.acts }) else { return true }
        return acted + 1 < steps.count
    }

    private mutating func next() {
        place += 1
        until = nil
        resends = 0
        busyTimes = 0
        nextLook = nil
    }

    // MARK: What came of a wish

    /// A telling was put on the line, to be there whole at `time`.
    mutating func acted(at time: Instant) { actedAt = time }

    /// A line has the value that it was to have; or it never can: a box on a bus has none.
    mutating func wasSet(_ isDone: Bool = true) {
        if isDone { isAnswered = true } else { isRefused = true }
        next()
    }

    /// A telling ended.
    /// - Parameters:
    ///   - isOptional: whether the box may keep silent.
    ///   - isSafe: whether it may be sent once more, whatever the action says: it cannot have
    ///     been heard.
    mutating func told(
        _ ending: BusExchange.Ending, isOptional: Bool, isSafe: Bool = false, at now: Instant
    ) {
        switch ending {
        case .answered(.refused(let code)) where isBusy(code) && busyTimes < Limit.busyTimes:
            busyTimes += 1
            until = now + Limit.busyRest
        case .answered(.refused(let code)) where isModbus && code == Self.acknowledged:
            isAnswered = true
            next()
        case .answered(.refused):
            isRefused = true
            next()
        case .answered:
            isAnswered = true
            next()
        case .told:
            // By its language nothing comes back: that it is out is all that can be known.
            isAnswered = true
            next()
        case .silent where isOptional:
            next()
        case .silent, .garbled:
            if settings.isIdempotent || isSafe, resends < Limit.repeats {
                resends += 1
            } else {
                isDoubtful = true
                next()
            }
        }
    }

    /// Points were read again, or could not be.
    mutating func looked(at now: Instant) {
        nextLook = now + Limit.pause
        if place < steps.count, case .read = steps[place].step {
            next()
        } else if place >= steps.count {
            looks += 1
        }
    }

    /// Modbus: it does it, and needs long for it.
    private static let acknowledged = 5
    /// Modbus: it is busy, and has not done it.
    private func isBusy(_ code: Int) -> Bool { isModbus && code == 6 }
}

extension BusActionRun.Step {
    fileprivate var numbers: [String: DecimalNumber] {
        Dictionary(arguments.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    fileprivate var acts: Bool {
        switch step {
        case .write, .raw, .send, .set: true
        case .wait, .read, .until, .perform: false
        }
    }
}
