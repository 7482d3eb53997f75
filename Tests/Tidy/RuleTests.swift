// The rules bite: each is shown a small bad example, and a good one beside it.

import Testing

private func swift(_ path: String, _ text: String) -> RepositoryFile {
    RepositoryFile(path: path, text: text)
}

@Suite struct `Code seen by the rules` {
    @Test func `comments and strings are blanked, columns stay`() {
        let code = SwiftCode(
            "let a = \"try! \\(b(\")\"))\" + c  // try!\n"
                + "/* try! /* x */ try! */ let d = #\"try!\"#\n"
        )
        #expect(!code.text.contains("try!"))
        #expect(code.lines[0].hasPrefix("let a = \""))
        #expect(code.lines[0].trimmed.hasSuffix("+ c"))
        #expect(code.lines[1].contains("let d ="))
    }

    @Test func `a multi-line string is blanked line by line`() {
        let code = SwiftCode("let a = \"\"\"\n    sleep(1) \"quoted\"\n    \"\"\"\nsleep(2)\n")
        #expect(code.lines(naming: "sleep(") == [4])
    }

    @Test func `an unclosed quote does not swallow the file`() {
        #expect(SwiftCode("let a = \"\nlet b = Date()\n").lines(naming: "Date()") == [2])
    }

    @Test func `raw identifiers are not code`() {
        let code = SwiftCode("@Test func `print(nothing) and sleep(well)`() {}\n")
        #expect(code.lines(naming: "sleep(").isEmpty)
    }

    @Test func `a word is not found inside a longer one`() {
        #expect("withTaskGroup { Task { } }".names("Task {"))
        #expect(!"MyTask { }".names("Task {"))
        #expect(!"asyncFoo".names("async"))
        #expect("f() async {".names("async"))
    }
}

@Suite struct `Rules about calls` {
    @Test(arguments: [
        ("Sources/StationCore/Rules/A.swift", "let t = Date()"),
        ("Sources/Telemetry/A.swift", "Task { await f() }"),
        ("Sources/Telemetry/A.swift", "Task.detached { }"),
        ("Sources/stationctl/A.swift", "let a = try! f()"),
        ("Sources/stationd/A.swift", "fatalError(\"x\")"),
        ("Sources/Ports/A.swift", "let lock = Mutex(0)"),
        ("Sources/Ports/A.swift", "DispatchQueue.main"),
        ("Sources/Journal/A.swift", "print(1)"),
        ("Sources/StationCore/Rules/A.swift", "func f() async {}"),
        ("Sources/StationCore/Rules/A.swift", "let d: Duration"),
        ("Sources/Simulation/A.swift", "Int.random(in: 0...1)"),
        ("Sources/Simulation/A.swift", "list.shuffled()"),
        ("Tests/Ports/A.swift", "usleep(5)"),
        ("Tests/Ports/A.swift", "try await Task.sleep(for: .seconds(1))"),
        ("Tests/Ports/A.swift", "import XCTest"),
        ("Tests/Ports/A.swift", "@Test(.disabled(\"later\")) func f() {}"),
    ])
    func `a banned call is found`(path: String, line: String) {
        let findings = CallRules.check(swift(path, "// A.\n\(line)\n"))
        #expect(!findings.isEmpty)
        #expect(findings.allSatisfy { $0.line == 2 && $0.message.contains("use ") })
    }

    @Test(arguments: [
        ("Sources/stationctl/A.swift", "print(1)"),
        ("Sources/EventLoop/Mailbox.swift", "pthread_mutex_lock(lock)"),
        ("Sources/Telemetry/A.swift", "func f() async { await g() }"),
        ("Sources/Ports/A.swift", "// Date() is for people"),
        ("Sources/Ports/A.swift", "let a = \"try!\""),
        ("Sources/Ports/A.swift", "withThrowingTaskGroup { group in }"),
    ])
    func `what is allowed is let through`(path: String, line: String) {
        #expect(CallRules.check(swift(path, "// A.\n\(line)\n")) == [])
    }

    @Test(arguments: [
        "var doors: [String: Int]\nfor (name, door) in doors {",
        "let doors = [String: Int]()\nfor door in self.doors.values {",
        "private var seen: Set<Int> = []\nseen.forEach { f($0) }",
        "var doors: [Int: [Int]] = [:]\nlet a = doors.values.map { $0 }",
        "let doors: Dictionary<Int, Int>\nfor a in doors where a.key > 1 {",
    ])
    func `walking through a dictionary in the core is found`(text: String) {
        let file = swift("Sources/StationCore/Rules/A.swift", text)
        #expect(CallRules.walksThroughUnordered(file).map(\.line) == [2])
        let elsewhere = swift("Sources/Telemetry/A.swift", text)
        #expect(CallRules.walksThroughUnordered(elsewhere) == [])
    }

    @Test func `looking up in a dictionary and walking through an array are fine`() {
        let text = """
            var doors: [String: Int]
            var list: [Int]
            let pairs: [(name: String, door: Int)]
            let one = doors["a"]
            for door in list {
            list.map { $0 }
            pairs.map { $0 }
            """
        let file = swift("Sources/StationCore/Rules/A.swift", text)
        #expect(CallRules.walksThroughUnordered(file) == [])
    }
}

@Suite struct `Rules about arrows` {
    @Test(arguments: [
        ("Sources/EventLoop/A.swift", "import Foundation"),
        ("Sources/StationCore/Model/A.swift", "import Glibc"),
        ("Sources/StationCore/Model/A.swift", "public import struct Journal.Store"),
        ("Sources/Ports/A.swift", "import FoundationEssentials"),
        ("Sources/Control/A.swift", "@preconcurrency import Foundation"),
        ("Sources/Simulation/A.swift", "import Ports"),
        ("Sources/stationd/A.swift", "import Dispatch"),
        ("Sources/Journal/A.swift", "import Synchronization"),
        ("Sources/Attic/A.swift", "import Glibc"),
    ])
    func `an arrow that points the wrong way is found`(path: String, line: String) {
        #expect(ArrowRules.imports(swift(path, "// A.\n\(line)\n")).count == 1)
    }

    @Test func `an import is read with its modifiers and its scope`() {
        let file = swift(
            "Sources/Ports/A.swift", "public import CLinux\nimport struct Glibc.timespec\n")
        #expect(ArrowRules.modules(importedBy: file).map(\.module) == ["CLinux", "Glibc"])
        #expect(ArrowRules.imports(file) == [])
    }

    @Test func `a folder of the core that names a later folder's type is found`() {
        let files = [
            swift("Sources/StationCore/Model/A.swift", "struct A {\n    var b: Lock\n}\n"),
            swift("Sources/StationCore/Drivers/B.swift", "struct Lock {\n    enum State {}\n}\n"),
            swift("Sources/StationCore/Wire/C.swift", "enum State {}\nlet a: A\n"),
        ]
        let findings = ArrowRules.coreOrder(files)
        #expect(findings.map(\.path) == ["Sources/StationCore/Model/A.swift"])
        #expect(findings.map(\.line) == [2])
    }

    @Test func `a sixth folder of the core is found`() {
        let stray = swift("Sources/StationCore/Misc/A.swift", "struct A {}\n")
        #expect(ArrowRules.coreOrder([stray]).count == 1)
    }

    @Test func `an empty name is found`() {
        #expect(
            ArrowRules.names(swift("Sources/Ports/A.swift", "final class DoorManager {}\n")).count
                == 1)
        #expect(ArrowRules.names(swift("Sources/Ports/A.swift", "struct Door {}\n")) == [])
    }
}

@Suite struct `Rules about length` {
    private func function(lines: Int) -> String {
        "    func f(\n        a: Int\n    ) -> Int {\n"
            + String(repeating: "        if a > 0 { g() }\n", count: lines - 4) + "    }\n"
    }

    @Test func `a function is measured from its name to its brace`() {
        let text =
            "protocol P {\n    func r() -> Int\n}\nstruct S {\n    init() {}\n"
            + function(lines: 12) + "}\n"
        let found = LengthRules.lengths(of: swift("Sources/Ports/A.swift", text))
        #expect(found.map(\.name) == ["init", "func f"])
        #expect(found.map(\.count) == [1, 12])
    }

    @Test func `a function past 70 lines is found`() {
        let long = swift("Sources/Ports/A.swift", "struct S {\n\(function(lines: 71))}\n")
        let fit = swift("Sources/Ports/A.swift", "struct S {\n\(function(lines: 70))}\n")
        #expect(LengthRules.functions(long).map(\.line) == [2])
        #expect(LengthRules.functions(fit) == [])
    }

    @Test func `a file past 500 lines and a loop past 600 are found`() {
        let lines = { String(repeating: "let a = 1\n", count: $0) }
        #expect(LengthRules.file(swift("Sources/Ports/A.swift", lines(501))).count == 1)
        #expect(LengthRules.file(swift("Sources/Ports/A.swift", lines(500))) == [])
        let halves = [
            swift("Sources/EventLoop/A.swift", lines(300)),
            swift("Sources/EventLoop/B.swift", lines(301)),
        ]
        #expect(LengthRules.eventLoop(halves).count == 1)
        #expect(LengthRules.eventLoop([halves[0]]) == [])
    }
}

@Suite struct `Rules about text` {
    @Test func `a line past 100 columns is found`() {
        let file = swift("Sources/Ports/A.swift", "// A.\n" + String(repeating: "好", count: 101))
        #expect(TextRules.columns(file).map(\.line) == [2])
        #expect(TextRules.columns(RepositoryFile(path: "README.md", text: file.text)) == [])
    }

    @Test(arguments: ["import Glibc\n", "// Ports\n", "//No blank here.\n", ""])
    func `a file that does not say what it holds is found`(text: String) {
        #expect(TextRules.firstLine(swift("Sources/Ports/A.swift", text)).count == 1)
    }

    @Test func `a script that does not say what it does is found`() {
        let silent = RepositoryFile(path: "scripts/a", text: "#!/bin/bash\nset -e\n")
        let told = RepositoryFile(path: "scripts/a", text: "#!/bin/bash\n# Counts the doors.\n")
        #expect(TextRules.firstLine(silent).map(\.line) == [2])
        #expect(TextRules.firstLine(told) == [])
    }

    @Test func `a C file may begin with what its preprocessor needs`() {
        let told = swift("Sources/CLinux/a.h", "#pragma once\n// Calls that Swift lacks.\n")
        let silent = swift("Sources/CLinux/a.h", "#pragma once\nint f(void);\n")
        #expect(TextRules.firstLine(told) == [])
        #expect(TextRules.firstLine(silent).map(\.line) == [2])
    }

    @Test func `words of one machine are found`() {
        for word in TextRules.foreignWords.map(\.word) {
            let file = RepositoryFile(path: "docs/a.md", text: "see\n\(word)design\n")
            #expect(TextRules.foreignWords(file).map(\.line) == [2])
        }
    }

    @Test func `unfinished work and large files are found`() {
        let mark = "TO" + "DO"
        #expect(TextRules.unfinished(swift("Sources/Ports/A.swift", "// \(mark): x")).count == 1)
        #expect(TextRules.size("a.bin", bytes: TextRules.largestFile + 1).count == 1)
        #expect(TextRules.size("a.bin", bytes: TextRules.largestFile) == [])
    }
}

@Suite struct `Rules about documents` {
    @Test func `targets and their help are read from a Makefile`() {
        let text = "A := b\nrun: ## play\n\techo: x\nclean:\n.PHONY: run\n"
        let targets = DocumentRules.targets(ofMakefile: text)
        #expect(targets.map(\.name) == ["run", "clean"])
        #expect(targets.map(\.help) == ["play", ""])
    }

    @Test func `make commands are read from code, not from prose`() {
        let text = "We make doors. Type `make run`.\n\n```\ncd x && make test STATION=a\n```\n"
        #expect(DocumentRules.makeCommands(in: text) == ["run", "test"])
    }

    @Test func `subcommands are read from code and from sources`() {
        let text =
            "`stationctl --socket a/b status` and `x/stationctl roster import`, stationctl fly"
        #expect(DocumentRules.subcommands(of: "stationctl", in: text) == ["status", "roster"])
        let file = swift("Sources/stationctl/A.swift", "commandName: \"status\", abstract: \"\"")
        #expect(DocumentRules.subcommands(declaredIn: [file]) == ["status"])
    }

    @Test func `tables and Package targets are read`() {
        let rows = DocumentRules.rows(of: "| a | b |\n|---|---|\n| `x` | y |\n")
        #expect(rows == [["a", "b"], ["`x`", "y"]])
        let package = "library(\n    \"A\", [])\n.target(name: \"B\")\nprogram(name, [])\n"
        #expect(DocumentRules.targets(ofPackage: package) == ["A", "B"])
    }

    @Test func `a changelog out of shape is found`() {
        let good = "# Changelog\n\n## [Unreleased]\n\n### Added\n- x\n\n## [1.0.0] - 2030-01-31\n"
        #expect(DocumentRules.changelog(good) == [])
        #expect(DocumentRules.changelog("# History\n").count == 2)
        #expect(DocumentRules.changelog(good + "### New\n").count == 1)
        #expect(DocumentRules.changelog(good + "## 0.9\n").count == 1)
    }

    @Test func `a profile without worked examples is found`() {
        #expect(DocumentRules.profile("id: a\ntests:\n  - bits: \"01\"\n") == [])
        #expect(DocumentRules.profile("id: a\n").count == 1)
        #expect(DocumentRules.profile("id: a\ntests:\nname: b\n").count == 1)
    }
}

@Suite struct `Rules about wording` {
    private func broken(_ chinese: String, _ english: String, id: String = "door.x") -> Int {
        WordingRules.check(.init(id: id, chinese: chinese, english: english)).count
    }

    @Test func `a sentence in both languages with the same blanks passes`() {
        #expect(broken("请进，{date}前请续期。", "Come in; renew by {date}.") == 0)
        #expect(broken("{who}接到了，约{n}分钟到。", "{who} accepted, about {n} min.") == 0)
    }

    @Test func `missing texts, other blanks and scolding are found`() {
        #expect(broken("", "Come in.") == 1)
        #expect(broken("请进。", "") == 1)
        #expect(broken("请进{n}。", "Come in.") == 1)
        #expect(broken("拒绝进入。", "No.") == 1)
        #expect(broken("Come in.", "Come in.") == 1)
    }

    @Test func `a rider's line past 20 characters is found, a crew's is not`() {
        let long = String(repeating: "门", count: 21) + "。"
        #expect(broken(long, "Long.") == 1)
        #expect(broken(long, "Long.", id: "crew.x") == 0)
        #expect(broken(String(repeating: "门", count: 20) + "，{n}。", "Long {n}.") == 0)
    }
}
