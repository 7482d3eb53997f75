// What makes bytes no text: broken UTF-8 and control characters.

enum TextFlaw {
    /// The first flaw and its place, or `nil` for clean text.
    static func first(in bytes: [UInt8]) -> (Place, ConfigurationError.Kind)? {
        var line = 1
        var column = 1
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var isFirst = true
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return nil
            case .error: return (Place(line: line, column: column), .notUTF8)
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                // A byte order mark is allowed where editors put it and has no width.
                if scalar.value == 0xFEFF, isFirst { break }
                guard isAllowed(scalar.value) else {
                    return (
                        Place(line: line, column: column), .controlCharacter(code: scalar.value)
                    )
                }
                column += 1
                if scalar == "\n" { (line, column) = (line + 1, 1) }
            }
            isFirst = false
        }
    }

    /// YAML 1.1 §5.1, the printable characters.
    private static func isAllowed(_ code: UInt32) -> Bool {
        switch code {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE,
            0xFF00...0xFFFD, 0x1_0000...0x10_FFFF:
            true
        default: false
        }
    }
}
