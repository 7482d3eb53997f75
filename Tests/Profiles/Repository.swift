// Where the repository's own files are.

import Profiles
import StationCore

/// Paths from this file's place, so that tests run from any directory.
enum Repository {
    static let root = String(
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 })
    static let devices = root + "/Devices"
    static let seeds = root + "/seeds"

    static func resolve(seed: String) throws -> Resolution {
        try Resolution.resolve(
            stationFile: "\(seeds)/\(seed).yaml", devicesDirectory: devices)
    }
}
