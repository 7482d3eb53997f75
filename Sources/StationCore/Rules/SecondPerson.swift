// Two people for one door: the first tap waits for another holder's.

public import EventLoop

/// Who has tapped at a door that wants two, and until when another may.
public struct SecondPerson: Sendable, Equatable {
    /// Somebody at the door, who may pass.
    public struct Person: Sendable, Equatable {
        public var holder: ShortText
        /// Their card's; `nil`: they came with a day pass.
        public var form: MatchForm?

        public init(_ holder: ShortText, _ form: MatchForm?) {
            (self.holder, self.form) = (holder, form)
        }
    }

    private var first: Person?
    private var until = Instant(nanoseconds: 0)

    public init() {}

    /// A holder who may pass has tapped.
    ///
    /// - Returns: who else has, not longer than `time` ago: both are let in, and the next tap is a
    ///   first one again. The same holder's tap begins the time anew.
    public mutating func taps(
        _ person: Person, within time: Interval, at now: Instant
    ) -> Person? {
        if let first, first.holder != person.holder, now < until {
            self = SecondPerson()
            return first
        }
        first = person
        until = now + time
        return nil
    }

    /// Who waits is forgotten: the door was locked down or blocked meanwhile.
    public mutating func forget() { self = SecondPerson() }
}
