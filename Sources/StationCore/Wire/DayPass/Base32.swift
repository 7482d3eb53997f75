// Bytes as capitals and digits, five bits each: RFC 4648 base 32, without padding.

/// QR codes hold capitals and digits in their dense mode, and a scanner that plays a keyboard gets
/// them through whatever its Caps Lock says: reading takes small letters too.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> count & 31)])
            }
            bits &= (1 << count) - 1
        }
        if count > 0 { text.append(alphabet[Int(bits << (5 - count) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    enum Flaw: Error, Equatable {
        /// At a place that counts from 0.
        case character(at: Int)
        /// No bytes have so many characters, or the bits left over are not zero.
        case ending
    }

    /// The bytes of a text that `encode` can have written, and of no other.
    static func decode(_ text: ArraySlice<UInt8>) throws(Flaw) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for (place, character) in text.enumerated() {
            guard let value = value(of: character) else { throw .character(at: place) }
            bits = bits << 5 | UInt32(value)
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
            bits &= (1 << count) - 1
        }
        // Five or more left over are a character too many.
        guard count < 5, bits == 0 else { throw .ending }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5a: character - 0x41
        case 0x61...0x7a: character - 0x61
        case 0x32...0x37: character - 0x32 + 26
        default: nil
        }
    }
}
