// Rules about the sentences that people meet: both languages, short, never scolding.

enum WordingRules {
    /// A rider reads this many Chinese characters at a glance.
    static let mostCharacters = 20
    /// Words that a rider never reads.
    static let scolding = ["拒绝", "非法", "无权", "禁止"]

    /// One sentence of the catalogue.
    struct Sentence {
        let id: String
        let chinese: String
        let english: String
        /// Riders read it; crews get longer ones, with what to check.
        var isForRiders: Bool { !id.hasPrefix("crew.") }
    }

    static func check(_ sentence: Sentence) -> [String] {
        var broken: [String] = []
        let bare = withoutBlanks(sentence.chinese)
        if bare.isEmpty || !bare.contains(where: isChinese) { broken.append("has no Chinese text") }
        if withoutBlanks(sentence.english).trimmed.isEmpty { broken.append("has no English text") }
        if sentence.english.contains(where: isChinese) {
            broken.append("has Chinese in its English text")
        }
        if blanks(sentence.chinese).sorted() != blanks(sentence.english).sorted() {
            broken.append("has different blanks in its two languages")
        }
        let count = bare.count { !isPunctuation($0) }
        if sentence.isForRiders, count > mostCharacters {
            broken.append("has \(count) characters; a rider's first line has \(mostCharacters)")
        }
        broken += scolding.filter(sentence.chinese.contains).map { "says '\($0)' to a person" }
        return broken.map { "\(sentence.id) \($0)" }
    }

    static func blanks(_ text: String) -> [String] {
        text.split(separator: "{").dropFirst(text.hasPrefix("{") ? 0 : 1).compactMap {
            $0.split(separator: "}", omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    static func withoutBlanks(_ text: String) -> String {
        var depth = 0
        return text.filter { character in
            if character == "{" { depth += 1 }
            defer { if character == "}" { depth -= 1 } }
            return depth == 0
        }
    }

    private static func isChinese(_ character: Character) -> Bool {
        character.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    private static func isPunctuation(_ character: Character) -> Bool {
        character.isPunctuation || character.isWhitespace || character.isSymbol
    }
}
