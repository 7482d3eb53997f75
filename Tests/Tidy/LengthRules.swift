// How long a file, a function and the loop may be before they must answer for it.

enum LengthRules {
    static let longestFile = 500
    static let longestFunction = 70
    /// The loop fits in the eye.
    static let longestEventLoop = 600

    static func file(_ file: RepositoryFile) -> [Finding] {
        guard file.isSwift || file.path.hasSuffix(".c") else { return [] }
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        guard count > longestFile else { return [] }
        return [
            Finding(
                path: file.path, line: 0,
                message: "file of \(count) lines; past \(longestFile), does it hold one thing?")
        ]
    }

    static func functions(_ file: RepositoryFile) -> [Finding] {
        guard file.isSwift else { return [] }
        return lengths(of: file).compactMap { function in
            guard function.count > longestFunction else { return nil }
            return Finding(
                path: file.path, line: function.line,
                message:
                    "'\(function.name)' has \(function.count) lines; at most \(longestFunction)")
        }
    }

    static func eventLoop(_ files: [RepositoryFile]) -> [Finding] {
        let count = files.filter { $0.target == "EventLoop" }.map { $0.lines.count - 1 }.reduce(
            0, +)
        guard count > longestEventLoop else { return [] }
        return [
            Finding(
                path: "Sources/EventLoop", line: 0,
                message: "\(count) lines; the heart has at most \(longestEventLoop)")
        ]
    }

    struct Function: Equatable {
        let name: String
        /// From 1.
        let line: Int
        /// From its first line to its closing brace.
        let count: Int
    }

    /// Every function and initializer that has a body.
    static func lengths(of file: RepositoryFile) -> [Function] {
        let code = file.code.lines.map { Array($0.utf8) }
        let source = file.lines
        return code.indices.compactMap { index in
            let line = String(decoding: code[index], as: UTF8.self)
            guard let column = declaration(in: line),
                let end = endOfBody(code, from: index, column: column)
            else { return nil }
            let rest = String(source[index].utf8.dropFirst(column)) ?? line
            let name = rest.split(whereSeparator: { $0 == "(" || $0 == "<" || $0 == "{" }).first
            return Function(
                name: (name ?? "").trimmed, line: index + 1, count: end - index + 1)
        }
    }

    /// The column at which a line declares a function or an initializer.
    private static func declaration(in line: String) -> Int? {
        let bytes = Array(line.utf8)
        for keyword in ["func ", "init(", "init?(", "init<", "deinit {", "subscript("] {
            let wanted = Array(keyword.utf8)
            guard bytes.count >= wanted.count else { continue }
            for start in 0...(bytes.count - wanted.count)
            where bytes[start..<start + wanted.count].elementsEqual(wanted) {
                let before = start == 0 ? UInt8(ascii: " ") : bytes[start - 1]
                if before == UInt8(ascii: " ") { return start }
            }
        }
        return nil
    }

    /// The line on which the body closes; `nil` for a requirement, which has none.
    private static func endOfBody(_ code: [[UInt8]], from first: Int, column: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in first..<code.count {
            let bytes = index == first ? code[index][column...] : code[index][...]
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{") where braces > 0 || parentheses == 0: braces += 1
                case UInt8(ascii: "}") where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case UInt8(ascii: "}") where parentheses == 0: return nil
                default: break
                }
            }
            if braces == 0, parentheses == 0, !continues(code, after: index) { return nil }
        }
        return nil
    }

    /// Whether the next line still belongs to the signature.
    private static func continues(_ code: [[UInt8]], after index: Int) -> Bool {
        guard index + 1 < code.count else { return false }
        let next = String(decoding: code[index + 1], as: UTF8.self).trimmed
        return ["{", "->", "throws", "async", "where", "rethrows"].contains(where: next.hasPrefix)
            || String(decoding: code[index], as: UTF8.self).trimmed.hasSuffix("->")
            || String(decoding: code[index], as: UTF8.self).trimmed.hasSuffix("where")
    }
}
