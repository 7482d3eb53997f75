// The list on which every check writes, so that all errors are told at once.

/// Collects errors and notes of one run. A class, because every reader of a run writes on the same
/// list; it never leaves the run.
final class Findings {
    /// More than a person reads; what is beyond it is counted.
    static let limit = 100

    private var errors: [ConfigurationError] = []
    private var hidden = 0
    private(set) var notes: [ConfigurationNote] = []

    var isClean: Bool { errors.isEmpty }
    /// Errors so far, hidden ones included.
    var count: Int { errors.count + hidden }

    func report(_ error: ConfigurationError) {
        guard errors.count < Self.limit else {
            hidden += 1
            return
        }
        if !errors.contains(error) { errors.append(error) }
    }

    func note(_ note: ConfigurationNote) { notes.append(note) }

    /// The notes by place.
    func sortedNotes() -> [ConfigurationNote] {
        notes.enumerated().sorted {
            ($0.element.file, $0.element.place, $0.offset)
                < ($1.element.file, $1.element.place, $1.offset)
        }.map(\.element)
    }

    /// The errors in reading order, the station file before its profiles as `files` lists them.
    func sorted(files: [String]) -> ConfigurationErrors {
        func order(_ file: String) -> Int { files.firstIndex(of: file) ?? files.count }
        var list = errors.enumerated().sorted { a, b in
            (order(a.element.file), a.element.place, a.offset)
                < (order(b.element.file), b.element.place, b.offset)
        }.map(\.element)
        if hidden > 0, let last = list.last {
            list.append(
                ConfigurationError(file: last.file, place: last.place, kind: .more(hidden)))
        }
        return ConfigurationErrors(errors: list)
    }
}
