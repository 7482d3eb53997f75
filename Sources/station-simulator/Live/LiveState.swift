// The live station's state directory: made when it is missing, with a key and a roster in it.

import EventLoop
import Glibc
import Journal
import Ports
import Simulation
import StationCore

/// What `make run` does by itself, and a real station's crew by hand.
enum LiveState {
    enum Problem: Error, CustomStringConvertible {
        case folder(path: String, code: Int32)
        case key
        /// Each refused row was told already.
        case roster(path: String)

        var description: String {
            switch self {
            case .folder(let path, let code):
                """
                状态目录不能用 the state directory cannot be used: \(path): \
                \(SystemError(code))
                """
            case .key: "驿站密钥文件损坏 the station key's file is damaged: \(KeyFile.name)"
            case .roster(let path): "名册未导入 the roster was not imported: \(path)"
            }
        }
    }

    static func folder(_ path: String) throws(Problem) -> DiskDirectory {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .folder(path: path, code: errno) }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            throw .folder(path: path, code: errno)
        }
        return DiskDirectory(path: path)
    }

    /// A standalone key, unless there is one. Returns whether it is new.
    static func makeKey(in directory: DiskDirectory) throws -> Bool {
        if try KeyFile.read(in: directory) != nil { return false }
        try KeyFile.write(KeyFile.Contents.standalone(), in: directory, keeping: false)
        return true
    }

    /// Whose day passes the station takes, when it has a scanner; made when there is nobody yet.
    static func passSigner(
        of station: ResolvedStation, in directory: DiskDirectory
    ) throws -> DayPassSigner? {
        let takesPasses = station.devices.contains { device in
            guard case .keyboard(let settings) = device.driver else { return false }
            return settings.takesPasses
        }
        guard takesPasses else { return nil }
        return try PassKeyFile.read(in: directory) ?? PassKeyFile.create(in: directory)
    }

    /// Imports the roster beside the station file, unless the same one is in force already.
    ///
    /// - Returns: the people whose cards the riders carry.
    static func importRoster(
        _ files: SeedFiles, in directory: DiskDirectory
    ) throws -> [Resident] {
        guard let csv = files.csv else { return [] }
        guard let key = try KeyFile.read(in: directory)?.key else { throw Problem.key }
        let places = RosterPlaces(files.station)
        let current = current(in: directory, places, key: key)
        func judged(_ version: UInt64) -> RosterImport {
            RosterCSV(key: key, version: version, for: files.station).read(csv)
        }
        let same = judged(current?.version ?? 1)
        guard let file = same.file else {
            Complaint.say(same, path: files.rosterPath)
            throw Problem.roster(path: files.rosterPath)
        }
        if let current {
            let roster = try RosterFile.decode(file, for: places)
            if roster.digest != current.digest, let next = judged(current.version + 1).file {
                try directory.replace(Memory.rosterName, with: [next[...]])
            }
        } else {
            try directory.replace(Memory.rosterName, with: [file[...]])
        }
        return Neighbourhood.residents(of: csv, station: files.station)
    }

    private static func current(
        in directory: DiskDirectory, _ places: RosterPlaces, key: StationKey
    ) -> Roster? {
        guard
            let bytes = try? directory.read(Memory.rosterName, limit: RosterLimits.fileBytes),
            let roster = try? RosterFile.decode(bytes, for: places), roster.isMade(with: key)
        else { return nil }
        return roster
    }
}
