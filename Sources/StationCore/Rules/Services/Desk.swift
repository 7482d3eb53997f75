// A desk: a reader that moves nothing. A tap records one act: a meal, a haircut, a parcel.

public import EventLoop

/// Records acts, each of which can be taken back for a minute.
public struct Desk: Sendable {
    public enum Limit {
        /// So long an act can be taken back, by the same key or a master.
        public static let undo = Interval.seconds(60)
        /// A card that is held twice within so long wants one meal, and does not take it back.
        public static let again = Interval.seconds(3)
        /// Acts that can be taken back at once: nobody serves more people in a minute. Beyond it
        /// the oldest stands.
        public static let pending = 32
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began([RunningUse])
        /// Records the act; from the same key within `Limit.undo` it takes it back.
        case tapped(UseOwner)
        /// Takes back what this key recorded within `Limit.undo`, and records nothing.
        case takenBack(UseOwner)
        /// A master takes back that key's last act; `nil`: the last one of all.
        case undo(ShortText?, by: UseOwner)
        case service(isOpen: Bool)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        /// Recorded; the person is told how to take it back.
        case began(UseOwner)
        /// It stands (`ended`, once), or was taken back (`stopped`, none).
        case ended(FinishedUse)
        case undone(UseOwner, by: UseOwner)
        /// The card was held twice: once is enough.
        case repeated
        case refused(Refusal)
    }

    public enum Refusal: UInt8, Error, Sendable, CaseIterable {
        case serviceClosed = 0
        /// There is nothing that could be taken back.
        case nothingToUndo = 1
        case starting = 2
    }

    /// What can be taken back still, oldest first; for the snapshot as well.
    public private(set) var kept: [RunningUse] = []
    private var hasBegun = false
    private var isServing = false

    public init() {}

    public var nextDeadline: Instant? { kept.first.map { $0.since + Limit.undo } }

    public var condition: ServiceCondition { hasBegun ? .working : .outOfOrder(.starting) }

    /// Advances the desk by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        settle(at: now, &outputs)
        switch input {
        case .began(let acts):
            guard !hasBegun else { break }
            hasBegun = true
            kept = acts.suffix(Limit.pending).sorted { $0.since < $1.since }
            settle(at: now, &outputs)
        case .service(let isOpen): isServing = isOpen
        case .tapped(let owner): tap(owner, at: now, &outputs)
        case .takenBack(let owner): _ = takeBack(of: owner, at: now, &outputs)
        case .undo(let key, let owner): undo(key, by: owner, &outputs)
        case .deadline: break
        }
        return outputs
    }

    /// What can be taken back no longer stands.
    private mutating func settle(at now: Instant, _ outputs: inout [Output]) {
        while let act = kept.first, act.since + Limit.undo <= now {
            kept.removeFirst()
            end(act, .ended, .once, &outputs)
        }
    }

    private mutating func tap(_ owner: UseOwner, at now: Instant, _ outputs: inout [Output]) {
        if takeBack(of: owner, at: now, &outputs) { return }
        guard hasBegun, isServing else {
            return outputs.append(.refused(hasBegun ? .serviceClosed : .starting))
        }
        if kept.count == Limit.pending { end(kept.removeFirst(), .ended, .once, &outputs) }
        kept.append(RunningUse(owner, since: now))
        outputs.append(.began(owner))
    }

    /// Returns whether there was anything of that key's, taken back now or just recorded.
    private mutating func takeBack(
        of owner: UseOwner, at now: Instant, _ outputs: inout [Output]
    ) -> Bool {
        guard !owner.key.isEmpty, let place = kept.lastIndex(where: { $0.owner.key == owner.key })
        else { return false }
        if now < kept[place].since + Limit.again {
            outputs.append(.repeated)
        } else {
            takeBack(place, by: owner, &outputs)
        }
        return true
    }

    private mutating func undo(
        _ key: ShortText?, by owner: UseOwner, _ outputs: inout [Output]
    ) {
        let place = kept.lastIndex { key == nil || $0.owner.key == key }
        guard let place else { return outputs.append(.refused(.nothingToUndo)) }
        takeBack(place, by: owner, &outputs)
    }

    private mutating func takeBack(
        _ place: Int, by owner: UseOwner, _ outputs: inout [Output]
    ) {
        let act = kept.remove(at: place)
        outputs.append(.undone(act.owner, by: owner))
        end(act, .stopped, UsageAmount(0, .times), &outputs)
    }

    private func end(
        _ act: RunningUse, _ end: UseEnd, _ amount: UsageAmount, _ outputs: inout [Output]
    ) {
        outputs.append(
            .ended(
                FinishedUse(act.owner, since: act.since, until: act.since, amount: amount, end: end)
            ))
    }
}
