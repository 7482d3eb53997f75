// What a person tells a box, and the guards that a person resets: from names to an order.

import EventLoop
import StationCore

extension ControlService {
    /// No action waits longer than this for a connection: what becomes of it is in the journal.
    static var longestAction: Interval { .seconds(120) }
    /// A box that sleeps, or says that it is busy, and a look at what came of it.
    private static var usualAction: Interval { .seconds(15) }

    /// The order, and how long its outcome may take.
    func actionQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> (query: CoreQuery, patience: Interval) {
        let order = try ControlCoder.parameters(PerformAction.Parameters.self, of: message)
        let device = try device(order.device)
        let actions = info.station.devices[Int(device.index)].driver.actions
        guard let place = actions.firstIndex(where: { $0.name == order.action }) else {
            throw .noSuchAction(action: order.action, actions: actions.map(Self.signature))
        }
        let action = actions[place]
        let given = order.arguments ?? [:]
        var values: [ArgumentValue] = []
        for argument in action.arguments {
            guard let text = given[argument.name], let value = DecimalNumber(text),
                argument.allows(value)
            else { throw .actionRefused(ControlReason(.badArgument, Self.text(argument))) }
            values.append(ArgumentValue(argument.name, value))
        }
        guard given.count == values.count else {
            throw .actionRefused(ControlReason(.badArgument, Self.signature(action)))
        }
        let waits = Interval.milliseconds(action.longestWait(among: actions))
        let patience = min(Self.longestAction, orderPatience + Self.usualAction + waits)
        return (.act(device, place, values, by: person), patience)
    }

    func guardQuery(
        _ message: [UInt8], by person: CrewMember
    ) throws(ControlError) -> CoreQuery {
        let order = try ControlCoder.parameters(ResetGuard.Parameters.self, of: message)
        let device = try device(order.device)
        let guards = info.station.devices[Int(device.index)].driver.guards
        guard let place = guards.firstIndex(where: { $0.name == order.guard }) else {
            throw .noSuchGuard(guard: order.guard, guards: guards.map(\.name))
        }
        return .resetGuard(device, place, isBlind: order.blind == true, by: person)
    }

    /// The device of that name, among those that can be told something.
    private func device(_ name: String) throws(ControlError) -> DeviceID {
        let devices = info.station.devices
        guard let place = devices.firstIndex(where: { $0.name == name }) else {
            throw .noSuchDevice(
                device: name,
                devices: devices.filter { !$0.driver.actions.isEmpty }.map(\.name))
        }
        return DeviceID(place)
    }

    /// `switch_on relay=1...8`
    private static func signature(_ action: ActionSettings) -> String {
        ([action.name] + action.arguments.map(text)).joined(separator: " ")
    }

    private static func text(_ argument: ArgumentSettings) -> String {
        "\(argument.name)=\(argument.lowest)...\(argument.highest)"
    }
}
