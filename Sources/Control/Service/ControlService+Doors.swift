// What a person tells a door: from names to a command, with who gave it.

import EventLoop
import StationCore

extension ControlService {
    func doorQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let order = try ControlCoder.parameters(CommandDoor.Parameters.self, of: message)
        guard let place = info.station.doors.firstIndex(where: { $0.name == order.door }) else {
            throw .noSuchDoor(door: order.door, doors: info.station.doors.map(\.name))
        }
        guard let command = DoorCommand.allCases.first(where: { $0.name == order.command }) else {
            throw .invalidParameter("command")
        }
        return .door(DoorID(place), command, by: person)
    }

    /// An order that frees a lock waits for its entry, at a strict station so long as a grant does.
    var orderPatience: Interval {
        let lapse = Interval.milliseconds(Int64(info.station.journal.lapseMilliseconds))
        switch info.station.journal.commitWait {
        case .bounded: return ControlLimits.answer
        case .strict: return ControlLimits.answer + lapse
        }
    }

    /// Who calls, as entries name them.
    func person(_ slot: Int) -> CrewMember {
        let peer = connections[slot]?.peer
        return CrewMember(user: peer?.user ?? .max, name: peer?.name ?? "")
    }
}
