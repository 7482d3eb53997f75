// From tree nodes to values: each reading either gives a value or reports what was expected.

import StationCore

/// Reads values of one file and reports into the run's findings.
struct Checker {
    let file: String
    let findings: Findings

    func report(_ place: Place, _ kind: ConfigurationError.Kind) {
        findings.report(ConfigurationError(file: file, place: place, kind: kind))
    }

    func note(_ place: Place, _ kind: ConfigurationNote.Kind) {
        findings.note(ConfigurationNote(file: file, place: place, kind: kind))
    }

    // MARK: Scalars

    /// Any scalar, quoted or not, traps included: for readings that have their own opinion.
    func scalar(_ node: TreeNode) -> (text: String, quoted: Bool)? {
        if case .refused = node.content { return nil }
        guard case .scalar(let text, let quoted) = node.content, quoted || !text.isEmpty else {
            report(node.place, .wrongShape(expected: .text, found: node.shape))
            return nil
        }
        return (text, quoted)
    }

    /// A scalar that every YAML reader takes for the same text.
    func word(_ node: TreeNode) -> String? {
        guard let (text, quoted) = scalar(node) else { return nil }
        if !quoted, let trap = Trap.of(text) {
            report(node.place, .trap(trap, found: text, expected: []))
            return nil
        }
        return text
    }

    /// Text for people: not empty, without line breaks, at most `limit` bytes of UTF-8.
    func text(_ node: TreeNode, limit: Int) -> String? {
        guard let text = word(node) else { return nil }
        let isPrintable = !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard (1...limit).contains(text.utf8.count), isPrintable else {
            report(node.place, .badText(limitBytes: limit))
            return nil
        }
        return text
    }

    /// A name of ours: lower-case letters, digits and hyphens.
    func name(_ node: TreeNode) -> String? {
        guard let text = word(node) else { return nil }
        guard ResolvedStation.isLegalName(text) else {
            report(node.place, .badName(found: text))
            return nil
        }
        return text
    }

    func choice<Value>(_ node: TreeNode, of choices: [(word: String, value: Value)]) -> Value? {
        guard let (text, quoted) = scalar(node) else { return nil }
        if let choice = choices.first(where: { $0.word == text }) { return choice.value }
        if !quoted, let trap = Trap.of(text), trap != .octal {
            report(
                node.place, .trap(trap, found: text, expected: choices.map(\.word)))
            return nil
        }
        report(node.place, .notAChoice(found: text, expected: choices.map(\.word)))
        return nil
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(_ node: TreeNode) -> Value? {
        choice(node, of: Value.allCases.map { ($0.rawValue, $0) })
    }

    func boolean(_ node: TreeNode) -> Bool? {
        guard let (text, quoted) = scalar(node) else { return nil }
        switch (text, quoted) {
        case ("true", false): return true
        case ("false", false): return false
        default:
            report(node.place, .notABoolean(found: text))
            return nil
        }
    }

    func integer(_ node: TreeNode, in range: ClosedRange<Int>) -> Int? {
        guard let (text, _) = scalar(node) else { return nil }
        guard let value = plainInteger(text) else {
            let digits = text.drop { $0 == "0" }
            if Trap.of(text) == .octal, digits.allSatisfy(\.isNumber) {
                let meant = digits.isEmpty ? "0" : String(digits)
                report(node.place, .trap(.octal, found: text, expected: [meant]))
            } else {
                report(node.place, .notAnInteger(found: text))
            }
            return nil
        }
        guard range.contains(value) else {
            report(
                node.place,
                .outOfRange(
                    found: text, lowest: "\(range.lowerBound)", highest: "\(range.upperBound)"))
            return nil
        }
        return value
    }

    /// Decimal digits without a leading zero, at most 15 of them.
    private func plainInteger(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard (1...15).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int(text)
    }

    func duration(_ node: TreeNode, in range: ClosedRange<Microseconds>) -> Microseconds? {
        guard let (text, _) = scalar(node) else { return nil }
        guard let value = DurationText.parse(text) else {
            report(node.place, .notADuration(found: text))
            return nil
        }
        guard range.contains(value) else {
            report(
                node.place,
                .outOfRange(
                    found: text, lowest: DurationText.text(range.lowerBound),
                    highest: DurationText.text(range.upperBound)))
            return nil
        }
        return value
    }

    // MARK: Maps and lists

    /// The keys of a map with their values; most maps are read through `Fields`.
    func pairs(_ node: TreeNode) -> [TreeNode.Pair]? {
        switch node.content {
        case .map(let pairs): return pairs
        case .refused: return nil
        case .scalar, .list:
            report(node.place, .wrongShape(expected: .map, found: node.shape))
            return nil
        }
    }

    /// The items of a list of 1 to `limit` items.
    func list(_ node: TreeNode, of section: Section, limit: Int, orEmpty: Bool = false)
        -> [TreeNode]?
    {
        if case .refused = node.content { return nil }
        guard case .list(let items) = node.content else {
            report(node.place, .wrongShape(expected: .list, found: node.shape))
            return nil
        }
        guard !items.isEmpty || orEmpty else {
            report(node.place, .emptyList)
            return nil
        }
        guard items.count <= limit else {
            report(items[limit].place, .tooMany(section, limit: limit))
            return Array(items.prefix(limit))
        }
        return items
    }

    /// A list of words of `known`, each at most once.
    func references(
        _ node: TreeNode, to reference: ConfigurationError.Reference, in known: [String],
        of section: Section, limit: Int
    ) -> [Placed<String>]? {
        guard let items = list(node, of: section, limit: limit) else { return nil }
        var words: [Placed<String>] = []
        for item in items {
            guard let word = word(item) else { continue }
            guard known.contains(word) else {
                report(item.place, .unknownReference(reference, name: word, known: known))
                continue
            }
            guard !words.contains(where: { $0.value == word }) else {
                report(item.place, .repeated(word))
                continue
            }
            words.append(Placed(word, at: item.place))
        }
        return words
    }
}
