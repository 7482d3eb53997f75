// A place for one at a time: a toilet, a shower, a bed, a parking or charging bay.
//
//   free ──somebody is there for a moment, or a tap──► inUse ──left, a tap, a person──► free
//     └───────────── a person, a guard ──────────────► outOfOrder ──the same──► free
//
// Nobody is turned out: hours and overstay only tell. A place that cannot be seen is unknown, and
// not free.

public import EventLoop

/// Whether a place is free, who uses it and for how long; it shows nobody's name.
public struct SharedPlace: Sendable {
    /// Every default, with its reason.
    public enum Limit {
        /// Somebody who is seen for less was passing by.
        public static let arrival = Interval.seconds(5)
        /// A presence sensor loses a person who sits still; a contact needs less.
        public static let leaving = Interval.seconds(60)
        /// Whoever took a place by a tap has so long to be seen there.
        public static let coming = Interval.seconds(300)
        /// An alert after so long: someone may need help.
        public static let overstay = Interval.seconds(3_600)
    }

    public struct Settings: Equatable, Sendable {
        /// Whether a contact or a sensor shows that somebody is there.
        public var hasSensor: Bool
        public var arrival: Interval
        public var leaving: Interval
        public var coming: Interval
        /// `nil`: one may stay.
        public var overstay: Interval?

        public init(
            hasSensor: Bool, arrival: Interval = Limit.arrival,
            leaving: Interval = Limit.leaving, coming: Interval = Limit.coming,
            overstay: Interval? = Limit.overstay
        ) {
            self.hasSensor = hasSensor
            self.arrival = arrival
            self.leaving = leaving
            self.coming = coming
            self.overstay = overstay
        }
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        /// A contact, beam or sensor; `nil`: it says nothing.
        case occupied(Bool?)
        /// A tap or a button: takes the place, or gives it back.
        case asked(UseOwner)
        /// A person with that right ends the use.
        case stopped
        /// A person puts it out of order, or back.
        case outOfOrder(Bool)
        case guarded(Bool)
        /// Closed, nobody new takes it by a tap. Whoever is there is counted all the same.
        case service(isOpen: Bool)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        case began(UseOwner)
        /// It was seen to be in use before its person tapped: still one use, now with an owner.
        case claimed(UseOwner)
        case ended(FinishedUse)
        /// Somebody is there for longer than one should be. Crew: knock, ask, help.
        case raised
        case cleared
        case changed(Shown)
        case refused(Refusal)
    }

    /// What anybody may see.
    public enum Shown: UInt8, Sendable, CaseIterable {
        /// Nobody knows: it is not to be shown as free.
        case unknown = 0
        case free = 1
        case inUse = 2
        case outOfOrder = 3
    }

    public enum Refusal: UInt8, Error, Sendable, CaseIterable {
        case inUse = 0
        case outOfOrder = 1
        case serviceClosed = 2
        case starting = 3
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        public var use: RunningUse?
        public var isOutOfOrder: Bool

        public init(use: RunningUse? = nil, isOutOfOrder: Bool = false) {
            self.use = use
            self.isOutOfOrder = isOutOfOrder
        }
    }

    public let settings: Settings
    public private(set) var kept = Kept()
    private var hasBegun = false
    private var sensor: Bool?
    /// What it said last, before it fell silent too.
    private var lastKnown: Bool?
    /// When the sensor last changed to what it says.
    private var sensedAt: Instant?
    /// The use is the run before's, and nothing has shown yet that it goes on.
    private var isRecalled = false
    /// Nobody was seen since it was taken by a tap.
    private var isAwaited = false
    /// Whoever was there when the use was ended is not a new one until they have left.
    private var mustLeave = false
    private var isOverdue = false
    private var stands = false
    private var isServing = false
    public private(set) var shown = Shown.unknown
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) { self.settings = settings }

    /// Advances the place by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept): begin(kept)
        case .occupied(let isOccupied): see(isOccupied, at: now)
        case .asked(let owner): ask(owner, at: now, &outputs)
        case .stopped: end(.stopped, at: now, &outputs)
        case .outOfOrder(let isOut):
            kept.isOutOfOrder = isOut
            if isOut { end(.stopped, at: now, &outputs) }
            // Whoever mended or cleaned it is no user.
            mustLeave = lastKnown == true
        case .guarded(let stands):
            self.stands = stands
            if stands { end(.guarded, at: now, &outputs) }
        case .service(let isOpen): isServing = isOpen
        case .deadline: break
        }
        judge(at: now, &outputs)
        show(&outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        if kept.isOutOfOrder { return .outOfOrder(.byPerson) }
        if stands { return .outOfOrder(.guarded) }
        return settings.hasSensor && sensor == nil ? .degraded(.meterMissing) : .working
    }

    private var isOut: Bool { kept.isOutOfOrder || stands }

    private mutating func begin(_ kept: Kept?) {
        guard !hasBegun else { return }
        hasBegun = true
        self.kept = kept ?? Kept()
        isRecalled = self.kept.use != nil
    }

    private mutating func see(_ isOccupied: Bool?, at now: Instant) {
        guard settings.hasSensor, isOccupied != sensor else { return }
        // What was said before a gap and after it is one and the same.
        if let isOccupied, isOccupied != lastKnown { sensedAt = now }
        sensor = isOccupied
        guard let isOccupied else { return }
        lastKnown = isOccupied
        if isOccupied { (isAwaited, isRecalled) = (false, false) } else { mustLeave = false }
    }

    private mutating func ask(_ owner: UseOwner, at now: Instant, _ outputs: inout [Output]) {
        if let use = kept.use {
            if use.owner.source == .sensor {
                kept.use?.owner = owner
                outputs.append(.claimed(owner))
            } else if owner.isSamePerson(as: use.owner) {
                end(.ended, at: now, &outputs)
            } else {
                outputs.append(.refused(.inUse))
            }
        } else if let refusal {
            outputs.append(.refused(refusal))
        } else {
            begin(owner, since: now, &outputs)
            isAwaited = settings.hasSensor && sensor != true
        }
    }

    private var refusal: Refusal? {
        if !hasBegun { return .starting }
        if isOut { return .outOfOrder }
        return isServing ? nil : .serviceClosed
    }

    private mutating func begin(
        _ owner: UseOwner, since: Instant, _ outputs: inout [Output]
    ) {
        kept.use = RunningUse(owner, since: since)
        (isRecalled, isAwaited, mustLeave) = (false, false, false)
        outputs.append(.began(owner))
    }

    /// `amount` is none for a place that was taken and never used.
    private mutating func end(
        _ end: UseEnd, at until: Instant, amount: Int64 = 1, _ outputs: inout [Output]
    ) {
        guard let use = kept.use else { return }
        kept.use = nil
        mustLeave = lastKnown == true
        if isOverdue {
            isOverdue = false
            outputs.append(.cleared)
        }
        let isEstimated = isRecalled || (settings.hasSensor && sensor == nil)
        (isRecalled, isAwaited) = (false, false)
        outputs.append(
            .ended(
                FinishedUse(
                    use.owner, since: use.since, until: until,
                    amount: UsageAmount(amount, .times, isEstimated: isEstimated), end: end)))
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        guard hasBegun else { return }
        if let use = kept.use {
            if let overstay = settings.overstay, use.since + overstay <= now, !isOverdue {
                isOverdue = true
                outputs.append(.raised)
            }
            if let left = leftAt(since: use.since) {
                guard left + settings.leaving <= now else { return }
                // It was given up before this run could see it.
                if isRecalled { return end(.interrupted, at: left, &outputs) }
                end(.ended, at: left, &outputs)
            } else if isAwaited, sensor == false, use.since + settings.coming <= now {
                end(.ended, at: now, amount: 0, &outputs)
            }
        } else if !isOut, !mustLeave, sensor == true, let since = sensedAt,
            since + settings.arrival <= now
        {
            begin(.somebody, since: since, &outputs)
        }
    }

    /// When whoever used it was last seen to leave; `nil`: is there, or nobody can tell.
    private func leftAt(since: Instant) -> Instant? {
        guard sensor == false, !isAwaited, let sensedAt else { return nil }
        return sensedAt
    }

    private mutating func show(_ outputs: inout [Output]) {
        let next: Shown =
            if !hasBegun {
                .unknown
            } else if isOut {
                .outOfOrder
            } else if kept.use != nil {
                .inUse
            } else {
                settings.hasSensor && sensor != false ? (sensor == nil ? .unknown : .inUse) : .free
            }
        guard next != shown else { return }
        shown = next
        outputs.append(.changed(next))
    }

    private func deadline(after now: Instant) -> Instant? {
        var next: Instant?
        func consider(_ time: Instant) {
            if now < time { next = Instant.earlier(next, time) }
        }
        if let use = kept.use {
            if let overstay = settings.overstay, !isOverdue { consider(use.since + overstay) }
            if let left = leftAt(since: use.since) { consider(left + settings.leaving) }
            if isAwaited { consider(use.since + settings.coming) }
        } else if sensor == true, let sensedAt {
            consider(sensedAt + settings.arrival)
        }
        return next
    }
}
