// What a person tells a door: from names to a command.

import StationCore

extension ControlService {
    func doorQuery(_ message: [UInt8]) throws(ControlError) -> CoreQuery {
        let order = try ControlCoder.parameters(CommandDoor.Parameters.self, of: message)
        guard let place = info.station.doors.firstIndex(where: { $0.name == order.door }) else {
            throw .noSuchDoor(door: order.door, doors: info.station.doors.map(\.name))
        }
        guard let command = DoorCommand.allCases.first(where: { $0.name == order.command }) else {
            throw .invalidParameter("command")
        }
        return .door(DoorID(place), command)
    }
}
