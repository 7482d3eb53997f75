// A profile's `link`: what the device is connected by, and its serial line's settings.

import StationCore

struct LinkReader {
    let checker: Checker

    static let parities: [(String, SerialLink.Parity)] = [
        ("none", .none), ("even", .even), ("odd", .odd),
    ]
    private static let buses = ["gpio", "serial", "usb", "keyboard", "osdp"]

    /// - Returns: `nil` when it cannot be read; that was reported.
    func read(_ node: TreeNode, for driver: DriverSettings) -> DeviceProfile.Link? {
        guard var fields = Fields(node, .link, checker) else { return nil }
        let bus = fields.require("bus")
        let name = bus.flatMap { checker.choice($0, of: Self.buses.map { ($0, $0) }) }
        if let bus, let name, name != driver.bus {
            checker.report(
                bus.place, .wrongLink(found: name, expected: driver.bus, driver: driver.name))
        }
        defer { fields.finish() }
        switch name {
        case "serial":
            let baud = fields.require("baud").flatMap {
                checker.integer($0, in: ResolvedStation.Limit.baud)
            }
            let parity = fields.take("parity").flatMap { checker.choice($0, of: Self.parities) }
            let stopBits = fields.take("stop_bits").flatMap { checker.integer($0, in: 1...2) }
            return baud.map {
                .serial(.init(baud: $0, parity: parity ?? .none, stopBits: stopBits ?? 1))
            }
        case "osdp":
            let bauds = OSDPCommunication.bauds.map { ("\($0)", Int($0)) }
            return fields.require("baud").flatMap { checker.choice($0, of: bauds) }.map {
                .osdp(baud: $0)
            }
        case "usb": return .usb
        case "keyboard": return .keyboard
        case "gpio": return .gpio
        default: return nil
        }
    }
}

extension DriverSettings {
    /// What a device of this driver is connected by, in a profile's words.
    fileprivate var bus: String {
        switch self {
        case .wiegand, .lock, .contact, .button, .boardDevice: "gpio"
        case .pn532, .em4100: "serial"
        case .keyboard: "keyboard"
        case .ccid: "usb"
        case .osdpBus, .osdpReader: "osdp"
        case .fieldBus, .busDevice: "bus"
        }
    }
}
