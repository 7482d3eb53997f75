// What a batch run is made of: one seed, one station, its people, and how long it lasts.

public import EventLoop
public import Profiles
public import StationCore

/// One run. Everything else follows from the seed.
public struct BatchOptions: Sendable {
    public var seed: UInt64
    public var station: ResolvedStation
    /// The roster and the cards behind it; `nil`: drawn from the seed.
    public var neighbourhood: Neighbourhood?
    /// Who comes for what; `nil`: riders to doors and lockers, as they like.
    public var population: Population?
    /// How long the phase with faults lasts.
    public var safety: Interval
    /// How long the phase without faults lasts.
    public var liveness: Interval
    /// Riders in a thousand minutes.
    public var ridersPerThousandMinutes: Int
    /// The faults; `nil`: drawn from the seed.
    public var swarm: Swarm?
    /// The wall clock at the start.
    public var wall: WallTime

    public init(
        seed: UInt64, station: ResolvedStation, neighbourhood: Neighbourhood? = nil,
        safety: Interval = .seconds(3_600), liveness: Interval = .seconds(900),
        ridersPerThousandMinutes: Int = 1_000, swarm: Swarm? = nil,
        wall: WallTime = WallTime(seconds: 1_780_272_000)
    ) {
        self.seed = seed
        self.station = station
        self.neighbourhood = neighbourhood
        self.safety = safety
        self.liveness = liveness
        self.ridersPerThousandMinutes = ridersPerThousandMinutes
        self.swarm = swarm
        self.wall = wall
    }

    /// So much longer than usual it takes until the last use is known to be over: a heater whose
    /// thermostat rests, a sleeper who lies still.
    var lateness: Interval {
        guard population != nil else { return .zero }
        let settings: [ServiceSetting] = [.pause, .leaving, .noLoad]
        var longest = Interval.zero
        for service in station.services {
            guard case .machine(let machine) = service.settings else { continue }
            for setting in settings {
                if let value = machine[setting] { longest = max(longest, .milliseconds(value)) }
            }
        }
        return max(.zero, longest - .seconds(300))
    }

    /// Whether the totals have to be what people did: nothing but the power fails.
    var isExact: Bool {
        guard let swarm else { return false }
        return swarm.damages.isEmpty && swarm.readerFaults.isEmpty && swarm.moods.isEmpty
            && !swarm.chipsVanish && !swarm.clockSteps
    }
}

/// What came of a run.
public struct BatchReport: Sendable {
    public var seed: UInt64
    public var swarm: Swarm
    /// SHA-256 over every input, effect and entry.
    public var trace: String
    public var traced: UInt64
    public var ticks: UInt64
    /// Cores that ran: one, and one more after each power cut.
    public var lives: Int
    /// Lives that began with a door blocked, locked down or free, as its snapshot said.
    public var restored: Int
    /// Virtual time that went by.
    public var elapsed: Interval
    public var presented: Int
    public var counters: Counters
    public var commits: UInt64
    public var journalFailures: UInt64
    /// Entries in the store at the end.
    public var written: Int
    /// What each service was used for, by the journal and by the script.
    public var usage: [ServiceUsage]
    public var violations: [Violation]
    public var violationCount: Int

    public var isSound: Bool { violationCount == 0 }

    /// The report in lines, the same for the same seed.
    public var lines: [String] {
        let denials = Denial.allCases.compactMap { reason -> String? in
            let count = counters.denials[Int(reason.rawValue)]
            return count == 0 ? nil : "\(reason.name) \(count)"
        }
        return [
            "time       \(elapsed.nanoseconds / 1_000_000_000) s in \(ticks) ticks"
                + (lives > 1 ? ", \(lives - 1) power cuts" : ""),
            "cards      \(presented) played, \(counters.edges) edges, \(counters.taps) taps",
            "decisions  \(counters.grants) granted; "
                + (denials.isEmpty ? "none denied" : denials.joined(separator: ", ")),
            "releases   \(counters.releases), \(counters.undurableReleases) without waiting",
            "journal    \(written) entries in \(commits) commits, \(journalFailures) failures",
        ] + usage.map { "usage      \($0.line)" } + [
            "trace      \(trace) over \(traced) events"
        ] + violations.map { "VIOLATION  \($0.description)" } + [
            isSound ? "verdict    sound" : "verdict    \(violationCount) violations"
        ]
    }
}
