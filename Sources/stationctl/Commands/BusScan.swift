// `stationctl bus scan`: who is on the line, and which profile fits.

import ArgumentParser
import Control
import EventLoop
import Glibc
import Profiles
import StationCore

struct BusScan: StationCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "找出线上有哪些设备 / Who is on the line, and which profile fits.",
        discussion: """
            stationctl bus scan --port /dev/ttyUSB0
            stationctl bus scan --port /dev/ttyUSB0 --baud 9600 --baud 19200 --units 1-247
            """)

    @OptionGroup var speech: SpeechOptions
    @OptionGroup var line: BusLineOptions
    @OptionGroup var profiles: ProfileOptions

    @Option(name: .long, help: "波特率，可多次；默认按各型号 / Bits a second; several times.")
    var baud: [Int] = []

    @Option(
        name: .long, help: "地址范围，默认1-16 / Addresses, 1-16 unless said.",
        transform: BusScan.range)
    var units: ClosedRange<Int> = 1...16

    @Option(name: .long, help: "只找这些型号，可多次 / These models alone; several times.")
    var profile: [String] = []

    private static func range(_ text: String) throws -> ClosedRange<Int> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2,
            0 <= first, first <= last, last <= 255
        else { throw ValidationError("--units: 1-247") }
        return first...last
    }

    func validate() throws {
        for baud in baud { try BusLineOptions.check(baud: baud) }
    }

    func execute(_ output: Output) throws(Problem) {
        let models = try models(output)
        var isTCP = false
        if case .tcp = line.port { isTCP = true }
        let plan = ScanPlan(
            models, units: units, isTCP: isTCP, bauds: isTCP ? [] : baud,
            speed: { line.speed(of: $0, baud: $1) })
        let words = output.catalogue
        let speeds = plan.speeds.map(\.text).joined(separator: words.say("、", ", "))
        let span = Self.seconds(plan.longest)
        output.note(
            words.say(
                "问 \(speeds)，没有设备时约 \(span) 秒",
                "asking at \(speeds); with nobody there it takes about \(span) s"))
        var found = 0
        var heard = 0
        var echoes = line.echo
        for speed in plan.speeds {
            let port = try BusPort(line.port, speed)
            let asker = BusAsker(port, speed, echoes: echoes)
            let finds = try scan(plan, asker)
            heard += asker.heard
            if asker.echoes, !echoes { output.warn(Self.echo) }
            echoes = asker.echoes
            for find in finds {
                found += 1
                tell(find, try ScanPlan.fits(find, port, echoes: echoes), output)
            }
            if asker.isStopped { break }
        }
        guard found == 0 else { return }
        output.warn(heard > 0 ? Self.strange(heard) : Self.nobody)
        throw .told(.no)
    }

    private static func seconds(_ interval: Interval) -> Int64 {
        max(1, interval.milliseconds / 1_000)
    }

    private func models(_ output: Output) throws(Problem) -> [DeviceProfile] {
        var models: [DeviceProfile] = []
        if profile.isEmpty {
            do throws(ConfigurationErrors) {
                models = try DeviceProfile.all(in: profiles.folder)
            } catch {
                output.line(error.text(output.catalogue.language))
                throw .told(.badData)
            }
        }
        for name in profile {
            let model = try BusModels.read(name, in: profiles.folder, output)
            guard model.serial != nil else { throw Problem(.noBox(profile: model.id)) }
            models.append(model)
        }
        return models
    }

    private func scan(_ plan: ScanPlan, _ asker: BusAsker) throws(Problem) -> [ScanFind] {
        var finds: [ScanFind] = []
        for probe in plan.probes where probe.speed == asker.speed {
            for address in plan.addresses(of: probe) where !asker.isStopped {
                if let find = try plan.ask(probe, at: address, asker) { finds.append(find) }
            }
        }
        return finds
    }

    private func tell(_ find: ScanFind, _ fits: [ScanFit], _ output: Output) {
        guard !output.isJSON else { return output.json(ScanRecord(find, fits)) }
        let words = output.catalogue
        var parts = [find.speed.text, find.language]
        if let address = find.address { parts.append(words.say("地址\(address)", "unit \(address)")) }
        parts.append(words.say("有应答", "answers") + " \(find.took.milliseconds) ms")
        if let refusal = find.refusal, find.language != "modbus" {
            parts.append(words.say("不接受（\(refusal)）", "refuses (\(refusal))"))
        }
        output.line(parts.joined(separator: "  "))
        let best = fits.prefix(Self.fitsShown)
        for fit in best {
            output.line(
                "    \(fit.model)  "
                    + words.say(
                        "\(fit.of)个点中\(fit.good)个可信", "\(fit.good) of \(fit.of) points believable"))
        }
        if best.isEmpty {
            output.line("    " + words.say("没有合适的档案", "no profile fits"))
        } else if best.count > 1 {
            output.line(
                "    "
                    + words.say(
                        "读数也可能碰巧合理：请与设备显示核对", "numbers may fit by chance: compare with its display")
            )
        }
    }

    private static let fitsShown = 5

    private static let echo = TextRecord(
        zh: "转换器会听到自己发的字节：用 --echo，驿站文件里写 echoes: true",
        en: "the adapter hears what it sends: use --echo, and `echoes: true` in the station file")

    private static let nobody = TextRecord(
        zh: "没有设备应答。" + BusAdvice.wires.zh + "；再试 --units 1-247 和别的 --baud",
        en: "nobody answers: " + BusAdvice.wires.en + "; then try --units 1-247 and other --baud")

    private static func strange(_ count: Int) -> TextRecord {
        TextRecord(
            zh: "听到\(count)个字节，但不成应答：多半是波特率不对、A/B接反，或线上还有别的主机。"
                + BusAdvice.wires.zh,
            en:
                "\(count) bytes came, and none of them an answer: another baud, A and B swapped, "
                + "or another master on the line; " + BusAdvice.wires.en)
    }
}

/// Something that answered, for JSON.
struct ScanRecord: Codable, Equatable {
    struct Fit: Codable, Equatable {
        var profile: String
        var good: Int
        var of: Int
    }

    var baud: Int
    var parity: String
    var stopBits: Int
    var language: String
    var unit: Int?
    var refusal: Int?
    var milliseconds: Int64
    var fits: [Fit]

    init(_ find: ScanFind, _ fits: [ScanFit]) {
        baud = find.speed.baud
        parity = find.speed.parity.rawValue
        stopBits = find.speed.stopBits
        language = find.language
        unit = find.address
        refusal = find.refusal
        milliseconds = find.took.milliseconds
        self.fits = fits.map { Fit(profile: $0.model, good: $0.good, of: $0.of) }
    }
}
