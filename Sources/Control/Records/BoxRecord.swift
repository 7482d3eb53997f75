// A box of a locker on the wire.

/// How a box stands. Whose it is, is nobody's business.
public struct BoxRecord: Codable, Equatable, Sendable {
    public var service: String
    /// What is painted on it.
    public var name: String
    public var held: Bool
    /// Since when; milliseconds since 1970, and RFC 3339 in station time. Missing: it is not held,
    /// or no clock can be believed.
    public var since: Int64?
    public var time: String?
    /// Whether anybody knows whose it is.
    public var known: Bool
    /// Out of use by a person's word.
    public var blocked: Bool
    /// Whether it may be given to somebody now.
    public var free: Bool
    /// `open`, `closed` or `unknown`.
    public var door: String
    /// jammed, forced, leftOpen, itemForgotten, overtime.
    public var troubles: [String]

    public init(
        service: String, name: String, held: Bool, since: Int64? = nil, time: String? = nil,
        known: Bool = true, blocked: Bool = false, free: Bool, door: String,
        troubles: [String] = []
    ) {
        self.service = service
        self.name = name
        self.held = held
        self.since = since
        self.time = time
        self.known = known
        self.blocked = blocked
        self.free = free
        self.door = door
        self.troubles = troubles
    }
}
