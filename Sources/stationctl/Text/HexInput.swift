// Bytes that a person types or pastes.

import Control

/// Hexadecimal text as bytes.
enum HexInput {
    /// More than any message that a person looks at.
    static let mostBytes = 4_096

    /// Spaces, colons, dashes, underscores and a leading `0x` are for people.
    ///
    /// - Throws: `.badData` with what is wrong.
    static func bytes(_ text: String) throws(Problem) -> [UInt8] {
        var digits = text.filter { !" :-_\n\t".contains($0) }
        if digits.lowercased().hasPrefix("0x") { digits.removeFirst(2) }
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw .badData(TextRecord(zh: "应为十六进制字节", en: "expected hexadecimal bytes"))
        }
        guard digits.utf8.count % 2 == 0 else {
            throw .badData(
                TextRecord(
                    zh: "十六进制位数是单数，少了半个字节",
                    en: "an odd number of hexadecimal digits: half a byte is missing"))
        }
        guard digits.utf8.count / 2 <= mostBytes else {
            throw .badData(
                TextRecord(zh: "最多\(mostBytes)字节", en: "at most \(mostBytes) bytes"))
        }
        let values = digits.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: values.count, by: 2).map {
            UInt8(values[$0] << 4 | values[$0 + 1])
        }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
