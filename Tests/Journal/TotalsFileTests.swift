// The file of totals: wherever a writing is cut, the totals before it or after it are there.

import Glibc
import StationCore
import Testing

@testable import Journal

@Suite struct `The file of totals` {
    private func totals(_ pulses: Int64, devices: Int = 2) -> [KeptTotal] {
        (0..<devices).map {
            KeptTotal(
                device: "tap-\($0)", point: "volume", unit: "L", origin: 7,
                count: TotalCount(base: DecimalNumber(1_000), last: DecimalNumber(pulses)))
        }
    }

    private static func mark(_ sequence: UInt64, wall: Int64 = 0) -> TotalsFile.Mark {
        TotalsFile.Mark(
            last: Cursor(store: StoreID(bits: 5), sequence: sequence),
            wallAnchor: WallTime(seconds: wall))
    }

    private func inode(_ directory: TemporaryDirectory) -> UInt {
        var status = stat()
        _ = stat(directory.disk.path(of: TotalsFile.name), &status)
        return UInt(status.st_ino)
    }

    @Test func `that is not there yet has nothing, and is made with the first totals`() throws {
        let directory = try TemporaryDirectory()
        var (file, found) = TotalsFile.open(in: directory.disk)
        #expect(found == .nothing)
        #expect(directory.names == [])
        try file.write(totals(1), as: Self.mark(1))
        #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(1)))
    }

    @Test func `says the newest totals after each writing, in the same place of the medium`() throws
    {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(0), as: Self.mark(1))
        let (place, size) = (inode(directory), directory.disk.size(of: TotalsFile.name))
        for pulses: Int64 in 1...50 {
            try file.write(totals(pulses), as: Self.mark(1))
            let (again, found) = TotalsFile.open(in: directory.disk)
            #expect(found == .kept(totals(pulses)))
            // A run after this one goes on the same way.
            if pulses % 3 == 0 { file = again }
        }
        #expect(inode(directory) == place)
        #expect(directory.disk.size(of: TotalsFile.name) == size)
        #expect(size == 2 * 4_096)
    }

    @Test func `that was cut anywhere says what it said before, or what it was to say`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        for pulses: Int64 in 0..<6 { try file.write(totals(pulses), as: Self.mark(1)) }
        let before = try directory.bytes(of: TotalsFile.name)
        try file.write(totals(6), as: Self.mark(1))
        let after = try directory.bytes(of: TotalsFile.name)
        let changed = before.indices.filter { before[$0] != after[$0] }
        let (first, last) = (try #require(changed.first), try #require(changed.last))
        #expect(last - first < 4_096, "the other half was not touched")
        for end in first...last + 1 {
            let torn = Array(before[..<first] + after[first..<end] + before[end...])
            try directory.overwrite(TotalsFile.name, torn)
            let found = TotalsFile.open(in: directory.disk).1
            #expect(found == .kept(totals(end > last ? 6 : 5)))
        }
    }

    @Test func `with one damaged half says what the other says; with two nobody knows`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        for pulses: Int64 in 0..<3 { try file.write(totals(pulses), as: Self.mark(1)) }
        var bytes = try directory.bytes(of: TotalsFile.name)
        let half = bytes.count / 2
        for place in [0, half] {
            var damaged = bytes
            damaged[place + 70] ^= 0x10
            try directory.overwrite(TotalsFile.name, damaged)
            guard case (var again, .kept(let found)) = TotalsFile.open(in: directory.disk) else {
                Issue.record("nothing was found")
                continue
            }
            #expect(found == totals(1) || found == totals(2))
            // The half that is whole is not the one that is written over.
            try again.write(totals(9), as: Self.mark(1))
            #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(9)))
        }
        bytes[70] ^= 1
        bytes[half + 70] ^= 1
        try directory.overwrite(TotalsFile.name, bytes)
        let name = TotalsFile.name + ".corrupt-1"
        let found = TotalsFile.open(in: directory.disk).1
        #expect(found == .unusable(.damaged(.digest, setAside: nil), setAside: name))
        #expect(directory.names == [name])
        #expect(start(found, .apart) == nil)
        #expect(start(found, nil) == nil)
        #expect(start(found, .here(totals(3))) == totals(3))
    }

    /// What a start makes of it, with a snapshot that was taken at this entry.
    private func start(
        _ found: TotalsFile.Found, _ said: StateSnapshot.Totals?, at sequence: UInt64 = 1,
        wall: Int64 = 0, file: TotalsFile? = nil, of station: ResolvedStation = Self.station
    ) -> [KeptTotal]? {
        let snapshot = said.map {
            StateSnapshot(
                last: Self.mark(sequence).last, wallAnchor: WallTime(seconds: wall), doors: [],
                totals: $0)
        }
        return (file ?? TotalsFile.open(in: DiskDirectory(path: "/nowhere")).0)
            .totals(found, and: snapshot, of: station)
    }

    /// `tap-0` is a meter on a line, `tap-1` one on a bus, which counts by itself.
    private static let station = ResolvedStation(
        station: StationIdentity(
            id: "tap", nameChinese: "水", nameEnglish: "Tap", phone: "", utcOffsetMinutes: 480),
        lines: [],
        devices: [PointSource.pulses(terminal: 0), .item(at: .init(identifier: "0", bytes: 4))]
            .enumerated().map { place, source in
                ResolvedDevice(
                    name: "tap-\(place)", profile: "tap", labelChinese: "", labelEnglish: "",
                    driver: .boardDevice(
                        BoardDeviceSettings(
                            lines: [],
                            points: [
                                PointSettings(
                                    name: "volume", kind: .total, unit: "L", source: source)
                            ])))
            }, doors: [], journal: JournalSettings(), policy: StationPolicy())

    @Test func `is believed before the snapshot, and without it the snapshot is`() {
        let kept = TotalsFile.Found.kept(totals(1))
        #expect(start(kept, .apart) == totals(1))
        #expect(start(kept, .unknown) == totals(1))
        #expect(start(kept, nil) == totals(1))
        let none = TotalsFile.Found.nothing
        #expect(start(none, nil) == [])
        #expect(start(none, .here(totals(2))) == totals(2))
        #expect(start(none, .before(totals(2))) == totals(2))
        #expect(start(none, .unknown) == nil)
        // It is gone, and must have been there.
        #expect(start(none, .apart) == nil)
    }

    @Test func `and a snapshot that has totals as well are believed where they are further`() {
        let kept = TotalsFile.Found.kept(totals(5))
        // Between the file's first writing and the snapshot's next; and when the last one failed.
        #expect(start(kept, .here(totals(2))) == totals(5))
        #expect(start(kept, .here(totals(9))) == totals(9))
        var lost = totals(9)
        lost[0].count = .unknown
        #expect(start(kept, .here(lost)) == [totals(5)[0], totals(9)[1]])
        #expect(start(.kept(lost), .here(totals(2))) == [totals(2)[0], totals(9)[1]])
        let more = totals(1, devices: 3)
        #expect(start(kept, .here(more)) == totals(5) + more.suffix(1))
    }

    @Test func `adds what an earlier version has counted anew since, and says so`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(5), as: Self.mark(100, wall: 1_000))
        let (again, found) = TotalsFile.open(in: directory.disk)
        #expect(again.mark == Self.mark(100, wall: 1_000))
        // It began at 0, knew nothing of the first of them, and has three.
        var anew = totals(0, devices: 3)
        for place in anew.indices {
            anew[place].origin = nil
            anew[place].count = TotalCount(last: DecimalNumber(40))
        }
        let whole = try #require(start(found, .before(anew), at: 101, file: again))
        #expect(whole.map(\.count.sum) == [1_045, 1_005, 40].map { DecimalNumber($0) })
        #expect(whole.map(\.count.isSpliced) == [true, false, false])
        #expect(whole[0].origin == 7)
        // The snapshot that the update itself found is older than what it has counted since.
        for sequence: UInt64 in [99, 100] {
            let totals = start(found, .before(anew), at: sequence, wall: 2_000, file: again)
            #expect(totals == self.totals(5))
        }
        // Of another journal the clock knows.
        try file.write(
            totals(6), as: TotalsFile.Mark(last: nil, wallAnchor: WallTime(seconds: 1_000)))
        let (last, newest) = TotalsFile.open(in: directory.disk)
        #expect(start(newest, .before(anew), wall: 1_001, file: last)?[0].count.isSpliced == true)
        #expect(start(newest, .before(anew), wall: 1_000, file: last) == totals(6))
    }

    @Test func `grows for totals that begin later, and takes the most there can be`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        for devices in [1, 40, 400, KeptTotal.capacity, 1] {
            try file.write(totals(5, devices: devices), as: Self.mark(1))
            #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(5, devices: devices)))
        }
        let name = String(repeating: "x", count: EntryNames.nameLimit)
        let longest = KeptTotal(
            device: name, point: name + ".255",
            unit: String(repeating: "u", count: ResolvedStation.Limit.unitBytes), origin: 1,
            count: TotalCount(last: .one))
        let all = Array(repeating: longest, count: KeptTotal.capacity)
        try file.write(all, as: Self.mark(1))
        #expect(TotalsFile.open(in: directory.disk).1 == .kept(all))
        #expect(directory.names == [TotalsFile.name])
    }

    @Test func `that cannot be written in its place is made anew the next time`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(1), as: Self.mark(1))
        unlink(directory.disk.path(of: TotalsFile.name))
        #expect(throws: JournalError.self) { try file.write(totals(2), as: Self.mark(1)) }
        try file.write(totals(3), as: Self.mark(1))
        #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(3)))
    }

    @Test func `of a later version, or one that cannot be opened, is set aside`() throws {
        let directory = try TemporaryDirectory()
        let later = StateFile(
            name: TotalsFile.name, kind: .totals, version: TotalsFile.version + 1, limit: 100)
        try later.write([1, 2, 3], in: directory.disk)
        let bytes = try directory.bytes(of: TotalsFile.name)
        try directory.overwrite(TotalsFile.name, bytes + bytes)
        var name = TotalsFile.name + ".newer-1"
        #expect(
            TotalsFile.open(in: directory.disk).1
                == .unusable(.newer(TotalsFile.version + 1), setAside: name))
        #expect(directory.names == [name])
        unlink(directory.disk.path(of: name))
        #expect(symlink("elsewhere", directory.disk.path(of: TotalsFile.name)) == 0)
        name = TotalsFile.name + ".unread-1"
        guard case .unusable(.unreadable, setAside: name) = TotalsFile.open(in: directory.disk).1
        else {
            Issue.record("a link was followed")
            return
        }
        #expect(directory.names == [name])
    }

    @Test func `of hostile bytes is none, or says what can be said`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(1), as: Self.mark(1))
        let sound = try directory.bytes(of: TotalsFile.name)
        let random = SeededRandom(seed: 9)
        for _ in 0..<400 {
            var bytes = sound
            // Lengths and the first names of both halves.
            for half in [0, 4_096] {
                bytes[half + Int(random.next() % 120)] ^= UInt8(1 + random.next() % 255)
            }
            try directory.overwrite(
                TotalsFile.name, Array(bytes.prefix(Int(random.next() % 9_000))))
            let found = TotalsFile.open(in: directory.disk).1
            if case .kept(let said) = found { #expect(said == totals(1)) }
            for name in directory.names { unlink(directory.disk.path(of: name)) }
        }
    }
}
