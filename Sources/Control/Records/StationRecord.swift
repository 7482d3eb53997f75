// A station as the socket shows it; docs/io.stationd.varlink describes every field.

/// The same in both languages.
public struct TextRecord: Codable, Equatable, Sendable {
    public var zh: String
    public var en: String

    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// The wall clock, and how far it can be believed.
public struct ClockRecord: Codable, Equatable, Sendable {
    public var quality: String
    public var trusted: Bool
    /// Milliseconds since 1970.
    public var wall: Int64
    /// RFC 3339, in station time.
    public var time: String
    /// Nanoseconds from CLOCK_MONOTONIC to CLOCK_REALTIME.
    public var wallOffset: Int64
    /// CLOCK_BOOTTIME in nanoseconds.
    public var bootTime: Int64
    /// Seconds east of UTC.
    public var utcOffset: Int32
    /// Milliseconds since 1970.
    public var floor: Int64
}

/// The roster in force; version 0 when there is none.
public struct RosterRecord: Codable, Equatable, Sendable {
    public var version: Int64
    public var keys: Int
    public var forms: Int
    public var epoch: String
    public var digest: String
    /// The id of whoever signed it; `nil`: it came from a CSV file.
    public var issuer: String?
    /// Keys with cards that were enrolled at the door; `nil`: not asked for.
    public var enrolled: Int?
    /// Keys that the station itself says are lost or blocked; `nil`: not asked for.
    public var told: Int?
}

public struct DoorRecord: Codable, Equatable, Sendable {
    public var name: String
    public var label: TextRecord
    public var mode: String
    public var physical: String
    public var lock: String
    public var alarm: String?
    public var shared: Bool
    /// How people get out when nothing works.
    public var egress: String?
    /// Somebody is let through, or waits to be: a restart now would cut them off.
    public var inUse: Bool
}

/// The journal's state. Latencies in microseconds.
public struct JournalRecord: Codable, Equatable, Sendable {
    public var state: String
    public var store: String?
    public var oldestSequence: Int64
    public var lastSequence: Int64
    public var head: String?
    public var volatile: Bool
    public var waited: Bool
    public var commits: Int64
    public var bytes: Int64
    public var commitMedian: Int64?
    public var commitP99: Int64?
    public var commitMax: Int64?
}

public struct StationRecord: Codable, Equatable, Sendable {
    public var id: String
    public var name: TextRecord
    public var phone: String
    public var version: String
    public var simulated: Bool
    public var configuration: String
    public var boot: String
    public var ready: Bool
    public var uptimeMilliseconds: Int64
    public var clock: ClockRecord
    public var roster: RosterRecord
    public var keyEpochs: [String]
    public var doors: [DoorRecord]
    public var journal: JournalRecord
    public var devices: Int
    public var faultyDevices: [String]
    /// Of the station itself; devices tell their own.
    public var faults: [FaultRecord]
    /// Plain, sealed or unusable; `nil`: no reader on a bus has a key.
    public var readerKeys: String?
    /// What is to be read here now.
    public var notice: NoticeRecord?
}
