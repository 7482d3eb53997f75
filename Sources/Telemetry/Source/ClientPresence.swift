// Whether a connection's client is still there, for whoever waits on its behalf.

import NIOConcurrencyHelpers

/// One per connection. Its requests come one after the other, so one listener is enough.
public final class ClientPresence: Sendable {
    private struct State {
        var hasLeft = false
        var isBodyWhole = true
        var listener: (@Sendable () -> Void)?
    }

    private let state = NIOLockedValueBox(State())

    public init() {}

    /// Calls `listener` once when the client leaves, at once if it has left; `nil` calls nobody.
    func onLeave(_ listener: (@Sendable () -> Void)?) {
        let hasLeft = state.withLockedValue { state in
            state.listener = state.hasLeft ? nil : listener
            return state.hasLeft
        }
        if hasLeft { listener?() }
    }

    /// Whether the body that came last has come to its end.
    var isBodyWhole: Bool { state.withLockedValue { $0.isBodyWhole } }

    /// A body begins, or has come to its end: one whose client leaves in the middle does not.
    func body(isWhole: Bool) { state.withLockedValue { $0.isBodyWhole = isWhole } }

    /// The client sends no more.
    func leave() {
        let listener = state.withLockedValue { state in
            state.hasLeft = true
            defer { state.listener = nil }
            return state.listener
        }
        listener?()
    }
}
