// What the catalogue knows, something produces, or it is said to come later.

import StationCore

enum CatalogueRules {
    /// They have their numbers and sentences, and the rules that give them are not written yet:
    /// none now.
    static let laterFaults: Set<Fault> = []
    static let laterDenials: Set<Denial> = []

    /// Naming a case where it is declared, or where it gets its words, produces nothing.
    private static let words: Set = [
        "Event.swift", "Event+Names.swift", "Denial.swift", "CrewWords.swift", "Wording.swift",
        "ServiceWords.swift",
    ]

    /// The code that decides, without its spaces.
    static let code: String = Repository.sources.filter { file in
        let name = file.path.split(separator: "/").last.map(String.init) ?? ""
        return ["StationCore", "Ports"].contains(file.target ?? "") && !words.contains(name)
    }.map { $0.code.text.filter { !$0.isWhitespace } }.joined(separator: "\n")

    /// Whether the code names the case anywhere.
    static func isNamed(_ name: String) -> Bool {
        code.ranges(of: "." + name).contains { range in
            guard range.upperBound < code.endIndex else { return true }
            let next = code[range.upperBound]
            return !next.isLetter && !next.isNumber
        }
    }

    /// Whether a tap can end with the reason: naming it is not enough, since each has its rhythm.
    static func isGiven(_ denial: Denial) -> Bool {
        [
            ".denied(.\(denial.name))", "deny(.\(denial.name),", "refuseCounted(.\(denial.name),",
            "Denial.\(denial.name).rawValue", ".refused(Denial.\(denial.name))",
            // A machine's answer, and its words turned into the station's.
            ".refused(.\(denial.name))", ":.\(denial.name)case", ":.\(denial.name)}",
        ].contains(where: code.contains)
    }
}
