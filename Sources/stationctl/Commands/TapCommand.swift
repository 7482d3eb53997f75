// `stationctl tap`: shows cards as they are presented; at a simulated station it presents one.

import ArgumentParser
import Control
import StationCore

struct TapCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "看刷卡；在模拟驿站刷卡 / Show cards as they come; present one to a simulation.",
        discussion: """
            stationctl tap                                 刷一张看一张 / every card that comes
            stationctl tap --reader gate-reader --count 1
            stationctl tap gate-reader 00110111101101100001110101     模拟 / in a simulation
            stationctl tap gate-reader 111,27706 --form 2H+4H
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "模拟的读卡器 / The simulated reader's name.")
    var place: String?

    @Argument(help: "线上的0和1，或配合 --form 的卡号 / Bits as on the wire, or a number with --form.")
    var card: String?

    @Option(name: .long, help: "只看这个读卡器 / Only cards at this reader.")
    var reader: String?

    @Option(name: .long, help: "看几张就结束 / End after so many cards.")
    var count: Int?

    @Option(name: .long, help: "卡号的写法，如 2H+4H / How the number is written, such as 2H+4H.")
    var form: String?

    @Option(name: .long, help: "读卡器的格式 / The reader's format.")
    var format = WiegandFormat.h10301.name

    func validate() throws {
        if place != nil, card == nil {
            throw ValidationError(
                "要看刷卡用 --reader；要模拟刷卡还缺卡号 / --reader shows cards; presenting one needs a card")
        }
        if place != nil, reader != nil || count != nil {
            throw ValidationError(
                "--reader、--count 只用来看刷卡 / --reader and --count are for showing cards")
        }
        if let count, count < 1 { throw ValidationError("--count: 1 ...") }
    }

    func execute(_ output: Output) throws(Problem) {
        guard let place, let card else { return try show(output) }
        let bits = try form.map { form throws(Problem) in try encode(card, as: form) } ?? card
        var client = try socket.connect()
        do {
            _ = try client.call(Tap.self, Tap.Parameters(reader: place, bits: bits))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(Tap.Parameters(reader: place, bits: bits)) }
        output.line(
            output.catalogue.say(
                "已刷：结果见 stationctl watch --last 5",
                "tapped: stationctl watch --last 5 shows what came of it"))
    }

    /// One card after the other, until so many were shown or somebody presses Ctrl-C.
    private func show(_ output: Output) throws(Problem) {
        var watch = CardWatch(socket: socket, reader: reader)
        if !output.isJSON {
            output.note(
                output.catalogue.say(
                    "请刷卡，Ctrl-C 结束；能进的卡照样开门",
                    "present a card, Ctrl-C ends; whoever may pass is let through as always"))
        }
        var shown = 0
        while shown < count ?? .max {
            let report = TapReport(try watch.next())
            shown += 1
            if output.isJSON {
                output.json(report)
            } else {
                for line in report.lines(output.catalogue) { output.line(line) }
            }
        }
    }

    /// The frame that a reader of that format would send for the number.
    private func encode(_ card: String, as name: String) throws(Problem) -> String {
        guard let form = PrintedForm(name: name) else {
            let known = PrintedForm.all.map(\.name).joined(separator: " ")
            throw .badData(
                TextRecord(
                    zh: "没有写法 \(name)，有：\(known)", en: "no form \(name); there are: \(known)"))
        }
        guard let format = WiegandFormat(name: format) else {
            let known = WiegandFormat.named.map(\.name).joined(separator: " ")
            throw .badData(
                TextRecord(
                    zh: "没有格式 \(self.format)，有：\(known)",
                    en: "no format \(self.format); there are: \(known)"))
        }
        let number: Number
        do {
            number = try form.parse(card)
        } catch {
            throw .badData(TextRecord(zh: error.text(.chinese), en: error.text(.english)))
        }
        guard let frame = format.encode(number) else {
            throw .badData(
                TextRecord(
                    zh: "这个卡号放不进 \(format.name)：换一个 --format",
                    en: "the number does not fit \(format.name): take another --format"))
        }
        let digits = String(frame, radix: 2)
        return String(repeating: "0", count: format.bitCount - digits.utf8.count) + digits
    }
}
