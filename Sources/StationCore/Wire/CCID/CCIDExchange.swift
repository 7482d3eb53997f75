// One command on its way, and which of all messages is its answer.

import EventLoop

/// The one command that is in flight.
struct CCIDExchange: Sendable {
    enum Purpose: Equatable, Sendable {
        /// Is a card there?
        case status
        case powerOn
        /// GET UID.
        case read
        /// A step of the family's own preparation.
        case prepare
        /// Lights and beeper.
        case signal
    }

    /// What a message is to this command.
    enum Verdict: Equatable, Sendable {
        case answer
        /// An answer to something else, asked long ago or by somebody before us.
        case stale
        /// The reader wants more time, and gets it.
        case extended
        /// So many strangers' answers that the pipe cannot be believed.
        case hopeless
    }

    let purpose: Purpose
    private let answer: CCIDAnswer
    private let slot: UInt8
    private let sequence: UInt8
    /// The answer's time without extensions.
    private let patience: Interval
    /// Time extensions end here.
    private let limit: Instant
    private(set) var deadline: Instant
    private var stale = 0

    init(
        _ purpose: Purpose, _ command: CCIDCommand, slot: UInt8, sequence: UInt8,
        patience: Interval, at now: Instant
    ) {
        self.purpose = purpose
        answer = command.answer
        self.slot = slot
        self.sequence = sequence
        self.patience = patience
        limit = now + max(CCIDTiming.longestReply, patience)
        deadline = now + patience
    }

    mutating func judge(_ reply: CCIDReply, at now: Instant) -> Verdict {
        guard reply.answer == answer, reply.sequence == sequence, reply.slot == slot else {
            stale += 1
            return stale > CCIDTiming.stale ? .hopeless : .stale
        }
        if case .extended(let times) = reply.outcome {
            deadline = min(limit, now + patience * Int64(max(1, times)))
            return .extended
        }
        return .answer
    }
}
