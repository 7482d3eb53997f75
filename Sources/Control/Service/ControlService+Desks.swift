// Questions on their way to the desks, and replies on their way to peers.

import EventLoop

extension ControlService {
    /// Asks the core.
    ///
    /// - Throws: `busy` when its desk, or the list of open questions, is full.
    mutating func ask(_ query: CoreQuery) throws(ControlError) -> RequestID {
        let id = try newID(.core)
        guard core.ask(query, id: id) else { throw .busy(what: Desk.core.rawValue) }
        outstanding.append((id, .core))
        return id
    }

    /// Asks the journal. - Throws: as above.
    mutating func ask(_ query: JournalQuery) throws(ControlError) -> RequestID {
        let id = try newID(.journal)
        guard journal.ask(query, id: id) else { throw .busy(what: Desk.journal.rawValue) }
        outstanding.append((id, .journal))
        return id
    }

    private mutating func newID(_ desk: Desk) throws(ControlError) -> RequestID {
        guard outstanding.count(where: { $0.desk == desk }) < ControlLimits.outstanding else {
            throw .busy(what: desk.rawValue)
        }
        lastID += 1
        return RequestID(number: lastID)
    }

    /// The slot that waits for this answer; `nil` when its peer left or gave up.
    mutating func claim(_ id: RequestID) -> Int? {
        outstanding.removeAll { $0.id == id }
        return connections.firstIndex {
            switch $0?.work {
            case .asking(let asking): asking.id == id
            case .reading(let reading): reading.asked?.id == id
            case .idle, .listing, nil: false
            }
        }
    }

    // MARK: Replies

    /// Ends a call with its last reply.
    mutating func finish(
        _ slot: Int, _ mode: CallMode, _ reply: some Encodable, at now: Instant
    ) {
        connections[slot]?.work = .idle
        guard !mode.oneway else { return }
        connections[slot]?.send(ControlCoder.reply(reply, continues: false), at: now)
    }

    /// Ends a call with an error.
    mutating func fail(_ slot: Int, _ mode: CallMode, _ error: ControlError, at now: Instant) {
        connections[slot]?.work = .idle
        guard !mode.oneway else { return }
        connections[slot]?.send(ControlCoder.failure(error), at: now)
    }
}
