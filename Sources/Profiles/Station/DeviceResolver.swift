// Devices and their lines: profiles applied, overrides checked, wires turned into requests.

import StationCore

/// A device with its place in the file, for the doors that name it.
struct KnownDevice {
    var name: Placed<String>
    /// `nil` when its profile could not be read: then nothing more is said about it.
    var profile: DeviceProfile?
    /// Its place in `ResolvedStation.devices`; `nil` with the profile.
    var index: Int?
}

/// Resolves `devices` into devices and lines.
///
/// One kernel request holds one device's inputs, or its outputs, on one chip. So the edges of a
/// reader's D0 and D1 come in order from one descriptor, an output gets its safe value as its line
/// is opened, and a line that another process holds takes one device with it, not the station.
struct DeviceResolver {
    let file: StationFile
    let checker: Checker
    var library: ProfileLibrary

    private(set) var known: [KnownDevice] = []
    var devices: [ResolvedDevice] = []
    private(set) var lines: [ResolvedLine] = []
    var channels: [ResolvedChannel] = []
    private var requests = 0
    private var taken: [[String]: (device: String, place: Place)] = [:]
    var usedPorts: Set<String> = []
    /// Who speaks on a port that is no chip; of a line that several share, the first.
    var portUsers: [String: Placed<String>] = [:]
    var sharedLines: [String: SharedLine] = [:]

    init(file: StationFile, checker: Checker, library: ProfileLibrary) {
        self.file = file
        self.checker = checker
        self.library = library
    }

    mutating func resolve() {
        for device in file.devices { resolve(device) }
        resolveGuards()
        tellTurns()
        for port in file.ports where !usedPorts.contains(port.name.value) {
            checker.note(port.name.place, .unusedPort(port.name.value))
        }
    }

    private mutating func resolve(_ device: StationFile.Device) {
        var entry = KnownDevice(name: device.name)
        defer { known.append(entry) }
        guard !device.profile.value.isEmpty else { return }
        guard library.known.contains(device.profile.value) else {
            checker.report(
                device.profile.place,
                .unknownReference(.profile, name: device.profile.value, known: library.known))
            return
        }
        guard var profile = library.profile(device.profile.value) else { return }
        OverrideReader(checker: checker).apply(device.overrides, to: &profile)
        if profile.box == nil { refuseGuards(of: device, profile) }
        let link = connect(device, &profile)
        checkOutputs(of: device, &profile)
        entry.profile = profile
        entry.index = devices.count
        if case .lock(let lock) = profile.driver, lock.safety == .none {
            checker.note(device.name.place, .outputNeverSafe(device: device.name.value))
        }
        resolve(wires: device, profile)
        if let link, let port = device.port?.value {
            channels.append(ResolvedChannel(port: port, link: link, device: devices.count))
        }
        devices.append(
            ResolvedDevice(
                name: device.name.value, profile: profile.id, labelChinese: device.label.chinese,
                labelEnglish: device.label.english, driver: profile.driver))
    }

    private mutating func resolve(wires device: StationFile.Device, _ profile: DeviceProfile) {
        guard let wires = device.wires else { return }
        let known = profile.lines.map(\.name)
        for wire in wires where !known.contains(wire.terminal.value) {
            checker.report(
                wire.terminal.place, .unknownKey(wire.terminal.value, in: .gpio, known: known))
        }
        var requestOf: [[String]: Int] = [:]
        var chips: [(name: String, chip: String, place: Place)] = []
        for line in profile.lines {
            guard let wire = wires.first(where: { $0.terminal.value == line.name }) else {
                if !line.isOptional {
                    checker.report(device.gpioPlace, .missingKey(line.name, in: .gpio))
                }
                continue
            }
            guard let (chip, name) = place(of: wire.line) else { continue }
            let terminal = "\(device.name.value).\(line.name)"
            if let other = taken[[chip, name]] {
                checker.report(
                    wire.line.place,
                    .lineTaken(line: wire.line.value, by: other.device, first: other.place))
            } else {
                taken[[chip, name]] = (terminal, wire.line.place)
            }
            chips.append((line.name, chip, wire.line.place))
            let group = [chip, line.direction.rawValue]
            if requestOf[group] == nil {
                requestOf[group] = requests
                requests += 1
            }
            lines.append(
                ResolvedLine(
                    chip: chip, line: name, direction: line.direction,
                    activeLow: line.activeLow, bias: line.bias, edges: line.edges,
                    debounceMicroseconds: line.debounce.count, safe: line.safe,
                    request: requestOf[group] ?? 0, device: devices.count,
                    terminal: line.terminal))
        }
        if case .wiegand = profile.driver, let first = chips.first(where: { $0.name == "d0" }),
            let second = chips.first(where: { $0.name == "d1" }), first.chip != second.chip
        {
            checker.report(second.place, .linesOnTwoChips("d0", "d1"))
        }
    }

    /// Chip label and line name of `port/LINE`, or of `LINE` when there is one port.
    private mutating func place(of line: Placed<String>) -> (chip: String, line: String)? {
        guard !line.value.isEmpty else { return nil }
        let ports = file.ports.filter { $0.chip != nil }
        if let slash = line.value.firstIndex(of: "/") {
            let name = String(line.value[..<slash])
            let rest = String(line.value[line.value.index(after: slash)...])
            guard let port = file.ports.first(where: { $0.name.value == name }) else {
                checker.report(
                    line.place,
                    .unknownReference(.port, name: name, known: ports.map(\.name.value)))
                return nil
            }
            guard let kind = port.link.map({ _ in port.kind }), kind != "gpio" else {
                return checked(rest, on: port, line.place)
            }
            checker.report(
                line.place, .wrongPort(port: name, found: kind, expected: "gpio"))
            return nil
        }
        guard ports.count == 1 else {
            if !ports.isEmpty {
                checker.report(line.place, .noPort(line: line.value))
            } else if file.ports.allSatisfy({ $0.link != nil }), !file.ports.isEmpty {
                checker.report(line.place, .noChip)
            }
            return nil
        }
        return checked(line.value, on: ports[0], line.place)
    }

    private mutating func checked(
        _ line: String, on port: StationFile.Port, _ place: Place
    ) -> (chip: String, line: String)? {
        usedPorts.insert(port.name.value)
        let limit = ResolvedStation.Limit.lineNameBytes
        guard let chip = port.chip else { return nil }
        guard (1...limit).contains(line.utf8.count) else {
            checker.report(place, .badText(limitBytes: limit))
            return nil
        }
        return (chip, line)
    }
}
