// What a station offers: each service, where one asks for it, and the devices that do it.

/// One service of a station, by names and places that were looked up.
public struct ResolvedService: Codable, Sendable, Equatable {
    public var name: String
    /// What people call it; empty: its name.
    public var labelChinese: String
    public var labelEnglish: String
    /// Where one taps for it, by their places in `devices`. A reader serves a door or one service.
    public var readers: [Int]
    /// When it may be begun, by its place in `hours`; `nil`: always. Nobody's things are kept from
    /// them by hours.
    public var hours: Int?
    public var settings: ServiceSettings

    public init(
        name: String, labelChinese: String, labelEnglish: String, readers: [Int], hours: Int?,
        settings: ServiceSettings
    ) {
        self.name = name
        self.labelChinese = labelChinese
        self.labelEnglish = labelEnglish
        self.readers = readers
        self.hours = hours
        self.settings = settings
    }
}

/// Which rules a service follows.
public enum ServiceSettings: Codable, Sendable, Equatable {
    case lockers(LockersSettings)
    case machine(MachineSettings)
}

/// A bank of boxes that are given out one to a holder.
public struct LockersSettings: Codable, Sendable, Equatable {
    public var boxes: [BoxSettings]
    /// How long a box's door may stand open.
    public var leftOpenMilliseconds: Int
    /// How long somebody may have a box; `nil`: as long as they like.
    public var overtimeMinutes: Int?
    /// How boxes are opened when the power is gone; a crew reads it on the station's sheet.
    public var withoutPower: WithoutPower

    /// How a bank opens without power.
    public enum WithoutPower: String, Codable, Sendable, CaseIterable {
        /// Each lock has an emergency key.
        case key
        /// Pulling a wire opens them mechanically.
        case release
        /// A battery drives the board.
        case battery
    }

    public init(
        boxes: [BoxSettings], leftOpenMilliseconds: Int, overtimeMinutes: Int?,
        withoutPower: WithoutPower
    ) {
        self.boxes = boxes
        self.leftOpenMilliseconds = leftOpenMilliseconds
        self.overtimeMinutes = overtimeMinutes
        self.withoutPower = withoutPower
    }
}

/// One box: how it is opened, how one sees that it is closed, and what lies in it.
public struct BoxSettings: Codable, Sendable, Equatable {
    /// What is painted on it: `7`, `A12`.
    public var name: String
    public var open: DeviceOrder
    /// Holds when its door is closed; a single comparison with a point of a device.
    public var closed: Comparison
    /// Holds when something lies in it; `nil`: nothing tells.
    public var item: Comparison?

    public init(name: String, open: DeviceOrder, closed: Comparison, item: Comparison? = nil) {
        self.name = name
        self.open = open
        self.closed = closed
        self.item = item
    }
}

extension ServiceSettings {
    /// The word in station files and on the wire.
    public var kind: String {
        switch self {
        case .lockers: "lockers"
        case .machine(let settings): settings.kind.rawValue
        }
    }

    /// What its parts are called, in their order.
    public var units: [String] {
        switch self {
        case .lockers(let settings): settings.boxes.map(\.name)
        case .machine(let settings): settings.parts.map(\.name)
        }
    }
}

extension ServiceSettings {
    /// What each part is tied to, by words: nothing may be tied to two of them.
    public var bindings: [String] {
        switch self {
        case .lockers(let settings):
            settings.boxes.flatMap { box in
                let numbers = box.open.arguments.map { " \($0.name) \($0.value)" }.joined()
                let lock = "\(box.open.device ?? -1)/\(box.open.action)\(numbers)"
                return [lock, "\(box.closed.device ?? -1)/\(box.closed.point)"]
            }
        case .machine(let settings):
            // What one part switches, no other one may; many may look at one point.
            settings.parts.flatMap { part in
                part.orders.map { own in
                    let numbers = own.order.arguments.map { " \($0.name) \($0.value)" }.joined()
                    return "\(own.order.device ?? -1)/\(own.order.action)\(numbers)"
                }
            }
        }
    }
}

extension ResolvedStation.Limit {
    /// One reader each at least, and a screen has to show them.
    public static let services = 64
    /// One bank of lock boards.
    public static let boxes = 255
    /// Parts of all services together: what a snapshot has room for.
    public static let partsPerStation = 1_024
    public static let boxesPerStation = partsPerStation
    public static let boxNameBytes = 8
    /// What is painted on a part; of a service with one part its name.
    public static let partNameBytes = 32
    public static let readersPerService = 8
    /// A door that stands open for an hour is no door.
    public static let leftOpenMilliseconds = 10_000...3_600_000
    /// From a quarter of an hour to a month.
    public static let overtimeMinutes = 15...44_640
}
