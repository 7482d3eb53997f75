// Batch mode: seeds one after the other, a report each, nothing of the wall clock in it.

import EventLoop
import Glibc
import Simulation
import StationCore

/// Runs seeds and prints what came of them.
enum Batch {
    /// - Returns: the exit code: 0 when every run was sound.
    static func run(_ files: SeedFiles, _ options: PlayStation) -> Int32 {
        let first = options.seed ?? 1
        var unsound = 0
        let start = now()
        var elapsed = Interval.zero
        for offset in 0..<UInt64(options.seeds) {
            guard let report = play(files, options, seed: first &+ offset) else { return 65 }
            elapsed = elapsed + report.elapsed
            if !report.isSound { unsound += 1 }
        }
        if options.seeds > 1 {
            print("\(options.seeds) seeds, \(unsound) unsound")
        }
        // Apart from the report: two runs of one seed print the same.
        let wall = max(1, (now() - start).milliseconds)
        let pace = elapsed.milliseconds / 36 * 10 / wall
        Complaint.say(
            "模拟 simulated \(elapsed.nanoseconds / 3_600_000_000_000) h, 用时 took \(wall) ms: "
                + "\(pace / 100).\(pace % 100 / 10) h/s")
        return unsound == 0 ? 0 : 1
    }

    private static func play(
        _ files: SeedFiles, _ options: PlayStation, seed: UInt64
    ) -> BatchReport? {
        let chance = SplitMix64(seed: seed)
        let swarm =
            options.calm ? Swarm.calm : options.powerCuts ? .powerCuts : Swarm(seed: chance)
        var batch = BatchOptions(seed: seed, station: files.station, swarm: swarm)
        batch.population = files.population
        batch.ridersPerThousandMinutes = (options.ridersPerMinute ?? 1) * 1_000
        let hours = (options.days ?? 0) * 24 + (options.hours ?? (options.days == nil ? 1 : 0))
        batch.safety = .seconds(Int64(hours) * 3_600)
        print("SEED=\(seed)")
        print("station    \(files.station.station.id), \(files.digest.prefix(16))")
        print("swarm      \(swarm.description)")
        print(
            "phases     \(hours) h with faults, \(batch.liveness.milliseconds / 60_000) min without"
        )
        if let csv = files.csv {
            do throws(RosterRefused) {
                batch.neighbourhood = try Neighbourhood(
                    csv: csv, of: files.station, seed: chance)
            } catch {
                Complaint.say(error.report, path: files.rosterPath)
                return nil
            }
        }
        do throws(RosterFileError) {
            let report = try BatchRun.run(batch, sink: options.trace ? { print($0) } : nil)
            for line in report.lines { print(line) }
            return report
        } catch {
            Complaint.say("\(files.rosterPath): \(error.text(.chinese)) \(error.text(.english))")
            return nil
        }
    }

    private static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
