// Rules about text: columns, first lines, words that a stranger's clone cannot follow, sizes.

enum TextRules {
    static let mostColumns = 100
    /// In bytes; nothing in the repository is generated or recorded.
    static let largestFile = 256 * 1024

    /// Code and configuration fit 100 columns. Prose is wrapped by whoever reads it.
    static func columns(_ file: RepositoryFile) -> [Finding] {
        let isCode =
            [".swift", ".c", ".h", ".yaml", ".py", ".service"].contains(where: file.path.hasSuffix)
            || file.text.hasPrefix("#!") || file.name == "Makefile"
        guard isCode else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            guard line.count > mostColumns else { return nil }
            return Finding(
                path: file.path, line: index + 1,
                message: "\(line.count) columns; at most \(mostColumns)")
        }
    }

    /// The first line of a source file is a comment that says what lives in it. In a script it
    /// follows the line for the kernel, in C what the preprocessor needs first.
    static func firstLine(_ file: RepositoryFile) -> [Finding] {
        let isScript = file.text.hasPrefix("#!")
        let isC = [".c", ".h"].contains(where: file.path.hasSuffix)
        guard isScript || file.isSource && (isC || file.isSwift) else { return [] }
        let preamble = isScript ? ["#!", "# shellcheck"] : isC ? ["#"] : []
        let number = file.lines.firstIndex { line in !preamble.contains(where: line.hasPrefix) }
        let line = number.map { file.lines[$0] } ?? ""
        let opening = isScript ? ["# ", "\"\"\""] : ["// ", "/* "]
        let next = number.flatMap { $0 + 1 < file.lines.count ? file.lines[$0 + 1] : nil } ?? ""
        let goesOn = opening.contains(where: next.hasPrefix)
        let isSentence =
            opening.contains(where: line.hasPrefix) && line.words.count >= 3
            && (goesOn || !(line.last?.isLetter ?? false))
        guard !isSentence else { return [] }
        return [
            Finding(
                path: file.path, line: (number ?? 0) + 1,
                message: "say here, in a sentence, what lives in this file")
        ]
    }

    /// Paths and names that mean something on one machine only, with what to write instead.
    static let foreignWords: [(word: String, instead: String)] = [
        ("../" + "shared", "state the fact and its public source here"),
        ("/wo" + "rk/", "a path relative to the repository"),
        ("/ro" + "ot/", "a path relative to the repository"),
        ("/ho" + "me/", "a path relative to the repository"),
        ("bash" + "_jobs", "nothing"),
        ("sub" + "agent", "nothing"),
        ("<<<<" + "<<<", "the merge's outcome"),
    ]

    static func foreignWords(_ file: RepositoryFile) -> [Finding] {
        file.lines.enumerated().flatMap { index, line in
            foreignWords.filter { line.contains($0.word) }.map {
                Finding(
                    path: file.path, line: index + 1,
                    message: "'\($0.word)' means nothing elsewhere: write \($0.instead)")
            }
        }
    }

    /// Marks of unfinished work in what ships.
    static func unfinished(_ file: RepositoryFile) -> [Finding] {
        guard file.isSource || file.path.hasPrefix("Devices/") || file.path.hasPrefix("seeds/")
        else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            ["TODO", "FIXME", "XXX", "HACK"].filter { line.names($0) }.map {
                Finding(
                    path: file.path, line: index + 1,
                    message: "'\($0)': finish it, or write what is missing in an issue")
            }
        }
    }

    static func size(_ path: String, bytes: Int) -> [Finding] {
        guard bytes > largestFile else { return [] }
        return [
            Finding(
                path: path, line: 0,
                message: "\(bytes) bytes; at most \(largestFile): generate it where it is needed")
        ]
    }
}
