// Loads what runs: the resolved station that `stationctl activate` put in place.

import FoundationEssentials
import Glibc
import Journal
import StationCore

/// A resolved station with the digest that names it.
struct Configuration {
    /// The folder of resolved stations in the state directory.
    static let folder = "resolved"

    var station: ResolvedStation
    var digest: String

    enum Problem: Error, CustomStringConvertible {
        case missing(path: String)
        case unreadable(JournalError)
        case malformed(path: String, reason: String)

        /// Whoever starts us tries a medium again, and a person mends a configuration.
        var exitCode: Int32 {
            switch self {
            case .missing, .malformed: EX_CONFIG
            case .unreadable: EX_OSERR
            }
        }

        var description: String {
            switch self {
            case .missing(let path):
                """
                没有配置 no configuration: \(path). \
                先运行 run first: stationctl activate STATION.yaml
                """
            case .unreadable(let error):
                "配置读不出 the configuration cannot be read: \(error)"
            case .malformed(let path, let reason):
                """
                配置无效 the configuration is not valid: \(path): \(reason). \
                重新运行 run again: stationctl activate STATION.yaml
                """
            }
        }
    }

    /// Reads `resolved/current`, checks it, and decodes it.
    init(in directory: DiskDirectory) throws(Problem) {
        let folder = DiskDirectory(path: directory.path(of: Self.folder))
        let path = folder.path(of: ResolvedStation.currentLink)
        let bytes: [UInt8]?
        do throws(JournalError) {
            // The link is ours and is followed once; what it names has to be a plain file.
            bytes = try Self.target(of: path).flatMap { name throws(JournalError) in
                try folder.read(name, limit: ResolvedStation.fileSizeLimit)
            }
        } catch {
            throw .unreadable(error)
        }
        guard let bytes else { throw .missing(path: path) }
        let decoded: ResolvedStation
        do {
            decoded = try JSONDecoder().decode(ResolvedStation.self, from: Data(bytes))
        } catch {
            throw .malformed(path: path, reason: "不是解析文件 not a resolved station")
        }
        do throws(ResolvedStation.Flaw) {
            station = try decoded.validated()
        } catch {
            throw .malformed(path: path, reason: "\(error.text(.chinese)) \(error.text(.english))")
        }
        digest = ResolvedStation.digest(ofFile: bytes)
    }

    /// The file name that a link in the same folder holds, or `nil` when there is no such link.
    ///
    /// - Throws: when the medium does not say: another try may read it, so it is not "missing".
    private static func target(of path: String) throws(JournalError) -> String? {
        var name = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &name, name.count)
        if count < 0, ![ENOENT, ENOTDIR, EINVAL].contains(errno) {
            throw JournalError(.unexpected, code: errno, "cannot read the link \(path)")
        }
        guard count > 0, count < name.count else { return nil }
        let target = String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.contains("/") ? nil : target
    }
}
