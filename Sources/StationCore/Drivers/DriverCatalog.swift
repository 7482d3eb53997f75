// The one table from a device's settings to its driver. A new kind of device starts here.

/// Makes drivers.
public enum DriverCatalog {
    /// - Parameter terminals: which of the device's terminals have a line.
    public static func makeDriver(
        for settings: DriverSettings, terminals: Set<Int>
    ) -> any Driver {
        switch settings {
        case .wiegand(let settings): WiegandDriver(settings, terminals: terminals)
        case .lock(let settings): LockDriver(settings)
        case .contact(let settings): ContactDriver(settleMilliseconds: settings.settleMilliseconds)
        case .button(let settings): ContactDriver(settleMilliseconds: settings.settleMilliseconds)
        }
    }
}

extension DriverSettings {
    /// The kind's name in pages and telemetry.
    public var kind: String {
        switch self {
        case .wiegand: "wiegand"
        case .lock: "lock"
        case .contact: "contact"
        case .button: "button"
        }
    }

    /// The terminals of this kind of device, by their numbers.
    public var terminalNames: [String] {
        switch self {
        case .wiegand: ["d0", "d1", "led", "beeper"]
        case .lock: ["coil"]
        case .contact: ["contact"]
        case .button: ["button"]
        }
    }
}
