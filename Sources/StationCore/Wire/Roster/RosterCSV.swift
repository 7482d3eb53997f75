// A roster as people keep it, in a spreadsheet: every row judged, then all of it or nothing.

/// Reads CSV files with a heading line. Numbers become match forms here and are forgotten.
public struct RosterCSV: Sendable {
    /// Rows in a file.
    public static let mostRows = 1_100_000

    private let key: StationKey
    private let version: UInt64
    private let utcOffset: Int
    private let doors: Set<String>
    private let hours: Set<String>
    /// Services for which somebody can tap, and what of them is counted.
    private let measures: [String: [QuotaMeasure]]
    private let services: [String]

    /// - Parameters:
    ///   - key: the station's key of the epoch that the roster is for.
    ///   - version: the new roster's version.
    ///   - utcOffset: the station's offset from UTC in seconds: dates are station time.
    ///   - doors: the station's door names; a row may name no other.
    public init(key: StationKey, version: UInt64, utcOffset: Int, doors: [String]) {
        self.init(key, version, utcOffset, RosterPlaces(doors: doors), services: [])
    }

    /// The same of a station with services and hours.
    public init(key: StationKey, version: UInt64, for station: ResolvedStation) {
        self.init(
            key, version, station.station.utcOffsetMinutes * 60, RosterPlaces(station),
            services: station.services)
    }

    private init(
        _ key: StationKey, _ version: UInt64, _ utcOffset: Int, _ places: RosterPlaces,
        services: [ResolvedService]
    ) {
        self.key = key
        self.version = version
        self.utcOffset = utcOffset
        doors = Set(places.doors)
        hours = Set(places.hours)
        let counted = services.filter { !$0.quotaMeasures.isEmpty }
        self.services = counted.map(\.name).sorted()
        measures = Dictionary(
            counted.map { ($0.name, $0.quotaMeasures) }, uniquingKeysWith: { first, _ in first })
    }

    /// Judges every row, and makes a roster when none was refused.
    ///
    /// - Parameter partial: make one of the accepted rows even when others were refused. A file
    ///   without a right heading or without any accepted row never becomes a roster.
    ///
    /// The file's bytes are let go before the roster is built, if nobody else holds them.
    public func read(_ bytes: consuming [UInt8], partial: Bool = false) -> RosterImport {
        var result = RosterImport()
        guard bytes.count <= RosterLimits.fileBytes else {
            result.tell(RosterRowError(line: 0, .fileTooLarge(limit: RosterLimits.fileBytes)))
            return result
        }
        var builder = RosterBuilder(key: key, version: version)
        guard takeRows(of: consume bytes, to: &builder, &result) else { return result }
        if result.rowCount == 0 { result.tell(RosterRowError(line: 0, .noRows)) }
        finish(&result, builder.build(), partial: partial)
        return result
    }

    /// Judges every row. Returns whether the file is to be judged as a whole.
    private func takeRows(
        of bytes: consuming [UInt8], to builder: inout RosterBuilder,
        _ result: inout RosterImport
    ) -> Bool {
        var records = CSVRecords(consume bytes)
        guard let columns = heading(&records, &result) else { return false }
        while let (line, record) = records.next() {
            guard result.rowCount < Self.mostRows else {
                result.tell(RosterRowError(line: line, .tooManyRows(limit: Self.mostRows)))
                return false
            }
            result.rowCount += 1
            do throws(RowErrors) {
                let row = try row(line, record, columns)
                try checkNames(of: row)
                try add(row, to: &builder)
                result.accepted.append((line, row.id))
            } catch {
                result.refuse(error.errors)
            }
        }
        return true
    }

    /// A name that this station has not is a slip of the pen: taken, it would deny without a word,
    /// and a quota of it would bound nothing.
    private func checkNames(of row: RosterRow) throws(RowErrors) {
        var errors: [RosterRowError] = []
        func tell(_ column: RosterColumn, _ problem: RosterRowError.Problem) {
            errors.append(RosterRowError(line: row.line, column: column, problem))
        }
        for found in row.doors.names where !doors.contains(found) {
            tell(.doors, .unknownDoor(found: found, known: doors.sorted()))
        }
        let terms = row.terms
        for found in terms.services.names where measures[found] == nil {
            tell(.services, .unknownService(found: found, known: services))
        }
        if let found = terms.hours, !hours.contains(found) {
            tell(.hours, .unknownHours(found: found, known: hours.sorted()))
        }
        for quota in terms.quotas {
            let known = quota.subject.isEmpty ? [.uses] : measures[quota.subject]
            if known == nil {
                let all = services + [QuotaText.doors]
                tell(.quota, .unknownService(found: quota.subject, known: all))
            } else if let known, !known.contains(quota.measure) {
                tell(.quota, .notCounted(found: QuotaText.text([quota]), known: known))
            }
        }
        if !errors.isEmpty { throw RowErrors(errors: errors) }
    }

    private func finish(
        _ result: inout RosterImport, _ build: RosterBuilder.Build, partial: Bool
    ) {
        for collision in build.collisions {
            for line in collision.lines {
                let others = collision.lines.lazy.filter { $0 != line }
                    .prefix(RosterRowError.linesTold + 1)
                let problem = RosterRowError.Problem.collision(lines: Array(others))
                result.refuse([RosterRowError(line: line, column: .number, problem)])
            }
        }
        result.sortByLine()
        let refused = Set(result.refusedLines)
        result.accepted.removeAll { refused.contains($0.line) }
        result.keyCount = build.keyCount
        if build.keyCount > 0, result.errorCount == 0 || partial { result.file = build.file }
    }

    /// Finds the columns, or tells every error of the heading.
    private func heading(
        _ records: inout CSVRecords, _ result: inout RosterImport
    ) -> RosterColumns? {
        guard let (line, record) = records.next() else {
            result.tell(RosterRowError(line: 0, .noRows))
            return nil
        }
        switch record {
        case .failure(let problem):
            result.tell(RosterRowError(line: line, RosterRowError.Problem(problem)))
            return nil
        case .success(let record):
            let columns = RosterColumns(record.fields)
            for error in columns.errors(line: line) { result.tell(error) }
            return result.errorCount == 0 ? columns : nil
        }
    }

    /// Everything that is wrong with one row.
    private struct RowErrors: Error {
        let errors: [RosterRowError]
    }

    private func row(
        _ line: Int, _ record: Result<CSVRecord, CSVProblem>, _ columns: RosterColumns
    ) throws(RowErrors) -> RosterRow {
        switch record {
        case .failure(let problem):
            throw RowErrors(
                errors: [RosterRowError(line: line, RosterRowError.Problem(problem))])
        case .success(let record):
            guard record.fields.count == columns.count else {
                let problem = RosterRowError.Problem.fields(
                    expected: columns.count, found: record.fields.count)
                throw RowErrors(errors: [RosterRowError(line: line, problem)])
            }
            var cells = RosterCells(
                record: record, columns: columns, key: key, utcOffset: utcOffset)
            guard let row = cells.row() else { throw RowErrors(errors: cells.errors) }
            return row
        }
    }

    private func add(_ row: RosterRow, to builder: inout RosterBuilder) throws(RowErrors) {
        do {
            try builder.add(row)
        } catch {
            throw RowErrors(errors: [RosterRowError(line: row.line, error)])
        }
    }
}
