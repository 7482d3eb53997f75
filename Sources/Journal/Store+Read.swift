// Reading entries in slices that never keep a commit waiting.

import EventLoop

extension Store {
    /// Entries after a cursor, at most `limit` and at most `sliceRows`, in at most `sliceTime`.
    ///
    /// A cursor of a store that this file does not know starts at the beginning, one beyond the end
    /// stays there, and the slice says so. At least one entry is returned when there is one.
    public mutating func read(after cursor: Cursor?, limit: Int) throws(JournalError) -> Slice {
        let start = position(of: cursor)
        let rows = min(max(limit, 1), Self.sliceRows)
        var slice = Slice(
            entries: [], next: Cursor(store: storeID(at: start), sequence: start),
            lastSequence: head.sequence, isContinued: canGoOn(from: cursor))
        guard start < head.sequence else { return slice }
        slice.entries.reserveCapacity(min(rows, Int(clamping: head.sequence - start)))
        let end = settings.now() + Self.sliceTime
        statements.slice.bind(1, Int64(start + 1))
        statements.slice.bind(2, .max)
        statements.slice.bind(3, Int64(rows))
        defer { statements.slice.reset() }
        while try statements.slice.step() {
            let id = storeID(epoch: statements.slice.integer(1))
            let entry = StoredEntry(statements.slice, store: id)
            slice.next = Cursor(store: id, sequence: entry.sequence)
            slice.entries.append(entry)
            if slice.entries.count % 8 == 0, settings.now() >= end { break }
        }
        return slice
    }

    /// Whether a reader may go on where it was. Beyond the end of the latest epoch it may not: this
    /// file is an older copy of the one that the reader knows.
    private func canGoOn(from cursor: Cursor?) -> Bool {
        guard let cursor else { return true }
        guard epochs.contains(where: { $0.id == cursor.store }) else { return false }
        return cursor.store != epochs.last?.id || cursor.sequence <= head.sequence
    }

    /// The sequence that a cursor stands on in this file.
    private func position(of cursor: Cursor?) -> UInt64 {
        guard let cursor, let index = epochs.firstIndex(where: { $0.id == cursor.store })
        else { return 0 }
        // A reader may have seen entries of an earlier epoch that the medium then lost.
        let last = index + 1 < epochs.count ? epochs[index + 1].first - 1 : head.sequence
        return min(cursor.sequence, last)
    }

    private func storeID(at sequence: UInt64) -> StoreID {
        (epochs.last { $0.first <= sequence } ?? epochs[0]).id
    }

    /// An epoch that the file does not list gives an id of zeros, which no store has.
    func storeID(epoch number: Int64) -> StoreID {
        epochs.first { $0.number == number }?.id ?? StoreID(bits: 0)
    }
}
