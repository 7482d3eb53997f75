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

    private func keys(of name: String) throws -> OSDPReaderKeys? {
        try ReaderKeyFile.read(in: directory).first { $0.name == name }?.keys
    }

    @Test func `is not there at first`() throws {
        #expect(try ReaderKeyFile.read(in: directory).isEmpty)
    }

    @Test func `keeps a candidate beside the key before, and a proven key alone`() throws {
        let (old, new) = (try key(3), try key(90))
        try ReaderKeyFile.keep(old, of: "gate", isProven: false, in: directory)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: nil, candidate: old))
        try ReaderKeyFile.keep(old, of: "gate", isProven: true, in: directory)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: old))
        try ReaderKeyFile.keep(new, of: "gate", isProven: false, in: directory)
        try ReaderKeyFile.keep(new, of: "shed", isProven: true, in: directory)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: old, candidate: new))
        #expect(try keys(of: "shed") == OSDPReaderKeys(key: new))
        try ReaderKeyFile.keep(new, of: "gate", isProven: true, in: directory)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: new))
    }

    @Test func `is for its owner's eyes alone`() throws {
        try ReaderKeyFile.keep(try key(3), of: "gate", isProven: true, in: directory)
        var status = stat()
        #expect(stat(directory.path(of: ReaderKeyFile.name), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test(arguments: [
        "", "stationd-reader-keys 2\n", "stationd-reader-keys 1\ngate key\n",
        "stationd-reader-keys 1\ngate key 00112233445566778899aabbccddee\n",
        "stationd-reader-keys 1\ngate lock 2cf4a1903b5e77d80813aa9c44ef6120\n",
        "stationd-reader-keys 1\ngate key 2cf4a1903b5e77d80813aa9c44ef612+\n",
        "stationd-reader-keys 1\ngate key 30313233343536373839\n",
        "stationd-reader-keys 1\ngate key 303132333435363738393a3b3c3d3e3f\n",
        "stationd-reader-keys 1\ngate key 2cf4a1903b5e77d80813aa9c44ef6120\n"
            + "gate key 2cf4a1903b5e77d80813aa9c44ef6121\n",
    ])
    func `that is none is set aside, said without its content, and made anew`(text: String) throws {
        try directory.replace(ReaderKeyFile.name, with: [Array(text.utf8)[...]])
        #expect {
            _ = try ReaderKeyFile.read(in: directory)
        } throws: { error in
            !"\(error)".contains("2cf4")
        }
        let new = try key(7)
        try ReaderKeyFile.keep(new, of: "gate", isProven: true, in: directory)
        #expect(try keys(of: "gate") == OSDPReaderKeys(key: new))
        #expect(directory.size(of: ReaderKeyFile.name + ".corrupt-1") == text.utf8.count)
    }

    @Test func `never has a key in a text`() throws {
        let secret = try key(3)
        try ReaderKeyFile.keep(secret, of: "gate", isProven: true, in: directory)
        let digits = secret.revealed.map { String($0, radix: 16) }.joined()
        #expect(!"\(try ReaderKeyFile.read(in: directory))".contains(digits))
        let number = secret.revealed.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        #expect(!"\(try ReaderKeyFile.read(in: directory))".contains("\(number)"))
    }
}
