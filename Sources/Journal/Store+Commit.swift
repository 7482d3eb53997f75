// Appending entries: one transaction, sequences without a gap, each entry sealed to the one before.

import CSQLite
public import StationCore

extension Store {
    /// What a commit made durable.
    public struct Committed: Equatable, Sendable {
        /// The last of the core's tickets, or `nil` when the store wrote only notes of its own.
        public var upTo: Ticket?
        public var lastSequence: UInt64
    }

    /// Writes a batch in one transaction and returns when it is on the medium.
    ///
    /// - Parameter notes: events about the store itself, written before the batch with the time of
    ///   its first entry. Without a batch they are not written.
    /// Throws with nothing written; the store can be asked again.
    public mutating func commit(
        _ batch: Span<Entry>, notes: [Event] = []
    ) throws(JournalError) -> Committed {
        let (headBefore, ticketsBefore, usageBefore) = (head, tickets, usage)
        do throws(JournalError) {
            try statements.begin.run()
            if !batch.isEmpty {
                for event in notes { try append(note(event, like: batch[0]), expected: 1) }
            }
            var upTo: Ticket?
            for index in batch.indices {
                try append(batch[index], expected: batch.count - index)
                upTo = batch[index].ticket
            }
            if !counted.isEmpty { try statements.usage.write(counted, subjects: subjects) }
            try statements.commit.run()
            noteCounted()
            if oldest == 0, head.sequence > 0 { oldest = 1 }
            return Committed(upTo: upTo, lastSequence: head.sequence)
        } catch {
            // SQLite may have rolled back by itself; a second failure would add nothing.
            if database.isInTransaction { try? statements.rollback.run() }
            head = headBefore
            tickets = ticketsBefore
            (usage, counted) = (usageBefore, UsageChange())
            throw error
        }
    }

    private func note(_ event: Event, like entry: Entry) -> Entry {
        var note = entry
        note.ticket = .ofStore
        note.event = event
        note.key = .empty
        note.holder = .empty
        return note
    }

    private mutating func append(_ entry: Entry, expected: Int) throws(JournalError) {
        let sequence = head.sequence + 1
        seal(entry, as: sequence, salt: salts.next(expected: expected))
        let digest = seal.digest()
        try insert(entry, as: sequence)
        tickets.record(entry.ticket, sequence)
        count(entry)
        head = Head(sequence: sequence, digest: digest)
    }

    /// Brings everything that is hashed and stored into the seal.
    private mutating func seal(
        _ entry: Entry, as sequence: UInt64, salt: UnsafeRawBufferPointer
    ) {
        var grant: UInt64?
        if case .released(_, _, let ticket?, _, _) = entry.event {
            grant = tickets.sequence(of: ticket)
        }
        seal.begin(salt: salt)
        entry.key.withBytes { key in
            entry.holder.withBytes { holder in seal.identify(key: key, holder: holder) }
        }
        seal.describe { json in
            EntryPayload.encode(entry.event, names: names, grant: grant, into: &json)
        }
        let header = EntrySeal.Header(
            store: epoch.id, sequence: sequence, boot: settings.boot, bootTime: entry.bootTime,
            wall: entry.wall.milliseconds, quality: entry.quality.rawValue,
            entryClass: entry.event.entryClass.rawValue)
        let commitment = seal.commitment()
        let device = entry.event.device.map { names.plain($0) }
        var kind = entry.event.name
        kind.withUTF8 { kind in
            seal.chain(
                after: head.digest, header, kind: UnsafeRawBufferPointer(kind),
                device: device ?? UnsafeRawBufferPointer(start: nil, count: 0),
                commitment: commitment)
        }
    }

    private func insert(_ entry: Entry, as sequence: UInt64) throws(JournalError) {
        statements.insert.bind(1, Int64(sequence))
        statements.insert.bind(2, epoch.number)
        statements.insert.bind(3, blob: seal.boot)
        statements.insert.bind(4, entry.bootTime)
        statements.insert.bind(5, entry.wall.milliseconds)
        statements.insert.bind(6, Int64(entry.quality.rawValue))
        statements.insert.bind(7, Int64(entry.event.entryClass.rawValue))
        statements.insert.bind(8, text: seal.kind)
        statements.insert.bind(9, textOrNull: seal.device)
        statements.insert.bind(10, textOrNull: seal.key)
        statements.insert.bind(11, textOrNull: seal.holder)
        statements.insert.bind(12, text: seal.payload)
        statements.insert.bind(13, blob: seal.salt)
        statements.insert.bind(14, blob: seal.commitmentBytes)
        statements.insert.bind(15, blob: seal.digestBytes)
        try statements.insert.run()
    }
}
