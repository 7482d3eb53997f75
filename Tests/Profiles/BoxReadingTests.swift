// A box's profile becomes settings, name by name.

import StationCore
import Testing

@testable import Profiles

@Suite struct `A box's profile` {
    private func settings(_ id: String) throws -> BusDeviceSettings {
        let (profile, errors) = readProfile(try profileText(id), id: id)
        #expect(errors == [])
        guard case .busDevice(let settings) = try #require(profile).driver else {
            throw WrongDriver()
        }
        return settings
    }

    private struct WrongDriver: Error {}

    @Test func `of a lock board has a point for each lock, read from any of three frames`() throws {
        let board = try settings("lockboard-8a")
        #expect(board.points.map(\.name) == (1...12).map { "door.\($0)" })
        let third = board.points[2]
        #expect(third.kind == .state && third.states == ["open", "closed"])
        #expect(third.meanings == [StateMeaning(raw: 0, state: 0)] && third.otherwise == 1)
        #expect(
            third.source
                == .fields(
                    at: ["query.reply", "change", "open.reply"].map {
                        FramePlace(frame: $0, field: "code", index: 3, selector: "lock")
                    }))
        #expect(third.everyMilliseconds == 1_000)
    }

    @Test func `of a lock board draws its frames`() throws {
        guard case .frames(let language) = try settings("lockboard-8a").language else {
            throw WrongDriver()
        }
        #expect(language.check == FrameCheck(kind: .xor))
        #expect(
            language.frames.map(\.name) == [
                "open", "open.reply", "query", "query.reply", "change",
            ])
        #expect(
            language.frames[0].tokens == [
                .bytes(these: [0x8A]), .field(name: "address", form: FieldForm()),
                .field(name: "lock", form: FieldForm()), .bytes(these: [0x11]), .check,
            ])
        #expect(language.frames[0].reply == "open.reply" && language.frames[4].role == .push)
    }

    @Test func `of a lock board opens one lock, and says when it did not`() throws {
        let action = try #require(try settings("lockboard-8a").actions.first)
        #expect(
            action.arguments == [
                ArgumentSettings(name: "lock", lowest: DecimalNumber(1), highest: DecimalNumber(12))
            ])
        #expect(
            action.steps == [
                .send(
                    frame: "open",
                    fields: [FrameArgument(name: "lock", value: Expression(argument: "lock"))]),
                .wait(milliseconds: 300), .read(points: ["door.lock"]),
            ])
        #expect(
            action.confirmed
                == Condition(all: [
                    Comparison(
                        point: "door", index: "lock", relation: .equal,
                        value: Expression(plus: .zero))
                ]))
        #expect(!action.isIdempotent && action.safety == .board)
        #expect(action.selfTimedMilliseconds == 500)
    }

    @Test func `of a meter has registers in the order of the wire, exact in its scales`() throws {
        let meter = try settings("pzem-004t-v3")
        let power = try #require(meter.points.first { $0.name == "power" })
        #expect(
            power.source
                == .register(
                    at: RegisterPlace(table: .input, address: 3, form: .u32, order: "CDAB")))
        #expect(power.scale == DecimalNumber("0.1") && power.places == 1)
        #expect(power.highest == DecimalNumber(23_000) && power.lowest == .zero)
        #expect(
            power.report == ReportSettings(change: DecimalNumber(5), maximumMilliseconds: 60_000))
        let energy = try #require(meter.points.first { $0.kind == .total })
        #expect(energy.wrap == 9_999_990 && energy.places == 0)
        #expect(meter.timing.silence == .mainsOff && meter.timing.timeoutMilliseconds == 300)
        #expect(meter.language == .modbus(ModbusSettings(maximumRead: 10)))
        #expect(meter.actions[0].steps == [.raw(bytes: [0x42], replyCount: 1)])
    }

    @Test func `of a grid's meter reads items and wakes it`() throws {
        let meter = try settings("dlt645-single-phase")
        #expect(meter.timing.wake == [0xFE, 0xFE, 0xFE, 0xFE])
        #expect(
            meter.points.map(\.source).prefix(2) == [
                .item(at: MeterItem(identifier: "00010000", bytes: 4)),
                .item(at: MeterItem(identifier: "02010100", bytes: 2)),
            ])
    }
}

@Suite struct `A counted guard` {
    @Test func `is one for each number, which its steps are told`() throws {
        let (profile, errors) = readProfile(try profileText("juy-q800m"), id: "juy-q800m")
        #expect(errors == [])
        guard case .busDevice(let board)? = profile?.driver else {
            Issue.record("a charging board is a box")
            return
        }
        let counted = { (name: String) in (1...10).map { "\(name)_\($0)" } }
        let levels = ["warm", "too_hot", "warming", "burning"].flatMap(counted)
        #expect(
            board.guards.map(\.name)
                == levels + ["board_hot"] + ["relay_stuck", "unwatched"].flatMap(counted))
        let third = board.guards[12]
        #expect(
            third.when
                == Condition(all: [
                    Comparison(
                        point: "heat.3", relation: .atLeast,
                        value: Expression(plus: DecimalNumber(55)))
                ]))
        #expect(
            third.orders == [
                DeviceOrder(
                    action: "stop", arguments: [ArgumentValue("port", DecimalNumber(3))])
            ])
        #expect(third.isLatching && third.forMilliseconds == 0 && !third.asksOuter)
        let rise = board.guards[22].when.all[1]
        #expect(rise.riseMilliseconds == 60_000 && rise.value.plus == DecimalNumber(5))
        #expect(board.guards[32].orders.count == 1 && board.guards[32].asksOuter)
        #expect(board.guards[42].orders.isEmpty && board.guards[42].asksOuter)
    }

    @Test func `with a mistake is told once`() throws {
        let text = try profileText("juy-q800m").replacing("heat.n >= 60", with: "heet.n >= 60")
        let errors = readProfile(text, id: "juy-q800m").errors
        #expect(errors.count == 1 && errors[0].contains("There is no point `heet.n`."))
    }
}

@Suite struct `What a profile forbids` {
    /// PZEM's register 2 is its address on the line.
    @Test func `is forbidden to those that extend it, whatever they forbid themselves`() throws {
        let text =
            try profileText("pzem-016") + """
                forbid: ["raw:40"]
                actions:
                  move:
                    args: {to: {range: [1, 247]}}
                    do: [{write: {at: "hold:2", value: to}}]
                    idempotent: true

                """
        let errors = readProfile(text, id: "pzem-016").errors
        #expect(errors.contains { $0.contains("`write:hold:2` is in this profile's `forbid`.") })
    }
}
