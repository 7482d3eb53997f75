// Bytes that a person types, or copies from an analyser, a log or a terminal.

import Control
import StationCore

/// Hexadecimal text as bytes, with whatever people and tools put between them.
enum HexInput {
    /// A day pass typed by a scanner is 20,000 bytes of events; a day's capture belongs elsewhere.
    static let mostBytes = 65_536

    /// - Throws: `badData` with the place of the first character that is no digit, or when half a
    ///   byte is left over, or nothing is there.
    static func bytes(_ text: String) throws(Problem) -> [UInt8] {
        guard text.utf8.count <= 4 * mostBytes else { throw tooLong }
        var bytes: [UInt8] = []
        var half: UInt8?
        var isAfterZero = false
        for (place, byte) in text.utf8.enumerated() {
            if byte == UInt8(ascii: "x") || byte == UInt8(ascii: "X"), isAfterZero {
                // `0x` in front of a byte.
                half = nil
                isAfterZero = false
                continue
            }
            guard let digit = Hex.value(of: byte) else {
                guard " :,-_;\t\r\n".utf8.contains(byte) else {
                    throw .badData(
                        TextRecord(
                            zh: "第\(place + 1)个字符不是十六进制数字",
                            en: "character \(place + 1) is no hexadecimal digit"))
                }
                continue
            }
            isAfterZero = half == nil && digit == 0
            if let high = half {
                bytes.append(high << 4 | digit)
                half = nil
            } else {
                half = digit
            }
        }
        guard half == nil else {
            throw .badData(
                TextRecord(zh: "末尾只有半个字节", en: "there is half a byte at the end"))
        }
        guard !bytes.isEmpty else {
            throw .badData(
                TextRecord(zh: "应为十六进制字节", en: "expected bytes in hexadecimal"))
        }
        guard bytes.count <= mostBytes else { throw tooLong }
        return bytes
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String { Hex.upper(bytes) }

    private static var tooLong: Problem {
        .badData(TextRecord(zh: "最多\(mostBytes)个字节", en: "at most \(mostBytes) bytes"))
    }
}
