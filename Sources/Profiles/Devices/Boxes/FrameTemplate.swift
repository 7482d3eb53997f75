// A frame as a profile draws it: `8A {address} {lock} 11 {check}` becomes tokens.

import StationCore

/// Reads one drawing.
///
/// | in braces | is |
/// |---|---|
/// | `name`, `name:2`, `name:2le`, `name:4bcd`, `name:2s` | a number in one or more bytes |
/// | `name*6`, `name:2*6` | that number six times: `name.1` to `name.6` |
/// | `high/low` | two numbers of four bits in one byte; `0` for either is 0 |
/// | `bits:name*16`, `bits:name*16:high` | bits, the lowest of each byte first, or the highest |
/// | `len`, `len:2le`, `len:1-4` | the number of the frame's bytes, less four |
/// | `skip:3` | bytes that mean nothing |
/// | `check` | the check |
struct FrameTemplate {
    enum Flaw: Error, Equatable {
        /// Neither two hexadecimal digits nor something in braces.
        case notAByte(String)
        case unclosed
        case badField(String)
        case twoChecks
        case tooLong
    }

    private(set) var tokens: [FrameToken] = []

    /// - Parameter check: the check that `{check}` stands for.
    static func parse(_ text: String, check: FrameCheck?) throws(Flaw) -> [FrameToken] {
        var template = FrameTemplate()
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "): rest = rest.dropFirst()
            case UInt8(ascii: "{"):
                guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw .unclosed }
                let inside = String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self)
                guard let token = token(inside) else { throw .badField(inside) }
                template.tokens.append(token)
                rest = rest[(end + 1)...]
            default:
                guard let bytes = Hex.bytes(rest.prefix(2)), bytes.count == 1 else {
                    throw .notAByte(String(decoding: rest.prefix(2), as: UTF8.self))
                }
                template.append(bytes[0])
                rest = rest.dropFirst(2)
            }
        }
        let checks = template.tokens.count { $0 == .check }
        guard checks < 2 else { throw .twoChecks }
        guard (1...ResolvedStation.Limit.tokensPerFrame).contains(template.tokens.count),
            template.tokens.length(check: check) <= ResolvedStation.Limit.frameBytes
        else { throw .tooLong }
        return template.tokens
    }

    private mutating func append(_ byte: UInt8) {
        if case .bytes(let these)? = tokens.last {
            tokens[tokens.count - 1] = .bytes(these: these + [byte])
        } else {
            tokens.append(.bytes(these: [byte]))
        }
    }

    // MARK: Braces

    private static func token(_ text: String) -> FrameToken? {
        if text == "check" { return .check }
        if let rest = without("skip:", text) {
            return Int(rest).flatMap {
                (1...ResolvedStation.Limit.frameBytes).contains($0) ? $0 : nil
            }
            .map { .skipped(count: $0) }
        }
        if let rest = without("bits:", text) { return bits(rest) }
        if text == "len" { return .length(form: FieldForm(), plus: 0) }
        if let rest = without("len:", text) { return length(rest) }
        if text.contains("/") { return nibbles(text) }
        return field(text)
    }

    private static func without(_ prefix: String, _ text: String) -> Substring? {
        text.hasPrefix(prefix) ? text.dropFirst(prefix.utf8.count) : nil
    }

    /// `lock*16` or `lock*16:high`
    private static func bits(_ text: Substring) -> FrameToken? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.count == 1 || parts[1] == "high",
            let (name, count) = times(parts[0]), isFieldName(name)
        else { return nil }
        return .bits(name: name, count: count, isHighFirst: parts.count == 2)
    }

    /// `2le`, `2le-4`, `1+2`
    private static func length(_ text: Substring) -> FrameToken? {
        let split = text.firstIndex { $0 == "+" || $0 == "-" } ?? text.endIndex
        guard let form = form(text[..<split]), form.bytes <= 4 else { return nil }
        guard split < text.endIndex else { return .length(form: form, plus: 0) }
        let number = text[split...].dropFirst()
        guard (1...3).contains(number.utf8.count), number.utf8.allSatisfy(BoxName.isDigit),
            let plus = Int(number)
        else { return nil }
        return .length(form: form, plus: text[split] == "-" ? -plus : plus)
    }

    /// `address/lock`, `address/0`
    private static func nibbles(_ text: String) -> FrameToken? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map {
            $0 == "0" ? "" : String($0)
        }
        guard parts.count == 2, parts != ["", ""],
            parts.allSatisfy({ $0.isEmpty || isFieldName($0) }), parts[0] != parts[1]
        else { return nil }
        return .nibbles(high: parts[0], low: parts[1])
    }

    /// `name`, `name:2le`, `name*6`, `name:2le*6`
    private static func field(_ text: String) -> FrameToken? {
        let counted = text.contains("*") ? times(Substring(text)) : nil
        if text.contains("*"), counted == nil { return nil }
        let parts = (counted?.name ?? text).split(
            separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), isFieldName(String(parts[0])),
            let form = parts.count == 2 ? form(parts[1]) : FieldForm()
        else { return nil }
        let name = String(parts[0])
        guard let counted else { return .field(name: name, form: form) }
        return .list(name: name, form: form, count: counted.count)
    }

    /// Before and behind the `*`.
    private static func times(_ text: Substring) -> (name: String, count: Int)? {
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy(BoxName.isDigit), let count = Int(parts[1]),
            (1...ResolvedStation.Limit.numbersPerField).contains(count)
        else { return nil }
        return (String(parts[0]), count)
    }

    /// `2`, `2le`, `4bcd`, `2les`
    private static func form(_ text: Substring) -> FieldForm? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.utf8.count == 1, let bytes = Int(digits), (1...8).contains(bytes) else {
            return nil
        }
        var form = FieldForm(bytes: bytes)
        var rest = text.dropFirst(digits.count)
        while !rest.isEmpty {
            if let after = without("le", String(rest)) {
                form.isLittleEndian = true
                rest = after
            } else if let after = without("bcd", String(rest)) {
                form.isBCD = true
                rest = after
            } else if let after = without("s", String(rest)) {
                form.isSigned = true
                rest = after
            } else {
                return nil
            }
        }
        return form.isBCD && form.isSigned ? nil : form
    }

    private static func isFieldName(_ text: String) -> Bool {
        BoxName.isLegal(text) && !["check", "len", "skip", "bits"].contains(text)
    }
}
