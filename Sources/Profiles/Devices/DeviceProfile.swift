// A device model as a table: what its wires are, which driver it gets, and examples that prove it.

import StationCore

/// One file of `Devices/`, read and checked.
public struct DeviceProfile: Sendable {
    /// The schema that this code reads.
    public static let schema = "station-device/1"

    /// What a device is for, which decides where a station file may name it.
    public enum Kind: String, CaseIterable, Sendable {
        case reader, strike, maglock
        /// The exit-button input of somebody else's panel, driven by our relay.
        case panelInput = "panel-input"
        case contact, button
        /// Boxes on a bus, by what they are for.
        case lockBoard = "lock-board"
        case relayBoard = "relay-board"
        case socketBoard = "socket-board"
        case meter, sensor, battery
        /// On lines of the board: one output; a tap with its meter; and the board itself.
        case relay, dispenser, board

        /// Whether it has points instead of a driver: a box on a bus, or a device on the board.
        var isBox: Bool {
            switch self {
            case .reader, .strike, .maglock, .panelInput, .contact, .button: false
            case .lockBoard, .relayBoard, .socketBoard, .meter, .sensor, .battery, .relay,
                .dispenser, .board:
                true
            }
        }

        /// Whether it is on a bus for its outputs; of lines of the board each says that itself.
        var hasOutputs: Bool {
            switch self {
            case .lockBoard, .relayBoard, .socketBoard: true
            case .reader, .strike, .maglock, .panelInput, .contact, .button, .meter, .sensor,
                .battery, .relay, .dispenser, .board:
                false
            }
        }

        /// The drivers that devices of this kind may have.
        var drivers: [String] {
            switch self {
            case .reader: DriverReader.readers
            case .strike, .maglock, .panelInput: ["lock"]
            case .contact: ["contact"]
            case .button: ["button"]
            case .lockBoard, .relayBoard, .socketBoard, .meter, .sensor, .battery, .relay,
                .dispenser, .board:
                []
            }
        }

        var chinese: String {
            switch self {
            case .reader: "读卡器"
            case .strike: "电锁"
            case .maglock: "磁力锁"
            case .panelInput: "门禁主机输入"
            case .contact: "门磁"
            case .button: "出门按钮"
            case .lockBoard: "锁控板"
            case .relayBoard: "继电器板"
            case .socketBoard: "充电插座板"
            case .meter: "电表"
            case .sensor: "传感器"
            case .battery: "电池"
            case .relay: "继电器"
            case .dispenser: "饮水机"
            case .board: "主板"
            }
        }
    }

    /// How the device is connected, besides its lines.
    public enum Link: Sendable, Equatable {
        /// Lines are all that it has.
        case gpio
        /// A serial line of its own.
        case serial(SerialSettings)
        /// A USB device of smart-card class.
        case usb
        /// A USB device that types.
        case keyboard
        /// A line that several readers share, at this speed as they leave their maker.
        case osdp(baud: Int)
        /// A line that several boxes share, set so as they leave their maker.
        case box(SerialSettings)

        /// The word for it in profiles and ports.
        var name: String {
            switch self {
            case .gpio: "gpio"
            case .serial: "serial"
            case .usb: "usb"
            case .keyboard: "keyboard"
            case .osdp: "osdp"
            case .box: "bus"
            }
        }

        /// What a port of a station file must be for it.
        var port: String {
            switch self {
            case .osdp, .box: "serial"
            case .gpio, .serial, .usb, .keyboard: name
            }
        }
    }

    /// What a model's serial line is set to as it leaves its maker.
    public struct SerialSettings: Sendable, Equatable {
        public var baud: Int
        public var parity: SerialLink.Parity
        public var stopBits: Int

        /// As people write it: `9600 8N1`.
        public var text: String {
            let letter =
                switch parity {
                case .none: "N"
                case .even: "E"
                case .odd: "O"
                }
            return "\(baud) 8\(letter)\(stopBits)"
        }
    }

    /// One wire of the device, at the driver's terminal of the same name.
    struct Line: Sendable {
        var name: String
        var terminal: Int
        var direction: ResolvedLine.Direction
        var activeLow: Bool
        var bias: ResolvedLine.Bias
        var edges: ResolvedLine.Edges
        var debounce: Microseconds
        /// Active while nobody decided otherwise; outputs only.
        var safe: Bool
        var isOptional: Bool
    }

    /// What a station file may change, and within which bounds.
    enum Parameter: Sendable {
        case settle(ClosedRange<Microseconds>)
        case active
        case views(of: [String])
        case formats(of: [String])
        /// Of a reader that types: names of printed forms.
        case forms(of: [String])
        case secure(of: [OSDPReaderSettings.Security])
        case display(of: [OSDPReaderSettings.Display])
        case keypad
        case duty(of: [LockSettings.Duty])
        case safety(of: [LockSettings.Safety])
    }

    /// Every profile of a folder, sorted by id, its worked examples confirmed by the codecs.
    ///
    /// - Throws: every error of every file at once.
    public static func all(in directory: String) throws(ConfigurationErrors) -> [DeviceProfile] {
        try ProfileLibrary.all(in: directory)
    }

    public let id: String
    public let maker: String
    public let model: String
    public let kind: Kind
    /// Where the facts were read: data sheets, standards, implementations that agree.
    public let sources: [String]
    public let link: Link
    var lines: [Line]
    var driver: DriverSettings
    /// By their key in a station file.
    var parameters: [(key: String, value: Parameter)]
    var examples: [Placed<WorkedExample>]
    /// Of a box on a bus.
    var box: Box?
}
