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
        case .pn532(let settings): PN532Driver(settings, terminals: terminals)
        case .em4100(let settings): EM4100Driver(settings, terminals: terminals)
        case .keyboard(let settings): KeyedDriver(settings, terminals: terminals)
        case .ccid(let settings): CCIDDriver(settings, terminals: terminals)
        }
    }
}
