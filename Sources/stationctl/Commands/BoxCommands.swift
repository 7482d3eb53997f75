// `stationctl do`: what a crew tells a box.

import ArgumentParser
import Control
import StationCore

struct DoCommand: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "do",
        abstract: "让一台设备做一个动作 / Have a box do something.",
        discussion: """
            stationctl do locker-a open lock=3
            stationctl do relays switch_off relay=1
            名称和参数见 stationctl devices --json；每个命令都有记录。
            Names and numbers: see stationctl devices --json. Every order is written down.
            confirmed 看到已做到 / it was seen to be done; accepted 设备说会做 / the device said so;
            failed 没有做 / it was not done; unknown 结果不明，请去看看 / nobody knows: go and look.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "设备 / The device's name.")
    var device: String

    @Argument(help: "动作 / What it is to do.")
    var action: String

    @Argument(help: "参数，如 lock=3 / Its numbers, such as lock=3.")
    var arguments: [String] = []

    func validate() throws {
        for argument in arguments where Self.pair(argument) == nil {
            throw ValidationError("\(argument): 应为 expected NAME=NUMBER，如 such as lock=3")
        }
    }

    private static func pair(_ text: String) -> (name: String, value: String)? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, DecimalNumber(parts[1]) != nil else {
            return nil
        }
        return (String(parts[0]), String(parts[1]))
    }

    func execute(_ output: Output) throws(Problem) {
        // A valve may be open for a minute before its outcome is known.
        var client = try socket.connect(patience: 130)
        let values = Dictionary(
            arguments.compactMap(Self.pair).map { ($0.name, $0.value) },
            uniquingKeysWith: { _, last in last })
        let reply: PerformAction.Reply
        do {
            reply = try client.call(
                PerformAction.self,
                PerformAction.Parameters(device: device, action: action, arguments: values))
        } catch {
            throw .station(error)
        }
        if output.isJSON {
            output.json(reply)
        } else {
            output.line(
                "\(device) \(action): \(output.catalogue.outcome(reply.outcome)) #\(reply.order)")
        }
        let isDone = ["confirmed", "accepted"].contains(reply.outcome)
        if !isDone { throw .told(.no) }
    }
}
