// A box on a shared line: how it is spoken to, its points, what it can be told, its guards.

/// A line that several boxes share. Its channel is a serial line; the boxes are its members. No
/// terminals.
public struct FieldBusSettings: Codable, Sendable, Equatable {
    /// Whether the adapter hears what it sends: so many bytes are dropped after each frame.
    public var echoes: Bool
    public init(echoes: Bool = false) { self.echoes = echoes }
}

/// One box on such a line. No terminals.
public struct BusDeviceSettings: Codable, Sendable, Equatable {
    /// The line that it is on, by its place in `devices`.
    public var bus: Int
    /// A Modbus unit, a board's number, or the twelve digits of a meter as a number.
    public var address: Int
    public var language: BusLanguage
    public var timing: BusTiming
    public var points: [PointSettings]
    public var actions: [ActionSettings]
    public var guards: [GuardSettings]
    /// Who acts when the box does not do what its guards want.
    public var outer: DeviceOrder?

    public init(
        bus: Int, address: Int, language: BusLanguage, timing: BusTiming = .init(),
        points: [PointSettings], actions: [ActionSettings] = [], guards: [GuardSettings] = [],
        outer: DeviceOrder? = nil
    ) {
        self.bus = bus
        self.address = address
        self.language = language
        self.timing = timing
        self.points = points
        self.actions = actions
        self.guards = guards
        self.outer = outer
    }
}

/// What is spoken with a box.
public enum BusLanguage: Codable, Sendable, Equatable {
    case modbus(ModbusSettings)
    /// Frames that the profile draws itself.
    case frames(FrameLanguageSettings)
    /// Chinese electricity meters.
    case dlt645
    /// A codec of ours, by its name: for protocols that no drawing of frames can tell.
    case codec(name: BusCodecName)
    /// Nothing: the device is on lines and files of the board itself (`BoardDeviceSettings`).
    case board
}

extension BusLanguage {
    public var isModbus: Bool {
        if case .modbus = self { true } else { false }
    }

    /// The word for it in profiles. Addresses on one line count within one language.
    public var name: String {
        switch self {
        case .modbus: "modbus"
        case .frames: "frames"
        case .dlt645: "dlt645"
        case .codec(let name): name.rawValue
        case .board: "board"
        }
    }
}

/// Protocols with a codec in `Wire`. Their frames and fields are documented there; profiles name
/// them as they name their own.
public enum BusCodecName: String, Codable, Sendable, CaseIterable {
    /// JBD 嘉佰达 battery boards.
    case jbd
    /// JUY charging-socket boards.
    case juy
    /// 电川 charging-socket boards.
    case dianchuan
}

/// What of Modbus a model can do.
public struct ModbusSettings: Codable, Sendable, Equatable {
    /// Registers in one read, 1 to 125.
    public var maximumRead: Int
    /// Registers between two points that may be read along; 0: none, reads are of points alone.
    public var holes: Int

    public init(maximumRead: Int = 125, holes: Int = 0) {
        self.maximumRead = maximumRead
        self.holes = holes
    }
}

/// When a box answers, and what its silence means.
public struct BusTiming: Codable, Sendable, Equatable {
    /// What no answer at all means.
    public enum Silence: String, Codable, Sendable, CaseIterable {
        /// A fault of the box or its wires.
        case fault
        /// A state: a meter that is powered by the socket it measures.
        case mainsOff
    }

    /// From the end of a request to the end of its answer.
    public var timeoutMilliseconds: Int
    /// From the end of a request to the beginning of its answer, at most, while the box is well.
    /// Nothing waits for it: it tells how long a turn on the line takes.
    public var latencyMilliseconds: Int
    /// Quiet that the box wants before a request, beyond the protocol's own.
    public var gapMilliseconds: Int
    /// Bytes sent before each frame to wake it.
    public var wake: [UInt8]
    /// Whether a sleeper loses the first frame: then one more try costs nothing.
    public var repeatsFirst: Bool
    public var silence: Silence

    public init(
        timeoutMilliseconds: Int = 500, latencyMilliseconds: Int = 20, gapMilliseconds: Int = 0,
        wake: [UInt8] = [], repeatsFirst: Bool = false, silence: Silence = .fault
    ) {
        self.timeoutMilliseconds = timeoutMilliseconds
        self.latencyMilliseconds = latencyMilliseconds
        self.gapMilliseconds = gapMilliseconds
        self.wake = wake
        self.repeatsFirst = repeatsFirst
        self.silence = silence
    }
}

extension BusDeviceSettings {
    /// The points of the profile, and those that the bus itself knows of the box.
    ///
    /// A box that is powered by what it measures has a state `mains`: its silence is "off". How
    /// long any box takes to answer is `latency`.
    public var shownPoints: [PointSettings] {
        points + (timing.silence == .mainsOff ? [Self.mains] : []) + Self.latencies
    }

    /// States of `mains`, by their places.
    static let mainsOff = Int64(0)
    static let mainsOn = Int64(1)

    private static let mains = PointSettings(
        name: "mains", kind: .state, source: .fields(at: []), states: ["off", "on"])

    /// Names that no point of a profile can have.
    public static var measuredNames: [String] { ([mains] + latencies).map(\.name) }

    /// How many of the shown points the bus measures, behind all others.
    public var measuredPoints: Int { Self.latencies.count }

    static let latencies = [latency("latency"), latency("latency_p99")]

    /// Of half of the answers of the last minute, and of 99 of 100: an upper bound in milliseconds.
    private static func latency(_ name: String) -> PointSettings {
        PointSettings(
            name: name, kind: .level, unit: "ms", source: .fields(at: []), places: 2,
            report: ReportSettings(change: DecimalNumber(100), minimumMilliseconds: 60_000))
    }
}

extension FieldBusSettings {
    /// What the line knows of itself: how much of the last ten seconds it was in use.
    public var shownPoints: [PointSettings] {
        [
            PointSettings(
                name: "load", kind: .level, unit: "%", source: .fields(at: []), places: 1,
                report: ReportSettings(change: DecimalNumber(10), minimumMilliseconds: 60_000))
        ]
    }
}
