// What a person is told about the CSV file that was to become a roster.

/// The verdict on a file, row by row.
public struct RosterImport: Sendable {
    /// How many errors are told; the rest is counted.
    public static let errorsTold = 1_000

    /// Rows under the heading.
    public internal(set) var rowCount = 0
    /// Keys in `file`, or that would be in it.
    public internal(set) var keyCount = 0
    /// The lines of all refused rows, in order; every other row was accepted.
    public private(set) var refusedLines: [Int] = []
    /// Rows that nothing is wrong with, in the order of the file.
    public internal(set) var accepted: [(line: Int, key: ShortText)] = []
    /// What is wrong, by line; at most `errorsTold`.
    public private(set) var errors: [RosterRowError] = []
    /// How many errors there are, told or not.
    public private(set) var errorCount = 0
    /// The roster's file, for `RosterFile.decode`; `nil` when nothing is to be applied.
    public internal(set) var file: [UInt8]?

    public var acceptedCount: Int { rowCount - refusedLines.count }

    /// An error of the whole file or its heading.
    mutating func tell(_ error: RosterRowError) {
        errorCount += 1
        if errors.count < Self.errorsTold { errors.append(error) }
    }

    /// All errors of one row, at least one.
    mutating func refuse(_ rowErrors: [RosterRowError]) {
        for error in rowErrors { tell(error) }
        if let line = rowErrors.first?.line { refusedLines.append(line) }
    }

    /// Collisions are found last; they are told in their place.
    mutating func sortByLine() {
        refusedLines.sort()
        let order = errors.indices.sorted {
            errors[$0].line != errors[$1].line ? errors[$0].line < errors[$1].line : $0 < $1
        }
        errors = order.map { errors[$0] }
    }
}
