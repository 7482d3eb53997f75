// `stationctl decode ccid`: what a message between a host and a USB card reader says.

import ArgumentParser
import Control
import StationCore

struct DecodeCCID: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "ccid",
        abstract: "USB读卡器的CCID报文 / A CCID message, either way, or a class descriptor.",
        discussion: "stationctl decode ccid 80 02000000 00 07 00 00 00 9000")

    @OptionGroup var speech: SpeechOptions

    @Argument(help: "十六进制，可分成几段 / Hexadecimal digits, in one piece or several.")
    var bytes: [String]

    func execute(_ output: Output) throws(Problem) {
        let decoding = try CCIDDecoding.parse(bytes.joined())
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
    }
}
