// A credential typed on a command line or in a test: technology, colon, hexadecimal.

/// Why a text is no credential.
public enum CardTextError: Error, Equatable, Sendable {
    /// No `TECH:` in front, or one that nobody knows.
    case technology
    /// `wiegandN` with a count outside 1 to 128, or without one.
    case bitCount
    /// Neither `count` bits nor the hexadecimal digits of so many.
    case length(bits: Int, hexDigits: Int, found: Int)
    case character(Character, at: Int)
    /// More bits than the count says.
    case beyondCount(bits: Int)
    case uid(UIDError)
    case tooLong(limit: Int)

    /// One sentence: what is wrong and what to do.
    public func text(_ language: Wording.Language) -> String {
        language == .chinese ? chinese : english
    }

    private var chinese: String {
        switch self {
        case .technology:
            "请写成“类型:内容”，类型为em4100、iso14443、iso14443b、iso15693或wiegand加位数，如wiegand26"
        case .bitCount: "wiegand后要写位数1-128，如wiegand26"
        case .length(let bits, let digits, let found) where bits == digits:
            "应为\(digits)个字符，实为\(found)个"
        case .length(let bits, let digits, let found):
            "应为\(bits)个0和1，或\(digits)个十六进制数字，实为\(found)个字符"
        case .character(let character, let position):
            PrintedFormError.character(character, at: position).text(.chinese)
        case .beyondCount(let bits): "数值超过\(bits)位"
        case .uid(let error): PrintedFormError.uid(error).text(.chinese)
        case .tooLong(let limit): PrintedFormError.tooLong(limit: limit).text(.chinese)
        }
    }

    private var english: String {
        switch self {
        case .technology:
            "write TECH:CONTENT; TECH is em4100, iso14443, iso14443b, iso15693, or wiegand with "
                + "its bit count, such as wiegand26"
        case .bitCount: "wiegand needs its bit count, 1 to 128, such as wiegand26"
        case .length(let bits, let digits, let found) where bits == digits:
            "expected \(digits) characters, found \(found)"
        case .length(let bits, let digits, let found):
            "expected \(bits) zeros and ones or \(digits) hexadecimal digits, found \(found) "
                + "characters"
        case .character(let character, let position):
            PrintedFormError.character(character, at: position).text(.english)
        case .beyondCount(let bits): "the value has more than \(bits) bits"
        case .uid(let error): PrintedFormError.uid(error).text(.english)
        case .tooLong(let limit): PrintedFormError.tooLong(limit: limit).text(.english)
        }
    }
}

/// `em4100:01026f6c3a`, `iso14443:5630F009`, `iso14443b:` with a PUPI, `iso15693:E0...`,
/// `wiegand26:` with 26 zeros and ones or seven hexadecimal digits.
public enum CardText {
    /// 128 bits as zeros and ones, the technology in front, and separators.
    static let longest = 160

    public static func parse(_ text: some StringProtocol) throws(CardTextError) -> Credential {
        guard text.utf8.count <= longest else { throw .tooLong(limit: longest) }
        guard let colon = text.firstIndex(of: ":") else { throw .technology }
        let technology = text[..<colon].lowercased()
        let offset = text.distance(from: text.startIndex, to: colon) + 1
        let content = Content(Array(text[text.index(after: colon)...]), offset: offset)
        switch technology {
        case "em4100":
            return UID.credential(.em4100, try content.bytes(count: 5))
        case "iso14443":
            let bytes = try content.bytes(count: nil)
            do { return try UID.iso14443(bytes) } catch { throw .uid(error) }
        case "iso14443b":
            return UID.credential(.iso14443b, try content.bytes(count: 4))
        case "iso15693":
            let bytes = try content.bytes(count: nil)
            do { return try UID.iso15693(bytes) } catch { throw .uid(error) }
        default:
            guard technology.hasPrefix("wiegand") else { throw .technology }
            let digits = technology.dropFirst("wiegand".count)
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits),
                (1...Credential.bitCapacity).contains(count)
            else { throw .bitCount }
            return Credential(
                technology: .wiegand, bitCount: count, bits: try content.bits(count: count))
        }
    }

    /// The text that `parse` reads as this credential; a keypad's digits have none.
    public static func text(of credential: Credential) -> String? {
        let count = Int(credential.bitCount)
        let digits = Hex.upper(credential.bits, digits: (count + 3) / 4)
        switch credential.technology {
        case .wiegand: return "wiegand\(count):\(digits)"
        case .em4100: return "em4100:\(digits)"
        case .iso14443: return "iso14443:\(digits)"
        case .iso14443b: return "iso14443b:\(digits)"
        case .iso15693: return "iso15693:\(digits)"
        case .keypad: return nil
        }
    }

    /// What stands behind the colon.
    private struct Content {
        let characters: [Character]
        let offset: Int

        init(_ characters: [Character], offset: Int) {
            self.characters = characters
            self.offset = offset
        }

        func bytes(count: Int?) throws(CardTextError) -> [UInt8] {
            let digits = try hexDigits()
            let expected = 2 * (count ?? (digits.count + 1) / 2)
            guard digits.count == expected else {
                throw .length(bits: expected, hexDigits: expected, found: digits.count)
            }
            return stride(from: 0, to: digits.count, by: 2).map {
                digits[$0] << 4 | digits[$0 + 1]
            }
        }

        func bits(count: Int) throws(CardTextError) -> UInt128 {
            let digits = try hexDigits()
            let hexCount = (count + 3) / 4
            if digits.count == count, digits.allSatisfy({ $0 < 2 }), count != hexCount {
                return digits.reduce(0) { $0 << 1 | UInt128($1) }
            }
            guard digits.count == hexCount else {
                throw .length(bits: count, hexDigits: hexCount, found: digits.count)
            }
            let value = digits.reduce(UInt128(0)) { $0 << 4 | UInt128($1) }
            guard count == 128 || value >> UInt128(count) == 0 else {
                throw .beyondCount(bits: count)
            }
            return value
        }

        /// Digits with `:`, `-`, `_` or spaces anywhere between them, `0x` in front allowed.
        private func hexDigits() throws(CardTextError) -> [UInt8] {
            let isPrefixed =
                characters.count > 2 && characters[0] == "0"
                && (characters[1] == "x" || characters[1] == "X")
            var digits: [UInt8] = []
            for (index, character) in characters.enumerated().dropFirst(isPrefixed ? 2 : 0) {
                if let ascii = character.asciiValue, let value = Hex.value(of: ascii) {
                    digits.append(value)
                } else if !":-_ ".contains(character) {
                    throw .character(character, at: offset + index + 1)
                }
            }
            return digits
        }
    }
}
