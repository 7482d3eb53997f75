// The seal of state files: what it opens, what it does not, and which secrets it is made of.

import Journal
import StationCore
import Testing

@Suite struct `A seal of state files` {
    private let secret = (0..<32).map { UInt8($0) &* 11 &+ 3 }
    private let content = Array("stationd-reader-keys 1\ngate key ...\n".utf8)

    @Test func `opens what it sealed, under the same name`() throws {
        let seal = try #require(StateSeal(secret: secret))
        let file = seal.seal(content, of: "readers.key")
        #expect(StateSeal.isSealed(file) && !StateSeal.isSealed(content))
        #expect(file.count == content.count + StateSeal.overhead)
        #expect(seal.open(file, of: "readers.key") == content)
        #expect(seal.open(file, of: "station.key") == nil)
        #expect(seal.open(seal.seal([], of: "x"), of: "x") == [])
    }

    @Test func `seals the same content differently each time`() throws {
        let seal = try #require(StateSeal(secret: secret))
        let files = (0..<20).map { _ in seal.seal(content, of: "x") }
        #expect(Set(files).count == 20)
    }

    @Test func `opens nothing that is short, changed, or sealed by another`() throws {
        let seal = try #require(StateSeal(secret: secret))
        let other = try #require(StateSeal(secret: secret.reversed()))
        let file = seal.seal(content, of: "x")
        #expect(other.open(file, of: "x") == nil)
        for count in 0..<file.count { #expect(seal.open(Array(file[..<count]), of: "x") == nil) }
        for place in file.indices {
            var bad = file
            bad[place] ^= 1
            #expect(seal.open(bad, of: "x") == nil)
        }
    }

    @Test func `is made of 32 bytes or their digits, and of nothing else`() throws {
        let seal = try #require(StateSeal(secret: secret))
        let digits = secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let file = seal.seal(content, of: "x")
        for text in [digits, digits.uppercased() + "\n", digits + "\r\n"] {
            #expect(StateSeal(secret: Array(text.utf8))?.open(file, of: "x") == content)
        }
        let wrong: [[UInt8]] = [
            [], [1], Array(secret.dropLast()), secret + [10], Array(digits.dropLast().utf8),
            Array((digits + " ").utf8), Array(("+" + digits.dropFirst()).utf8),
            [UInt8](repeating: 0, count: 32), [UInt8](repeating: 0x30, count: 64),
        ]
        for bytes in wrong { #expect(StateSeal(secret: bytes) == nil) }
    }

    /// Made with Python's cryptography 48.0 (AESGCM of OpenSSL): a file is to open for years.
    @Test func `opens what another implementation sealed`() throws {
        let hex =
            "73746174696f6e642d7365616c656420310a000102030405060708090a0b"
            + "fa538751c81bb765c5980df2b40b3fb2d7f6a4f701e59b3abeb47690397d"
        let digits = Array(hex.utf8)
        let file = stride(from: 0, to: digits.count, by: 2).map { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
        }
        let seal = try #require(StateSeal(secret: secret))
        #expect(seal.open(file, of: "readers.key") == Array("hello, station".utf8))
    }
}
