// `stationctl usage`: what was used, by days, by hours, or all together.

import ArgumentParser
import Control
import StationCore

struct UsageCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "使用统计：按日、按服务、按小时 / What was used, by day, service or hour.",
        discussion: """
            stationctl usage --by service --from 2026-11-01 --to 2026-11-30
            没有统计到的写“无数据”，不写 0。口径见 docs/reports.md。
            What was not measured says "no data", never 0. docs/reports.md defines each number.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: .long, help: "从哪天起，如 2026-11-01 / The first day.")
    var from: String?

    @Option(name: .long, help: "到哪天；默认今天 / The last day; today by default.")
    var to: String?

    @Option(name: .long, help: "day 按日，service 按服务，hour 按小时 / day, service or hour.")
    var by = UsageGrouping.day

    @Flag(name: .long, help: "输出 CSV / Print CSV.")
    var csv = false

    func validate() throws {
        if csv, speech.json {
            throw ValidationError("--csv 和 --json 只用一个 / one of --csv and --json")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        // Days before anybody is asked: what is wrong there is wrong without a station.
        let (from, to) = (try Self.day(from), try Self.day(to))
        var client = try socket.connect()
        let reply: ListUsage.Reply
        do {
            let last: CivilDate
            if let to { last = to } else { last = try today(&client) }
            let question = try Self.question(from: from, to: last, by)
            reply = try client.usage(question)
        } catch let problem as Problem {
            throw problem
        } catch let failure as ControlFailure {
            throw .station(failure)
        } catch {
            throw .told(.notUnderstood)
        }
        guard !output.isJSON else { return output.json(reply) }
        if csv { return output.text(UsageCSV.text(reply, output.catalogue)) }
        let text = UsageText(catalogue: output.catalogue)
        for line in text.lines(reply) { output.line(line) }
    }

    private func today(_ client: inout ControlClient) throws -> CivilDate {
        let clock = try client.call(GetStation.self).station.clock
        guard clock.trusted else {
            throw Problem.badData(
                TextRecord(
                    zh: "驿站的时钟还不可信：请写明 --from 和 --to",
                    en: "the station's clock cannot be believed yet: say --from and --to"))
        }
        return CivilDate(localSeconds: clock.wall / 1_000 + Int64(clock.utcOffset))
    }

    static func day(_ text: String?) throws(Problem) -> CivilDate? {
        guard let text else { return nil }
        guard let day = CivilDate(text) else {
            throw .badData(
                TextRecord(
                    zh: "“\(text)”不是日期，应写成 2026-11-01",
                    en: "`\(text)` is no date; write it as 2026-11-01"))
        }
        return day
    }

    /// How many days a question without a first day is about.
    static func usualDays(_ grouping: UsageGrouping) -> Int {
        switch grouping {
        case .day: 7
        case .service: 30
        case .hour: 1
        }
    }

    static func question(
        from: CivilDate?, to: CivilDate, _ grouping: UsageGrouping
    ) throws(Problem) -> UsageQuestion {
        let first = from ?? to.adding(days: 1 - usualDays(grouping))
        guard let question = UsageQuestion(from: first, to: to, by: grouping) else {
            let limit = grouping.daysLimit
            throw .badData(
                first > to
                    ? TextRecord(
                        zh: "--from \(first) 在 --to \(to) 之后",
                        en: "--from \(first) is after --to \(to)")
                    : TextRecord(
                        zh: "--by \(grouping.rawValue) 一次最多 \(limit) 天",
                        en: "--by \(grouping.rawValue) takes at most \(limit) days at once"))
        }
        return question
    }
}

extension UsageGrouping: ExpressibleByArgument {}
