// One order that is given again until it is seen to be done: a valve closed, a lamp lit.
//
//   settled ──want──► wanted ──isDue──► underway ──confirmed, or shown──► settled
//                        ▲ rest, twice as long each time │
//                        └──── failed, unknown, refused ─┘

public import EventLoop

/// An idempotent order and how far it got. It has no outputs: its machine asks `isDue` and then
/// says `perform` itself.
public struct StandingOrder: Sendable, Equatable {
    public enum Limit {
        /// Until it should be confirmed: a question that is repeated twice, and a look. As for
        /// guards (`Guard.Limit.patience`).
        public static let patience = Interval.seconds(3)
        /// Between two attempts; twice as long each time.
        public static let firstRest = Interval.seconds(2)
        public static let longestRest = Interval.seconds(60)
        /// A device that has too much to do is told again after it.
        public static let busyRest = Interval.milliseconds(200)
        /// An answer that never comes is one that was lost.
        public static let answer = Interval.seconds(10)
    }

    /// What counts as done when nothing can show it: the device's word.
    public let trustsWord: Bool
    public private(set) var isDone = true
    private var wantedAt: Instant?
    private var askedAt: Instant?
    private var isUnderway = false
    private var attempts = 0
    private var restsUntil: Instant?

    /// - Parameter trustsWord: nothing shows whether it is done, so `accepted` is enough.
    public init(trustsWord: Bool) { self.trustsWord = trustsWord }

    /// It is wanted from now on; said again, the time for its confirmation begins again.
    public mutating func want(at now: Instant) {
        self = StandingOrder(trustsWord: trustsWord)
        isDone = false
        wantedAt = now
    }

    /// It is wanted no more, done or not.
    public mutating func drop() { self = StandingOrder(trustsWord: trustsWord) }

    /// Whether it is to be given now; then it is underway.
    public mutating func isDue(at now: Instant) -> Bool {
        guard !isDone else { return false }
        if isUnderway, let askedAt, askedAt + Limit.answer <= now { ended(.unknown, at: now) }
        guard !isUnderway, restsUntil.map({ $0 <= now }) ?? true else { return false }
        isUnderway = true
        askedAt = now
        restsUntil = nil
        return true
    }

    public mutating func ended(_ outcome: ActionOutcome, at now: Instant) {
        guard !isDone, isUnderway else { return }
        isUnderway = false
        switch outcome {
        case .confirmed: isDone = true
        case .accepted: if trustsWord { isDone = true } else { rest(at: now) }
        case .failed, .unknown: rest(at: now)
        }
    }

    public mutating func refused(isBusy: Bool, at now: Instant) {
        guard !isDone, isUnderway else { return }
        isUnderway = false
        if isBusy { restsUntil = now + Limit.busyRest } else { rest(at: now) }
    }

    /// A value shows that it is done. Before it was asked for, that is chance.
    public mutating func shown(at now: Instant) {
        guard let askedAt, askedAt < now else { return }
        isDone = true
        isUnderway = false
    }

    /// Its device is there again: nothing to wait for, and its time begins anew.
    public mutating func returned(at now: Instant) {
        guard !isDone else { return }
        isUnderway = false
        wantedAt = now
        restsUntil = now
    }

    /// Whether it should have been confirmed by now.
    public func isLate(at now: Instant) -> Bool {
        guard !isDone, let wantedAt else { return false }
        return wantedAt + Limit.patience <= now
    }

    /// The next moment after `now` at which `isDue` or `isLate` changes by itself.
    public func nextDeadline(after now: Instant) -> Instant? {
        guard !isDone else { return nil }
        var next = isUnderway ? askedAt.map { $0 + Limit.answer } : restsUntil
        if let wantedAt, now < wantedAt + Limit.patience {
            next = Instant.earlier(next, wantedAt + Limit.patience)
        }
        return next
    }

    private mutating func rest(at now: Instant) {
        let doublings = Int64(min(attempts, 5))
        attempts += 1
        restsUntil = now + min(Limit.longestRest, Limit.firstRest * (1 << doublings))
    }
}
