// What a checker says when the core did something that it must never do.

public import EventLoop

/// A broken rule, with the time and the circumstances.
public struct Violation: Sendable, Equatable {
    /// The rules that hold at every tick.
    public enum Rule: String, Sendable, CaseIterable {
        /// A lock was freed without a grant, a press, or a command behind it.
        case releaseWithoutCause
        /// A lock was freed for a grant that was neither committed nor past its patience.
        case releaseBeforeCommit
        /// A release says that it was durable when it was not, or the other way round.
        case undurableUntold
        /// A grant's entry did not come before its release.
        case releaseBeforeGrant
        /// A key was let through that was not there, or that must not be.
        case grantWithoutCard
        /// A known card on whole wires got no answer.
        case tapWithoutAnswer
        /// A card or a code at a sound reader, and the reader did not sound.
        case riderWithoutAnswer
        /// One card, held once to a sound reader, was let in twice.
        case tapDoubled
        /// A reader was plugged in again, and is not asked for cards two seconds later.
        case readerNotBack
        /// A reader is unplugged, and the station does not say so.
        case absenceUntold
        /// A day pass opened a door that nobody issued, or that was not shown there.
        case passForged
        /// A day pass opened doors more often than it says.
        case passOverused
        /// A telephone that was held once before a scanner was two uses.
        case passDoubled
        /// Two uses of a day pass have one number.
        case passNumberTwice
        /// A forced door that nobody forced.
        case alarmWithoutCause
        /// The journal's sequence has a gap, or its chain does not hold.
        case journalBroken
        /// Fewer entries in the journal than were handed over and not told as lost.
        case entriesMissing
        /// An entry is in the journal twice.
        case entriesDoubled
        /// A restarted station's doors do not stand as the snapshot on the disk has them.
        case modeForgotten
        /// A door was unlocked out of its hours, or locked in them, by the schedule.
        case hoursIgnored
        /// A box with somebody's things opened for somebody else.
        case boxOfAnother
        /// Somebody has things in a box and does not get at them.
        case thingsTrapped
        /// Power is drawn at a socket that nobody uses, longer than an order needs.
        case energyWithoutSession
        /// Water runs and nobody uses the tap, longer than a valve needs.
        case waterWithoutUse
        /// More water ran than was asked for, a pulse, and what a valve needs to shut.
        case tooMuchWater
        /// Nobody comes any more, and a valve is open or a socket on.
        case neverSecured
        /// The journal's totals are not what people did.
        case usageWrong
        /// A queue grew past its bound.
        case queueOverBound
        /// Time did not go on.
        case stoodStill
        /// After the faults stopped: a door is not secured, a device not attached, a fault stands.
        case notConverged
    }

    public var rule: Rule
    public var at: Instant
    public var what: String

    public init(_ rule: Rule, at: Instant, _ what: String) {
        self.rule = rule
        self.at = at
        self.what = what
    }

    public var description: String {
        "\(rule.rawValue) at \(at.nanoseconds / 1_000_000) ms: \(what)"
    }
}
