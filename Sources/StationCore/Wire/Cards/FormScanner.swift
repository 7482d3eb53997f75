// Digits out of a short text, counted and bounded.

/// Reads one printed number. Positions in errors count characters from 1.
struct FormScanner {
    /// The text without spaces around it and with ASCII commas.
    private let text: [Character]

    init(_ text: some StringProtocol) {
        let trimmed = text.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }
        let core = end.map { trimmed[...$0] } ?? trimmed.prefix(0)
        self.text = core.map { $0 == "，" ? "," : $0 }
    }

    /// Exactly so many hexadecimal digits.
    func hex(digits: Int) throws(PrintedFormError) -> UInt128 {
        let values = try hexDigits()
        guard values.count == digits else {
            throw .digits(expected: digits...digits, found: values.count)
        }
        return values.reduce(0) { $0 << 4 | UInt128($1) }
    }

    /// Whole bytes in hexadecimal, up to sixteen.
    func hexBytes() throws(PrintedFormError) -> [UInt8] {
        let digits = try hexDigits()
        guard digits.count % 2 == 0, (2...32).contains(digits.count) else {
            throw .digits(expected: 8...20, found: digits.count)
        }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    func decimal(
        digits: ClosedRange<Int>, limit: UInt128
    ) throws(PrintedFormError) -> UInt128 {
        try decimal(text[...], digits, limit)
    }

    /// Two numbers and a comma, as one value of four or three bytes.
    func pair(
        digits: (Int, Int), limits: (UInt128, UInt128)
    ) throws(PrintedFormError) -> UInt128 {
        let (first, second) = try pairFields(digits: digits, limits: limits)
        return first << 16 | second
    }

    /// Two numbers and a comma. Leading zeros may be missing: the comma says where they were.
    func pairFields(
        digits: (Int, Int), limits: (UInt128, UInt128)
    ) throws(PrintedFormError) -> (UInt128, UInt128) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .parts(expected: 2, found: parts.count) }
        return (
            try decimal(trim(parts[0]), 1...digits.0, limits.0),
            try decimal(trim(parts[1]), 1...digits.1, limits.1)
        )
    }

    /// Eight digits: three for one byte, five for two.
    func joined3x5() throws(PrintedFormError) -> UInt128 {
        guard text.count == 8 else { throw .digits(expected: 8...8, found: text.count) }
        let first = try decimal(text[..<3], 3...3, 0xff)
        let second = try decimal(text[3...], 5...5, 0xffff)
        return first << 16 | second
    }

    private func hexDigits() throws(PrintedFormError) -> [UInt8] {
        let start = text.starts(with: ["0", "x"]) || text.starts(with: ["0", "X"]) ? 2 : 0
        var digits: [UInt8] = []
        for (index, character) in text.enumerated().dropFirst(start) {
            if let ascii = character.asciiValue, let value = Hex.value(of: ascii) {
                digits.append(value)
            } else if digits.count % 2 == 0, !digits.isEmpty, ":- ".contains(character) {
                continue
            } else {
                throw .character(character, at: index + 1)
            }
        }
        return digits
    }

    private func decimal(
        _ part: ArraySlice<Character>, _ digits: ClosedRange<Int>, _ limit: UInt128
    ) throws(PrintedFormError) -> UInt128 {
        var value: UInt128 = 0
        for (index, character) in zip(part.indices, part) {
            guard let ascii = character.asciiValue, (0x30...0x39).contains(ascii) else {
                throw .character(character, at: index + 1)
            }
            value = value &* 10 &+ UInt128(ascii - 0x30)
        }
        guard digits.contains(part.count) else {
            throw .digits(expected: digits, found: part.count)
        }
        guard value <= limit else { throw .aboveLimit(limit: limit) }
        return value
    }

    private func trim(_ part: ArraySlice<Character>) -> ArraySlice<Character> {
        var part = part
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return part
    }
}
