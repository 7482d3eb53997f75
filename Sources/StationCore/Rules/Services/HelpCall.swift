// The help button: a bell at once, then one person after the other until somebody accepts.
//
//   idle ──pressed──► asking(0) ──no answer──► asking(1) ─ ... ─► nobody ──rest──► asking(0)
//                        │ somebody accepts, whoever it is                 │
//                        ▼                                                 ▼
//                     accepted ──done──► idle          (any) ──cancelled, or 2 h──► idle
//                        └── has not come in time ──► asking(next)
//
// Help is coming only when a person has said so: that a message was sent, or shown on a screen, is
// not that. So `Shown.accepted` has one way in, and it is `Input.accepted`.

public import EventLoop

/// One help button of a station with its list of people.
///
/// | output | the caller's duty |
/// |---|---|
/// | `perform` | the local bell rings, or is silent; `ended` or `refused` comes back |
/// | `ask` | tells that person of the list; `reached`, `accepted` or `declined` may come back |
/// | `shows` | the rider's line, with the telephone number where it says so |
public struct HelpCall: Sendable {
    /// Every default, with its reason.
    public enum Limit {
        /// A person has so long to answer: to hear a phone, take it out, and read.
        public static let answer = Interval.seconds(60)
        /// After the last of the list it begins anew.
        public static let rest = Interval.seconds(60)
        /// Whoever accepted is there by then, or the list goes on; on top of what they promised.
        public static let arrival = Interval.seconds(900)
        /// Nobody waits for longer.
        public static let longest = Interval.seconds(7_200)
        /// Whoever presses again rings again, but not with every press.
        public static let ringAgain = Interval.seconds(5)
        /// What a person may promise, in minutes.
        public static let minutes = 0...240
        /// People on a list.
        public static let people = ServiceKind.helpers
    }

    public struct Settings: Equatable, Sendable {
        /// How many people the list has, at most `Limit.people`.
        public var people: Int
        public var answer: Interval
        public var rest: Interval
        public var arrival: Interval

        public init(
            people: Int, answer: Interval = Limit.answer, rest: Interval = Limit.rest,
            arrival: Interval = Limit.arrival
        ) {
            self.people = min(max(0, people), Limit.people)
            self.answer = answer
            self.rest = rest
            self.arrival = arrival
        }
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        case pressed(UseOwner)
        /// Whether anybody off site can be told.
        case online(Bool)
        /// A message has arrived at that person. It is no answer.
        case reached(person: Int)
        /// A person says: I come. At any time, whoever is being asked.
        case accepted(person: Int, minutes: Int?)
        case declined(person: Int)
        /// Help was there.
        case done
        /// The rider, or a person with that right, ends the call.
        case cancelled
        case ended(Order, ActionOutcome)
        case refused(Order, isBusy: Bool)
        /// The bell's device answers again.
        case bellReturned
        case deadline
    }

    public enum Order: UInt8, Sendable, CaseIterable {
        case ring = 0
        case hush = 1
    }

    public enum Output: Sendable, Equatable {
        case perform(Order)
        case ask(person: Int)
        /// That person is not asked any more: somebody else comes, or nobody has to.
        case recall(person: Int)
        case began(UseOwner)
        case ended(FinishedUse)
        case told(Step)
        case shows(Shown)
        /// The bell does not ring. Crew: see the bell.
        case raised
        case cleared
    }

    public enum Step: Sendable, Equatable {
        case asked(person: Int)
        case reached(person: Int)
        case declined(person: Int)
        case noAnswer(person: Int)
        case accepted(person: Int, minutes: Int?)
        /// Accepted, and not there in time: the list goes on.
        case overdue(person: Int)
        /// Nobody of the whole list answered.
        case nobody
        case pressedAgain
        case recalled
    }

    /// What the rider sees.
    public enum Shown: Sendable, Equatable {
        case idle
        /// It rings here, and that person is being looked for.
        case asking(person: Int)
        /// It rings here, and nobody off site can be told: a telephone number, and 120.
        case offline
        /// Nobody answered: a telephone number, and 120.
        case nobody
        /// A person said so.
        case accepted(person: Int, minutes: Int?)
    }

    /// What outlives the process during a call.
    public struct Kept: Sendable, Equatable {
        public var owner: UseOwner
        /// Both in the clock of the run that recalls it.
        public var since: Instant
        public var stage: Stage

        public init(owner: UseOwner, since: Instant, stage: Stage) {
            self.owner = owner
            self.since = since
            self.stage = stage
        }
    }

    public enum Stage: Sendable, Equatable {
        case asking(person: Int, since: Instant)
        /// The list is through, or nobody is on it.
        case resting(since: Instant)
        case accepted(person: Int, minutes: Int?, since: Instant)
    }

    public let settings: Settings
    public private(set) var kept: Kept?
    public private(set) var shown = Shown.idle
    private var hasBegun = false
    /// Who pressed before it was known whether a call goes on: the bell does not wait for that.
    private var early: UseOwner?
    public private(set) var isOnline = false
    private var bell = StandingOrder(trustsWord: true)
    private var bellOrder = Order.hush
    private var rangAt: Instant?
    private var isBellFaulty = false
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) { self.settings = settings }

    /// Whose call goes on; `nil`: nobody calls.
    public var owner: UseOwner? { kept?.owner ?? early }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        return isBellFaulty ? .degraded(.deviceFailed) : .working
    }

    /// Advances the call by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept): begin(kept, at: now, &outputs)
        case .pressed(let owner): press(owner, at: now, &outputs)
        case .online(let isOnline): reconnect(isOnline, at: now, &outputs)
        case .reached(let person):
            if kept != nil { outputs.append(.told(.reached(person: person))) }
        case .accepted(let person, let minutes): accept(person, minutes, at: now, &outputs)
        case .declined(let person): decline(person, at: now, &outputs)
        case .done: finish(.ended, at: now, &outputs)
        case .cancelled: finish(.stopped, at: now, &outputs)
        case .ended(let order, let outcome): if order == bellOrder { bell.ended(outcome, at: now) }
        case .refused(let order, let isBusy):
            if order == bellOrder { bell.refused(isBusy: isBusy, at: now) }
        case .bellReturned: bell.returned(at: now)
        case .deadline: break
        }
        judge(at: now, &outputs)
        show(&outputs)
        nextDeadline = deadline(after: now)
        return outputs
    }

    // MARK: The call

    private mutating func begin(_ kept: Kept?, at now: Instant, _ outputs: inout [Output]) {
        guard !hasBegun else { return }
        hasBegun = true
        recall(kept, at: now, &outputs)
        if let owner = early.take() { press(owner, at: now, &outputs) }
    }

    private mutating func recall(_ kept: Kept?, at now: Instant, _ outputs: inout [Output]) {
        guard var kept else { return }
        // The list may be shorter now, and whoever is asked was perhaps never told.
        switch kept.stage {
        case .asking(let person, _) where person < settings.people:
            kept.stage = .asking(person: person, since: now)
            self.kept = kept
            if isOnline { ask(person, at: now, &outputs) }
        case .asking:
            kept.stage = .resting(since: now)
            self.kept = kept
        case .resting, .accepted: self.kept = kept
        }
        outputs.append(.told(.recalled))
        if case .accepted = kept.stage { return }
        ring(.ring, at: now)
    }

    private mutating func press(_ owner: UseOwner, at now: Instant, _ outputs: inout [Output]) {
        guard hasBegun else {
            early = owner
            return ring(.ring, at: now)
        }
        let isNew = kept == nil
        guard isNew || (rangAt.map { $0 + Limit.ringAgain <= now } ?? true) else {
            return
        }
        ring(.ring, at: now)
        guard isNew else { return outputs.append(.told(.pressedAgain)) }
        outputs.append(.began(owner))
        kept = Kept(owner: owner, since: now, stage: .resting(since: now))
        askFirst(at: now, &outputs)
    }

    private mutating func askFirst(at now: Instant, _ outputs: inout [Output]) {
        if settings.people > 0 { ask(0, at: now, &outputs) }
    }

    private mutating func ask(_ person: Int, at now: Instant, _ outputs: inout [Output]) {
        // Nobody is said to be asked who cannot be.
        guard isOnline else {
            kept?.stage = .resting(since: now)
            return
        }
        kept?.stage = .asking(person: person, since: now)
        outputs.append(.ask(person: person))
        outputs.append(.told(.asked(person: person)))
    }

    private mutating func askNext(
        after person: Int, at now: Instant, _ outputs: inout [Output]
    ) {
        guard person + 1 < settings.people else {
            kept?.stage = .resting(since: now)
            outputs.append(.told(.nobody))
            return
        }
        ask(person + 1, at: now, &outputs)
    }

    /// Whoever can be told again is told at once: nobody waits for a rest that was for want of a
    /// line.
    private mutating func reconnect(
        _ isOnline: Bool, at now: Instant, _ outputs: inout [Output]
    ) {
        let isNews = isOnline && !self.isOnline
        self.isOnline = isOnline
        guard isNews, let kept else { return }
        switch kept.stage {
        case .asking(let person, _): ask(person, at: now, &outputs)
        case .resting: askFirst(at: now, &outputs)
        case .accepted: break
        }
    }

    private mutating func accept(
        _ person: Int, _ minutes: Int?, at now: Instant, _ outputs: inout [Output]
    ) {
        guard let kept, (0..<settings.people).contains(person) else { return }
        if case .accepted(let coming, _, _) = kept.stage {
            // One comes already; another one is told so. Who says it again comes all the same.
            if person != coming { outputs.append(.recall(person: person)) }
            // The rider may have pressed again meanwhile.
            if bellOrder == .ring { ring(.hush, at: now) }
            return
        }
        let minutes = minutes.map(Self.bounded)
        if case .asking(let asked, _) = kept.stage, asked != person {
            outputs.append(.recall(person: asked))
        }
        self.kept?.stage = .accepted(person: person, minutes: minutes, since: now)
        outputs.append(.told(.accepted(person: person, minutes: minutes)))
        ring(.hush, at: now)
    }

    private static func bounded(_ minutes: Int) -> Int {
        min(max(Limit.minutes.lowerBound, minutes), Limit.minutes.upperBound)
    }

    private mutating func decline(
        _ person: Int, at now: Instant, _ outputs: inout [Output]
    ) {
        guard let kept else { return }
        switch kept.stage {
        case .asking(person, _): break
        case .accepted(person, _, _): ring(.ring, at: now)
        case .asking, .resting, .accepted: return
        }
        outputs.append(.told(.declined(person: person)))
        askNext(after: person, at: now, &outputs)
    }

    private mutating func finish(_ end: UseEnd, at now: Instant, _ outputs: inout [Output]) {
        guard let call = kept else { return }
        if case .asking(let person, _) = call.stage { outputs.append(.recall(person: person)) }
        if case .accepted(let person, _, _) = call.stage, end != .ended {
            outputs.append(.recall(person: person))
        }
        kept = nil
        ring(.hush, at: now)
        outputs.append(
            .ended(
                FinishedUse(call.owner, since: call.since, until: now, amount: .once, end: end)))
    }

    // MARK: Time, bell and screen

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        if let call = kept {
            if call.since + Limit.longest <= now {
                finish(.timeLimit, at: now, &outputs)
            } else if let due = stageDeadline(call.stage), due <= now {
                expire(call.stage, at: now, &outputs)
            }
        }
        if bell.isDue(at: now) { outputs.insert(.perform(bellOrder), at: 0) }
        let isFaulty = bellOrder == .ring && bell.isLate(at: now)
        if isFaulty != isBellFaulty, isFaulty || bell.isDone {
            isBellFaulty = isFaulty
            outputs.append(isFaulty ? .raised : .cleared)
        }
    }

    private func stageDeadline(_ stage: Stage) -> Instant? {
        switch stage {
        case .asking(_, let since): since + settings.answer
        case .resting(let since): settings.people > 0 ? since + settings.rest : nil
        case .accepted(_, let minutes, let since):
            since + .seconds(60 * Int64(Self.bounded(minutes ?? 0))) + settings.arrival
        }
    }

    private mutating func expire(
        _ stage: Stage, at now: Instant, _ outputs: inout [Output]
    ) {
        switch stage {
        case .asking(let person, _):
            outputs.append(.told(.noAnswer(person: person)))
            askNext(after: person, at: now, &outputs)
        case .resting: askFirst(at: now, &outputs)
        case .accepted(let person, _, _):
            outputs.append(.told(.overdue(person: person)))
            ring(.ring, at: now)
            askNext(after: person, at: now, &outputs)
        }
    }

    private mutating func ring(_ order: Order, at now: Instant) {
        if order == .ring { rangAt = now }
        bellOrder = order
        bell.want(at: now)
    }

    private mutating func show(_ outputs: inout [Output]) {
        let next: Shown =
            switch kept?.stage {
            case nil: .idle
            case .accepted(let person, let minutes, _)?:
                .accepted(person: person, minutes: minutes)
            case .asking(let person, _)?: isOnline ? .asking(person: person) : .offline
            case .resting?: isOnline || settings.people == 0 ? .nobody : .offline
            }
        guard next != shown else { return }
        shown = next
        outputs.append(.shows(next))
    }

    private func deadline(after now: Instant) -> Instant? {
        var next = bell.nextDeadline(after: now)
        if let kept {
            next = Instant.earlier(next, kept.since + Limit.longest)
            next = Instant.earlier(next, stageDeadline(kept.stage))
        }
        return next
    }
}
