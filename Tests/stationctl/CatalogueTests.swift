// The catalogue knows every word that a station may say, in both languages.

import ArgumentParser
import Control
import FoundationEssentials
import Profiles
import StationCore
import Testing

@testable import stationctl

@Suite struct `The catalogue` {
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func text(of path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: Self.root + "/" + path)), as: UTF8.self)
    }

    private func expectWords(_ names: [String], _ table: [String: (String, String)]) {
        for name in names {
            let words = table[name]
            #expect(words != nil, "no words for \(name)")
            #expect(words?.0.unicodeScalars.contains { $0.value > 0x4DFF } == true, "\(name)")
            #expect(words?.1.unicodeScalars.allSatisfy(\.isASCII) == true, "\(name)")
        }
    }

    @Test func `has words for everything that the core can name`() {
        expectWords(DoorMode.allCases.map(\.name), Catalogue.modes)
        expectWords(Denial.allCases.map(\.name), Catalogue.denials)
        expectWords(Fault.allCases.map(\.name), Catalogue.faults)
        expectWords(Fault.allCases.map(\.name), Catalogue.firstAids)
        expectWords(ReadDiagnosis.allCases.map(\.name), Catalogue.diagnoses)
        expectWords(ReleaseCause.allCases.map(\.name), Catalogue.causes)
        expectWords(ClockQuality.allCases.map(\.name), Catalogue.qualities)
        expectWords(
            JournalStatus.State.allCases.map(\.rawValue) + ["silent"], Catalogue.journalStates)
    }

    @Test func `has words for every kind of entry`() throws {
        let source = try text(of: "Sources/StationCore/Model/Event+Names.swift")
        let kinds = source.split(separator: "\n").compactMap { line -> String? in
            guard let open = line.firstIndex(of: "\""), let end = line.lastIndex(of: "\"") else {
                return nil
            }
            let word = line[line.index(after: open)..<end]
            return word.contains(".") ? String(word) : nil
        }
        #expect(kinds.count > 20)
        expectWords(kinds, Catalogue.kinds)
    }

    @Test func `has a sentence for every error, another one in each language`() {
        let errors: [ControlError] = [
            .interfaceNotFound("a.b"), .invalidParameter("limit"), .expectedMore,
            .badMessage(reason: "r"), .notAllowed(method: "m", needs: "owner"), .notSimulated,
            .noSuchReader(reader: "x", readers: ["y"]), .badBits(reason: "r"),
            .noDescriptor(reason: "r"), .noKey, .keyExists(epoch: "e"), .badKey(reason: "r"),
            .badRoster(reason: "r"),
            .badCursor(cursor: "c", store: "s", oldest: 1, newest: 2),
            .journalUnavailable(state: "opening"), .busy(what: "core"), .noAnswer(what: "core"),
            .sessionsOpen(["gate"]), .notActivated(reason: "r"), .other(name: "a.b.C"),
        ]
        let problems: [Problem] =
            errors.map { .station(.refused($0)) } + [
                .station(.unreachable(path: "/p", errno: 2)),
                .station(.unreachable(path: "/p", errno: 13)), .station(.timedOut),
                .station(.closed), .station(.notUnderstood(reason: "r")),
                .activation(.noRoute), .badData(TextRecord(zh: "甲", en: "a")),
            ]
        for problem in problems {
            let words = Wording.Language.allCases.map {
                Catalogue(language: $0).text(problem) ?? ""
            }
            #expect(words[0] != words[1] && !words[0].isEmpty, "\(problem)")
        }
    }

    @Test func `and its exit codes are those of the document`() throws {
        let document = try text(of: "docs/stationctl.md")
        let codes = document.split(separator: "\n").compactMap { line -> Int32? in
            guard line.hasPrefix("| "), let cell = line.split(separator: "|").first else {
                return nil
            }
            return Int32(cell.filter { $0 != " " })
        }
        #expect(codes == Ending.allCases.map(\.rawValue))
    }

    @Test(arguments: [
        (ControlFailure.unreachable(path: "/p", errno: 2), Ending.unavailable),
        (.unreachable(path: "/p", errno: 13), .notAllowed), (.timedOut, .unavailable),
        (.notUnderstood(reason: ""), .notUnderstood),
        (.refused(.notAllowed(method: "m", needs: "crew")), .notAllowed),
        (.refused(.badBits(reason: "r")), .badData), (.refused(.busy(what: "core")), .tryAgain),
        (.refused(.notSimulated), .no), (.refused(.noAnswer(what: "core")), .unavailable),
    ])
    func `and every failure has its code`(failure: ControlFailure, status: Ending) {
        #expect(Problem.station(failure).status == status)
    }

    @Test func `is chosen by the first locale variable that says something`() {
        func language(_ environment: [String: String]) -> Wording.Language {
            Locale.language { environment[$0] }
        }
        #expect(language([:]) == .english)
        #expect(language(["LANG": "zh_CN.UTF-8"]) == .chinese)
        #expect(language(["LC_ALL": "", "LANG": "zh_CN.UTF-8"]) == .chinese)
        #expect(language(["LC_ALL": "C", "LANG": "zh_CN.UTF-8"]) == .english)
        #expect(language(["LC_MESSAGES": "zh", "LANG": "en_US"]) == .chinese)
    }
}

@Suite struct `The command line` {
    @Test(arguments: [
        ["status"], ["status", "--json", "--lang", "zh", "--socket", "/p"],
        ["watch", "--last", "5"],
        ["devices"], ["roster", "import", "f.csv", "--dry-run"], ["roster", "show", "--keys"],
        ["key", "create", "--standalone"], ["key", "install", "-"], ["journal", "tail", "-n", "3"],
        ["journal", "verify", "--from", "1"], ["decode", "wiegand", "01", "--length", "2"],
        ["card", "views", "em4100:01026f6c3a"], ["check", "s.yaml", "--devices", "D"],
        ["resolve", "s.yaml", "--stdout"], ["activate", "s.yaml", "--now"],
        ["tap", "r", "111,27706", "--form", "2H+4H"],
    ])
    func `takes what the document shows`(words: [String]) throws {
        _ = try Stationctl.parseAsRoot(words)
    }

    @Test(arguments: [
        ["nonsense"], ["status", "--lang", "fr"], ["key", "create"],
        ["journal", "tail", "-n", "0"],
        ["watch", "--last", "-1"], ["decode", "wiegand"],
    ])
    func `ends with 64 for what it does not understand`(words: [String]) {
        #expect {
            _ = try Stationctl.parseAsRoot(words)
        } throws: {
            Stationctl.exitCode(for: $0).rawValue == Ending.usage.rawValue
        }
    }
}
