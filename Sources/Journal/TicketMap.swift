// From the core's tickets to the store's sequences, so that one entry can name another.

import StationCore

/// Which sequence a recent ticket was given.
///
/// Tickets and sequences run side by side except where an entry was lost, so a few runs say it all.
struct TicketMap {
    private struct Run {
        var ticket: UInt64 = 0
        var sequence: UInt64 = 0
        var count: UInt64 = 0
    }

    /// A release follows its grant within seconds; each loss or entry of the store's own in between
    /// starts a run, and those are rare.
    private static let runLimit = 16

    private var runs = InlineArray<16, Run>(repeating: Run())
    private var newest = 0

    mutating func record(_ ticket: Ticket, _ sequence: UInt64) {
        guard ticket != .ofStore else { return }
        let run = runs[newest]
        if run.count > 0, ticket.number == run.ticket &+ run.count,
            sequence == run.sequence &+ run.count
        {
            runs[newest].count += 1
        } else {
            newest = (newest + 1) % Self.runLimit
            runs[newest] = Run(ticket: ticket.number, sequence: sequence, count: 1)
        }
    }

    /// - Returns: `nil` for a ticket that was never committed, or too long ago.
    func sequence(of ticket: Ticket) -> UInt64? {
        for index in runs.indices {
            let run = runs[index]
            if ticket.number >= run.ticket, ticket.number - run.ticket < run.count {
                return run.sequence + (ticket.number - run.ticket)
            }
        }
        return nil
    }
}
