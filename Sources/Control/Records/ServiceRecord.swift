// Services and opening hours on the wire. Who uses a part, is nobody's business.

/// A service as anybody may see it.
public struct ServiceRecord: Codable, Equatable, Sendable {
    public var name: String
    /// The word in station files: `lockers`, `charging` and so on.
    public var kind: String
    public var label: TextRecord
    /// `open`, `degraded`, `closed` or `outOfOrder`.
    public var availability: String
    /// Of `degraded` and `outOfOrder` what is wrong; of a pause why.
    public var reason: String?
    /// Of `closed`: when it opens, as far as anybody knows; milliseconds since 1970, and RFC 3339.
    public var until: Int64?
    public var time: String?
    /// A person has paused it, whatever its hours say.
    public var paused: Bool
    /// The set of hours that it keeps; missing: day and night.
    public var hours: String?
    /// Parts that work and that nobody uses, its hours apart.
    public var free: Int
    /// All parts.
    public var all: Int
    public var parts: [PartRecord]

    public init(
        name: String, kind: String, label: TextRecord, availability: String,
        reason: String? = nil, until: Int64? = nil, time: String? = nil, paused: Bool = false,
        hours: String? = nil, free: Int, all: Int, parts: [PartRecord] = []
    ) {
        self.name = name
        self.kind = kind
        self.label = label
        self.availability = availability
        self.reason = reason
        self.until = until
        self.time = time
        self.paused = paused
        self.hours = hours
        self.free = free
        self.all = all
        self.parts = parts
    }

    /// The same in pieces of at most `count` parts.
    func split(_ count: Int) -> [ServiceRecord] {
        guard parts.count > count else { return [self] }
        return stride(from: 0, to: parts.count, by: count).map { first in
            var piece = self
            piece.parts = Array(parts[first..<min(first + count, parts.count)])
            return piece
        }
    }
}

/// A part of a service.
public struct PartRecord: Codable, Equatable, Sendable {
    /// What is painted on it.
    public var name: String
    /// `working`, `degraded` or `outOfOrder`.
    public var state: String
    public var reason: String?
    public var inUse: Bool
    /// What is wrong with it; words of `ServiceFault`.
    public var faults: [String]

    public init(
        name: String, state: String, reason: String? = nil, inUse: Bool, faults: [String] = []
    ) {
        self.name = name
        self.state = state
        self.reason = reason
        self.inUse = inUse
        self.faults = faults
    }
}

/// A set of opening hours.
public struct HoursRecord: Codable, Equatable, Sendable {
    public var name: String
    public var label: TextRecord
    public var open: Bool
    /// What decides it now: `week`, `season`, `holiday`, `workedDay`, `date`, `today`,
    /// `severeWeather` or `clockUnknown`.
    public var cause: String
    /// The first moment of the other state; milliseconds since 1970, and RFC 3339.
    public var until: Int64?
    public var time: String?
    /// This day and the six after it; none while no clock can be believed.
    public var days: [HoursDayRecord]

    public init(
        name: String, label: TextRecord, open: Bool, cause: String, until: Int64? = nil,
        time: String? = nil, days: [HoursDayRecord] = []
    ) {
        self.name = name
        self.label = label
        self.open = open
        self.cause = cause
        self.until = until
        self.time = time
        self.days = days
    }
}

/// The hours of one day, with what a master said of it.
public struct HoursDayRecord: Codable, Equatable, Sendable {
    /// `2026-01-09`
    public var date: String
    /// `08:00-20:00`, or `closed`.
    public var open: String

    public init(date: String, open: String) {
        self.date = date
        self.open = open
    }
}
