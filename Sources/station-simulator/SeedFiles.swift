// A station file with its profiles and its roster, read and checked before anything starts.

import Glibc
import Profiles
import StationCore

/// Everything that a run reads from disk.
struct SeedFiles {
    /// A roster of a million rows is under 100 MB.
    static let rosterLimit = 128 << 20

    let resolution: Resolution
    /// The roster in CSV; `nil` when none was asked for and none is there.
    let csv: [UInt8]?
    let rosterPath: String
    /// Who comes; `nil` when there is no such file.
    let population: Population?

    var station: ResolvedStation { resolution.station }
    var digest: String { resolution.digest }

    enum Problem: Error {
        case configuration(ConfigurationErrors)
        case unreadable(path: String, code: Int32)

        /// What is wrong, where, and what to do, in both languages.
        var text: String {
            switch self {
            case .configuration(let errors):
                errors.text(.chinese) + "\n" + errors.text(.english)
            case .unreadable(let path, let code):
                "读不出 cannot read \(path): \(SystemError(code))"
            }
        }
    }

    init(
        stationFile: String, roster: String?, people: String?, devices: String?
    ) throws(Problem) {
        let folder = Self.folder(of: stationFile)
        do throws(ConfigurationErrors) {
            resolution = try Resolution.resolve(
                stationFile: stationFile, devicesDirectory: devices ?? folder + "/../Devices")
        } catch {
            throw .configuration(error)
        }
        let stem = stationFile.hasSuffix(".yaml") ? String(stationFile.dropLast(5)) : stationFile
        rosterPath = roster ?? stem + ".csv"
        do throws(Problem) {
            csv = try Self.contents(of: rosterPath)
        } catch {
            if roster != nil { throw error }
            csv = nil
        }
        let peoplePath = people ?? stem + ".people.yaml"
        var script: [UInt8]?
        do throws(Problem) {
            script = try Self.contents(of: peoplePath)
        } catch {
            if people != nil { throw error }
        }
        do throws(ConfigurationErrors) {
            let station = resolution.station
            population = try script.map { bytes throws(ConfigurationErrors) in
                try Population.read(bytes, name: peoplePath, for: station)
            }
        } catch {
            throw .configuration(error)
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func contents(of path: String) throws(Problem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &portion, portion.count)
            if count < 0 { throw .unreadable(path: path, code: errno) }
            if count == 0 { return bytes }
            bytes += portion[..<count]
            guard bytes.count <= rosterLimit else {
                throw .unreadable(path: path, code: EFBIG)
            }
        }
    }
}

/// What the simulator has to complain of, on standard error.
enum Complaint {
    static func say(_ text: String) {
        var line = "station-simulator: " + text + "\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Every error of a roster that was refused, both languages side by side.
    static func say(_ report: RosterImport, path: String) {
        for error in report.errors {
            say("\(path):\(error.line): \(error.text(.chinese)) \(error.text(.english))")
        }
        let more = report.errorCount - report.errors.count
        if more > 0 { say("另有 and \(more) 条错误 more errors") }
    }
}
