// Where the repository's own files are.

import Glibc
import Profiles
import Simulation
import StationCore

/// Paths from this file's place, so that tests run from any directory.
enum Repository {
    static let root = String(
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })

    static func station(seed: String) throws -> ResolvedStation {
        try Resolution.resolve(
            stationFile: "\(root)/seeds/\(seed).yaml", devicesDirectory: root + "/Devices"
        ).station
    }

    static func bytes(_ path: String) -> [UInt8] {
        guard let file = fopen(root + "/" + path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&portion, 1, portion.count, file)
            guard count > 0 else { return bytes }
            bytes += portion[..<count]
        }
    }
}
