// `stationctl tap`: presents a card at a reader of a simulated station.

import ArgumentParser
import Control
import StationCore

struct TapCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract: "在模拟驿站刷卡 / Present a card at a simulated reader.",
        discussion: """
            stationctl tap gate-reader 00110111101101100001110101
            stationctl tap gate-reader 111,27706 --form 2H+4H
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "读卡器 / The reader's name.")
    var reader: String

    @Argument(help: "线上的0和1，或配合 --form 的卡号 / Bits as on the wire, or a number with --form.")
    var card: String

    @Option(name: .long, help: "卡号的写法，如 2H+4H / How the number is written, such as 2H+4H.")
    var form: String?

    @Option(name: .long, help: "读卡器的格式 / The reader's format.")
    var format = WiegandFormat.h10301.name

    func execute(_ output: Output) throws(Problem) {
        let bits = try form.map { form throws(Problem) in try encode(as: form) } ?? card
        var client = try socket.connect()
        do {
            _ = try client.call(Tap.self, Tap.Parameters(reader: reader, bits: bits))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(Tap.Parameters(reader: reader, bits: bits)) }
        output.line(
            output.catalogue.say(
                "已刷：结果见 stationctl watch --last 5",
                "tapped: stationctl watch --last 5 shows what came of it"))
    }

    /// The frame that a reader of that format would send for the number.
    private func encode(as name: String) throws(Problem) -> String {
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
