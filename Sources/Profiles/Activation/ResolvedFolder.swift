// The folder of resolved stations: `resolved-<digest>.json`, `current` and `previous`.

public import StationCore

/// Files that survive a power cut at any moment: written beside, synchronised, renamed.
///
/// `current` and `previous` are symbolic links, each replaced by one rename, so a reader sees the
/// old file or the new one. `stationd` runs `current`.
public struct ResolvedFolder: Sendable {
    /// Files beyond `current` and `previous` that are kept to look at.
    public static let kept = 8

    public let path: String

    /// - Parameter path: a folder that the first `write` makes, such as
    ///   `/var/lib/stationd/resolved`.
    public init(path: String) { self.path = path }

    // MARK: Files

    /// Puts the station's file in place; writing the same station again changes nothing.
    public func write(_ resolution: Resolution) throws(ActivationError) {
        let name = ResolvedStation.fileName(digest: resolution.digest)
        if let old = try? bytes(name), old == resolution.json { return }
        do {
            try DurableFile.makeFolder(path)
            try DurableFile.replace("\(path)/\(name)", with: resolution.json)
        } catch {
            throw .file(error)
        }
    }

    /// The station of that digest, proven: name, content, JSON and every rule of `validated()`.
    public func load(digest: String) throws(ActivationError) -> ResolvedStation {
        guard ResolvedStation.isDigest(digest) else { throw .badDigest(digest) }
        let content: [UInt8]
        do {
            content = try bytes(ResolvedStation.fileName(digest: digest))
        } catch {
            throw error.isMissing ? .notThere(digest: digest) : .file(error)
        }
        let found = ResolvedStation.digest(ofFile: content)
        guard found == digest else { throw .damaged(named: digest, found: found) }
        return try ResolvedFile.decode(content)
    }

    private func bytes(_ name: String) throws(FileFailure) -> [UInt8] {
        try FileText.bytes(of: "\(path)/\(name)", limit: ResolvedStation.fileSizeLimit + 1)
    }

    // MARK: Links

    /// The digest that `current` names, or `nil` when there is none.
    public var current: String? { digest(linked: ResolvedStation.currentLink) }
    public var previous: String? { digest(linked: ResolvedStation.previousLink) }

    private func digest(linked name: String) -> String? {
        DurableFile.target(of: "\(path)/\(name)").flatMap(ResolvedStation.digest(inFileName:))
    }

    /// Points `current` at a file and `previous` at what was current.
    ///
    /// `previous` is switched first: cut between the two, the old station runs on.
    func switchCurrent(to digest: String) throws(ActivationError) {
        if let current, current != digest { try link(ResolvedStation.previousLink, to: current) }
        try link(ResolvedStation.currentLink, to: digest)
    }

    /// Puts both links back as they were.
    func restore(current: String?, previous: String?) throws(ActivationError) {
        for (name, digest) in [
            (ResolvedStation.currentLink, current), (ResolvedStation.previousLink, previous),
        ] {
            if let digest { try link(name, to: digest) } else { try unlink(name) }
        }
    }

    private func link(_ name: String, to digest: String) throws(ActivationError) {
        do {
            try DurableFile.link("\(path)/\(name)", to: ResolvedStation.fileName(digest: digest))
        } catch {
            throw .file(error)
        }
    }

    private func unlink(_ name: String) throws(ActivationError) {
        do {
            try DurableFile.remove("\(path)/\(name)")
        } catch {
            throw .file(error)
        }
    }

    /// Removes resolved files that no link names, but for the newest `kept`. Best effort: what
    /// cannot be removed is left for the next time.
    func prune() {
        let linked = [current, previous].compactMap {
            $0.map(ResolvedStation.fileName(digest:))
        }
        let files = FileText.names(in: path)
            .filter { ResolvedStation.digest(inFileName: $0) != nil && !linked.contains($0) }
            .map { (name: $0, age: DurableFile.modified("\(path)/\($0)")) }
            .sorted { ($0.age, $0.name) > ($1.age, $1.name) }
        for file in files.dropFirst(Self.kept) { try? DurableFile.remove("\(path)/\(file.name)") }
    }
}
