// One row's cells, each understood or told.

/// Makes a row of a record, collecting everything that is wrong with it.
struct RosterCells {
    private let record: CSVRecord
    private let columns: RosterColumns
    private let key: StationKey
    private let utcOffset: Int
    private(set) var errors: [RosterRowError] = []

    init(record: CSVRecord, columns: RosterColumns, key: StationKey, utcOffset: Int) {
        self.record = record
        self.columns = columns
        self.key = key
        self.utcOffset = utcOffset
    }

    /// The row, or `nil` when there are `errors`.
    mutating func row() -> RosterRow? {
        let id = identifier(.key)
        let holder = identifier(.holder)
        let form = matchForm()
        let doors = doorNames()
        let (from, to) = validity()
        let state = cell(.state).isEmpty ? .active : KeyState(text: cell(.state))
        if state == nil { tell(.state, .state(found: excerpt(.state))) }
        let role = cell(.role).isEmpty ? .rider : KeyRole(text: cell(.role))
        if role == nil { tell(.role, .role(found: excerpt(.role))) }
        let isSlow = RosterAnswer.isYes(cell(.slow))
        if isSlow == nil { tell(.slow, .answer(found: excerpt(.slow))) }
        let terms = terms()
        guard errors.isEmpty, let id, let holder, let form, let doors, let state, let role,
            let isSlow
        else { return nil }
        return RosterRow(
            line: record.line, id: id, holder: holder, form: form.form, doors: doors,
            validFrom: from, validTo: to, state: state, role: role, shapes: form.shapes,
            isSlow: isSlow, terms: terms)
    }

    private mutating func identifier(_ column: RosterColumn) -> ShortText? {
        let cell = cell(column)
        if cell.isEmpty {
            tell(column, .empty)
            return nil
        }
        // That mark is the crew's: an entry is to say who it was beyond doubt.
        let text =
            cell.hasPrefix(CrewMember.mark) || cell.hasPrefix(CrewMember.hubMark)
            ? nil : ShortText(cell)
        if text == nil { tell(column, .notAnIdentifier(limit: ShortText.capacity)) }
        return text
    }

    /// The number's match form; the number itself goes no further than this function.
    private mutating func matchForm() -> (form: MatchForm, shapes: NumberShapes)? {
        let text = cell(.number)
        let name = cell(.form)
        if text.isEmpty {
            tell(.number, .empty)
        } else if name.isEmpty {
            let possible = PrintedForm.candidates(for: text).filter { !$0.isReversed }
            tell(.form, .formNotStated(possible: possible.map(\.name)))
        } else if let form = PrintedForm(name: name) {
            do {
                let number = try form.parse(text)
                return (key.matchForm(of: number), NumberShapes(of: number))
            } catch {
                tell(.number, .number(error))
            }
        } else {
            tell(.form, .unknownForm(found: excerpt(.form)))
        }
        return nil
    }

    /// Services, hours and quotas; what an empty cell does not say is not restricted.
    private mutating func terms() -> RosterTerms {
        var terms = RosterTerms.plain
        let names = cell(.services).split(whereSeparator: \.isWhitespace)
        switch names {
        case [], ["*"]: break
        case ["-"]: terms.services = .named([])
        default: terms.services = .named(names.map { String($0) })
        }
        if !cell(.hours).isEmpty { terms.hours = String(cell(.hours)) }
        do throws(QuotaText.Flaw) {
            terms.quotas = try QuotaText.quotas(cell(.quota))
        } catch {
            switch error {
            case .form(let found): tell(.quota, .quota(found: found))
            case .twice(let found): tell(.quota, .quotaTwice(found: found))
            }
        }
        return terms
    }

    private mutating func doorNames() -> RosterDoors? {
        let names = cell(.doors).split(whereSeparator: \.isWhitespace)
        if names == ["*"] { return .every }
        if let long = names.first(where: { $0.utf8.count > RosterLimits.doorNameBytes }) {
            let found = RosterRowError.Problem.excerpt(long)
            tell(.doors, .doorName(found: found, limit: RosterLimits.doorNameBytes))
            return nil
        }
        return .named(names.map { String($0) })
    }

    /// From the first moment of `from` to the end of `to`, both in seconds since 1970.
    private mutating func validity() -> (from: UInt32, to: UInt32) {
        let from = date(.from)
        let to = date(.to)
        let first = from.map { UInt32(clamping: $0.seconds) } ?? 0
        let end = to.map { UInt32(clamping: $0.end) } ?? .max
        if first >= end { tell(.from, .fromAfterTo) }
        return (first, end)
    }

    private mutating func date(_ column: RosterColumn) -> StationDate? {
        guard !cell(column).isEmpty else { return nil }
        let date = StationDate(cell(column), utcOffset: utcOffset)
        if date == nil { tell(column, .date(found: excerpt(column))) }
        return date
    }

    private func cell(_ column: RosterColumn) -> Substring {
        guard let place = columns.place(of: column) else { return "" }
        let cell = record.fields[place]
        guard let end = cell.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return cell[...end].drop(while: \.isWhitespace)
    }

    private func excerpt(_ column: RosterColumn) -> String {
        RosterRowError.Problem.excerpt(cell(column))
    }

    private mutating func tell(_ column: RosterColumn, _ problem: RosterRowError.Problem) {
        errors.append(RosterRowError(line: record.line, column: column, problem))
    }
}
