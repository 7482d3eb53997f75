// A device as the socket shows it.

/// A standing fault of a device, or of the station itself.
public struct FaultRecord: Codable, Equatable, Sendable {
    public var kind: String
    /// Milliseconds since 1970.
    public var since: Int64
    /// RFC 3339, in station time.
    public var time: String
    /// What it is about, where there is more to say: of `insecure`, the flaw.
    public var detail: String?
}

public struct DeviceRecord: Codable, Equatable, Sendable {
    public var name: String
    public var label: TextRecord
    public var profile: String
    public var driver: String
    /// Of a reader: the views by which the roster is searched, in order.
    public var views: [String]?
    public var doors: [String]
    /// `ok` or `faulty`.
    public var state: String
    public var faults: [FaultRecord]
    public var counters: [String: Int64]
    /// What it measures and says; missing: it has no points.
    public var points: [PointRecord]?
    /// What it can be told; missing: nothing.
    public var actions: [ActionRecord]?
    /// Its safety rules; missing: it has none.
    public var guards: [GuardRecord]?
}

/// Something that a device can be told.
public struct ActionRecord: Codable, Equatable, Sendable {
    /// A number that goes with it, as decimal text.
    public struct Argument: Codable, Equatable, Sendable {
        public var name: String
        public var lowest: String
        public var highest: String

        public init(name: String, lowest: String, highest: String) {
            self.name = name
            self.lowest = lowest
            self.highest = highest
        }
    }

    public var name: String
    public var arguments: [Argument]

    public init(name: String, arguments: [Argument]) {
        self.name = name
        self.arguments = arguments
    }
}

/// A safety rule of a device, as it is now.
public struct GuardRecord: Codable, Equatable, Sendable {
    public var name: String
    public var stands: Bool
    /// Since when; milliseconds since 1970, and RFC 3339 in station time.
    public var since: Int64?
    public var time: String?
    /// Whether it has anything done; else it only tells.
    public var acts: Bool
    /// Whether what it had done is confirmed.
    public var secured: Bool
    /// It was told, and nothing shows whether that was obeyed; missing: no.
    public var unseen: Bool?
    /// Whether the outer actuator had to act.
    public var escalated: Bool

    public init(
        name: String, stands: Bool, since: Int64? = nil, time: String? = nil, acts: Bool = true,
        secured: Bool, unseen: Bool? = nil, escalated: Bool
    ) {
        self.name = name
        self.stands = stands
        self.since = since
        self.time = time
        self.acts = acts
        self.secured = secured
        self.unseen = unseen
        self.escalated = escalated
    }
}
