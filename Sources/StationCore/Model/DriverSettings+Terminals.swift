// Which lines a driver has: their names, numbers and directions.

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
        }
    }
}
