// What a driver is wired to: lines, a channel, a bus; and whether it reads cards.

/// One place on a device where a wire goes.
public struct DriverTerminal: Equatable, Sendable {
    public let name: String
    public let direction: ResolvedLine.Direction
    /// False when the device works without it.
    public let isRequired: Bool
}

extension DriverSettings {
    /// The name in profiles and in the resolved file.
    public var name: String {
        switch self {
        case .wiegand: "wiegand"
        case .lock: "lock"
        case .contact: "contact"
        case .button: "button"
        case .pn532: "pn532"
        case .em4100: "em4100"
        case .keyboard: "keyboard"
        case .ccid: "ccid"
        case .osdpBus: "osdp-bus"
        case .osdpReader: "osdp-reader"
        case .fieldBus: "field-bus"
        case .busDevice: "bus-device"
        case .boardDevice: "board-device"
        }
    }

    /// The views that its credentials are tried in, by name; none for what is no reader.
    public var views: [String] {
        get {
            switch self {
            case .wiegand(let settings): settings.views
            case .pn532(let settings): settings.views
            case .em4100(let settings): settings.views
            case .keyboard(let settings): settings.views
            case .ccid(let settings): settings.views
            case .osdpReader(let settings): settings.views
            case .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: []
            }
        }
        set {
            switch self {
            case .wiegand(var settings):
                settings.views = newValue
                self = .wiegand(settings)
            case .pn532: self = .pn532(PN532Settings(views: newValue))
            case .em4100(var settings):
                settings.views = newValue
                self = .em4100(settings)
            case .keyboard(var settings):
                settings.views = newValue
                self = .keyboard(settings)
            case .ccid(var settings):
                settings.views = newValue
                self = .ccid(settings)
            case .osdpReader(var settings):
                settings.views = newValue
                self = .osdpReader(settings)
            case .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: break
            }
        }
    }

    /// Whether it yields credentials.
    public var isReader: Bool {
        switch self {
        case .wiegand, .pn532, .em4100, .keyboard, .ccid, .osdpReader: true
        case .lock, .contact, .button, .osdpBus, .fieldBus, .busDevice, .boardDevice: false
        }
    }

    /// The device whose driver is its bus, by its place in `devices`; nil: it is on no bus.
    public var bus: Int? {
        switch self {
        case .osdpReader(let settings): settings.bus
        case .busDevice(let settings): settings.bus
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .fieldBus, .boardDevice:
            nil
        }
    }

    /// Under which address its bus finds it; nil: it is on no bus.
    public var address: Int? {
        switch self {
        case .osdpReader(let settings): settings.address
        case .busDevice(let settings): settings.address
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpBus,
            .fieldBus, .boardDevice:
            nil
        }
    }

    /// Whether other devices are its members.
    public var isBus: Bool {
        switch self {
        case .osdpBus, .fieldBus: true
        case .wiegand, .lock, .contact, .button, .pn532, .em4100, .keyboard, .ccid, .osdpReader,
            .busDevice, .boardDevice:
            false
        }
    }

    /// Whether that driver is the bus of such a member: readers and boxes have lines of their own.
    func canJoin(_ bus: DriverSettings) -> Bool {
        switch (self, bus) {
        case (.osdpReader, .osdpBus), (.busDevice, .fieldBus): true
        default: false
        }
    }

    /// What is spoken with a box; nil: it is none.
    var language: BusLanguage? {
        if case .busDevice(let settings) = self { settings.language } else { nil }
    }

    /// Whether it speaks on a channel of its own.
    public var hasChannel: Bool {
        switch self {
        case .pn532, .em4100, .keyboard, .ccid, .osdpBus, .fieldBus: true
        case .wiegand, .lock, .contact, .button, .osdpReader, .busDevice, .boardDevice: false
        }
    }

    /// The driver's terminals; a line's `terminal` is the place in this list.
    public var terminals: [DriverTerminal] {
        switch self {
        case .wiegand:
            [
                DriverTerminal(name: "d0", direction: .input, isRequired: true),
                DriverTerminal(name: "d1", direction: .input, isRequired: true),
                DriverTerminal(name: "led", direction: .output, isRequired: false),
                DriverTerminal(name: "beeper", direction: .output, isRequired: false),
            ]
        case .lock: [DriverTerminal(name: "coil", direction: .output, isRequired: true)]
        case .contact: [DriverTerminal(name: "contact", direction: .input, isRequired: true)]
        case .button: [DriverTerminal(name: "button", direction: .input, isRequired: true)]
        case .pn532, .em4100, .keyboard, .ccid:
            [
                DriverTerminal(name: "led", direction: .output, isRequired: false),
                DriverTerminal(name: "beeper", direction: .output, isRequired: false),
            ]
        case .boardDevice(let settings):
            settings.lines.map {
                DriverTerminal(
                    name: $0.name, direction: $0.direction, isRequired: !$0.isOptional)
            }
        case .osdpBus, .osdpReader, .fieldBus, .busDevice: []
        }
    }
}
