// The files that the rules look at: everything git would commit, with its text.

import Foundation
import Testing

/// One file of the repository.
struct RepositoryFile {
    /// Relative to the repository's root, with `/`.
    let path: String
    let text: String
    let lines: [Substring]
    /// Swift with its comments and strings blanked, for rules about code; empty for other files.
    let code: SwiftCode

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = SwiftCode(path.hasSuffix(".swift") ? text : "")
    }

    var name: String { String(path.split(separator: "/").last ?? "") }
    var folders: [String] { path.split(separator: "/").dropLast().map(String.init) }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var isSource: Bool { path.hasPrefix("Sources/") }
    var isTest: Bool { path.hasPrefix("Tests/") }
    /// `Sources/Ports/Gpio.swift` belongs to the target `Ports`.
    var target: String? { folders.count > 1 && isSource ? folders[1] : nil }
    /// The folder of the core that it lives in: `Model`, `Wire`, `Drivers`, `Rules`, `Station`.
    var coreFolder: String? {
        folders.count > 2 && folders[0...1] == ["Sources", "StationCore"] ? folders[2] : nil
    }
}

/// A place where a rule is broken, and what to do about it.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// From 1; 0 when the whole file is meant.
    let line: Int
    let message: String

    var description: String { line > 0 ? "\(path):\(line): \(message)" : "\(path): \(message)" }
}

/// The repository that this file was compiled in.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file that git tracks or would, in order of path.
    static let paths: [String] = {
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = [
            "git", "-C", root.path, "ls-files", "-z", "--cached", "--others", "--exclude-standard",
        ]
        let output = Pipe()
        git.standardOutput = output
        guard (try? git.run()) != nil else { return [] }
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init))
            .filter { FileManager.default.fileExists(atPath: root.path + "/" + $0) }
            .sorted()
    }()

    /// Every file that is text.
    static let files: [RepositoryFile] = paths.compactMap { path in
        guard let bytes = FileManager.default.contents(atPath: root.path + "/" + path),
            let text = String(data: bytes, encoding: .utf8)
        else { return nil }
        return RepositoryFile(path: path, text: text)
    }

    static let swift = files.filter(\.isSwift)
    static let sources = swift.filter(\.isSource)

    static func file(_ path: String) throws -> RepositoryFile {
        try #require(files.first { $0.path == path }, "\(path) is missing")
    }

    /// In bytes.
    static func size(of path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: root.path + "/" + path)
        return (attributes?[.size] as? Int) ?? 0
    }
}

/// Fails with one line per finding that is not in `exceptions`.
func expectNone(
    _ findings: [Finding], except exceptions: [Exception] = [],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let left = findings.filter { finding in
        !exceptions.contains {
            $0.path == finding.path && ($0.about.isEmpty || finding.message.contains($0.about))
        }
    }
    let words = left.prefix(40).map(\.description).joined(separator: "\n")
    let isClean = left.isEmpty  // A value of its own, or the failure would print the list twice.
    #expect(isClean, "\(words)", sourceLocation: sourceLocation)
}
