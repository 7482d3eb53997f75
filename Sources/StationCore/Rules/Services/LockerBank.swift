// A bank of lockers: who gets which box, and what a tap means there.
//
//   tap ── holds a box ── had it opened, and it is open for a while ──► closing it ends the use
//    │         └── closed, or open and nobody knows why ──► it opens again
//    └── holds none ── may use it ── one is free ──► it is theirs, and opens
//                           │            └─ none ──► full
//                           └── had one within half an hour, and it is nobody's still ──► that
//                               one opens once more, whatever became of their key

public import EventLoop

/// The rules of a bank: at most one box a holder.
public struct LockerBank: Sendable {
    /// More boxes than one bank of lock boards carries.
    public static let capacity = 255

    /// What a tap means. Nothing has happened yet: the caller writes it down first.
    public enum Answer: Sendable, Equatable {
        /// A free box becomes theirs.
        case assign(unit: Int)
        /// Theirs opens again; `isLast`: closing it ends the use.
        case reopen(unit: Int, isLast: Bool)
        /// Theirs is being opened.
        case wait(unit: Int)
        /// Their door is open: when they close it the use ends.
        case end(unit: Int)
        case refused(Denial)
    }

    /// Who had a box last.
    public struct Former: Sendable, Equatable {
        public var owner: UseOwner
        /// When it was closed for good.
        public var at: Instant

        public init(owner: UseOwner, at: Instant) {
            self.owner = owner
            self.at = at
        }
    }

    public private(set) var boxes: [Compartment]
    public private(set) var former: [Former?]

    public init(_ settings: [Compartment.Settings]) {
        boxes = settings.map { Compartment($0) }
        former = Array(repeating: nil, count: settings.count)
    }

    /// The box that somebody has: by holder, where a key has one, else by the key.
    public func box(of owner: UseOwner) -> Int? {
        boxes.firstIndex { $0.owner.map(owner.isSamePerson) ?? false }
    }

    /// What a tap means.
    ///
    /// - Parameters:
    ///   - denial: why the holder may not begin a use; `nil`: they may.
    ///   - mayEmpty: their own things they get all the same. A key that was reported lost does not.
    public func answer(
        _ owner: UseOwner, denial: Denial?, mayEmpty: Bool, at now: Instant
    ) -> Answer {
        if let unit = box(of: owner) {
            if let denial, !mayEmpty { return .refused(denial) }
            let box = boxes[unit]
            if box.isOpening || box.isJustOpened(at: now) { return .wait(unit: unit) }
            if box.mayEnd(at: now) { return .end(unit: unit) }
            return .reopen(unit: unit, isLast: denial != nil)
        }
        let last = lastBox(of: owner, at: now)
        if let last, boxes[last].isOpening { return .wait(unit: last) }
        guard let denial else {
            // What they left in it comes first.
            if let last, boxes[last].holdsForgotten { return .reopen(unit: last, isLast: true) }
            let unit = last.flatMap { boxes[$0].isFree ? $0 : nil } ?? longestFree
            return unit.map { .assign(unit: $0) } ?? .refused(Denial.lockersFull)
        }
        // What was forgotten an hour ago may be somebody else's by now; a minute ago it is not.
        guard mayEmpty, let last else { return .refused(denial) }
        return .reopen(unit: last, isLast: true)
    }

    /// The box that somebody had within half an hour, and that is nobody's now.
    private func lastBox(of owner: UseOwner, at now: Instant) -> Int? {
        former.indices.first { unit in
            guard let last = former[unit], boxes[unit].owner == nil, boxes[unit].isKnown else {
                return false
            }
            return owner.isSamePerson(as: last.owner) && now <= last.at + Compartment.Limit.second
        }
    }

    /// The free box that has been free longest: who forgot something finds it, and locks wear
    /// evenly.
    private var longestFree: Int? {
        var best: Int?
        for unit in boxes.indices where boxes[unit].isFree {
            guard let at = former[unit]?.at else { return unit }
            if let known = best, let other = former[known]?.at, other <= at { continue }
            best = unit
        }
        return best
    }

    /// How many boxes may be given to somebody now.
    public var free: Int { boxes.count { $0.isFree } }

    /// One box takes an input.
    public mutating func handle(
        _ input: Compartment.Input, unit: Int, at now: Instant
    ) -> Outputs<Compartment.Output> {
        let outputs = boxes[unit].handle(input, at: now)
        for place in 0..<outputs.count {
            // One that did not open was nobody's.
            if case .ended(let end, let owner, _) = outputs[place], end.wasUsed {
                former[unit] = Former(owner: owner, at: now)
            }
        }
        return outputs
    }

    /// What the run before knew of who had a box last.
    public mutating func recalled(_ last: Former, of unit: Int) { former[unit] = last }

    public var nextDeadline: Instant? {
        var next: Instant?
        for unit in boxes.indices { next = Instant.earlier(next, boxes[unit].nextDeadline) }
        return next
    }
}
