// Which commands a station has taken up, and how each ended: none acts twice.
//
//   new ─► remembered as under way ─► its end
//   full ─► what expires first is forgotten, and what expires no later is refused from then on

/// Remembers commands over restarts. A clock that goes back brings none of them to life again:
/// nothing is forgotten by the clock.
public struct CommandLedger: Equatable, Sendable {
    /// So many that are good at the same time are told apart. More than a hub has reason to send.
    public static let capacity = 512

    /// One command.
    public struct Known: Equatable, Sendable {
        public var id: ShortText
        /// Of what was signed.
        public var digest: UInt64
        public var subject: CommandSubject
        public var expires: WallTime
        /// `nil`: under way.
        public var outcome: CommandOutcome?

        public init(
            id: ShortText, digest: UInt64, subject: CommandSubject, expires: WallTime,
            outcome: CommandOutcome? = nil
        ) {
            self.id = id
            self.digest = digest
            self.subject = subject
            self.expires = expires
            self.outcome = outcome
        }
    }

    /// The oldest first.
    public private(set) var known: [Known] = []
    /// Commands that expire no later are not told apart any more.
    public private(set) var horizon = WallTime(milliseconds: 0)
    /// What was issued earlier may have been done: what was known of it is lost. `never` as long as
    /// no clock can say what is earlier.
    public private(set) var from = WallTime(milliseconds: 0)

    public static let never = WallTime(milliseconds: .max)

    public init() {}

    /// - Precondition: at most `capacity`.
    public init(known: [Known], horizon: WallTime, from: WallTime) {
        precondition(known.count <= Self.capacity, "more commands than a station remembers")
        self.known = known
        self.horizon = horizon
        self.from = from
    }

    /// Of a station whose state is lost.
    public static let lost = CommandLedger(
        known: [], horizon: WallTime(milliseconds: 0), from: never)

    public func command(_ id: ShortText) -> Known? { known.last { $0.id == id } }

    /// How many are under way.
    public var underWay: Int { known.count { $0.outcome == nil } }

    /// Remembers a command that is taken up. What is known of one with its id is replaced.
    public mutating func take(_ command: Known) {
        known.removeAll { $0.id == command.id }
        if known.count == Self.capacity { forgetOne() }
        known.append(command)
    }

    public mutating func end(_ id: ShortText, _ outcome: CommandOutcome) {
        guard let place = known.lastIndex(where: { $0.id == id }) else { return }
        known[place].outcome = outcome
    }

    /// What another one knows besides. An end that is known stays known.
    mutating func learn(_ other: CommandLedger) {
        (horizon, from) = (max(horizon, other.horizon), max(from, other.from))
        for command in other.known {
            let own = self.command(command.id)
            if let own, own.digest == command.digest, own.outcome != nil, command.outcome == nil {
                continue
            }
            take(command)
        }
    }

    /// Whether anything is missing; `wall`: what time it is, where a clock can be believed.
    mutating func settle(isWhole: Bool, _ wall: WallTime?) {
        if isWhole { from = WallTime(milliseconds: 0) } else { from = Self.never }
        trust(wall)
    }

    /// From here on it can be said what is earlier.
    mutating func trust(_ wall: WallTime?) {
        if let wall, from == Self.never { from = wall }
    }

    /// Of those that have ended, the one that expires first; the oldest of several.
    private mutating func forgetOne() {
        var chosen = 0
        for place in known.indices
        where Self.goesFirst(known[place], before: known[chosen]) { chosen = place }
        horizon = max(horizon, known[chosen].expires)
        known.remove(at: chosen)
    }

    private static func goesFirst(_ one: Known, before other: Known) -> Bool {
        if (one.outcome == nil) != (other.outcome == nil) { return other.outcome == nil }
        return one.expires < other.expires
    }
}
