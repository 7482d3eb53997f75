// Hexadecimal text, both ways: the one place that has it.

/// Hexadecimal digits of bytes and numbers; nothing here is on the tap's path.
package enum Hex {
    package static func lower(_ bytes: some Sequence<UInt8>) -> String { text(bytes, ten: 0x61) }
    package static func upper(_ bytes: some Sequence<UInt8>) -> String { text(bytes, ten: 0x41) }

    /// A digit's value, or `nil` when `byte` is no hexadecimal digit in ASCII.
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// The bytes behind digits of either case; `nil` for anything else among them, a sign or a
    /// space included, and for half a byte.
    package static func bytes(_ digits: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            if let first = high.take() { bytes.append(first << 4 | value) } else { high = value }
        }
        return high == nil ? bytes : nil
    }

    /// The lowest `digits` digits of `value`.
    package static func lower(_ value: UInt128, digits: Int) -> String {
        padded(String(value, radix: 16), digits)
    }

    /// The same in upper case.
    package static func upper(_ value: UInt128, digits: Int) -> String {
        padded(String(value, radix: 16, uppercase: true), digits)
    }

    private static func padded(_ text: String, _ digits: Int) -> String {
        String(repeating: "0", count: max(0, digits - text.count)) + text.suffix(digits)
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
