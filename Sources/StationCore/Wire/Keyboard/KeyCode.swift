// Keys of a keyboard, as a reader that plays one presses them: codes into ASCII, US layout.

/// A key's code (linux/input-event-codes.h).
public struct KeyCode: RawRepresentable, Equatable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let enter = KeyCode(rawValue: 28)
    public static let keypadEnter = KeyCode(rawValue: 96)
    public static let leftShift = KeyCode(rawValue: 42)
    public static let rightShift = KeyCode(rawValue: 54)
    static let capsLock = KeyCode(rawValue: 58)
    static let numLock = KeyCode(rawValue: 69)

    public var isEnter: Bool { self == .enter || self == .keypadEnter }
    public var isShift: Bool { self == .leftShift || self == .rightShift }

    /// Readers turn these to get their digits and capitals through; they are no text.
    var isLock: Bool { self == .capsLock || self == .numLock }

    /// The key's character, or `nil` when it has none: a function key, an arrow, a modifier.
    public func character(isShifted: Bool) -> UInt8? {
        guard Int(rawValue) < Self.plain.count else { return nil }
        let character = isShifted ? Self.shifted[Int(rawValue)] : Self.plain[Int(rawValue)]
        return character == 0 ? nil : character
    }

    /// The key, and whether with shift, that gives a character; for tests and simulated readers.
    public static func typing(_ character: UInt8) -> (key: KeyCode, isShifted: Bool)? {
        if let index = plain.firstIndex(of: character), character != 0 {
            return (KeyCode(rawValue: UInt16(index)), false)
        }
        if let index = shifted.firstIndex(of: character), character != 0 {
            return (KeyCode(rawValue: UInt16(index)), true)
        }
        return nil
    }

    private static let plain = table("1234567890-=", "qwertyuiop[]", "asdfghjkl;'`", "\\zxcvbnm,./")
    private static let shifted = table(
        "!@#$%^&*()_+", "QWERTYUIOP{}", "ASDFGHJKL:\"~", "|ZXCVBNM<>?")

    /// The four rows; the keypad and the space bar give the same with and without shift.
    private static func table(
        _ digits: String, _ upper: String, _ home: String, _ lower: String
    ) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: 128)
        let rows = [
            (2, digits), (16, upper), (30, home), (43, lower), (55, "*"), (57, " "),
            (71, "789-456+1230."), (98, "/"), (117, "="),
        ]
        for (start, characters) in rows {
            for (index, character) in characters.utf8.enumerated() {
                table[start + index] = character
            }
        }
        return table
    }
}
