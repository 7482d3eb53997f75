// What one use of a service is made of: who, where it came from, how much, and how it ended.

/// A service's place in `ResolvedStation.services`.
public struct ServiceID: Hashable, Comparable, Sendable {
    public let index: UInt8
    @inlinable public init(_ index: Int) { self.index = UInt8(index) }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.index < b.index }
}

/// How somebody came to use a service. Raw values are stored in journals: never renumber.
public enum UseSource: UInt8, Sendable, CaseIterable {
    /// A key of the roster; the only source with a holder.
    case key = 1
    /// A day pass; its number is known, nobody's name.
    case pass = 2
    /// A button that anybody may press.
    case button = 3
    /// Nobody asked for anything: a contact, a beam or a load showed that it is used.
    case sensor = 4
    /// A person with that right did it for somebody: a crew, a master, the hub.
    case command = 5
}

/// How one use ended. Raw values are stored in journals: never renumber.
public enum UseEnd: UInt8, Sendable, CaseIterable {
    /// The holder ended it: a tap, a button, or by closing what was opened.
    case ended = 1
    /// All that was asked for was given.
    case delivered = 2
    /// What was charged takes no more: its power stayed below the float threshold.
    case full = 3
    case timeLimit = 4
    /// The holder's share of the day or the period is used up.
    case quota = 5
    /// Nothing was plugged in, or nothing drew power.
    case noLoad = 6
    /// What was plugged in was pulled out.
    case unplugged = 7
    case overload = 8
    case overTemperature = 9
    case smoke = 10
    /// The meter said nothing while its relay was on.
    case meterSilent = 11
    /// The valve was open and nothing flowed.
    case noFlow = 12
    /// A guard made its device safe for another reason.
    case guarded = 13
    /// The device stopped answering, or did not do what it was told.
    case deviceFailed = 14
    /// The mains failed.
    case mainsLost = 15
    /// The station stopped in the middle of it and started anew.
    case interrupted = 16
    /// A person with that right ended it.
    case stopped = 17
    /// The service closed, or was paused.
    case closed = 18
    /// It could not be written down in time, or its key was withdrawn meanwhile: nothing was done.
    case notWritten = 19

    /// Whether anything was used; what never came about counts as nothing.
    public var wasUsed: Bool {
        switch self {
        case .deviceFailed, .notWritten: false
        case .ended, .delivered, .full, .timeLimit, .quota, .noLoad, .unplugged, .overload,
            .overTemperature, .smoke, .meterSilent, .noFlow, .guarded, .mainsLost, .interrupted,
            .stopped, .closed:
            true
        }
    }
}

/// What is counted of a use. Raw values are stored in journals: never renumber.
public enum UsageUnit: UInt8, Sendable, CaseIterable {
    /// The use itself is what counts.
    case times = 0
    case millilitres = 1
    case wattHours = 2

    /// The name in reports and on the wire.
    public var name: String {
        switch self {
        case .times: "times"
        case .millilitres: "mL"
        case .wattHours: "W.h"
        }
    }
}

/// So much of something; `isEstimated` when part of it was not seen.
public struct UsageAmount: Sendable, Equatable, Hashable {
    /// Not below zero.
    public var value: Int64
    public var unit: UsageUnit
    public var isEstimated: Bool

    public init(_ value: Int64, _ unit: UsageUnit, isEstimated: Bool = false) {
        self.value = value
        self.unit = unit
        self.isEstimated = isEstimated
    }

    /// One use of what has no other measure.
    public static let once = UsageAmount(1, .times)
    public static let none = UsageAmount(0, .times)
}

/// Whose use it is, for as long as it lasts.
///
/// Quotas and compartments count by holder; the key is what the entry names. Both are empty for a
/// use without a key.
public struct UseOwner: Sendable, Equatable, Hashable {
    public var key: ShortText
    public var holder: ShortText
    public var source: UseSource

    public init(key: ShortText = .empty, holder: ShortText = .empty, source: UseSource) {
        self.key = key
        self.holder = holder
        self.source = source
    }
}
