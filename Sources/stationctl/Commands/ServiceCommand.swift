// `stationctl service`: how services stand, and what a person tells them.

import ArgumentParser
import Control
import StationCore

struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "服务：看状态，暂停，恢复，告知处理 / Services: look, pause, resume, tell.",
        subcommands: [
            ServiceList.self, ServiceShow.self, ServicePauseCommand.self, ServiceResume.self,
            ServiceStop.self, ServiceReset.self, ServiceRestocked.self, ServiceRestockDue.self,
            ServiceOutOfOrder.self, ServiceInOrder.self, ServiceFilterChanged.self,
            ServiceTell.self,
        ], defaultSubcommand: ServiceList.self)
}

struct ServiceList: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "各项服务的状态 / Every service and how it stands.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Flag(help: "只看有问题的 / Only those with something wrong.")
    var wrong = false

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let services = try client.allServices().filter { !wrong || $0.wantsPerson }
        guard !output.isJSON else { return output.json(services) }
        if services.isEmpty { output.line(output.catalogue.say("没有", "none")) }
        for line in Table.lines(services.map(output.catalogue.cells)) { output.line(line) }
    }
}

struct ServiceShow: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "一项服务和它的每一处 / One service and all its parts.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "服务 / The service's name.")
    var service: String

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let services = try client.allServices()
        guard let found = services.first(where: { $0.name == service }) else {
            throw .station(
                .refused(.noSuchService(service: service, services: services.map(\.name))))
        }
        guard !output.isJSON else { return output.json(found) }
        for line in Table.lines([output.catalogue.cells(found)]) { output.line(line) }
        for line in Table.lines(found.parts.map(output.catalogue.cells)) {
            output.line("  " + line)
        }
    }
}

struct ServicePauseCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "暂停一项服务 / Let nobody begin to use a service.",
        discussion: """
            stationctl service pause shower cleaning --until 15:00
            原因 reasons: cleaning 打扫, repair 维修, weather 天气, staff 没人值守, other 其他
            正在用的会像打烊一样结束；柜子里的东西原主照样能取。谁暂停的有记录。
            Uses end as at closing time; holders of boxes still get at their things.
            Who paused it is written down.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "服务 / The service's name.")
    var service: String

    @Argument(help: "原因 / Why.", transform: ServicePauseCommand.reason)
    var reason: PauseReason

    @OptionGroup var until: UntilOption

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    private static func reason(_ text: String) throws -> PauseReason {
        guard let reason = PauseReason.allCases.first(where: { $0.name == text }) else {
            let names = PauseReason.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("\(text): 应为 expected \(names)")
        }
        return reason
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let end = try until.milliseconds(&client)
        let users = try client.allServices().first { $0.name == service }?.usersAtRisk ?? 0
        if users > 0 {
            try Confirmation.ask(
                TextRecord(
                    zh: "\(service) 有 \(users) 处正在用，暂停会让它们结束。暂停吗？",
                    en: "\(service): \(users) in use now; a pause ends that. Pause it?"),
                isAnswered: yes, output)
        }
        let parameters = PauseService.Parameters(
            service: service, reason: reason.name, until: end)
        try client.decide(PauseService.self, parameters)
        try client.show(service, output)
    }
}

struct ServiceResume: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "恢复暂停的服务 / Give a paused service back.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "服务 / The service's name.")
    var service: String

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        try client.decide(ResumeService.self, ResumeService.Parameters(service: service))
        try client.show(service, output)
    }
}

/// Which part a word is about.
struct PlaceArguments: ParsableArguments {
    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "服务 / The service's name.")
    var service: String

    @Argument(help: "哪一处，如 A1；只有一处可省 / Which part; needless where there is one.")
    var place: String?

    /// Tells it, and shows how it stands then.
    func tell(_ word: PartWord, _ output: Output) throws(Problem) {
        var client = try socket.connect()
        try client.decide(
            TellService.self,
            TellService.Parameters(service: service, place: place, word: word.name))
        try client.show(service, place: place, output)
    }

    func ask(_ question: TextRecord, _ isAnswered: Bool, _ output: Output) throws(Problem) {
        let name = [service, place].compactMap(\.self).joined(separator: " ")
        try Confirmation.ask(
            TextRecord(zh: "\(name)：" + question.zh, en: "\(name): " + question.en),
            isAnswered: isAnswered, output)
    }
}

/// A command that tells a part something.
protocol PartCommand: StationCommand {
    static var word: PartWord { get }
    var which: PlaceArguments { get }
}

extension PartCommand {
    var speech: SpeechOptions { which.speech }
    func execute(_ output: Output) throws(Problem) { try which.tell(Self.word, output) }
}

struct ServiceStop: PartCommand {
    static let word = PartWord.stop
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "结束那里的使用 / End the use there.")

    @OptionGroup var which: PlaceArguments

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func execute(_ output: Output) throws(Problem) {
        try which.ask(
            TextRecord(zh: "要结束那里正在用的吗？", en: "End what is in use there?"), yes, output)
        try which.tell(.stop, output)
    }
}

struct ServiceReset: PartCommand {
    static let word = PartWord.reset
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "看过了，恢复使用 / You looked, it may be used again.",
        discussion: """
            原因还在就不会恢复：再看 stationctl service show。谁恢复的有记录。
            It is not put back while its cause stands: see stationctl service show then.
            Who did it is written down.
            """)

    @OptionGroup var which: PlaceArguments

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func execute(_ output: Output) throws(Problem) {
        try which.ask(
            TextRecord(zh: "你看过现场，现在安全吗？", en: "Have you looked there, is it safe?"), yes,
            output)
        try which.tell(.reset, output)
    }
}

struct ServiceRestocked: PartCommand {
    static let word = PartWord.restocked
    static let configuration = CommandConfiguration(
        commandName: "restocked", abstract: "已补货 / It was filled up.")
    @OptionGroup var which: PlaceArguments
}

struct ServiceRestockDue: PartCommand {
    static let word = PartWord.restockDue
    static let configuration = CommandConfiguration(
        commandName: "restock-due", abstract: "该补货了 / It is to be filled up.")
    @OptionGroup var which: PlaceArguments
}

struct ServiceOutOfOrder: PartCommand {
    static let word = PartWord.outOfOrder
    static let configuration = CommandConfiguration(
        commandName: "out-of-order", abstract: "停用一处 / Take a part out of use.")
    @OptionGroup var which: PlaceArguments
}

struct ServiceInOrder: PartCommand {
    static let word = PartWord.inOrder
    static let configuration = CommandConfiguration(
        commandName: "in-order", abstract: "恢复停用的一处 / Put a part back in use.")
    @OptionGroup var which: PlaceArguments
}

struct ServiceFilterChanged: PartCommand {
    static let word = PartWord.filterChanged
    static let configuration = CommandConfiguration(
        commandName: "filter-changed", abstract: "滤芯已换 / The filter was changed.")
    @OptionGroup var which: PlaceArguments
}

struct ServiceTell: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "tell",
        abstract: "告知一件事 / Tell a part any word that its kind knows.",
        discussion: """
            stationctl service tell accept help duty-room
            求助 a call for help: reached 消息已送到, accept 我来, decline 来不了,
            helped 已帮到, cancel 取消
            换电柜 a swap cabinet: settled 已当面给了电池。台面 a desk: undo 撤销
            不认识的词会列出认识的。Words that it does not know are refused with those it does.
            """)

    @Argument(
        help: "词 / The word.",
        transform: { name in
            guard let word = PartWord.allCases.first(where: { $0.name == name }) else {
                let known = PartWord.allCases.map(\.name).joined(separator: ", ")
                throw ValidationError("\(name)：应为 expected one of \(known)")
            }
            return word
        })
    var word: PartWord

    @OptionGroup var which: PlaceArguments

    var speech: SpeechOptions { which.speech }

    func execute(_ output: Output) throws(Problem) { try which.tell(word, output) }
}
