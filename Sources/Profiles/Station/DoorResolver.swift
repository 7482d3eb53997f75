// Doors and services: every name turned into a device's place, and the rules of doors checked.

import StationCore

/// Resolves `doors` against the devices.
struct DoorResolver {
    let file: StationFile
    let checker: Checker
    let known: [KnownDevice]
    /// What they are once resolved.
    let devices: [ResolvedDevice]

    private(set) var doors: [ResolvedDoor] = []
    var services: [ResolvedService] = []
    var rights: [ResolvedRights] = []
    private var taken: [String: (door: String, place: Place)] = [:]
    private var usedHours: Set<String> = []

    init(
        file: StationFile, checker: Checker, known: [KnownDevice], devices: [ResolvedDevice]
    ) {
        self.file = file
        self.checker = checker
        self.known = known
        self.devices = devices
    }

    mutating func resolve() {
        for door in file.doors { resolve(door) }
        checkInterlocks()
        resolveServices()
        resolveRights()
        for device in known
        where taken[device.name.value] == nil && !device.name.value.isEmpty
            && !(device.profile?.kind.isBox ?? false)
        {
            checker.note(device.name.place, .unusedDevice(device.name.value))
        }
        for hours in file.hours where hours.hours.holidays != nil && file.holidays.years.isEmpty {
            checker.note(hours.name.place, .holidaysUnknown(hours: hours.name.value))
        }
        for hours in file.hours where !usedHours.contains(hours.name.value) {
            checker.note(hours.name.place, .unusedHours(hours.name.value))
        }
    }

    private mutating func resolve(_ door: StationFile.Door) {
        let name = door.name.value
        let readersIn = door.readersIn.map { device($0, [.reader], name) }
        let readersOut = door.readersOut.map { device($0, [.reader], name) }
        let lock = door.lock.flatMap { device($0, [.strike, .maglock, .panelInput], name) }
        let contact = door.contact.flatMap { device($0, [.contact], name) }
        let button = door.exitButton.flatMap { device($0, [.button], name) }
        if let lock, let place = door.lock?.place { checkLock(lock, at: place, door) }
        checkTimes(door)
        checkSight(door)
        guard let lock else { return }
        doors.append(
            ResolvedDoor(
                name: name, labelChinese: door.label.chinese, labelEnglish: door.label.english,
                readersIn: readersIn.compactMap { $0?.index },
                readersOut: readersOut.compactMap { $0?.index },
                lock: lock.index ?? 0, contact: contact?.index, exitButton: button?.index,
                shared: door.isShared, egress: door.egress, greeting: door.greeting,
                relock: door.relock?.value ?? .onOpen,
                releaseMilliseconds: door.release.milliseconds,
                openMilliseconds: (door.open?.value ?? DoorReader.open).milliseconds,
                preAlarmMilliseconds: preAlarm(of: door).milliseconds,
                unlockHours: unlockHours(of: door, lock), rules: rules(of: door, lock)))
    }

    /// The place of the hours in which the door stands unlocked.
    private mutating func unlockHours(of door: StationFile.Door, _ lock: KnownDevice) -> Int? {
        guard let name = door.unlock, let place = place(ofHours: name) else { return nil }
        if let index = lock.index, case .lock(let settings) = devices[index].driver,
            settings.duty == .intermittent
        {
            checker.report(name.place, .unlockIntermittent(lock: lock.name.value))
        }
        return place
    }

    mutating func place(ofHours name: Placed<String>) -> Int? {
        guard let place = file.hours.firstIndex(where: { $0.name.value == name.value }) else {
            checker.report(
                name.place,
                .unknownReference(
                    .hours, name: name.value, known: file.hours.map(\.name.value)))
            return nil
        }
        usedHours.insert(name.value)
        return place
    }

    /// The device of that name, when it is there, of the right kind and free.
    mutating func device(
        _ name: Placed<String>, _ kinds: [DeviceProfile.Kind], _ door: String
    ) -> KnownDevice? {
        guard let device = known.first(where: { $0.name.value == name.value }) else {
            checker.report(
                name.place,
                .unknownReference(.device, name: name.value, known: candidates(kinds)))
            return nil
        }
        if let other = taken[name.value] {
            checker.report(
                name.place, .deviceTaken(name.value, door: other.door, first: other.place))
            return nil
        }
        taken[name.value] = (door, name.place)
        guard let profile = device.profile else { return nil }
        guard kinds.contains(profile.kind) else {
            checker.report(
                name.place,
                .wrongRole(device: name.value, found: profile.kind, expected: kinds))
            return nil
        }
        return device
    }

    /// Devices that could stand here, those of the right kind first.
    private func candidates(_ kinds: [DeviceProfile.Kind]) -> [String] {
        func fits(_ device: KnownDevice) -> Bool {
            device.profile.map { kinds.contains($0.kind) } ?? false
        }
        return (known.filter(fits) + known.filter { !fits($0) })
            .map(\.name.value).filter { !$0.isEmpty }
    }

    private func checkLock(_ lock: KnownDevice, at place: Place, _ door: StationFile.Door) {
        guard let kind = lock.profile?.kind else { return }
        if kind == .maglock, door.egress != .hardware {
            checker.report(place, .maglockWithoutHardwareEgress)
        }
        if door.isShared, kind != .panelInput {
            checker.report(place, .sharedWithoutPanelInput(lock: lock.name.value))
        }
        if !door.isShared, kind == .panelInput {
            checker.report(place, .panelInputWithoutShared(lock: lock.name.value))
        }
    }

    /// Without a word in the file the warning comes 10 s before, or at a third of a short time.
    private func preAlarm(of door: StationFile.Door) -> Microseconds {
        let open = door.open?.value ?? DoorReader.open
        return door.preAlarm?.value
            ?? min(DoorReader.preAlarm, Microseconds.milliseconds(open.milliseconds / 3))
    }

    private func checkTimes(_ door: StationFile.Door) {
        let open = door.open?.value ?? DoorReader.open
        if let preAlarm = door.preAlarm, preAlarm.value >= open {
            checker.report(
                preAlarm.place,
                .preAlarmTooLate(
                    preAlarm: DurationText.text(preAlarm.value), open: DurationText.text(open)))
        }
    }

    /// What the door can and cannot see.
    private func checkSight(_ door: StationFile.Door) {
        let name = door.name.value
        if door.readersIn.isEmpty, door.readersOut.isEmpty {
            checker.note(door.name.place, .noReader(door: name))
        }
        guard door.contact == nil else {
            if !door.isShared, door.exitButton == nil, door.readersOut.isEmpty {
                checker.note(door.name.place, .forcedNotTold(door: name))
            }
            return
        }
        checker.note(door.name.place, .noContact(door: name))
        if let relock = door.relock, relock.value == .onClose {
            checker.report(relock.place, .relockWithoutContact)
        }
        for (key, place) in [("open", door.open?.place), ("pre_alarm", door.preAlarm?.place)] {
            if let place { checker.note(place, .withoutContact(key: key)) }
        }
    }
}
