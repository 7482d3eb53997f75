// The check of services: their readers are theirs alone, their orders and points exist.

extension ResolvedStation {
    func checkServices() throws(Flaw) {
        try Self.check(services.count, in: .services, limit: Limit.services)
        var names: Set<String> = []
        var parts = 0
        var bound: Set<String> = []
        var taken = Set(doors.flatMap { $0.readersIn + $0.readersOut })
        for (index, service) in services.enumerated() {
            guard Self.isLegalName(service.name) else { throw .value(.name, index: index) }
            guard names.insert(service.name).inserted else {
                throw .duplicate(.name, index: index)
            }
            guard Self.isLabel(service.labelChinese), Self.isLabel(service.labelEnglish) else {
                throw .value(.label, index: index)
            }
            guard service.hours.map(hours.indices.contains) ?? true else {
                throw .value(.hours, index: index)
            }
            try Self.check(
                service.readers.count, in: .readers, limit: Limit.readersPerService)
            for reader in service.readers {
                guard devices.indices.contains(reader), devices[reader].driver.isReader,
                    taken.insert(reader).inserted
                else { throw .value(.service, index: index) }
            }
            parts += service.settings.units.count
            guard parts <= Limit.boxesPerStation else {
                throw .tooMany(.services, count: parts, limit: Limit.boxesPerStation)
            }
            guard service.settings.bindings.allSatisfy({ bound.insert($0).inserted }) else {
                throw .duplicate(.service, index: index)
            }
            switch service.settings {
            case .lockers(let settings):
                guard isLegal(settings) else { throw .value(.service, index: index) }
            case .machine(let settings):
                guard isLegal(settings), settings.kind.shape.hasReaders || service.readers.isEmpty
                else { throw .value(.service, index: index) }
                for part in settings.parts {
                    guard let reader = part.reader else { continue }
                    guard devices.indices.contains(reader), devices[reader].driver.isReader,
                        taken.insert(reader).inserted
                    else { throw .value(.service, index: index) }
                }
            }
        }
    }

    private func isLegal(_ settings: LockersSettings) -> Bool {
        guard (1...Limit.boxes).contains(settings.boxes.count),
            Limit.leftOpenMilliseconds.contains(settings.leftOpenMilliseconds),
            settings.overtimeMinutes.map(Limit.overtimeMinutes.contains) ?? true,
            Set(settings.boxes.map(\.name)).count == settings.boxes.count
        else { return false }
        return settings.boxes.allSatisfy { box in
            guard Self.isText(box.name, bytes: 1...Limit.boxNameBytes), Self.isPartName(box.name),
                let device = box.open.device,
                let action = action(of: box.open, from: device)
            else { return false }
            return action.endsByItself && isPoint(box.closed) && (box.item.map(isPoint) ?? true)
        }
    }

    /// Whether it compares a point of a device with a number.
    func isPoint(_ comparison: Comparison) -> Bool {
        guard let device = comparison.device, devices.indices.contains(device) else { return false }
        return comparison.index == nil && !comparison.isGain && comparison.value.argument == nil
            && devices[device].driver.shownPoints.contains { $0.name == comparison.point }
    }
}

extension ActionSettings {
    /// Whether a coil that it makes active is let go by the board itself, whatever becomes of us:
    /// the only way in which a box may be opened.
    public var endsByItself: Bool { selfTimedMilliseconds != nil && safety == .board }
}
