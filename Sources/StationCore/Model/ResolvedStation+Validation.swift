// The check before a resolved file is believed: it may come from anybody who can write the file.

extension ResolvedStation {
    /// Schemas that this code can read: N and N-1.
    public static let readableSchemas = max(1, currentSchema - 1)...currentSchema

    /// Every index is in range, every limit is kept and every device has its lines;
    /// O(lines + devices + doors) but for lookups in sets.
    ///
    /// What names mean to drivers is looked up by `validated`.
    func checkShape() throws(Flaw) {
        guard Self.readableSchemas.contains(schema) else {
            throw .schema(found: schema, known: Self.readableSchemas)
        }
        try checkIdentity()
        try checkDevices()
        try checkTotals()
        try checkLines()
        try checkTerminals()
        try checkChannels()
        try checkDoors()
        try checkRules()
        try checkHours()
        try checkRights()
        try checkTwoMasters()
        try checkGuards()
        try checkServices()
        try checkSettings()
    }

    private func checkIdentity() throws(Flaw) {
        guard Self.isLegalName(station.id) else { throw .value(.id, index: 0) }
        guard Self.isLabel(station.nameChinese), Self.isLabel(station.nameEnglish) else {
            throw .value(.name, index: 0)
        }
        guard Self.isText(station.phone, bytes: 0...Limit.phoneBytes) else {
            throw .value(.phone, index: 0)
        }
        guard station.district.map(Self.isLegalName) ?? true else {
            throw .value(.id, index: 0)
        }
        guard Limit.utcOffsetMinutes.contains(station.utcOffsetMinutes) else {
            throw .value(.utcOffset, index: 0)
        }
    }

    private func checkDevices() throws(Flaw) {
        try Self.check(devices.count, in: .devices, limit: Limit.devices)
        var names: Set<String> = []
        for (index, device) in devices.enumerated() {
            guard Self.isLegalName(device.name) else { throw .value(.name, index: index) }
            guard names.insert(device.name).inserted else { throw .duplicate(.name, index: index) }
            guard Self.isLegalName(device.profile) else { throw .value(.profile, index: index) }
            guard Self.isLabel(device.labelChinese), Self.isLabel(device.labelEnglish) else {
                throw .value(.label, index: index)
            }
            switch device.driver {
            case .wiegand(let settings): try Self.check(settings, at: index)
            case .lock: break
            case .contact(let settings):
                guard Limit.settleMilliseconds.contains(settings.settleMilliseconds) else {
                    throw .value(.settle, index: index)
                }
            case .button(let settings):
                guard Limit.settleMilliseconds.contains(settings.settleMilliseconds) else {
                    throw .value(.settle, index: index)
                }
            case .pn532(let settings): try Self.check(settings.views, at: index)
            case .em4100(let settings):
                try Self.check(settings.views, at: index)
                guard Self.isLegalName(settings.framing) else {
                    throw .value(.framing, index: index)
                }
            case .keyboard(let settings): try Self.check(settings, at: index)
            case .ccid(let settings):
                try Self.check(settings.views, at: index)
                guard Self.isLegalName(settings.family) else {
                    throw .value(.family, index: index)
                }
                guard Limit.slots.contains(settings.slot) else {
                    throw .value(.slot, index: index)
                }
            case .osdpBus, .fieldBus: break
            case .busDevice(let settings): try Self.check(settings, at: index)
            case .boardDevice(let settings): try Self.check(settings, at: index)
            case .osdpReader(let settings): try Self.check(settings, at: index)
            }
        }
    }

    private static func check(_ settings: KeyedReaderSettings, at index: Int) throws(Flaw) {
        try check(settings.views, at: index)
        guard !settings.formats.isEmpty || settings.takesPasses else {
            throw .empty(.formats, device: index)
        }
        try check(settings.formats, of: settings.technology, at: index)
        guard [0, 2].contains(settings.sentinels.utf8.count),
            isText(settings.sentinels, bytes: 0...2)
        else { throw .value(.sentinels, index: index) }
        guard Limit.keyIntervalMilliseconds.contains(settings.longestIntervalMilliseconds) else {
            throw .value(.keyInterval, index: index)
        }
    }

    private static func check(_ settings: OSDPReaderSettings, at index: Int) throws(Flaw) {
        try check(settings.views, at: index)
        guard Limit.addresses.contains(settings.address) else {
            throw .value(.address, index: index)
        }
        guard !settings.formats.isEmpty || !settings.texts.isEmpty else {
            throw .empty(.formats, device: index)
        }
        try check(settings.formats.count, in: .formats, limit: Limit.formatsPerReader)
        guard Set(settings.formats).count == settings.formats.count else {
            throw .duplicate(.format, index: index)
        }
        for format in settings.formats where !isLegalName(format) {
            throw .value(.format, index: index)
        }
        try check(settings.texts, of: settings.technology, at: index)
    }

    private static func check(
        _ texts: [KeyedReaderSettings.Format], of technology: String, at index: Int
    ) throws(Flaw) {
        try check(texts.count, in: .formats, limit: Limit.formatsPerReader)
        for format in texts {
            guard isText(format.form, bytes: 1...Limit.nameBytes),
                (1...Limit.nameBytes).contains(format.length ?? 1)
            else { throw .value(.format, index: index) }
        }
        guard Technology(name: technology) != nil else {
            throw .value(.technology, index: index)
        }
    }

    /// At least one view, at most `View.perReader`, each of a known name and only once.
    private static func check(_ views: [String], at index: Int) throws(Flaw) {
        guard !views.isEmpty else { throw .empty(.views, device: index) }
        try check(views.count, in: .views, limit: View.perReader)
        guard Set(views).count == views.count else { throw .duplicate(.view, index: index) }
        for view in views where View(name: view) == nil { throw .value(.view, index: index) }
    }

    private static func check(_ settings: WiegandSettings, at index: Int) throws(Flaw) {
        guard !settings.formats.isEmpty else { throw .empty(.formats, device: index) }
        try check(settings.formats.count, in: .formats, limit: Limit.formatsPerReader)
        try check(settings.views, at: index)
        guard Set(settings.formats).count == settings.formats.count else {
            throw .duplicate(.format, index: index)
        }
        for format in settings.formats where !isLegalName(format) {
            throw .value(.format, index: index)
        }
    }

    private func checkHours() throws(Flaw) {
        try Self.check(hours.count, in: .hours, limit: Limit.hours)
        var names: Set<String> = []
        for (index, set) in hours.enumerated() {
            guard Self.isLegalName(set.name) else { throw .value(.name, index: index) }
            guard names.insert(set.name).inserted else { throw .duplicate(.name, index: index) }
            guard Self.isLabel(set.labelChinese), Self.isLabel(set.labelEnglish) else {
                throw .value(.label, index: index)
            }
            try Self.check(set.hours.seasons.count, in: .seasons, limit: Limit.seasons)
            try Self.check(set.hours.dates.count, in: .dates, limit: Limit.dates)
            guard set.hours.dates.allSatisfy({ $0.first <= $0.last }) else {
                throw .value(.hours, index: index)
            }
        }
        try Self.check(
            holidays.off.count + holidays.worked.count, in: .holidays, limit: Limit.holidays)
    }

    private func checkRights() throws(Flaw) {
        guard let rights else { return }
        try Self.check(rights.count, in: .rights, limit: Limit.rights)
        var names: Set<String> = []
        for (index, set) in rights.enumerated() {
            guard Self.isLegalName(set.name) else { throw .value(.name, index: index) }
            guard names.insert(set.name).inserted else { throw .duplicate(.name, index: index) }
            let (places, granted) = (RosterPlaces(self), set.granted?.canonical)
            guard let granted, granted.doors.names.allSatisfy(places.doors.contains),
                granted.terms.services.names.allSatisfy(places.services.contains),
                granted.terms.hours.map(places.hours.contains) ?? true
            else { throw .value(.rights, index: index) }
        }
    }

    private func checkTwoMasters() throws(Flaw) {
        guard let twoMasters else { return }
        let known = MasterOperation.allCases.map(\.name)
        guard devices.indices.contains(twoMasters.reader),
            devices[twoMasters.reader].driver.isReader,
            twoMasters.operations.allSatisfy(known.contains)
        else { throw .value(.twoMasters, index: 0) }
    }

    /// What nobody keeps would begin at 0 with each start, and look good.
    private func checkTotals() throws(Flaw) {
        let count = devices.reduce(0) { sum, device in
            sum + device.driver.shownPoints.count { $0.kind == .total }
        }
        try Self.check(count, in: .totals, limit: KeptTotal.capacity)
    }

    private func checkSettings() throws(Flaw) {
        guard Limit.commitWaitMilliseconds.contains(journal.commitWaitMilliseconds) else {
            throw .value(.commitWait, index: 0)
        }
        guard Limit.lapseMilliseconds.contains(journal.lapseMilliseconds) else {
            throw .value(.lapse, index: 0)
        }
        guard Limit.graceDays.contains(policy.graceDays) else {
            throw .value(.graceDays, index: 0)
        }
    }

    static func check(_ count: Int, in list: Flaw.List, limit: Int) throws(Flaw) {
        guard count <= limit else { throw .tooMany(list, count: count, limit: limit) }
    }

    /// A label: may be empty, no control characters.
    static func isLabel(_ text: String) -> Bool { isText(text, bytes: 0...Limit.labelBytes) }

    static func isText(_ text: String, bytes: ClosedRange<Int>) -> Bool {
        bytes.contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
