// `stationctl key`: the station's key, which makes card numbers into match forms.

import ArgumentParser
import Control
import Glibc

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "驿站密钥 / The station's key.",
        subcommands: [KeyCreate.self, KeyInstall.self])
}

struct KeyCreate: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "没有中枢的驿站自己造一把 / Make one for a station that has no hub.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Flag(name: .long, help: "确认本站没有中枢 / Yes, this station has no hub.")
    var standalone = false

    func validate() throws {
        guard standalone else {
            throw ValidationError(
                "有中枢的驿站由中枢发密钥（key install FILE）；没有中枢请加 --standalone / "
                    + "a station with a hub gets its key from it (key install FILE); "
                    + "without a hub say --standalone")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        var client = try socket.connect()
        do {
            let reply = try client.call(CreateKey.self)
            KeyReport.show(reply, output)
        } catch {
            throw .station(error)
        }
    }
}

struct KeyInstall: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "装入中枢发的密钥 / Install the one that the hub gave.")

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var socket: SocketOptions

    @Argument(help: "密钥文件，- 为标准输入 / The key file, - for standard input.")
    var file: String

    func execute(_ output: Output) throws(Problem) {
        let descriptor = try InputFile.open(file)
        defer { close(descriptor) }
        var client = try socket.connect()
        do {
            let reply = try client.call(InstallKey.self, NoParameters(), passing: descriptor)
            KeyReport.show(reply, output)
        } catch {
            throw .station(error)
        }
    }
}

enum KeyReport {
    static func show(_ reply: CreateKey.Reply, _ output: Output) {
        guard !output.isJSON else { return output.json(reply) }
        output.line(
            output.catalogue.say(
                "密钥 \(reply.epoch) 已就位，现在可以导入名册",
                "key \(reply.epoch) is in place; rosters can be imported"))
    }
}
