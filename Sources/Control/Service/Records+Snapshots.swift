// Snapshots become records: places become names, instants become dates.

import EventLoop
import StationCore

extension StationRecord {
    init(_ snapshot: StationSnapshot, journal status: JournalStatus?, _ info: ServiceInfo) {
        let identity = info.station.station
        id = identity.id
        name = TextRecord(zh: identity.nameChinese, en: identity.nameEnglish)
        phone = identity.phone
        version = info.version
        simulated = info.simulated
        configuration = info.configuration
        boot = info.boot
        ready = snapshot.ready
        uptimeMilliseconds = (snapshot.at - snapshot.started).milliseconds
        clock = ClockRecord(snapshot.calendar, at: snapshot.at, info)
        roster = RosterRecord(snapshot.roster)
        keyEpochs = snapshot.keyEpochs.map(\.description)
        doors = zip(info.station.doors, snapshot.doors).map { DoorRecord($0, $1) }
        journal = JournalRecord(status, snapshot)
        devices = info.station.devices.count
        faultyDevices = snapshot.faultyDevices.map(info.deviceName)
        faults = FaultRecord.all(snapshot.faults, snapshot.calendar, info)
        notice = snapshot.notice.map { NoticeRecord($0, info) }
        readerKeys = snapshot.readerKeys == .none ? nil : snapshot.readerKeys.rawValue
    }
}

extension ClockRecord {
    init(_ calendar: Calendar, at instant: Instant, _ info: ServiceInfo) {
        quality = calendar.quality.name
        trusted = calendar.isTrusted
        wall = calendar.wallTime(at: instant).milliseconds
        time = info.time(wall)
        wallOffset = calendar.wallOffset
        bootTime = calendar.bootTime(at: instant)
        utcOffset = calendar.utcOffset
        floor = calendar.floor.milliseconds
    }
}

extension RosterRecord {
    init(_ snapshot: RosterSnapshot?) {
        version = Int64(clamping: snapshot?.version ?? 0)
        keys = snapshot?.keys ?? 0
        forms = snapshot?.forms ?? 0
        epoch = snapshot?.epoch.description ?? ""
        digest = snapshot?.digest ?? ""
        issuer = snapshot?.issuer
        enrolled = snapshot?.enrolled
        told = snapshot?.told
    }
}

extension DoorRecord {
    init(_ door: ResolvedDoor, _ snapshot: DoorSnapshot) {
        name = door.name
        label = TextRecord(zh: door.labelChinese, en: door.labelEnglish, orBoth: door.name)
        mode = snapshot.mode.name
        physical = snapshot.physical.rawValue
        lock = snapshot.released ? "released" : "secured"
        alarm = snapshot.alarm?.rawValue
        shared = door.shared
        egress = door.egress?.rawValue
        inUse = snapshot.inUse
    }
}

extension TextRecord {
    /// An empty label falls back to the name.
    init(zh: String, en: String, orBoth name: String) {
        self.init(zh: zh.isEmpty ? name : zh, en: en.isEmpty ? name : en)
    }
}

extension JournalRecord {
    /// - Parameter status: `nil` when the journal did not answer.
    init(_ status: JournalStatus?, _ snapshot: StationSnapshot) {
        state = Self.state(status, snapshot)
        store = status?.store
        oldestSequence = status?.oldest ?? 0
        lastSequence = status?.newest ?? 0
        head = status?.head
        volatile = status?.volatile ?? false
        waited = snapshot.journalWaited
        commits = status?.commits ?? 0
        bytes = status?.bytes ?? 0
        commitMedian = status?.latency?.median.microseconds
        commitP99 = status?.latency?.p99.microseconds
        commitMax = status?.latency?.max.microseconds
    }

    /// What the journal says of itself, and what the core saw of it: the worse of the two.
    static func state(_ status: JournalStatus?, _ snapshot: StationSnapshot) -> String {
        guard let status else { return "silent" }
        let isSlow = snapshot.faults.contains { $0.fault == .journalSlow }
        let state: JournalStatus.State =
            switch status.state {
            case .failed, .opening: status.state
            case .running, .slow:
                switch snapshot.journal {
                case .failed: .failed
                case .opening, .open: isSlow ? .slow : status.state
                }
            }
        return state.rawValue
    }
}

extension DeviceRecord {
    init(_ place: Int, _ snapshot: DevicesSnapshot, _ info: ServiceInfo) {
        let device = info.station.devices[place]
        let state = snapshot.devices[place]
        name = device.name
        label = TextRecord(zh: device.labelChinese, en: device.labelEnglish, orBoth: device.name)
        profile = device.profile
        driver = device.driver.name
        views = device.driver.isReader ? device.driver.views : nil
        doors = info.station.doors.filter { $0.uses(place) }.map(\.name)
        self.state = state.faults.isEmpty ? "ok" : "faulty"
        faults = FaultRecord.all(state.faults, snapshot.calendar, info)
        for index in faults.indices where faults[index].kind == Fault.insecure.name {
            faults[index].detail = state.flaw?.name
        }
        counters = [:]
        for counter in state.counters {
            counters[counter.name.description] = Int64(clamping: counter.value)
        }
        let told = device.driver.actions
        actions = told.isEmpty ? nil : told.map { ActionRecord($0) }
        let rules = device.driver.guards
        guards =
            rules.isEmpty
            ? nil
            : zip(rules, state.guards).map { rule, guarded in
                GuardRecord(rule.name, guarded, snapshot.calendar, info)
            }
        let settings = device.driver.shownPoints
        guard !settings.isEmpty else { return }
        points = settings.enumerated().map { place, point in
            let reading = state.points.indices.contains(place) ? state.points[place] : .unread
            return PointRecord(point, reading, at: snapshot.at)
        }
    }

    static func all(_ snapshot: DevicesSnapshot, _ info: ServiceInfo) -> [DeviceRecord] {
        (0..<min(info.station.devices.count, snapshot.devices.count))
            .map { DeviceRecord($0, snapshot, info) }
    }
}

extension PointRecord {
    init(_ point: PointSettings, _ reading: PointReading, at now: Instant) {
        let value = reading.value
        let place = value.flatMap { $0.places == 0 ? Int(exactly: $0.mantissa) : nil }
        let state = place.flatMap { point.states.indices.contains($0) ? point.states[$0] : nil }
        self.init(
            name: point.name, kind: point.kind.rawValue,
            unit: point.unit.isEmpty ? nil : point.unit,
            value: state == nil ? value?.description : nil, state: state,
            quality: reading.quality.name,
            ageMilliseconds: reading.quality == .unread
                ? nil : max(0, (now - reading.at).milliseconds))
    }
}

extension FaultRecord {
    static func all(
        _ faults: [(fault: Fault, since: Instant)], _ calendar: Calendar, _ info: ServiceInfo
    ) -> [FaultRecord] {
        faults.map { fault, since in
            let wall = calendar.wallTime(at: since).milliseconds
            return FaultRecord(kind: fault.name, since: wall, time: info.time(wall))
        }
    }
}

extension ResolvedDoor {
    fileprivate func uses(_ device: Int) -> Bool {
        readersIn.contains(device) || readersOut.contains(device) || lock == device
            || contact == device || exitButton == device
    }
}

extension EntryRecord {
    init(_ entry: JournaledEntry, _ info: ServiceInfo) {
        detail = ControlCoder.detail(entry.payload)
        if let reason = detail.reason {
            detail.wording = Denial.allCases.first { $0.name == reason }?.wording.rawValue
        }
        cursor = EntryCursor(store: entry.store, sequence: entry.sequence).description
        store = entry.store
        sequence = entry.sequence
        boot = entry.boot
        bootTime = entry.bootTime
        wall = entry.wall.milliseconds
        time = info.time(wall)
        quality = entry.quality.name
        `class` = Int(entry.entryClass.rawValue)
        kind = entry.kind
        device = entry.device.isEmpty ? nil : entry.device
        let name = detail.door
        door = name
        doorLabel = info.station.doors.first { $0.name == name }.map {
            TextRecord(zh: $0.labelChinese, en: $0.labelEnglish, orBoth: $0.name)
        }
        key = entry.key.isEmpty ? nil : entry.key
        holder = entry.holder.isEmpty ? nil : entry.holder
        erased = entry.erased
        digest = entry.digest
    }
}

extension ActionRecord {
    init(_ action: ActionSettings) {
        name = action.name
        arguments = action.arguments.map {
            Argument(
                name: $0.name, lowest: $0.lowest.description, highest: $0.highest.description)
        }
    }
}

extension GuardRecord {
    init(
        _ name: String, _ snapshot: GuardSnapshot, _ calendar: Calendar, _ info: ServiceInfo
    ) {
        self.name = name
        stands = snapshot.since != nil
        since = snapshot.since.map { calendar.wallTime(at: $0).milliseconds }
        time = since.map { info.time($0) }
        acts = snapshot.acts
        secured = snapshot.isSecured
        unseen = snapshot.isUnseen ? true : nil
        escalated = snapshot.isEscalated
    }
}
