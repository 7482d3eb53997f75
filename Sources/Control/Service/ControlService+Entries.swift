// Reading the journal: one page, a page when there is one, or page after page for ever.
//
// The cursor is the queue: nothing is kept for a live reader but its place, and the next page is
// asked for when the one before has been taken.

public import EventLoop

extension ControlService {
    mutating func startReading(
        _ slot: Int, _ mode: CallMode, _ message: [UInt8], at now: Instant
    ) throws(ControlError) {
        let wanted = try ControlCoder.parameters(ReadEntries.Parameters.self, of: message)
        var after: EntryCursor?
        if let text = wanted.after {
            guard let cursor = EntryCursor(text) else { throw .invalidParameter("after") }
            after = cursor
        }
        let limit = wanted.limit ?? ControlLimits.entries
        guard limit > 0 else { throw .invalidParameter("limit") }
        let wait = wanted.wait ?? 0
        guard wait >= 0 else { throw .invalidParameter("wait") }
        let patience = min(
            Interval.milliseconds(Int64(min(wait, 1_000_000))), ControlLimits.wait)
        guard !mode.oneway else { return }
        connections[slot]?.work = .reading(
            Reading(
                mode: mode, after: after, limit: min(limit, ControlLimits.entries),
                until: now + patience))
    }

    /// Asks for the next page.
    mutating func read(_ slot: Int, _ reading: Reading, at now: Instant) {
        var next = reading
        do {
            let id = try ask(JournalQuery.read(after: reading.after, limit: reading.limit))
            next.asked = (id, now + ControlLimits.answer)
            next.stale = false
            connections[slot]?.work = .reading(next)
        } catch {
            fail(slot, reading.mode, error, at: now)
        }
    }

    /// Something was committed: whoever waits for it reads again.
    public mutating func journalGrew(at now: Instant) {
        for slot in connections.indices {
            guard case .reading(var reading) = connections[slot]?.work else { continue }
            reading.stale = true
            connections[slot]?.work = .reading(reading)
            advance(slot, at: now)
        }
    }

    mutating func continueReading(
        _ slot: Int, _ reading: Reading, _ answer: JournalReply, at now: Instant
    ) {
        var next = reading
        next.asked = nil
        switch answer {
        case .page(let page):
            next.last = page
            let isEmpty = page.entries.isEmpty && page.tombstones.isEmpty
            if isEmpty, !reading.mode.more, now < reading.until {
                connections[slot]?.work = .reading(next)
            } else {
                send(slot, page, isEmpty: isEmpty, next, at: now)
            }
        case .refused(let error): fail(slot, reading.mode, error, at: now)
        case .status, .verified, .usage:
            fail(slot, reading.mode, .noAnswer(what: Desk.journal.rawValue), at: now)
        }
    }

    private mutating func send(
        _ slot: Int, _ page: JournalPage, isEmpty: Bool, _ reading: Reading, at now: Instant
    ) {
        var next = reading
        let (bytes, cursor) = message(page, continues: reading.mode.more)
        next.after = cursor
        if reading.mode.more {
            // Where there was something there may be more.
            next.stale = reading.stale || !isEmpty
            connections[slot]?.work = .reading(next)
            guard !isEmpty || !reading.greeted else { return }
            next.greeted = true
            connections[slot]?.work = .reading(next)
        } else {
            connections[slot]?.work = .idle
        }
        connections[slot]?.send(bytes, at: now)
    }

    /// A page as one message, cut to what fits, and the cursor after it.
    private func message(
        _ page: JournalPage, continues: Bool
    ) -> (bytes: [UInt8], next: EntryCursor) {
        var records = page.entries.map { EntryRecord($0, info) }
        var next = page.next
        while true {
            let reply = ReadEntries.Reply(
                entries: records, store: page.store, oldest: page.oldest, newest: page.newest,
                next: next.description, tombstones: page.tombstones)
            let bytes = ControlCoder.reply(reply, continues: continues)
            if bytes.count <= ControlLimits.message || records.count <= 1 {
                return (bytes, next)
            }
            records.removeLast(records.count / 2)
            if let last = records.last {
                next = EntryCursor(store: last.store, sequence: last.sequence)
            }
        }
    }

    /// The wait is over, or the journal did not answer.
    mutating func stopReading(_ slot: Int, _ reading: Reading, at now: Instant) {
        guard reading.asked == nil, let page = reading.last else {
            return fail(
                slot, reading.mode, .noAnswer(what: Desk.journal.rawValue), at: now)
        }
        send(slot, page, isEmpty: true, reading, at: now)
    }
}
