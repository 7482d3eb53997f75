// Services and hours: from names to orders, and from snapshots to records.

import EventLoop
import StationCore

extension ControlService {
    /// - Precondition: `method` is one of a service's.
    func serviceQuery(
        _ method: MethodName, _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        switch method {
        case .pauseService:
            let pause = try ControlCoder.parameters(PauseService.Parameters.self, of: message)
            guard let reason = PauseReason.allCases.first(where: { $0.name == pause.reason })
            else { throw .invalidParameter("reason") }
            let until = pause.until.map { WallTime(milliseconds: $0) }
            return .service(
                try service(pause.service), .pause(ServicePause(reason, until: until)),
                by: person)
        case .resumeService:
            let resume = try ControlCoder.parameters(ResumeService.Parameters.self, of: message)
            return .service(try service(resume.service), .resume, by: person)
        default:
            let word = try ControlCoder.parameters(TellService.Parameters.self, of: message)
            guard let known = PartWord.allCases.first(where: { $0.name == word.word }) else {
                throw .invalidParameter("word")
            }
            let service = try service(word.service, isTold: true)
            let units = info.station.services[Int(service.index)].settings.units
            guard let name = word.place else {
                guard units.count == 1 else { throw .noSuchPlace(place: "", places: units) }
                return .service(service, .tell(known, unit: 0), by: person)
            }
            guard let unit = units.firstIndex(of: name) else {
                throw .noSuchPlace(place: name, places: units)
            }
            return .service(service, .tell(known, unit: unit), by: person)
        }
    }

    /// The service of that name; lockers' boxes are told by a method of their own.
    private func service(
        _ name: String, isTold: Bool = false
    ) throws(ControlError) -> ServiceID {
        let services = info.station.services
        let named = services.firstIndex {
            $0.name == name && !(isTold && $0.settings.isLockers)
        }
        guard let place = named else {
            throw .noSuchService(
                service: name,
                services: services.filter { !(isTold && $0.settings.isLockers) }.map(\.name))
        }
        return ServiceID(place)
    }

    func noticeQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(SetNotice.Parameters.self, of: message)
        let notice = Notice(
            chinese: wanted.zh, english: wanted.en ?? "",
            until: WallTime(milliseconds: wanted.until))
        guard let notice else {
            throw .noticeRefused(ControlReason(.noticeText, Notice.limit))
        }
        return .notice(notice, by: person)
    }

    func hoursQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let wanted = try ControlCoder.parameters(ChangeHours.Parameters.self, of: message)
        let sets = info.station.hours.map(\.name)
        var places = Array(sets.indices)
        if let name = wanted.hours { places = places.filter { sets[$0] == name } }
        guard !places.isEmpty else { throw .noSuchHours(hours: wanted.hours ?? "", sets: sets) }
        return .changeHours(places, try Self.word(wanted), by: person)
    }

    private static func word(
        _ wanted: ChangeHours.Parameters
    ) throws(ControlError) -> HoursWord {
        func until() throws(ControlError) -> WallTime {
            guard let until = wanted.until else { throw .invalidParameter("until") }
            return WallTime(milliseconds: until)
        }
        switch ChangeHours.Word(rawValue: wanted.word) {
        case .open: return .open(until: try until())
        case .severeWeather: return .severeWeather(until: try until())
        case .closed: return .closed
        case .planned: return .planned
        case .today:
            guard let text = wanted.open, let hours = try? DayHours(text: text) else {
                throw .invalidParameter("open")
            }
            return .today(hours)
        case nil: throw .invalidParameter("word")
        }
    }
}

extension ServiceSettings {
    fileprivate var isLockers: Bool {
        if case .lockers = self { true } else { false }
    }
}

extension ServiceRecord {
    /// Every service of a station, in its order, in pieces that fit into messages.
    static func all(_ snapshot: ServicesSnapshot, _ info: ServiceInfo) -> [ServiceRecord] {
        zip(info.station.services, snapshot.services).flatMap { service, state in
            ServiceRecord(service, state, info).split(ControlLimits.parts)
        }
    }

    private init(
        _ service: ResolvedService, _ state: ServicesSnapshot.Service, _ info: ServiceInfo
    ) {
        let hours = service.hours.flatMap { place in
            info.station.hours.indices.contains(place) ? info.station.hours[place].name : nil
        }
        self.init(
            name: service.name, kind: service.settings.kind,
            label: TextRecord(
                zh: service.labelChinese, en: service.labelEnglish, orBoth: service.name),
            availability: state.availability.name, paused: state.pause != nil, hours: hours,
            free: state.parts.count(where: \.isFree), all: state.parts.count,
            parts: zip(service.settings.units, state.parts).map { PartRecord($0, $1) })
        switch state.availability {
        case .open: break
        case .degraded(let why), .outOfOrder(let why): reason = why.name
        case .closed(let until):
            reason = state.pause?.reason.name
            self.until = until?.milliseconds
            time = until.map { info.time($0.milliseconds) }
        }
    }
}

extension PartRecord {
    fileprivate init(_ name: String, _ state: PartState) {
        self.init(
            name: name, state: "working", inUse: state.isInUse,
            faults: state.faults.map(\.name))
        switch state.condition {
        case .working: break
        case .degraded(let why): (self.state, reason) = ("degraded", why.name)
        case .outOfOrder(let why): (self.state, reason) = ("outOfOrder", why.name)
        }
    }
}

extension HoursRecord {
    /// Every set of hours of a station, in its order.
    static func all(_ snapshot: ServicesSnapshot, _ info: ServiceInfo) -> [HoursRecord] {
        zip(info.station.hours, snapshot.hours).map { set, state in
            let until = state.answer.until
            return HoursRecord(
                name: set.name,
                label: TextRecord(zh: set.labelChinese, en: set.labelEnglish, orBoth: set.name),
                open: state.answer.isOpen, cause: state.answer.cause.name,
                until: until?.milliseconds, time: until.map { info.time($0.milliseconds) },
                days: state.days.map { HoursDayRecord(date: "\($0.date)", open: "\($0.hours)") })
        }
    }
}

extension HoursAnswer.Cause {
    fileprivate var name: String {
        switch self {
        case .written(.week): "week"
        case .written(.season): "season"
        case .written(.holiday): "holiday"
        case .written(.workedDay): "workedDay"
        case .written(.date): "date"
        case .today: "today"
        case .severeWeather: "severeWeather"
        case .clockUnknown: "clockUnknown"
        }
    }
}
