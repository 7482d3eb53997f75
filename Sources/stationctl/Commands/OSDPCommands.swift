// `stationctl osdp`: try a reader on its line, or give it a key, without the daemon.

import ArgumentParser
import Control
import EventLoop
import StationCore

struct OSDPCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "osdp",
        abstract: "RS-485读卡器：不经驿站直接试 / A reader on RS-485, tried without the daemon.",
        subcommands: [OSDPPoll.self, OSDPInstall.self])
}

/// Which line.
struct OSDPLineOptions: ParsableArguments {
    @Option(name: .long, help: "串口，如 /dev/ttyUSB0 / The serial port.")
    var port: String

    @Option(name: .long, help: "波特率，默认9600 / Bits a second; 9600 unless said.")
    var baud: UInt32 = 9_600

    @Flag(name: .long, help: "转换器会听到自己发的字节 / The adapter hears what it sends.")
    var echo = false

    func validate() throws {
        guard OSDPCommunication.bauds.contains(baud) else {
            let known = OSDPCommunication.bauds.map(String.init).joined(separator: ", ")
            throw ValidationError("--baud: \(known)")
        }
    }

    /// An address on the line.
    static func address(_ text: String) throws -> UInt8 {
        guard let address = UInt8(text), address <= OSDPCommunication.lastAddress else {
            throw ValidationError("--address 应为 takes 0 to \(OSDPCommunication.lastAddress)")
        }
        return address
    }
}

struct OSDPPoll: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll",
        abstract: "实时：读卡器在说什么 / Live: what the reader says, until Ctrl-C.",
        discussion: """
            stationctl osdp poll --port /dev/ttyUSB0 --address 0 --scbk-file reader.key
            先停掉占用串口的 stationd。 Stop the stationd that holds the port first.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var line: OSDPLineOptions

    @Option(
        name: .long, help: "读卡器地址，可多次 / A reader's address; more than one is fine.",
        transform: OSDPLineOptions.address)
    var address: [UInt8] = []

    @Option(
        name: .customLong("scbk-file"),
        help: "密钥文件：每个地址一个，或全体一个 / Its key: one for each address, or one for all.")
    var keyFile: [String] = []

    @Flag(name: .long, help: "也听明文的卡 / Hear cards in the clear as well.")
    var clear = false

    @Flag(name: .long, help: "每张卡用绿灯和一声回应 / Answer each card with green and a beep.")
    var answer = false

    @Option(name: .long, help: "多少秒后结束 / End after so many seconds.")
    var seconds: Int?

    func validate() throws {
        guard !address.isEmpty, address.count <= OSDPLimits.peersPerBus,
            Set(address).count == address.count
        else {
            throw ValidationError(
                "--address: 1-\(OSDPLimits.peersPerBus)个，不可重复 / each once, at most "
                    + "\(OSDPLimits.peersPerBus)")
        }
        guard [0, 1, address.count].contains(keyFile.count) else {
            throw ValidationError("--scbk-file: 1个或与地址一样多 / one, or as many as addresses")
        }
        guard !clear || keyFile.isEmpty else {
            throw ValidationError("--clear 与 --scbk-file 不能同用 / not together")
        }
        guard (1...1_000_000).contains(seconds ?? 1) else {
            throw ValidationError("--seconds: 1-1000000")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var keys: [OSDPKey] = []
        for file in keyFile { keys.append(try OSDPKeyFile.read(file, output)) }
        let peers = address.indices.map { index in
            let key = keys.count == 1 ? keys[0] : keys.indices.contains(index) ? keys[index] : nil
            return OSDPPeerSettings(
                address: address[index], security: clear ? .clear : .enforced(key))
        }
        var play = try OSDPLine(
            path: line.port, OSDPBusSettings(baud: line.baud, echoes: line.echo, peers: peers))
        if keys.isEmpty, !clear {
            output.warn(
                TextRecord(
                    zh: "没有密钥，只看读卡器是谁；要听明文的卡请加 --clear",
                    en: "no key: shows who the reader is and no more; --clear hears cards in the "
                        + "clear"))
        }
        let report = OSDPReport(output: output, start: play.start)
        let answers = answer
        _ = try play.play(for: seconds.map { .seconds(Int64($0)) }) {
            play, peer, news throws(Problem) in
            report.tell(news, of: play.bus.status(of: peer).address)
            if answers, case .card = news {
                let green = OSDPLight(passing: .show(.steady(.green), tenths: 10))
                let beep = OSDPBuzz(onTenths: 2, offTenths: 1, repetitions: 1)
                let isQueued = play.submit(.light(green), to: peer)
                if !isQueued || !play.submit(.buzz(beep), to: peer) {
                    report.tell(.lapsed(.buzz), of: play.bus.status(of: peer).address)
                }
                let claims = play.bus.status(of: peer).capabilities
                if claims?[.text].map({ $0.level > 0 }) ?? false,
                    let text = OSDPDisplay("Card read", seconds: 2)
                {
                    _ = play.submit(.text(text), to: peer)
                }
            }
            return true
        }
        for peer in 0..<play.bus.peerCount { report.end(play.bus.status(of: peer)) }
        let isWell = (0..<play.bus.peerCount).allSatisfy { play.bus.status(of: $0).isOnline }
        guard isWell else { throw .told(.no) }
    }
}
