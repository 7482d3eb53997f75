// Who may know whom: targets by their imports, the core's folders by the types they name.

enum ArrowRules {
    /// What each target's files may import. docs/architecture.md shows the same table, and a test
    /// compares the two. The compiler checks declared targets; only this sees Glibc and Foundation.
    static let table: [(target: String, imports: Set<String>)] = [
        ("CLinux", []),
        ("CGPIO", []),
        ("CSQLite", []),
        ("CUSB", []),
        ("CSHA", []),
        ("EventLoop", ["CLinux", "Glibc"]),
        ("StationCore", ["CSHA", "Crypto", "CryptoExtras", "EventLoop"]),
        ("Journal", ["CLinux", "CSQLite", "Crypto", "EventLoop", "Glibc", "StationCore"]),
        ("Control", ["CLinux", "EventLoop", "FoundationEssentials", "Glibc", "StationCore"]),
        (
            "Ports",
            [
                "CGPIO", "CLinux", "CUSB", "Control", "EventLoop", "Glibc", "Journal",
                "StationCore",
            ]
        ),
        // CYaml is libyaml, which the package Yams carries.
        ("Profiles", ["CYaml", "EventLoop", "FoundationEssentials", "Glibc", "StationCore"]),
        (
            "Simulation",
            [
                "CLinux", "CSQLite", "Control", "EventLoop", "Glibc", "Journal", "Profiles",
                "StationCore",
            ]
        ),
        (
            "Telemetry",
            [
                "Control", "Crypto", "FoundationEssentials", "Glibc", "HTTPTypes", "Hummingbird",
                "HummingbirdCore", "Logging", "NIOConcurrencyHelpers", "NIOCore", "NIOHTTP1",
                "NIOHTTPTypes", "NIOPosix", "ServiceLifecycle", "StationCore",
            ]
        ),
        (
            "stationd",
            [
                "CLinux", "Control", "EventLoop", "FoundationEssentials", "Glibc", "Journal",
                "Ports", "StationCore",
            ]
        ),
        (
            "station-gateway",
            [
                "ArgumentParser", "CLinux", "Control", "Glibc", "Logging", "NIOCore", "NIOPosix",
                "ServiceLifecycle", "StationCore", "Telemetry", "UnixSignals",
            ]
        ),
        (
            "stationctl",
            [
                "ArgumentParser", "CLinux", "Control", "EventLoop", "FoundationEssentials",
                "Glibc", "Profiles", "StationCore",
            ]
        ),
        (
            "station-simulator",
            [
                "ArgumentParser", "CLinux", "Control", "EventLoop", "FoundationEssentials",
                "Glibc", "Journal", "Ports", "Profiles", "Simulation", "StationCore",
            ]
        ),
    ]

    /// What the process that opens doors is made of: no Foundation anywhere in it.
    static let doorProcess = [
        "EventLoop", "StationCore", "Journal", "Control", "Ports", "stationd",
    ]

    static func imports(
        _ file: RepositoryFile, table: [(target: String, imports: Set<String>)] = table
    ) -> [Finding] {
        guard file.isSwift, let target = file.target else { return [] }
        guard let allowed = table.first(where: { $0.target == target })?.imports else {
            return [
                Finding(
                    path: file.path, line: 0,
                    message: "target '\(target)' is not in the table of arrows")
            ]
        }
        return modules(importedBy: file).filter { !allowed.contains($0.module) }.map {
            Finding(
                path: file.path, line: $0.line,
                message: "\(target) may not import \($0.module); see docs/architecture.md")
        }
    }

    static func modules(importedBy file: RepositoryFile) -> [(line: Int, module: String)] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
        return file.code.lines.enumerated().compactMap { index, line in
            guard line.names("import") else { return nil }
            let words = line.words
            guard let keyword = words.firstIndex(of: "import"), keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ importModifiers.contains($0) })
            else { return nil }
            let isScoped = kinds.contains(words[keyword + 1]) && keyword + 2 < words.count
            return (index + 1, words[isScoped ? keyword + 2 : keyword + 1])
        }
    }

    private static let importModifiers: Set = [
        "public", "package", "internal", "private", "fileprivate", "testable", "preconcurrency",
        "_exported", "_implementationOnly",
    ]

    /// The core's folders, each knowing only itself and those before it.
    static let coreFolders = ["Model", "Wire", "Drivers", "Rules", "Station"]

    /// Files of the core that name a type of a later folder, and folders that the order lacks.
    static func coreOrder(_ files: [RepositoryFile]) -> [Finding] {
        let core = files.filter { $0.target == "StationCore" }
        let strays = core.filter { !coreFolders.contains($0.coreFolder ?? "") }.map {
            Finding(
                path: $0.path, line: 0,
                message: "the core has the folders \(coreFolders.joined(separator: ", "))")
        }
        let declared = coreFolders.map { folder in
            core.filter { $0.coreFolder == folder }
                .reduce(into: Set<String>()) { $0.formUnion(types(declaredBy: $1)) }
        }
        let backwards = core.flatMap { file -> [Finding] in
            guard let place = coreFolders.firstIndex(of: file.coreFolder ?? "") else { return [] }
            let known = declared[...place].reduce(into: Set<String>()) { $0.formUnion($1) }
            let later = declared[(place + 1)...].reduce(into: Set<String>()) { $0.formUnion($1) }
                .subtracting(known).subtracting(nestedTypes(declaredBy: file))
            return file.code.lines.enumerated().flatMap { index, line in
                line.words.filter(later.contains).map {
                    Finding(
                        path: file.path, line: index + 1,
                        message: "\(coreFolders[place]) may not know '\($0)', which comes later")
                }
            }
        }
        return strays + backwards
    }

    private static let typeKeywords: Set = [
        "struct", "enum", "class", "actor", "protocol", "typealias",
    ]

    /// The types that a file declares at its top level.
    static func types(declaredBy file: RepositoryFile) -> Set<String> {
        types(in: file, where: { $0 == 0 })
    }

    private static func nestedTypes(declaredBy file: RepositoryFile) -> Set<String> {
        types(in: file, where: { $0 > 0 })
    }

    private static func types(in file: RepositoryFile, where fits: (Int) -> Bool) -> Set<String> {
        var depth = 0
        var found: Set<String> = []
        for line in file.code.lines {
            let words = line.words
            for (keyword, name) in zip(words, words.dropFirst())
            where typeKeywords.contains(keyword) && fits(depth)
                && name.first?.isUppercase == true
            {
                found.insert(name)
            }
            depth += line.utf8.count { $0 == UInt8(ascii: "{") }
            depth -= line.utf8.count { $0 == UInt8(ascii: "}") }
        }
        return found
    }

    /// Names that say nothing, as the end of a type's name.
    static let emptyNames = [
        "Manager", "Helper", "Helpers", "Utils", "Util", "Handler", "Base", "Impl",
    ]

    static func names(_ file: RepositoryFile) -> [Finding] {
        guard file.isSource, file.isSwift else { return [] }
        return types(in: file, where: { _ in true }).sorted().compactMap { name in
            guard let empty = emptyNames.first(where: { name.hasSuffix($0) }) else { return nil }
            return Finding(
                path: file.path, line: 0,
                message: "'\(name)': '\(empty)' says nothing; name what it is or does")
        }
    }
}
