// What was counted of one service or door, on the wire.

/// Uses that were asked for in one way and counted in one unit.
public struct UsageTotalRecord: Codable, Equatable, Sendable {
    /// key, pass, button, sensor or command; missing: nobody asked.
    public var source: String?
    /// Uses that came about.
    public var uses: Int64
    /// Uses that came to nothing.
    public var failed: Int64
    /// How long they took together.
    public var seconds: Int64
    public var quantity: Int64
    /// times, mL or W.h
    public var unit: String
    /// Uses of which part of the amount was not seen.
    public var estimated: Int64

    public init(
        source: String?, uses: Int64, failed: Int64 = 0, seconds: Int64 = 0, quantity: Int64,
        unit: String, estimated: Int64 = 0
    ) {
        self.source = source
        self.uses = uses
        self.failed = failed
        self.seconds = seconds
        self.quantity = quantity
        self.unit = unit
        self.estimated = estimated
    }
}

/// One thing in one day, one hour, or the whole span.
public struct UsageRecord: Codable, Equatable, Sendable {
    /// `2026-11-01` in station time; missing: all days together. Of what is not dated: the last day
    /// that was known before it.
    public var day: String?
    /// 0 to 23; missing: the whole day.
    public var hour: Int?
    /// service, door, visits or lostEntries
    public var kind: String
    /// The service's or the door's; empty for the station's.
    public var name: String
    public var label: TextRecord?
    /// How many people it can serve at once, as the station file has it now.
    public var places: Int?
    /// No clock could be believed then.
    public var undated: Bool
    /// Whether anybody looked; false is 无数据, and not 0.
    public var measured: Bool
    /// In how many hours the station was up and had it.
    public var measuredHours: Int
    public var totals: [UsageTotalRecord]

    public init(
        day: String?, hour: Int? = nil, kind: String, name: String, label: TextRecord? = nil,
        places: Int? = nil, undated: Bool = false, measured: Bool, measuredHours: Int,
        totals: [UsageTotalRecord]
    ) {
        self.day = day
        self.hour = hour
        self.kind = kind
        self.name = name
        self.label = label
        self.places = places
        self.undated = undated
        self.measured = measured
        self.measuredHours = measuredHours
        self.totals = totals
    }
}
