// The cards that a running station shows to a crew member, one after the other.

import Control

/// Asks for the next card, again and again.
struct CardWatch: ~Copyable {
    private let socket: SocketOptions
    private let reader: String?
    private var client: ControlClient?
    /// The last card's number: none is missed between two questions.
    private var last: Int64?

    init(socket: SocketOptions, reader: String?) {
        self.socket = socket
        self.reader = reader
    }

    /// Shorter than the client's own patience.
    private static let wait = 5_000

    /// Waits for the next card, however long that takes.
    mutating func next() throws(Problem) -> CardRecord {
        while true {
            if let card = try next(within: Self.wait) { return card }
        }
    }

    /// - Returns: `nil` when none came in time.
    private mutating func next(within milliseconds: Int) throws(Problem) -> CardRecord? {
        if client == nil { client = try socket.connect() }
        do throws(ControlFailure) {
            let reply = try client?.call(
                WatchCard.self,
                WatchCard.Parameters(reader: reader, wait: milliseconds, after: last))
            last = reply?.next
            return reply?.card
        } catch {
            throw .station(error)
        }
    }
}
