// Lines that boxes share, and what their outputs drive.

import StationCore

extension DeviceResolver {
    /// A box learns its line and its address; the line itself comes before its first box.
    mutating func join(
        _ device: StationFile.Device, _ port: StationFile.Port,
        _ usual: DeviceProfile.SerialSettings, _ profile: inout DeviceProfile
    ) {
        guard case .busDevice(var settings) = profile.driver, let box = profile.box,
            case .serial(let serial)? = port.link
        else { return }
        let name = port.name.value
        if sharedLines[name] == nil {
            let link = SerialLink(
                path: serial.path, baud: serial.baud ?? usual.baud,
                parity: serial.parity ?? usual.parity,
                stopBits: serial.stopBits ?? usual.stopBits)
            let isStated =
                serial.baud != nil && serial.parity != nil && serial.stopBits != nil
            guard
                let line = line(
                    .boxes, port, device, link, isStated: isStated,
                    .fieldBus(FieldBusSettings(echoes: serial.echoes)))
            else { return }
            sharedLines[name] = line
        }
        guard let line = sharedLines[name], isOf(.boxes, line, port, device) else { return }
        checkSpeed(usual, serial, line, port, device)
        guard let address = address(of: device, box, settings, on: line, port) else { return }
        settings.bus = line.index
        settings.address = address
        profile.driver = .busDevice(settings)
        sharedLines[name]?.turns.append(
            BusTurn(device: device.name, settings, line.speed.value))
        let drivesLocks = (box.wired.map { [$0] } ?? Array(box.drives.values)).contains(.lock)
        if profile.kind == .lockBoard || drivesLocks { sharedLines[name]?.hasLocks = true }
    }

    /// A port that says how it is set speaks for all; otherwise the models must agree.
    private func checkSpeed(
        _ usual: DeviceProfile.SerialSettings, _ serial: StationFile.Port.Serial,
        _ line: SharedLine, _ port: StationFile.Port, _ device: StationFile.Device
    ) {
        guard let first = line.speed.by else { return }
        var wanted = usual
        wanted.baud = serial.baud ?? usual.baud
        wanted.parity = serial.parity ?? usual.parity
        wanted.stopBits = serial.stopBits ?? usual.stopBits
        guard wanted != line.speed.value else { return }
        checker.report(
            device.name.place,
            .linesDiffer(
                port: port.name.value, first: "\(first.value): \(line.speed.value.text)",
                second: "\(device.name.value): \(wanted.text)"))
    }

    private mutating func address(
        of device: StationFile.Device, _ box: Box, _ settings: BusDeviceSettings,
        on line: SharedLine, _ port: StationFile.Port
    ) -> Int? {
        let name = port.name.value
        let here = device.address?.place ?? device.name.place
        let me = Placed(device.name.value, at: here)
        if let loner = line.loner {
            checker.report(
                here, .notAlone(port: name, by: loner.value, first: loner.place))
            return nil
        }
        if box.addresses == .none {
            if let address = device.address { checker.report(address.place, .noAddress) }
            if line.members.isEmpty {
                sharedLines[name]?.loner = me
            } else {
                checker.report(
                    here,
                    .notAlone(
                        port: name, by: line.first.value, first: line.first.place))
            }
            return 0
        }
        guard let stated = device.address else {
            checker.report(device.name.place, .missingKey("address", in: .device))
            return nil
        }
        guard let address = checker.address(stated, among: box.addresses) else { return nil }
        let key = SharedLine.Key(language: settings.language.name, address: address)
        if let other = line.members[key] {
            checker.report(
                here, .addressTaken(address, by: other.value, first: other.place))
        } else if line.members.count == ResolvedStation.Limit.boxesPerBus {
            checker.report(
                device.name.place, .tooManyBoxes(limit: ResolvedStation.Limit.boxesPerBus))
        }
        sharedLines[name]?.members[key] = me
        return address
    }
}

extension OverrideReader {
    /// Parameters of a box, and what its outputs drive.
    func apply(_ overrides: [TreeNode.Pair], toBox profile: inout DeviceProfile) {
        guard var box = profile.box, case .busDevice = profile.driver else { return }
        let before = checker.findings.count
        var drives: DrivenThing?
        var changed: Place?
        for pair in overrides {
            if pair.key == "drives" {
                drives = checker.choice(pair.value)
                continue
            }
            guard let index = box.parameters.firstIndex(where: { $0.name == pair.key }) else {
                checker.report(
                    pair.place,
                    .unknownKey(
                        pair.key, in: .device,
                        known: Self.boxKeys + box.parameters.map(\.name)))
                continue
            }
            guard let value = checker.decimal(pair.value) else { continue }
            guard box.parameters[index].allows(value) else {
                checker.report(box.parameters[index], value, at: pair.value.place)
                continue
            }
            if box.parameters[index].value != value { changed = pair.value.place }
            box.parameters[index].value = value
        }
        guard checker.findings.count == before else { return }
        if let changed {
            let aside = Checker(file: box.file, findings: Findings())
            let reading = BoxReader(checker: aside).read(box.parts, values: box.parameters)
            guard let reading, aside.findings.isClean else {
                checker.report(changed, .valueBreaksProfile(profile.id))
                return
            }
            profile.driver = .busDevice(reading.settings)
        }
        if let drives { box.wired = drives }
        profile.box = box
    }
}

extension DeviceResolver {
    /// Leaves out what would stay dangerous while the agent is dead, and says so.
    func checkOutputs(of device: StationFile.Device, _ profile: inout DeviceProfile) {
        guard let box = profile.box else { return }
        if case .boardDevice(let settings) = profile.driver {
            return checkLines(of: device, settings, box)
        }
        guard case .busDevice(var settings) = profile.driver else { return }
        let name = device.name.value
        let outputs = settings.actions.filter { $0.safety != nil }
        guard !outputs.isEmpty else { return }
        var leftOut: [String] = []
        for action in outputs where action.safety == LockSettings.Safety.none {
            guard let thing = box.wired ?? box.drives[action.name], thing.isHazard else {
                checker.note(
                    device.name.place, .actionNeverSafe(device: name, action: action.name))
                continue
            }
            leftOut.append(action.name)
            checker.note(
                device.name.place,
                .actionLeftOut(
                    device: name, action: action.name, thing.rawValue, thing.chinese))
        }
        guard !leftOut.isEmpty else { return }
        let thing = box.wired ?? .other
        if leftOut.count == outputs.count {
            checker.report(
                device.name.place,
                .nothingSafe(device: name, thing.rawValue, thing.chinese))
        }
        settings.actions.removeAll { leftOut.contains($0.name) }
        var performed = settings.guards.flatMap { $0.orders.map(\.action) }
        for case .perform(let action, _) in settings.actions.flatMap(\.steps) {
            performed.append(action)
        }
        for action in performed where leftOut.contains(action) {
            checker.report(
                device.name.place, .performsUnsafe(device: name, action: action))
        }
        profile.driver = .busDevice(settings)
    }
}
