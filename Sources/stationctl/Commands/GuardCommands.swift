// `stationctl guard`: what keeps people safe, how it stands, and the reset of what has tripped.

import ArgumentParser
import Control
import StationCore

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
        abstract: "原因排除后复位 / Reset what stands, once its cause is over.",
        discussion: """
            stationctl guard reset sockets too_hot_3
            原因还在时不能复位；谁复位的有记录。被断开的不会自己接通。
            It stands while its cause holds. Who reset it is written down; what it cut stays off.
            设备被上一级断了电，读不到数据：看过现场再 stationctl guard reset sockets too_hot_3 --blind
            Its device has no power and says nothing: look there, then --blind. Within two minutes
            it has to answer again, or its silence trips what watches for that.
            一台设备动作的全部一起复位： All of a device that stand, one after the other:
            stationctl guard reset sockets --all --blind
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "设备 / The device's name.")
    var device: String

    @Argument(help: "保护 / The guard's name.")
    var name: String?

    @Flag(help: "这台设备动作了的全部 / All of the device that stand.")
    var all = false

    @Flag(help: "看过现场，读不到数据也复位 / You have looked there: no values are needed.")
    var blind = false

    @Flag(name: .long, help: "不询问 / Do not ask.")
    var yes = false

    func validate() throws {
        guard (name == nil) == all else {
            throw ValidationError("写一个保护，或写 --all。 Name one guard, or say --all.")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        guard let name else { return try resetAll(output) }
        try ask([name], output)
        var client = try socket.connect()
        let reply: ResetGuard.Reply
        do {
            reply = try client.call(ResetGuard.self, parameters(name))
        } catch {
            throw .station(error)
        }
        guard !output.isJSON else { return output.json(reply) }
        output.line("\(device) \(name): " + output.catalogue.say("已复位", "reset"))
    }

    /// Each has its own entry, and its own answer.
    private func resetAll(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        let names: [String]
        do {
            names = GuardSweep.standing(of: device, in: try client.devices())
        } catch {
            throw .station(error)
        }
        guard !names.isEmpty else {
            output.isJSON
                ? output.json([GuardSweep.Line]()) : output.line(output.catalogue.say("没有", "none"))
            return
        }
        try ask(names, output)
        var sweep = GuardSweep()
        let broken = sweep.run(names) { (name) throws(ControlFailure) in
            _ = try client.call(ResetGuard.self, parameters(name))
        }
        if output.isJSON {
            output.json(sweep.lines)
        } else {
            for line in sweep.lines { output.line(output.catalogue.text(line, of: device)) }
        }
        if let broken { throw .station(broken) }
        if !sweep.isClean { throw .told(.no) }
    }

    private func parameters(_ name: String) -> ResetGuard.Parameters {
        ResetGuard.Parameters(device: device, guard: name, blind: blind ? true : nil)
    }

    private func ask(_ names: [String], _ output: Output) throws(Problem) {
        guard blind else { return }
        let list = names.joined(separator: " ")
        try Confirmation.ask(
            TextRecord(
                zh: "\(device) \(list)：你看过现场，现在安全吗？它的读数不作数了。",
                en: "\(device) \(list): have you looked, is it safe? No values are needed."),
            isAnswered: yes, output)
    }
}

/// What became of each guard of a device that was to be reset.
struct GuardSweep {
    /// One guard in `--json`.
    struct Line: Codable, Equatable {
        var `guard`: String
        var reset: Bool
        /// Why it stands: the word of a `ControlReason`.
        var reason: String?
    }

    private(set) var lines: [Line] = []

    var isClean: Bool { lines.allSatisfy(\.reset) }

    /// The guards of a device that stand, in its order.
    static func standing(of device: String, in devices: [DeviceRecord]) -> [String] {
        (devices.first { $0.name == device }?.guards ?? []).filter(\.stands).map(\.name)
    }

    /// Resets one after the other. One that stands on does not keep the others.
    ///
    /// - Returns: why it ended before the last; what was answered until then is in `lines`, and
    ///   has happened.
    mutating func run(
        _ names: [String], _ reset: (String) throws(ControlFailure) -> Void
    ) -> ControlFailure? {
        for name in names {
            do throws(ControlFailure) {
                try reset(name)
                self.reset(name)
            } catch {
                guard case .refused(.guardRefused(let reason)) = error else { return error }
                refused(name, reason)
            }
        }
        return nil
    }

    mutating func reset(_ name: String) { lines.append(Line(guard: name, reset: true)) }

    mutating func refused(_ name: String, _ reason: ControlReason) {
        lines.append(Line(guard: name, reset: false, reason: reason.word))
    }
}

extension Catalogue {
    /// `sockets too_hot_3（过热）: 已复位`
    func text(_ line: GuardSweep.Line, of device: String) -> String {
        let reason = line.reason.flatMap { ControlReason.Word(rawValue: $0) }
        let what = reason.map { text(ControlReason($0)) } ?? say("已复位", "reset")
        return "\(device) \(guardName(line.guard)): " + what
    }

    /// `sockets too_hot_3（过热）: 已动作 15:02:11，已确认断开`
    func text(_ line: GuardList.Line) -> String {
        let rule = line.guard
        let name = "\(line.device) \(guardName(rule.name)): "
        guard rule.stands else { return name + say("正常", "at rest") }
        let time = rule.time.map { " " + $0.dropFirst(11).prefix(8) } ?? ""
        let how =
            switch (rule.acts, rule.secured, rule.escalated) {
            case _ where rule.unseen == true:
                say("已下令，看不到结果：请去看一眼", "told, not seen to be done: go and look")
            case (false, _, _): say("只提醒，不断开", "it only tells: go and look")
            case (true, true, false): say("已确认断开", "confirmed safe")
            case (true, true, true): say("上一级已断开", "cut off by the outer actuator")
            case (true, false, _): say("没能确认断开：请马上去看", "not confirmed: go there now")
            }
        return name + say("已动作", "tripped") + time + say("，", ", ") + how
    }
}
