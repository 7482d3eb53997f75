// `stationctl do` and `stationctl guard`: what a crew tells a box, and what keeps it safe.

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

struct GuardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guard",
        abstract: "保护：看，复位 / Guards: look at them, reset one.",
        subcommands: [GuardList.self, GuardReset.self], defaultSubcommand: GuardList.self)
}

struct GuardList: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "各设备的保护 / Every guard and how it stands.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Flag(help: "只看已动作的 / Only those that stand.")
    var standing = false

    /// One guard in `--json`.
    struct Line: Codable {
        var device: String
        var `guard`: GuardRecord
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let devices: [DeviceRecord]
        do {
            devices = try client.devices()
        } catch {
            throw .station(error)
        }
        let lines = devices.flatMap { device in
            (device.guards ?? []).filter { !standing || $0.stands }
                .map { Line(device: device.name, guard: $0) }
        }
        guard !output.isJSON else { return output.json(lines) }
        let catalogue = output.catalogue
        if lines.isEmpty { output.line(catalogue.say("没有", "none")) }
        for line in lines { output.line(catalogue.text(line)) }
    }
}

struct GuardReset: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "原因排除后复位 / Reset one whose cause is over.",
        discussion: """
            stationctl guard reset sockets too_hot_3
            原因还在时不能复位；谁复位的有记录。被断开的不会自己接通。
            It stands while its cause holds. Who reset it is written down; what it cut stays off.
            设备被上一级断了电，读不到数据：看过现场再 stationctl guard reset sockets too_hot_3 --blind
            Its device has no power and says nothing: look there, then --blind. Within two minutes
            it has to answer again, or its silence trips what watches for that.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "设备 / The device's name.")
    var device: String

    @Argument(help: "保护 / The guard's name.")
    var name: String

    @Flag(help: "看过现场，读不到数据也复位 / You have looked there: no values are needed.")
    var blind = false

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func execute(_ output: Output) throws(Problem) {
        if blind {
            try Confirmation.ask(
                TextRecord(
                    zh: "\(device) \(name)：你看过现场，现在安全吗？它的读数不作数了。",
                    en: "\(device) \(name): have you looked, is it safe? No values are needed."),
                isAnswered: yes, output)
        }
        var client = try socket.connect()
        let reply: ResetGuard.Reply
        do {
            reply = try client.call(
                ResetGuard.self,
                ResetGuard.Parameters(device: device, guard: name, blind: blind ? true : nil))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(reply) }
        output.line("\(device) \(name): " + output.catalogue.say("已复位", "reset"))
    }
}

extension Catalogue {
    /// `sockets too_hot_3（过热）: 已动作 15:02:11，已确认断开`
    fileprivate func text(_ line: GuardList.Line) -> String {
        let rule = line.guard
        let name = "\(line.device) \(guardName(rule.name)): "
        guard rule.stands else { return name + say("正常", "at rest") }
        let time = rule.time.map { " " + $0.dropFirst(11).prefix(8) } ?? ""
        let how =
            switch (rule.acts, rule.secured, rule.escalated) {
            case (false, _, _): say("只提醒，不断开", "it only tells: go and look")
            case (true, true, false): say("已确认断开", "confirmed safe")
            case (true, true, true): say("上一级已断开", "cut off by the outer actuator")
            case (true, false, _): say("没能确认断开：请马上去看", "not confirmed: go there now")
            }
        return name + say("已动作", "tripped") + time + say("，", ", ") + how
    }
}
