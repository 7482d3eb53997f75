// Which day passes were used here and how often: what a code cannot say of itself.

/// Uses of day passes that are not over yet. A pass is good for its quota at one station, however
/// many copies of its code there are.
///
/// | `take` returns | meaning |
/// |---|---|
/// | a number | this use, counted from 1: let the person through |
/// | `nil` | used up, or there are more passes than a station remembers: refuse |
public struct PassLedger: Sendable {
    /// Passes that are remembered; ten times what a rest station has in the days that passes last.
    public static let capacity = 1_024

    /// What is remembered of one pass.
    public struct Use: Equatable, Sendable {
        public let id: DayPassID
        public var uses: UInt8
        /// When it is over and can be forgotten.
        public let end: WallTime

        public init(id: DayPassID, uses: UInt8, end: WallTime) {
            (self.id, self.uses, self.end) = (id, uses, end)
        }
    }

    public private(set) var uses: [Use] = []

    public init() {}

    /// Counts one use.
    ///
    /// - Parameter now: passes that are over by then may be forgotten; certain, if anything early.
    public mutating func take(_ pass: DayPass, at now: WallTime) -> UInt8? {
        if let place = uses.firstIndex(where: { $0.id == pass.id }) {
            guard uses[place].uses < pass.quota else { return nil }
            uses[place].uses += 1
            return uses[place].uses
        }
        if uses.count == Self.capacity { uses.removeAll { $0.end <= now } }
        guard uses.count < Self.capacity else { return nil }
        uses.append(Use(id: pass.id, uses: 1, end: pass.validTo))
        return 1
    }

    /// A use that did not let anybody through after all.
    public mutating func giveBack(_ id: DayPassID) {
        guard let place = uses.firstIndex(where: { $0.id == id }), uses[place].uses > 0 else {
            return
        }
        uses[place].uses -= 1
    }

    /// What an earlier run knew; the higher count is the true one. Beyond `capacity` those that
    /// end first are forgotten.
    public mutating func recall(_ use: Use) {
        if let place = uses.firstIndex(where: { $0.id == use.id }) {
            uses[place].uses = max(uses[place].uses, use.uses)
        } else if uses.count < Self.capacity {
            uses.append(use)
        } else if let place = uses.indices.min(by: { uses[$0].end < uses[$1].end }),
            uses[place].end < use.end
        {
            uses[place] = use
        }
    }
}
