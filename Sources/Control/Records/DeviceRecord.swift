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
}
