// The questions of `stationctl new`, and what is an answer to each.

import Control
import Profiles
import StationCore

/// One thing to be known before a station file can be written, by the name of its option.
enum NewQuestion: String, CaseIterable {
    case zh, en, board, doors, lock, gives, hours, phone

    var text: TextRecord {
        switch self {
        case .zh: TextRecord(zh: "驿站中文名？", en: "What is the station called in Chinese?")
        case .en: TextRecord(zh: "英文名？", en: "And in English?")
        case .board:
            TextRecord(
                zh: "哪种主板？\(Self.boards)，或 gpioinfo 方括号里的芯片标签",
                en: "Which board? \(Self.boards), or a chip's label as gpioinfo has it in brackets")
        case .doors:
            TextRecord(
                zh: "几扇门？0 到 \(StationDraft.doorLimit)",
                en: "How many doors? 0 to \(StationDraft.doorLimit)")
        case .lock:
            TextRecord(
                zh: "什么锁？strike 电锁，maglock 磁力锁（出门按钮和消防必须用线断它的电）",
                en: "Which lock? strike, or maglock (exit button and fire cut its supply by wire)")
        case .gives:
            TextRecord(
                zh: "给大家什么？\(Self.gifts)，用逗号隔开，或 none",
                en: "What do people get? \(Self.gifts), with commas between, or none")
        case .hours:
            TextRecord(
                zh: "每天什么时候开放？如 07:00-22:00，或 always",
                en: "When is it open each day? Such as 07:00-22:00, or always")
        case .phone:
            TextRecord(
                zh: "骑手可以打哪个电话？没有就写 none", en: "Whom may a rider call? A number, or none")
        }
    }

    /// What an empty line means.
    var proposal: String? {
        switch self {
        case .zh, .en: nil
        case .board: "pi-4"
        case .doors: "1"
        case .lock: "strike"
        case .gives: "water,phones,first-aid"
        case .hours: "07:00-22:00"
        case .phone: "none"
        }
    }

    var help: String { "\(text.zh) / \(text.en)" }

    static let boards = DraftBoard.known.map(\.name).joined(separator: ", ")
    static let gifts = StationDraft.Gift.allCases.map(\.rawValue).joined(separator: ", ")
    static let none = "none"
    static let always = "always"
}

/// Answers that make sense.
struct NewAnswers {
    private var chinese = ""
    private var english = ""
    private var board = DraftBoard("pi-4")
    private var doors = 0
    private var lock = StationDraft.Lock.strike
    private var gifts: Set<StationDraft.Gift> = []
    private var hours: DayHours?
    private var phone = ""

    /// What was given, and of the rest what `ask` says; a wrong answer is asked for again.
    ///
    /// - Parameter ask: `nil` when nobody is there to ask.
    /// - Throws: what is wrong with an option, or which are missing.
    static func all(
        _ given: [NewQuestion: String], ask: ((NewQuestion, TextRecord?) -> String?)?
    ) throws(Problem) -> NewAnswers {
        var answers = NewAnswers()
        var missing: [NewQuestion] = []
        for question in NewQuestion.allCases {
            if let answer = given[question] {
                if let complaint = answers.take(answer, for: question) { throw .badData(complaint) }
                continue
            }
            // Without a door there is no lock.
            if question == .lock, answers.doors == 0, !missing.contains(.doors) { continue }
            guard let ask else {
                missing.append(question)
                continue
            }
            var complaint: TextRecord?
            repeat {
                guard let answer = ask(question, complaint) else { throw .told(.no) }
                complaint = answers.take(answer, for: question)
            } while complaint != nil
        }
        guard missing.isEmpty else {
            let options = missing.map { "--\($0.rawValue)" }.joined(separator: " ")
            throw .badData(TextRecord(zh: "缺少 \(options)", en: "missing: \(options)"))
        }
        return answers
    }

    func draft(id: String) -> StationDraft {
        guard let board else { preconditionFailure("a board was answered for") }
        return StationDraft(
            id: id, chinese: chinese, english: english, board: board, doors: doors, lock: lock,
            gifts: gifts, hours: hours, phone: phone)
    }

    /// - Returns: what is wrong with it; `nil` when it was taken.
    private mutating func take(_ answer: String, for question: NewQuestion) -> TextRecord? {
        switch question {
        case .zh, .en:
            guard Self.isText(answer, upTo: Self.nameBytes) else {
                return Self.notText(upTo: Self.nameBytes)
            }
            if question == .zh { chinese = answer } else { english = answer }
        case .board:
            guard let known = DraftBoard(answer) else {
                return TextRecord(
                    zh: "“\(answer)”不是 \(NewQuestion.boards)，也不是芯片标签（不写编号）",
                    en: "`\(answer)` is none of \(NewQuestion.boards), and no chip's label (a "
                        + "label, not a number)")
            }
            board = known
        case .doors:
            guard let count = Int(answer), (0...StationDraft.doorLimit).contains(count) else {
                return TextRecord(
                    zh: "门数应在 0 到 \(StationDraft.doorLimit) 之间",
                    en: "doors: 0 to \(StationDraft.doorLimit)")
            }
            doors = count
        case .lock:
            guard let known = StationDraft.Lock(rawValue: answer) else {
                return TextRecord(zh: "锁写 strike 或 maglock", en: "lock: strike or maglock")
            }
            lock = known
        case .gives: return takeGifts(answer)
        case .hours:
            guard answer != NewQuestion.always else {
                hours = nil
                return nil
            }
            guard let open = try? DayHours(text: answer), open != .closed else {
                return TextRecord(
                    zh: "“\(answer)”不是开放时间，如 07:00-22:00 或 always",
                    en: "`\(answer)` are no hours; write 07:00-22:00, or always")
            }
            hours = open
        case .phone:
            guard answer == NewQuestion.none || Self.isText(answer, upTo: Self.phoneBytes) else {
                return Self.notText(upTo: Self.phoneBytes)
            }
            phone = answer == NewQuestion.none ? "" : answer
        }
        return nil
    }

    private mutating func takeGifts(_ answer: String) -> TextRecord? {
        guard answer != NewQuestion.none else {
            gifts = []
            return nil
        }
        var read: Set<StationDraft.Gift> = []
        for word in answer.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "，" }) {
            guard let gift = StationDraft.Gift(rawValue: String(word)) else {
                return TextRecord(
                    zh: "没有“\(word)”，可写：\(NewQuestion.gifts)，或 none",
                    en: "there is no `\(word)`: \(NewQuestion.gifts), or none")
            }
            read.insert(gift)
        }
        guard !read.isEmpty else {
            return TextRecord(
                zh: "写一样或几样：\(NewQuestion.gifts)，或 none",
                en: "one or more of \(NewQuestion.gifts), or none")
        }
        gifts = read
        return nil
    }

    private static let nameBytes = ResolvedStation.Limit.labelBytes
    private static let phoneBytes = ResolvedStation.Limit.phoneBytes

    /// One line that people can read.
    private static func isText(_ answer: String, upTo limit: Int) -> Bool {
        (1...limit).contains(answer.utf8.count)
            && answer.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            && answer.contains { !$0.isWhitespace }
    }

    private static func notText(upTo limit: Int) -> TextRecord {
        TextRecord(zh: "写一行字，最多 \(limit) 字节", en: "one line of text, at most \(limit) bytes")
    }
}
