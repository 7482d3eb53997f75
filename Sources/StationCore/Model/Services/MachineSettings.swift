// A service as a station file has it: its numbers, and for each part what it does and sees.

/// The settings of any service but lockers; `ServiceKind.shape` says what may stand here.
public struct MachineSettings: Codable, Sendable, Equatable {
    public var kind: ServiceKind
    /// Each at most once, in the order of the kind's shape.
    public var numbers: [ServiceNumber]
    /// What is seen for all parts together.
    public var shared: [Sight]
    public var parts: [PartSettings]

    public init(
        _ kind: ServiceKind, numbers: [ServiceNumber] = [], shared: [Sight] = [],
        parts: [PartSettings]
    ) {
        self.kind = kind
        self.numbers = numbers
        self.shared = shared
        self.parts = parts
    }

    /// As `ServiceSetting.Form` says; `nil`: the station file leaves it to the machine.
    public subscript(setting: ServiceSetting) -> Int64? {
        numbers.first { $0.setting == setting }?.value
    }

    /// What a point shows a machine.
    public struct Sight: Codable, Sendable, Equatable {
        public var sense: Sense
        public var source: Source

        public init(_ sense: Sense, _ source: Source) {
            self.sense = sense
            self.source = source
        }
    }

    public enum Source: Codable, Sendable, Equatable {
        /// Whether this holds; a single comparison with a point of a device.
        case holds(Comparison)
        /// A point's number, times `scale`; the device by its place in `devices`.
        case number(device: Int, point: String, scale: Int)

        /// The device and the name of the point.
        var place: (device: Int, point: String) {
            switch self {
            // The station was validated: a comparison of a service names its device.
            case .holds(let comparison): (comparison.device ?? 0, comparison.point)
            case .number(let device, let point, _): (device, point)
            }
        }
    }
}

/// One number of a service.
public struct ServiceNumber: Codable, Sendable, Equatable {
    public var setting: ServiceSetting
    public var value: Int64

    public init(_ setting: ServiceSetting, _ value: Int64) {
        self.setting = setting
        self.value = value
    }
}

/// One part of a service: a socket, a tap, a bed.
public struct PartSettings: Codable, Sendable, Equatable {
    /// One thing that the part has done.
    public struct Order: Codable, Sendable, Equatable {
        public var role: OrderRole
        public var order: DeviceOrder

        public init(_ role: OrderRole, _ order: DeviceOrder) {
            self.role = role
            self.order = order
        }
    }

    /// What is painted on it: `7`, `A12`.
    public var name: String
    /// Where one taps for this part alone, by its place in `devices`.
    public var reader: Int?
    public var orders: [Order]
    public var sights: [MachineSettings.Sight]

    public init(
        name: String, reader: Int? = nil, orders: [Order] = [],
        sights: [MachineSettings.Sight] = []
    ) {
        self.name = name
        self.reader = reader
        self.orders = orders
        self.sights = sights
    }

    public func order(_ role: OrderRole) -> DeviceOrder? {
        orders.first { $0.role == role }?.order
    }

    public func sees(_ sense: Sense) -> Bool { sights.contains { $0.sense == sense } }
}
