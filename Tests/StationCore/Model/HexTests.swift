// Hexadecimal digits both ways, and what is none.

import Testing

@testable import StationCore

@Suite struct `Hexadecimal text` {
    @Test func `comes back as it was, whatever its bytes and its case`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hex.bytes(Hex.lower(bytes).utf8) == bytes)
        #expect(Hex.bytes(Hex.upper(bytes).utf8) == bytes)
        #expect(Hex.lower([0, 0xAB, 0x0F]) == "00ab0f")
        #expect(Hex.upper([0, 0xAB, 0x0F]) == "00AB0F")
    }

    /// Swift's own `UInt8(_:radix:)` takes a sign.
    @Test(arguments: ["+f", "-0", "0", "0x00", "g0", "0 0", " 00", "00\n", "٠٠"])
    func `is refused with anything else in it`(text: String) {
        #expect(Hex.bytes(text.utf8) == nil)
    }

    @Test func `of a number has so many digits, the lowest`() {
        #expect(Hex.lower(0xBEEF, digits: 6) == "00beef")
        #expect(Hex.upper(0xBEEF, digits: 2) == "EF")
        #expect(Hex.lower(.max, digits: 32) == String(repeating: "f", count: 32))
    }
}
