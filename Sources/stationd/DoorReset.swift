// `stationd --reset-doors`: a crew's word that every door stands locked and nothing else.

import Glibc
import Journal
import Ports
import StationCore

/// For a station that is locked down because nothing says how its doors stood.
enum DoorReset {
    /// - Returns: the exit code.
    static func run(_ options: Options) -> Int32 {
        let directory = DiskDirectory(path: options.stateDirectory)
        do {
            let station = try Configuration(in: directory).station
            let lock = try StateLock(directory)
            defer { withExtendedLifetime(lock) {} }
            try snapshot(in: directory, station).reset(for: station).write(in: directory)
            Console.note("stationd: 各门已记为锁定 every door is recorded as locked")
            return EX_OK
        } catch let failure as StateLock.Failure {
            Console.note("stationd --reset-doors: \(failure)")
            return EX_UNAVAILABLE
        } catch let error as Configuration.Problem {
            Console.note("stationd --reset-doors: \(error)")
            return error.exitCode
        } catch {
            Console.note("stationd --reset-doors: \(StateSnapshot.file.name): \(error)")
            return EX_UNAVAILABLE
        }
    }

    /// What else the snapshot knows stays; a damaged one is set aside.
    ///
    /// - Throws: when it is there and may be sound: of a later version, or on a medium that does
    ///   not give it this time. Another in its place would lose what else it knows.
    static func snapshot(
        in directory: DiskDirectory, _ station: ResolvedStation
    ) throws(StateFileError) -> StateSnapshot {
        let lost = StateSnapshot.lost(for: station, wallAnchor: Release.built)
        do throws(StateFileError) {
            return try StateSnapshot.read(in: directory) ?? lost
        } catch {
            switch error {
            case .damaged: return lost
            case .newer, .unreadable: throw error
            }
        }
    }
}
