// What a document tells its reader to type is what the program takes.

import ArgumentParser
import FoundationEssentials
import Testing

@testable import stationctl

@Suite struct `Commands in documents` {
    private static let documents = [
        "README.md", "README.zh-CN.md", "docs/stationctl.md", "docs/stationd.md",
        "docs/station-file.md", "docs/simulation.md", "docs/profiles.md", "docs/http-api.md",
    ]

    @Test func `are understood, each of them`() throws {
        var commands: [[String]] = []
        for path in Self.documents { commands += Self.commands(in: try Self.text(of: path)) }
        #expect(commands.count >= 12)
        for command in commands {
            #expect(throws: Never.self, "stationctl \(command.joined(separator: " "))") {
                _ = try Stationctl.parseAsRoot(command)
            }
        }
    }

    @Test func `are found with and without a prompt or a path, forms and remarks apart`() {
        let text = """
            Say `stationctl status` or another of `stationctl`'s words.
            ```
            $ .build/x/stationctl check    a.yaml   # every mistake
            stationctl decode pn532 "0000ff 0cf4"
            stationctl watch [--last N]
            stationctl card views TECH:HEX
            ```
            ```
            stationctl status          how it is
            stationctl key create --standalone    a key
            ```
            """
        #expect(
            Self.commands(in: text) == [["check", "a.yaml"], ["decode", "pn532", "0000ff 0cf4"]])
    }

    private static func text(of path: String) throws -> String {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return String(
            decoding: try Data(contentsOf: URL(filePath: root + "/" + path)), as: UTF8.self)
    }

    /// The words after the program in every line of a block of code that calls it.
    private static func commands(in markdown: String) -> [[String]] {
        blocks(in: markdown).filter { !$0.contains(where: isTableRow) }.joined().compactMap {
            var words = words(in: $0)
            if words.first == "$" { words.removeFirst() }
            guard words.count > 1, words[0].split(separator: "/").last == "stationctl",
                !words.contains(where: isPlaceholder)
            else { return nil }
            return Array(words.dropFirst())
        }
    }

    /// A block that explains its commands has sentences in columns of their own.
    private static func isTableRow(_ line: String) -> Bool {
        guard let gap = line.ranges(of: "        ").first else { return false }
        return line[gap.upperBound...].first { $0 != " " } != "#"
    }

    private static func blocks(in markdown: String) -> [[String]] {
        let parts = ("\n" + markdown).split(separator: "\n```", omittingEmptySubsequences: false)
        return parts.indices.filter { $0 % 2 == 1 }.map {
            parts[$0].split(separator: "\n").map(String.init)
        }
    }

    /// Words as a shell would take them, up to a remark.
    private static func words(in line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line {
            switch character {
            case "\"", "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let whole = word { words.append(whole) }
                word = nil
            case "#" where word == nil && !isQuoted: return words
            default: word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return words
    }

    /// `FILE`, `STATION.yaml`, `N`, `[--last`, `64|32`: what stands for something else.
    private static func isPlaceholder(_ word: String) -> Bool {
        if word.contains("[") || word.contains("|") || word == "N" { return true }
        let letters = word.prefix { $0.isASCII && $0.isUppercase }
        let next = word.dropFirst(letters.count).first
        return letters.count > 1 && (next == nil || next == "." || next == ":")
    }
}
