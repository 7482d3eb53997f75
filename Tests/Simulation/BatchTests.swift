// Whole stations in virtual time: the same seed twice, each fault alone, a week.

import EventLoop
import Simulation
import StationCore
import Testing

@Suite struct `A batch run` {
    static func options(_ seed: UInt64, swarm: Swarm? = nil, doors: Int = 3) -> BatchOptions {
        BatchOptions(
            seed: seed, station: SyntheticStation.make(doors: doors), safety: .seconds(1_200),
            ridersPerThousandMinutes: 4_000, swarm: swarm)
    }

    @Test(arguments: [UInt64(1), 2, 3, 5, 8])
    func `leaves the same trace twice`(seed: UInt64) throws {
        let swarm = Swarm(seed: SplitMix64(seed: seed))
        let first = try BatchRun.run(Self.options(seed, swarm: swarm))
        let second = try BatchRun.run(Self.options(seed, swarm: swarm))
        #expect(first.trace == second.trace)
        #expect(first.lines == second.lines)
        #expect(first.traced > 1_000)
        #expect(first.violations == [])
    }

    @Test func `leaves another trace with another seed`() throws {
        let first = try BatchRun.run(Self.options(1, swarm: .calm))
        let second = try BatchRun.run(Self.options(2, swarm: .calm))
        #expect(first.trace != second.trace)
    }

    @Test func `without faults grants, denies and writes everything down`() throws {
        let report = try BatchRun.run(Self.options(11, swarm: .calm))
        #expect(report.violations == [])
        #expect(report.counters.grants > 20)
        #expect(report.counters.denials[Int(Denial.unknown.rawValue)] > 0)
        #expect(report.counters.denials[Int(Denial.malformed.rawValue)] == 0)
        #expect(report.counters.undurableReleases == 0)
        #expect(report.journalFailures == 0)
        #expect(UInt64(report.written) == report.counters.entries)
        // The wires lost nothing: every card that was played became a tap.
        #expect(report.counters.taps == UInt64(report.presented))
    }

    @Test(arguments: CardDamage.allCases)
    func `answers damaged cards and lets nobody in by them`(damage: CardDamage) throws {
        var swarm = Swarm()
        swarm.damages = [damage]
        swarm.damagePerMille = 400
        let report = try BatchRun.run(Self.options(21, swarm: swarm))
        #expect(report.violations == [])
        let diagnosed = ReadDiagnosis.allCases.reduce(0) {
            $0 + report.counters.diagnoses[Int($1.rawValue)]
        }
        #expect(diagnosed > 0)
    }

    @Test(arguments: [DiskMood.slow, .failing, .full])
    func `opens doors while the disk is in trouble, and recovers`(mood: DiskMood) throws {
        var swarm = Swarm()
        swarm.moods = [mood]
        swarm.every = .seconds(60)
        let report = try BatchRun.run(Self.options(31, swarm: swarm))
        #expect(report.violations == [])
        #expect(report.counters.undurableReleases > 0)
        #expect(report.counters.grants > 20)
    }

    @Test func `on a strict station nobody enters before the commit, whatever the disk does`()
        throws
    {
        var swarm = Swarm()
        swarm.moods = [.slow, .full]
        swarm.every = .seconds(30)
        var options = Self.options(36, swarm: swarm)
        options.station = SyntheticStation.make(doors: 3, strict: true)
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        #expect(report.counters.undurableReleases == 0)
        #expect(report.counters.denials[Int(Denial.journalUnavailable.rawValue)] > 0)
        #expect(report.counters.releases > 10)
    }

    @Test func `brings back chips that were pulled out`() throws {
        var swarm = Swarm()
        swarm.chipsVanish = true
        swarm.every = .seconds(60)
        let report = try BatchRun.run(Self.options(41, swarm: swarm))
        #expect(report.violations == [])
        #expect(report.counters.grants > 5)
    }

    @Test(arguments: [UInt64(71), 72, 73])
    func `keeps every committed entry through power cuts, and opens doors again`(
        seed: UInt64
    ) throws {
        var swarm = Swarm()
        swarm.powerCuts = true
        swarm.moods = [.slow]
        swarm.every = .seconds(20)
        let report = try BatchRun.run(Self.options(seed, swarm: swarm))
        #expect(report.violations == [])
        #expect(report.lives > 5)
        #expect(report.counters.grants > 20)
        #expect(try BatchRun.run(Self.options(seed, swarm: swarm)).trace == report.trace)
    }

    @Test(arguments: [UInt64(81), 82])
    func `stands after a power cut as it stood before it`(seed: UInt64) throws {
        var swarm = Swarm()
        swarm.powerCuts = true
        swarm.commands = true
        swarm.moods = [.slow, .failing, .full]
        swarm.every = .seconds(20)
        let report = try BatchRun.run(Self.options(seed, swarm: swarm))
        #expect(report.violations == [])
        // Some of them were blocked, locked down or free when the power went.
        #expect(report.restored > 3)
        #expect(report.restored < report.lives)
        #expect(try BatchRun.run(Self.options(seed, swarm: swarm)).trace == report.trace)
    }

    @Test func `stands clocks that jump, a late loop, hands and commands`() throws {
        var swarm = Swarm()
        swarm.clockSteps = true
        swarm.commands = true
        swarm.forces = true
        swarm.heldOpen = true
        swarm.longTicksPerMille = 100
        swarm.every = .seconds(30)
        let report = try BatchRun.run(Self.options(51, swarm: swarm))
        #expect(report.violations == [])
    }

    @Test func `a week of a quiet station takes seconds`() throws {
        var options = Self.options(61, swarm: .calm, doors: 2)
        options.safety = .seconds(7 * 86_400)
        options.ridersPerThousandMinutes = 60
        let report = try BatchRun.run(options)
        #expect(report.violations == [])
        #expect(report.counters.taps > 300)
        // A tick each second would be 600,000: the loop sleeps when nothing happens.
        #expect(report.ticks < 300_000)
    }

    @Test(arguments: [UInt64(1), 2])
    func `runs the Kaiyuan station whole, with its own roster`(seed: UInt64) throws {
        let station = try Repository.station(seed: "kaiyuan-warm-key")
        let chance = SplitMix64(seed: seed)
        var options = BatchOptions(
            seed: seed, station: station, safety: .seconds(3_600),
            ridersPerThousandMinutes: 4_000, swarm: .calm)
        options.neighbourhood = try Neighbourhood(
            csv: Repository.bytes("seeds/kaiyuan-warm-key.csv"), of: station, seed: chance)
        #expect(options.neighbourhood?.residents.count == 17)
        let first = try BatchRun.run(options)
        #expect(first.violations == [])
        #expect(first.counters.grants > 40)
        for reason in [Denial.unknown, .lost, .blocked, .expired, .notYetValid] {
            #expect(first.counters.denials[Int(reason.rawValue)] > 0, "\(reason.name)")
        }
        #expect(try BatchRun.run(options).trace == first.trace)
    }
}
