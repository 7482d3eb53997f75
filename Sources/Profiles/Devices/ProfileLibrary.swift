// The folder of profiles: one file a model, found by its name.

import StationCore

/// Reads the profiles that a station names, each once.
struct ProfileLibrary {
    let directory: String
    let findings: Findings
    /// Every profile id in the folder, sorted: what "did you mean" chooses from.
    let known: [String]
    private var read: [String: DeviceProfile?] = [:]

    init(directory: String, findings: Findings) {
        self.directory = directory
        self.findings = findings
        known = FileText.names(in: directory)
            .filter { $0.hasSuffix(".yaml") }
            .map { String($0.dropLast(5)) }
            .filter { ResolvedStation.isLegalName($0) }
            .sorted()
    }

    /// Every profile of a folder, sorted by id, its worked examples checked.
    ///
    /// - Throws: every error of every file at once.
    static func all(in directory: String) throws(ConfigurationErrors) -> [DeviceProfile] {
        let findings = Findings()
        var library = ProfileLibrary(directory: directory, findings: findings)
        let profiles = library.known.compactMap { library.profile($0) }
        guard findings.isClean else {
            throw findings.sorted(files: library.known.map(library.path))
        }
        return profiles
    }

    private var family: ProfileFamily { ProfileFamily(directory: directory, known: known) }

    func path(of id: String) -> String { "\(directory)/\(id).yaml" }

    /// The profile of that id, which must be in `known`; `nil` when its file has errors, which
    /// were reported.
    mutating func profile(_ id: String) -> DeviceProfile? {
        if let profile = read[id] { return profile }
        let checker = Checker(file: path(of: id), findings: findings)
        let before = findings.count
        let profile = FileText.read(checker)
            .flatMap { TreeReader.read($0, checker) }
            .flatMap { ProfileReader(checker: checker, family: family).read($0, fileID: id) }
        // With another error in the file an example would only say the same again.
        if let profile, findings.count == before { profile.checkExamples(checker) }
        read[id] = .some(profile)
        return profile
    }
}
