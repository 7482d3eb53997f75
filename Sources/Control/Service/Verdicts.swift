// What became of each row of an import: a million rows, and a record only for those that are sent.

public import StationCore

/// All verdicts of an import: refused rows first, each kind in the order of the file.
public struct Verdicts: RandomAccessCollection, Sendable {
    /// One for each error of a row.
    public var refused: [VerdictRecord]
    /// Rows that nothing is wrong with.
    public var accepted: [(line: Int, key: ShortText)]

    public init(refused: [VerdictRecord], accepted: [(line: Int, key: ShortText)]) {
        self.refused = refused
        self.accepted = accepted
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { refused.count + accepted.count }

    public subscript(place: Int) -> VerdictRecord {
        guard place >= refused.count else { return refused[place] }
        let row = accepted[place - refused.count]
        return VerdictRecord(line: row.line, key: "\(row.key)", accepted: true)
    }
}
