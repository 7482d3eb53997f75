// Lines that OSDP readers share.

import StationCore

extension DeviceResolver {
    /// A reader learns its line and its address; the line itself comes before its first reader.
    mutating func join(
        _ device: StationFile.Device, _ port: StationFile.Port, _ baud: Int,
        _ profile: inout DeviceProfile
    ) {
        guard case .osdpReader(var settings) = profile.driver, case .serial(let serial)? = port.link
        else { return }
        guard let stated = device.address else {
            checker.report(device.name.place, .missingKey("address", in: .device))
            return
        }
        guard let value = checker.integer(stated, in: ResolvedStation.Limit.addresses) else {
            return
        }
        let address = Placed(value, at: stated.place)
        let name = port.name.value
        let me = Placed(device.name.value, at: address.place)
        if sharedLines[name] == nil {
            guard let line = newLine(port, serial, baud, device) else { return }
            sharedLines[name] = line
        }
        guard let line = sharedLines[name], isOf(.readers, line, port, device) else { return }
        if let first = line.speed.by, line.speed.value.baud != baud {
            checker.report(
                device.name.place,
                .baudsDiffer(
                    port: name, first: "\(first.value): \(line.speed.value.baud)", second: baud))
        }
        let key = SharedLine.Key(language: "osdp", address: address.value)
        if let other = line.members[key] {
            checker.report(
                address.place,
                .addressTaken(address.value, by: other.value, first: other.place))
        } else if line.members.count == ResolvedStation.Limit.membersPerBus {
            checker.report(
                device.name.place, .tooManyOnLine(limit: ResolvedStation.Limit.membersPerBus))
        }
        sharedLines[name]?.members[key] = me
        if settings.secure == .clear {
            checker.note(device.name.place, .readerInTheClear(device: device.name.value))
        }
        settings.bus = line.index
        settings.address = address.value
        profile.driver = .osdpReader(settings)
    }

    /// The device that stands for a line of readers.
    private mutating func newLine(
        _ port: StationFile.Port, _ serial: StationFile.Port.Serial, _ baud: Int,
        _ device: StationFile.Device
    ) -> SharedLine? {
        let value = serial.baud ?? baud
        if !OSDPCommunication.bauds.contains(UInt32(value)) {
            checker.report(
                port.name.place,
                .notAChoice(
                    found: "\(value)", expected: OSDPCommunication.bauds.map { "\($0)" }))
        }
        if serial.parity ?? .none != .none || serial.stopBits ?? 1 != 1 {
            checker.report(port.name.place, .lineSettingsFixed)
        }
        return line(
            .readers, port, device,
            SerialLink(path: serial.path, baud: value), isStated: serial.baud != nil,
            .osdpBus(OSDPLineSettings(echoes: serial.echoes)))
    }
}
