// `stationctl enroll`: a card becomes a key by being shown at a reader, after a master's.

import ArgumentParser
import Control
import EventLoop
import StationCore

struct EnrollCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "现场登记一张卡 / Make a card a key by showing it.",
        discussion: """
            stationctl enroll k-0042 --holder r-17 --doors gate --reader gate-reader
            stationctl enroll k-0042 --holder r-17 --rights visitor --reader gate-reader
            stationctl enroll k-0042 --reader gate-reader       再加一张卡 / another card of it
            stationctl enroll --cancel
            stationctl enroll --withdraw k-0042
            一分钟内：站长（或代理）先刷卡，再刷新卡。
            Within a minute: a master (or deputy) taps, then the new card.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "钥匙的编号 / The key's id.")
    var key: String?

    @Option(name: .long, help: "在哪个读卡器 / At which reader.")
    var reader: String?

    @Option(name: .long, help: "新钥匙的持有人编号 / Of a new key: its holder's reference.")
    var holder: String?

    @Option(
        name: .long, parsing: .upToNextOption, help: "新钥匙能开的门 / Of a new key: the doors it opens.")
    var doors: [String] = []

    @Option(name: .long, help: "新钥匙用哪个权限模板 / Of a new key, instead: a template of rights.")
    var rights: String?

    @Option(name: .long, help: "从哪天起 / The first day, 2026-12-01.")
    var from: String?

    @Option(name: .long, help: "到哪天止 / The last day.")
    var to: String?

    @Flag(name: .long, help: "卡号看似不全也收 / Take a number that looks incomplete.")
    var asItIs = false

    @Flag(name: .long, help: "取消正在等的登记 / End the one that is pending.")
    var cancel = false

    @Option(name: .long, help: "作废一把钥匙现场登记的卡 / Take a key's enrolled cards away.")
    var withdraw: String?

    func validate() throws {
        let isEnrolment = key != nil
        guard [isEnrolment, cancel, withdraw != nil].count(where: { $0 }) == 1 else {
            throw ValidationError(
                "登记写钥匙编号，或 --cancel，或 --withdraw / a key's id, --cancel or --withdraw")
        }
        if isEnrolment, reader == nil {
            throw ValidationError("缺 --reader / --reader is missing")
        }
        let given = [!doors.isEmpty, rights != nil].count { $0 }
        if isEnrolment, given != (holder == nil ? 0 : 1) {
            throw ValidationError(
                "新钥匙要有 --holder，再加 --doors 或 --rights / "
                    + "a new key needs --holder, and --doors or --rights")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        guard let key, let reader else {
            do {
                if let withdraw {
                    _ = try client.call(WithdrawCards.self, WithdrawCards.Parameters(key: withdraw))
                } else {
                    _ = try client.call(CancelEnrolment.self)
                }
            } catch {
                throw .station(error)
            }
            return output.isJSON
                ? output.json(["done": true]) : output.line(output.catalogue.say("完成", "done"))
        }
        var follow = try EnrolmentFollowing(&client)
        do {
            _ = try client.call(
                EnrolCard.self,
                EnrolCard.Parameters(
                    reader: reader, key: key, holder: holder, doors: doors.isEmpty ? nil : doors,
                    rights: rights, from: from, to: to, asItIs: asItIs))
        } catch {
            throw .station(error)
        }
        if !output.isJSON {
            output.note(
                output.catalogue.say(
                    "一分钟内，在 \(reader)：站长先刷卡，再刷新卡。Ctrl-C 不取消，要取消用 --cancel",
                    "within a minute, at \(reader): a master taps, then the new card. Ctrl-C does "
                        + "not end it, --cancel does"))
        }
        guard try follow.follow(reader, &client, output) == .enrolled else { throw .told(.no) }
    }
}

/// Tells an enrolment's steps as they come, until its last one.
struct EnrolmentFollowing {
    /// Everything up to here was there before the request.
    private var after: EntryCursor

    /// An enrolment lasts 60 seconds; its last entry is written a moment later.
    private static let patience = Interval.seconds(70)

    init(_ client: inout ControlClient) throws(Problem) {
        do {
            let newest = try client.call(ReadEntries.self, ReadEntries.Parameters(limit: 1))
            after = EntryCursor(store: newest.store, sequence: newest.newest)
        } catch {
            throw .station(error)
        }
    }

    /// - Returns: the last step; `nil` when none was written in time.
    mutating func follow(
        _ reader: String, _ client: inout ControlClient, _ output: Output
    ) throws(Problem) -> EnrolmentStep? {
        let end = OSDPLine.now + Self.patience
        while OSDPLine.now < end {
            for entry in try next(&client, until: end) where entry.detail.reader == reader {
                let step = EnrolmentStep.allCases.first { $0.name == entry.detail.step }
                // What a reader could not read is why nothing seems to happen.
                guard step != nil || entry.detail.diagnosis != nil else { continue }
                tell(entry, output)
                if let step, step.isLast { return step }
            }
        }
        output.note(
            output.catalogue.say(
                "没有结果可看：stationctl roster show --keys 看是否已登记",
                "no outcome was written: stationctl roster show --keys tells"))
        return nil
    }

    private mutating func next(
        _ client: inout ControlClient, until end: Instant
    ) throws(Problem) -> [EntryRecord] {
        do {
            let left = (end - OSDPLine.now).milliseconds
            let page = try client.call(
                ReadEntries.self,
                ReadEntries.Parameters(after: after, wait: Int(max(1, min(5_000, left)))))
            if let next = EntryCursor(page.next) { after = next }
            return page.entries
        } catch {
            throw .station(error)
        }
    }

    private func tell(_ entry: EntryRecord, _ output: Output) {
        guard !output.isJSON else { return output.json(entry) }
        let words = output.catalogue
        var line =
            entry.detail.step.map { words.step($0) }
            ?? entry.detail.diagnosis.map { words.diagnosis($0) } ?? entry.kind
        // Whose card it is, or who agreed: what the sentence alone does not say.
        if let step = entry.detail.step, ["approved", "known", "collides"].contains(step) {
            line +=
                words.say("（", " (")
                + [entry.detail.device, entry.key].compactMap { $0 }
                .joined(separator: ", ") + words.say("）", ")")
        }
        output.line(line)
    }
}
