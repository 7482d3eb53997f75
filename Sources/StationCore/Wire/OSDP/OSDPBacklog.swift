// What a PD saw while nobody asked it: told at its first polls, and over for everybody.
//
//   up ──► [card] [card] [card] ACK ──► live        what it kept, then nothing more
//   up ──► [A] [A] [A] [A] ... [B]                  A lies on it: never live; B is somebody's

import EventLoop

/// Cards and keys that a PD may have kept from before it was back, until it has no more of them.
struct OSDPBacklog: Sendable {
    /// What becomes of something that the PD read.
    enum Verdict: Equatable, Sendable {
        case live
        case stale
    }

    /// The first answer to a poll: before it, nobody could have told the PD to say what it kept.
    private var since: Instant?
    /// What it said last, and how often in a row.
    private var last: OSDPReply?
    private var repetitions = 0
    /// That it never stops has been told.
    private(set) var isTold = false

    /// Takes what a poll was answered with, when that was nothing read.
    mutating func heard(at now: Instant) { since = since ?? now }

    /// Judges what a poll was answered with: a card, or keys.
    ///
    /// Without a pause everything may be from before. Two things together make an exception, so
    /// that a card left lying on the reader locks nobody out: the PD has been saying one and the
    /// same for longer than its memory reaches, and now says something else.
    mutating func judge(_ reply: OSDPReply, at now: Instant) -> Verdict {
        heard(at: now)
        if reply == last {
            repetitions = min(repetitions + 1, OSDPLimits.repetitionsKept)
            return .stale
        }
        if repetitions >= OSDPLimits.repetitionsKept, let since,
            now - since >= OSDPTimings.catchingUp
        {
            // The other one still lies there: it stays what it is.
            return .live
        }
        last = reply
        repetitions = 0
        return .stale
    }

    /// Whether it is now to be told that the PD never stops. Once.
    mutating func isEndless(at now: Instant) -> Bool {
        guard !isTold, let since, now - since >= OSDPTimings.endless else { return false }
        isTold = true
        return true
    }
}
