// The one table from a device's settings to its driver. A new kind of device starts here.

/// Makes drivers.
public enum DriverCatalog {
    /// The driver of a station's device.
    /// - Precondition: the station was validated.
    public static func makeDriver(of device: Int, in station: ResolvedStation) -> any Driver {
        let terminals = Set(station.lines.filter { $0.device == device }.map(\.terminal))
        return switch station.devices[device].driver {
        case .wiegand(let settings): Seated(WiegandDriver(settings, terminals: terminals))
        case .lock(let settings): LockDriver(settings)
        case .contact(let settings): ContactDriver(settleMilliseconds: settings.settleMilliseconds)
        case .button(let settings): ContactDriver(settleMilliseconds: settings.settleMilliseconds)
        case .pn532(let settings): Seated(PN532Driver(settings, terminals: terminals))
        case .em4100(let settings): Seated(EM4100Driver(settings, terminals: terminals))
        case .keyboard(let settings): Seated(KeyedDriver(settings, terminals: terminals))
        case .ccid(let settings): Seated(CCIDDriver(settings, terminals: terminals))
        case .osdpBus(let settings):
            OSDPBusDriver(
                settings, baud: baud(of: device, in: station),
                members: members(of: device, in: station))
        case .fieldBus(let settings):
            FieldBusDriver(
                settings, line: DeviceID(device), baud: baud(of: device, in: station),
                bitsPerCharacter: bits(of: device, in: station),
                members: boxes(on: device, in: station))
        case .osdpReader, .busDevice: MemberDriver()
        case .boardDevice(let settings):
            BoardDriver(
                settings, device: DeviceID(device), safe: safeValues(of: device, in: station))
        }
    }

    /// What the wired lines of a device are while nobody decided otherwise, by terminal.
    private static func safeValues(of device: Int, in station: ResolvedStation) -> [Int: Bool] {
        var values: [Int: Bool] = [:]
        for line in station.lines where line.device == device { values[line.terminal] = line.safe }
        return values
    }

    /// The speed of a device's serial line, in bits a second; 0 without one.
    private static func baud(of device: Int, in station: ResolvedStation) -> Int {
        guard case .serial(let line)? = station.channels.first(where: { $0.device == device })?.link
        else { return 0 }
        return line.baud
    }

    /// How long a character is: start, eight bits, parity, stop.
    private static func bits(of device: Int, in station: ResolvedStation) -> Int {
        guard case .serial(let line)? = station.channels.first(where: { $0.device == device })?.link
        else { return 10 }
        return 9 + (line.parity == .none ? 0 : 1) + line.stopBits
    }

    private static func boxes(
        on bus: Int, in station: ResolvedStation
    ) -> [(device: DeviceID, settings: BusDeviceSettings)] {
        station.devices.enumerated().compactMap { place, device in
            guard case .busDevice(let settings) = device.driver, settings.bus == bus else {
                return nil
            }
            return (DeviceID(place), settings)
        }
    }

    private static func members(of bus: Int, in station: ResolvedStation) -> [OSDPMember] {
        station.devices.enumerated().compactMap { place, device in
            guard case .osdpReader(let settings) = device.driver, settings.bus == bus else {
                return nil
            }
            return OSDPMember(settings, device: DeviceID(place))
        }
    }
}
