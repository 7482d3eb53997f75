// What people decide over services and hours, on its way through the core, and how both stand.

public import Control
public import EventLoop
public import StationCore

extension Backstage {
    func tell(
        _ word: ServicesSnapshot.Word, _ service: ServiceID, by person: CrewMember,
        station: inout Station, at now: Instant
    ) -> CoreAnswer {
        let refusal: DecisionRefusal?
        switch word {
        case .tell(let word, let unit):
            // Names were looked up in this station's own file.
            let refusal = station.told(word, of: unit, in: service, by: person, at: now)
            return refusal.map { .refused(Self.error(of: $0, unit)) } ?? .done
        case .pause(let pause):
            refusal = station.paused(service, pause, by: .crew, person: person, at: now)
        case .resume:
            refusal = station.resumed(service, by: .crew, person: person, at: now)
        }
        return refusal.map { .refused(.serviceRefused(Self.reason(of: $0))) } ?? .done
    }

    func change(
        _ places: [Int], _ word: HoursWord, by person: CrewMember, station: inout Station,
        at now: Instant
    ) -> CoreAnswer {
        let refusal = station.told(word, of: places, by: .crew, person: person, at: now)
        return refusal.map { .refused(.hoursRefused(Self.reason(of: $0))) } ?? .done
    }

    func tell(
        _ notice: Notice?, by person: CrewMember, station: inout Station, at now: Instant
    ) -> CoreAnswer {
        guard let notice else {
            return station.clearNotice(by: .crew, person: person, at: now)
                ? .done : .refused(.noticeRefused(ControlReason(.noNotice)))
        }
        let refusal = station.told(notice, by: .crew, person: person, at: now)
        return refusal.map { .refused(.noticeRefused(Self.reason(of: $0))) } ?? .done
    }

    private static func error(of refusal: PartWordRefusal, _ unit: Int) -> ControlError {
        switch refusal {
        case .noSuchPart: .noSuchPlace(place: "\(unit)", places: [])
        case .unknownWord(let known):
            .serviceRefused(
                ControlReason(.unknownWord, known.map(\.name).joined(separator: ", ")))
        case .starting: .serviceRefused(ControlReason(.starting))
        }
    }

    private static func reason(of refusal: DecisionRefusal) -> ControlReason {
        switch refusal {
        case .noSuchService, .noSuchHours: ControlReason(.noSuchPlace)
        case .clockUnknown: ControlReason(.clockUnset)
        case .past: ControlReason(.past)
        case .tooFar: ControlReason(.tooFar)
        case .tooManyStretches: ControlReason(.tooManyStretches, DayStretches.limit)
        case .notPaused: ControlReason(.notPaused)
        }
    }
}

extension ServicesSnapshot {
    /// How many days of hours are told.
    private static let days = 7

    /// A station's services and hours as they are now.
    public init(of station: borrowing Station, at now: Instant) {
        var services: [Service] = []
        for place in station.resolved.services.indices {
            services.append(
                Service(
                    availability: station.availability(of: place),
                    pause: station.pause(of: place), parts: station.partStates(of: place)))
        }
        let calendar = station.currentCalendar
        let seconds = calendar.wallTime(at: now).seconds + Int64(calendar.utcOffset)
        let today = CivilDate(localSeconds: seconds)
        var hours: [Hours] = []
        for place in station.resolved.hours.indices {
            var days: [(date: CivilDate, hours: DayHours)] = []
            for ahead in 0..<(calendar.isTrusted ? Self.days : 0) {
                let date = today.adding(days: ahead)
                days.append((date, station.schedules.hours(of: place, on: date)))
            }
            hours.append(Hours(answer: station.schedules[place], days: days))
        }
        self.init(services: services, hours: hours)
    }
}
