// Numbers and words in the kernel's files.

/// Text of a few lines, as the kernel prints it.
struct KernelText {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0: true
        default: false
        }
    }

    /// What stands between blanks.
    var words: [ArraySlice<UInt8>] {
        bytes.split(whereSeparator: Self.isBlank)
    }

    /// The first word behind a text.
    func word(behind label: String) -> ArraySlice<UInt8>? {
        let label = Array(label.utf8)
        guard !label.isEmpty, bytes.count >= label.count else { return nil }
        let last = bytes.endIndex - label.count
        var start = bytes.startIndex
        while start <= last {
            if bytes[start] == label[0], bytes[start..<start + label.count].elementsEqual(label) {
                let rest = bytes[(start + label.count)...]
                return rest.split(whereSeparator: Self.isBlank).first
            }
            start += 1
        }
        return nil
    }

    /// The number in the place that is meant.
    func number(_ place: FilePlace) -> DecimalNumber? {
        if let label = place.label {
            return word(behind: label).flatMap { Self.number($0) }
        }
        let words = words
        let column = place.column ?? 1
        guard words.indices.contains(column - 1), place.column != nil || words.count == 1 else {
            return nil
        }
        return Self.number(words[column - 1])
    }

    /// Decimal with a sign and a point, or hexadecimal with `0x`.
    static func number(_ word: ArraySlice<UInt8>) -> DecimalNumber? {
        if word.starts(with: "0x".utf8) {
            let digits = word.dropFirst(2)
            guard (1...15).contains(digits.count) else { return nil }
            var value: Int64 = 0
            for byte in digits {
                guard let digit = Hex.value(of: byte) else { return nil }
                value = value << 4 | Int64(digit)
            }
            return DecimalNumber(value)
        }
        // More places than nine are cut off: a scale of 0.000000000015 is none of ours.
        let text = word.first == UInt8(ascii: "+") ? word.dropFirst() : word
        guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return decimal(text) }
        let most = DecimalNumber.placesRange.upperBound
        let places = text[(point + 1)...]
        guard places.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return decimal(text[..<(point + 1)] + places.prefix(most))
    }

    private static func decimal(_ text: ArraySlice<UInt8>) -> DecimalNumber? {
        guard let text = String(validating: text, as: UTF8.self) else { return nil }
        return DecimalNumber(text)
    }
}
