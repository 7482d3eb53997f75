// `stationctl osdp install`: a new reader's own key, on the bench or at the wall.

import ArgumentParser
import Control
import EventLoop
import Glibc
import StationCore

struct OSDPInstall: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "给处于安装模式的读卡器一把密钥 / Give a reader in install mode its own key.",
        discussion: """
            stationctl osdp install --port /dev/ttyUSB0 --address 0 --scbk-file reader.key
            密钥由系统随机数生成，先存文件再发给读卡器。
            The key is made from random bytes and stored before the reader gets it.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var line: OSDPLineOptions

    @Option(
        name: .long, help: "读卡器地址 / The reader's address.",
        transform: OSDPLineOptions.address)
    var address: UInt8

    @Option(
        name: .customLong("scbk-file"),
        help: "新密钥存到这里，文件须不存在 / Where the new key goes; a file that is not there yet.")
    var keyFile: String

    @Flag(name: .long, help: "不再询问 / Do not ask.")
    var yes = false

    @Option(name: .long, help: "最多等多少秒，至多300 / Wait so many seconds, at most 300.")
    var seconds = 120

    func validate() throws {
        guard (1...300).contains(seconds) else { throw ValidationError("--seconds: 1-300") }
    }

    func execute(_ output: Output) throws(Problem) {
        guard access(keyFile, F_OK) != 0 else { throw .exists(path: keyFile) }
        try InstallConsent.ask(yes: yes, output)
        var play = try OSDPLine(
            path: line.port,
            OSDPBusSettings(
                baud: line.baud, echoes: line.echo,
                peers: [OSDPPeerSettings(address: address, security: .enforced(nil))]))
        if play.install(0) != nil { preconditionFailure("a new bus refuses its only reader") }
        let report = OSDPReport(output: output, start: play.start)
        var isStored = false
        var ending: OSDPInstallEnding?
        _ = try play.play(for: .seconds(Int64(seconds))) { play, peer, news throws(Problem) in
            report.tell(news, of: address)
            if case .keyChosen(let key) = news, !isStored {
                try OSDPKeyFile.write(key, keyFile)
                isStored = true
                play.keyKept(peer)
            }
            if case .installEnded(let end) = news { ending = end }
            return ending == nil
        }
        report.end(play.bus.status(of: 0))
        if ending == .done { return }
        // Nobody can tell whether the reader has it: the file stays.
        if isStored {
            throw .badData(
                TextRecord(
                    zh: "不知读卡器是否收下了密钥：请留着 \(keyFile)，用 osdp poll 试",
                    en: "nobody knows whether the reader took the key: keep \(keyFile) and try "
                        + "it with osdp poll"))
        }
        throw .told(.no)
    }
}
