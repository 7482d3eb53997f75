// What the chain proves, and what it gives away.

import Crypto
import EventLoop
import StationCore
import Testing

@testable import Journal

@Suite struct `A verification` {
    private func directory(entries count: UInt64 = 200) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try withStore(settings(directory)) { store throws in
            _ = try store.commit(entries(1...count).span)
            try store.finish()
        }
        return directory
    }

    private func verdict(
        _ directory: TemporaryDirectory, from first: UInt64 = 1, to last: UInt64 = .max
    ) throws -> Verification {
        try withStore(settings(directory)) { try $0.verify(from: first, to: last) }
    }

    @Test func `proves a sound journal, in slices`() throws {
        let directory = try directory()
        try withStore(settings(directory)) { store throws in
            var verification = try store.beginVerification()
            var slices = 0
            while !verification.isFinished {
                try store.advance(&verification)
                slices += 1
            }
            #expect(slices == 4)
            #expect(verification.proven == 200)
            #expect(verification.broken == nil)
            #expect(verification.digest == store.head.digest)
        }
    }

    @Test func `finds the first entry whose content was changed`() throws {
        for (column, fault) in [
            ("payload = replace(payload, 'east', 'west')", Verification.Fault.commitment),
            ("key = 'key-1'", .commitment),
            ("holder = NULL", .commitment),
            ("salt = randomblob(32)", .commitment),
            ("commitment = randomblob(32)", .commitment),
            ("boottime = boottime + 1", .chain),
            ("wall = wall + 1", .chain),
            ("quality = 0", .chain),
            ("class = 3", .chain),
            ("kind = 'access.denied'", .chain),
            ("device = NULL", .chain),
            ("boot = zeroblob(16)", .chain),
            ("boot = zeroblob(15)", .chain),
            ("epoch = 2", .chain),
            ("digest = randomblob(32)", .chain),
            ("digest = x'00'", .chain),
        ] {
            let directory = try directory()
            try meddle(directory, "UPDATE entry SET \(column) WHERE sequence IN (77, 150)")
            let verification = try verdict(directory)
            #expect(verification.broken == .init(sequence: 77, fault: fault), "\(column)")
            #expect(verification.proven == 76)
        }
    }

    @Test func `finds an entry that was taken out, wherever`() throws {
        for sequence: UInt64 in [1, 64, 65, 128, 199] {
            let directory = try directory()
            try meddle(directory, "DELETE FROM entry WHERE sequence = \(sequence)")
            #expect(try verdict(directory).broken == .init(sequence: sequence, fault: .missing))
        }
    }

    @Test func `finds entries that changed places`() throws {
        let directory = try directory()
        try meddle(
            directory,
            "UPDATE entry SET sequence = -1 WHERE sequence = 20;"
                + "UPDATE entry SET sequence = 20 WHERE sequence = 21;"
                + "UPDATE entry SET sequence = 21 WHERE sequence = -1;")
        #expect(try verdict(directory).broken == .init(sequence: 20, fault: .chain))
    }

    @Test func `still proves the chain after identities were erased`() throws {
        let directory = try directory()
        try meddle(
            directory,
            "UPDATE entry SET key = NULL, holder = NULL, salt = NULL WHERE sequence <= 50")
        let verification = try verdict(directory)
        #expect(verification.broken == nil)
        #expect(verification.proven == 200)
        #expect(verification.erased == 50)
        let read = try withStore(settings(directory)) { try $0.readAll() }
        #expect(read[49].isErased)
        #expect(read[49].key == nil)
        #expect(read[50].key == "key-51")
    }

    @Test func `of a stretch takes the entry before it as its anchor`() throws {
        let directory = try directory()
        try meddle(directory, "UPDATE entry SET payload = '{}' WHERE sequence = 10")
        let stretch = try verdict(directory, from: 50, to: 60)
        #expect(stretch.broken == nil)
        #expect(stretch.proven == 11)
        #expect(try verdict(directory, from: 10, to: 10).broken?.fault == .commitment)
        try meddle(directory, "DELETE FROM entry WHERE sequence = 49")
        #expect(
            try verdict(directory, from: 50).broken == .init(sequence: 49, fault: .missing))
    }

    @Test func `of nothing is finished at once`() throws {
        let directory = try directory(entries: 3)
        for (first, last): (UInt64, UInt64) in [(4, .max), (.max, .max), (3, 2), (0, 0)] {
            let verification = try verdict(directory, from: first, to: last)
            #expect(verification.isFinished)
            #expect(verification.broken == nil)
            #expect(verification.proven == 0)
        }
    }

    @Test func `can be done by anybody who has the file and the rule`() throws {
        let directory = try directory(entries: 1)
        try withStore(settings(directory)) { store throws in
            let row = try store.database.prepare(
                "SELECT salt, payload, commitment, digest, boottime, wall FROM entry")
            #expect(try row.step())
            let key = Array("key-1".utf8)
            let holder = Array("rider-1".utf8)
            let identity = [UInt8(key.count)] + key + [UInt8(holder.count)] + holder
            let commitment = Array(
                SHA256.hash(data: Array(row.bytes(0)) + identity + Array(row.bytes(1))))
            #expect(commitment == Array(row.bytes(2)))
            func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
                withUnsafeBytes(of: value.bigEndian) { Array($0) }
            }
            let kind = Array("access.granted".utf8)
            let device = Array("east-reader".utf8)
            let header: [UInt8] =
                [1] + bigEndian(store.id.bits) + bigEndian(UInt64(1)) + bigEndian(boot.bits)
                + bigEndian(row.integer(4)) + bigEndian(row.integer(5))
                + [3, 0, UInt8(kind.count), UInt8(device.count)] + kind + device
            let digest = SHA256.hash(
                data: [UInt8](repeating: 0, count: 32) + header + commitment)
            #expect(Array(digest) == Array(row.bytes(3)))
        }
    }
}
