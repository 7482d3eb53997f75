// What anybody can cause is written singly at first, and then counted.
//
//   seen     | | | | | | | | | | | | | | | | |          | |
//   written  | | | | | | | | | | (allowance)    count   | |
//            |<-------- a minute --------------->|
//   flooding                     |<- a minute after the last that was counted ->|

public import EventLoop

/// Bounds the entries of one kind of happening at one device.
///
/// The first `allowance` of a minute are written one by one; the rest is written as one count when
/// the minute is over.
public struct FloodLimiter: Sendable {
    public static let window = Interval.seconds(60)
    /// Of what people rarely cause: unknown credentials, damaged reads, lost edges.
    public static let rare = 10
    /// Of an exit button: as fast as people can go out behind each other.
    public static let exits = 30
    /// Of a door leaf's changes: one a second, which is also how often they are committed.
    public static let changes = 60

    public enum Answer: Equatable, Sendable {
        /// It gets an entry of its own.
        case write
        /// It is part of the count.
        case count
    }

    /// What the end of a deadline brings.
    public struct Expiry: Equatable, Sendable {
        /// What was counted in the minute that is over.
        public var count: UInt32?
        /// Nothing was counted for a minute: the flood is over.
        public var isOver: Bool
    }

    public let allowance: Int
    private var windowEnd: Instant?
    private var seen = 0
    private var counted: UInt32 = 0
    /// When the flood is over unless it goes on.
    private var calm: Instant?

    public init(allowance: Int) { self.allowance = allowance }

    /// Something happened, `amount` times at once.
    public mutating func sees(_ amount: UInt32 = 1, at now: Instant) -> Answer {
        if windowEnd == nil { windowEnd = now + Self.window }
        guard seen >= allowance else {
            seen += 1
            return .write
        }
        let (sum, isTooMany) = counted.addingReportingOverflow(amount)
        counted = isTooMany ? .max : sum
        calm = now + Self.window
        return .count
    }

    /// `nextDeadline` may have come.
    public mutating func expire(at now: Instant) -> Expiry {
        var expiry = Expiry(count: nil, isOver: false)
        if let end = windowEnd, end <= now { expiry.count = flush() }
        if let end = calm, end <= now {
            calm = nil
            expiry.isOver = true
        }
        return expiry
    }

    /// Ends the minute early, and returns what was counted in it.
    public mutating func flush() -> UInt32? {
        defer { (windowEnd, seen, counted) = (nil, 0, 0) }
        return counted > 0 ? counted : nil
    }

    /// Whether so much happens that it is counted.
    public var isFlooding: Bool { calm != nil }

    public var nextDeadline: Instant? {
        guard let windowEnd else { return calm }
        return calm.map { min($0, windowEnd) } ?? windowEnd
    }
}
