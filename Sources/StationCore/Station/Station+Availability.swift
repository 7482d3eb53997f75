// What a service is to whoever asks: open, closed until, degraded, out of order.

extension Station {
    /// Whether a service can be had now.
    public borrowing func availability(of service: Int) -> Availability {
        Availability(
            isOpen: isOpen(ServiceID(service)), until: opening(of: service),
            parts: partStates(of: service).map(\.condition))
    }

    /// When a service that is closed opens; `nil`: nobody knows.
    private borrowing func opening(of service: Int) -> WallTime? {
        let hours = resolved.services[service].hours
        guard let pause = pause(of: service) else { return hours.flatMap { schedules[$0].until } }
        guard let until = pause.until, let hours else { return pause.until }
        return schedules.opening(of: hours, from: until)
    }

    /// The parts of a service as they are now.
    public borrowing func partStates(of service: Int) -> [PartState] {
        guard machines.isMachine(service) else { return boxes(of: service) }
        return resolved.services[service].settings.units.indices.map { unit in
            let part = ServicePart(service: service, unit: unit)
            return PartState(
                condition: machines.condition(of: part), isInUse: machines.owner(of: part) != nil,
                faults: machines.faults(of: part))
        }
    }

    private borrowing func boxes(of service: Int) -> [PartState] {
        let isGiven = services.isRecalled && journalState != .failed
        return boxStates(of: service).map { box in
            let condition: ServiceCondition
            if box.isBlocked {
                condition = .outOfOrder(.byPerson)
            } else if !box.troubles.isDisjoint(with: [.jammed, .forced]) || !box.isKnown {
                condition = .outOfOrder(.deviceFailed)
            } else if box.isClosed == nil {
                condition = .outOfOrder(.deviceMissing)
            } else if !isGiven {
                condition = .degraded(.starting)
            } else {
                condition = box.troubles.contains(.leftOpen) ? .degraded(.leftOpen) : .working
            }
            return PartState(condition: condition, isInUse: box.isHeld)
        }
    }
}

extension ServiceCondition.Reason {
    /// What people read of it.
    public func text(_ language: Wording.Language) -> String {
        let words =
            switch self {
            case .starting: ("刚启动，请稍等", "has only started, wait a moment")
            case .guarded: ("保护动作，已停", "a guard stopped it")
            case .deviceMissing: ("设备没应答", "its device does not answer")
            case .deviceFailed: ("设备有故障", "its device is faulty")
            case .notSecured: ("没确认关好，请勿靠近", "not known to be shut: keep away")
            case .meterMissing: ("计量没有读数", "its meter says nothing")
            case .noFlow: ("没有水", "no water")
            case .leaking: ("漏水", "leaking")
            case .supplyLow: ("快没了", "running low")
            case .supplyEmpty: ("没了", "empty")
            case .filterDue: ("该换滤芯", "filter due")
            case .poorWater: ("水质差", "poor water")
            case .byPerson: ("站长停用", "put out of use by the station")
            case .restockDue: ("该补货", "to be filled up")
            case .leftOpen: ("门没关", "left open")
            case .outOfRange: ("温度不对", "too warm or too cold")
            }
        return language == .chinese ? words.0 : words.1
    }

    /// The word on the wire.
    public var name: String {
        switch self {
        case .starting: "starting"
        case .guarded: "guarded"
        case .deviceMissing: "deviceMissing"
        case .deviceFailed: "deviceFailed"
        case .notSecured: "notSecured"
        case .meterMissing: "meterMissing"
        case .noFlow: "noFlow"
        case .leaking: "leaking"
        case .supplyLow: "supplyLow"
        case .supplyEmpty: "supplyEmpty"
        case .filterDue: "filterDue"
        case .poorWater: "poorWater"
        case .byPerson: "byPerson"
        case .restockDue: "restockDue"
        case .leftOpen: "leftOpen"
        case .outOfRange: "outOfRange"
        }
    }
}
