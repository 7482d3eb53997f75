// `stationctl card match`: which way of writing a number is the one that is printed on a card.

import ArgumentParser
import Control
import StationCore

struct CardMatch: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "卡面印的是哪种写法 / Which view of a card is the number printed on it.",
        discussion: """
            stationctl card match "0040856634"                        再刷卡 / then present the card
            stationctl card match "111,27706" --reader gate-reader
            stationctl card match "0166735958" --card iso14443:5630F009
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "卡面上的文字 / The text printed on the card.")
    var printed: String

    @Option(name: .long, help: "不刷卡，直接给出 / The card itself, TECH:HEX, in place of a tap.")
    var card: String?

    @Option(name: .long, help: "在哪个读卡器上刷 / The reader where it will be presented.")
    var reader: String?

    func execute(_ output: Output) throws(Problem) {
        let report = if let card { try given(card) } else { try presented(output) }
        if output.isJSON {
            output.json(report)
        } else {
            for line in report.lines(output.catalogue) { output.line(line) }
        }
        guard !report.matches.isEmpty else {
            throw .badData(
                TextRecord(
                    zh: "“\(printed)”不是这张卡的任何一种写法",
                    en: "`\(printed)` is no way to write this card's number"))
        }
    }

    private func given(_ card: String) throws(Problem) -> MatchReport {
        do throws(CardTextError) {
            return MatchReport(
                try CardText.parse(card), printed: printed, format: nil, views: nil)
        } catch {
            throw .badData(TextRecord(zh: error.text(.chinese), en: error.text(.english)))
        }
    }

    /// Of the next card that somebody presents.
    private func presented(_ output: Output) throws(Problem) -> MatchReport {
        var watch = CardWatch(socket: socket, reader: reader)
        output.note(output.catalogue.say("请刷这张卡", "present the card"))
        let tap = try watch.next()
        guard let credential = TapReport.credential(of: tap) else {
            throw .badData(
                TextRecord(zh: "刷的不是卡", en: "what was presented has no card number"))
        }
        return MatchReport(
            credential, printed: printed, format: tap.format.flatMap { WiegandFormat(name: $0) },
            views: try views(of: tap.reader))
    }

    /// The views that the reader tries, as the station runs it.
    private func views(of reader: String) throws(Problem) -> [View]? {
        var client = try socket.connect()
        let devices: [DeviceRecord]
        do {
            devices = try client.call(ListDevices.self, NoParameters()).devices
        } catch {
            throw .station(error)
        }
        return devices.first { $0.name == reader }?.views?.compactMap { View(name: $0) }
    }
}
