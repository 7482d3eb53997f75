// The station's own cards as a roster that is taken apart and made anew.

import Testing

@testable import StationCore

@Suite struct `A roster taken apart` {
    @Test func `has the rows that it was made of, doors of other stations too`() throws {
        let key = try #require(
            StationKey(epoch: ShortText("e") ?? .empty, secret: [UInt8](repeating: 3, count: 32)))
        let rows = [
            ("a", RosterDoors.every, 1), ("b", .named(["gate", "locker"]), 2),
            ("b2", .named([]), 3),
            ("c", .named(["驿站门"]), 4),
        ].map { (name, doors, number) in
            RosterRow(
                id: ShortText(name) ?? .empty, holder: ShortText("h-" + name) ?? .empty,
                form: key.matchForm(
                    of: Number(layout: .bytes, width: 24, value: UInt128(number))),
                doors: doors, validFrom: 5, validTo: 1_900_000_000, state: .blocked, role: .crew,
                assurance: .authenticated, shapes: .bytes3)
        }
        var builder = RosterBuilder(key: key, version: 7)
        for row in rows { try builder.add(row) }
        let file = builder.build().file
        let roster = try RosterFile.decode(file, doors: ["gate"])
        #expect(Set(roster.rows()) == Set(rows))
        var again = RosterBuilder(key: key, version: 7)
        for row in roster.rows() { try again.add(row) }
        #expect(again.build().file == file)
    }

    @Test func `holds no more cards than a station enrols one by one`() throws {
        let key = try #require(
            StationKey(epoch: ShortText("e") ?? .empty, secret: [UInt8](repeating: 3, count: 32)))
        let forms = (0...EnrolledCards.capacity).map {
            EnrolledForm(form: MatchForm(high: UInt64($0), low: 1), shapes: .bytes4)
        }
        let order = EnrolmentOrder(
            reader: DeviceID(0), key: try #require(ShortText("k")),
            rights: .own(holder: .empty, doors: ["gate"], validFrom: 0, validTo: .max))
        let task = EnrolmentTask(receipt: 1, order: order, forms: forms, key: key)
        #expect(throws: EnrolledCards.Refusal.full(limit: EnrolledCards.capacity)) {
            try EnrolledCards(nil).adding(task, beside: nil)
        }
        let unknown = EnrolmentTask(
            receipt: 1,
            order: EnrolmentOrder(reader: DeviceID(0), key: order.key, rights: .ofKnownKey),
            forms: [forms[0]], key: key)
        #expect(throws: EnrolledCards.Refusal.unknownKey) {
            try EnrolledCards(nil).adding(unknown, beside: nil)
        }
    }
}
