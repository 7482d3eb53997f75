// `stationctl decode osdp`: what was said on a reader's line.

import ArgumentParser
import Control
import StationCore

struct DecodeOSDP: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "osdp",
        abstract: "RS-485读卡器的OSDP帧 / OSDP frames, one or a recording, both directions.",
        discussion: """
            stationctl decode osdp FF 53 65 08 00 04 60 60 90
            有握手和密钥，加密的帧也能解开。 With the handshake and the key, secured frames open.
            """)

    @OptionGroup var speech: SpeechOptions

    @Option(
        name: .customLong("scbk-file"),
        help: "读卡器密钥：32个十六进制数字的文件 / The reader's key: a file of 32 hex digits.")
    var keyFile: String?

    @Argument(help: "十六进制，可分成几段 / Hexadecimal digits, in one piece or several.")
    var bytes: [String]

    func execute(_ output: Output) throws(Problem) {
        let key: OSDPKey? =
            if let keyFile { try OSDPKeyFile.read(keyFile, output) } else { nil }
        let decoding = OSDPDecoding(try HexInput.bytes(bytes.joined()), key: key)
        if output.isJSON {
            output.json(decoding)
        } else {
            for line in decoding.lines(output.catalogue) { output.line(line) }
        }
        if let reason = decoding.reason { throw .badData(reason) }
    }
}
