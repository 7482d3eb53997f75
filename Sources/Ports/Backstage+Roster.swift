// A page of the roster as the control socket shows it: keys, their doors, and who is blind to them.

import Control
import StationCore

extension Backstage {
    /// Keys after one id, at most `limit`; without a roster there are none.
    func rosterPage(
        of station: borrowing Station, after: ShortText?, limit: Int
    ) -> CoreAnswer {
        let tables = station.keyTables
        let (roster, cards, marks) = (tables.roster, tables.cards, tables.marks)
        let resolved = station.resolved
        let shapes = resolved.devices.map(\.driver.shapes)
        // One key more than asked for tells whether there are more.
        var ids = roster?.ids(after: after, limit: limit + 1) ?? []
        ids += cards?.ids(after: after, limit: limit + 1).filter { roster?.key($0) == nil } ?? []
        ids.sort { $0.precedes($1) }
        let page = ids.prefix(limit)
        let ofRoster = roster.map { (table: $0, sets: $0.namedRights) }
        let ofCards = cards.map { (table: $0, sets: $0.namedRights) }
        return .roster(
            RosterSnapshot(tables), enrolled: cards?.count ?? 0,
            keys: page.compactMap { id in
                let isOwn = roster?.place(of: id) == nil
                guard let (table, sets) = isOwn ? ofCards : ofRoster,
                    let place = table.place(of: id)
                else { return nil }
                let set = sets[table.rightsPlace(at: place)]
                var key = table.key(at: place)
                key.doors = table.doors(at: place)
                // What the key's cards are, those of the roster and those enrolled here.
                var numbers = roster?.shapes(of: id) ?? []
                numbers.formUnion(cards?.shapes(of: id) ?? [])
                var record = record(
                    key, set.terms, numbers, isEnrolled: cards?.key(id) != nil,
                    told: marks.mark(of: id), resolved, shapes)
                if isOwn {
                    record.rights = resolved.rightsName(
                        of: EnrolledRights(doors: set.doors, terms: set.terms, role: key.role))
                }
                return record
            },
            next: ids.count > page.count ? page.last : nil)
    }

    /// - Parameters:
    ///   - key: with all doors that it opens at some time.
    ///   - numbers: what kinds of numbers the key has; empty: nobody knows.
    ///   - shapes: what each device can yield.
    private func record(
        _ key: StationCore.KeyRecord, _ terms: RosterTerms, _ numbers: NumberShapes,
        isEnrolled: Bool, told: KeyMarks.Mark?, _ station: ResolvedStation,
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
            told: told?.state.name,
            doors: doors.map(\.name), validFrom: key.validFrom?.milliseconds,
            validTo: key.validTo?.milliseconds,
            enrolled: isEnrolled, role: key.role == .rider ? nil : key.role.name,
            cannotMatchAt: blind.map { station.devices[$0].name },
            services: terms.services == .every ? nil : terms.services.names, hours: terms.hours,
            quota: terms.quotas.isEmpty ? nil : QuotaText.text(terms.quotas))
    }
}
