// Hexadecimal text, both ways.

/// Hexadecimal digits of bytes; nothing here is on the tap's path.
enum Hex {
    static func lower(_ bytes: some Sequence<UInt8>) -> String { text(bytes, ten: 0x61) }
    static func upper(_ bytes: some Sequence<UInt8>) -> String { text(bytes, ten: 0x41) }

    /// A digit's value, or `nil` when `byte` is no hexadecimal digit in ASCII.
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The lowest `digits` digits of `value`, upper case.
    static func upper(_ value: UInt128, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
    }

    private static func text(_ bytes: some Sequence<UInt8>, ten: UInt8) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] {
                digits.append(nibble < 10 ? 0x30 + nibble : ten + nibble - 10)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
