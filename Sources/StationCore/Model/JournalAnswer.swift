// What the journal tells the core, from another thread or inline in a simulation.

/// An answer of the store to the core's batches.
///
/// | answer | the core's duty |
/// |---|---|
/// | `opened` | none; entries queued since the start were handed over |
/// | `committed` | let go every grant whose ticket is not later; clear `journalFailed` |
/// | `failed` | raise `journalFailed`; grants fall back to their commit deadline |
public enum JournalAnswer: Sendable, Equatable {
    /// The store is open and has taken the entries that waited for it.
    case opened(lastSequence: UInt64)
    /// Everything up to this ticket is on the medium.
    case committed(upTo: Ticket, lastSequence: UInt64)
    /// A batch could not be written; the store tries again or sets itself aside.
    case failed
}
