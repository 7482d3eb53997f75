// The readers' keys in the state directory: who may read them, and what a power cut leaves.

import Glibc
import Journal
import StationCore
import Testing

@testable import Ports

@Suite struct `The file of readers' keys` {
    private let folder: StateFolder
    private let directory: DiskDirectory

    init() throws {
        folder = try StateFolder()
        directory = folder.disk
    }

    private func key(_ seed: UInt8) throws -> OSDPKey {
        try OSDPKey((0..<16).map { UInt8($0) &* 37 &+ seed &* ($0 % 3 == 0 ? 11 : 5) ^ seed })
    }

    private var file: ReaderKeyFile { ReaderKeyFile(in: directory, seal: nil) }

    private func sealed(_ seed: UInt8 = 1) throws -> ReaderKeyFile {
        let seal = try #require(StateSeal(secret: (0..<32).map { $0 &* 7 &+ seed }))
        return ReaderKeyFile(in: directory, seal: seal)
    }

    private func keys(of name: String) throws -> OSDPReaderKeys? {
        try file.read().readers.first { $0.name == name }?.keys
    }

    private var bytes: [UInt8] {
        get throws { try directory.read(ReaderKeyFile.name, limit: 1 << 20) ?? [] }
    }

    @Test func `is not there at first`() throws {
        #expect(try file.read() == ReaderKeyFile.Contents())
        #expect(try !sealed().settle())
        #expect(directory.size(of: ReaderKeyFile.name) == nil)
    }

    @Test func `keeps a candidate beside the key before, and a proven key alone`() throws {
        let (old, new) = (try key(3), try key(90))
        try file.keep(old, of: "gate", isProven: false)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: nil, candidate: old))
        try file.keep(old, of: "gate", isProven: true)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: old))
        try file.keep(new, of: "gate", isProven: false)
        try file.keep(new, of: "shed", isProven: true)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: old, candidate: new))
        #expect(try keys(of: "shed") == OSDPReaderKeys(key: new))
        try file.keep(new, of: "gate", isProven: true)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: new))
    }

    @Test(arguments: [false, true])
    func `is for its owner's eyes alone`(isSealed: Bool) throws {
        let file = isSealed ? try sealed() : self.file
        try file.keep(try key(3), of: "gate", isProven: true)
        var status = stat()
        #expect(stat(directory.path(of: ReaderKeyFile.name), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: ["", "stationd-reader-keys 2\n", "stationd-reader-keys 11\n", "\n", "\0"])
    func `that is none is kept aside, said without its content, and made anew`(text: String) throws
    {
        try directory.replace(ReaderKeyFile.name, with: [Array(text.utf8)[...]])
        #expect(throws: ReaderKeyFile.Failure.malformed) { try file.read() }
        let new = try key(7)
        try file.keep(new, of: "gate", isProven: true)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: new))
        #expect(directory.size(of: ReaderKeyFile.name + ".corrupt-1") == text.utf8.count)
    }

    @Test(arguments: [
        "gate key", "gate key 00112233445566778899aabbccddee",
        "gate lock 2cf4a1903b5e77d80813aa9c44ef6120",
        "gate key 2cf4a1903b5e77d80813aa9c44ef612+", "gate key 30313233343536373839",
        "gate key 303132333435363738393a3b3c3d3e3f",
        "shed key 2cf4a1903b5e77d80813aa9c44ef6121",
        "gate key 2cf4a1903b5e77d80813aa9c44ef6120 more", "\u{fffd}\u{0}",
    ])
    func `with a damaged line keeps all the others, and itself aside`(line: String) throws {
        let shed = "shed key 2cf4a1903b5e77d80813aa9c44ef6120"
        let text =
            "stationd-reader-keys 1\n\(shed)\n\(line)\n"
            + "yard candidate 9cf4a1903b5e77d80813aa9c44ef6125"
        try directory.replace(ReaderKeyFile.name, with: [Array(text.utf8)[...]])
        let contents = try file.read()
        #expect(contents.damaged == [3])
        #expect(contents.readers.map(\.name) == ["shed", "yard"])
        #expect(contents.readers[0].keys.key?.revealed.last == 0x20)
        #expect(contents.readers[1].keys.candidate?.revealed.last == 0x25)
        // It is not sealed over before a person has seen it.
        #expect(try !sealed().settle())
        let new = try key(7)
        try file.keep(new, of: "gate", isProven: true)
        let after = try file.read()
        #expect(after.damaged.isEmpty && after.readers.map(\.name) == ["shed", "yard", "gate"])
        #expect(after.readers[0] == contents.readers[0])
        #expect(directory.size(of: ReaderKeyFile.name + ".corrupt-1") == text.utf8.count)
    }

    // MARK: Sealed

    @Test func `is sealed where there is a seal, and reveals nothing without it`() throws {
        let secret = try key(3)
        try sealed().keep(secret, of: "gate", isProven: true)
        let bytes = try bytes
        #expect(StateSeal.isSealed(bytes))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains("gate") && !text.contains("key"))
        #expect(!bytes.indices.contains { bytes[$0...].starts(with: secret.revealed) })
        #expect(try sealed().read().readers.map(\.name) == ["gate"])
        #expect(try sealed().read().isSealed == true)
    }

    @Test func `is left as it is when the seal is missing or another one`() throws {
        try sealed().keep(try key(3), of: "gate", isProven: true)
        let before = try bytes
        #expect(throws: ReaderKeyFile.Failure.sealed) { try file.read() }
        #expect(throws: ReaderKeyFile.Failure.wrongSeal) { try sealed(2).read() }
        for other in [file, try sealed(2)] {
            #expect(throws: JournalError.self) {
                try other.keep(try key(9), of: "gate", isProven: true)
            }
            #expect(try !other.settle())
            #expect(throws: ReaderKeyFile.Failure.self) { try other.unseal() }
        }
        #expect(try bytes == before)
        #expect(directory.size(of: ReaderKeyFile.name + ".corrupt-1") == nil)
        try sealed().keep(try key(9), of: "shed", isProven: true)
        #expect(try sealed().read().readers.count == 2)
    }

    @Test func `is sealed once there is a seal, and opened again on request alone`() throws {
        try file.keep(try key(3), of: "gate", isProven: true)
        let readers = try file.read().readers
        #expect(try sealed().settle())
        #expect(try !sealed().settle())
        #expect(StateSeal.isSealed(try bytes))
        #expect(try sealed().read().readers == readers)
        #expect(try sealed().unseal())
        #expect(try !sealed().unseal())
        #expect(try file.read().readers == readers)
        #expect(try file.read().isSealed == false)
    }

    @Test func `that was changed under its seal is not believed`() throws {
        try sealed().keep(try key(3), of: "gate", isProven: true)
        let good = try bytes
        for place in stride(from: 18, to: good.count, by: 5) {
            var bad = good
            bad[place] ^= 0x40
            try directory.replace(ReaderKeyFile.name, with: [bad[...]])
            #expect(throws: ReaderKeyFile.Failure.wrongSeal) { try sealed().read() }
        }
        try directory.replace(ReaderKeyFile.name, with: [good[..<30]])
        #expect(throws: ReaderKeyFile.Failure.wrongSeal) { try sealed().read() }
    }

    /// Whatever lies there: no trap, and no key that is not a whole line.
    @Test func `of any bytes is read without harm`() throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func byte() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let words = [
            "gate", "key", "candidate", "2cf4a1903b5e77d80813aa9c44ef6120", " ", "\n", "0",
        ]
        for round in 0..<20_000 {
            var text = Array("stationd-reader-keys 1\n".utf8)
            for _ in 0..<(byte() & 15) {
                if byte() & 3 == 0 {
                    text.append(byte())
                } else {
                    text += Array(words[Int(byte()) % words.count].utf8)
                }
            }
            if round % 7 == 0 { text[Int(byte()) % text.count] = byte() }
            guard let read = try? ReaderKeyText.parse(text.span, isSealed: false) else { continue }
            let lines = text.split(separator: 10, omittingEmptySubsequences: true).count - 1
            #expect(read.readers.count + read.damaged.count <= max(lines, 0))
        }
    }

    @Test func `never has a key in a text`() throws {
        let secret = try key(3)
        try file.keep(secret, of: "gate", isProven: true)
        let text = "\(try file.read()) \(try sealed())"
        let digits = secret.revealed.map { String($0, radix: 16) }.joined()
        #expect(!text.contains(digits))
        let number = secret.revealed.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        #expect(!text.contains("\(number)"))
    }
}
