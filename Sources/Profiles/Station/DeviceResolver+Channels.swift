// Ports that are no chips: a channel for each device, or a line that several readers share.

import StationCore

/// A line of OSDP readers: a device of its own, which has its port's name.
struct SharedLine {
    /// Its place in `ResolvedStation.devices`.
    let index: Int
    /// Bits per second, and the reader whose model said so; no reader when the port does.
    let baud: (value: Int, by: Placed<String>?)
    var readers: [Int: Placed<String>] = [:]
}

extension DeviceResolver {
    /// The profile's name of a device that stands for a line.
    static let lineProfile = "osdp-line"

    /// Finds the port of a device that speaks on one. A reader on a shared line learns which, and
    /// the line itself comes before its first reader.
    ///
    /// - Returns: the link of a channel of its own; `nil` without one, and after an error.
    mutating func connect(
        _ device: StationFile.Device, _ profile: inout DeviceProfile
    ) -> ResolvedChannel.Link? {
        if case .osdp = profile.link {
        } else if let address = device.address {
            refuse("address", at: address.place)
        }
        guard profile.link != .gpio else {
            if let port = device.port { refuse("port", at: port.place) }
            return nil
        }
        guard let named = device.port else {
            checker.report(device.name.place, .missingKey("port", in: .device))
            return nil
        }
        guard let port = port(named, for: profile.link) else { return nil }
        if case .osdp(let baud) = profile.link {
            join(device, port, baud, &profile)
            return nil
        }
        guard let link = link(of: port, for: profile.link) else { return nil }
        if let other = portUsers[named.value] {
            checker.report(
                named.place,
                .portTaken(port: named.value, by: other.value, first: other.place))
            return nil
        }
        portUsers[named.value] = Placed(device.name.value, at: named.place)
        return link
    }

    private func refuse(_ key: String, at place: Place) {
        let known = OverrideReader.ownKeys.filter { $0 != "port" && $0 != "address" }
        checker.report(place, .unknownKey(key, in: .device, known: known))
    }

    /// The port of that name, if it is of the kind that is wanted and could be read.
    private mutating func port(
        _ named: Placed<String>, for wanted: DeviceProfile.Link
    ) -> StationFile.Port? {
        guard !named.value.isEmpty else { return nil }
        guard let port = file.ports.first(where: { $0.name.value == named.value }) else {
            let fitting = file.ports.filter { $0.kind == wanted.port }
            checker.report(
                named.place,
                .unknownReference(.port, name: named.value, known: fitting.map(\.name.value)))
            return nil
        }
        usedPorts.insert(named.value)
        guard port.link != nil else { return nil }
        guard port.kind == wanted.port else {
            checker.report(
                named.place,
                .wrongPort(port: named.value, found: port.kind, expected: wanted.port))
            return nil
        }
        return port
    }

    private func link(
        of port: StationFile.Port, for wanted: DeviceProfile.Link
    ) -> ResolvedChannel.Link? {
        switch (port.link, wanted) {
        case (.serial(let serial)?, .serial(let usual)):
            if serial.echoes { checker.report(port.name.place, .echoesNotShared) }
            return .serial(
                SerialLink(
                    path: serial.path, baud: serial.baud ?? usual.baud,
                    parity: serial.parity ?? usual.parity,
                    stopBits: serial.stopBits ?? usual.stopBits))
        case (.usb(let socket)?, .usb): return .usb(USBLink(socket: socket))
        case (.keyboard(let socket)?, .keyboard):
            return .keyboard(KeyboardLink(socket: socket))
        case (.gpio, _), (.serial, _), (.usb, _), (.keyboard, _), (nil, _): return nil
        }
    }

    // MARK: Lines that readers share

    private mutating func join(
        _ device: StationFile.Device, _ port: StationFile.Port, _ baud: Int,
        _ profile: inout DeviceProfile
    ) {
        guard case .osdpReader(var settings) = profile.driver, case .serial(let serial)? = port.link
        else { return }
        guard let stated = device.address else {
            checker.report(device.name.place, .missingKey("address", in: .device))
            return
        }
        guard let value = stated.value else { return }
        let address = Placed(value, at: stated.place)
        let name = port.name.value
        let me = Placed(device.name.value, at: address.place)
        if sharedLines[name] == nil {
            guard let line = newLine(port, serial, baud, device) else { return }
            sharedLines[name] = line
        }
        guard let line = sharedLines[name] else { return }
        if let first = line.baud.by, line.baud.value != baud {
            checker.report(
                device.name.place,
                .baudsDiffer(
                    port: name, first: "\(first.value): \(line.baud.value)", second: baud))
        }
        if let other = line.readers[address.value] {
            checker.report(
                address.place,
                .addressTaken(address.value, by: other.value, first: other.place))
        } else if line.readers.count == ResolvedStation.Limit.membersPerBus {
            checker.report(
                device.name.place, .tooManyOnLine(limit: ResolvedStation.Limit.membersPerBus))
        }
        sharedLines[name]?.readers[address.value] = me
        if settings.secure == .clear {
            checker.note(device.name.place, .readerInTheClear(device: device.name.value))
        }
        settings.bus = line.index
        settings.address = address.value
        profile.driver = .osdpReader(settings)
    }

    /// The device that stands for a line, made when its first reader is met.
    private mutating func newLine(
        _ port: StationFile.Port, _ serial: StationFile.Port.Serial, _ baud: Int,
        _ device: StationFile.Device
    ) -> SharedLine? {
        let name = port.name.value
        if let other = portUsers[name] {
            checker.report(
                device.port?.place ?? device.name.place,
                .portTaken(port: name, by: other.value, first: other.place))
            return nil
        }
        portUsers[name] = Placed(device.name.value, at: device.port?.place ?? device.name.place)
        if let twin = file.devices.first(where: { $0.name.value == name }) {
            checker.report(twin.name.place, .duplicateName(name, first: port.name.place))
        }
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
        let line = SharedLine(
            index: devices.count,
            baud: (
                value,
                serial.baud == nil ? Placed(device.name.value, at: device.name.place) : nil
            ))
        channels.append(
            ResolvedChannel(
                port: name, link: .serial(SerialLink(path: serial.path, baud: value)),
                device: line.index))
        devices.append(
            ResolvedDevice(
                name: name, profile: Self.lineProfile, labelChinese: "", labelEnglish: "",
                driver: .osdpBus(OSDPLineSettings(echoes: serial.echoes))))
        return line
    }
}
