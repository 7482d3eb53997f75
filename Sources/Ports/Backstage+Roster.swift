// A page of the roster as the control socket shows it: keys, their doors, and who is blind to them.

import Control
import StationCore

extension Backstage {
    /// Keys after one id, at most `limit`; without a roster there are none.
    func rosterPage(
        of station: borrowing Station, after: ShortText?, limit: Int
    ) -> CoreAnswer {
        guard let roster = station.currentRoster else {
            return .roster(nil, keys: [], next: nil)
        }
        let first = after.map { roster.place(after: $0) } ?? 0
        let end = min(roster.count, first + limit)
        let resolved = station.resolved
        let shapes = resolved.devices.map(\.driver.shapes)
        let keys = (first..<end).map { place in
            record(roster.key(at: place), roster.shapes(at: place), resolved, shapes)
        }
        return .roster(
            RosterSnapshot(roster), keys: keys,
            next: end < roster.count && end > first ? roster.key(at: end - 1).id : nil)
    }

    /// - Parameters:
    ///   - numbers: what kinds of numbers the key has; empty: nobody knows.
    ///   - shapes: what each device can yield.
    private func record(
        _ key: StationCore.KeyRecord, _ numbers: NumberShapes, _ station: ResolvedStation,
        _ shapes: [NumberShapes]
    ) -> Control.KeyRecord {
        let doors = station.doors.indices.filter { key.doors.contains(DoorSet(DoorID($0))) }
            .map { station.doors[$0] }
        let readers = doors.flatMap { $0.readersIn + $0.readersOut }
        let blind = readers.filter { reader in
            !numbers.isEmpty && !shapes[reader].isEmpty
                && shapes[reader].isDisjoint(with: numbers)
        }
        return Control.KeyRecord(
            key: "\(key.id)", holder: "\(key.holder)", state: key.state.name,
            doors: doors.map(\.name), validFrom: key.validFrom?.milliseconds,
            validTo: key.validTo?.milliseconds,
            cannotMatchAt: blind.map { station.devices[$0].name })
    }
}
