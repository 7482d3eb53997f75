// `station-simulator bus`: boxes of one model on a line that other programs can open.

import ArgumentParser
import CLinux
import FoundationEssentials
import Glibc
import Profiles
import Simulation
import StationCore

/// The command line of a simulated bus.
struct PlayBus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bus",
        abstract: "模拟一条总线上的设备 Plays boxes of a profile on a pty, until Ctrl-C.",
        discussion: """
            station-simulator bus --profile sdm120 --pty --unit 1 --unit 2 --set voltage=230.2
            第一行是串口路径 the first line is the port's path.
            """)

    @Option(help: "型号或档案文件 A profile of the folder, or a file.")
    var profile: String

    @Flag(help: "放在伪终端上 On a pseudo-terminal; its path is printed.")
    var pty = false

    @Option(help: "地址，可多次 An address; several boxes, several times.")
    var unit: [String] = []

    @Option(help: "设备档案目录 The folder of device profiles.")
    var devices = "Devices"

    @Option(help: "波特率，缺省为型号的 Bits a second; the model's own unless said.")
    var baud: UInt32?

    @Flag(help: "转换器听到自己发的字节 The adapter hears what it sends.")
    var echo = false

    @Option(help: "千分之几的应答受干扰 Answers of a thousand that are disturbed.")
    var noise = 0

    @Option(help: "数据点的值 点=值，可多次 A point's value, POINT=VALUE; several times.")
    var set: [String] = []

    @Option(help: "型号参数 名=值，可多次 A parameter of the model, NAME=VALUE; several times.")
    var param: [String] = []

    @Option(help: "给串口一个固定的名字 A symbolic link to the port, made anew and removed at the end.")
    var link: String?

    @Flag(help: "输出 JSON Print JSON.")
    var json = false

    func validate() throws {
        guard pty else {
            throw ValidationError("请加 --pty say --pty: there is nothing else to play it on")
        }
        guard (0...1_000).contains(noise) else {
            throw ValidationError("--noise \(noise)：应为 0 到 1000 expected 0 to 1000")
        }
        guard (300...1_000_000).contains(baud ?? 9_600) else {
            throw ValidationError("--baud：应为 300 到 1000000 expected 300 to 1000000")
        }
        guard unit.count <= ResolvedStation.Limit.boxesPerBus else {
            throw ValidationError("--unit: 最多 at most \(ResolvedStation.Limit.boxesPerBus)")
        }
        for text in set + param where !text.contains("=") {
            throw ValidationError("“\(text)”：应为 名=值 expected NAME=VALUE")
        }
    }

    private static func pairs(_ texts: [String]) -> [(name: String, value: String)] {
        texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
    }

    func run() throws {
        let model: DeviceProfile
        do throws(ConfigurationErrors) {
            let isFile = profile.contains("/") || profile.hasSuffix(".yaml")
            model = try DeviceProfile.read(file: isFile ? profile : "\(devices)/\(profile).yaml")
        } catch {
            Complaint.say(error.text(.chinese) + "\n" + error.text(.english))
            throw ExitCode(65)
        }
        let boxes: [any BoxTwin]
        do throws(BenchFlaw) {
            boxes = try self.boxes(model)
        } catch {
            Complaint.say(error.text(.chinese) + " " + error.text(.english))
            throw ExitCode(65)
        }
        guard let serial = model.serial else { throw ExitCode(65) }
        let speed = baud ?? UInt32(serial.baud)
        let bits = 9 + serial.stopBits + (serial.parity == .none ? 0 : 1)
        let line = VirtualFieldBus(
            boxes, baud: Int(speed), bits: bits, echoes: echo,
            chance: SplitMix64(seed: UInt64(bitPattern: station_clock_realtime())))
        line.noisePerMille = noise
        try play(line, speed, serial)
    }

    private func boxes(_ model: DeviceProfile) throws(BenchFlaw) -> [any BoxTwin] {
        var boxes: [any BoxTwin] = []
        let addresses: [String?] = unit.isEmpty ? [model.addresses == nil ? nil : "1"] : unit
        for address in addresses {
            let settings = try model.bench(address: address, parameters: Self.pairs(param))
            let box = FieldBusTwin.box(settings)
            // Boards with protocols of their own have lives of their own.
            if case .codec = settings.language {
            } else {
                for (point, raw) in model.workedValues(of: settings) { box.put(raw, at: point) }
            }
            for (name, value) in Self.pairs(set) {
                guard let point = settings.points.first(where: { $0.name == name }) else {
                    throw .unknown(name, known: settings.points.map(\.name))
                }
                guard let raw = point.raw(of: value) else { throw .value(value, name: name) }
                box.put(raw, at: point)
            }
            boxes.append(box)
        }
        return boxes
    }

    private func play(
        _ line: VirtualFieldBus, _ speed: UInt32, _ serial: DeviceProfile.SerialSettings
    ) throws {
        let signals = station_signal_watch([SIGTERM, SIGINT, SIGHUP], 3)
        let bus: PtyBus
        do throws(PtyBus.Refused) {
            bus = try PtyBus(line, baud: speed)
        } catch {
            Complaint.say("pty: \(error.error)")
            throw ExitCode(71)
        }
        bus.onWrongSpeed = { heard in
            Complaint.say(
                "对方用 \(heard)，设备用 \(speed)：听不懂 the other side speaks \(heard) baud, the boxes "
                    + "\(speed): nothing is understood")
        }
        if let link {
            unlink(link)
            guard symlink(bus.path, link) == 0 else {
                Complaint.say("\(link): \(SystemError(errno))")
                throw ExitCode(73)
            }
        }
        defer { if let link { unlink(link) } }
        tell(bus.path, speed, serial)
        bus.play(until: signals)
    }

    private struct Told: Encodable {
        var path: String
        var profile: String
        var units: [String]
        var baud: UInt32
        var parity: String
        var stopBits: Int
    }

    private func tell(
        _ path: String, _ speed: UInt32, _ serial: DeviceProfile.SerialSettings
    ) {
        var text = path + "\n"
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let told = Told(
                path: path, profile: profile, units: unit, baud: speed,
                parity: serial.parity.rawValue, stopBits: serial.stopBits)
            if let bytes = try? encoder.encode(told) {
                text = String(decoding: bytes, as: UTF8.self) + "\n"
            }
        }
        text.withUTF8 { _ = write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }
}
