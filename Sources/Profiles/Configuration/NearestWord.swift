// "Did you mean": the right word nearest to a wrong one.

enum NearestWord {
    /// Longer words are not compared; nobody mistypes 64 characters.
    static let lengthLimit = 64

    /// The candidate with the fewest changes, or `nil` when none is near. The first one wins a tie,
    /// so order candidates by how likely they are.
    static func find(_ word: String, among candidates: [String]) -> String? {
        let wrong = normalized(word)
        guard !wrong.isEmpty, wrong.count <= lengthLimit else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let right = normalized(candidate)
            guard right.count <= lengthLimit else { continue }
            let distance = changes(from: wrong, to: right)
            guard distance <= max(1, (min(wrong.count, right.count) + 2) / 3) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.word
            ?? candidates.first {
                contains(wrong, normalized($0)) || contains(normalized($0), wrong)
            }
    }

    /// Case and the choice between `-`, `_` and a blank are the commonest slips, and cost nothing.
    private static func normalized(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 }
    }

    /// `exit` means `exit_button`, `telephone` means `phone`.
    private static func contains(_ long: [Character], _ short: [Character]) -> Bool {
        guard short.count >= 3, short.count <= long.count, long.count <= lengthLimit else {
            return false
        }
        return (0...(long.count - short.count)).contains {
            long[$0..<$0 + short.count].elementsEqual(short)
        }
    }

    /// Damerau-Levenshtein with adjacent swaps: insertions, deletions, changes and swaps.
    static func changes(from a: [Character], to b: [Character]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var older: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var current = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                current[j] = min(
                    previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    current[j] = min(current[j], older[j - 2] + 1)
                }
            }
            (older, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
