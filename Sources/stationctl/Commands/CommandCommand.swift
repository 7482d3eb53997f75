// `stationctl command`: brings a hub's signed command, and says what became of one.

import ArgumentParser
import Control
import Glibc
import StationCore

struct CommandCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "command",
        abstract: "中枢签名的指令 / A hub's signed commands.",
        subcommands: [CommandApply.self, CommandShow.self])
}

struct CommandApply: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "执行一条签名指令 / Bring a command that a hub signed.",
        discussion: """
            同一条指令只执行一次，再来只说结果。指令写法见 docs/commands.md。
            A command acts once; brought again, it says what became of it. docs/commands.md
            has the format.
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "签名指令，- 为标准输入 / The signed command, - for standard input.")
    var file: String

    func execute(_ output: Output) throws(Problem) {
        let text = try read()
        var client = try socket.connect()
        // A strict station may take two commits of three seconds each.
        client.setTimeout(milliseconds: 15_000)
        do {
            let reply = try client.call(RunCommand.self, RunCommand.Parameters(command: text))
            try CommandShow.show(reply.command, output)
        } catch {
            throw .station(error)
        }
    }

    private func read() throws(Problem) -> String {
        let input = PassedFile(owning: try InputFile.open(file))
        do throws(ControlError) {
            let bytes = try input.contents(limit: SignedCommand.limit)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw ControlError.commandRefused(ControlReason(.notACommand))
            }
            return text
        } catch {
            throw .station(.refused(error))
        }
    }
}

struct CommandShow: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "一条指令的结果 / What became of a command.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "指令编号 / The command's id.")
    var id: String

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let reply = try client.call(GetCommand.self, GetCommand.Parameters(id: id))
            try Self.show(reply.command, output)
        } catch {
            throw .station(error)
        }
    }

    /// One line.
    static func show(_ command: CommandRecord, _ output: Output) throws(ControlFailure) {
        guard !output.isJSON else { return output.json(command) }
        let catalogue = output.catalogue
        output.line(
            command.id + "  " + catalogue.subject(command.subject) + "  "
                + command.text(catalogue.language))
    }
}
