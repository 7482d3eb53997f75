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
            var resident = Resident(
                key: id, number: number, state: state(cell(place("state"))),
                validTo: end(of: cell(place("to")), station),
                doors: doors == "*"
                    ? nil : doors.split(separator: " ").map(String.init))
            resident.holder = ShortText(cell(place("holder"))) ?? .empty
            resident.validFrom = begin(of: cell(place("from")), station)
            return resident
        }
    }

    private static func state(_ name: String) -> KeyState {
        KeyState.allCases.first { $0.name == name } ?? .active
    }

    /// The station's midnight before a day; `nil` when there is none.
    private static func begin(of day: String, _ station: ResolvedStation) -> WallTime? {
        end(of: day, station).map { WallTime(seconds: $0.seconds - 86_400) }
    }

    /// The station's midnight after a day such as 2034-12-31; `nil` when there is none.
    private static func end(of day: String, _ station: ResolvedStation) -> WallTime? {
        CivilDate(day).map { day in
            WallTime(
                seconds: Int64(
                    day.adding(days: 1).dayNumber * 86_400 - station.station.utcOffsetMinutes * 60))
        }
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
