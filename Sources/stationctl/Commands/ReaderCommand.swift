// `stationctl reader`: looks after one reader of the running station.

import ArgumentParser
import Control
import Glibc
import StationCore

struct ReaderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reader", abstract: "照看一个读卡器 / Look after one reader.",
        subcommands: [
            ReaderTest.self, ReaderReset.self, ReaderInstallMode.self, ReaderSetAddress.self,
        ])
}

struct ReaderTest: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "依次播放三种声光，再说它好不好 / Play its three rhythms, then say how it is.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "读卡器 / The reader's name.")
    var reader: String

    /// The longest rhythm, and a pause that tells it from the next.
    private static let pauseMilliseconds: Int32 = 1_800

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            for rhythm in Rhythm.allCases {
                if rhythm != Rhythm.allCases.first { poll(nil, 0, Self.pauseMilliseconds) }
                _ = try client.call(
                    TestReader.self, TestReader.Parameters(reader: reader, rhythm: rhythm.name))
                output.note(output.catalogue.rhythm(rhythm))
            }
            try ReaderHealth.tell(reader, &client, output)
        } catch {
            throw .station(error)
        }
    }
}

struct ReaderReset: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "重开端口，或让总线读卡器重新握手 / Open its port anew, or begin from the beginning.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "读卡器 / The reader's name.")
    var reader: String

    /// A handshake takes a tenth of a second, a USB reader a second or two.
    private static let patienceMilliseconds: Int32 = 2_500

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            _ = try client.call(ResetReader.self, ResetReader.Parameters(reader: reader))
            poll(nil, 0, Self.patienceMilliseconds)
            try ReaderHealth.tell(reader, &client, output)
        } catch {
            throw .station(error)
        }
    }
}

struct ReaderSetAddress: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-address",
        abstract: "给总线读卡器换地址和波特率 / Give a reader on a bus another address and speed.",
        discussion: """
            stationctl reader set-address gate-reader --address 3 --baud 38400
            换过之后请改驿站文件。波特率要整条线的读卡器都换过才生效。
            Change the station file afterwards. The line takes another speed when its last reader
            has it.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "读卡器 / The reader's name.")
    var reader: String

    @Option(name: .long, help: "新地址，0到126 / Its address from now on, 0 to 126.")
    var address: Int

    @Option(name: .long, help: "波特率 / Bits a second.")
    var baud: Int

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let parameters = MoveReader.Parameters(reader: reader, address: address, baud: baud)
        let seconds = Int64(4)
        let service = try ReaderFollowing(reader, &client).service(
            &client, among: [.moved, .moveFailed], within: seconds
        ) { client throws(ControlFailure) in
            _ = try client.call(MoveReader.self, parameters)
        }
        try ReaderFollowing.tell(service, done: .moved, reader, output)
    }
}

/// A reader's faults, and whether it has any.
enum ReaderHealth {
    static func tell(
        _ reader: String, _ client: inout ControlClient, _ output: Output
    ) throws(ControlFailure) {
        guard let device = try client.devices().first(where: { $0.name == reader }) else { return }
        guard !output.isJSON else { return output.json(device) }
        let text = StationText(catalogue: output.catalogue)
        for line in text.table([device]) { output.line(line) }
    }
}

extension Catalogue {
    /// What a person should hear and see now.
    func rhythm(_ rhythm: Rhythm) -> String {
        switch rhythm {
        case .comeIn: say("请进：一长", "come in: one long")
        case .tryAgain: say("再试一次：两短", "try again: two short")
        case .askSomeone: say("请找人：三短", "ask someone: three short")
        }
    }
}
