// The repository polices itself: every rule, over every file.

import StationCore
import Testing

@Suite struct `The repository` {
    @Test func `is found, with its sources and its tests`() {
        #expect(Repository.sources.count > 25)
        #expect(Repository.paths.contains("Package.swift"))
        #expect(Repository.paths.contains("Tests/Tidy/RepositoryTests.swift"))
    }

    @Test func `fits 100 columns`() {
        expectNone(Repository.files.flatMap(TextRules.columns))
    }

    @Test func `says in each file's first line what lives there`() {
        expectNone(Repository.files.flatMap(TextRules.firstLine))
    }

    @Test func `names nothing that exists on one machine only`() {
        expectNone(Repository.files.flatMap(TextRules.foreignWords))
    }

    @Test func `ships no unfinished work`() {
        expectNone(Repository.files.flatMap(TextRules.unfinished))
    }

    @Test func `keeps no large files`() {
        expectNone(Repository.paths.flatMap { TextRules.size($0, bytes: Repository.size(of: $0)) })
        #expect(!Repository.paths.contains { $0.hasPrefix(".build/") || $0 == "Package.resolved" })
    }

    @Test func `calls nothing that is banned`() {
        expectNone(Repository.swift.flatMap(CallRules.check), except: Exceptions.calls)
    }

    @Test func `walks through no dictionary where order matters`() {
        expectNone(Repository.sources.flatMap(CallRules.walksThroughUnordered))
    }

    @Test func `keeps files under 500 lines and functions under 70`() {
        let findings =
            Repository.files.flatMap(LengthRules.file)
            + Repository.swift.flatMap(LengthRules.functions)
        expectNone(findings, except: Exceptions.length)
    }

    @Test func `produces every fault, reason and diagnosis that it knows, or says that it will`() {
        for fault in Fault.allCases {
            let isLater = CatalogueRules.laterFaults.contains(fault)
            #expect(CatalogueRules.isNamed(fault.name) != isLater, "\(fault)")
        }
        for denial in Denial.allCases {
            let isLater = CatalogueRules.laterDenials.contains(denial)
            #expect(CatalogueRules.isGiven(denial) != isLater, "\(denial)")
        }
        for diagnosis in ReadDiagnosis.allCases {
            #expect(CatalogueRules.isNamed(diagnosis.name), "\(diagnosis)")
        }
    }

    @Test func `keeps its event loop within 600 lines`() {
        expectNone(LengthRules.eventLoop(Repository.sources))
    }

    @Test func `has no test folder without a test`() {
        for folder in Set(Repository.swift.filter(\.isTest).map { $0.folders[1] })
        where !["Benchmarks", "Fuzz", "Hardware"].contains(folder) {
            let tests = Repository.swift.filter { $0.path.hasPrefix("Tests/\(folder)/") }
            #expect(tests.contains { $0.code.text.contains("@Test") }, "Tests/\(folder)")
        }
        #expect(!Repository.paths.contains { $0.hasSuffix("Placeholder.swift") })
    }

    @Test func `gives a reason for every exception, and needs each`() {
        let all = Exceptions.length + Exceptions.calls
        for exception in all {
            #expect(exception.reason.words.count > 3, "\(exception.path): \(exception.about)")
            #expect(Repository.paths.contains(exception.path), "\(exception.path) is gone")
        }
    }
}

@Suite struct `The house` {
    @Test func `lets each target import only what the table allows`() {
        expectNone(Repository.sources.flatMap { ArrowRules.imports($0) })
    }

    @Test func `keeps the core's folders in order`() {
        expectNone(ArrowRules.coreOrder(Repository.sources))
    }

    @Test func `keeps Foundation out of the process that opens doors`() {
        for target in ArrowRules.doorProcess {
            let imports = ArrowRules.table.first { $0.target == target }?.imports
            #expect(imports != nil, "\(target) has no row")
            #expect(imports?.contains("Foundation") != true, "\(target)")
            // JSON: Control's messages on their own thread, and the resolved station at the start.
            if target != "Control" && target != "stationd" {
                #expect(imports?.contains("FoundationEssentials") != true, "\(target)")
            }
        }
    }

    @Test func `has no name that says nothing`() {
        expectNone(Repository.sources.flatMap(ArrowRules.names))
    }

    @Test func `is drawn in docs/architecture.md as it is built`() throws {
        let drawn = DocumentRules.rows(of: try Repository.file("docs/architecture.md").text)
        let built = DocumentRules.targets(ofPackage: try Repository.file("Package.swift").text)
        #expect(built == Set(ArrowRules.table.map(\.target)), "Package.swift and the arrows differ")
        for (target, imports) in ArrowRules.table {
            let row = drawn.first { $0.first == "`\(target)`" && $0.count == 3 }
            let cell = try #require(row, "docs/architecture.md has no row for \(target)")[2]
            let named = DocumentRules.code(in: cell)
            #expect(Set(named) == imports, "docs/architecture.md's row for \(target)")
        }
    }
}

@Suite struct `The documents` {
    static let readers = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"]

    @Test func `name only commands that the Makefile has`() throws {
        let targets = DocumentRules.targets(ofMakefile: try Repository.file("Makefile").text)
        let documents = Repository.files.filter { $0.path.hasSuffix(".md") }
        for document in documents {
            for command in DocumentRules.makeCommands(in: document.text) {
                #expect(
                    targets.contains { $0.name == command }, "\(document.path): make \(command)")
            }
        }
    }

    @Test func `name only subcommands that the programs have`() {
        for program in ["stationctl", "station-gateway"] {
            let sources = Repository.sources.filter { $0.target == program }
            let declared = DocumentRules.subcommands(declaredIn: sources)
            #expect(!declared.isEmpty)
            for document in Repository.files where document.path.hasSuffix(".md") {
                for command in DocumentRules.subcommands(of: program, in: document.text) {
                    #expect(
                        declared.contains(command), "\(document.path): \(program) \(command)")
                }
            }
        }
    }

    @Test func `explain every target of the Makefile`() throws {
        for target in DocumentRules.targets(ofMakefile: try Repository.file("Makefile").text) {
            #expect(!target.help.isEmpty, "make \(target.name) has no line in make help")
        }
    }

    @Test func `name the same commands in both languages`() throws {
        let english = DocumentRules.makeCommands(in: try Repository.file("README.md").text)
        let chinese = DocumentRules.makeCommands(in: try Repository.file("README.zh-CN.md").text)
        #expect(!english.isEmpty)
        #expect(Set(english) == Set(chinese))
    }

    @Test func `keep a changelog`() throws {
        #expect(DocumentRules.changelog(try Repository.file("CHANGELOG.md").text) == [])
    }

    @Test func `name only tests that there are beside each definition of a report`() throws {
        let page = try Repository.file("docs/reports.md")
        let definitions = DocumentRules.namedTests(in: page.text)
        for word in [
            "到站人次", "服务次数", "人数", "台次", "使用率", "完好率", "在线率", "fault response",
            "fault repair",
        ] {
            #expect(
                definitions.contains { $0.definition.hasPrefix(word) }, "\(word) is not defined")
        }
        let tests = Repository.swift.filter(\.isTest).map(\.text)
        for (definition, names) in definitions {
            // What the hub computes is nothing that a test here could hold.
            let isHubs =
                definition.hasPrefix("人数") || definition.hasPrefix("完好率")
                || definition.hasPrefix("fault ")
            #expect(names.isEmpty == isHubs, "\(definition)")
            for name in names {
                #expect(
                    tests.contains { $0.contains("func `\(name)`") },
                    "\(page.path) names the test '\(name)', which there is not")
            }
        }
    }

    @Test func `list every decision in their index`() throws {
        let index = try Repository.file("docs/decisions/README.md").text
        let decisions = Repository.paths.filter {
            $0.hasPrefix("docs/decisions/") && !$0.hasSuffix("README.md")
        }
        for path in decisions {
            let name = String(path.split(separator: "/").last ?? "")
            #expect(index.contains("(\(name))"), "\(name) is not in docs/decisions/README.md")
            #expect(Int(name.prefix(4)) != nil, "\(name) must begin with its number")
        }
    }

    @Test func `link only to files that exist`() throws {
        for document in Repository.files where document.path.hasSuffix(".md") {
            for link in DocumentRules.links(in: document.text) {
                let base = document.folders.joined(separator: "/")
                let path = DocumentRules.resolve(link, from: base)
                #expect(
                    Repository.paths.contains { $0 == path || $0.hasPrefix(path + "/") },
                    "\(document.path) links to \(link)")
            }
        }
    }
}

@Suite struct `Profiles and seeds` {
    @Test func `carry worked examples in every profile`() {
        for file in Repository.files
        where file.path.hasPrefix("Devices/") && file.path.hasSuffix(".yaml") {
            #expect(DocumentRules.profile(file.text) == [], "\(file.path)")
        }
    }

    @Test func `run every station file`() throws {
        // `make simulation` walks through seeds/*.yaml; here each is named once more, so that a
        // folder that moved is noticed.
        let runner = try Repository.file("scripts/simulation").text
        #expect(runner.contains("for file in $(stations)"))
        for path in Repository.paths
        where path.hasPrefix("seeds/") && path.hasSuffix(".yaml")
            && !path.hasPrefix("seeds/holidays/") && !path.hasSuffix(".people.yaml")
        {
            let roster = path.dropLast(5) + ".csv"
            #expect(Repository.paths.contains(String(roster)), "\(path) has no sample roster")
        }
    }
}

@Suite struct `The table of rules` {
    /// A suite's name and a test's.
    private struct Proof: Hashable {
        var suite: Substring
        var test: Substring
    }

    /// What stands between the back quotes of a line, in order.
    private static func quoted(_ line: Substring) -> [Substring] {
        line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
    }

    /// Every test there is, by its suite.
    private static let proofs: Set<Proof> = {
        var all: Set<Proof> = []
        for file in Repository.files where file.isTest && file.isSwift {
            var suite: Substring = ""
            for line in file.lines {
                guard let name = quoted(line).first else { continue }
                let words = line.split(separator: " ")
                if line.contains("struct `") { suite = name }
                if words.contains("func") { all.insert(Proof(suite: suite, test: name)) }
            }
        }
        return all
    }()

    @Test func `names tests that there are, and leaves no rule without`() throws {
        var count = 0
        for line in try Repository.file("docs/rules.md").lines where line.hasPrefix("|") {
            let cells = line.split(separator: "|")
            guard cells.count == 2, !cells[0].contains("---"), !cells[1].contains("proved by")
            else { continue }
            let names = Self.quoted(cells[1])
            #expect(
                !names.isEmpty || cells[1].contains("*not built*"), "no proof of:\(cells[0])")
            #expect(names.count % 2 == 0, "a suite and a test each:\(cells[0])")
            for place in stride(from: 0, to: names.count - 1, by: 2) {
                let proof = Proof(suite: names[place], test: names[place + 1])
                #expect(Self.proofs.contains(proof), "\(proof.suite) › \(proof.test)")
                count += 1
            }
        }
        #expect(count > 80)
    }
}

@Suite struct `The wording catalogue` {
    @Test(arguments: Wording.ID.allCases)
    func `says it in both languages, briefly and kindly`(id: Wording.ID) {
        let (chinese, english) = Wording.template(id)
        let sentence = WordingRules.Sentence(id: id.rawValue, chinese: chinese, english: english)
        #expect(WordingRules.check(sentence) == [])
    }

    @Test func `has a sentence for every denial, the same for lost and blocked`() {
        for denial in Denial.allCases {
            #expect(!Wording.text(denial.wording, .chinese).isEmpty)
        }
        #expect(Wording.template(.deniedLost) == Wording.template(.deniedBlocked))
    }
}
