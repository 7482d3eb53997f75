// `stationctl reader install-mode`: a reader of the running station gets a key of its own.

import ArgumentParser
import Control
import EventLoop
import Glibc
import StationCore

struct ReaderInstallMode: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "install-mode",
        abstract: "给总线读卡器一把自己的密钥 / Give a reader on a bus a key of its own.",
        discussion: """
            stationctl reader install-mode gate-reader
            先按读卡器的说明书复位它，五分钟内有效。密钥先存入驿站，再发给读卡器。
            Reset the reader as its manual says; it has five minutes. The station stores the key
            before the reader gets it.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "读卡器 / The reader's name.")
    var reader: String

    @Flag(name: .long, help: "提前结束安装模式 / End install mode before its time.")
    var cancel = false

    @Flag(name: .long, help: "不再询问 / Do not ask.")
    var yes = false

    /// Install mode lasts 300 seconds; its end is written a moment later.
    private static let seconds: Int64 = 305

    func execute(_ output: Output) throws(Problem) {
        if !cancel {
            try InstallConsent.ask(yes: yes, output)
            output.note(
                output.catalogue.say(
                    "安装模式已请求：请现在复位读卡器，最多等五分钟",
                    "install mode: reset the reader now, there are five minutes"))
        }
        var client = try socket.connect()
        let parameters = InstallReader.Parameters(reader: reader, cancel: cancel)
        let service = try ReaderFollowing(reader, &client).service(
            &client, among: ReaderFollowing.installEndings, within: cancel ? 3 : Self.seconds
        ) { client throws(ControlFailure) in
            _ = try client.call(InstallReader.self, parameters)
        }
        let wanted: ReaderService = cancel ? .installEnded : .installed
        try ReaderFollowing.tell(service, done: wanted, reader, output)
    }
}

/// The key goes over the line under one that everybody knows: a person stands beside it.
enum InstallConsent {
    static func ask(yes: Bool, _ output: Output) throws(Problem) {
        guard !yes else { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw .badData(TextRecord(zh: "请加 --yes 确认", en: "say --yes to confirm"))
        }
        output.note(
            output.catalogue.say(
                "新密钥会在人人都知道的出厂密钥下发出：请确认线上没有别人，读卡器已按说明书复位。继续？(y/N)",
                "The new key goes out under the factory's, which everybody knows: be sure that "
                    + "nobody else is on the line and that the reader was reset. Go on? (y/N)"))
        guard let said = readLine(), ["y", "Y", "yes", "是"].contains(said) else {
            throw .told(.no)
        }
    }
}

/// Waits in the journal for what becomes of an order.
struct ReaderFollowing {
    static let installEndings: [ReaderService] = [
        .installed, .installEnded, .installRefused, .installNotKept, .installDoubtful,
    ]

    private let reader: String
    /// Everything up to here was there before the order.
    private var after: EntryCursor

    init(_ reader: String, _ client: inout ControlClient) throws(Problem) {
        self.reader = reader
        do {
            let newest = try client.call(ReadEntries.self, ReadEntries.Parameters(limit: 1))
            after = EntryCursor(store: newest.store, sequence: newest.newest)
        } catch {
            throw .station(error)
        }
    }

    /// Gives the order and waits for one of these services.
    /// - Returns: `nil` when nothing was written in time.
    func service(
        _ client: inout ControlClient, among endings: [ReaderService], within seconds: Int64,
        _ order: (inout ControlClient) throws(ControlFailure) -> Void
    ) throws(Problem) -> ReaderService? {
        do {
            try order(&client)
            return try wait(&client, among: endings, within: .seconds(seconds))
        } catch {
            throw .station(error)
        }
    }

    private func wait(
        _ client: inout ControlClient, among endings: [ReaderService], within limit: Interval
    ) throws(ControlFailure) -> ReaderService? {
        let end = OSDPLine.now + limit
        var after = after
        while OSDPLine.now < end {
            let left = (end - OSDPLine.now).milliseconds
            let page = try client.call(
                ReadEntries.self,
                ReadEntries.Parameters(after: after, wait: Int(max(1, min(5_000, left)))))
            for entry in page.entries where entry.detail.reader == reader {
                let service = ReaderService.allCases.first { $0.name == entry.detail.service }
                if let service, endings.contains(service) { return service }
            }
            guard let next = EntryCursor(page.next) else { return nil }
            after = next
        }
        return nil
    }

    /// Says what came of it. - Throws: `told(.no)` when it is not what was wanted.
    static func tell(
        _ service: ReaderService?, done: ReaderService, _ reader: String, _ output: Output
    ) throws(Problem) {
        if output.isJSON {
            output.json(["reader": reader, "service": service?.name ?? "unknown"])
        } else {
            let text = service.map { output.catalogue.service($0.name) }
            output.line(
                reader + output.catalogue.say("：", ": ")
                    + (text
                        ?? output.catalogue.say(
                            "还没有结果：看 stationctl watch", "no outcome yet: see stationctl watch")))
        }
        guard service == done else { throw .told(.no) }
    }
}
