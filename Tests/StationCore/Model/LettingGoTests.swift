// What lets go of an output, and what is about something else.

import StationCore
import Testing

/// A relay board: kept on by pulses, let go of one by one or all at once.
private enum Board {
    private static func relay(_ state: Int64) -> Condition {
        Condition(all: [
            Comparison(
                point: "relay", index: "relay", relation: .equal,
                value: Expression(plus: DecimalNumber(state)))
        ])
    }

    private static func write(
        _ table: RegisterPlace.Table, _ address: Expression, _ value: Int64
    ) -> ActionStep {
        .write(
            table: table, address: address, values: [Expression(plus: DecimalNumber(value))])
    }

    private static func number(_ value: Int64) -> Expression {
        Expression(plus: DecimalNumber(value))
    }

    private static let arguments = [
        ArgumentSettings(name: "relay", lowest: .one, highest: DecimalNumber(8))
    ]

    static let actions = [
        ActionSettings(
            name: "keep_on", arguments: arguments,
            steps: [write(.coil, Expression(argument: "relay", plus: DecimalNumber(0x1FF)), 100)],
            confirmed: relay(1), failed: relay(0), isIdempotent: true,
            selfTimedMilliseconds: 10_000, renewedUntil: "off", safety: .board),
        ActionSettings(
            name: "off", arguments: arguments,
            steps: [write(.coil, Expression(argument: "relay", plus: DecimalNumber(-1)), 0)],
            isIdempotent: true),
        // The same coils, by another name.
        ActionSettings(
            name: "release", arguments: arguments,
            steps: [.perform(action: "off", arguments: [])], isIdempotent: true),
        ActionSettings(
            name: "night", steps: [.raw(bytes: [0x41, 0], replyCount: 1)],
            confirmed: Condition(all: [
                Comparison(point: "relay.3", relation: .equal, value: number(0))
            ]), isIdempotent: true),
        ActionSettings(
            name: "all_off", steps: [write(.coil, number(0xFF), 0)], isIdempotent: true),
        ActionSettings(
            name: "set_address", steps: [write(.holding, number(0x4000), 2)],
            isIdempotent: true),
        ActionSettings(
            name: "reset_energy", steps: [.raw(bytes: [0x42], replyCount: 1)],
            confirmed: Condition(all: [
                Comparison(point: "energy", relation: .less, value: number(1))
            ]), isIdempotent: true),
        ActionSettings(
            name: "on", arguments: arguments,
            steps: [write(.coil, Expression(argument: "relay", plus: DecimalNumber(-1)), 0xFF00)],
            confirmed: relay(1), isIdempotent: true, safety: LockSettings.Safety.none),
        ActionSettings(name: "look", steps: [.read(points: ["relay.1"])], isIdempotent: true),
    ]

    /// Whether an order may let go of relay 3.
    static func mayLetGo(_ name: String, _ relay: Int64 = 3) -> Bool? {
        let three = [ArgumentValue("relay", DecimalNumber(3))]
        guard let action = actions.first(where: { $0.name == name }) else { return nil }
        let values =
            action.arguments.isEmpty ? [] : [ArgumentValue("relay", DecimalNumber(relay))]
        return action.mayLetGo(values, of: actions[0], three, among: actions)
    }
}

@Suite struct `An order about an output that another one made active` {
    @Test(arguments: ["off", "release", "night"])
    func `may let go of it when it is named so, writes the same place or shows the opposite`(
        name: String
    ) {
        #expect(Board.mayLetGo(name) == true)
    }

    @Test(arguments: ["off", "release"])
    func `has nothing to do with it when it is for another one`(name: String) {
        #expect(Board.mayLetGo(name, 4) == false)
    }

    @Test(arguments: ["set_address", "reset_energy", "on", "look"])
    func `has nothing to do with it when it is about something else, or activates`(
        name: String
    ) {
        #expect(Board.mayLetGo(name) == false)
    }

    @Test func `may let go of it when nothing tells`() {
        #expect(Board.mayLetGo("all_off") == true)
    }

    /// On the board's lines each line is known.
    @Test func `is about the lines that it sets`() {
        func action(_ name: String, _ terminal: Int, _ isActive: Bool) -> ActionSettings {
            ActionSettings(
                name: name, steps: [.set(terminal: terminal, isActive: isActive)],
                isIdempotent: true)
        }
        let actions = [action("on", 0, true), action("off", 0, false), action("dark", 1, false)]
        #expect(actions[1].mayLetGo([], of: actions[0], [], among: actions))
        #expect(!actions[2].mayLetGo([], of: actions[0], [], among: actions))
    }
}
