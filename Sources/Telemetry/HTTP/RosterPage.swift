// The page about the roster: what is in force, and what the station says besides. Never who is on
// it.

public import Control

/// The roster in force at a station.
public struct RosterPage: Codable, Equatable, Sendable {
    /// The station's id: the scope of the rosters that it takes.
    public var station: String
    /// 0: none is in force.
    public var version: Int64
    public var epoch: String
    public var digest: String
    public var issuer: String?
    public var keys: Int
    public var forms: Int
    /// Keys with cards that were enrolled at the door, and keys that were told lost or blocked
    /// there; `nil`: not known from this answer.
    public var enrolled: Int?
    public var told: Int?

    public init(station: String, _ roster: RosterRecord) {
        self.station = station
        version = roster.version
        epoch = roster.epoch
        digest = roster.digest
        issuer = roster.issuer
        keys = roster.keys
        forms = roster.forms
        enrolled = roster.enrolled
        told = roster.told
    }
}
