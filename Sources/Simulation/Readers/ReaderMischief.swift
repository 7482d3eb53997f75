// What can be wrong with a reader on a channel, or with its cable.

public import EventLoop

/// One way in which a simulated reader misbehaves, once.
public struct ReaderMischief: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The right answer, too late.
        case late
        /// The right answer without its end.
        case cut
        /// An answer to another question.
        case wrongSequence
        /// It refuses: a failed status, an error frame, a NAK.
        case refusal
        /// Some of its bytes are wrong.
        case garbled
        /// It says nothing for a while.
        case deaf
        /// It loses its power, comes back, and loses it again while it is being set up.
        case resetInHandshake
        /// Its plug comes out in the middle of an answer.
        case unplug
    }

    public var kind: Kind
    /// How much too late, or how long deaf.
    public var span: Interval

    public init(_ kind: Kind, _ span: Interval = .zero) {
        self.kind = kind
        self.span = span
    }

    /// What it breaks, a station has mended so long after it.
    var recovery: Interval {
        switch kind {
        // The same question once more.
        case .late, .refusal, .garbled: span + .seconds(2)
        // A reply time-out, and the pipe read empty.
        case .cut, .wrongSequence: .seconds(4)
        // Three time-outs, a reset or a back-off, and the set-up.
        case .deaf: span + .seconds(9)
        // What `ReaderTwin.backAgain` allows, once it is plugged in again.
        case .resetInHandshake, .unplug: .seconds(2)
        }
    }

    /// One of a kind, as long as `chance` has it.
    static func drawn(_ kind: Kind, _ chance: inout SplitMix64) -> ReaderMischief {
        switch kind {
        case .late: ReaderMischief(kind, .milliseconds([150, 400, 800][chance.below(3)]))
        case .deaf: ReaderMischief(kind, chance.between(.milliseconds(300), .seconds(9)))
        case .cut, .wrongSequence, .refusal, .garbled, .resetInHandshake, .unplug:
            ReaderMischief(kind)
        }
    }
}
