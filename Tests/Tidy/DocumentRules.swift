// Rules about documents: what they name must exist, and what exists must be named.

enum DocumentRules {
    /// The targets of a Makefile, with what `make help` says of each.
    static func targets(ofMakefile text: String) -> [(name: String, help: String)] {
        text.split(separator: "\n").compactMap { line in
            guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("\t"), !line.hasPrefix("#"),
                !line.hasPrefix("."), !line[colon...].hasPrefix(":=")
            else { return nil }
            let name = line[..<colon]
            guard !name.contains(" "), name == name.lowercased(), !name.contains("$") else {
                return nil
            }
            let help = line.ranges(of: "## ").first.map { line[$0.upperBound...].trimmed } ?? ""
            return (String(name), help)
        }
    }

    /// The `make` commands that a text tells its reader to type.
    static func makeCommands(in markdown: String) -> [String] {
        code(in: markdown).flatMap { line -> [String] in
            let words = line.split(whereSeparator: { " ;&|#".contains($0) }).map(String.init)
            return words.indices.dropFirst().filter { words[$0 - 1] == "make" }.map { words[$0] }
        }.filter { !$0.contains("=") && !$0.hasPrefix("-") }
    }

    /// What stands in code blocks and code spans, line by line.
    static func code(in markdown: String) -> [String] {
        var isBlock = false
        return markdown.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            if line.trimmed.hasPrefix("```") {
                isBlock.toggle()
                return [String]()
            }
            if isBlock { return [String(line)] }
            let parts = line.split(separator: "`", omittingEmptySubsequences: false)
            return parts.indices.filter { $0 % 2 == 1 }.map { String(parts[$0]) }
        }
    }

    /// The rows of every Markdown table, cell by cell.
    static func rows(of markdown: String) -> [[String]] {
        markdown.split(separator: "\n").filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map(\.trimmed)
        }.filter { !$0.allSatisfy { $0.allSatisfy { "-: ".contains($0) } } }
    }

    /// The tests that a table about definitions names, by definition: code spans in the column
    /// `tests`.
    static func namedTests(in markdown: String) -> [(definition: String, tests: [String])] {
        let rows = rows(of: markdown)
        guard let header = rows.firstIndex(where: { $0.last == "tests" }) else { return [] }
        return rows[(header + 1)...].prefix { $0.count == rows[header].count }.map { row in
            (row[0], code(in: row[row.count - 1]))
        }
    }

    /// The targets that Package.swift declares, tests apart.
    static func targets(ofPackage text: String) -> Set<String> {
        let openings = ["library(", "program(", ".target(", ".systemLibrary("]
        var found: Set<String> = []
        for opening in openings {
            for range in text.ranges(of: opening) {
                let rest = text[range.upperBound...].drop { $0.isWhitespace }
                let named = rest.hasPrefix("name: ") ? rest.dropFirst(6) : rest
                guard named.hasPrefix("\"") else { continue }
                found.insert(String(named.dropFirst().prefix { $0 != "\"" }))
            }
        }
        return found
    }

    /// Keep a Changelog: versions newest first, changes under their kinds.
    static func changelog(_ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
        var broken: [String] = []
        if lines.first != "# Changelog" { broken.append("begins with '# Changelog'") }
        let versions = lines.filter { $0.hasPrefix("## ") }
        if versions.first != "## [Unreleased]" { broken.append("has '## [Unreleased]' first") }
        for version in versions.dropFirst() where !isVersion(version) {
            broken.append("'\(version)' is not '## [1.2.3] - 2030-01-31'")
        }
        for heading in lines where heading.hasPrefix("### ") {
            if !kinds.contains(String(heading.dropFirst(4))) {
                broken.append("'\(heading)' is not one of \(kinds.joined(separator: ", "))")
            }
        }
        return broken
    }

    private static func isVersion(_ heading: String) -> Bool {
        let parts = heading.split(separator: " ")
        guard parts.count == 4, parts[1].hasPrefix("["), parts[1].hasSuffix("]"), parts[2] == "-"
        else { return false }
        let numbers = parts[1].dropFirst().dropLast().split(separator: ".")
        let date = parts[3].split(separator: "-")
        return numbers.count == 3 && numbers.allSatisfy { Int($0) != nil }
            && date.map(\.count) == [4, 2, 2] && date.allSatisfy { Int($0) != nil }
    }

    /// A profile carries worked examples that the tests decode.
    static func profile(_ text: String) -> [String] {
        let lines = text.split(separator: "\n").map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("tests:") }) else {
            return ["has no 'tests:': every profile has worked examples"]
        }
        let after = lines.dropFirst(start + 1).prefix {
            $0.hasPrefix(" ") || $0.hasPrefix("-") || $0.hasPrefix("#")
        }
        return after.contains { $0.trimmed.hasPrefix("- ") } ? [] : ["has an empty 'tests:'"]
    }
}

extension DocumentRules {
    /// The links to other files of the repository, without their anchors.
    static func links(in markdown: String) -> [String] {
        markdown.split(separator: "](", omittingEmptySubsequences: false).dropFirst().compactMap {
            let target = $0.prefix { $0 != ")" && $0 != "#" && $0 != " " }
            return target.isEmpty || target.contains("://") ? nil : String(target)
        }
    }

    /// A link's path from the repository's root.
    static func resolve(_ link: String, from folder: String) -> String {
        var parts = folder.split(separator: "/")
        for part in link.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}

extension DocumentRules {
    /// The subcommands of a program that a text tells its reader to type.
    static func subcommands(of program: String, in markdown: String) -> [String] {
        code(in: markdown).compactMap { line in
            let words = line.split(whereSeparator: { " ;|".contains($0) }).map(String.init)
            guard
                let place = words.firstIndex(where: { $0 == program || $0.hasSuffix("/" + program) }
                )
            else { return nil }
            var rest = words[(place + 1)...]
            while let word = rest.popFirst() {
                if takesValue.contains(word) {
                    _ = rest.popFirst()
                } else if !word.hasPrefix("-") {
                    return word.allSatisfy { $0.isLetter && $0.isLowercase } ? word : nil
                }
            }
            return nil
        }
    }

    /// Options that may stand before a subcommand and are followed by a value.
    private static let takesValue: Set = ["--socket", "--state", "--lang", "--listen"]

    /// The subcommands that a program's sources declare.
    static func subcommands(declaredIn sources: [RepositoryFile]) -> Set<String> {
        Set(
            sources.flatMap { file in
                file.text.ranges(of: "commandName: \"").map { range in
                    String(file.text[range.upperBound...].prefix { $0 != "\"" })
                }
            })
    }
}
