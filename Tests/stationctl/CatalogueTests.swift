// The catalogue knows every word that a station may say, in both languages.

import ArgumentParser
import Control
import FoundationEssentials
import StationCore
import Testing

@testable import Profiles
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
        expectWords(Denial.allCases.map(\.name), Catalogue.denials)
        expectWords(["missing", "commitment", "chain"], Catalogue.breaches)
        func both(_ words: (Wording.Language) -> String) -> (String, String) {
            (words(.chinese), words(.english))
        }
        let modes = DoorMode.allCases.map { mode in (mode.name, both(mode.word)) }
        let faults = Fault.allCases.map { fault in (fault.name, both(fault.word)) }
        let aids = Fault.allCases.map { fault in (fault.name, both(fault.firstAid)) }
        let commands = DoorCommand.allCases.map { command in (command.name, both(command.word)) }
        for words in [modes, commands, faults, aids] {
            expectWords(words.map(\.0), Dictionary(uniqueKeysWithValues: words))
        }
        let catalogue = Catalogue(language: .chinese)
        #expect(catalogue.fault("lost") == "失联")
        #expect(catalogue.fault("future") == "future")
        #expect(catalogue.mode("lockedDown") == "封闭")
        expectWords(ReadDiagnosis.allCases.map(\.name), Catalogue.diagnoses)
        expectWords(ReleaseCause.allCases.map(\.name), Catalogue.causes)
        expectWords(StoreChange.allCases.map(\.name), Catalogue.causes)
        expectWords(ClockQuality.allCases.map(\.name), Catalogue.qualities)
        expectWords(
            JournalStatus.State.allCases.map(\.rawValue) + ["silent"], Catalogue.journalStates)
    }

    @Test func `has words for every guard of the catalogue and of the seeds`() throws {
        var names = try DeviceProfile.all(in: Self.root + "/Devices")
            .flatMap { $0.driver.guards.map(\.name) }
        for seed in [
            "anshan-six-hearts", "hefei-baohe", "lakeside-charging", "pingcheng-love-corner",
            "shenyang-beta-winter", "tieling-aixin-harbour",
        ] {
            let resolution = try Resolution.resolve(
                stationFile: Self.root + "/seeds/\(seed).yaml",
                devicesDirectory: Self.root + "/Devices")
            names += resolution.station.devices.flatMap { $0.driver.guards.map(\.name) }
        }
        #expect(names.count > 60)
        for name in names {
            let chinese = Catalogue(language: .chinese).guardName(name)
            let english = Catalogue(language: .english).guardName(name)
            #expect(chinese.hasPrefix(name) && chinese.count > name.count, "\(name)")
            #expect(english.hasPrefix(name) && english.count > name.count, "\(name)")
        }
        expectWords(Array(Catalogue.guards.keys), Catalogue.guards)
        #expect(Catalogue(language: .english).guardName("of_1979") == "of_1979")
    }

    @Test func `has no English in its Chinese when something is refused`() {
        // What a program or a format calls itself stays as it is.
        let names =
            ["stationctl", "stationd", "key", "epoch", "secret", "method", "JSON"]
            + ["UTF", "ASCII", "socket", "systemctl", "status", "station", "root", "sudo", "crew"]
            + ["pass", "enroll", "cancel", "withdraw", "holder", "doors", "blind"]
            + ["roster", "issuer", "show", "keys", "command"]
        for word in ControlReason.Word.allCases {
            let reason = ControlReason(word, 5)
            for error in [ControlError.badKey(reason), .badMessage(reason), .noDescriptor(reason)] {
                let chinese = Catalogue(language: .chinese).text(error)
                let foreign = chinese.split { !($0.isASCII && $0.isLetter) }.map(String.init)
                    .filter { !names.contains($0) }
                #expect(foreign.isEmpty, "\(chinese)")
                let english = Catalogue(language: .english).text(error)
                #expect(english.utf8.allSatisfy { $0 < 0x80 }, "\(english)")
            }
        }
        for part in ["core", "journal", "clerk", "loop", "gateway"] {
            let text = Catalogue(language: .chinese).text(ControlError.busy(what: part))
            #expect(!text.contains(part), "\(text)")
        }
        let unavailable = ControlError.journalUnavailable(state: "opening")
        #expect(
            Catalogue(language: .chinese).text(unavailable) == "记录库不可用：正在打开")
        let full = ControlError.badRoster(ControlReason(.notWritten, 28))
        #expect(
            Catalogue(language: .chinese).text(full) == "名册不能用：写不进状态目录：存储空间已满")
        // A newer station's word is shown as it came.
        #expect(
            Catalogue(language: .chinese).text(Problem.file(path: "/f", errno: 2))
                == "/f：没有这个文件或目录")
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
            .badMessage(ControlReason(.notText)), .notAllowed(method: "m", needs: "owner"),
            .notSimulated,
            .noSuchReader(reader: "x", readers: ["y"]), .badBits(ControlReason(.notBits)),
            .noSuchDevice(device: "x", devices: ["y"]), .noSuchAction(action: "x", actions: ["y"]),
            .actionRefused(ControlReason(.guardStands)), .noSuchGuard(guard: "x", guards: ["y"]),
            .guardRefused(ControlReason(.causeHolds)),
            .noSuchService(service: "x", services: ["y"]), .noSuchBox(box: "x", boxes: ["y"]),
            .boxRefused(ControlReason(.notRecorded)),
            .noSuchDoor(door: "x", doors: ["y"]), .doorRefused(ControlReason(.lockMissing)),
            .doorRefused(ControlReason(.doorMode, "lockedDown")),
            .noDescriptor(ControlReason(.notRegular)), .noKey, .keyExists(epoch: "e"),
            .badKey(ControlReason(.keyLines)),
            .badRoster(ControlReason(.damaged)),
            .noPass(ControlReason(.longID, 23)), .readerRefused(ControlReason(.notOnBus)),
            .keyRefused(ControlReason(.noSuchKey, "k-1")),
            .noSuchRights(rights: "guest", sets: ["visitor"]),
            .twoMasters(operation: "hours_today", reader: "desk"),
            .approvalRefused(ControlReason(.pendingApproval)),
            .enrolmentRefused(ControlReason(.knownKey, "k-1")), .noCards(key: "k-1"),
            .badCursor(cursor: "c", store: "s", oldest: 1, newest: 2),
            .journalUnavailable(state: "opening"), .busy(what: "core"), .noAnswer(what: "core"),
            .sessionsOpen(["gate"]), .other(name: "a.b.C"),
        ]
        let problems: [Problem] =
            errors.map { .station(.refused($0)) } + [
                .station(.unreachable(path: "/p", errno: 2)),
                .station(.unreachable(path: "/p", errno: 13)), .station(.timedOut),
                .station(.closed), .station(.notUnderstood(ControlReason(.noReply))),
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
        (.notUnderstood(ControlReason(.noReply)), .notUnderstood),
        (.refused(.notAllowed(method: "m", needs: "crew")), .notAllowed),
        (.refused(.badBits(ControlReason(.notBits))), .badData),
        (.refused(.busy(what: "core")), .tryAgain),
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
        ["roster", "apply", "f.roster"],
        ["key", "create", "--standalone"], ["key", "install", "-"], ["journal", "tail", "-n", "3"],
        ["journal", "verify", "--from", "1"], ["decode", "wiegand", "01", "--length", "2"],
        ["card", "views", "em4100:01026f6c3a"], ["check", "s.yaml", "--devices", "D"],
        ["resolve", "s.yaml", "--stdout"], ["activate", "s.yaml", "--now"],
        ["tap", "r", "111,27706", "--form", "2H+4H"],
        ["reader", "test", "r"], ["reader", "reset", "r", "--json"],
        ["reader", "install-mode", "r", "--yes"], ["reader", "install-mode", "r", "--cancel"],
        ["reader", "set-address", "r", "--address", "3", "--baud", "38400"],
        ["decode", "pn532", "0000ff00ff00"], ["decode", "rdm6300", "02", "--framing", "7941"],
        ["decode", "keyboard", "00", "--layout", "32", "--form", "8H10D"],
        ["pass", "issue", "--hours", "12", "--quota", "4", "--district", "kaiyuan"],
        ["pass", "show", "DP1A", "--issuer", "00"],
    ])
    func `takes what the document shows`(words: [String]) throws {
        _ = try Stationctl.parseAsRoot(words)
    }

    @Test(arguments: [
        ["nonsense"], ["status", "--lang", "fr"], ["key", "create"],
        ["journal", "tail", "-n", "0"],
        ["watch", "--last", "-1"], ["decode", "wiegand"], ["decode", "pn532"],
        ["decode", "rdm6300", "02", "--framing", "nonsense"],
        ["decode", "keyboard", "00", "--layout", "16"], ["pass", "issue", "--hours", "0"],
        ["reader", "set-address", "r", "--address", "3"], ["reader", "test"],
        ["pass", "issue", "--quota", "256"], ["pass", "issue", "--district", ""],
    ])
    func `ends with 64 for what it does not understand`(words: [String]) {
        #expect {
            _ = try Stationctl.parseAsRoot(words)
        } throws: {
            Stationctl.exitCode(for: $0).rawValue == Ending.usage.rawValue
        }
    }
}
