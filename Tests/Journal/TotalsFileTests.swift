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
        try file.write(totals(1))
        #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(1)))
    }

    @Test func `says the newest totals after each writing, in the same place of the medium`() throws
    {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(0))
        let (place, size) = (inode(directory), directory.disk.size(of: TotalsFile.name))
        for pulses: Int64 in 1...50 {
            try file.write(totals(pulses))
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
        for pulses: Int64 in 0..<6 { try file.write(totals(pulses)) }
        let before = try directory.bytes(of: TotalsFile.name)
        try file.write(totals(6))
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
        for pulses: Int64 in 0..<3 { try file.write(totals(pulses)) }
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
            try again.write(totals(9))
            #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(9)))
        }
        bytes[70] ^= 1
        bytes[half + 70] ^= 1
        try directory.overwrite(TotalsFile.name, bytes)
        let name = TotalsFile.name + ".corrupt-1"
        let found = TotalsFile.open(in: directory.disk).1
        #expect(found == .unusable(.damaged(.digest, setAside: nil), setAside: name))
        #expect(directory.names == [name])
        #expect(found.totals(.apart) == nil)
        #expect(found.totals(nil) == nil)
        #expect(found.totals(.here(totals(3))) == totals(3))
    }

    @Test func `counts for more than the snapshot, and without it the snapshot does`() {
        let kept = TotalsFile.Found.kept(totals(1))
        #expect(kept.totals(.here(totals(2))) == totals(1))
        #expect(kept.totals(.unknown) == totals(1))
        #expect(kept.totals(nil) == totals(1))
        let none = TotalsFile.Found.nothing
        #expect(none.totals(nil) == [])
        #expect(none.totals(.here(totals(2))) == totals(2))
        #expect(none.totals(.unknown) == nil)
        // It is gone, and must have been there.
        #expect(none.totals(.apart) == nil)
    }

    @Test func `grows for totals that begin later, and takes the most there can be`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        for devices in [1, 40, 400, KeptTotal.capacity, 1] {
            try file.write(totals(5, devices: devices))
            #expect(TotalsFile.open(in: directory.disk).1 == .kept(totals(5, devices: devices)))
        }
        let name = String(repeating: "x", count: EntryNames.nameLimit)
        let longest = KeptTotal(
            device: name, point: name + ".255",
            unit: String(repeating: "u", count: ResolvedStation.Limit.unitBytes), origin: 1,
            count: TotalCount(last: .one))
        let all = Array(repeating: longest, count: KeptTotal.capacity)
        try file.write(all)
        #expect(TotalsFile.open(in: directory.disk).1 == .kept(all))
        #expect(directory.names == [TotalsFile.name])
    }

    @Test func `that cannot be written in its place is made anew the next time`() throws {
        let directory = try TemporaryDirectory()
        var (file, _) = TotalsFile.open(in: directory.disk)
        try file.write(totals(1))
        unlink(directory.disk.path(of: TotalsFile.name))
        #expect(throws: JournalError.self) { try file.write(totals(2)) }
        try file.write(totals(3))
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
        try file.write(totals(1))
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
