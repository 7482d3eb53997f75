// Boxes as profiles describe them, built by hand for those who want a line and no files: a meter, a
// relay board, a lock board, an electricity meter.

public import StationCore

/// Settings of boxes, each as its profile would have it.
public enum SampleBox {
    /// A Peacefair meter: ten input registers, some of them every second.
    public static func meter(
        _ unit: Int, every milliseconds: Int = 1_000, timeout: Int = 300,
        silence: BusTiming.Silence = .fault, holes: Int = 0
    ) -> BusDeviceSettings {
        func point(
            _ name: String, _ address: Int, _ form: RegisterPlace.Form = .u16, places: Int = 0,
            kind: PointSettings.Kind = .level, unit: String = "", every: Int,
            wrap: Int64? = nil, highest: DecimalNumber? = nil
        ) -> PointSettings {
            PointSettings(
                name: name, kind: kind, unit: unit,
                source: .register(
                    at: RegisterPlace(
                        table: .input, address: address, form: form,
                        order: form == .u16 ? "AB" : "CDAB")),
                scale: DecimalNumber(mantissa: 1, places: places), places: places,
                highest: highest, everyMilliseconds: every, wrap: wrap)
        }
        return BusDeviceSettings(
            bus: 0, address: unit, language: .modbus(ModbusSettings(maximumRead: 10, holes: holes)),
            timing: BusTiming(timeoutMilliseconds: timeout, silence: silence),
            points: [
                point(
                    "voltage", 0, places: 1, unit: "V", every: milliseconds * 5,
                    highest: DecimalNumber(260)),
                point("current", 1, .u32, places: 3, unit: "A", every: milliseconds),
                point("power", 3, .u32, places: 1, unit: "W", every: milliseconds),
                point(
                    "energy", 5, .u32, kind: .total, unit: "W.h", every: milliseconds * 30,
                    wrap: 9_999_990),
                PointSettings(
                    name: "overload", kind: .state,
                    source: .register(at: RegisterPlace(table: .input, address: 9)),
                    states: ["ok", "alarm"],
                    meanings: [
                        StateMeaning(raw: 0, state: 0), StateMeaning(raw: 0xFFFF, state: 1),
                    ], everyMilliseconds: milliseconds),
            ],
            actions: [
                ActionSettings(
                    name: "reset_energy", steps: [.raw(bytes: [0x42], replyCount: 1)],
                    isIdempotent: true)
            ])
    }

    /// A relay board: coils that are read back.
    public static func relays(_ unit: Int, isIdempotent: Bool = true, every: Int = 1_000)
        -> BusDeviceSettings
    {
        func coil(_ address: Int, _ value: Int) -> ActionStep {
            .write(
                table: .coil, address: Expression(argument: "relay", plus: DecimalNumber(-1)),
                values: [Expression(plus: DecimalNumber(Int64(value)))])
        }
        return BusDeviceSettings(
            bus: 0, address: unit, language: .modbus(ModbusSettings()),
            timing: BusTiming(timeoutMilliseconds: 300),
            points: (0..<8).map { place in
                PointSettings(
                    name: "relay.\(place + 1)", kind: .state,
                    source: .register(at: RegisterPlace(table: .coil, address: place)),
                    states: ["off", "on"],
                    meanings: [StateMeaning(raw: 0, state: 0), StateMeaning(raw: 1, state: 1)],
                    everyMilliseconds: every)
            },
            actions: [
                ActionSettings(
                    name: "on",
                    arguments: [
                        ArgumentSettings(
                            name: "relay", lowest: .one, highest: DecimalNumber(8))
                    ],
                    steps: [coil(0, 0xFF00)],
                    confirmed: Condition(all: [
                        Comparison(
                            point: "relay", index: "relay", relation: .equal,
                            value: Expression(plus: .one))
                    ]), isIdempotent: isIdempotent, safety: .pull),
                ActionSettings(
                    name: "off",
                    arguments: [
                        ArgumentSettings(
                            name: "relay", lowest: .one, highest: DecimalNumber(8))
                    ],
                    steps: [coil(0, 0)],
                    confirmed: Condition(all: [
                        Comparison(
                            point: "relay", index: "relay", relation: .equal,
                            value: Expression(plus: .zero))
                    ]),
                    failed: Condition(all: [
                        Comparison(
                            point: "relay", index: "relay", relation: .equal,
                            value: Expression(plus: .one))
                    ]), isIdempotent: true),
            ])
    }

    /// A lock board of the 8A family, in its drawing: `opened` is the code of an open door.
    public static func locks(
        _ board: Int, ways: Int = 4, opened: Int64 = 0x00, every: Int = 1_000
    ) -> BusDeviceSettings {
        func frame(
            _ name: String, _ head: UInt8, _ role: FrameSettings.Role, _ last: FrameToken,
            reply: String? = nil
        ) -> FrameSettings {
            FrameSettings(
                name: name, role: role,
                tokens: [
                    .bytes(these: [head]), .field(name: "address", form: FieldForm()),
                    .field(name: "lock", form: FieldForm()), last, .check,
                ], reply: reply, withinMilliseconds: 500)
        }
        let code = FrameToken.field(name: "code", form: FieldForm())
        let lock = [FrameArgument(name: "lock", value: Expression(argument: "lock"))]
        let door = Comparison(
            point: "door", index: "lock", relation: .equal, value: Expression(plus: .zero))
        var shut = door
        shut.value = Expression(plus: .one)
        return BusDeviceSettings(
            bus: 0, address: board,
            language: .frames(
                FrameLanguageSettings(
                    check: FrameCheck(kind: .xor),
                    frames: [
                        frame(
                            "open", 0x8A, .request, .bytes(these: [0x11]), reply: "open.reply"),
                        frame("open.reply", 0x8A, .reply, code),
                        frame(
                            "query", 0x80, .request, .bytes(these: [0x33]), reply: "query.reply"),
                        frame("query.reply", 0x80, .reply, code),
                        frame("push", 0x81, .push, code),
                    ])),
            timing: BusTiming(timeoutMilliseconds: 500, gapMilliseconds: 30),
            points: (1...ways).map { way in
                PointSettings(
                    name: "door.\(way)", kind: .state,
                    source: .fields(
                        at: ["query.reply", "push", "open.reply"].map {
                            FramePlace(frame: $0, field: "code", index: way, selector: "lock")
                        }),
                    states: ["open", "closed"],
                    meanings: [StateMeaning(raw: opened, state: 0)], otherwise: 1,
                    everyMilliseconds: every)
            },
            actions: [
                ActionSettings(
                    name: "open",
                    arguments: [
                        ArgumentSettings(
                            name: "lock", lowest: .one, highest: DecimalNumber(Int64(ways)))
                    ],
                    steps: [
                        .send(frame: "open", fields: lock), .wait(milliseconds: 300),
                        .send(frame: "query", fields: lock),
                    ],
                    confirmed: Condition(all: [door]), failed: Condition(all: [shut]),
                    isIdempotent: false, selfTimedMilliseconds: 500, safety: .board)
            ])
    }

    /// An electricity meter of the Chinese standard.
    public static func electricityMeter(_ digits: Int) -> BusDeviceSettings {
        func point(
            _ name: String, _ item: MeterItem, _ unit: String, _ places: Int,
            _ kind: PointSettings.Kind = .level
        ) -> PointSettings {
            PointSettings(
                name: name, kind: kind, unit: unit, source: .item(at: item),
                scale: DecimalNumber(mantissa: 1, places: places), places: places,
                everyMilliseconds: 2_000)
        }
        return BusDeviceSettings(
            bus: 0, address: digits, language: .dlt645,
            timing: BusTiming(timeoutMilliseconds: 600, wake: [0xFE, 0xFE, 0xFE, 0xFE]),
            points: [
                point(
                    "energy", MeterItem(identifier: "00010000", bytes: 4), "kW.h", 2, .total),
                point("voltage", MeterItem(identifier: "02010100", bytes: 2), "V", 1),
            ])
    }
}
