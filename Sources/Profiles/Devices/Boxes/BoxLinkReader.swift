// A box's `link`: which language it speaks, its line, its times, the addresses that it may have.

import StationCore

/// What is known of a box's line before its points are read.
struct BoxLink: Sendable {
    var serial: DeviceProfile.SerialSettings
    /// Frames are filled in from `frames`.
    var language: BusLanguage
    var timing: BusTiming
    var addresses: BoxAddresses
    /// Of a device in files of the kernel: where they are unless they say so themselves.
    var folder: String?
}

/// Which addresses a box may be set to.
enum BoxAddresses: Sendable, Equatable {
    /// It has none: it is alone on its line.
    case none
    case range(ClosedRange<Int>)
    /// The twelve digits on a meter's front.
    case meter

    /// What worked bytes are for unless they say otherwise.
    var usual: Int {
        switch self {
        case .none: 0
        case .range(let range): max(range.lowerBound, min(1, range.upperBound))
        case .meter: 1
        }
    }
}

struct BoxLinkReader {
    typealias Limit = ResolvedStation.Limit

    let checker: Checker

    /// The languages of boxes, as `link.bus` names them.
    static let languages = ["modbus", "frames", "dlt645"] + BusCodecName.allCases.map(\.rawValue)
    /// Devices on the board have lines or files instead.
    static let boards = ["gpio", "files"]
    private static let silences: [(String, BusTiming.Silence)] = [
        ("fault", .fault), ("mains_off", .mainsOff),
    ]
    private static let timeout = PointReader.milliseconds(Limit.timeoutMilliseconds)
    private static let latency = PointReader.milliseconds(Limit.latencyMilliseconds)
    private static let gap = PointReader.milliseconds(Limit.gapMilliseconds)

    /// `{bus: gpio}`, or `{bus: files, folder: "/sys/bus/w1/devices/28-*"}`.
    private func readBoard(_ node: TreeNode) -> BoxLink? {
        guard var fields = Fields(node, .link, checker) else { return nil }
        let bus = fields.require("bus")
        let folder = bus?.word == "files" ? fields.take("folder") : nil
        fields.finish()
        return BoxLink(
            serial: .init(baud: 9_600, parity: .none, stopBits: 1), language: .board,
            timing: BusTiming(), addresses: .none, folder: folder.flatMap { checker.folder($0) })
    }

    func read(_ node: TreeNode) -> BoxLink? {
        if let bus = node["bus"]?.word, Self.boards.contains(bus) { return readBoard(node) }
        guard var fields = Fields(node, .link, checker) else { return nil }
        let before = checker.findings.count
        let bus = fields.require("bus")
        let baud = fields.require("baud")
        let parity = fields.take("parity")
        let stopBits = fields.take("stop_bits")
        let mode = fields.takeUntold("mode")
        let timeout = fields.take("timeout")
        let latency = fields.take("latency")
        let gap = fields.take("gap")
        let wake = fields.take("wake")
        let retry = fields.take("retry_first")
        let silent = fields.take("silent_means")
        let known = (Self.languages + Self.boards).map { ($0, $0) }
        let name = bus.flatMap { checker.choice($0, of: known) }
        let addresses = name == "dlt645" ? nil : fields.take("addresses")
        let modbus = name == "modbus" ? readModbus(&fields) : nil
        fields.finish()

        if let mode { checker.report(mode.place, .modeWritten(LineMode(node: mode))) }
        let patience =
            timeout.flatMap { checker.duration($0, in: Self.timeout)?.milliseconds }
            ?? BusTiming().timeoutMilliseconds
        let link = BoxLink(
            serial: .init(
                baud: baud.flatMap { checker.integer($0, in: Limit.baud) } ?? 9_600,
                parity: parity.flatMap { checker.choice($0, of: LinkReader.parities) } ?? .none,
                stopBits: stopBits.flatMap { checker.integer($0, in: 1...2) } ?? 1),
            language: language(name ?? "", modbus),
            timing: BusTiming(
                timeoutMilliseconds: patience,
                latencyMilliseconds: latency.flatMap {
                    checker.duration($0, in: Self.latency)?.milliseconds
                } ?? min(BusTiming().latencyMilliseconds, patience),
                gapMilliseconds: gap.flatMap {
                    checker.duration($0, in: Self.gap)?.milliseconds
                } ?? 0,
                wake: wake.flatMap { checker.hex($0, limit: Limit.wakeBytes) } ?? [],
                repeatsFirst: retry.flatMap(checker.boolean) ?? false,
                silence: silent.flatMap { checker.choice($0, of: Self.silences) } ?? .fault),
            addresses: readAddresses(addresses, name ?? ""))
        return checker.findings.count == before ? link : nil
    }

    private func readModbus(_ fields: inout Fields) -> ModbusSettings {
        let most = fields.take("max_read").flatMap {
            checker.integer($0, in: Limit.registersPerRead)
        }
        let holes = fields.take("holes").flatMap { checker.integer($0, in: Limit.holes) }
        return ModbusSettings(
            maximumRead: most ?? Limit.registersPerRead.upperBound, holes: holes ?? 0)
    }

    private func language(_ name: String, _ modbus: ModbusSettings?) -> BusLanguage {
        if let codec = BusCodecName(rawValue: name) { return .codec(name: codec) }
        switch name {
        case "dlt645": return .dlt645
        case "frames": return .frames(FrameLanguageSettings(check: nil, frames: []))
        default: return .modbus(modbus ?? ModbusSettings())
        }
    }

    /// `[1, 247]`, or `none` for a box that has no address.
    private func readAddresses(_ node: TreeNode?, _ language: String) -> BoxAddresses {
        let all = language == "modbus" ? Limit.units : Limit.boards
        guard language != "dlt645" else { return .meter }
        // None of the boards that our codecs speak with has an address.
        if BusCodecName(rawValue: language) != nil {
            if let node { _ = checker.choice(node, of: [("none", true)]) }
            return .none
        }
        guard let node else { return .range(language == "modbus" ? 1...247 : all) }
        guard case .list = node.content else {
            return checker.choice(node, of: [("none", BoxAddresses.none)]) ?? .none
        }
        let items = checker.list(node, of: .link, limit: 2) ?? []
        let bounds = items.compactMap {
            checker.whole($0, in: Int64(all.lowerBound)...Int64(all.upperBound))
        }
        guard bounds.count == 2, bounds[0] <= bounds[1] else {
            if bounds.count == items.count { checker.report(node.place, .numbersReversed) }
            return .none
        }
        return .range(Int(bounds[0])...Int(bounds[1]))
    }
}

/// `8E1`: what people write for a line, and what is written here.
public struct LineMode: Sendable, Equatable {
    public let written: String
    public let parity: SerialLink.Parity?
    public let stopBits: Int?

    init(node: TreeNode) {
        if case .scalar(let text, _) = node.content { written = text } else { written = "" }
        let letters = Array(written.uppercased())
        let parities: [Character: SerialLink.Parity] = ["N": .none, "E": .even, "O": .odd]
        guard letters.count == 3, letters[0] == "8", let known = parities[letters[1]],
            let stop = letters[2].wholeNumberValue, (1...2).contains(stop)
        else {
            (parity, stopBits) = (nil, nil)
            return
        }
        (parity, stopBits) = (known, stop)
    }
}
