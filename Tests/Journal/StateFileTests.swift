// State files: replaced whole, believed only when whole.

import Glibc
import StationCore
import Testing

@testable import Journal

@Suite struct `A state file` {
    private let file = StateFile(name: "some.state", kind: .roster, version: 3, limit: 10_000)

    @Test func `comes back as it was written, and again after it was replaced`() throws {
        let directory = try TemporaryDirectory()
        #expect(try file.read(in: directory.disk) == nil)
        for content: [UInt8] in [[1, 2, 3], [], Array(repeating: 0xAA, count: 10_000)] {
            try file.write(content[...], in: directory.disk)
            let read = try #require(try file.read(in: directory.disk))
            #expect(Array(read.bytes) == content)
            #expect(read.version == 3)
            #expect(directory.names == ["some.state"])
        }
    }

    @Test func `can be read only by its owner`() throws {
        let directory = try TemporaryDirectory()
        try file.write([1], in: directory.disk)
        var status = stat()
        #expect(stat(directory.disk.path(of: "some.state"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func `with any bit changed is refused and set aside`() throws {
        let directory = try TemporaryDirectory()
        try file.write([9, 8, 7, 6], in: directory.disk)
        let sound = try directory.bytes(of: "some.state")
        for offset in sound.indices {
            var damaged = sound
            damaged[offset] ^= 1
            try directory.overwrite("some.state", damaged)
            let error = #expect(throws: StateFileError.self) {
                try file.read(in: directory.disk)
            }
            guard case .damaged(_, setAside: let name?) = error else {
                Issue.record("byte \(offset): \(String(describing: error))")
                continue
            }
            #expect(directory.names == [name])
            unlink(directory.disk.path(of: name))
        }
    }

    @Test func `that was cut, or has something after its end, is refused`() throws {
        let directory = try TemporaryDirectory()
        try file.write([9, 8, 7, 6], in: directory.disk)
        let sound = try directory.bytes(of: "some.state")
        for length in sound.indices {
            try directory.overwrite("some.state", Array(sound[..<length]))
            #expect(throws: StateFileError.self) { try file.read(in: directory.disk) }
        }
        try directory.overwrite("some.state", sound + [0])
        #expect(throws: StateFileError.damaged(.length, setAside: "some.state.corrupt-16")) {
            try file.read(in: directory.disk)
        }
    }

    @Test func `of another kind is damage, of a later version is left alone or set aside`() throws {
        let directory = try TemporaryDirectory()
        let later = StateFile(name: "some.state", kind: .roster, version: 4, limit: 100)
        try later.write([1], in: directory.disk)
        #expect(throws: StateFileError.newer(4)) { try file.read(in: directory.disk) }
        #expect(directory.names == ["some.state"])
        #expect(file.setAside(in: directory.disk, as: StateFile.newerWord) == "some.state.newer-1")
        #expect(directory.names == ["some.state.newer-1"])
        unlink(directory.disk.path(of: "some.state.newer-1"))
        let other = StateFile(name: "some.state", kind: .snapshot, version: 3, limit: 100)
        try other.write([1], in: directory.disk)
        #expect(throws: StateFileError.damaged(.kind, setAside: "some.state.corrupt-1")) {
            try file.read(in: directory.disk)
        }
    }

    @Test func `is neither written nor read beyond its limit`() throws {
        let directory = try TemporaryDirectory()
        let small = StateFile(name: "some.state", kind: .roster, version: 3, limit: 4)
        let error = #expect(throws: JournalError.self) {
            try small.write([1, 2, 3, 4, 5], in: directory.disk)
        }
        #expect(error?.kind == .full)
        try file.write([1, 2, 3, 4, 5], in: directory.disk)
        #expect(throws: StateFileError.self) { try small.read(in: directory.disk) }
    }

    @Test func `keeps its old content when the new one cannot be written`() throws {
        let directory = try TemporaryDirectory()
        try file.write([1], in: directory.disk)
        // A directory stands where the draft should be.
        #expect(mkdir(directory.disk.path(of: "some.state.new"), 0o700) == 0)
        #expect(throws: JournalError.self) { try file.write([2], in: directory.disk) }
        rmdir(directory.disk.path(of: "some.state.new"))
        #expect(try file.read(in: directory.disk)?.bytes == [1])
    }
}

@Suite struct `A state snapshot` {
    private let snapshot = StateSnapshot(
        last: Cursor(store: StoreID(bits: .max - 5), sequence: 12_345),
        wallAnchor: WallTime(seconds: 1_790_000_000), rosterVersion: 7,
        doors: [
            .init(name: "east", mode: .lockedDown, latches: [.fire, .lockdown]),
            .init(name: "西门", mode: .locked, latches: []),
        ],
        passes: [
            .init(
                id: DayPassID(issuer: DayPassIssuer.ID(bits: 0xCAFE_0001), nonce: .max - 2),
                uses: 3, withdrawn: 1, end: WallTime(seconds: 1_790_086_400))
        ])

    @Test func `comes back as it was written`() throws {
        let directory = try TemporaryDirectory()
        #expect(try StateSnapshot.read(in: directory.disk) == nil)
        try snapshot.write(in: directory.disk)
        #expect(try StateSnapshot.read(in: directory.disk) == snapshot)
    }

    @Test func `says how far each door's hours were followed`() {
        var followed = snapshot
        for state in [nil, true, false] {
            followed.doors[0].followed = state
            #expect(StateSnapshot(followed.encoded()[...]) == followed)
        }
    }

    @Test func `of the largest station fits its limit`() {
        let door = StateSnapshot.Door(
            name: String(repeating: "x", count: EntryNames.nameLimit), mode: .locked,
            latches: .all)
        let longest = ShortText(String(repeating: "k", count: ShortText.capacity)) ?? .empty
        let owner = UseOwner(key: longest, holder: longest, source: .key)
        let largest = StateSnapshot(
            last: snapshot.last, wallAnchor: snapshot.wallAnchor,
            doors: Array(repeating: door, count: DoorSet.capacity),
            passes: Array(repeating: snapshot.passes[0], count: PassLedger.capacity),
            totals: .here(
                Array(
                    repeating: KeptTotal(
                        device: door.name, point: door.name + ".255",
                        unit: String(repeating: "u", count: ResolvedStation.Limit.unitBytes),
                        count: TotalCount(last: .zero)), count: KeptTotal.capacity)),
            guards: GuardMemory(
                latches: Array(
                    repeating: .init(device: door.name, rule: door.name),
                    count: ResolvedStation.Limit.guards)),
            boxes: BoxMemory(
                boxes: Array(
                    repeating: .init(
                        service: door.name, name: door.name,
                        kept: Compartment.Kept(owner: owner), since: snapshot.wallAnchor,
                        former: .init(owner: owner, until: snapshot.wallAnchor)),
                    count: ResolvedStation.Limit.boxesPerStation)),
            uses: UseMemory(
                parts: Array(
                    repeating: .init(
                        service: door.name, name: door.name, owner: owner,
                        since: snapshot.wallAnchor,
                        numbers: Array(repeating: .max, count: KeptPart.numberLimit)),
                    count: 2 * ResolvedStation.Limit.partsPerStation),
                writtenAt: snapshot.wallAnchor,
                decisions: DecisionMemory(
                    pauses: Array(
                        repeating: .init(
                            service: door.name,
                            pause: ServicePause(.repair, until: snapshot.wallAnchor)),
                        count: ResolvedStation.Limit.services),
                    changes: Array(
                        repeating: .init(
                            hours: door.name,
                            change: .today(CivilDate(dayNumber: 20_000), Self.busyDay)),
                        count: 2 * Schedules.limit))),
            rules: DoorMemory(
                standings: Array(
                    repeating: .init(
                        door: door.name,
                        kept: KeptStanding(by: .crew, beneath: .lockedDown, beneathBy: .hub)),
                    count: DoorSet.capacity),
                stays: Array(
                    repeating: KeptStay(area: door.name, holder: longest, secondsLeft: .max),
                    count: PassbackLedger.capacity)),
            quotas: Self.busyQuotas(longest), commands: Self.busyCommands(longest),
            notice: NoticeMemory(
                notice: Notice(
                    chinese: String(repeating: "水", count: 120),
                    english: String(repeating: "w", count: Notice.limit),
                    until: snapshot.wallAnchor)))
        #expect(largest.encoded().count == StateSnapshot.sizeLimit)
        #expect(StateSnapshot(largest.encoded()[...]) == largest)
    }

    /// As many commands as are remembered.
    private static func busyCommands(_ id: ShortText) -> CommandMemory {
        let known = CommandLedger.Known(
            id: id, digest: .max, subject: .guard, expires: WallTime(seconds: 1), outcome: .done)
        return CommandMemory(
            ledger: CommandLedger(
                known: Array(repeating: known, count: CommandLedger.capacity),
                horizon: WallTime(seconds: 1), from: WallTime(seconds: 1)))
    }

    /// As many holders as are counted, of as many services as there may be.
    private static func busyQuotas(_ holder: ShortText) -> QuotaMemory {
        QuotaMemory(
            accounts: (0..<QuotaLedger.capacity).map { number in
                let digits = "\(10 + number % ResolvedStation.Limit.services)"
                return QuotaMemory.Account(
                    service: digits + String(repeating: "s", count: EntryNames.nameLimit - 2),
                    holder: holder, date: CivilDate(dayNumber: 20_000),
                    day: QuotaTally(uses: 1), week: QuotaTally(uses: 2), month: QuotaTally(uses: 3))
            })
    }

    /// As many stretches as a day may have.
    private static let busyDay = DayHours(
        (0..<DayHours.limit).compactMap { DaySpan(start: $0 * 60, end: $0 * 60 + 30) })

    /// Their count, that of guards, that of boxes and uses, which older versions lack.
    private static let totals = 6 + emptyUses

    @Test func `keeps the guards that stand, of which the fifth version knew nothing`() throws {
        let directory = try TemporaryDirectory()
        var known = snapshot
        known.guards = GuardMemory(latches: [.init(device: "sockets", rule: "too_hot_3")])
        try known.write(in: directory.disk)
        #expect(try StateSnapshot.read(in: directory.disk) == known)
        let old = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: 5, limit: 4_096)
        try old.write(snapshot.encoded().dropLast(4 + emptyUses), in: directory.disk)
        known = snapshot
        known.totals = .before([])
        #expect(try StateSnapshot.read(in: directory.disk) == known)
    }

    @Test func `of the first version is read, without a roster's version`() throws {
        let directory = try TemporaryDirectory()
        var known = snapshot
        known.rosterVersion = 0
        known.passes = []
        known.totals = .before([])
        var bytes = known.encoded().dropLast(2 + Self.totals)
        bytes.removeSubrange(32..<40)
        let old = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: 1, limit: 4_096)
        try old.write(bytes[...], in: directory.disk)
        #expect(try StateSnapshot.read(in: directory.disk) == known)
    }

    @Test func `of the third version is read, with no use taken back`() throws {
        let directory = try TemporaryDirectory()
        let sound = snapshot.encoded().dropLast(Self.totals)
        // One pass: its uses were a byte, and nothing more was known.
        let short = sound.dropLast(12) + [3] + sound.suffix(8)
        let old = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: 3, limit: 4_096)
        try old.write(short[...], in: directory.disk)
        var known = snapshot
        known.passes[0].withdrawn = 0
        known.totals = .before([])
        #expect(try StateSnapshot.read(in: directory.disk) == known)
    }

    @Test func `of the second version is read, without day passes`() throws {
        let directory = try TemporaryDirectory()
        var known = snapshot
        known.passes = []
        known.totals = .before([])
        let old = StateFile(
            name: StateSnapshot.file.name, kind: .snapshot, version: 2, limit: 4_096)
        try old.write(known.encoded().dropLast(2 + Self.totals), in: directory.disk)
        #expect(try StateSnapshot.read(in: directory.disk) == known)
    }

    @Test func `without a place in the journal has none when it comes back`() {
        var unplaced = snapshot
        unplaced.last = nil
        unplaced.doors[1].latches = .settled
        #expect(StateSnapshot(unplaced.encoded()[...]) == unplaced)
        // A sequence in no store is nobody's.
        var bytes = unplaced.encoded()
        bytes[7] = 1
        #expect(StateSnapshot(bytes[...]) == nil)
    }

    @Test func `cut anywhere, or with something after its end, is none`() {
        let bytes = snapshot.encoded()
        for length in bytes.indices { #expect(StateSnapshot(bytes[..<length]) == nil) }
        #expect(StateSnapshot((bytes + [0])[...]) == nil)
    }

    @Test func `of hostile bytes is none, or says exactly what they say`() {
        let random = SeededRandom(seed: 5)
        let sound = snapshot.encoded()
        for _ in 0..<20_000 {
            var bytes = sound
            for _ in 0...(random.next() % 4) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
                    truncatingIfNeeded: random.next())
            }
            if let read = StateSnapshot(bytes[...]) { #expect(read.encoded() == bytes) }
        }
    }

    @Test func `whole and yet senseless is damage`() throws {
        let directory = try TemporaryDirectory()
        try StateSnapshot.file.write([1, 2, 3], in: directory.disk)
        let damage = StateFileError.damaged(.content, setAside: "state.snapshot.corrupt-1")
        #expect(throws: damage) {
            try StateSnapshot.read(in: directory.disk)
        }
    }
}
