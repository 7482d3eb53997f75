// How long a reader may take, how often it is asked, and when patience ends.

import EventLoop

enum CCIDTiming {
    /// An answer to anything: an ACR122U without a card takes up to a second for its slot status.
    static let reply = Interval.seconds(2)
    /// Power-on makes the reader look for the card, select it and ask for its ATS.
    static let powerOn = Interval.seconds(3)
    /// A reader may ask for more time, and more again, but in all no longer than this: without such
    /// a bound a broken reader freezes its driver (LudovicRousseau/CCID #155).
    static let longestReply = Interval.seconds(10)
    /// How often a reader that has no interrupt pipe is asked for a card.
    static let poll = Interval.milliseconds(100)
    /// How often one that has it is asked all the same: notifications get lost.
    static let safetyPoll = Interval.seconds(2)
    /// Before a failed step is tried again.
    static let pause = Interval.milliseconds(50)
    /// The pipe is empty when nothing came for so long.
    static let quiet = Interval.milliseconds(30)
    /// A pipe that is never quiet is not listened to for longer than this.
    static let longestDrain = Interval.milliseconds(500)
    /// A card that comes back within this was never away: removal is told late and unreliably.
    static let rearm = Interval.milliseconds(700)
    /// As `rearm`, while the reader itself was being brought round.
    static let rearmAfterReset = Interval.seconds(3)
    /// How long a freshly read card's own notifications are taken for echoes of reading it.
    static let settling = Interval.milliseconds(300)
    /// How long a reset may take before it is asked for again; doubled each time.
    static let firstReset = Interval.seconds(2)
    static let longestReset = Interval.seconds(32)

    /// Commands in a row without an answer, or starts anew without one, before a reset.
    static let silences = 3
    static let garbles = 3
    /// Answers to nobody's question, per command, before the reader counts as garbled.
    static let stale = 32
    /// How often a card is tried before it is told as unreadable.
    static let attempts = 4
    /// Commands for lights and beeper that may wait.
    static let waiting = 4
}
