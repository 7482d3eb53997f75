// Two people for one door: the first tap waits for another holder's.

public import EventLoop

/// Who has tapped at a door that wants two, and until when another may.
public struct SecondPerson: Sendable, Equatable {
    private var first = ShortText.empty
    private var until = Instant(nanoseconds: 0)

    public init() {}

    /// A holder who may pass has tapped.
    ///
    /// - Returns: who else has, not longer than `time` ago: both are let in, and the next tap is a
    ///   first one again. The same holder's tap begins the time anew.
    public mutating func taps(
        _ holder: ShortText, within time: Interval, at now: Instant
    ) -> ShortText? {
        if !first.isEmpty, first != holder, now < until {
            defer { self = SecondPerson() }
            return first
        }
        first = holder
        until = now + time
        return nil
    }

    /// Who waits is forgotten: the door was locked down or blocked meanwhile.
    public mutating func forget() { self = SecondPerson() }
}
