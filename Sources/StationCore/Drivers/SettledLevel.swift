// A mechanical contact's level, believed once it has stood still for its settle time.
//
//   line     ____|‾|_|‾‾‾‾‾‾‾‾‾‾‾‾|_|‾‾‾‾‾‾
//   level    ______________|‾‾‾‾‾‾‾‾‾‾‾‾‾‾     (settle time after the last edge; the glitch
//                ^ since                        shorter than it changes nothing)

public import EventLoop

/// The debounce machine shared by contacts and buttons.
public struct SettledLevel: Sendable {
    public enum Output: Equatable, Sendable {
        /// The level changed, or is known for the first time. The change began at `since`.
        case settled(isActive: Bool, since: Instant)
    }

    enum State: Equatable {
        /// Never read, or lost.
        case unknown
        case settled(Bool)
        /// Left `from` (nil: was unknown) at `since`; reads `to` since `edge`.
        case moving(from: Bool?, to: Bool, since: Instant, edge: Instant)
    }

    /// How long it must stand to be believed active, and inactive.
    public let settle: Interval
    public let clear: Interval
    private(set) var state = State.unknown

    public init(settle: Interval, clear: Interval? = nil) {
        self.settle = settle
        self.clear = clear ?? settle
    }

    private func settle(to isActive: Bool) -> Interval { isActive ? settle : clear }

    /// The line changed, or was read.
    public mutating func observe(isActive: Bool, at now: Instant) -> Output? {
        let (next, output) = Self.transition(
            from: state, observing: isActive, settle: settle(to: isActive), at: now)
        state = next
        return output
    }

    /// `nextDeadline` may have come.
    public mutating func expire(at now: Instant) -> Output? {
        guard case .moving(let from, let to, let since, let edge) = state,
            edge + settle(to: to) <= now
        else { return nil }
        state = .settled(to)
        return from == to ? nil : .settled(isActive: to, since: since)
    }

    /// The line is gone: nothing is known.
    public mutating func forget() { state = .unknown }

    static func transition(
        from state: State, observing isActive: Bool, settle: Interval, at now: Instant
    ) -> (State, Output?) {
        switch state {
        case .unknown where settle == .zero, .moving where settle == .zero:
            (.settled(isActive), .settled(isActive: isActive, since: now))
        case .unknown:
            (.moving(from: nil, to: isActive, since: now, edge: now), nil)
        case .settled(let level) where level == isActive:
            (state, nil)
        case .settled where settle == .zero:
            (.settled(isActive), .settled(isActive: isActive, since: now))
        case .settled(let level):
            (.moving(from: level, to: isActive, since: now, edge: now), nil)
        case .moving(let from, let to, let since, _) where to != isActive:
            // Back before it settled: a bounce restarts the settle time.
            (.moving(from: from, to: isActive, since: since, edge: now), nil)
        case .moving:
            (state, nil)
        }
    }

    /// The believed level, `nil` while unknown.
    public var level: Bool? {
        switch state {
        case .unknown: nil
        case .settled(let level): level
        case .moving(let from, _, _, _): from
        }
    }

    public var nextDeadline: Instant? {
        switch state {
        case .unknown, .settled: nil
        case .moving(_, let to, _, let edge): edge + settle(to: to)
        }
    }
}
