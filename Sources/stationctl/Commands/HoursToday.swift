// `stationctl hours today` and `hours weather`: what a master decides over the written hours.

import ArgumentParser
import Control
import StationCore

/// The station's hours, and what is said of them.
struct HoursArguments: ParsableArguments {
    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Option(name: .long, help: "只对这一套开放时间 / Only this set of hours; all by default.")
    var hours: String?

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func list(_ client: inout ControlClient) throws(Problem) -> [HoursRecord] {
        do {
            return try client.hours().filter { hours == nil || $0.name == hours }
        } catch {
            throw .station(error)
        }
    }

    func show(_ client: inout ControlClient, _ output: Output) throws(Problem) {
        let sets = try list(&client)
        guard !output.isJSON else { return output.json(sets) }
        if sets.isEmpty {
            output.line(output.catalogue.say("这座驿站没有写开放时间", "this station has no hours"))
        }
        for line in Table.lines(sets.map(output.catalogue.cells)) { output.line(line) }
    }
}

struct HoursToday: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "today",
        abstract: "站长定今天的开放时间 / A master's hours for today.",
        discussion: """
            stationctl hours today                       现在怎样 how they stand
            stationctl hours today open --until 22:00    从现在开到 from now until then
            stationctl hours today closed                今天关 closed for the rest of the day
            stationctl hours today 8:00-12:00,14:00-18:00
            stationctl hours today planned               照原计划 back to the plan
            门和服务马上跟着变；谁定的有记录，重启不丢，第二天自动照原计划。
            Doors and services follow at once. Who decided is written down, a restart
            does not lose it, and the next day goes by the plan.
            """)

    @OptionGroup var arguments: HoursArguments
    @OptionGroup var until: UntilOption

    @Argument(help: "open、closed、planned 或时段 / or stretches of the day.")
    var word: String?

    var speech: SpeechOptions { arguments.speech }

    func validate() throws {
        guard (word == "open") == (until.until != nil) else {
            throw ValidationError("open 要有 --until，别的不要 / open needs --until, others do not")
        }
        guard let word, Self.words[word] == nil else { return }
        do {
            let hours = try DayHours(text: word)
            if DayStretches(hours) == nil {
                throw ValidationError("一天最多两段 / at most two stretches a day")
            }
        } catch is DayHours.TextFlaw {
            throw ValidationError(
                "\(word): 应为 expected open, closed, planned 或 or 8:00-12:00,14:00-18:00")
        }
    }

    private static let words: [String: ChangeHours.Word] = [
        "open": .open, "closed": .closed, "planned": .planned,
    ]

    func execute(_ output: Output) throws(Problem) {
        var client = try arguments.socket.connect()
        guard let word else { return try arguments.show(&client, output) }
        let end = try until.milliseconds(&client)
        if word == "closed" { try ask(&client, output) }
        let known = Self.words[word]
        try client.decide(
            ChangeHours.self,
            ChangeHours.Parameters(
                hours: arguments.hours, word: known ?? .today, until: end,
                open: known == nil ? word : nil))
        try arguments.show(&client, output)
    }

    /// Whoever closes ends what is in use.
    private func ask(_ client: inout ControlClient, _ output: Output) throws(Problem) {
        let sets = try arguments.list(&client).map(\.name)
        let users = try client.allServices()
            .filter { $0.hours.map(sets.contains) ?? false }.map(\.usersAtRisk).reduce(0, +)
        guard users > 0 else { return }
        try Confirmation.ask(
            TextRecord(
                zh: "有 \(users) 处正在用，关门会让它们结束。现在关吗？",
                en: "\(users) in use now; closing ends that. Close now?"),
            isAnswered: arguments.yes, output)
    }
}

struct HoursWeather: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "weather",
        abstract: "恶劣天气：开到那时，不管原计划 / Severe weather: open until then.",
        discussion: """
            stationctl hours weather 2026-07-21T08:00
            提前结束 ends before its time with: stationctl hours today planned
            """)

    @OptionGroup var arguments: HoursArguments

    @Argument(
        help: "到几点，至多七天 / Until when, seven days at most.", transform: UntilOption.moment)
    var until: Moment

    var speech: SpeechOptions { arguments.speech }

    func execute(_ output: Output) throws(Problem) {
        var client = try arguments.socket.connect()
        let clock: ClockRecord
        do {
            clock = try client.call(GetStation.self).station.clock
        } catch {
            throw .station(error)
        }
        try client.decide(
            ChangeHours.self,
            ChangeHours.Parameters(
                hours: arguments.hours, word: .severeWeather,
                until: until.milliseconds(by: clock)))
        try arguments.show(&client, output)
    }
}
