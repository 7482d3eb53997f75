// A value that has to stay within a range: a fridge, a room, a tank. It tells after a time.

public import EventLoop

/// °C, or anything else, out of range for a time; and for how long in all.
public struct RangeWatch: Sendable {
    public struct Settings: Equatable, Sendable {
        /// Inside is `lowest` to `highest`, both included; `nil`: no such limit.
        public var lowest: DecimalNumber?
        public var highest: DecimalNumber?
        /// A fridge whose door was open is warm for a while.
        public var patience: Interval

        public init(
            lowest: DecimalNumber? = nil, highest: DecimalNumber? = nil,
            patience: Interval = .seconds(1_800)
        ) {
            self.lowest = lowest
            self.highest = highest
            self.patience = patience
        }
    }

    public enum Input: Sendable, Equatable {
        /// `nil`: nobody knows.
        case value(DecimalNumber?)
        case deadline
    }

    public enum Output: Sendable, Equatable {
        /// Out of range for `patience`. Crew: see the appliance, and what is in it.
        case raised(Side)
        /// In range again, after so long outside. What was not seen does not count.
        case cleared(outside: Interval)
    }

    public enum Side: UInt8, Sendable, CaseIterable {
        case below = 0
        case above = 1
    }

    public let settings: Settings
    /// Which side it is on, and since when; nothing while nobody knows.
    private var side: Side?
    private var since: Instant?
    private var outside = Interval.zero
    public private(set) var raised: Side?
    public private(set) var nextDeadline: Instant?

    public init(_ settings: Settings) { self.settings = settings }

    public var condition: ServiceCondition {
        raised == nil ? .working : .degraded(.outOfRange)
    }

    /// Advances the watch by one input. A value that is missing neither raises nor clears.
    public mutating func handle(_ input: Input, at now: Instant) -> [Output] {
        var outputs: [Output] = []
        if case .value(let value) = input { take(value, at: now, &outputs) }
        if raised == nil, let side, let since, since + settings.patience <= now + outside {
            raised = side
            outputs.append(.raised(side))
        }
        nextDeadline = raised == nil ? since.map { $0 + (settings.patience - outside) } : nil
        return outputs
    }

    private mutating func take(
        _ value: DecimalNumber?, at now: Instant, _ outputs: inout [Output]
    ) {
        if let since { outside = outside + (now - since) }
        since = nil
        guard let value else { return }
        let next: Side? =
            if let lowest = settings.lowest, value < lowest {
                .below
            } else if let highest = settings.highest, highest < value {
                .above
            } else {
                nil
            }
        if next == nil {
            if raised != nil { outputs.append(.cleared(outside: outside)) }
            (raised, outside) = (nil, .zero)
        } else {
            since = now
        }
        side = next
    }
}
