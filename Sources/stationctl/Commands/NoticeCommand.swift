// `stationctl notice`: what is to be read at the station, until when.

import ArgumentParser
import Control
import StationCore

struct NoticeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice",
        abstract: "通知：给来站的人看的一行字 / A notice for everybody to read.",
        discussion: """
            stationctl notice                             现在的通知 what stands
            stationctl notice "12 点前停水" --en "No water before noon" --until 12:00
            stationctl notice clear                       撤下 take it down
            到时自动撤下，重启不丢；谁发的有记录。
            It is gone at its end, and a restart does not lose it. Who set it is written down.
            """,
        subcommands: [NoticeSet.self, NoticeClear.self], defaultSubcommand: NoticeSet.self)
}

struct NoticeSet: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "发通知，或看现在的 / Set a notice, or see what stands.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions
    @OptionGroup var until: UntilOption

    @Argument(help: "一行中文 / One line in Chinese; without it, what stands is shown.")
    var text: String?

    @Option(name: .long, help: "英文 / The same in English.")
    var en: String?

    func validate() throws {
        guard (text == nil) == (until.until == nil), text != nil || en == nil else {
            throw ValidationError("通知要写 --until / A notice needs --until.")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        if let text, let end = try until.milliseconds(&client) {
            try client.decide(
                SetNotice.self, SetNotice.Parameters(zh: text, en: en, until: end))
        }
        try Self.show(&client, output)
    }

    static func show(_ client: inout ControlClient, _ output: Output) throws(Problem) {
        let notice: NoticeRecord?
        do {
            notice = try client.call(GetStation.self).station.notice
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(notice) }
        output.line(
            notice.map(output.catalogue.line) ?? output.catalogue.say("没有通知", "no notice"))
    }
}

struct NoticeClear: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "撤下通知 / Take the notice down.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        try client.decide(ClearNotice.self, NoParameters())
        try NoticeSet.show(&client, output)
    }
}
