// Which day passes were used here and how often: what a code cannot say of itself.

/// Uses of day passes that are not over yet. A pass is good for its quota at one station, however
/// many copies of its code there are.
///
/// | `take` returns | meaning |
/// |---|---|
/// | a number | this use, counted from 1, never given twice: let the person through |
/// | `nil` | used up, or there are more passes than a station remembers: refuse |
public struct PassLedger: Sendable {
    /// Passes that are remembered; ten times what a rest station has in the days that passes last.
    public static let capacity = 1_024

    /// What is remembered of one pass. Both numbers only grow, so that of two memories the higher
    /// ones are the truth.
    public struct Use: Equatable, Sendable {
        public let id: DayPassID
        /// How often it was used, and the last use's number.
        public var uses: UInt16
        /// How many of these let nobody through after all.
        public var withdrawn: UInt16
        /// When it is over and can be forgotten.
        public let end: WallTime

        public init(id: DayPassID, uses: UInt16, withdrawn: UInt16 = 0, end: WallTime) {
            (self.id, self.uses, self.withdrawn, self.end) = (id, uses, withdrawn, end)
        }

        /// How many uses count against the quota.
        public var counted: Int { max(0, Int(uses) - Int(withdrawn)) }
    }

    public private(set) var uses: [Use] = []

    public init() {}

    /// Counts one use.
    ///
    /// - Parameter now: passes that are over by then may be forgotten; certain, if anything early.
    public mutating func take(_ pass: DayPass, at now: WallTime) -> UInt16? {
        if let place = uses.firstIndex(where: { $0.id == pass.id }) {
            guard uses[place].counted < Int(pass.quota), uses[place].uses < .max else {
                return nil
            }
            uses[place].uses += 1
            return uses[place].uses
        }
        if uses.count == Self.capacity { uses.removeAll { $0.end <= now } }
        guard uses.count < Self.capacity else { return nil }
        uses.append(Use(id: pass.id, uses: 1, end: pass.validTo))
        return 1
    }

    /// A use that did not let anybody through after all.
    ///
    /// - Returns: what is remembered of the pass now; `nil` when there was no use to take back.
    @discardableResult
    public mutating func giveBack(_ id: DayPassID) -> Use? {
        guard let place = uses.firstIndex(where: { $0.id == id }),
            uses[place].withdrawn < uses[place].uses
        else { return nil }
        uses[place].withdrawn += 1
        return uses[place]
    }

    /// What an earlier run knew; the higher counts are the true ones. Beyond `capacity` those that
    /// end first are forgotten.
    public mutating func recall(_ use: Use) {
        if let place = uses.firstIndex(where: { $0.id == use.id }) {
            uses[place].uses = max(uses[place].uses, use.uses)
            uses[place].withdrawn = max(uses[place].withdrawn, use.withdrawn)
        } else if uses.count < Self.capacity {
            uses.append(use)
        } else if let place = uses.indices.min(by: { uses[$0].end < uses[$1].end }),
            uses[place].end < use.end
        {
            uses[place] = use
        }
    }
}
