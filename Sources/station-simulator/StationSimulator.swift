// A virtual station: whole days in seconds, or one that runs here and now behind the usual socket.

import ArgumentParser
import Simulation
import StationCore

@main
struct StationSimulator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "station-simulator",
        abstract: "模拟一座驿站，或一条总线 Plays a station that is not there, or a bus.",
        discussion: """
            --batch  虚拟时间，一个种子定一切 virtual time, all chance from one seed
            --live   此时此地，与 stationd 同样的套接字 here and now, behind stationd's socket
            bus      总线上的设备，供别的程序连接 boxes on a line that other programs open
            选项见 the options: station-simulator run --help, station-simulator bus --help
            """,
        version: Release.version, subcommands: [PlayStation.self, PlayBus.self],
        defaultSubcommand: PlayStation.self)
}

/// The command line of a whole station. What it does is in `Batch` and `LiveStation`.
struct PlayStation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "整座驿站 A whole station; the word may be left out.",
        aliases: ["station"])

    @Flag(help: "虚拟时间内运行 Run in virtual time and print a report.")
    var batch = false

    @Flag(help: "现在运行，直到 Ctrl-C Run now, until Ctrl-C.")
    var live = false

    @Argument(help: "驿站文件 The station file; default: seeds/kaiyuan-warm-key.yaml.")
    var file: String?

    @Option(help: "驿站文件，同上 The station file, the same.")
    var seedFile: String?

    @Option(help: "名册 CSV，缺省为驿站文件旁的同名 .csv The roster; default: beside the station file.")
    var roster: String?

    @Option(help: "人群，缺省为同名 .people.yaml Who comes; default: .people.yaml beside the file.")
    var people: String?

    @Option(help: "设备档案目录 The folder of device profiles; default: Devices beside its folder.")
    var devices: String?

    @Option(help: "随机种子 The seed of all chance.")
    var seed: UInt64?

    @Option(help: "连续跑几个种子 Batch: how many seeds, counted on from the first.")
    var seeds = 1

    @Option(help: "有故障的小时数 Batch: hours with faults.")
    var hours: Int?

    @Option(help: "有故障的天数 Batch: days with faults.")
    var days: Int?

    @Flag(help: "逐条打印事件 Batch: print a line for each event.")
    var trace = false

    @Flag(help: "不注入故障 Batch: without any fault.")
    var calm = false

    @Flag(help: "只断电，随时重启 Batch: no fault but power cuts, at any moment.")
    var powerCuts = false

    @Option(help: "每分钟来几位骑手 Riders a minute, 1 to 600.")
    var ridersPerMinute: Int?

    @Option(help: "状态目录 Live: the state directory.")
    var state = ".build/run"

    @Option(help: "控制套接字 Live: the control socket; default: stationd.sock in the state.")
    var socket: String?

    @Option(help: "语言 zh 或 en Language of the live lines: zh or en.", transform: language)
    var lang = Wording.Language.chinese

    @Sendable
    private static func language(_ name: String) throws -> Wording.Language {
        guard let language = Wording.Language(rawValue: name) else {
            throw ValidationError("--lang \(name)：应为 zh 或 en expected zh or en")
        }
        return language
    }

    func validate() throws {
        guard file == nil || seedFile == nil else {
            throw ValidationError("驿站文件写了两次 the station file is named twice")
        }
        guard batch != live else {
            throw ValidationError("请选 --batch 或 --live 之一 choose one of --batch and --live")
        }
        guard (1...100_000).contains(seeds) else {
            throw ValidationError("--seeds \(seeds)：应为 1 到 100000 expected 1 to 100000")
        }
        guard ridersPerMinute.map((1...600).contains) ?? true else {
            throw ValidationError("--riders-per-minute：应为 1 到 600 expected 1 to 600")
        }
        guard !calm || !powerCuts else {
            throw ValidationError("请选 --calm 或 --power-cuts 之一 choose one of them")
        }
        let span = (days ?? 0) * 24 + (hours ?? 0)
        guard (0...24 * 366).contains(span) else {
            throw ValidationError("最长一年 at most a year: --hours, --days")
        }
    }

    func run() throws {
        let files: SeedFiles
        do throws(SeedFiles.Problem) {
            files = try SeedFiles(
                stationFile: file ?? seedFile ?? "seeds/kaiyuan-warm-key.yaml", roster: roster,
                people: people, devices: devices)
        } catch {
            Complaint.say(error.text)
            throw ExitCode(65)
        }
        let code = live ? LiveStation.run(files, self) : Batch.run(files, self)
        if code != 0 { throw ExitCode(code) }
    }
}
