// A number of places that may be taken at once.

import NIOConcurrencyHelpers

/// Counts who is in; who does not fit is told.
final class Places: Sendable {
    private let count: Int
    private let state = NIOLockedValueBox(0)

    init(_ count: Int) { self.count = count }

    var taken: Int { state.withLockedValue { $0 } }

    /// Takes a place if there is one; then `give` is due.
    func take() -> Bool {
        state.withLockedValue { taken in
            guard taken < count else { return false }
            taken += 1
            return true
        }
    }

    func give() { state.withLockedValue { $0 -= 1 } }
}
