// The card numbers of a roster's CSV file, which the station itself forgets at once.

import EventLoop
import StationCore

/// Reads what a simulated rider needs to know of its own card. The import judged the file before.
enum ResidentList {
    static func read(_ csv: [UInt8], station: ResolvedStation) -> [Resident] {
        let text = String(decoding: csv, as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).map { cells(of: $0) }
        guard let heading = rows.first else { return [] }
        func place(_ name: String) -> Int? { heading.firstIndex(of: name) }
        guard let key = place("key"), let number = place("number"), let form = place("form")
        else { return [] }
        return rows.dropFirst().compactMap { row in
            func cell(_ place: Int?) -> String {
                guard let place, place < row.count else { return "" }
                return row[place]
            }
            guard let id = ShortText(cell(key)), let form = PrintedForm(name: cell(form)),
                let number = try? form.parse(cell(number))
            else { return nil }
            let doors = cell(place("doors"))
            return Resident(
                key: id, number: number, state: state(cell(place("state"))),
                validTo: end(of: cell(place("to")), station),
                doors: doors == "*"
                    ? nil : doors.split(separator: " ").map(String.init))
        }
    }

    private static func state(_ name: String) -> KeyState {
        KeyState.allCases.first { $0.name == name } ?? .active
    }

    /// The station's midnight after a day such as 2034-12-31; `nil` when there is none.
    private static func end(of day: String, _ station: ResolvedStation) -> WallTime? {
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        let days = civilDays(parts[0], parts[1], parts[2]) + 1
        return WallTime(seconds: Int64(days * 86_400 - station.station.utcOffsetMinutes * 60))
    }

    /// Days from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func civilDays(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let ofEra = year - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    /// Cells of a line, quotes understood.
    private static func cells(of line: Substring) -> [String] {
        var cells = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells.map { String($0.drop { $0 == " " || $0 == "\u{FEFF}" }) }
    }
}
