// A text of a master's or a hub's that stands for a while, for everybody to read.

/// What is to be read at the station until then: no water before noon, a breakfast at seven.
public struct Notice: Equatable, Sendable {
    /// In bytes of UTF-8: a hundred and twenty Chinese characters, three lines of a screen.
    public static let limit = 360

    public let chinese: String
    /// Empty: the Chinese text is read by everybody.
    public let english: String
    public let until: WallTime

    /// - Returns: `nil` unless there is a Chinese text, and both are within their limit, of one
    ///   line, and without what is no character: controls, and marks that turn the direction.
    public init?(chinese: String, english: String = "", until: WallTime) {
        guard Self.isText(chinese), english.isEmpty || Self.isText(english) else { return nil }
        self.chinese = chinese
        self.english = english
        self.until = until
    }

    private static func isText(_ text: String) -> Bool {
        guard text.utf8.count <= limit, text.contains(where: { !$0.isWhitespace }) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xFFF9...0xFFFF,
                0xE0000...0xE0FFF:
                false
            default: true
            }
        }
    }
}
