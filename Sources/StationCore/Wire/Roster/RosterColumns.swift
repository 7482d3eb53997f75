// Which column stands where in one file.

/// A heading line, understood or told.
struct RosterColumns {
    private let headings: [String]
    /// In the order of the heading; `nil` where nobody knows the heading.
    private let columns: [RosterColumn?]
    private let places: [RosterColumn: Int]

    init(_ headings: [String]) {
        self.headings = headings
        columns = headings.map { RosterColumn(heading: $0) }
        var found: [RosterColumn: Int] = [:]
        for (place, column) in columns.enumerated() {
            if let column, found[column] == nil { found[column] = place }
        }
        places = found
    }

    var count: Int { headings.count }

    func place(of column: RosterColumn) -> Int? { places[column] }

    func errors(line: Int) -> [RosterRowError] {
        var errors: [RosterRowError] = []
        for (heading, column) in zip(headings, columns) where column == nil {
            let found = RosterRowError.Problem.excerpt(heading)
            errors.append(RosterRowError(line: line, .unknownColumn(found: found)))
        }
        for column in RosterColumn.allCases {
            let count = columns.count { $0 == column }
            if count > 1 {
                errors.append(RosterRowError(line: line, column: column, .repeatedColumn))
            } else if count == 0, column.isRequired {
                errors.append(RosterRowError(line: line, column: column, .missingColumn))
            }
        }
        return errors
    }
}
