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
        /// It had begun long enough before the power went that its beginning was on the disk.
        public var isSure = false
        /// So much of it has to be in the journal, whatever the power cut took.
        public var sureAmount = 0.0
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

    /// A beginning is on a sound disk by then, and so is what a total said that long ago: a power
    /// cut costs a second of flow at most.
    static let durable = Interval.seconds(1)

    /// The power goes while somebody uses this; told before `powerWent`.
    ///
    /// - Parameter amount: what they had taken a second ago.
    mutating func isSure(_ place: Int, of amount: Double, at now: Instant) {
        guard !uses[place].isCut, uses[place].began + Self.durable < now else { return }
        uses[place].isSure = true
        uses[place].sureAmount = max(0, amount)
    }

    mutating func powerWent(at now: Instant) {
        lastCut = now
        for place in uses.indices where uses[place].ended.map({ now < $0 + Self.before }) ?? true {
            uses[place].isCut = true
        }
    }
}
