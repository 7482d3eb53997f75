// The check of lines and doors: who is wired to what.

extension ResolvedStation {
    func checkLines() throws(Flaw) {
        try Self.check(lines.count, in: .lines, limit: Limit.lines)
        var wires: Set<[String]> = []
        var requests: [Int: (first: Int, count: Int)] = [:]
        for (index, line) in lines.enumerated() {
            guard Self.isText(line.chip, bytes: 1...Limit.lineNameBytes) else {
                throw .value(.chip, index: index)
            }
            guard Self.isText(line.line, bytes: 1...Limit.lineNameBytes) else {
                throw .value(.line, index: index)
            }
            guard wires.insert([line.chip, line.line]).inserted else {
                throw .duplicate(.line, index: index)
            }
            guard Limit.debounceMicroseconds.contains(line.debounceMicroseconds) else {
                throw .value(.debounce, index: index)
            }
            guard devices.indices.contains(line.device) else { throw .strayLine(index: index) }
            let terminals = devices[line.device].driver.terminals
            guard terminals.indices.contains(line.terminal) else { throw .strayLine(index: index) }
            guard terminals[line.terminal].direction == line.direction,
                line.direction == .output || !line.safe
            else { throw .wrongDirection(line: index) }
            guard lines.indices.contains(line.request) else { throw .mixedRequest(line: index) }
            let request = requests[line.request, default: (first: index, count: 0)]
            let first = lines[request.first]
            guard first.chip == line.chip, first.device == line.device,
                first.direction == line.direction, request.count < Limit.linesPerRequest
            else { throw .mixedRequest(line: index) }
            requests[line.request] = (request.first, request.count + 1)
        }
    }

    /// Every device has each required terminal once and no terminal twice; a reader's data lines
    /// share a request.
    func checkTerminals() throws(Flaw) {
        var wired = devices.map { _ in [Int: Int]() }
        for (index, line) in lines.enumerated() {
            guard wired[line.device].updateValue(line.request, forKey: line.terminal) == nil else {
                throw .strayLine(index: index)
            }
        }
        for (index, device) in devices.enumerated() {
            for (terminal, description) in device.driver.terminals.enumerated()
            where description.isRequired && wired[index][terminal] == nil {
                throw .missingTerminal(device: index, terminal: terminal)
            }
            if case .wiegand = device.driver, wired[index][0] != wired[index][1] {
                throw .splitReader(device: index)
            }
        }
    }

    /// Every device that speaks on a channel has one, and every member's bus is a bus.
    func checkChannels() throws(Flaw) {
        try Self.check(channels.count, in: .devices, limit: Limit.devices)
        var taken: Set<Int> = []
        for (index, channel) in channels.enumerated() {
            guard Self.isLegalName(channel.port) else { throw .value(.port, index: index) }
            guard devices.indices.contains(channel.device),
                devices[channel.device].driver.hasChannel, taken.insert(channel.device).inserted
            else { throw .strayChannel(index: index) }
            guard channel.link.isLegal else { throw .value(.link, index: index) }
        }
        for (index, device) in devices.enumerated()
        where device.driver.hasChannel && !taken.contains(index) {
            throw .missingChannel(device: index)
        }
        try checkMembers()
    }

    /// Every bus has members, not too many, each under an address of its own.
    private func checkMembers() throws(Flaw) {
        var members: [Int: Int] = [:]
        var addresses: Set<[String]> = []
        for (index, device) in devices.enumerated() {
            guard let bus = device.driver.bus else { continue }
            guard devices.indices.contains(bus), device.driver.canJoin(devices[bus].driver) else {
                throw .strayMember(device: index)
            }
            members[bus, default: 0] += 1
            let limit =
                device.driver.isReader ? Limit.membersPerBus : Limit.boxesPerBus
            try Self.check(members[bus] ?? 0, in: .members, limit: limit)
            guard let address = device.driver.address else { continue }
            let language = device.driver.language?.name ?? ""
            guard addresses.insert(["\(bus)", language, "\(address)"]).inserted else {
                throw .duplicate(.address, index: index)
            }
        }
        for (index, device) in devices.enumerated()
        where device.driver.isBus && members[index] == nil {
            throw .empty(.members, device: index)
        }
    }

    func checkDoors() throws(Flaw) {
        try Self.check(doors.count, in: .doors, limit: Limit.doors)
        var names: Set<String> = []
        var taken: Set<Int> = []
        for (index, door) in doors.enumerated() {
            guard Self.isLegalName(door.name) else { throw .value(.name, index: index) }
            guard names.insert(door.name).inserted else { throw .duplicate(.name, index: index) }
            guard Self.isLabel(door.labelChinese), Self.isLabel(door.labelEnglish) else {
                throw .value(.label, index: index)
            }
            for side in [door.readersIn, door.readersOut] {
                try Self.check(side.count, in: .readers, limit: Limit.readersPerSide)
            }
            try checkDevices(of: door, at: index, &taken)
            guard Limit.releaseMilliseconds.contains(door.releaseMilliseconds) else {
                throw .value(.release, index: index)
            }
            guard Limit.openMilliseconds.contains(door.openMilliseconds) else {
                throw .value(.open, index: index)
            }
            guard Limit.preAlarmMilliseconds.contains(door.preAlarmMilliseconds),
                door.preAlarmMilliseconds < door.openMilliseconds
            else { throw .preAlarm(door: index) }
            // Schema 1 did not carry it; what made such a file had checked it.
            if schema >= 2, case .lock(let lock) = devices[door.lock].driver,
                lock.kind == .maglock, door.egress != .hardware
            {
                throw .maglockWithoutEgress(door: index)
            }
            if let place = door.unlockHours {
                guard hours.indices.contains(place),
                    case .lock(let lock) = devices[door.lock].driver, lock.duty == .continuous
                else { throw .value(.hours, index: index) }
            }
            guard door.contact != nil || door.relock == .onOpen else {
                throw .relockWithoutContact(door: index)
            }
        }
    }

    private func checkDevices(
        of door: ResolvedDoor, at index: Int, _ taken: inout Set<Int>
    ) throws(Flaw) {
        var roles = [(door.lock, "lock")]
        if let contact = door.contact { roles.append((contact, "contact")) }
        if let button = door.exitButton { roles.append((button, "button")) }
        for (device, driver) in roles {
            guard devices.indices.contains(device), devices[device].driver.name == driver else {
                throw .wrongDevice(door: index, device: device)
            }
        }
        for reader in door.readersIn + door.readersOut {
            guard devices.indices.contains(reader), devices[reader].driver.isReader else {
                throw .wrongDevice(door: index, device: reader)
            }
        }
        for device in roles.map(\.0) + door.readersIn + door.readersOut {
            guard taken.insert(device).inserted else {
                throw .sharedDevice(door: index, device: device)
            }
        }
    }
}
