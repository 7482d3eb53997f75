// A roster through its file and back: what it finds, what it refuses, what it costs.

import Testing

@testable import StationCore

func testKey(_ epoch: String = "2025-1", filler: UInt8 = 7) -> StationKey {
    StationKey(epoch: ShortText(epoch)!, secret: [UInt8](repeating: filler, count: 32))!
}

func number(_ value: Int) -> Number { Number(layout: .bytes, width: 32, value: UInt128(value)) }

func row(
    _ id: String, _ holder: String, card: Int, doors: RosterDoors = .every, line: Int = 0,
    state: KeyState = .active, key: StationKey = testKey()
) -> RosterRow {
    RosterRow(
        line: line, id: ShortText(id)!, holder: ShortText(holder)!,
        form: key.matchForm(of: number(card)), doors: doors, state: state)
}

func built(_ rows: [RosterRow], version: UInt64 = 1) throws -> RosterBuilder.Build {
    var builder = RosterBuilder(key: testKey(), version: version)
    for row in rows { try builder.add(row) }
    return builder.build()
}

@Suite struct `A roster` {
    let key = testKey()

    @Test func `finds the key of every match form, and of no other`() throws {
        let count = 3_000
        let rows = (0..<count).map { index in
            row("K\(index)", "H\(index / 2)", card: index, doors: .named(["gate"]))
        }
        let roster = try RosterFile.decode(built(rows).file, doors: ["room", "gate"])
        #expect(roster.count == count)
        #expect(roster.formCount == count)
        for index in 0..<count {
            let found = roster.find(key.matchForm(of: number(index)))
            #expect(found?.id == ShortText("K\(index)"))
            #expect(found?.holder == ShortText("H\(index / 2)"))
            #expect(found?.doors == DoorSet(DoorID(1)))
            #expect(roster.find(key.matchForm(of: number(count + index))) == nil)
        }
        #expect(roster.find(MatchForm(high: 0, low: 0)) == nil)
        #expect(roster.find(MatchForm(high: .max, low: .max)) == nil)
    }

    @Test func `knows whose holder needs more time, and their doors all the same`() throws {
        var rows = (0..<40).map { index in
            row("K\(index)", "H\(index)", card: index, doors: index < 20 ? .every : .named(["b"]))
        }
        for index in stride(from: 0, to: 40, by: 3) { rows[index].isSlow = true }
        let build = try built(rows)
        let roster = try RosterFile.decode(build.file, doors: ["a", "b"])
        for index in 0..<40 {
            let form = key.matchForm(of: number(index))
            #expect(roster.isSlow(form) == (index % 3 == 0))
            #expect(roster.find(form)?.doors == (index < 20 ? .all : DoorSet(DoorID(1))))
        }
        #expect(roster.isSlow(key.matchForm(of: number(99))) == nil)
        // Taken apart and made anew it is the same file.
        #expect(try built(roster.rows()).file == build.file)
        // Nobody who needs it: the file is as it was before there were any.
        for index in rows.indices { rows[index].isSlow = false }
        let plain = try built(rows).file
        #expect(plain.count == build.file.count - 2 - 4)
        let old = try RosterFile.decode(plain, doors: [])
        #expect((0..<40).allSatisfy { !old.isSlow(at: $0) })
    }

    @Test func `does not take a key that needs more time and does not`() throws {
        var builder = RosterBuilder(key: key, version: 1)
        try builder.add(row("K1", "H1", card: 1))
        var other = row("K1", "H1", card: 2)
        other.isSlow = true
        #expect(throws: RosterRowRefusal.contradictsLine(0)) { try builder.add(other) }
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 31, 32, 33])
    func `of any small size works at both ends`(count: Int) throws {
        let rows = (0..<count).map { row("K\($0)", "H\($0)", card: $0) }
        let roster = try RosterFile.decode(built(rows).file, doors: [])
        #expect(roster.count == count)
        for index in 0..<count {
            #expect(roster.find(key.matchForm(of: number(index)))?.id == ShortText("K\(index)"))
        }
        #expect(roster.find(MatchForm(high: 0, low: 0)) == nil)
        #expect(roster.find(MatchForm(high: .max, low: .max)) == nil)
    }

    @Test func `finds forms that all begin alike, as no station key would make them`() throws {
        var builder = RosterBuilder(key: key, version: 1)
        for index in 0..<500 {
            var row = row("K\(index)", "H", card: 0)
            row.form = MatchForm(high: 42, low: UInt64(index))
            try builder.add(row)
        }
        let roster = try RosterFile.decode(builder.build().file, doors: [])
        for index in 0..<500 {
            let found = roster.find(MatchForm(high: 42, low: UInt64(index)))
            #expect(found?.id == ShortText("K\(index)"))
        }
        #expect(roster.find(MatchForm(high: 42, low: 500)) == nil)
    }

    @Test func `keeps everything that a key has`() throws {
        let long = String(repeating: "x", count: 23)
        var full = row(long, long, card: 1, doors: .named(["b", "a", "b"]), state: .lost)
        full.validFrom = 1_700_000_000
        full.validTo = 4_000_000_000
        full.role = .deputy
        full.assurance = .authenticated
        let file = try built([full, row("K2", "H2", card: 2, doors: .named([]))]).file
        let roster = try RosterFile.decode(file, doors: ["a", "b", "c"])
        #expect(
            roster.find(full.form)
                == KeyRecord(
                    id: ShortText(long)!, holder: ShortText(long)!, state: .lost, role: .deputy,
                    validFrom: WallTime(seconds: 1_700_000_000),
                    validTo: WallTime(seconds: 4_000_000_000),
                    doors: [DoorSet(DoorID(0)), DoorSet(DoorID(1))], assurance: .authenticated))
        let plain = try #require(roster.key(ShortText("K2")!))
        #expect(plain.validFrom == nil && plain.validTo == nil && plain.doors.isEmpty)
        #expect(roster.key(ShortText("K3")!) == nil)
        #expect(roster.key(at: 0).id == ShortText("K2"))
    }

    @Test func `gives several numbers of one key to that key`() throws {
        let build = try built([row("K1", "H1", card: 1), row("K1", "H1", card: 2)])
        let roster = try RosterFile.decode(build.file, doors: [])
        #expect(roster.count == 1 && roster.formCount == 2)
        #expect(roster.find(key.matchForm(of: number(1)))?.id == ShortText("K1"))
        #expect(roster.find(key.matchForm(of: number(2)))?.id == ShortText("K1"))
    }

    @Test func `maps door names to this station's doors and tells the others`() throws {
        let rows = [
            row("K1", "H1", card: 1, doors: .named(["gate", "elsewhere"])),
            row("K2", "H2", card: 2, doors: .every),
            row("K3", "H3", card: 3, doors: .named(["门岗"])),
        ]
        let roster = try RosterFile.decode(built(rows).file, doors: ["门岗", "gate"])
        #expect(roster.key(ShortText("K1")!)?.doors == DoorSet(DoorID(1)))
        #expect(roster.key(ShortText("K2")!)?.doors == .all)
        #expect(roster.key(ShortText("K3")!)?.doors == DoorSet(DoorID(0)))
        #expect(roster.unknownDoors == ["elsewhere"])
    }

    @Test func `is the same bytes in whatever order its rows came`() throws {
        let names = ["a", "b", "c"]
        let rows = (0..<200).map { index in
            row("K\(index)", "H", card: index, doors: .named([names[index % 3], names[index % 2]]))
        }
        var random = Xorshift(seed: 11)
        let one = try built(rows).file
        let other = try built(rows.shuffled(using: &random)).file
        #expect(one == other)
        let rosters = try [one, other, built(rows, version: 2).file].map {
            try RosterFile.decode($0, doors: names)
        }
        #expect(rosters[0].digest == rosters[1].digest)
        #expect(rosters[0].digest != rosters[2].digest)
        #expect(rosters[2].version == 2)
    }

    @Test func `knows which key it was made with, beyond the epoch's name`() throws {
        let roster = try RosterFile.decode(built([row("K", "H", card: 1)]).file, doors: [])
        #expect(roster.epoch == ShortText("2025-1"))
        #expect(roster.isMade(with: testKey()))
        #expect(!roster.isMade(with: testKey("2025-2")))
        #expect(!roster.isMade(with: testKey(filler: 8)))
    }

    @Test func `costs at most 64 bytes a key`() throws {
        let count = 20_000
        let rows = (0..<count).map { index in
            let digits = String(1_000_000 + index).dropFirst()
            return row("K\(digits)0", "H\(digits)0", card: index, doors: .named(["gate"]))
        }
        let roster = try RosterFile.decode(built(rows).file, doors: ["gate"])
        #expect(roster.memoryBytes <= 64 * count)
    }
}

@Suite struct `Building a roster` {
    @Test func `leaves out all keys of different holders that one card would open`() throws {
        let build = try built([
            row("K1", "H1", card: 1, line: 2), row("K2", "H2", card: 1, line: 3),
            row("K3", "H3", card: 3, line: 4), row("K3", "H3", card: 1, line: 5),
        ])
        let ids = ["K1", "K2", "K3"].map { ShortText($0)! }
        #expect(build.collisions == [RosterCollision(lines: [2, 3, 5], keys: ids)])
        let roster = try RosterFile.decode(build.file, doors: [])
        #expect(roster.count == 1)
        #expect(roster.find(testKey().matchForm(of: number(1))) == nil)
        #expect(roster.find(testKey().matchForm(of: number(3)))?.id == ShortText("K3"))
    }

    @Test func `gives a card on two keys of one holder to the stricter one`() throws {
        let build = try built([
            row("K2", "H1", card: 1), row("K1", "H1", card: 1), row("K3", "H1", card: 2),
            row("K4", "H1", card: 2, state: .lost), row("K5", "H1", card: 2, state: .blocked),
        ])
        #expect(build.collisions.isEmpty)
        let roster = try RosterFile.decode(build.file, doors: [])
        #expect(roster.find(testKey().matchForm(of: number(1)))?.id == ShortText("K1"))
        #expect(roster.find(testKey().matchForm(of: number(2)))?.id == ShortText("K4"))
    }

    @Test func `takes the same row twice as one`() throws {
        let build = try built([row("K1", "H1", card: 1), row("K1", "H1", card: 1)])
        #expect(build.collisions.isEmpty)
        #expect(try RosterFile.decode(build.file, doors: []).formCount == 1)
    }

    @Test func `refuses a key that contradicts itself, and changes nothing by it`() throws {
        var builder = RosterBuilder(key: testKey(), version: 1)
        try builder.add(row("K1", "H1", card: 1, doors: .named(["a", "b"]), line: 2))
        #expect(throws: RosterRowRefusal.contradictsLine(2)) {
            try builder.add(row("K1", "H2", card: 2))
        }
        #expect(throws: RosterRowRefusal.contradictsLine(2)) {
            try builder.add(row("K1", "H1", card: 2, doors: .named(["a"])))
        }
        #expect(throws: RosterRowRefusal.contradictsLine(2)) {
            try builder.add(row("K1", "H1", card: 2, doors: .named(["a", "b"]), state: .lost))
        }
        try builder.add(row("K1", "H1", card: 2, doors: .named(["b", "a"])))
        let roster = try RosterFile.decode(builder.build().file, doors: [])
        #expect(roster.formCount == 2)
    }

    @Test func `refuses rows that no roster can hold`() throws {
        var builder = RosterBuilder(key: testKey(), version: 1)
        var nameless = row("K", "H", card: 1)
        nameless.id = .empty
        #expect(throws: RosterRowRefusal.emptyID) { try builder.add(nameless) }
        var backwards = row("K", "H", card: 1)
        backwards.validFrom = 2
        backwards.validTo = 1
        #expect(throws: RosterRowRefusal.fromAfterTo) { try builder.add(backwards) }
        for name in ["", String(repeating: "门", count: 22)] {
            #expect(throws: RosterRowRefusal.doorName) {
                try builder.add(row("K", "H", card: 1, doors: .named([name])))
            }
        }
        #expect(builder.build().keyCount == 0)
    }
}

@Suite struct `A roster's file` {
    static func sample() throws -> [UInt8] {
        try built([
            row("K1", "H1", card: 1, doors: .named(["gate", "room"])), row("K2", "H2", card: 2),
            row("K3", "", card: 3, doors: .named(["room"])),
            row("K3", "", card: 4, doors: .named(["room"])),
        ]).file
    }

    /// Puts a right checksum under whatever the file says now.
    static func resealed(_ file: [UInt8]) -> [UInt8] {
        let content = file.dropLast(RosterLayout.digestBytes)
        return Array(content) + StationCore.SHA256.digest(content).bytes
    }

    @Test func `with one flipped bit anywhere is refused`() throws {
        let file = try Self.sample()
        for index in file.indices {
            var damaged = file
            damaged[index] ^= 1 << UInt8(index % 8)
            #expect(throws: RosterFileError.self) {
                try RosterFile.decode(damaged, doors: ["gate"])
            }
        }
    }

    @Test func `cut short or continued is refused`() throws {
        let file = try Self.sample()
        for count in 0..<file.count {
            #expect(throws: RosterFileError.self) {
                try RosterFile.decode(Array(file.prefix(count)), doors: [])
            }
        }
        #expect(throws: RosterFileError.size(expected: file.count, found: file.count + 1)) {
            try RosterFile.decode(file + [0], doors: [])
        }
    }

    @Test func `says what is wrong with it`() throws {
        let file = try Self.sample()
        #expect(throws: RosterFileError.notARoster) { try RosterFile.decode([], doors: []) }
        var later = file
        later[RosterLayout.Field.format] = 3
        #expect(throws: RosterFileError.format(expected: 2, found: 3)) {
            try RosterFile.decode(later, doors: [])
        }
        var damaged = file
        damaged[RosterLayout.headerBytes] ^= 1
        #expect(throws: RosterFileError.checksum) { try RosterFile.decode(damaged, doors: []) }
        var huge = file
        huge[RosterLayout.Field.keys + 3] = 0xff
        #expect(throws: RosterFileError.self) { try RosterFile.decode(huge, doors: []) }
        #expect(throws: RosterFileError.doors(limit: 64, found: 65)) {
            try RosterFile.decode(file, doors: (0..<65).map { "\($0)" })
        }
    }

    @Test func `with a right checksum over wrong content is refused or harmless`() throws {
        var random = Xorshift(seed: 12)
        let file = try Self.sample()
        var taken = 0
        for _ in 0..<6_000 {
            var forged = file
            for _ in 0..<(1 + random.below(3)) {
                forged[random.below(forged.count)] = random.bytes(1)[0]
            }
            guard
                let roster = try? RosterFile.decode(Self.resealed(forged), doors: ["gate", "room"])
            else { continue }
            taken += 1
            for index in 0..<roster.count { _ = roster.key(at: index) }
            for card in 0..<5 { _ = roster.find(testKey().matchForm(of: number(card))) }
            _ = roster.key(ShortText("K2")!)
        }
        #expect(taken > 0)
    }

    @Test func `never traps on random bytes`() throws {
        var random = Xorshift(seed: 13)
        let file = try Self.sample()
        for _ in 0..<3_000 {
            #expect(throws: RosterFileError.self) {
                try RosterFile.decode(random.bytes(random.below(300)), doors: [])
            }
            var header = Array(file.prefix(12)) + random.bytes(200)
            header = Self.resealed(header)
            #expect(throws: RosterFileError.self) { try RosterFile.decode(header, doors: []) }
        }
    }

    @Test func `has a sentence in both languages for every error`() {
        let errors: [RosterFileError] = [
            .notARoster, .format(expected: 1, found: 2), .checksum, .size(expected: 1, found: 2),
            .tooLarge(section: .keys, limit: 1, found: 2), .broken(section: .names, at: 3),
            .doors(limit: 64, found: 65),
        ]
        for error in errors { #expect(error.text(.chinese) != error.text(.english)) }
    }
}
