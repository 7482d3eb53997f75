// Rights with services, hours and quotas, through a roster's file and back.

import Testing

@testable import StationCore

@Suite struct `A roster with terms` {
    let key = testKey()
    static let station = RosterPlaces(
        doors: ["gate", "room"], services: ["lockers", "water", "charge"],
        hours: ["day", "night"])

    static let terms: [RosterTerms] = [
        .plain,
        RosterTerms(services: .named(["water", "charge"])),
        RosterTerms(services: .named([])),
        RosterTerms(hours: "night"),
        RosterTerms(hours: "elsewhere"),
        RosterTerms(quotas: [
            RosterQuota("water", .uses, per: .day, limit: 3),
            RosterQuota("water", .millilitres, per: .day, limit: 2_000),
            RosterQuota("charge", .wattHours, per: .month, limit: .max),
            RosterQuota("sauna", .minutes, per: .week, limit: 1),
        ]),
        RosterTerms(
            services: .named(["lockers"]), hours: "day",
            quotas: [RosterQuota("", .uses, per: .week, limit: 10)]),
    ]

    /// A key for each set of terms.
    static func rows() -> [RosterRow] {
        terms.enumerated().map { index, terms in
            var row = row(
                "K\(index)", "H\(index)", card: index,
                doors: index % 2 == 0 ? .every : .named(["room", "yard"]))
            row.terms = terms
            row.isSlow = index == 1
            return row
        }
    }

    private func terms(_ index: Int, in roster: Roster) throws -> RightsTerms {
        let place = try #require(roster.place(of: ShortText("K\(index)")!))
        return try #require(roster.terms(at: place))
    }

    @Test func `says which services, when and how much, by the station's own places`() throws {
        let roster = try RosterFile.decode(built(Self.rows()).file, for: Self.station)
        #expect(try terms(0, in: roster).services == .max)
        #expect(try terms(1, in: roster).services == 0b110)
        #expect(try terms(2, in: roster).services == 0)
        #expect(try terms(3, in: roster).hours == .named(1))
        #expect(try terms(4, in: roster).hours == .unknown)
        let many = try terms(5, in: roster)
        #expect(
            roster.quotas[many.quotas] == [
                RightsQuota(
                    subject: QuotaSubject(ServiceID(2)), measure: .wattHours, period: .month,
                    limit: .max),
                RightsQuota(subject: .elsewhere, measure: .minutes, period: .week, limit: 1),
                RightsQuota(
                    subject: QuotaSubject(ServiceID(1)), measure: .uses, period: .day, limit: 3),
                RightsQuota(
                    subject: QuotaSubject(ServiceID(1)), measure: .millilitres, period: .day,
                    limit: 2_000),
            ])
        #expect(!many.countsAtDoors && !many.isLimitedAtDoors)
        #expect(try terms(6, in: roster).countsAtDoors)
        #expect(roster.unknownDoors == ["yard"] && roster.unknownHours == ["elsewhere"])
        #expect(roster.hasQuotas(of: QuotaSubject(ServiceID(1))))
        #expect(!roster.hasQuotas(of: QuotaSubject(ServiceID(0))))
    }

    @Test func `opens by itself only the doors that it opens at any time`() throws {
        let roster = try RosterFile.decode(built(Self.rows()).file, for: Self.station)
        for index in Self.terms.indices {
            let form = key.matchForm(of: number(index))
            let terms = try terms(index, in: roster)
            let all = index % 2 == 0 ? DoorSet.all : DoorSet(DoorID(1))
            #expect(terms.doors == all)
            #expect(roster.find(form)?.doors == (terms.isLimitedAtDoors ? [] : all))
            #expect(roster.isSlow(form) == (index == 1))
            let place = try #require(roster.place(of: form))
            #expect(roster.doors(at: place) == all)
        }
    }

    @Test func `is the same file when it is taken apart and made anew, in any order`() throws {
        let file = try built(Self.rows()).file
        #expect(file[RosterLayout.Field.format] == 2)
        let roster = try RosterFile.decode(file, for: Self.station)
        #expect(try built(roster.rows()).file == file)
        #expect(try built(Self.rows().reversed()).file == file)
        #expect(roster.namedRights.map(\.terms).contains(Self.terms[3]))
    }

    @Test func `without any is the file that it was before there were terms`() throws {
        var rows = Self.rows()
        for index in rows.indices { rows[index].terms = .plain }
        let file = try built(rows).file
        #expect(file[RosterLayout.Field.format] == 1)
        let roster = try RosterFile.decode(file, for: Self.station)
        #expect(roster.terms.isEmpty && roster.quotas.isEmpty && roster.unknownHours.isEmpty)
        #expect(roster.find(key.matchForm(of: number(0)))?.doors == .all)
        #expect(roster.terms(at: 0) == nil && roster.doors(at: 0) == .all)
    }

    @Test func `does not take what it cannot hold`() throws {
        func refusal(_ terms: RosterTerms) -> RosterRowRefusal? {
            var builder = RosterBuilder(key: key, version: 1)
            var row = row("K", "H", card: 1)
            row.terms = terms
            do throws(RosterRowRefusal) {
                try builder.add(row)
                return nil
            } catch {
                return error
            }
        }
        let water = RosterQuota("water", .uses, per: .day, limit: 1)
        #expect(refusal(RosterTerms(services: .named([""]))) == .termName)
        #expect(refusal(RosterTerms(hours: String(repeating: "h", count: 65))) == .termName)
        #expect(refusal(RosterTerms(quotas: [water, water])) == .quota)
        #expect(
            refusal(RosterTerms(quotas: [RosterQuota("w", .uses, per: .day, limit: 0)])) == .quota)
        let many = (0...RosterLimits.quotasPerSet).map {
            RosterQuota("s\($0)", .uses, per: .day, limit: 1)
        }
        #expect(
            refusal(RosterTerms(quotas: many)) == .tooManyQuotas(limit: RosterLimits.quotasPerSet))
        #expect(refusal(RosterTerms(quotas: many.dropLast())) == nil)
    }

    @Test func `gives one key one set of terms`() throws {
        var builder = RosterBuilder(key: key, version: 1)
        try builder.add(row("K", "H", card: 1))
        var other = row("K", "H", card: 2)
        other.terms = RosterTerms(hours: "day")
        #expect(throws: RosterRowRefusal.contradictsLine(0)) { try builder.add(other) }
    }

    @Test func `costs a million keys what it cost without`() throws {
        func bytes(_ terms: RosterTerms) throws -> Int {
            let rows = (0..<2_000).map { index in
                var row = row("k-\(10_000 + index)", "h-\(10_000 + index)", card: index)
                row.terms = terms
                return row
            }
            return try RosterFile.decode(built(rows).file, for: Self.station).memoryBytes
        }
        #expect(try bytes(Self.terms[6]) - bytes(.plain) < 200)
    }

    @Test func `cut short, continued or flipped anywhere is refused`() throws {
        let file = try built(Self.rows()).file
        for index in file.indices {
            var damaged = file
            damaged[index] ^= 1 << UInt8(index % 8)
            #expect(throws: RosterFileError.self) {
                try RosterFile.decode(damaged, for: Self.station)
            }
            #expect(throws: RosterFileError.self) {
                try RosterFile.decode(Array(file[..<index]), for: Self.station)
            }
        }
    }

    @Test func `with a right checksum over wrong content is refused or harmless`() throws {
        var random = Xorshift(seed: 26)
        let file = try built(Self.rows()).file
        let layout = try RosterFile.decode(file, for: Self.station).withFile { $1 }
        var (taken, refused) = (0, 0)
        for _ in 0..<8_000 {
            var forged = file
            for _ in 0..<(1 + random.below(3)) {
                // Mostly where the terms lie.
                let isTerms = random.below(4) > 0
                let place =
                    isTerms
                    ? layout.rightsOffset + random.below(layout.rightsBytes + layout.namesBytes)
                    : random.below(forged.count)
                forged[place] = random.below(3) == 0 ? 0xff : random.bytes(1)[0]
            }
            guard
                let roster = try? RosterFile.decode(
                    `A roster's file`.resealed(forged), for: Self.station)
            else {
                refused += 1
                continue
            }
            taken += 1
            for index in 0..<roster.count {
                _ = roster.doors(at: index)
                if let terms = roster.terms(at: index) { _ = roster.quotas[terms.quotas] }
            }
            _ = roster.rows()
        }
        #expect(taken > 100 && refused > 100)
    }

    @Test func `with the counts of its terms at their ends is refused`() throws {
        let file = try built(Self.rows()).file
        let layout = try RosterFile.decode(file, for: Self.station).withFile { $1 }
        for place in layout.rightsOffset..<layout.namesOffset - 1 {
            for word: UInt16 in [0x7ffe, 0x8000, 0xfffe, 0xffff] {
                var forged = file
                forged[place] = UInt8(truncatingIfNeeded: word)
                forged[place + 1] = UInt8(word >> 8)
                guard
                    let roster = try? RosterFile.decode(
                        `A roster's file`.resealed(forged), for: Self.station)
                else { continue }
                _ = roster.rows()
            }
        }
    }
}
