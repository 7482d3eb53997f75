// A cabinet for all: first aid, books, supplies. Who opened it, and is it closed and full?
//
//   closed ──tap or code──► awaited ──opens──► open ──closes──► closed
//     └──────────── opens by itself: anonymous, or forced where it has a lock ──┘

public import EventLoop

/// One cabinet with a contact, with or without a lock.
public struct Cabinet: Sendable {
    /// Every default, with its reason.
    public enum Limit {
        /// Whoever tapped opens it within so long, or does not.
        public static let window = Interval.seconds(10)
        /// Stands open: a hand needs less.
        public static let leftOpen = Interval.seconds(120)
        /// A contact that was closed bounces for so long: 5 to 20 ms, and a board's next answer.
        public static let bounce = Interval.milliseconds(100)
        /// What is open then was opened: a board that has nothing to tell is asked every second.
        public static let settle = Interval.milliseconds(1_500)
    }

    public struct Settings: Equatable, Sendable {
        /// It opens by its lock only: opened without, it was forced.
        public var hasLock: Bool
        public var window: Interval
        public var leftOpen: Interval
        /// After so many uses it wants to be filled up; `nil`: somebody says so.
        public var restockAfter: Int64?

        public init(
            hasLock: Bool, window: Interval = Limit.window, leftOpen: Interval = Limit.leftOpen,
            restockAfter: Int64? = nil
        ) {
            self.hasLock = hasLock
            self.window = window
            self.leftOpen = leftOpen
            self.restockAfter = restockAfter
        }
    }

    public enum Input: Sendable, Equatable {
        /// The run began; this is what the run before kept.
        case began(Kept?)
        /// A tap or a code that may open it.
        case asked(UseOwner)
        /// `nil`: the contact says nothing.
        case contact(isClosed: Bool?)
        /// A master says that it is to be filled up, or that it was.
        case restock(isDue: Bool, by: UseOwner)
        case service(isOpen: Bool)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        /// Its lock is self-timed: once is enough, and it is never given again by itself.
        case unlock
        case began(UseOwner)
        case ended(FinishedUse)
        /// Nobody opened it after all.
        case notOpened(UseOwner)
        case restocked(by: UseOwner)
        case raised(Fault)
        case cleared(Fault)
        case refused(Refusal)
    }

    public enum Fault: UInt8, Sendable, CaseIterable {
        /// Crew: close it.
        case leftOpen = 0
        /// It has a lock, and was opened without. Crew: see lock and content.
        case forced = 1
        /// Crew: fill it up, then say so.
        case restockDue = 2
    }

    public enum Refusal: UInt8, Error, Sendable, CaseIterable {
        case serviceClosed = 0
        case starting = 1
    }

    /// What outlives the process.
    public struct Kept: Sendable, Equatable {
        public var use: RunningUse?
        /// Uses since it was filled up.
        public var uses: Int64
        public var isRestockDue: Bool

        public init(use: RunningUse? = nil, uses: Int64 = 0, isRestockDue: Bool = false) {
            self.use = use
            self.uses = uses
            self.isRestockDue = isRestockDue
        }
    }

    public let settings: Settings
    public private(set) var kept = Kept()
    private var hasBegun = false
    private var isServing = false
    private var contact: Bool?
    /// Who may open it now, and until when.
    private var awaited: (owner: UseOwner, until: Instant)?
    /// The use is the run before's, and nothing has shown yet that it goes on.
    private var isRecalled = false
    private var isLeftOpen = false
    private var isForced = false
    private var closedAt: Instant?
    /// It was seen open so soon after it was closed that its contact may only have bounced.
    private var doubtedSince: Instant?
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) { self.settings = settings }

    public var isOpen: Bool? { contact.map { !$0 } }

    public var condition: ServiceCondition {
        if !hasBegun { return .outOfOrder(.starting) }
        if kept.isRestockDue { return .degraded(.restockDue) }
        if isLeftOpen { return .degraded(.leftOpen) }
        return contact == nil ? .degraded(.meterMissing) : .working
    }

    /// Advances the cabinet by one input.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        switch input {
        case .began(let kept): begin(kept, &outputs)
        case .asked(let owner): ask(owner, at: now, &outputs)
        case .contact(let isClosed): see(isClosed, at: now, &outputs)
        case .restock(let isDue, let owner): restock(isDue, by: owner, &outputs)
        case .service(let isOpen): isServing = isOpen
        case .deadline: break
        }
        judge(at: now, &outputs)
        let leftOpen = isLeftOpen ? nil : kept.use.map { $0.since + settings.leftOpen }
        nextDeadline = Instant.earlier(awaited?.until, isRecalled ? nil : leftOpen)
        nextDeadline = Instant.earlier(nextDeadline, doubtedSince.map { $0 + Limit.settle })
        return outputs
    }

    private mutating func begin(_ kept: Kept?, _ outputs: inout [Output]) {
        guard !hasBegun else { return }
        hasBegun = true
        self.kept = kept ?? Kept()
        isRecalled = self.kept.use != nil
        if self.kept.isRestockDue { outputs.append(.raised(.restockDue)) }
    }

    private mutating func ask(_ owner: UseOwner, at now: Instant, _ outputs: inout [Output]) {
        guard hasBegun, isServing else {
            return outputs.append(.refused(hasBegun ? .serviceClosed : .starting))
        }
        if settings.hasLock { outputs.append(.unlock) }
        guard kept.use == nil else { return }
        if let awaited, !owner.isSamePerson(as: awaited.owner) {
            outputs.append(.notOpened(awaited.owner))
        }
        awaited = (owner, now + settings.window)
    }

    private mutating func see(
        _ isClosed: Bool?, at now: Instant, _ outputs: inout [Output]
    ) {
        let wasClosed = contact
        contact = isClosed
        if isClosed != false { doubtedSince = nil }
        guard hasBegun, let isClosed else { return }
        if isClosed {
            if wasClosed == false { closedAt = now }
            close(at: now, &outputs)
        } else if kept.use != nil {
            isRecalled = false
        } else if wasClosed == true, awaited == nil,
            closedAt.map({ now < $0 + Limit.bounce }) ?? false
        {
            doubtedSince = now
        } else if wasClosed != false {
            // At a start an open door is a fact, not a deed.
            open(isForced: settings.hasLock && wasClosed == true, at: now, &outputs)
        }
    }

    private mutating func open(
        isForced: Bool, at now: Instant, _ outputs: inout [Output]
    ) {
        let owner = awaited?.owner ?? .somebody
        kept.use = RunningUse(owner, since: now)
        kept.uses = kept.uses.addingSaturating(1)
        outputs.append(.began(owner))
        if isForced, awaited == nil {
            self.isForced = true
            outputs.append(.raised(.forced))
        }
        awaited = nil
        if let limit = settings.restockAfter, limit <= kept.uses { due(&outputs) }
    }

    private mutating func close(at now: Instant, _ outputs: inout [Output]) {
        if isLeftOpen { outputs.append(.cleared(.leftOpen)) }
        if isForced { outputs.append(.cleared(.forced)) }
        (isLeftOpen, isForced) = (false, false)
        guard let use = kept.use else { return }
        kept.use = nil
        // It was closed while nobody watched.
        let end: UseEnd = isRecalled ? .interrupted : .ended
        isRecalled = false
        outputs.append(
            .ended(FinishedUse(use.owner, since: use.since, until: now, amount: .once, end: end)))
    }

    private mutating func restock(
        _ isDue: Bool, by owner: UseOwner, _ outputs: inout [Output]
    ) {
        guard !isDue else { return due(&outputs) }
        kept.uses = 0
        outputs.append(.restocked(by: owner))
        if kept.isRestockDue { outputs.append(.cleared(.restockDue)) }
        kept.isRestockDue = false
    }

    private mutating func due(_ outputs: inout [Output]) {
        guard !kept.isRestockDue else { return }
        kept.isRestockDue = true
        outputs.append(.raised(.restockDue))
    }

    private mutating func judge(at now: Instant, _ outputs: inout [Output]) {
        if let doubtedSince, doubtedSince + Limit.settle <= now {
            self.doubtedSince = nil
            open(isForced: settings.hasLock, at: doubtedSince, &outputs)
        }
        if let awaited, awaited.until <= now {
            self.awaited = nil
            outputs.append(.notOpened(awaited.owner))
        }
        if let use = kept.use, !isLeftOpen, !isRecalled, use.since + settings.leftOpen <= now {
            isLeftOpen = true
            outputs.append(.raised(.leftOpen))
        }
    }
}
