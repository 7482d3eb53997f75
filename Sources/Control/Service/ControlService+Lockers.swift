// Lockers: from names to a box, and from boxes to records.

import EventLoop
import StationCore

extension ControlService {
    func boxQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let word = try ControlCoder.parameters(TellBox.Parameters.self, of: message)
        guard let order = BoxOrder.allCases.first(where: { $0.name == word.order }) else {
            throw .invalidParameter("order")
        }
        let services = info.station.services
        guard let service = services.firstIndex(where: { $0.name == word.service }) else {
            throw .noSuchService(service: word.service, services: services.map(\.name))
        }
        let boxes = services[service].settings.units
        guard let unit = boxes.firstIndex(of: word.box) else {
            throw .noSuchBox(box: word.box, boxes: boxes)
        }
        return .tellBox(ServiceID(service), unit, order, by: person)
    }
}

extension BoxRecord {
    /// Every box of a station, in the order of its services.
    static func all(_ snapshot: BoxesSnapshot, _ info: ServiceInfo) -> [BoxRecord] {
        zip(info.station.services, snapshot.services).flatMap { service, states in
            zip(service.settings.units, states).map { name, state in
                BoxRecord(service.name, name, state, snapshot.calendar, info)
            }
        }
    }

    private init(
        _ service: String, _ name: String, _ state: BoxState, _ calendar: Calendar,
        _ info: ServiceInfo
    ) {
        let since = calendar.isTrusted ? state.since.map { calendar.wallTime(at: $0) } : nil
        self.init(
            service: service, name: name, held: state.isHeld, since: since?.milliseconds,
            time: since.map { info.time($0.milliseconds) }, known: state.isKnown,
            blocked: state.isBlocked, free: state.isFree,
            door: state.isClosed.map { $0 ? "closed" : "open" } ?? "unknown",
            troubles: state.troubles.names)
    }
}

extension CompartmentTroubles {
    /// Words of `CompartmentStep`.
    fileprivate var names: [String] {
        let all: [(Self, CompartmentStep)] = [
            (.jammed, .jammed), (.forced, .forced), (.leftOpen, .leftOpen),
            (.itemForgotten, .itemForgotten), (.overtime, .overtime),
        ]
        return all.filter { contains($0.0) }.map(\.1.name)
    }
}
