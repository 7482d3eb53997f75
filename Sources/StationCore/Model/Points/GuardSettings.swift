// A safety rule of a device: what trips it, what is done then, who acts when that does not help.

/// A safety rule of a device, evaluated on site.
public struct GuardSettings: Codable, Sendable, Equatable {
    /// As journal and surfaces call it: `no_flow`, `over_temperature`.
    public var name: String
    /// Trips it. Its comparisons have no arguments and no gains; they alone may ask for a rise.
    public var when: Condition
    /// How long it must hold; 0: at once.
    public var forMilliseconds: Int
    /// How long values that `when` needs may be missing before it trips all the same, unless the
    /// others say that it cannot hold; `nil`: for ever.
    public var silentMilliseconds: Int?
    /// What is done, each an action whose success can be seen; none: it only tells.
    public var orders: [DeviceOrder]
    /// Whether the outer actuator acts as well, at once: where the device itself cannot help. With
    /// nobody named for that the guard does what it can.
    public var asksOuter: Bool
    /// Whether it stands until a person resets it, restarts included.
    public var isLatching: Bool

    public init(
        name: String, when: Condition, forMilliseconds: Int = 0, silentMilliseconds: Int? = nil,
        orders: [DeviceOrder] = [], asksOuter: Bool = false, isLatching: Bool = false
    ) {
        self.name = name
        self.when = when
        self.forMilliseconds = forMilliseconds
        self.silentMilliseconds = silentMilliseconds
        self.orders = orders
        self.asksOuter = asksOuter
        self.isLatching = isLatching
    }

    public init(from decoder: any Decoder) throws {
        let file = try decoder.container(keyedBy: CodingKeys.self)
        name = try file.decode(String.self, forKey: .name)
        when = try file.decode(Condition.self, forKey: .when)
        forMilliseconds = try file.decode(Int.self, forKey: .forMilliseconds)
        silentMilliseconds = try file.decodeIfPresent(Int.self, forKey: .silentMilliseconds)
        orders = try file.decode([DeviceOrder].self, forKey: .orders)
        // Files of before do not say it.
        asksOuter = try file.decodeIfPresent(Bool.self, forKey: .asksOuter) ?? false
        isLatching = try file.decode(Bool.self, forKey: .isLatching)
    }
}

/// An action of a device of the station, with its numbers.
public struct DeviceOrder: Codable, Sendable, Equatable {
    /// By its place in `devices`; `nil`: the device whose guard it is.
    public var device: Int?
    public var action: String
    public var arguments: [ArgumentValue]

    public init(device: Int? = nil, action: String, arguments: [ArgumentValue] = []) {
        self.device = device
        self.action = action
        self.arguments = arguments
    }
}

extension DriverSettings {
    /// The points that others may look at; none for what has none.
    public var shownPoints: [PointSettings] {
        switch self {
        case .busDevice(let settings): settings.shownPoints
        case .boardDevice(let settings): settings.points
        case .fieldBus(let settings): settings.shownPoints
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader:
            []
        }
    }

    /// Whether its points are asked for from time to time; else they say at once when they change.
    public var isAsked: Bool { if case .busDevice = self { true } else { false } }

    /// What the device can be told; none for what has no actions.
    public var actions: [ActionSettings] {
        switch self {
        case .busDevice(let settings): settings.actions
        case .boardDevice(let settings): settings.actions
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader, .fieldBus:
            []
        }
    }

    /// The device's safety rules.
    public var guards: [GuardSettings] {
        switch self {
        case .busDevice(let settings): settings.guards
        case .boardDevice(let settings): settings.guards
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader, .fieldBus:
            []
        }
    }

    /// Who acts when the device does not do what its guards want.
    public var outer: DeviceOrder? {
        switch self {
        case .busDevice(let settings): settings.outer
        case .boardDevice(let settings): settings.outer
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader, .fieldBus:
            nil
        }
    }

    /// The same device with other safety rules; only what has points has any.
    public func guarded(by guards: [GuardSettings], outer: DeviceOrder?) -> DriverSettings {
        switch self {
        case .busDevice(var settings):
            (settings.guards, settings.outer) = (guards, outer)
            return .busDevice(settings)
        case .boardDevice(var settings):
            (settings.guards, settings.outer) = (guards, outer)
            return .boardDevice(settings)
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .osdpReader, .fieldBus:
            return self
        }
    }
}
