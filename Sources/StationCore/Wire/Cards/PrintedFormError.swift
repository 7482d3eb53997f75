// Why a printed number was not taken, for people, in both languages.

/// What is wrong with a printed number. Never holds the number itself.
public enum PrintedFormError: Error, Equatable, Sendable {
    case tooLong(limit: Int)
    /// Too many or too few digits; a spreadsheet may have dropped leading zeros.
    case digits(expected: ClosedRange<Int>, found: Int)
    /// A character that does not belong there, at a position that counts from 1.
    case character(Character, at: Int)
    /// Numbers that commas separate.
    case parts(expected: Int, found: Int)
    case aboveLimit(limit: UInt128)
    /// A frame whose parity bits are wrong: mistyped, or of another format.
    case parity
    case uid(UIDError)
    /// Five digits of two bytes: 65,536 numbers for all cards of the world.
    case namesTooMany

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .tooLong(let limit): "太长，最多\(limit)个字节"
        case .digits(let expected, let found):
            "应为\(Self.span(expected))位，实为\(found)位；表格软件可能去掉了前面的0，请把该列设为文本"
        case .character(let character, let position):
            "第\(position)个字符“\(Self.shown(character))”不该出现，请对照写法改正"
        case .parts(let expected, let found):
            "应为用逗号隔开的\(expected)段，实为\(found)段；请核对写法"
        case .aboveLimit(let limit): "数值超出该写法的上限\(limit)，请核对写法"
        case .parity: "校验位不对：抄错了，或是别的格式"
        case .uid(let error): Self.chinese(error)
        case .namesTooMany: "只有五位，许多卡会同号；请改用带区位码的写法，如2H+4H"
        }
    }

    private var english: String {
        switch self {
        case .tooLong(let limit): "too long: at most \(limit) bytes"
        case .digits(let expected, let found):
            "expected \(Self.span(expected)) digits, found \(found); if a spreadsheet dropped "
                + "leading zeros, format the column as text"
        case .character(let character, let position):
            "character \(position), “\(Self.shown(character))”, does not belong there; "
                + "check it against the form"
        case .parts(let expected, let found):
            "expected \(expected) parts with a comma between, found \(found); check the form"
        case .aboveLimit(let limit): "above this form's limit of \(limit); check the form"
        case .parity: "wrong parity bits: mistyped, or of another format"
        case .uid(let error): Self.english(error)
        case .namesTooMany:
            "five digits name many cards at once; use a form with the facility, such as 2H+4H"
        }
    }

    private static func chinese(_ error: UIDError) -> String {
        switch error {
        case .length(let expected, let found):
            "UID应为\(expected.map(String.init).joined(separator: "、"))字节，实为\(found)字节"
        case .checkByte: "五个字节，但末字节不是前四个的校验；若是ID卡，请写明10H"
        case .incomplete: "以88开头，只是七字节UID的前一半；请读出完整的UID"
        case .notE0: "八字节的UID应以E0开头；可能是反序，请写明hex-reversed"
        case .random: "以08开头的UID每次刷卡都会变，不能登记；请换一张卡"
        }
    }

    private static func english(_ error: UIDError) -> String {
        switch error {
        case .length(let expected, let found):
            "a UID has \(expected.map(String.init).joined(separator: ", ")) bytes, found \(found)"
        case .checkByte:
            "five bytes, but the last is no check byte of the others; for an ID card state 10H"
        case .incomplete: "begins with 88: half of a seven-byte UID; read the whole UID"
        case .notE0: "a UID of eight bytes begins with E0; if reversed, state hex-reversed"
        case .random: "begins with 08: a UID made up anew at each tap; take another card"
        }
    }

    private static func span(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Control characters would spoil a terminal.
    private static func shown(_ character: Character) -> String {
        let scalars = character.unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first, scalar.value >= 0x20,
            !(0x7f..<0xa0).contains(scalar.value)
        else { return "?" }
        return String(character)
    }
}
