// Between a door and its lock, where the lock may not do as the door says: something stands under
// a barrier, or the strike is frozen.
//
//   hold ──nothing in the way──► held
//     └──an obstacle──► withheld ──it is gone──► held
//   freed, cold, leaf unmoved ──1 s──► pulse ──1 s──► pulse ──1 s──► pulse ──1 s──► frozen
//     └── the leaf moves, or the release ends: nothing more

public import EventLoop

/// What a door's wishes become at its lock. It opens always and at once; only closing may wait.
public struct DoorWarden: Sendable {
    public enum Input: Equatable, Sendable {
        /// The door wants its lock free; in frost its strike is watched.
        case free
        /// Whatever comes, the lock is free from now on: fire, an exit, hours, another card. A
        /// strike that is lifted is freed at once, and no pulse follows.
        case stands
        /// A release began with the leaf at its contact, and it is cold.
        case coldRelease
        /// The door wants its lock to hold.
        case hold
        /// The leaf moved.
        case moved
        /// Whether something stands where the door would close, or nobody knows.
        case obstructed(Bool)
        /// `nextDeadline` has come.
        case deadline
    }

    public enum Output: Equatable, Sendable {
        case free
        case hold
        /// What was withheld is done: the lock holds.
        case secured
        /// The lock is not told to hold: something is in the way.
        case withheld
        /// It has been in the way for longer than the door may stand open.
        case heldOpen
        case alarmEnded
        /// Three pulses did not move it.
        case frozen
        /// A strike that had been frozen let the leaf go.
        case thawed
    }

    enum Lock: Equatable, Sendable {
        case asTheDoorSays
        /// It would hold, were nothing in the way; `alarmAt` is `nil` once that was told.
        case withheld(alarmAt: Instant?)
    }

    /// How a strike in frost is helped.
    enum Frost: Equatable, Sendable {
        case none
        /// Free; looked at at `next`, after so many pulses.
        case watched(pulses: Int, next: Instant)
        /// Without current for a moment.
        case lifted(pulses: Int, until: Instant)
    }

    /// A person pulls at a door within a second of its click.
    public static let look = Interval.seconds(1)
    /// A strike's spring moves its bolt within a quarter of one.
    public static let lift = Interval.milliseconds(250)
    public static let pulses = 3

    /// How long an obstacle may stand before somebody is told.
    private let patience: Interval
    private(set) var lock = Lock.asTheDoorSays
    private(set) var frost = Frost.none
    private(set) var isObstructed: Bool
    private(set) var isFrozen = false

    /// - Parameters:
    ///   - isObstructed: whether something may be in the way: nobody has looked yet.
    ///   - patience: how long the door may stand open.
    public init(isObstructed: Bool, patience: Interval) {
        self.isObstructed = isObstructed
        self.patience = patience
    }

    /// Whether the lock is free although the door would have it hold.
    public var isWithheld: Bool { lock != .asTheDoorSays }

    public var nextDeadline: Instant? {
        let alarm: Instant? = if case .withheld(let due) = lock { due } else { nil }
        let pulse: Instant? =
            switch frost {
            case .none: nil
            case .watched(_, let next): next
            case .lifted(_, let until): until
            }
        return Instant.earlier(alarm, pulse)
    }

    public mutating func handle(_ input: Input, at now: Instant) -> Outputs<Output> {
        switch input {
        case .free:
            let wasToldOf = hasAlarmed
            lock = .asTheDoorSays
            frost = .none
            return wasToldOf ? Outputs(.alarmEnded, .free) : Outputs(.free)
        case .coldRelease:
            if frost == .none { frost = .watched(pulses: 0, next: now + Self.look) }
            return Outputs()
        case .stands:
            let wasLifted = isLifted
            frost = .none
            return wasLifted ? Outputs(.free) : Outputs()
        case .hold: return hold(at: now)
        case .moved: return moved()
        case .obstructed(let isObstructed): return look(isObstructed)
        case .deadline: return expired(at: now)
        }
    }

    private var hasAlarmed: Bool { lock == .withheld(alarmAt: nil) }

    private mutating func hold(at now: Instant) -> Outputs<Output> {
        let wasLifted = isLifted
        frost = .none
        guard isObstructed else {
            lock = .asTheDoorSays
            return Outputs(.hold)
        }
        guard !isWithheld else { return Outputs() }
        lock = .withheld(alarmAt: now + patience)
        return wasLifted ? Outputs(.free, .withheld) : Outputs(.withheld)
    }

    /// Whether a pulse holds the lock just now.
    var isLifted: Bool { if case .lifted = frost { true } else { false } }

    private mutating func moved() -> Outputs<Output> {
        var outputs = Outputs<Output>()
        if isLifted { outputs.append(.free) }
        frost = .none
        if isFrozen { outputs.append(.thawed) }
        isFrozen = false
        return outputs
    }

    private mutating func look(_ isObstructed: Bool) -> Outputs<Output> {
        self.isObstructed = isObstructed
        guard !isObstructed, isWithheld else { return Outputs() }
        let wasToldOf = hasAlarmed
        lock = .asTheDoorSays
        return wasToldOf ? Outputs(.alarmEnded, .hold, .secured) : Outputs(.hold, .secured)
    }

    private mutating func expired(at now: Instant) -> Outputs<Output> {
        var outputs = Outputs<Output>()
        if case .withheld(let due?) = lock, due <= now {
            lock = .withheld(alarmAt: nil)
            outputs.append(.heldOpen)
        }
        switch frost {
        case .watched(Self.pulses, let next) where next <= now:
            frost = .none
            if !isFrozen { outputs.append(.frozen) }
            isFrozen = true
        case .watched(let pulses, let next) where next <= now:
            frost = .lifted(pulses: pulses, until: now + Self.lift)
            outputs.append(.hold)
        case .lifted(let pulses, let until) where until <= now:
            frost = .watched(pulses: pulses + 1, next: now + Self.look)
            outputs.append(.free)
        case .none, .watched, .lifted: break
        }
        return outputs
    }
}
