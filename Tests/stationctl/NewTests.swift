// `stationctl new`: every station that it can write is accepted, and it writes over nothing.

import ArgumentParser
import Control
import FoundationEssentials
import Profiles
import StationCore
import Testing

@testable import stationctl

@Suite struct `A new station file` {
    private static let devices =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Devices"

    private static func draft(
        _ gifts: Set<StationDraft.Gift>, doors: Int, lock: StationDraft.Lock = .strike,
        board: String = "pi-4", hours: String? = "07:00-22:00"
    ) throws -> StationDraft {
        StationDraft(
            id: "fuan", chinese: "福安“驿站”", english: "Fu'an \"station\" \\ 1",
            board: try #require(DraftBoard(board)), doors: doors, lock: lock, gifts: gifts,
            hours: try hours.map { try DayHours(text: $0) }, phone: "024-7380-0110")
    }

    private static func resolve(_ draft: StationDraft) throws -> Resolution {
        try Resolution.resolve(
            text: Array(try draft.text().utf8), name: "fuan.yaml", devicesDirectory: devices)
    }

    /// Every set of what people get.
    static let sets: [Set<StationDraft.Gift>] = (0..<32).map { bits in
        Set(StationDraft.Gift.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.1))
    }

    @Test(arguments: sets)
    func `is accepted as it stands, or the board has too few lines`(
        gifts: Set<StationDraft.Gift>
    ) throws {
        for doors in 0...StationDraft.doorLimit {
            let lock = StationDraft.Lock.allCases[doors % 2]
            let draft = try Self.draft(
                gifts, doors: doors, lock: lock, hours: doors % 3 == 0 ? nil : "07:00-22:00")
            let resolution: Resolution
            do {
                resolution = try Self.resolve(draft)
            } catch let flaw as StationDraft.Flaw {
                if gifts.isEmpty, doors == 0 {
                    #expect(flaw == .nothing)
                    continue
                }
                guard case .lines(let wanted, let has) = flaw else { throw flaw }
                // One door and all of it fit.
                #expect(doors > 1 && wanted > has && has >= 24)
                continue
            }
            let station = try resolution.station.validated()
            #expect(station.doors.count == doors)
            #expect(station.services.count == gifts.count)
            #expect(station.station.nameEnglish == "Fu'an \"station\" \\ 1")
            let notes = resolution.notes.filter { note in
                switch note.kind {
                case .longestTurn, .actionLeftOut: false
                default: true
                }
            }
            #expect(notes.isEmpty, "\(gifts), \(doors) doors: \(notes)")
        }
    }

    @Test func `is as good on another board, by its chip's label`() throws {
        let all = Set(StationDraft.Gift.allCases)
        let station = try Self.resolve(
            try Self.draft(all, doors: 2, lock: .maglock, board: "30200000.gpio")
        ).station
        #expect(Set(station.lines.map(\.chip)) == ["30200000.gpio"])
        #expect(DraftBoard("pinctrl-bcm2711") == DraftBoard("pi-4"))
        let wrongs = [
            "", "gpiochip0", "two words", "a\"b", "pi-9", String(repeating: "x", count: 32),
        ]
        for wrong in wrongs {
            #expect(DraftBoard(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `says with every wire where it goes`() throws {
        let text = try Self.draft(Set(StationDraft.Gift.allCases), doors: 1).text()
        #expect(text.contains("green D0 to GPIO4 (pin 7)"))
        #expect(text.contains("绿线 D0 接 GPIO4（7 脚）"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 110 })
        let resolution = try Self.resolve(try Self.draft(Set(StationDraft.Gift.allCases), doors: 1))
        for line in resolution.station.lines {
            #expect(text.ranges(of: "\(line.line)（").count == 1, "\(line.line)")
        }
    }
}

@Suite struct `The questions of a new station` {
    private static let answers: [NewQuestion: String] = [
        .zh: "福安驿站", .en: "Fu'an station", .board: "pi-5", .doors: "2", .lock: "maglock",
        .gives: "water, first-aid", .hours: "always", .phone: "none",
    ]

    @Test func `are not asked where there are answers`() throws {
        let draft = try NewAnswers.all(Self.answers) { _, _ in
            Issue.record("asked for what was given")
            return nil
        }.draft(id: "fuan")
        #expect(draft.chinese == "福安驿站" && draft.english == "Fu'an station")
        #expect(draft.board == DraftBoard("pinctrl-rp1"))
        #expect(draft.doors == 2 && draft.lock == .maglock)
        #expect(draft.gifts == [.water, .firstAid])
        #expect(draft.hours == nil && draft.phone.isEmpty)
    }

    @Test func `that a script leaves open are named, all of them`() {
        let problem = #expect(throws: Problem.self) {
            _ = try NewAnswers.all([.zh: "福安驿站", .doors: "0"], ask: nil)
        }
        #expect(
            problem
                == .badData(
                    TextRecord(
                        zh: "缺少 --en --board --gives --hours --phone",
                        en: "missing: --en --board --gives --hours --phone")))
    }

    @Test func `are asked again until the answer makes sense`() throws {
        var said: [NewQuestion] = []
        var complaints = 0
        var given = Self.answers
        given[.hours] = nil
        given[.gives] = nil
        let wrong: [NewQuestion: [String]] = [
            .hours: ["whenever", "closed", "7:00-12:00, 13:00-19:00"], .gives: ["tea", "", "none"],
        ]
        let draft = try NewAnswers.all(given) { question, complaint in
            said.append(question)
            complaints += complaint == nil ? 0 : 1
            return wrong[question]?[said.filter { $0 == question }.count - 1]
        }.draft(id: "fuan")
        #expect(said == [.gives, .gives, .gives, .hours, .hours, .hours])
        #expect(complaints == 4)
        #expect(draft.gifts.isEmpty)
        #expect(draft.hours.map { "\($0)" } == "07:00-12:00, 13:00-19:00")
    }

    @Test func `end when nobody answers any more`() {
        let problem = #expect(throws: Problem.self) {
            _ = try NewAnswers.all([:]) { _, _ in nil }
        }
        #expect(problem == .told(.no))
    }

    @Test(arguments: [
        (NewQuestion.board, "gpiochip0"), (.doors, "5"), (.doors, "two"), (.lock, "latch"),
        (.gives, "water, tea"), (.hours, "7-22"), (.zh, " "), (.en, "a\nb"),
        (.phone, String(repeating: "1", count: 33)),
    ])
    func `refuse what is no answer`(question: NewQuestion, answer: String) {
        var given = Self.answers
        given[question] = answer
        let problem = #expect(throws: Problem.self) { _ = try NewAnswers.all(given, ask: nil) }
        #expect(problem?.status == .badData)
    }

    @Test func `have a proposal that is an answer, wherever they have one`() throws {
        var given = Self.answers
        for question in NewQuestion.allCases {
            if let proposal = question.proposal { given[question] = proposal }
        }
        _ = try NewAnswers.all(given, ask: nil)
    }
}

@Suite struct `The file of a new station` {
    private static let options = [
        "--zh", "福安驿站", "--en", "Fu'an station", "--board", "pi-4", "--doors", "1", "--lock",
        "strike", "--gives", "water,phones", "--hours", "07:00-22:00", "--phone", "none",
    ]
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    private func run(_ file: String, _ more: [String] = []) throws(Problem) {
        let words = ["new", file, "--devices", Self.root + "/Devices", "--json"] + Self.options
        guard let command = try? Stationctl.parseAsRoot(words + more) as? NewCommand else {
            throw .told(.usage)
        }
        try command.execute(Output(catalogue: Catalogue(language: .english), isJSON: true))
    }

    @Test func `is never written over unless that is said`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/new-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/fuan.yaml"
        try run(file)
        let first = try #require(FileManager.default.contents(atPath: file))
        #expect(throws: Problem.exists(path: file)) { try run(file) }
        #expect(FileManager.default.contents(atPath: file) == first)
        try run(file, ["--force", "--lock", "maglock"])
        let second = try #require(FileManager.default.contents(atPath: file))
        #expect(second != first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["fuan.yaml"])
    }

    @Test(arguments: ["fuan", "Fuan.yaml", "/tmp/a b.yaml", ".yaml"])
    func `has a name that a station may have`(file: String) {
        #expect(throws: Problem.self) { _ = try NewCommand.id(of: file) }
        #expect((try? NewCommand.id(of: "/etc/stationd/fuan-2.yaml")) == "fuan-2")
    }
}
