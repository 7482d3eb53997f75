// Swift source with its comments and strings blanked out, so that rules see code alone.

/// The same lines and columns as the source, but comments, string contents and raw identifiers
/// are spaces.
struct SwiftCode {
    let lines: [Substring]
    let text: String

    init(_ source: String) {
        text = String(decoding: Self.blank(Array(source.utf8)), as: UTF8.self)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The lines, from 1, that contain `needle` as a word of its own.
    func lines(naming needle: String) -> [Int] {
        lines.indices.filter { lines[$0].names(needle) }.map { $0 + 1 }
    }

    private static func blank(_ bytes: [UInt8]) -> [UInt8] {
        var scanner = Scanner(bytes: bytes)
        scanner.run()
        return scanner.output
    }

    /// Walks the source once. Interpolations are blanked with the string around them.
    private struct Scanner {
        let bytes: [UInt8]
        var output: [UInt8]
        var at = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
            output = bytes
        }

        func starts(_ text: StaticString, at index: Int) -> Bool {
            text.withUTF8Buffer { buffer in
                index + buffer.count <= bytes.count
                    && zip(buffer, bytes[index...]).allSatisfy { $0 == $1 }
            }
        }

        /// Replaces what is not a line end, up to `end`, by spaces.
        mutating func blank(to end: Int) {
            while at < min(end, bytes.count) {
                if bytes[at] != UInt8(ascii: "\n") { output[at] = UInt8(ascii: " ") }
                at += 1
            }
        }

        mutating func run() {
            while at < bytes.count {
                if starts("//", at: at) {
                    blank(to: bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count)
                } else if starts("/*", at: at) {
                    blank(to: endOfBlockComment())
                } else if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "#") {
                    string()
                } else if bytes[at] == UInt8(ascii: "`") {
                    blank(to: (bytes[(at + 1)...].firstIndex(of: UInt8(ascii: "`")) ?? at) + 1)
                } else {
                    at += 1
                }
            }
        }

        func endOfBlockComment() -> Int {
            var depth = 0
            var index = at
            while index < bytes.count {
                if starts("/*", at: index) {
                    depth += 1
                    index += 2
                } else if starts("*/", at: index) {
                    depth -= 1
                    index += 2
                    if depth == 0 { return index }
                } else {
                    index += 1
                }
            }
            return bytes.count
        }

        /// A string literal of any kind, its quotes kept; a lone `#` is code.
        mutating func string() {
            var hashes = 0
            while at + hashes < bytes.count, bytes[at + hashes] == UInt8(ascii: "#") { hashes += 1 }
            guard starts("\"", at: at + hashes) else {
                at += max(hashes, 1)
                return
            }
            let isMultiline = starts("\"\"\"", at: at + hashes)
            let quotes = isMultiline ? 3 : 1
            at += hashes + quotes
            blank(to: endOfString(hashes: hashes, quotes: quotes))
            at += quotes + hashes
        }

        /// Where the closing quotes of a string start whose contents start at `at`.
        func endOfString(hashes: Int, quotes: Int) -> Int {
            var index = at
            var depth = 0
            while index < bytes.count {
                if isEscape(at: index, hashes: hashes) {
                    let escaped = index + 1 + hashes
                    if starts("(", at: escaped) { depth += 1 }
                    index = escaped + 1
                } else if depth > 0 {
                    if starts("(", at: index) { depth += 1 }
                    if starts(")", at: index) { depth -= 1 }
                    index += 1
                } else if isClosing(at: index, hashes: hashes, quotes: quotes) {
                    return index
                } else if quotes == 1, bytes[index] == UInt8(ascii: "\n") {
                    return index  // Not a string after all; never swallow the file.
                } else {
                    index += 1
                }
            }
            return bytes.count
        }

        func isEscape(at index: Int, hashes: Int) -> Bool {
            bytes[index] == UInt8(ascii: "\\") && areHashes(hashes, at: index + 1)
        }

        func isClosing(at index: Int, hashes: Int, quotes: Int) -> Bool {
            quotes == 3
                ? starts("\"\"\"", at: index) && areHashes(hashes, at: index + 3)
                : starts("\"", at: index) && areHashes(hashes, at: index + 1)
        }

        func areHashes(_ count: Int, at index: Int) -> Bool {
            index + count <= bytes.count
                && bytes[index..<index + count].allSatisfy { $0 == UInt8(ascii: "#") }
        }
    }
}

extension StringProtocol {
    /// Whether `needle` occurs and is not merely a part of a longer identifier.
    func names(_ needle: String) -> Bool {
        let text = Array(utf8)
        let wanted = Array(needle.utf8)
        guard let first = wanted.first, let last = wanted.last, text.count >= wanted.count
        else { return false }
        for start in 0...(text.count - wanted.count)
        where text[start] == first && text[start..<start + wanted.count].elementsEqual(wanted) {
            let end = start + wanted.count
            let opens = !first.isIdentifier || start == 0 || !text[start - 1].isIdentifier
            let closes = !last.isIdentifier || end == text.count || !text[end].isIdentifier
            if opens && closes { return true }
        }
        return false
    }

    /// Its identifiers and keywords, in order.
    var words: [String] {
        utf8.split { !$0.isIdentifier }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Without blanks at either end.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let start = firstIndex(where: { !isBlank($0) }),
            let end = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[start...end])
    }
}

extension UInt8 {
    var isIdentifier: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
