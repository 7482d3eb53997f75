// From a station file and a folder of profiles to the one file that `stationd` runs.

public import StationCore

/// A station that was resolved without an error.
public struct Resolution: Sendable {
    public let station: ResolvedStation
    /// The station as canonical JSON: what the file holds, byte for byte.
    public let json: [UInt8]
    /// SHA-256 of `json`, 64 lower-case hexadecimal digits: the file's name and its proof.
    public let digest: String
    /// What is allowed and worth knowing.
    public let notes: [ConfigurationNote]

    /// Reads a station file and the profiles that it names.
    ///
    /// The same input gives the same bytes, on every machine.
    /// - Parameters:
    ///   - stationFile: path of a `station/1` file; messages call it so.
    ///   - devicesDirectory: the folder of profiles.
    /// - Throws: every error of every file at once, sorted by place.
    public static func resolve(
        stationFile: String, devicesDirectory: String
    ) throws(ConfigurationErrors) -> Resolution {
        let findings = Findings()
        let checker = Checker(file: stationFile, findings: findings)
        guard let bytes = FileText.read(checker) else {
            throw findings.sorted(files: [stationFile])
        }
        return try resolve(
            bytes, checker, ProfileLibrary(directory: devicesDirectory, findings: findings))
    }

    /// The same with the station file's text in hand; `name` is what messages call it.
    public static func resolve(
        text: [UInt8], name: String, devicesDirectory: String
    ) throws(ConfigurationErrors) -> Resolution {
        let findings = Findings()
        return try resolve(
            text, Checker(file: name, findings: findings),
            ProfileLibrary(directory: devicesDirectory, findings: findings))
    }

    private static func resolve(
        _ bytes: [UInt8], _ checker: Checker, _ library: ProfileLibrary
    ) throws(ConfigurationErrors) -> Resolution {
        let findings = checker.findings
        guard let root = TreeReader.read(bytes, checker),
            let file = StationReader(checker: checker).read(root)
        else { throw findings.sorted(files: [checker.file]) }
        var devices = DeviceResolver(file: file, checker: checker, library: library)
        devices.resolve()
        var doors = DoorResolver(
            file: file, checker: checker, known: devices.known, devices: devices.devices)
        doors.resolve()
        let twoMasters = doors.twoMasters
        guard findings.isClean else { throw findings.sorted(files: [checker.file]) }
        let station = ResolvedStation(
            station: file.identity, lines: devices.lines, devices: devices.devices,
            channels: devices.channels, doors: doors.doors,
            services: doors.services,
            hours: file.hours.map {
                ResolvedHours(
                    name: $0.name.value, labelChinese: $0.label.chinese,
                    labelEnglish: $0.label.english, hours: $0.hours)
            },
            holidays: file.holidays, rights: doors.rights.isEmpty ? nil : doors.rights,
            twoMasters: twoMasters, journal: file.journal, policy: file.policy)
        do throws(ResolvedStation.Flaw) {
            _ = try station.validated()
        } catch .tooMany(let list, let count, let limit) {
            checker.report(.start, .tooManyInAll(list, count: count, limit: limit))
            throw findings.sorted(files: [checker.file])
        } catch {
            checker.report(.start, .inconsistent(error))
            throw findings.sorted(files: [checker.file])
        }
        let json = ResolvedFile.encode(station)
        guard json.count <= ResolvedStation.fileSizeLimit else {
            checker.report(.start, .stationTooLarge(limitBytes: ResolvedStation.fileSizeLimit))
            throw findings.sorted(files: [checker.file])
        }
        return Resolution(
            station: station, json: json, digest: ResolvedStation.digest(ofFile: json),
            notes: findings.sortedNotes())
    }
}
