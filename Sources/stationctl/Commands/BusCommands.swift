// `stationctl bus`: boxes on a line, found, read and told something without the daemon.

import ArgumentParser
import Control
import EventLoop
import Glibc
import Profiles
import StationCore

struct BusCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bus",
        abstract: "总线上的设备：不经驿站直接试 / Boxes on a bus, tried without the daemon.",
        discussion: "先停掉占用串口的 stationd。 Stop the stationd that holds the port first.",
        subcommands: [BusScan.self, BusRead.self, BusDo.self])
}

/// Which line, and how it is set.
struct BusLineOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "串口，或 tcp:主机:端口（Modbus TCP网关） / The serial port, or tcp:HOST:PORT.",
        transform: BusLineOptions.place)
    var port: BusPlace

    @Option(name: .long, help: "校验 none even odd，默认按型号 / Parity; the model's own unless said.")
    var parity: String?

    @Option(name: .customLong("stop-bits"), help: "停止位1或2 / Stop bits, 1 or 2.")
    var stopBits: Int?

    @Flag(name: .long, help: "转换器会听到自己发的字节 / The adapter hears what it sends.")
    var echo = false

    static let bauds = 300...1_000_000

    func validate() throws {
        guard parity.map({ SerialLink.Parity(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("--parity: none, even, odd")
        }
        guard (1...2).contains(stopBits ?? 1) else { throw ValidationError("--stop-bits: 1, 2") }
    }

    static func check(baud: Int) throws {
        guard bauds.contains(baud) else {
            throw ValidationError("--baud: \(bauds.lowerBound)-\(bauds.upperBound)")
        }
    }

    private static func place(_ text: String) throws -> BusPlace {
        guard let place = BusPlace(text) else {
            throw ValidationError("--port: /dev/ttyUSB0, tcp:HOST, tcp:HOST:PORT")
        }
        return place
    }

    /// As the model leaves its maker, but for what was said.
    func speed(of usual: DeviceProfile.SerialSettings, baud: Int?) -> LineSpeed {
        if case .tcp = port { return LineSpeed(baud: 115_200, parity: .none, stopBits: 1) }
        return LineSpeed(
            baud: baud ?? usual.baud,
            parity: parity.flatMap { SerialLink.Parity(rawValue: $0) } ?? usual.parity,
            stopBits: stopBits ?? usual.stopBits)
    }
}

/// Which box.
struct BusBoxOptions: ParsableArguments {
    @OptionGroup var line: BusLineOptions
    @OptionGroup var profiles: ProfileOptions

    @Option(name: .long, help: "型号或档案文件 / A profile of the folder, or a file.")
    var profile: String

    @Option(name: .long, help: "地址；电表是表号 / Its address; of a meter its twelve digits.")
    var unit: String?

    @Option(name: .long, help: "波特率，默认按型号 / Bits a second; the model's own unless said.")
    var baud: Int?

    @Option(name: .long, help: "型号参数 名=值，可多次 / A parameter of the model; several times.")
    var param: [String] = []

    func validate() throws {
        if let baud { try BusLineOptions.check(baud: baud) }
        for text in param { _ = try Self.pair(text) }
    }

    /// `NAME=VALUE`
    static func pair(_ text: String) throws -> (name: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw ValidationError("“\(text)”：应为 名=值 / expected NAME=VALUE")
        }
        return (String(parts[0]), String(parts[1]))
    }

    /// The box on its line, which is opened.
    func open(_ output: Output) throws(Problem) -> (line: BusLine, box: BusDeviceSettings) {
        let model = try BusModels.read(profile, in: profiles.folder, output)
        guard let usual = model.serial else { throw Problem(BenchFlaw.noBox(profile: model.id)) }
        let box: BusDeviceSettings
        do throws(BenchFlaw) {
            let values = param.compactMap { try? Self.pair($0) }
            box = try model.bench(address: unit, parameters: values)
        } catch {
            throw Problem(error)
        }
        if case .tcp = line.port {
            guard case .modbus = box.language else {
                throw .badData(
                    TextRecord(
                        zh: "\(model.id)不是Modbus设备：只有Modbus能走TCP网关",
                        en: "\(model.id) does not speak Modbus: nothing else goes through tcp:"))
            }
        }
        let speed = line.speed(of: usual, baud: baud)
        let port = try BusPort(line.port, speed)
        return (BusLine(port, speed, echoes: line.echo, boxes: [box]), box)
    }
}

/// Profiles by name or by file.
enum BusModels {
    static func read(
        _ name: String, in folder: String, _ output: Output
    ) throws(Problem) -> DeviceProfile {
        let isFile = name.contains("/") || name.hasSuffix(".yaml")
        do throws(ConfigurationErrors) {
            return try DeviceProfile.read(file: isFile ? name : "\(folder)/\(name).yaml")
        } catch {
            output.isJSON
                ? output.json(error.errors.map(Finding.init))
                : output.line(error.text(output.catalogue.language))
            throw .told(.badData)
        }
    }
}

extension Problem {
    init(_ flaw: BenchFlaw) {
        self = .badData(TextRecord(zh: flaw.text(.chinese), en: flaw.text(.english)))
    }
}

struct BusRead: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "读一台设备的数据点 / Read a box's points once, or as they change.",
        discussion: """
            stationctl bus read --port /dev/ttyUSB0 --profile sdm120 --unit 1
            stationctl bus read --port tcp:192.168.1.20 --profile sdm120 --unit 1 --watch
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var which: BusBoxOptions

    @Flag(name: .long, help: "一直看，直到 Ctrl-C / Go on until Ctrl-C.")
    var watch = false

    @Option(name: .long, help: "最多多少秒 / At most so many seconds.")
    var seconds: Int?

    /// A box with many points at 1200 baud takes about so long.
    private static let usualSeconds = 30

    func validate() throws {
        guard (1...1_000_000).contains(seconds ?? 1) else {
            throw ValidationError("--seconds: 1-1000000")
        }
    }

    func execute(_ output: Output) throws(Problem) {
        let (line, box) = try which.open(output)
        let report = BusReport(output: output, box: box, start: line.start)
        let limit = seconds ?? (watch ? nil : Self.usualSeconds)
        var lost: Fault?
        var isMet = false
        let isWatching = watch
        _ = try line.play(for: limit.map { .seconds(Int64($0)) }) { news throws(Problem) in
            switch news {
            case .read(let change):
                if isWatching { report.tell(change) }
            case .online:
                (isMet, lost) = (true, nil)
                if isWatching { report.tell(online: true) }
            case .offline(_, let fault):
                lost = fault
                if isWatching { report.tell(online: false) }
                return isWatching
            case .raised, .cleared, .ended: break
            }
            return isWatching || !report.isWhole(line.driver.readings(of: BusLine.device(0)))
        }
        // At a bench nobody knows that it is there before it has said something.
        let hasSpoken = line.driver.counts(of: BusLine.device(0)).contains { name, value in
            ["answers", "refusals", "pushes"].contains("\(name)") && value > 0
        }
        let isThere = isMet && lost == nil && hasSpoken
        if !isWatching {
            report.table(
                line.driver.readings(of: BusLine.device(0)), isOnline: isThere,
                profile: which.profile, unit: which.unit)
        }
        guard isThere else {
            if !hasSpoken, box.timing.silence == .mainsOff { output.warn(BusAdvice.mainsOff) }
            output.warn(BusAdvice.silent(lost, line.driver.counts(of: DeviceID(0))))
            throw .told(.unavailable)
        }
    }
}
