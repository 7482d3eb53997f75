// Words that YAML readers disagree about: written without quotes they are not what they look like.

/// Why an unquoted word is not taken as text. YAML 1.1 and 1.2 read these differently, so a file
/// that holds one means something else to the next program that opens it.
public enum Trap: Equatable, Sendable {
    /// `on`, `off`, `yes`, `no`, `y`, `n`: true or false in YAML 1.1.
    case truth
    /// `true`, `false` where a word is expected.
    case boolean
    /// `~`, `null`: nothing at all.
    case null
    /// `8E1`: the number 80.
    case exponent
    /// `1:30`: the number 90 in YAML 1.1.
    case sexagesimal
    /// `0123`: the number 83 in YAML 1.1.
    case octal

    /// The trap that an unquoted `text` is, if it is one.
    static func of(_ text: String) -> Trap? {
        switch text.lowercased() {
        case "on", "off", "yes", "no", "y", "n": return .truth
        case "true", "false": return .boolean
        case "~", "null": return .null
        default: break
        }
        let body =
            text.utf8.first.map { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") } == true
            ? text.utf8.dropFirst() : text.utf8[...]
        if isExponent(body) { return .exponent }
        if isSexagesimal(body) { return .sexagesimal }
        if isOctal(body) { return .octal }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isExponent(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
        guard parts.count == 2, let first = parts[0].first, isDigit(first) else { return false }
        let exponent = parts[1].drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
        return parts[0].allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
            && !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    private static func isSexagesimal(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 2, let head = parts[0].first, head != UInt8(ascii: "0") else {
            return false
        }
        return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
            && parts.dropFirst().allSatisfy { $0.count <= 2 && $0.first! <= UInt8(ascii: "5") }
    }

    private static func isOctal(_ text: Substring.UTF8View) -> Bool {
        guard text.count >= 2, text.first == UInt8(ascii: "0") else { return false }
        let digits = text.dropFirst().drop { $0 == UInt8(ascii: "o") }
        return !digits.isEmpty && digits.allSatisfy(isDigit)
    }
}
