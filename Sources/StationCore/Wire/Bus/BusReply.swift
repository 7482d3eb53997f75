// Whether a question is answered at all, and within which time.

/// What follows a question.
public enum BusReply: Sendable, Equatable {
    /// Nothing: a broadcast, or a board that opens a lock and keeps silent.
    case none
    /// An answer, or silence, which is no fault. 0: within the link's own time-out.
    case optional(withinMilliseconds: Int)
    /// An answer. 0: within the link's own time-out.
    case wanted(withinMilliseconds: Int)
}
