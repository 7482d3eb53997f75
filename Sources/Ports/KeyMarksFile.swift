// What the station says of keys, in the state directory: as precious as the roster beside it.

public import Journal
public import StationCore

/// Reads and writes `marks`: a state file whose content is one line for each key, in their order:
/// `lost` or `blocked`, the roster's version when it was told, the key's id.
public enum KeyMarksFile {
    public static let name = "marks.table"

    /// The longest line: a word, twenty digits, an id, two blanks and the end.
    private static let longestLine = 7 + 1 + 20 + 1 + ShortText.capacity + 1

    static let file = StateFile(
        name: name, kind: StateFile.Kind("MARK"), version: 1,
        limit: KeyMarks.capacity * longestLine)

    /// What is there; none when there is no file.
    public static func read(
        in directory: any StateDirectory
    ) throws(StateFileError) -> KeyMarks {
        guard let contents = try file.read(in: directory) else { return KeyMarks() }
        guard let marks = parse(contents.bytes) else {
            throw .damaged(.content, setAside: file.setAside(in: directory))
        }
        return marks
    }

    /// Puts it on the medium: when this returns it survives a power cut.
    public static func write(
        _ marks: KeyMarks, in directory: any StateDirectory
    ) throws(JournalError) {
        let lines = marks.marks.map { "\($0.state.name) \($0.since) \($0.key)\n" }
        try file.write(Array(lines.joined().utf8)[...], in: directory)
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) -> KeyMarks? {
        var marks = KeyMarks()
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let since = UInt64(fields[1]),
                let state = KeyState.allCases.first(where: { $0.name == fields[0] }),
                state != .active, let key = ShortText(fields[2]), !key.isEmpty,
                marks.set(KeyMarks.Mark(key: key, state: state, since: since))
            else { return nil }
        }
        return marks
    }
}
