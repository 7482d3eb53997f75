// Our SHA-256 and HMAC against the standards' own vectors and against swift-crypto.

import CSHA
import Crypto
import Testing

@testable import StationCore

@Suite struct `Our SHA-256` {
    /// FIPS 180-4 examples (NIST, "SHA256.pdf" and "SHA2_Additional.pdf").
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `gives the standard's digests`(message: String, digest: String) {
        #expect(StationCore.SHA256.digest(message.utf8).description == digest)
    }

    @Test(.enabled(if: station_sha256_is_native() != 0, "no instructions for it here"))
    func `gives the same by the processor's instructions as without them`() {
        var random = Xorshift(seed: 9)
        for _ in 0..<10_000 {
            let bytes = random.bytes(96)
            func word(_ place: Int) -> UInt32 {
                bytes[place * 4..<place * 4 + 4].reduce(0) { $0 << 8 | UInt32($1) }
            }
            let block = InlineArray<16, UInt32> { word($0) }
            let state = InlineArray<8, UInt32> { word(16 + $0) }
            var (ours, theirs) = (state, state)
            StationCore.SHA256.compressInSwift(&ours, block)
            StationCore.SHA256.compressNatively(&theirs, block)
            #expect((0..<8).allSatisfy { ours[$0] == theirs[$0] })
        }
    }

    /// FIPS 180-4's one-block example: what runs where a processor has no instructions for it.
    @Test func `gives the standard's digest without the processor's instructions`() {
        var state = StationCore.SHA256.initialState
        var block = InlineArray<16, UInt32>(repeating: 0)
        (block[0], block[15]) = (0x6162_6380, 24)
        StationCore.SHA256.compressInSwift(&state, block)
        #expect(state[0] == 0xba78_16bf && state[7] == 0xf200_15ad)
    }

    @Test func `gives the standard's digest of a million letters`() {
        var hash = StationCore.SHA256()
        let letters = [UInt8](repeating: 0x61, count: 1_000)
        for _ in 0..<1_000 { hash.update(letters) }
        #expect(
            hash.finished().description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func `agrees with swift-crypto at every length around a block, however it is fed`() {
        var random = Xorshift(seed: 1)
        for length in 0...200 {
            let message = random.bytes(length)
            let expected = Array(Crypto.SHA256.hash(data: message))
            #expect(StationCore.SHA256.digest(message).bytes == expected)

            var dripped = StationCore.SHA256()
            for byte in message { dripped.update([byte]) }
            #expect(dripped.finished().bytes == expected)

            var halved = StationCore.SHA256()
            halved.update(message.prefix(length / 2))
            halved.update(message.dropFirst(length / 2))
            #expect(halved.finished().bytes == expected)
        }
    }
}

@Suite struct `Our HMAC-SHA256` {
    /// RFC 4231 section 4, test cases 1 to 4, 6 and 7 (5 is truncated to 128 bits).
    @Test func `gives the codes of RFC 4231`() {
        expectCode(
            key: [UInt8](repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        expectCode(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        expectCode(
            key: [UInt8](repeating: 0xaa, count: 20), message: [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")
        expectCode(
            key: Array(1...25), message: [UInt8](repeating: 0xcd, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b")
        expectCode(
            key: [UInt8](repeating: 0x0c, count: 20), message: Array("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b")
        expectCode(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        let long = """
            This is a test using a larger than block-size key and a larger than block-size data. \
            The key needs to be hashed before being used by the HMAC algorithm.
            """
        expectCode(
            key: [UInt8](repeating: 0xaa, count: 131), message: Array(long.utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2")
    }

    private func expectCode(
        key: [UInt8], message: [UInt8], _ code: String,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let found = HMACSHA256(key: key).code(of: message).description
        #expect(found.hasPrefix(code), sourceLocation: location)
    }
}

@Suite struct `A station key` {
    @Test func `gives the first 128 bits of swift-crypto's HMAC over layout, width and value`() {
        var random = Xorshift(seed: 2)
        for _ in 0..<500 {
            let secret = random.bytes(32)
            let key = StationKey(epoch: ShortText("2025-1")!, secret: secret)!
            let width = Int(random.next() % 128) + 1
            let value = random.next128() >> UInt128(128 - width)
            let layout = NumberLayout.allCases[Int(random.next() % 7)]
            let form = key.matchForm(of: Number(layout: layout, width: width, value: value))

            var message: [UInt8] = [layout.rawValue, UInt8(width)]
            for shift in stride(from: 120, through: 0, by: -8) {
                message.append(UInt8(truncatingIfNeeded: value >> UInt128(shift)))
            }
            let code = HMAC<Crypto.SHA256>.authenticationCode(
                for: message, using: SymmetricKey(data: secret))
            #expect(form.description == Hex.lower(Array(code).prefix(16)))
        }
    }

    @Test func `takes 32 bytes and nothing else`() {
        let epoch = ShortText("local-1")!
        #expect(StationKey(epoch: epoch, secret: [UInt8](repeating: 1, count: 31)) == nil)
        #expect(StationKey(epoch: epoch, secret: [UInt8](repeating: 1, count: 33)) == nil)
        #expect(StationKey(epoch: .empty, secret: [UInt8](repeating: 1, count: 32)) == nil)
        #expect(StationKey(epoch: epoch, secret: [UInt8](repeating: 1, count: 32)) != nil)
    }

    @Test func `shows its epoch and nothing else, whoever prints it`() {
        let key = StationKey(
            epoch: ShortText("local-1")!, secret: [UInt8](repeating: 0x5a, count: 32))!
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "station key local-1")
        #expect(String(reflecting: key) == "station key local-1")
        #expect(Mirror(reflecting: key).children.count == 1)
        #expect(!dumped.contains("inner"))
    }

    @Test func `has a check value that no number has and that differs between secrets`() {
        let epoch = ShortText("2025-1")!
        let one = StationKey(epoch: epoch, secret: [UInt8](repeating: 1, count: 32))!
        let two = StationKey(epoch: epoch, secret: [UInt8](repeating: 2, count: 32))!
        #expect(one.check != two.check)
        #expect(one.check != one.matchForm(of: Number(layout: .bytes, width: 8, value: 0)))
    }
}
