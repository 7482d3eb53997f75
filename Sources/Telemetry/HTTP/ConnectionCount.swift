// How many connections there are, and how many each client has.

import NIOConcurrencyHelpers

final class ConnectionCount: Sendable {
    private let limit: Int
    private let state = NIOLockedValueBox<[String: Int]>([:])

    /// - Parameter limit: connections of one client.
    init(perClient limit: Int) { self.limit = limit }

    var total: Int { state.withLockedValue { $0.values.reduce(0, +) } }

    /// Counts a connection; false when its client has too many. Either way `leave` is due.
    func enter(_ client: String) -> Bool {
        state.withLockedValue { counts in
            counts[client, default: 0] += 1
            return counts[client, default: 0] <= limit
        }
    }

    func leave(_ client: String) {
        state.withLockedValue { counts in
            let left = (counts[client] ?? 0) - 1
            counts[client] = left > 0 ? left : nil
        }
    }
}
