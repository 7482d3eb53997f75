// `stationctl new`: a station file from six questions, for whoever has a board and a screwdriver.

import ArgumentParser
import Control
import Glibc
import Profiles
import StationCore

struct NewCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "回答六个问题，写出驿站文件 / A station file from six questions.",
        discussion: """
            不写的选项在终端里会问；脚本里要写全。
            What is left out is asked for at a terminal; a script says all of it:
              stationctl new fuan.yaml --zh 福安驿站 --en "Fu'an station" --board pi-4 \\
                --doors 1 --lock strike --gives water,phones --hours 07:00-22:00 --phone none
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var profiles: ProfileOptions

    @Argument(help: "写到这个文件；文件名就是驿站的 id / The file; its name is the station's id.")
    var file: String

    @Option(name: .long, help: "中文名 / Its name in Chinese.")
    var zh: String?

    @Option(name: .long, help: "英文名 / Its name in English.")
    var en: String?

    @Option(name: .long, help: "\(NewQuestion.board.help)")
    var board: String?

    @Option(name: .long, help: "几扇门，0 到 \(StationDraft.doorLimit) / How many doors.")
    var doors: String?

    @Option(name: .long, help: "门锁：strike 电锁，maglock 磁力锁 / strike or maglock.")
    var lock: String?

    @Option(name: .long, help: "\(NewQuestion.gives.help)")
    var gives: String?

    @Option(name: .long, help: "每天开放，如 07:00-22:00，或 always / Hours of each day.")
    var hours: String?

    @Option(name: .long, help: "骑手可以打的电话，或 none / Whom a rider may call, or none.")
    var phone: String?

    @Flag(name: .long, help: "文件已有也重写 / Write over a file that is there.")
    var force = false

    func execute(_ output: Output) throws(Problem) {
        let id = try Self.id(of: file)
        guard force || access(file, F_OK) != 0 else { throw .exists(path: file) }
        try profiles.lookForFolder()
        let given: [NewQuestion: String] = [
            .zh: zh, .en: en, .board: board, .doors: doors, .lock: lock, .gives: gives,
            .hours: hours, .phone: phone,
        ].compactMapValues { $0 }
        let isTerminal = isatty(STDIN_FILENO) == 1
        let answers = try NewAnswers.all(given, ask: isTerminal ? Self.ask(output) : nil)
        let text = try Self.text(of: answers.draft(id: id))
        try check(text, output)
        try Self.write(text, file, force: force)
        guard !output.isJSON else { return output.json(["file": file, "id": id]) }
        output.line(file)
        output.note(
            output.catalogue.say(
                "照文件里的注释接线；改完运行 stationctl check \(file)",
                "wire it as its comments say; after a change run stationctl check \(file)"))
    }

    /// The file's own name is what the station is called.
    static func id(of file: String) throws(Problem) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let id = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : ""
        guard ResolvedStation.isLegalName(id) else {
            throw .badData(
                TextRecord(
                    zh: "“\(file)”应以 .yaml 结尾，文件名只用小写字母、数字和连字符",
                    en: "`\(file)`: the name of a file is lower-case letters, digits and hyphens, "
                        + "then .yaml"))
        }
        return id
    }

    /// Puts one question to whoever is there; `nil` when nobody answers any more.
    private static func ask(_ output: Output) -> (NewQuestion, TextRecord?) -> String? {
        { question, complaint in
            if let complaint { output.note(output.catalogue.text(complaint)) }
            let proposal = question.proposal.map { " [\($0)]" } ?? ""
            output.note(output.catalogue.text(question.text) + proposal)
            return readLine().map { $0.isEmpty ? question.proposal ?? "" : $0 }
        }
    }

    static func text(of draft: StationDraft) throws(Problem) -> String {
        do {
            return try draft.text()
        } catch {
            switch error {
            case .lines(let wanted, let has):
                throw .badData(
                    TextRecord(
                        zh: "这些要 \(wanted) 根 GPIO 线，板上只有 \(has) 根：少几扇门或少几样，"
                            + "其余接扩展芯片，手写",
                        en: "that takes \(wanted) GPIO lines and the board has \(has): leave out a "
                            + "door or a service, and write it by hand on an expander"))
            case .nothing:
                throw .badData(
                    TextRecord(
                        zh: "没有门，也没有服务：至少要一样",
                        en: "neither a door nor anything to get: at least one of them"))
            case .tooManyDoors(let limit):
                throw .badData(
                    TextRecord(zh: "最多 \(limit) 扇门，其余照样手写", en: "at most \(limit) doors; copy one"))
            }
        }
    }

    /// What we write, `check` accepts: nothing is written that it does not.
    private func check(_ text: String, _ output: Output) throws(Problem) {
        do {
            _ = try Resolution.resolve(
                text: Array(text.utf8), name: file, devicesDirectory: profiles.folder)
        } catch {
            output.isJSON ? output.json(error.errors.map(Finding.init)) : error.tell(output)
            throw .told(error.ending)
        }
    }

    /// Into a new file, or in place of an old one once all of it is on the medium.
    private static func write(_ text: String, _ path: String, force: Bool) throws(Problem) {
        let target = force ? path + ".new" : path
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
        let descriptor = open(target, flags, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : .file(path: target, errno: errno)
        }
        let bytes = Array(text.utf8)
        let isWritten =
            Glibc.write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, !force || rename(target, path) == 0 else {
            let number = errno
            unlink(target)
            throw .file(path: path, errno: number)
        }
    }
}
