// Ports that are no chips: a channel for each device.

import StationCore

extension DeviceResolver {
    /// Finds the port of a device that speaks on one. A reader on a shared line learns which, and
    /// the line itself comes before its first reader.
    ///
    /// - Returns: the link of a channel of its own; `nil` without one, and after an error.
    mutating func connect(
        _ device: StationFile.Device, _ profile: inout DeviceProfile
    ) -> ResolvedChannel.Link? {
        switch profile.link {
        case .osdp, .box: break
        case .gpio, .serial, .usb, .keyboard:
            if let address = device.address { refuse("address", at: address.place) }
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
        switch profile.link {
        case .osdp(let baud):
            join(device, port, baud, &profile)
            return nil
        case .box(let usual):
            join(device, port, usual, &profile)
            return nil
        case .gpio, .serial, .usb, .keyboard: break
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
}
