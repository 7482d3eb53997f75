// A card as a crew member sees it, on site and nowhere else.

/// What was presented at a reader, and what the station makes of it.
public struct CardRecord: Codable, Equatable, Sendable {
    public var reader: String
    /// Absent for a reader without a door.
    public var door: String?
    /// As `stationctl card views` takes it; absent for what a keypad typed.
    public var card: String?
    /// Of a code, as much as may be seen: `DP1…7KQ2`, or how long it is.
    public var code: String?
    /// The Wiegand format that the reader recognised.
    public var format: String?
    /// The view by which the roster found it; absent when it did not.
    public var view: String?
    public var key: String?
    public var holder: String?
    /// granted, denied, or enrolment: it was meant for one, and no door heard of it.
    public var decision: String
    /// Why it was denied, and the id of the sentence for the rider.
    public var reason: String?
    public var wording: String?
    /// What a grant overlooked: none, grace, clockUntrusted.
    public var note: String?

    public init(reader: String, decision: String) {
        self.reader = reader
        self.decision = decision
    }
}
