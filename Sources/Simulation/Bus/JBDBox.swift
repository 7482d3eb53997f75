// A simulated JBD battery board: sixteen cells, two sensors, two switches.

public import EventLoop
public import StationCore

/// A board by JBD's "Software Board General Protocol V13", and by the E1 frames of older ones,
/// written for itself.
public final class JBDBox: BoxTwin {
    public var isConnected = true
    public var mischief: [BoxMischief] = []
    public var hooks = BoxHooks()
    /// From the end of a request to the beginning of its answer.
    public var delay = Interval.milliseconds(30)
    /// After so long without a word it sleeps, and loses the first frame that wakes it.
    public var sleepsAfter = Interval.seconds(30)
    public private(set) var asked = 0
    private var values = BoardValues()
    /// Bit 0 charging, bit 1 discharging: 1 lets current through.
    private var switches: UInt8 = 3
    private var heardAt: Instant?

    public init() {}

    public func put(_ raw: Double, at point: PointSettings) {
        values.put(Int64(raw.rounded()), at: point)
    }

    public var nextDeadline: Instant? { nil }
    public func live(at now: Instant) -> [UInt8]? { nil }

    public func hear(_ bytes: [UInt8], at now: Instant) -> BoxSpeech? {
        let isAsleep = heardAt.map { now - $0 > sleepsAfter } ?? true
        heardAt = now
        guard !isAsleep, bytes.count >= 7, bytes[0] == 0xDD, bytes[bytes.count - 1] == 0x77,
            bytes.count == 7 + Int(bytes[3]),
            Self.check(bytes[2..<bytes.count - 3]) == Array(bytes[(bytes.count - 3)...].prefix(2))
        else { return nil }
        asked += 1
        if case .exception(let code)? = mischief.first {
            mischief.removeFirst()
            return answer(bytes[2], [], status: code)
        }
        switch (bytes[1], bytes[2], bytes[3]) {
        case (0xA5, 0x03, 0): return answer(0x03, basic)
        case (0xA5, 0x04, 0): return answer(0x04, cells.flatMap { Self.word($0) })
        case (0xA5, 0x05, 0): return answer(0x05, Array("SIM-16S".utf8))
        case (0xA5, 0xAA, 0): return answer(0xAA, [UInt8](repeating: 0, count: 24))
        case (0x5A, 0xE1, 2):
            // A bit that is set cuts.
            switches = ~bytes[5] & 3
            return answer(0xE1, [])
        case (0x5A, 0xFB, 2): return answer(0xFB, [])
        // A register that it does not have.
        default: return answer(bytes[2], [], status: 0x80)
        }
    }

    private func answer(_ register: UInt8, _ data: [UInt8], status: UInt8 = 0) -> BoxSpeech? {
        let middle = [status, UInt8(data.count)] + data
        let frame = [0xDD, register] + middle + Self.check(middle[...]) + [0x77]
        return spoil(BoxSpeech(after: delay, bytes: frame), unitAt: nil)
    }

    private static func check(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        word(0x10000 - bytes.reduce(0) { $0 + Int64($1) })
    }

    private static func word(_ value: Int64) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    /// Millivolts: the first two are the highest and the lowest.
    private var cells: [Int64] {
        let highest = values["cells.highest"] ?? 3_660
        let lowest = values["cells.lowest"] ?? 3_640
        return [highest, lowest] + Array(repeating: (highest + lowest) / 2, count: 14)
    }

    private var basic: [UInt8] {
        var data: [UInt8] = []
        let words: [(String, Int64)] = [
            ("voltage", 5_840), ("current", 0), ("remaining", 1_440), ("capacity", 2_000),
            ("cycles", 12),
        ]
        for (name, usual) in words { data.appendBig(values["basic.\(name)"] ?? usual, 2) }
        // 2024-05-06, and no cell balanced.
        data.appendBig(24 << 9 | 5 << 5 | 6, 2)
        data.appendBig(0, 4)
        var protection: Int64 = 0
        for bit in 0..<16 where values["basic.protection", bit + 1] == 1 {
            protection |= 1 << Int64(bit)
        }
        data.appendBig(protection, 2)
        let charging = values["basic.charging"] ?? Int64(switches & 1)
        let discharging = values["basic.discharging"] ?? Int64(switches >> 1)
        data += [0x10, UInt8(truncatingIfNeeded: values["basic.charge"] ?? 72)]
        data += [UInt8(charging & 1 | (discharging & 1) << 1), 16, 2]
        // 20.0 °C, in tenths of a kelvin.
        for sensor in 1...2 { data.appendBig(values["basic.temperature", sensor] ?? 2_931, 2) }
        return data
    }
}
