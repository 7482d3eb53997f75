// Two masters for one operation: asked for, then approved by two different holders within a minute.
//
//   idle ─ask─► asked ─one agrees─► half ─another agrees─► idle, approved
//                 └──────── a minute is over, or the end ────────► idle

public import EventLoop

/// The approval that is pending, if one is.
public struct TwoMasters: Sendable, Equatable {
    /// From the request to the second approval.
    public static let patience = Interval.seconds(60)

    /// Who agrees.
    public enum Approver: Equatable, Sendable {
        /// A master, or a deputy in their time, by the holder of the card.
        case holder(ShortText)
        /// The hub, by a signed command.
        case hub
    }

    /// What somebody wants done.
    public struct Request: Equatable, Sendable {
        /// Names it to whoever carries it out.
        public var number: UInt64
        public var operation: MasterOperation

        public init(number: UInt64, operation: MasterOperation) {
            (self.number, self.operation) = (number, operation)
        }
    }

    public enum State: Equatable, Sendable {
        case idle
        case asked(Request, until: Instant)
        case half(Request, by: Approver, until: Instant)
    }

    public enum Input: Equatable, Sendable {
        case ask(Request)
        case agree(Approver)
        case end
        case time
    }

    public enum Output: Equatable, Sendable {
        case none
        case asked(until: Instant)
        /// One is pending.
        case busy
        case agreed
        /// The same holder once more: that is one.
        case same
        case approved(Request)
        case lapsed(Request)
        case cancelled(Request)
    }

    public private(set) var state = State.idle

    public init() {}

    public var isPending: Bool { state != .idle }

    /// The pending request.
    public var request: Request? {
        switch state {
        case .idle: nil
        case .asked(let request, _), .half(let request, _, _): request
        }
    }

    public mutating func take(_ input: Input, at now: Instant) -> Output {
        let (next, output) = Self.transition(state, input, at: now)
        state = next
        return output
    }

    /// Pure: what the machine becomes, and what is to be done.
    static func transition(
        _ state: State, _ input: Input, at now: Instant
    ) -> (State, Output) {
        switch (state, input) {
        case (.idle, .ask(let request)):
            let end = now + patience
            return (.asked(request, until: end), .asked(until: end))
        case (.idle, .agree), (.idle, .end), (.idle, .time): return (.idle, .none)
        case (.asked(let request, let end), _) where end <= now,
            (.half(let request, _, let end), _) where end <= now:
            // Whatever comes now comes too late.
            return (.idle, .lapsed(request))
        case (.asked, .ask), (.half, .ask): return (state, .busy)
        case (.asked, .time), (.half, .time): return (state, .none)
        case (.asked(let request, _), .end), (.half(let request, _, _), .end):
            return (.idle, .cancelled(request))
        case (.asked(let request, let end), .agree(let approver)):
            return (.half(request, by: approver, until: end), .agreed)
        case (.half(let request, let first, _), .agree(let approver)):
            return first == approver ? (state, .same) : (.idle, .approved(request))
        }
    }
}
