// Why a row of a roster's CSV file was refused.

/// One thing that is wrong, and where. Never holds a card's number.
public struct RosterRowError: Error, Equatable, Sendable {
    /// The line on which the row begins, from 1; 0 for the whole file.
    public let line: Int
    public let column: RosterColumn?
    public let problem: Problem

    /// How many other lines one error names: a card on a thousand rows needs no more.
    static let linesTold = 10

    public enum Problem: Equatable, Sendable {
        /// The file is larger than this many bytes.
        case fileTooLarge(limit: Int)
        case tooManyRows(limit: Int)
        /// A heading and nothing under it: applied, it would lock everybody out.
        case noRows
        case missingColumn
        case unknownColumn(found: String)
        case repeatedColumn
        case fields(expected: Int, found: Int)
        case tooLong(limit: Int)
        case quote
        case encoding
        case empty
        /// Not printable ASCII, or longer than so many bytes.
        case notAnIdentifier(limit: Int)
        case number(PrintedFormError)
        /// No form, and these are possible.
        case formNotStated(possible: [String])
        case unknownForm(found: String)
        case date(found: String)
        case fromAfterTo
        case state(found: String)
        case role(found: String)
        case answer(found: String)
        case doorName(found: String, limit: Int)
        /// Not a door of this station.
        case unknownDoor(found: String, known: [String])
        /// Not a service of this station for which somebody could tap.
        case unknownService(found: String, known: [String])
        /// Not hours of this station.
        case unknownHours(found: String, known: [String])
        /// Not written as a quota is.
        case quota(found: String)
        case quotaTwice(found: String)
        /// Of that service nobody counts that.
        case notCounted(found: String, known: [QuotaMeasure])
        case contradictsLine(Int)
        /// The card is on keys of other holders too, in these lines: the first of them, and one
        /// more than are told when there are more.
        case collision(lines: [Int])
        case tooMany(limit: Int)
    }

    init(line: Int, column: RosterColumn? = nil, _ problem: Problem) {
        self.line = line
        self.column = column
        self.problem = problem
    }
}

extension RosterRowError.Problem {
    init(_ problem: CSVProblem) {
        switch problem {
        case .tooLong(let limit): self = .tooLong(limit: limit)
        case .quote: self = .quote
        case .encoding: self = .encoding
        }
    }

    /// As much of a cell as fits a message, without control characters.
    static func excerpt(_ cell: some StringProtocol) -> String {
        let shown = cell.unicodeScalars.prefix(40).map { scalar in
            let isControl = scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
            return isControl ? "?" : String(scalar)
        }
        return shown.joined() + (cell.unicodeScalars.count > 40 ? "…" : "")
    }
}

extension RosterRowError {
    /// What a builder said of a row.
    init(line: Int, _ refusal: RosterRowRefusal) {
        switch refusal {
        case .contradictsLine(let other):
            self.init(line: line, column: .key, .contradictsLine(other))
        case .emptyID: self.init(line: line, column: .key, .empty)
        case .fromAfterTo: self.init(line: line, column: .from, .fromAfterTo)
        case .doorName:
            self.init(
                line: line, column: .doors,
                .doorName(found: "", limit: RosterLimits.doorNameBytes))
        case .tooManyKeys(let limit), .tooManyForms(let limit):
            self.init(line: line, column: .key, .tooMany(limit: limit))
        case .tooManyRights(let limit):
            self.init(line: line, column: .doors, .tooMany(limit: limit))
        case .termName:
            self.init(
                line: line, column: .services,
                .doorName(found: "", limit: RosterLimits.doorNameBytes))
        case .quota: self.init(line: line, column: .quota, .quotaTwice(found: ""))
        case .tooManyQuotas(let limit):
            self.init(line: line, column: .quota, .tooMany(limit: limit))
        }
    }
}
