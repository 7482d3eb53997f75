// A device's value as the socket shows it.

/// A point of a device, with how far it can be believed.
public struct PointRecord: Codable, Equatable, Sendable {
    public var name: String
    /// `level`, `total`, `state` or `event`.
    public var kind: String
    /// As UCUM writes it; missing: it has none.
    public var unit: String?
    /// A decimal number as text, such as `225.7`; missing: nobody knows it, or it is a state.
    public var value: String?
    /// Of a state: its name; missing: nobody knows it.
    public var state: String?
    /// `unread`, `good`, `estimated`, `stale`, `outOfRange` or `absent`.
    public var quality: String
    /// How long ago it was read; missing: never.
    public var ageMilliseconds: Int64?

    public init(
        name: String, kind: String, unit: String? = nil, value: String? = nil,
        state: String? = nil, quality: String, ageMilliseconds: Int64? = nil
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.value = value
        self.state = state
        self.quality = quality
        self.ageMilliseconds = ageMilliseconds
    }
}
