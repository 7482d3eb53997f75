// Who comes to a simulated station, how often, and for what: a script beside the station file.

public import StationCore

/// A population file, schema 1: `seeds/NAME.people.yaml`. Only the simulator reads it.
public struct Population: Sendable, Equatable {
    /// What somebody comes for.
    public enum Wish: Sendable, Equatable {
        /// A service, by its place in `ResolvedStation.services`.
        case service(Int)
        /// A door, by its place in `ResolvedStation.doors`.
        case door(Int)
    }

    /// People who want the same.
    public struct Group: Sendable, Equatable {
        public var wants: Wish
        /// How many come in a thousand hours, on average.
        public var perThousandHours: Int
        /// Minutes of the station's day in which they come; an end before the start is on the next
        /// day, and the same minute twice is the whole day.
        public var from: Int
        public var to: Int
        /// How many of a hundred hold a key to the reader; `nil`: whoever can.
        public var keyPercent: Int?
        /// In mL at a dispenser, else in minutes; `nil`: what is usual there.
        public var takes: ClosedRange<Int>?
        /// In W.
        public var draws: ClosedRange<Int>?

        public init(
            wants: Wish, perThousandHours: Int, from: Int = 0, to: Int = 0,
            keyPercent: Int? = nil, takes: ClosedRange<Int>? = nil, draws: ClosedRange<Int>? = nil
        ) {
            self.wants = wants
            self.perThousandHours = perThousandHours
            self.from = from
            self.to = to
            self.keyPercent = keyPercent
            self.takes = takes
            self.draws = draws
        }
    }

    public var groups: [Group]

    public init(groups: [Group]) { self.groups = groups }

    /// Reads a population's file.
    ///
    /// - Parameter name: what messages call it.
    /// - Throws: every error of the file at once, sorted by place.
    public static func read(
        _ bytes: [UInt8], name: String, for station: ResolvedStation
    ) throws(ConfigurationErrors) -> Population {
        let findings = Findings()
        let checker = Checker(file: name, findings: findings)
        let reader = PopulationReader(checker: checker, station: station)
        let population = TreeReader.read(bytes, checker).flatMap(reader.read)
        guard findings.isClean, let population else { throw findings.sorted(files: [name]) }
        return population
    }
}
