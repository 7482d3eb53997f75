// What people really did at services, by what the world saw: the journal has to say the same.

public import EventLoop
public import StationCore

/// Uses as they happened.
public struct Ledger: Sendable {
    /// One use of one part of a service.
    public struct Use: Sendable {
        public var service: Int
        public var unit: Int
        public var source: UseSource
        public var key: ShortText
        public var began: Instant
        public var ended: Instant?
        /// In mL, W.h, or times.
        public var amount = 0.0
        /// The power went meanwhile, or a moment before or after.
        public var isCut = false
    }

    public private(set) var uses: [Use] = []
    private var lastCut: Instant?

    mutating func begin(
        service: Int, unit: Int, source: UseSource, key: ShortText, at now: Instant
    ) -> Int {
        var use = Use(service: service, unit: unit, source: source, key: key, began: now)
        use.isCut = isNearCut(now)
        uses.append(use)
        return uses.count - 1
    }

    mutating func end(_ place: Int, amount: Double, at now: Instant) {
        uses[place].amount = amount
        uses[place].ended = now
    }

    /// It goes on after all.
    mutating func reopen(_ place: Int) { uses[place].ended = nil }

    /// Uses that end so shortly before a power cut may be lost, or cut short; so may those that are
    /// asked for while a new core has not seen all its inputs yet: a leak rope takes half a minute.
    static let before = Interval.seconds(20)
    static let after = Interval.seconds(60)

    /// Whether what happens at that time may be lost by the last power cut.
    func isNearCut(_ instant: Instant) -> Bool {
        lastCut.map { $0 < instant + Self.before && instant < $0 + Self.after } ?? false
    }

    mutating func powerWent(at now: Instant) {
        lastCut = now
        for place in uses.indices where uses[place].ended.map({ now < $0 + Self.before }) ?? true {
            uses[place].isCut = true
        }
    }
}
